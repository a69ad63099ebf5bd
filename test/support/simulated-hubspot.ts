import { Secret, type OAuthApp } from '../../connectors/contract/auth.ts';
import { requiredScopes } from '../../connectors/hubspot/scopes.ts';
import { hubspot } from '../../connectors/hubspot/index.ts';
import { startHubSpotSandbox, type HubSpotFault, type Portal } from '../../connectors/hubspot/sandbox/index.ts';
import { ownerId, recordId } from '../../connectors/hubspot/sandbox/seed-ids.ts';
import { toPortalSeed } from '../../connectors/hubspot/sandbox/seed.ts';
import type { CrmKind, ReadingFault } from './simulated-crm.ts';

const TOKEN = 'token-of-a-private-app';

const DAY_MS = 86_400_000;
const OBJECTS = ['companies', 'contacts', 'deals', 'tickets', 'tasks'];

/** Calls for the pages of a first read. */
const PAGES = /^list (?!properties|pipelines|owners)/;

const FAULTS: Readonly<Record<ReadingFault, HubSpotFault>> = {
  'too-fast': { kind: 'status', status: 429, policy: 'TEN_SECONDLY_ROLLING' },
  'day-used-up': { kind: 'status', status: 429, policy: 'DAILY' },
  'token-ends': { kind: 'expire-token' },
};

/** A portal of HubSpot, without limits unless a fault brings one. */
export const simulatedHubSpot: CrmKind<HubSpotFault> = {
  connector: hubspot,
  async open(world, { now, number, pageRows = Infinity, refusedKey, latencyMs, chanceSeed }) {
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
      ...(latencyMs === undefined ? {} : { latencyMs }),
      ...(chanceSeed === undefined ? {} : { chanceSeed }),
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
      environment: { HUBSPOT_API_URL: sandbox.url, HUBSPOT_ACCESS_TOKEN: TOKEN },
      settings: { hubspot: { apiUrl: sandbox.url, appUrl: sandbox.url, app, accessToken: null } },
      calls: sandbox.calls,
      objects: { account: 'companies', contact: 'contacts', deal: 'deals' },
      taskObject: 'tasks',
      nameField: 'name',
      idOf: (object, key) => (object === 'owner' ? ownerId(key) : recordId(key)),
      consent: () => sandbox.app.consent({ clientId, redirectUri }),
      expireAccessTokens: () => sandbox.app.expireAccessTokens(),
      faults,
      pagesRead: () =>
        Object.entries(sandbox.calls.perPurpose)
          .filter(([purpose]) => PAGES.test(purpose))
          .reduce((total, [, calls]) => total + calls, 0),
      failReading: (object, fault) => faults.add({ ...FAULTS[fault], match: { purpose: `list ${object}`, nth: 2 } }),
      neverAnswer: (purpose) => faults.add({ kind: 'stall-headers', afterWrite: true, match: { purpose } }),
      loseAnswerToNewTasks: () =>
        faults.add({ kind: 'reset', afterWrite: true, match: { purpose: 'batch create tasks' } }),
      ids: (object) => portal.all(object).map(({ id }) => id),
      theirValues: (object, id) => valuesOf(object, id, false),
      ourValues: (id) => valuesOf('companies', id, true),
      taskKeys: () => everyTask().flatMap(({ properties }) => properties['holdfast_key'] ?? []),
      taskIds: () =>
        portal
          .all('tasks')
          .filter(({ properties }) => properties['hs_task_body']?.includes('Holdfast key'))
          .map(({ id }) => id),
      leftBehind: () => ({
        properties: Object.fromEntries(OBJECTS.map((object) => [object, portal.customProperties(object).toSorted()])),
        groups: Object.fromEntries(OBJECTS.map((object) => [object, portal.propertyGroups(object)])),
        written: ['companies', 'deals'].map((object) =>
          portal.all(object).map(({ id }) => [id, valuesOf(object, id, true)]),
        ),
        tasks: Object.fromEntries(
          portal.all('tasks').flatMap(({ id, properties: { holdfast_key: key, ...properties } }) => {
            const links = ['companies', 'deals'].map((to) => portal.links('tasks', id, to));
            const values = Object.fromEntries(Object.entries(properties).filter(([name]) => name !== 'hs_object_id'));
            const facts = {
              subject: values['hs_task_subject'],
              due: values['hs_timestamp'],
              status: values['hs_task_status'],
              owner: values['hubspot_owner_id'],
              links,
            };
            return key === undefined ? [] : [[key, { id, facts, values: { ...values, links } }] as const];
          }),
        ),
      }),
      workADay: () => workADay(portal),
      completeTask: (id) => portal.edit('tasks', id, { hs_task_status: 'COMPLETED' }),
      rename: (id, name) => portal.edit('companies', id, { name }),
      remove: (object, id) => portal.archive(object, id),
      restore: (object, id) => portal.restore(object, id),
      mergeAccounts: (winnerId, loserId) => void portal.merge('companies', winnerId, loserId),
      close: () => sandbox.close(),
    };
  },
};

function workADay(portal: Portal): void {
  const companies = portal.all('companies');
  for (const [index, { id, properties }] of companies.entries()) {
    const renewal = properties['renewal_date'];
    if (index % 4 === 0 && renewal !== undefined) {
      const moved = new Date(Date.parse(renewal) + 10 * DAY_MS).toISOString().slice(0, 10);
      portal.edit('companies', id, { renewal_date: moved });
    }
    if (index % 4 === 1) portal.edit('companies', id, { name: `${properties['name'] ?? ''} Group` });
  }
  for (const { id, properties } of portal.all('deals')) {
    if (properties['pipeline'] === 'renewals' && properties['hs_is_closed'] === 'false') {
      portal.edit('deals', id, { dealstage: 'renewal_won' });
    }
  }
  const [last, second] = companies.toReversed();
  if (last !== undefined) portal.archive('companies', last.id);
  if (second !== undefined) portal.edit('companies', second.id, { days_overdue: '70' });
  const [contact] = portal.all('contacts');
  if (contact !== undefined) portal.archive('contacts', contact.id);
}
