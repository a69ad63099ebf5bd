import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toAccountId } from '../../src/core/model/ids.ts';
import { draftConfiguration, publishDraft } from '../../src/install/configuration.ts';
import type { CustomerCompany } from '../support/customer-portal.ts';
import { MONDAY, openLineOffice, ourValues, tasksIn, theirValues, type LineOffice } from '../support/line-office.ts';
import { row, toCompany } from '../support/sandbox-portal.ts';

let office: LineOffice;
beforeAll(async () => {
  office = await openLineOffice();
});
afterAll(() => office.close());

const acme: CustomerCompany = { id: '1', name: 'Acme', renewalOn: '2027-01-15', arr: 50_000, csmId: '13' };
const bolt: CustomerCompany = { ...acme, id: '2', name: 'Bolt', renewalOn: '2027-02-15' };

const daysAgo = (days: number): number => MONDAY - days * 86_400_000;

/** Enough on record for a score: people who answer, a won deal, a solved ticket. */
const wellKnown = {
  rows: [
    row('contacts', '21', { email: 'kim@acme.example', firstname: 'Kim', hs_buying_role: 'CHAMPION' }),
    row('contacts', '22', { email: 'lee@acme.example', firstname: 'Lee', hs_buying_role: 'DECISION_MAKER' }),
    row('deals', '31', {
      dealname: 'Acme',
      pipeline: 'default',
      dealstage: 'closedwon',
      amount: '50000',
      closedate: new Date(daysAgo(300)).toISOString(),
      dealtype: 'newbusiness',
    }),
    row('tickets', '41', {
      subject: 'How to export',
      hs_pipeline: '0',
      hs_pipeline_stage: '4',
      hs_ticket_priority: 'LOW',
      createdate: new Date(daysAgo(40)).toISOString(),
      closed_date: new Date(daysAgo(39)).toISOString(),
    }),
    ...[5, 20].map((days, index) =>
      row('emails', String(51 + index), {
        hs_timestamp: new Date(daysAgo(days)).toISOString(),
        hs_email_direction: index === 0 ? 'INCOMING_EMAIL' : 'EMAIL',
        hs_email_status: 'SENT',
      }),
    ),
  ],
  links: [
    ...['21', '22'].map((id) => toCompany(['contacts', id], '1', true)),
    toCompany(['deals', '31'], '1', true),
    toCompany(['tickets', '41'], '1', true),
    ...['51', '52'].flatMap((id) => [
      toCompany(['emails', id], '1'),
      { fromObject: 'emails', fromId: id, toObject: 'contacts', toId: '21', isPrimary: false },
    ]),
  ],
};

