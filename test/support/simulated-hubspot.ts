import { Secret, type OAuthApp } from '../../connectors/contract/auth.ts';
import { requiredScopes } from '../../connectors/hubspot/scopes.ts';
import { hubspot } from '../../connectors/hubspot/index.ts';
import { startHubSpotSandbox, type HubSpotFault } from '../../connectors/hubspot/sandbox/index.ts';
import { ownerId, recordId } from '../../connectors/hubspot/sandbox/seed-ids.ts';
import { toPortalSeed } from '../../connectors/hubspot/sandbox/seed.ts';
import type { CrmKind, ReadingFault } from './simulated-crm.ts';

const TOKEN = 'token-of-a-private-app';

const FAULTS: Readonly<Record<ReadingFault, HubSpotFault>> = {
  'too-fast': { kind: 'status', status: 429, policy: 'TEN_SECONDLY_ROLLING' },
  'day-used-up': { kind: 'status', status: 429, policy: 'DAILY' },
  'token-ends': { kind: 'expire-token' },
};

export const simulatedHubSpot: CrmKind = {
  connector: hubspot,
  async open(world, { now, number, pageRows = Infinity, refusedKey }) {
    const app: OAuthApp = {
      clientId: 'holdfast',
      clientSecret: new Secret('secret-of-the-app'),
      redirectUri: 'http://localhost:3000/oauth/hubspot',
    };
    const { clientId, redirectUri } = app;
    const refused = [...world.accounts].find(({ key }) => key === refusedKey)?.name;
    const sandbox = await startHubSpotSandbox({
      seed: toPortalSeed(world, 48_000_000 + number),
      now,
      limits: null,
      mostPerPage: pageRows,
      staticTokens: [TOKEN],
      oauth: {
        clientId,
        clientSecret: app.clientSecret.reveal(),
        redirectUris: [redirectUri],
        scopes: requiredScopes,
      },
      adminRule: (object, properties, written) =>
        object === 'companies' && properties['name'] === refused && 'holdfast_health_band' in written
          ? { property: 'holdfast_health_band', message: 'This company is under audit.' }
          : null,
    });
    const { portal, faults } = sandbox;
    const everyTask = () => [...portal.all('tasks'), ...portal.archived('tasks')];
    const valuesOf = (object: string, id: string, isOurs: boolean) =>
      Object.fromEntries(
        Object.entries(portal.get(object, id)?.properties ?? {}).filter(
          ([name]) => name.startsWith('holdfast_') === isOurs && !/lastmodified|updated/i.test(name),
        ),
      );
    return {
      url: sandbox.url,
      token: TOKEN,
      app,
      settings: { hubspot: { apiUrl: sandbox.url, appUrl: sandbox.url, app, accessToken: null } },
      calls: sandbox.calls,
      objects: { account: 'companies', contact: 'contacts', deal: 'deals' },
      nameField: 'name',
      idOf: (object, key) => (object === 'owner' ? ownerId(key) : recordId(key)),
      consent: () => sandbox.app.consent({ clientId, redirectUri }),
      expireAccessTokens: () => sandbox.app.expireAccessTokens(),
      get faultsHappened() {
        return faults.happened;
      },
      failReading: (object, fault) => faults.add({ ...FAULTS[fault], match: { purpose: `list ${object}`, nth: 2 } }),
      loseAnswerToNewTasks: () =>
        faults.add({ kind: 'reset', afterWrite: true, match: { purpose: 'batch create tasks' } }),
      clearFaults: () => faults.clear(),
      ids: (object) => portal.all(object).map(({ id }) => id),
      theirValues: (object, id) => valuesOf(object, id, false),
      ourValues: (id) => valuesOf('companies', id, true),
      taskKeys: () => everyTask().flatMap(({ properties }) => properties['holdfast_key'] ?? []),
      taskIds: () =>
        portal
          .all('tasks')
          .filter(({ properties }) => properties['hs_task_body']?.includes('Holdfast key'))
          .map(({ id }) => id),
      completeTask: (id) => portal.edit('tasks', id, { hs_task_status: 'COMPLETED' }),
      rename: (id, name) => portal.edit('companies', id, { name }),
      remove: (object, id) => portal.archive(object, id),
      restore: (object, id) => portal.restore(object, id),
      mergeAccounts: (winnerId, loserId) => void portal.merge('companies', winnerId, loserId),
      close: () => sandbox.close(),
    };
  },
};
