import { Secret, type OAuthApp } from '../../connectors/contract/auth.ts';
import { salesforce } from '../../connectors/salesforce/index.ts';
import { toId } from '../../connectors/salesforce/sandbox/ids.ts';
import { startSalesforceSandbox } from '../../connectors/salesforce/sandbox/index.ts';
import type { Org, SalesforceFault, SalesforceSandboxOptions } from '../../connectors/salesforce/sandbox/index.ts';
import { recordId, toOrgSeed, userId, type OrgSeedOptions } from '../../connectors/salesforce/sandbox/seed.ts';
import type { World } from '../../connectors/kit/sandbox/world-model.ts';
import type { CrmKind, ReadingFault, SimulatedCrm, SimulatedCrmOptions } from './simulated-crm.ts';

const TOKEN = '00D000000000001!token.of-an-admin';
const DAY_MS = 86_400_000;
const PREFIXES = { account: '001', deal: '006' };

const FAULTS: Readonly<Record<ReadingFault, SalesforceFault>> = {
  'too-fast': { kind: 'status', status: 429 },
  'day-used-up': { kind: 'status', status: 403 },
  'token-ends': { kind: 'expire-token' },
};

/** Calls for the pages of a first read. */
const PAGES = /^query (?:more|Account|Contact|Opportunity|Contract|Case|Task|Event)$/;

/** Salesforce itself moves these. */
const STAMPS = /^(?:LastModified|SystemModstamp|LastActivityDate)/;

/** An org that has the package and keeps its renewal dates on its accounts, as HubSpot's portals do. */
export const simulatedSalesforce: CrmKind<SalesforceFault> = {
  connector: salesforce,
  open: (world, options) => open(world, options),
};

/** An org that is otherwise. */
export function salesforceWith(org: OrgOptions): CrmKind<SalesforceFault> {
  return { connector: salesforce, open: (world, options) => open(world, options, org) };
}

export interface OrgOptions extends Pick<OrgSeedOptions, 'termsIn'> {
  readonly holdfastPackage?: NonNullable<SalesforceSandboxOptions['holdfastPackage']>;
  readonly shrinkingPages?: boolean;
}

