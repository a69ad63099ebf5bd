import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { startHubSpotSandbox, type HubSpotSandbox } from '../../connectors/hubspot/sandbox/index.ts';
import { openDatabase } from '../../src/store/database.ts';
import { makeKey } from '../../src/store/sealed.ts';
import { customerPortal } from '../support/customer-portal.ts';
import { makeReadyDataFolder } from '../support/ready-data-folder.ts';
import { runHoldfast } from '../support/run-holdfast.ts';
import { sendAtRate, serveHoldfast, toDelivery, type Delivery } from '../support/served-holdfast.ts';

const PORTAL = 4_711;
const TOKEN = 'token-of-a-private-app';
const PATIENCE = { timeout: 120_000, interval: 200 };

let sandbox: HubSpotSandbox;
let folder: Awaited<ReturnType<typeof makeReadyDataFolder>>;
let env: Record<string, string>;
beforeAll(async () => {
  const companies = [{ id: '1', name: 'Acme', renewalOn: '2027-04-10', arr: 50_000, csmId: '13' }];
  sandbox = await startHubSpotSandbox({
    seed: customerPortal(PORTAL, Date.now(), companies),
    limits: null,
    staticTokens: [TOKEN],
  });
  folder = await makeReadyDataFolder();
  env = {
    HOLDFAST_DATA_DIR: folder.path,
    HOLDFAST_SECRET_KEY: makeKey(),
    HOLDFAST_LOG_LEVEL: 'silent',
    HUBSPOT_API_URL: sandbox.url,
    HUBSPOT_ACCESS_TOKEN: TOKEN,
  };
  expect((await runHoldfast(['connect', 'hubspot', '--json'], env)).code).toBe(0);
  expect((await runHoldfast(['sync', '--json'], env)).code).toBe(0);
});
afterAll(async () => {
  await sandbox.close();
  await folder.remove();
});

/** Contacts that wait to be looked at. */
async function waiting(): Promise<ReadonlySet<string>> {
  const database = await openDatabase({ databaseUrl: null, dataDir: folder.path });
  try {
    const { rows } = await database.executeSql('select crm_id from holdfast.noticed_record');
    return new Set(rows.map((row) => String((row as Record<string, unknown>)['crm_id'])));
  } finally {
    await database.close();
  }
}

it('of what was answered before a kill nothing is lost, and the next start follows it', async () => {
  const deliveries = Array.from({ length: 60 }, (_, index) =>
    toDelivery(
      String(PORTAL),
      'contacts',
      Array.from({ length: 10 }, (__, at) => String(5_000 + index * 10 + at)),
      Date.now(),
    ),
  );
  const taken = new Set<Delivery>();
  const first = await serveHoldfast('web', env);
  const killed: Promise<void>[] = [];
  await sendAtRate(first, deliveries, 100, ({ status }, delivery) => {
    if (status === 204) taken.add(delivery);
    if (taken.size >= 10 && killed.length === 0) killed.push(first.kill());
  });
  await Promise.all(killed);
  expect(taken.size).toBeGreaterThanOrEqual(10);
  expect(taken.size, 'it was killed in the middle').toBeLessThan(deliveries.length);
  const kept = await waiting();
  expect([...taken].flatMap(({ ids }) => ids).filter((id) => !kept.has(id))).toEqual([]);

  sandbox.portal.edit('companies', '1', { name: 'Acme Group' });
  const second = await serveHoldfast('all', env);
  try {
    const rest = [
      ...deliveries.filter((delivery) => !taken.has(delivery)),
      toDelivery(String(PORTAL), 'companies', ['1'], Date.now()),
    ];
    const answers = await sendAtRate(second, rest, 100);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([204]));
    const looked = () => sandbox.calls.perPurpose['batch read companies'] ?? 0;
    await vi.waitFor(() => expect(looked()).toBeGreaterThan(0), PATIENCE);
    await vi.waitFor(async () => expect(await waiting()).toEqual(new Set()), PATIENCE);
  } finally {
    await second.stop();
  }
});
