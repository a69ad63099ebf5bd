import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { disagreementsInWords } from '../../src/cli/disagreements-in-words.ts';
import { readDisagreements, type DisagreementFilter } from '../../src/queries/disagreements.ts';
import { knownCompany } from '../support/known-company.ts';
import { openLineOffice, ourValues, type Customer, type LineOffice } from '../support/line-office.ts';
import { row, toCompany } from '../support/sandbox-portal.ts';

let office: LineOffice;
beforeAll(async () => {
  office = await openLineOffice();
});
afterAll(() => office.close());

/** Acme, yellow by its records, whose renewal is being talked about. */
async function connect(): Promise<Customer> {
  const { rows = [], links = [] } = knownCompany('1');
  const renewal = {
    dealname: 'Acme renewal',
    pipeline: 'renewals',
    dealstage: 'renewal-open',
    closedate: '2026-06-10',
  };
  const customer = await office.connect([{ id: '1', name: 'Acme', renewalOn: '2026-06-10', arr: 50_000 }], {
    rest: { rows: [...rows, row('deals', '301', renewal)], links: [...links, toCompany(['deals', '301'], '1', true)] },
  });
  await customer.store.settings.put('write-back', { fields: 'extended' });
  await customer.begin();
  expect(ourValues(customer.portal, '1')['holdfast_health_band']).toBe('yellow');
  return customer;
}

const set = ({ portal }: Customer, band: string, reason: string, until = '2026-04-01'): void => {
  portal.edit('companies', '1', {
    holdfast_override_band: band,
    holdfast_override_reason: reason,
    holdfast_override_until: until,
    holdfast_override_by: 'cleo@us.example',
  });
};
const takeBack = ({ portal }: Customer): void => {
  portal.edit('companies', '1', { holdfast_override_band: '', holdfast_override_reason: '' });
};

const ALL: DisagreementFilter = { code: null, openOnly: false, top: 100 };
const read = ({ store }: Customer, filter: Partial<DisagreementFilter> = {}) =>
  readDisagreements(store, { ...ALL, ...filter });
/** `2026-03-02 red, price: taken-back 2026-03-04`, the newest first. */
const told = async (customer: Customer, filter: Partial<DisagreementFilter> = {}): Promise<readonly string[]> =>
  (await read(customer, filter)).listed.map(
    ({ begunOn, band, code, end }) => `${begunOn} ${band}, ${code}: ${end === null ? 'open' : `${end.by} ${end.on}`}`,
  );

