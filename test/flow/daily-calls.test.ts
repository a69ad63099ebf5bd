import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createHash } from 'node:crypto';
import { Secret } from '../../connectors/contract/auth.ts';
import { syncInWords } from '../../src/cli/words.ts';
import { readDailyCalls } from '../../src/flow/daily-calls.ts';
import { startWorker } from '../../src/jobs/worker.ts';
import { readInstallations } from '../../src/queries/installations.ts';
import { examine } from '../../src/queries/doctor.ts';
import { connectOrg, orgSignal } from '../support/customer-org.ts';

const DAY_MS = 86_400_000;

describe('the calls that an org allows its apps in a day', () => {
  it('are asked for before a long run, and told with every run, in the list and by the doctor', async () => {
    const customer = await connectOrg({ dailyApiCalls: 15_000 });
    customer.sandbox.calls.useByOthers(1_000);
    const before = customer.sandbox.calls.apiUsed;
    customer.sandbox.calls.reset();
    const result = await customer.sync();
    expect(customer.sandbox.calls.perPurpose['limits']).toBe(1);
    expect(customer.sandbox.calls.recent[0]?.purpose).toBe('limits');
    // Some calls, as for the list of versions, count for Holdfast and not for the org.
    const { total, counted, apiUsed } = customer.sandbox.calls;
    expect(result.daily).toMatchObject({ max: 15_000, share: 1_500, ours: total, all: apiUsed });
    expect(result.daily?.all).toBe(before + counted);
    const words = `Holdfast ${total} of its 1,500, all apps ${apiUsed.toLocaleString('en-US')} of 15,000`;
    expect(syncInWords(result)).toContain(words);

    const { app, installation } = customer;
    expect((await readInstallations(app.store))[0]?.daily).toEqual(result.daily);
    const doctor = await examine(app.store, [installation], app.clock.now(), app.scopesOf);
    expect(doctor.installations[0]?.daily).toEqual(result.daily);

    customer.wait(900_000);
    customer.sandbox.calls.reset();
    await customer.sync();
    expect(customer.sandbox.calls.perPurpose['limits']).toBeUndefined();
  });

  it('are used up to the share that the operator chose, from the first call of a run on', async () => {
    const customer = await connectOrg({ dailyApiCalls: 10_000 }, { HOLDFAST_CALL_SHARE: '0.35' });
    await expect(customer.sync()).resolves.toMatchObject({ daily: { share: 35 } });
    customer.wait(900_000);
    await expect(customer.sync()).rejects.toMatchObject({ code: 'quota-exhausted' });
    customer.sandbox.calls.reset();
    await expect(customer.sync()).rejects.toMatchObject({ code: 'quota-exhausted' });
    expect(customer.sandbox.calls.total).toBe(0);
  });

  it('are left to others below the floor that the operator chose', async () => {
    const customer = await connectOrg(
      { dailyApiCalls: 1_000 },
      { HOLDFAST_CALL_FLOOR: '50', HOLDFAST_CALL_SHARE: '90' },
    );
    customer.sandbox.calls.useByOthers(600);
    await expect(customer.sync()).rejects.toMatchObject({
      code: 'quota-exhausted',
      message: expect.stringContaining('left to other apps'),
    });
    expect((await readDailyCalls(customer.store))?.max).toBe(1_000);
  });
});

describe('a paused installation', () => {
  it('has its refresh token used once a week, so that it does not end after thirty idle days', async () => {
    const oauth = { clientId: 'consumer-key', clientSecret: 'a-secret', redirectUris: ['http://localhost/oauth'] };
    const customer = await connectOrg(
      { oauth },
      { SALESFORCE_CLIENT_ID: oauth.clientId, SALESFORCE_CLIENT_SECRET: oauth.clientSecret },
    );
    const { app, sandbox } = customer;
    const verifier = 'a-verifier-of-at-least-43-characters-0123456789';
    const challenge = createHash('sha256').update(verifier).digest('base64url');
    const redirectUri = oauth.redirectUris[0] ?? '';
    const code = await sandbox.app.consent({ clientId: oauth.clientId, redirectUri, codeChallenge: challenge });
    const registered = { ...oauth, clientSecret: new Secret(oauth.clientSecret), redirectUri };
    const { id } = await app.connectWithCode('salesforce', registered, code, orgSignal, { verifier, challenge });
    const store = app.store.of(id);
    await store.updateInstallation({ status: 'paused', statusReason: 'An admin paused it.' });

    sandbox.calls.reset();
    expect(await app.keepAlive(id, orgSignal)).toBe(false);
    for (let week = 1; week <= 5; week += 1) {
      customer.wait(7 * DAY_MS);
      const worker = await startWorker(app, await app.openQueue({ supervises: true }));
      onTestFinished(() => worker.stop());
      await vi.waitFor(() => expect(sandbox.calls.perPurpose['token']).toBe(week));
      await worker.stop();
    }
    expect(await store.getInstallation()).toMatchObject({ status: 'paused' });

    sandbox.app.uninstall();
    customer.wait(7 * DAY_MS);
    const worker = await startWorker(app, await app.openQueue({ supervises: true }));
    await worker.stop();
    expect(await store.getInstallation()).toMatchObject({ status: 'lost' });
  });
});