async function open(
  world: World,
  { now, number, pageRows, refusedKey, latencyMs, chanceSeed }: SimulatedCrmOptions,
  { termsIn = 'accounts', holdfastPackage = 'assigned', shrinkingPages = false }: OrgOptions = {},
): Promise<SimulatedCrm<SalesforceFault>> {
  const app: OAuthApp = {
    clientId: 'holdfast',
    clientSecret: new Secret('secret-of-the-app'),
    redirectUri: 'http://localhost:3000/oauth/salesforce',
  };
  const { clientId, redirectUri } = app;
  const refusedId = refusedKey === undefined ? null : recordId('001', refusedKey);
  const seed = toOrgSeed(world, { termsIn });
  const sandbox = await startSalesforceSandbox({
    seed: { ...seed, facts: { ...seed.facts, organizationId: toId('00D', 10_000 + number) } },
    now,
    holdfastPackage,
    shrinkingPages,
    ...(pageRows === undefined ? {} : { pageRows }),
    ...(latencyMs === undefined ? {} : { latencyMs }),
    ...(chanceSeed === undefined ? {} : { chanceSeed }),
    staticTokens: [TOKEN],
    oauth: { clientId, clientSecret: app.clientSecret.reveal(), redirectUris: [redirectUri] },
    adminRule: ({ id, values }) =>
      id !== null && id === refusedId && 'Holdfast_Health_Band__c' in values
        ? { message: 'This account is under audit.', fields: ['Holdfast_Health_Band__c'] }
        : null,
  });
  const { org, faults } = sandbox;
  const everyTask = () => [...org.all('Task'), ...org.deleted('Task')];
  const valuesOf = (id: string, isOurs: boolean) =>
    Object.fromEntries(
      Object.entries(org.get(id)?.fields ?? {}).filter(
        ([name]) => name.startsWith('Holdfast_') === isOurs && !STAMPS.test(name),
      ),
    );
  return {
    url: sandbox.url,
    token: TOKEN,
    app,
    environment: { SALESFORCE_INSTANCE_URL: sandbox.url, SALESFORCE_ACCESS_TOKEN: TOKEN },
    settings: { salesforce: { loginUrl: sandbox.url, app, signer: null, token: null } },
    calls: sandbox.calls,
    objects: { account: 'Account', contact: 'Contact', deal: 'Opportunity' },
    taskObject: 'Task',
    nameField: 'Name',
    idOf: (object, key) => (object === 'owner' ? userId(key) : recordId(PREFIXES[object], key)),
    consent: ({ challenge }) => sandbox.app.consent({ clientId, redirectUri, codeChallenge: challenge }),
    expireAccessTokens: () => sandbox.app.expireAccessTokens(),
    faults,
    pagesRead: () =>
      Object.entries(sandbox.calls.perPurpose)
        .filter(([purpose]) => PAGES.test(purpose))
        .reduce((total, [, calls]) => total + calls, 0),
    failReading: (_, fault) => faults.add({ ...FAULTS[fault], match: { purpose: 'query more', nth: 2 } }),
    neverAnswer: (purpose) => faults.add({ kind: 'stall-headers', afterWrite: true, match: { purpose } }),
    loseAnswerToNewTasks: () =>
      faults.add({
        kind: 'reset',
        afterWrite: true,
        match: { purpose: holdfastPackage === 'assigned' ? 'upsert Task' : 'create Task' },
      }),
    ids: (object) => org.all(object).map(({ id }) => id),
    theirValues: (_, id) => valuesOf(id, false),
    ourValues: (id) => valuesOf(id, true),
    taskKeys: () =>
      everyTask().flatMap(({ fields }) =>
        typeof fields['Holdfast_Key__c'] === 'string' ? fields['Holdfast_Key__c'] : [],
      ),
    taskIds: () =>
      org
        .all('Task')
        .filter(({ fields }) => String(fields['Description']).includes('Holdfast key'))
        .map(({ id }) => id),
    leftBehind: () => ({
      written: ['Account', 'Opportunity'].map((object) => org.all(object).map(({ id }) => [id, valuesOf(id, true)])),
      tasks: Object.fromEntries(
        org.all('Task').flatMap(({ id, fields: { Holdfast_Key__c: key, ...fields } }) => {
          const values = Object.fromEntries(Object.entries(fields).filter(([name]) => name !== 'Id'));
          const facts = {
            subject: values['Subject'],
            due: values['ActivityDate'],
            status: values['Status'],
            owner: values['OwnerId'],
            links: [values['AccountId'], values['WhatId']],
          };
          return typeof key === 'string' ? [[key, { id, facts, values }] as const] : [];
        }),
      ),
    }),
    workADay: () => workADay(org),
    completeTask: (id) => org.edit(id, { Status: 'Completed' }),
    rename: (id, name) => org.edit(id, { Name: name }),
    remove: (_, id) => org.remove(id),
    restore: (_, id) => org.restore(id),
    mergeAccounts: (winnerId, loserId) => org.merge(winnerId, loserId),
    close: () => sandbox.close(),
  };
}

function workADay(org: Org): void {
  const accounts = org.all('Account');
  for (const [index, { id, fields }] of accounts.entries()) {
    const renewal = fields['Renewal_Date__c'];
    if (index % 4 === 0 && typeof renewal === 'string') {
      const moved = new Date(Date.parse(renewal) + 10 * DAY_MS).toISOString().slice(0, 10);
      org.edit(id, { Renewal_Date__c: moved });
    }
    if (index % 4 === 1) org.edit(id, { Name: `${String(fields['Name'])} Group` });
  }
  for (const { id, fields } of org.all('Opportunity')) {
    if (fields['Type'] === 'Renewal' && fields['IsClosed'] === false) org.edit(id, { StageName: 'Closed Won' });
  }
  const [last, second] = accounts.toReversed();
  if (last !== undefined) org.remove(last.id);
  if (second !== undefined) org.edit(second.id, { Days_Overdue__c: 70 });
  const [contact] = org.all('Contact');
  if (contact !== undefined) org.remove(contact.id);
}