describe('the values on a company', () => {
  it('show no trend until a week of scores can be compared', async () => {
    const { portal, begin, nextDay } = await office.connect([acme], { rest: wellKnown });
    await begin();
    const trend = () => ourValues(portal, '1')['holdfast_health_trend'] ?? '';
    expect(Number(ourValues(portal, '1')['holdfast_health_score'])).toBeGreaterThan(0);
    expect(trend()).toBe('');
    await nextDay(6);
    expect(trend()).toBe('');
    await nextDay(1);
    expect(trend()).toBe('stable');
  });

  it('are written where they changed, on that company alone', async () => {
    const { portal, begin, sync, sandbox } = await office.connect([acme, bolt]);
    await begin();
    const other = portal.get('companies', '2');
    portal.edit('companies', '1', { renewal_date: '2027-01-29' });
    sandbox.calls.reset();
    const { writes } = await sync();
    expect(writes).toMatchObject({ records: 1, refused: 0 });
    expect(ourValues(portal, '1')).toMatchObject({
      holdfast_next_renewal_date: '2027-01-29',
      holdfast_decision_date: '2027-01-29',
    });
    expect(portal.get('companies', '2')).toEqual(other);
    expect(sandbox.calls.perPurpose['batch update companies']).toBe(1);
  });

  it("are put right when a human overwrites or clears one, and a human's own fields stay untouched", async () => {
    const { portal, begin, sync } = await office.connect([acme, bolt]);
    await begin();
    const before = ourValues(portal, '1');
    portal.edit('companies', '1', {
      holdfast_health_band: 'green',
      holdfast_next_renewal_date: '',
      name: 'Acme Holding',
      arr: '60000',
    });
    const theirs = theirValues(portal, '1');
    await sync('daily');
    expect(ourValues(portal, '1')).toMatchObject({
      holdfast_health_band: before['holdfast_health_band'],
      holdfast_next_renewal_date: before['holdfast_next_renewal_date'],
    });
    expect(theirValues(portal, '1')).toEqual(theirs);
  });

  it("leave a human's judgement in our own fields alone and take it into account", async () => {
    const { portal, begin, sync, store } = await office.connect([acme], { rest: wellKnown });
    await store.settings.put('write-back', { fields: 'extended' });
    await begin();
    expect(portal.customProperties('companies')).toContain('holdfast_override_band');
    portal.edit('companies', '1', {
      holdfast_override_band: 'red',
      holdfast_override_until: '2026-04-01',
      holdfast_override_by: 'Cleo',
      holdfast_override_reason: 'Strategy_change: new owner wants another product',
    });
    await sync();
    expect(ourValues(portal, '1')).toMatchObject({ holdfast_health_band: 'red', holdfast_override_band: 'red' });
    const stored = await store.assessments.get([toAccountId('1')]);
    expect([...stored.values()][0]?.assessment.health.band).toBe('red');
  });

  it('follow a score only when it moved by two points; a week later everything is fresh again', async () => {
    const { portal, begin, nextDay } = await office.connect([acme], { rest: wellKnown });
    await begin();
    const first = ourValues(portal, '1');
    expect(Number(first['holdfast_health_score'])).toBeGreaterThan(0);
    const writtenOn: number[] = [];
    let shown = first;
    for (let day = 1; day <= 8; day += 1) {
      const { writes, accountsScored } = await nextDay();
      expect(accountsScored).toBe(1);
      const now = ourValues(portal, '1');
      const moved = Math.abs(Number(now['holdfast_health_score']) - Number(shown['holdfast_health_score']));
      const isWritten = now['holdfast_last_scored_at'] !== shown['holdfast_last_scored_at'];
      expect(writes.records).toBe(isWritten ? 1 : 0);
      if (!isWritten) expect(moved).toBe(0);
      if (isWritten) writtenOn.push(day);
      shown = now;
    }
    // The score of a quiet account sinks slowly; on the seventh day at the latest people see that it is alive.
    expect(writtenOn.length).toBeGreaterThan(0);
    expect(writtenOn.length).toBeLessThan(4);
    expect(writtenOn[0]).toBeLessThanOrEqual(7);
  });

  it('that matter most are there when the calls of the day run out: where renewals stand, then bands', async () => {
    const others = Array.from({ length: 120 }, (_, at) => ({ ...acme, id: `1${at + 100}`, name: `Company ${at}` }));
    const [renewing, risky] = [
      { ...acme, id: '8', renewalOn: '2026-05-10' },
      { ...bolt, id: '9' },
    ];
    const { portal, begin, nextDay, sandbox, store, clock, sync } = await office.connect([...others, renewing, risky]);
    await store.settings.put('write-back', { fields: 'extended' });
    const renewal = { dealname: 'Renewal', pipeline: 'renewals', dealstage: 'renewal-open', closedate: '2026-05-10' };
    const dealId = portal.create('deals', renewal, { companies: ['8'] });
    await begin();
    await nextDay();
    portal.edit('companies', '8', { renewal_date: '2026-05-20' });
    portal.edit('companies', '9', {
      holdfast_override_band: 'red',
      holdfast_override_until: '2026-04-20',
      holdfast_override_by: 'Cleo',
      holdfast_override_reason: 'Strategy_change: new owner wants another product',
    });
    // A week later every company is brought up to date.
    clock.advance(8 * 86_400_000);
    sandbox.faults.add({
      kind: 'status',
      status: 429,
      policy: 'DAILY',
      match: { purpose: 'batch update companies', nth: 2 },
      times: Infinity,
    });
    await expect(sync('daily')).rejects.toMatchObject({ code: 'quota-exhausted' });
    expect(portal.get('deals', dealId)?.properties).toMatchObject({ holdfast_decision_date: '2026-05-20' });
    expect(ourValues(portal, '9')).toMatchObject({ holdfast_health_band: 'red' });
    const scoredAt = others.map(({ id }) => ourValues(portal, id)['holdfast_last_scored_at']?.slice(0, 10));
    expect(new Set(scoredAt).size).toBe(2);
    sandbox.faults.clear();
    await sync('daily');
    expect(new Set(others.map(({ id }) => ourValues(portal, id)['holdfast_last_scored_at']?.slice(0, 10))).size).toBe(
      1,
    );
  });

  it('are shown to be alive as often as an admin says', async () => {
    const { portal, begin, nextDay, store } = await office.connect([acme], { rest: wellKnown });
    await begin();
    const set = [{ path: 'writing.heartbeatDays', value: 1 }];
    await draftConfiguration(store, office.app.clock, { changes: null, set, unset: [], note: null, actor: 'ana' });
    await publishDraft(store, office.app.clock, { actor: 'ana', isUnseenAllowed: true });
    for (const day of ['2026-03-03', '2026-03-04', '2026-03-05']) {
      expect((await nextDay()).writes).toMatchObject({ records: 1 });
      expect(ourValues(portal, '1')['holdfast_last_scored_at']).toContain(day);
    }
  });

  it('are cleared when the company is no customer any more, and come back with the customer', async () => {
    const { portal, begin, sync } = await office.connect([acme, bolt]);
    await begin();
    const names = Object.keys(ourValues(portal, '1'));
    portal.edit('companies', '1', { customer_status: 'Former customer' });
    await sync();
    expect(ourValues(portal, '1')).toEqual({});
    expect(Object.keys(ourValues(portal, '2')).length).toBeGreaterThan(5);
    expect((await sync('daily')).writes).toMatchObject({ records: 0 });
    portal.edit('companies', '1', { customer_status: 'Customer' });
    await sync();
    expect(Object.keys(ourValues(portal, '1')).sort()).toEqual(names.sort());
  });

  it('of a company that is deleted and restored are what they would have been', async () => {
    const { portal, begin, nextDay } = await office.connect([acme, bolt]);
    await begin();
    portal.archive('companies', '1');
    expect((await nextDay()).writes.refused).toBe(0);
    portal.restore('companies', '1');
    portal.edit('companies', '1', { renewal_date: '2027-03-01' });
    await nextDay();
    expect(ourValues(portal, '1')).toMatchObject({ holdfast_next_renewal_date: '2027-03-01' });
  });

  it('that the portal refuses for one company are written on all others, told, and tried again a day later', async () => {
    let isStrict = true;
    const { portal, begin, sync, nextDay, store, clock } = await office.connect([acme, bolt], {
      adminRule: (_object, properties) =>
        isStrict && properties['name'] === 'Acme' ? { property: 'industry', message: 'Industry is required' } : null,
    });
    const { writes } = await begin();
    expect(writes).toMatchObject({ records: 1, refused: 1 });
    expect(ourValues(portal, '1')).toEqual({});
    expect(ourValues(portal, '2')['holdfast_health_band']).toBeDefined();
    const [problem] = await store.problems.list(10);
    expect(problem).toMatchObject({ kind: 'write', code: 'value-refused', crmId: '1', object: 'companies' });
    expect(problem?.message).toContain('Industry is required');
    isStrict = false;
    clock.advance(15 * 60_000);
    expect((await sync('daily')).writes.records).toBe(0);
    expect((await nextDay()).writes).toMatchObject({ refused: 0 });
    expect(ourValues(portal, '1')['holdfast_health_band']).toBeDefined();
    expect(await store.problems.list(10)).toEqual([]);
  });

  it('and tasks are written to fields of ours and to tasks of ours alone', async () => {
    const { portal, sandbox, begin, nextDay } = await office.connect([{ ...acme, renewalOn: '2026-04-10' }], {
      rest: wellKnown,
    });
    const everything = () =>
      ['companies', 'contacts', 'deals', 'tickets', 'emails'].map((object) =>
        portal
          .all(object)
          .map(({ id, properties }) => [
            id,
            Object.entries(properties).filter(
              ([name]) => !name.startsWith('holdfast_') && !/lastmodified|updated/.test(name),
            ),
          ]),
      );
    const theirs = everything();
    await begin();
    await nextDay(10);
    expect(everything()).toEqual(theirs);
    expect(tasksIn(portal).every(({ companies }) => companies.join() === '1')).toBe(true);
    const touched = new Set(
      Object.keys(sandbox.calls.perPurpose).filter((purpose) => /create|update|archive/.test(purpose)),
    );
    expect([...touched].filter((purpose) => !/propert|tasks$|update companies$|update deals$/.test(purpose))).toEqual(
      [],
    );
  });
});