describe('a band that a person sets by hand', () => {
  it('is remembered with what the score said at that moment, once, however often the account is scored', async () => {
    const customer = await connect();
    expect(await read(customer)).toMatchObject({ total: { count: 0 }, byReason: [], listed: [] });
    set(customer, 'red', 'competitor: They have signed there.');
    await customer.sync();
    const first = await read(customer);
    expect(first.listed).toEqual([
      {
        account: '1',
        name: 'Acme',
        begunOn: '2026-03-02',
        band: 'red',
        code: 'competitor',
        reason: 'Competitor',
        note: 'They have signed there.',
        by: 'cleo@us.example',
        computed: { band: 'yellow', score: Number(ourValues(customer.portal, '1')['holdfast_health_score']) },
        untilOn: '2026-04-01',
        end: null,
        way: 'worse',
        outcome: null,
        right: null,
      },
    ]);
    await customer.nextDay();
    await customer.nextDay();
    expect(await read(customer)).toEqual(first);
  });

  it('that was not in force, for want of a reason, is no disagreement', async () => {
    const customer = await connect();
    set(customer, 'red', 'They have signed elsewhere');
    await customer.sync();
    expect(await told(customer)).toEqual([]);
  });

  it('ends when it is taken back, is set anew, or runs out; another last day only moves its end', async () => {
    const customer = await connect();
    set(customer, 'red', 'Price: They want a tenth off.');
    await customer.nextDay();
    takeBack(customer);
    await customer.nextDay();
    expect(await told(customer)).toEqual(['2026-03-03 red, price: taken-back 2026-03-04']);

    set(customer, 'green', 'Price: They want a tenth off.', '2026-03-06');
    await customer.nextDay();
    set(customer, 'green', 'Price: They want a tenth off.', '2026-03-08');
    await customer.nextDay();
    expect((await read(customer)).listed[0]).toMatchObject({ begunOn: '2026-03-05', untilOn: '2026-03-08', end: null });
    set(customer, 'green', 'Adoption: Two of nine use it.', '2026-03-08');
    await customer.nextDay();
    await customer.nextDay(7);
    expect(await told(customer)).toEqual([
      '2026-03-07 green, adoption: expired 2026-03-08',
      '2026-03-05 green, price: replaced 2026-03-07',
      '2026-03-03 red, price: taken-back 2026-03-04',
    ]);
    expect(await told(customer, { code: 'adoption' })).toHaveLength(1);
    expect(await told(customer, { openOnly: true })).toEqual([]);
    expect(await read(customer, { top: 1 })).toMatchObject({ matching: 3, listed: [{ code: 'adoption' }] });
  });

  it('was right when the customer leaves whom the person saw in red, which ends it', async () => {
    const customer = await connect();
    set(customer, 'red', 'Competitor: They have signed there.');
    await customer.sync();
    await customer.nextDay();
    customer.portal.edit('companies', '1', { customer_status: 'Former customer' });
    await customer.nextDay();
    expect(await read(customer)).toMatchObject({
      total: { count: 1, open: 0, right: { person: 1, score: 0 } },
      byReason: [{ code: 'competitor', count: 1, right: { person: 1, score: 0 } }],
      listed: [{ account: '1', name: null, outcome: 'churned', right: 'person', end: { by: 'account-gone' } }],
    });
    // A customer who left is looked at again, and what was decided then stays so.
    customer.portal.edit('companies', '1', { arr: '60000' });
    await customer.nextDay();
    expect(await read(customer)).toMatchObject({ total: { right: { person: 1, score: 0 } } });
  });

  it('was wrong when the customer renews whom the person saw in red', async () => {
    const customer = await connect();
    set(customer, 'red', 'Competitor: They have signed there.');
    await customer.sync();
    await customer.nextDay();
    customer.portal.edit('deals', '301', { dealstage: 'renewal-won' });
    await customer.nextDay();
    expect(await read(customer)).toMatchObject({
      total: { count: 1, open: 1, right: { person: 0, score: 1 } },
      listed: [{ outcome: 'renewed', right: 'score' }],
    });
  });

  it('is told in words: how many and which way, by reason, and each on a line', async () => {
    const customer = await connect();
    const words = async (): Promise<string> => disagreementsInWords(await read(customer));
    expect(await words()).toBe('Nobody has set a band by hand yet.');
    set(customer, 'red', 'Competitor: They have signed there.');
    await customer.sync();
    expect(await words()).toContain('No term has been decided since.');
    await customer.nextDay();
    customer.portal.edit('deals', '301', { dealstage: 'renewal-won' });
    await customer.nextDay();
    const lines = (await words()).split('\n').map((line) => line.replaceAll(/ {2,}/g, ' | '));
    expect(lines).toEqual([
      '1 band was set by hand (beside the score: 1 worse); not settled yet: 1.',
      '0 times the score came to say the same. 1 term was decided since: the person was right 0 times, the score 1 time.',
      '',
      'reason | times | open | better | worse | agreed | person right | score right',
      'Competitor | 1 | 1 | 0 | 1 | 0 | 0 | 1',
      '',
      'begun | account | score | person | because | by | now | right',
      expect.stringMatching(
        /^2026-03-02 \| Acme \| yellow [\d.]+ \| red \| Competitor: They have signed there\. \| cleo@us\.example \| until 2026-04-01 \| score \(renewed\)$/,
      ),
    ]);
  });

  it('is looked for by a reason that there is, or is told which there are', async () => {
    const customer = await connect();
    await expect(read(customer, { code: 'prize' })).rejects.toMatchObject({
      code: 'input-invalid',
      message: expect.stringContaining("Did you mean 'price'?"),
      remedy: expect.stringContaining('relationship, adoption'),
    });
  });
});
