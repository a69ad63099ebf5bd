import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startHubSpotSandbox, type HubSpotSandbox } from '../../connectors/hubspot/sandbox/index.ts';
import { makeKey } from '../../src/store/sealed.ts';
import { customerPortal } from '../support/customer-portal.ts';
import { makeDataFolder } from '../support/databases.ts';
import { makeReadyDatabase, type ReadyDatabase } from '../support/ready-database.ts';
import { runHoldfast, type Environment, type Finished } from '../support/run-holdfast.ts';

const TOKEN = 'pat-eu1-the-token-of-a-private-app';

let database: ReadyDatabase;
let folder: Awaited<ReturnType<typeof makeDataFolder>>;
let sandbox: HubSpotSandbox;
let env: Environment;
beforeAll(async () => {
  database = await makeReadyDatabase();
  folder = await makeDataFolder();
  sandbox = await startHubSpotSandbox({
    seed: customerPortal(4711, Date.now(), [
      { id: '1', name: 'Acme', arr: 50_000, csmId: '13' },
      { id: '2', name: 'Bolt', arr: 20_000, csmId: '14' },
    ]),
    limits: null,
    staticTokens: [TOKEN],
  });
  env = {
    DATABASE_URL: database.url,
    HOLDFAST_SECRET_KEY: makeKey(),
    HUBSPOT_API_URL: sandbox.url,
    HUBSPOT_ACCESS_TOKEN: TOKEN,
  };
  for (const args of [['connect', 'hubspot'], ['sync']]) {
    const finished = await runHoldfast(args, env);
    if (finished.code !== 0) throw new Error(finished.stderr);
  }
});
afterAll(async () => {
  await sandbox.close();
  await database.remove();
  await folder.remove();
});

const config = async (...args: readonly string[]): Promise<Finished> => {
  const finished = await runHoldfast(['config', ...args], env);
  expect(finished.code, finished.stderr).toBe(0);
  return finished;
};

const refused = async (...args: readonly string[]): Promise<string> => {
  const finished = await runHoldfast(['config', ...args, '--json'], env);
  expect(finished.code).toBe(1);
  expect(finished.stderr).not.toMatch(/\n\s+at /);
  expect(finished.json).toMatchObject({ error: { code: expect.any(String) as string } });
  return finished.stderr;
};

// One story from the first command to the last; each step begins where the one before ended.
describe('holdfast config', () => {
  it('shows the defaults, and what stands at a path', async () => {
    expect((await config('show')).stdout).toBe('default 1 is in force.\nEverything is as by default.\n');
    expect((await config('show', '--path', 'health.bands.green', '--json')).json).toMatchObject({ value: 75 });
    expect(await refused('show', '--path', 'health.band')).toContain("Did you mean 'bands'?");
    expect((await config('versions')).stdout).toBe('There is no version of your own: the defaults are in force.\n');
    expect((await config('--help')).stdout).toContain('holdfast config draft --set health.bands.green=80');
  });

  it('makes a draft from settings and from a file, and names everything that is wrong with one', async () => {
    const draft = await config('draft', '--set', 'health.bands.green=80', '--note', 'Fewer greens', '--json');
    expect(draft.json).toMatchObject({
      draft: 1,
      changes: [{ path: 'health.bands.green', before: 75, after: 80 }],
    });
    const title = 'plays.redRescue.tasks[0].title=Ring {account}, = today';
    expect((await config('draft', '--set', title, '--unset', 'health.bands.green')).stdout).toMatch(
      /^Draft 1 holds together\.\npath +default +here\nplays\.redRescue\.tasks/,
    );
    const file = join(folder.path, 'changes.json');
    await writeFile(file, JSON.stringify({ health: { bands: { yellow: 90 } }, rates: { perUnit: { EURO: 1 } } }));
    const why = await refused('draft', '--file', file);
    expect(why).toContain('health.bands.yellow: Yellow begins at 90, and green at 75');
    expect(why).toContain("rates.perUnit.EURO: There is no currency 'EURO'. Did you mean 'EUR'?");
    await writeFile(file, '[1]');
    expect(await refused('draft', '--file', file)).toContain('holds no object');
    await writeFile(file, JSON.stringify({ health: { bands: { green: 80 } } }));
    expect((await config('draft', '--file', file, '--json')).json).toMatchObject({
      changes: [{ path: 'health.bands.green' }],
    });
    expect(await refused('draft', '--set', 'health.bands.green')).toContain('does not set anything');
  });

  it('previews it, with progress on stderr, and publishes what was seen', async () => {
    expect(await refused('publish')).toContain('holdfast config preview');
    const preview = await config('preview', '--json');
    expect(preview.json).toMatchObject({ from: 'default 1', to: 'version 1', accounts: 2, bands: [], who: [] });
    expect(preview.stderr).toContain('assess: accounts');
    expect((await config('publish', '--json')).json).toMatchObject({ version: 1 });
    expect((await config('show')).stdout).toMatch(
      /^version 1 is in force\.\npath +default +here\nhealth\.bands\.green +75 +80\n$/,
    );
  });

  it('lists versions, rolls back, and discards a draft', async () => {
    expect((await config('rollback', '0', '--json')).json).toMatchObject({ version: 2, content: 0 });
    const listed = (await config('versions')).stdout.split('\n').map((line) => line.trim().replaceAll(/ {2,}/g, ' | '));
    expect(listed[1]).toMatch(/^2 \| published \|.*Back to the defaults$/);
    expect(listed[2]).toMatch(/^1 \| retired \|.*health\.bands\.green \| 0 of 2 change band \| Fewer greens$/);
    expect(await refused('rollback', '7')).toContain('There is no version 7.');
    await config('draft', '--set', 'health.prior=60');
    await config('discard');
    expect(await refused('discard')).toContain('There is no draft');
  });

  it('computes a score once more, and it is the same', async () => {
    const finished = await runHoldfast(['score', 'hubspot-4711', 'Acme', '--recompute'], env);
    expect(finished.code, finished.stderr).toBe(0);
    expect(finished.stdout).toMatch(/^Acme \(1\), as it was scored at .* by HF-Health v1 \/ default 1: /);
    expect(finished.stdout).toContain('Computed once more from the same records, every figure and word is the same.');
  });
});
