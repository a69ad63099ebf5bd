import { describe, expect, it } from 'vitest';
import type { CrmSession, PullPage, PullRequest } from '../../../connectors/contract/connector.ts';
import { salesforce } from '../../../connectors/salesforce/index.ts';
import type { SalesforceSandbox, SalesforceSandboxOptions } from '../../../connectors/salesforce/sandbox/index.ts';
import type { OrgSeed } from '../../../connectors/salesforce/sandbox/org-seed.ts';
import { openDirectAccess } from '../../support/direct-access.ts';
import { ids, openOrg, orgSeed, orgToken, row } from '../../support/sandbox-org.ts';

const MANY = 23_000;

/** So many accounts that a bulk job is cheaper than pages. */
const rows = Array.from({ length: MANY }, (_, at) =>
  row('Account', ids.account(at + 1), {
    Name: at === 7 ? 'Quotes ", commas, and\nlines' : `Customer ${at + 1}`,
    NumberOfEmployees: at === 0 ? null : at,
    Renewal_Date__c: at % 2 === 0 ? '2027-03-31' : null,
  }),
);

const request: PullRequest = {
  object: 'Account',
  fields: ['Name', 'NumberOfEmployees', 'Renewal_Date__c', 'CreatedDate', 'Holdfast_Health_Score__c'],
  links: [],
  scope: { kind: 'all' },
  cursor: null,
};

const open = ({ url }: SalesforceSandbox): CrmSession => salesforce.open(openDirectAccess(url, { token: orgToken }));
const openMany = (
  options: Partial<SalesforceSandboxOptions> = {},
  features: Partial<OrgSeed['features']> = {},
): Promise<SalesforceSandbox> => openOrg(orgSeed(rows, { features }), options);

const pull = (sandbox: SalesforceSandbox, more: Partial<PullRequest> = {}): Promise<readonly PullPage[]> =>
  Array.fromAsync(open(sandbox).pull({ ...request, ...more }));

const idsOf = (pages: readonly PullPage[]): ReadonlySet<string> =>
  new Set(pages.flatMap(({ records }) => records.map(({ id }) => id)));

describe('a large object', () => {
  it('is read by a bulk job in few calls, with the same values as by pages', async () => {
    const sandbox = await openMany();
    const pages = await pull(sandbox);
    expect(idsOf(pages).size).toBe(MANY);
    expect(Math.max(...pages.map(({ records }) => records.length))).toBe(2_000);
    expect(pages.at(-1)?.cursor).toBeNull();
    // One page that tells how many there are, one description, and the job: begin, two looks, two pages of results.
    expect(sandbox.calls.total).toBeLessThanOrEqual(8);
    expect(sandbox.calls.total).toBeLessThan(MANY / 2_000);

    const byPages = new Map(
      (await pull(await openMany({}, { bulkApi: false }))).flatMap(({ records }) =>
        records.map((record) => [record.id, record] as const),
      ),
    );
    const inBulk = pages.flatMap(({ records }) => records);
    for (const at of [0, 7, 2_100, MANY - 1]) {
      const record = inBulk.find(({ id }) => id === ids.account(at + 1));
      expect(record).toEqual(byPages.get(ids.account(at + 1)));
    }
  });

  it('goes on within the job after any stored page', async () => {
    const sandbox = await openMany();
    const pages = await pull(sandbox);
    const place = pages.length - 2;
    sandbox.calls.reset();
    const rest = await pull(sandbox, { cursor: pages[place]?.cursor ?? null });
    expect(idsOf(rest)).toEqual(idsOf(pages.slice(place + 1)));
    expect(sandbox.calls.perPurpose).not.toHaveProperty('begin bulk query');
  });

  it('is read to the end by pages when Salesforce has thrown the job away', async () => {
    const sandbox = await openMany();
    const pages = await pull(sandbox);
    const cursor = pages[3]?.cursor ?? null;
    sandbox.faults.add({
      kind: 'status',
      status: 404,
      errorCode: 'NOT_FOUND',
      message: 'The requested resource does not exist',
      match: { path: '/results' },
    });
    const rest = idsOf(await pull(sandbox, { cursor }));
    for (const id of idsOf(pages.slice(4))) expect(rest.has(id)).toBe(true);
  });

  it('is read by pages where the edition has no bulk API', async () => {
    const sandbox = await openMany({}, { bulkApi: false });
    const pages = await pull(sandbox);
    expect(idsOf(pages).size).toBe(MANY);
    expect(sandbox.calls.total).toBe(Math.ceil(MANY / 2_000) + 1);
  });

  it('holds one page of results at a time, however many rows the job has', async () => {
    const sandbox = await openMany();
    let most = 0;
    for await (const page of open(sandbox).pull(request)) most = Math.max(most, page.records.length);
    expect(most).toBeLessThanOrEqual(2_000);
    const asked = sandbox.calls.recent.filter(({ path }) => path.includes('/results'));
    expect(asked.every(({ path }) => path.includes('maxRecords=20000'))).toBe(true);
  });
});

describe('very many changes of one moment', () => {
  it('are read by a bulk job too, deletions among them', async () => {
    const sandbox = await openMany();
    sandbox.org.remove(ids.account(20_000));
    const scope = { kind: 'changed', since: '2026-03-01T00:00:00.000Z', until: '2026-03-03T00:00:00.000Z' } as const;
    const records = (await pull(sandbox, { scope })).flatMap((page) => page.records);
    expect(new Set(records.map(({ id }) => id)).size).toBe(MANY);
    expect(records.filter(({ deleted }) => deleted).map(({ id }) => id)).toEqual([ids.account(20_000)]);
    expect(sandbox.calls.total).toBeLessThanOrEqual(8);
  });
});
