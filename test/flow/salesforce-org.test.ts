import { describe, expect, it, onTestFinished } from 'vitest';
import { Secret, type OAuthApp } from '../../connectors/contract/auth.ts';
import { generateWorld } from '../../connectors/kit/sandbox/world.ts';
import { startSalesforceSandbox } from '../../connectors/salesforce/sandbox/index.ts';
import { toOrgSeed } from '../../connectors/salesforce/sandbox/seed.ts';
import { openApp, type App } from '../../src/app.ts';
import { readConfig } from '../../src/config.ts';
import type { SyncResult } from '../../src/flow/sync.ts';
import { approve } from '../../src/install/approve.ts';
import { makeProof } from '../../src/install/proof.ts';
import { runInstallation } from '../../src/jobs/run.ts';
import type { Installation, RunKind } from '../../src/ports/store.ts';
import { makeKey } from '../../src/store/sealed.ts';
import { makeReadyDatabase } from '../support/ready-database.ts';

const NOW = '2026-11-20T17:00:00.000Z';
const TOKEN = 'token-of-both-sandboxes';
const signal = new AbortController().signal;

const APP: OAuthApp = {
  clientId: 'consumer-key',
  clientSecret: new Secret('a-secret-of-the-sandbox'),
  redirectUri: 'http://localhost:3000/oauth/salesforce',
};

async function openOffice(env: Readonly<Record<string, string>> = {}): Promise<App> {
  const database = await makeReadyDatabase();
  const config = readConfig({ DATABASE_URL: database.url, ...env });
  const clock = { now: () => NOW };
  const app = await openApp({ config, keys: new Secret(makeKey()), logLevel: 'silent', clock, unlimited: true });
  onTestFinished(async () => {
    await app.close();
    await database.remove();
  });
  return app;
}

function sync(app: App, { id }: Installation, kind: RunKind = 'incremental'): Promise<SyncResult> {
  return runInstallation(app, id, {
    kind,
    trigger: 'person',
    signal,
    acceptDeletions: false,
    progress: () => undefined,
  });
}

describe('an org of Salesforce', () => {
  it('is scored, planned for as many calls as it takes, written to, and then left alone', async () => {
    const world = generateWorld({ seed: 11, now: NOW, accounts: 30 });
    const sandbox = await startSalesforceSandbox({
      seed: toOrgSeed(world),
      staticTokens: [TOKEN],
      now: () => Date.parse(NOW),
    });
    onTestFinished(() => sandbox.close());
    const app = await openOffice();
    const installation = await app.connectWithToken('salesforce', new Secret(TOKEN), signal, sandbox.url);
    const store = app.store.of(installation.id);
    expect((await sync(app, installation)).writes.records).toBe(0);
    const plan = await app.previewPlan(installation);
    await approve(store, app.clock, { digest: plan.digest, expected: null, actor: 'admin' });

    sandbox.calls.reset();
    const { writes } = await sync(app, installation);
    expect(writes.records).toBeGreaterThan(15);
    expect(writes.tasksOpened).toBeGreaterThan(0);
    expect(writes.refused).toBe(0);
    const writing = Object.entries(sandbox.calls.perPurpose).filter(([purpose]) => /update|upsert/.test(purpose));
    expect(writing.reduce((sum, [, calls]) => sum + calls, 0)).toBeLessThanOrEqual(plan.calls);
    const ours = sandbox.org.all('Task').filter(({ fields }) => fields['Holdfast_Key__c'] !== undefined);
    expect(ours).toHaveLength(writes.tasksOpened);

    for (const kind of ['incremental', 'daily', 'full', 'incremental'] as const) {
      expect((await sync(app, installation, kind)).writes).toMatchObject({ records: 0, tasksOpened: 0, tasksMoved: 0 });
    }
    // Some of the world's accounts belong to somebody who has left.
    expect((await store.problems.list(100)).map(({ code }) => code)).toEqual(['nobody-assigned']);
  });

  it('that an admin has connected in the browser stays connected while its sessions end and its tokens rotate', async () => {
    const sandbox = await startSalesforceSandbox({
      seed: toOrgSeed(generateWorld({ seed: 11, now: NOW, accounts: 30 })),
      now: () => Date.parse(NOW),
      oauth: { clientId: APP.clientId, clientSecret: APP.clientSecret.reveal(), redirectUris: [APP.redirectUri] },
    });
    onTestFinished(() => sandbox.close());
    const app = await openOffice({
      SALESFORCE_LOGIN_URL: sandbox.url,
      SALESFORCE_CLIENT_ID: APP.clientId,
      SALESFORCE_CLIENT_SECRET: APP.clientSecret.reveal(),
    });
    const proof = makeProof();
    const code = await sandbox.app.consent({
      clientId: APP.clientId,
      redirectUri: APP.redirectUri,
      codeChallenge: proof.challenge,
    });
    const installation = await app.connectWithCode('salesforce', APP, code, signal, proof);
    for (let run = 0; run < 3; run += 1) {
      sandbox.app.expireAccessTokens();
      await expect(sync(app, installation)).resolves.toMatchObject({ kind: run === 0 ? 'full' : 'incremental' });
    }
    // The answer with the newest tokens is lost: the old one is used once more, and Salesforce ends them all.
    sandbox.app.expireAccessTokens();
    sandbox.faults.add({ kind: 'reset', afterWrite: true, match: { purpose: 'token' } });
    await expect(sync(app, installation)).rejects.toMatchObject({ code: 'access-revoked' });
    expect(await app.store.of(installation.id).getInstallation()).toMatchObject({ status: 'lost' });
  });

  it('whose package is missing is scored all the same, and told what to install', async () => {
    const world = generateWorld({ seed: 11, now: NOW, accounts: 30 });
    const sandbox = await startSalesforceSandbox({
      seed: toOrgSeed(world),
      staticTokens: [TOKEN],
      now: () => Date.parse(NOW),
      holdfastPackage: 'absent',
    });
    onTestFinished(() => sandbox.close());
    const app = await openOffice();
    const installation = await app.connectWithToken('salesforce', new Secret(TOKEN), signal, sandbox.url);
    const store = app.store.of(installation.id);
    expect((await sync(app, installation)).accountsScored).toBeGreaterThan(15);
    const plan = await app.previewPlan(installation);
    await approve(store, app.clock, { digest: plan.digest, expected: null, actor: 'admin' });
    const { writes } = await sync(app, installation);
    expect(writes.records).toBe(0);
    // Tasks need no field of ours: they are recognised by the key in their text.
    expect(
      sandbox.org.all('Task').filter(({ fields }) => String(fields['Description']).includes('Holdfast key:')),
    ).toHaveLength(writes.tasksOpened);
    const told = (await store.problems.list(100)).filter(({ kind }) => kind === 'provision');
    expect(told.map(({ field }) => field)).toContain('Holdfast_Health_Score__c');
    expect(told[0]?.remedy).toContain('Holdfast_Integration');
    expect((await sync(app, installation)).writes).toMatchObject({ records: 0, tasksOpened: 0 });
  });
});
