import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startHubSpotSandbox, type HubSpotSandbox } from '../../connectors/hubspot/sandbox/index.ts';
import { dayText } from '../../src/core/measures/wording.ts';
import { addDays, addMonths, dayOf } from '../../src/core/model/calendar-date.ts';
import { makeKey } from '../../src/store/sealed.ts';
import { customerPortal } from '../support/customer-portal.ts';
import { makeReadyDataFolder } from '../support/ready-data-folder.ts';
import { runHoldfast, type Environment, type Finished } from '../support/run-holdfast.ts';

const TOKEN = 'pat-eu1-the-token-of-a-private-app';

let folder: Awaited<ReturnType<typeof makeReadyDataFolder>>;
let sandbox: HubSpotSandbox;
let env: Environment;
beforeAll(async () => {
  folder = await makeReadyDataFolder();
  sandbox = await startHubSpotSandbox({
    seed: customerPortal(4712, Date.now(), [{ id: '1', name: 'Acme', arr: 50_000 }]),
    limits: null,
    staticTokens: [TOKEN],
  });
  env = {
    HOLDFAST_DATA_DIR: folder.path,
    HOLDFAST_SECRET_KEY: makeKey(),
    HUBSPOT_API_URL: sandbox.url,
    HUBSPOT_ACCESS_TOKEN: TOKEN,
  };
  await holdfast('connect', 'hubspot');
});
afterAll(async () => {
  await sandbox.close();
  await folder.remove();
});

const holdfast = async (...args: readonly string[]): Promise<Finished> => {
  const finished = await runHoldfast(args, env);
  if (finished.code !== 0) throw new Error(finished.stderr);
  return finished;
};

describe('holdfast import --every', () => {
  it('says when the next file is expected and from when on the old one is stale, and remembers how often they come', async () => {
    const file = join(folder.path, 'invoices.csv');
    await writeFile(file, 'account,id,amount,currency,due,paid\n1,INV-1,1200,EUR,2026-02-10,2026-02-09\n');
    const today = dayOf(new Date().toISOString(), 'Europe/Berlin');
    const dueOn = addMonths(today, 1);
    const staleOn = addDays(dueOn, 2);

    const dry = await holdfast('import', 'invoices', file, '--every', 'month', '--dry-run');
    expect(dry.stdout).toContain('Nothing was stored.');
    const daily = await holdfast('import', 'invoices', file, '--json');
    expect(daily.json).toMatchObject({ every: 'day', nextFileOn: addDays(today, 1), staleOn: addDays(today, 3) });
    const monthly = await holdfast('import', 'invoices', file, '--every', 'month');
    expect(monthly.stdout).toContain(
      `Next file expected by ${dayText(dueOn, today)}; invoices count as stale from ${dayText(staleOn, today)} on.`,
    );
    const again = await holdfast('import', 'invoices', file, '--json');
    expect(again.json).toMatchObject({ rows: 1, every: 'month', nextFileOn: dueOn, staleOn });

    const doctor = await runHoldfast(['doctor'], env);
    expect(doctor.stdout).toMatch(
      new RegExp(
        `invoices: known up to .* by monthly files; next file expected by ${dayText(dueOn, today)}; ` +
          `stale from ${dayText(staleOn, today)} on`,
      ),
    );
  });

  it('knows a rhythm by its name, and explains what it is for', async () => {
    const yearly = await runHoldfast(['import', 'usage', 'usage.csv', '--every', 'year'], env);
    expect(yearly.code).toBe(1);
    expect(yearly.stderr).toContain('day, week, month, quarter');
    expect((await holdfast('import', '--help')).stdout).toContain('With --every what');
  });
});
