import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  contactToShow,
  fieldSpecs,
  recordsToShow,
  writeRules,
  type ShownBeside,
  type WriteContext,
} from '../../../src/core/mapping/outbound.ts';
import { isReworded, isSameValue } from '../../../src/core/mapping/same-value.ts';
import { diffRecord } from '../../../src/core/plan/diff.ts';
import type { TermProgress } from '../../../src/core/model/assessment.ts';
import { calendarDate } from '../../../src/core/model/calendar-date.ts';
import { toHoldfastKey, toTermId } from '../../../src/core/model/ids.ts';
import { hubspotMapping } from '../../mappings/hubspot-files.ts';
import { assessment, term } from './builders.ts';

const mapping = hubspotMapping();
const ALL: WriteContext = {
  choice: 'extended',
  inItsCurrency: (amount) => (amount.currency === 'EUR' ? amount : null),
  hasField: () => true,
  hasOption: () => true,
};
const BESIDE: ShownBeside = {
  openPlay: null,
  recordUrl: 'https://holdfast.example/accounts/1/7198',
  keyOfDeal: () => null,
};

function written(
  change: Parameters<typeof assessment>[0] = {},
  context: Partial<WriteContext> = {},
  beside: Partial<ShownBeside> = {},
) {
  const records = recordsToShow(mapping, assessment(change), { ...BESIDE, ...beside }).map((record) => ({
    object: record.object,
    id: record.id,
    fields: record.toFields({ ...ALL, ...context }),
  }));
  return { records, company: records[0]?.fields ?? {}, deal: records[1]?.fields ?? {} };
}

describe('what a company shows', () => {
  it('is written as HubSpot stores it', () => {
    const { records, company } = written();
    expect(records[0]).toMatchObject({ object: 'companies', id: '7198' });
    expect(company).toMatchObject({
      holdfast_health_score: '61.2',
      holdfast_health_band: 'yellow',
      holdfast_health_delta_28d: '-7',
      holdfast_relationship_score: '44.1',
      holdfast_usage_score: null,
      holdfast_data_coverage: '0.667',
      holdfast_active_caps: 'champion_departed',
      holdfast_churn_probability_90d: '0.235',
      holdfast_arr_at_risk: '11256',
      holdfast_next_renewal_date: '2027-01-31',
      holdfast_decision_date: '2027-01-01',
      holdfast_last_scored_at: '2026-11-20T06:00:00.000Z',
      holdfast_expected_expansion_value: null,
    });
  });

  it('is emptied when nothing is known any more', () => {
    const { health } = assessment();
    const { company } = written({
      health: { ...health, score: null, band: 'grey', reason: '' },
      renewal: { terms: [], next: null, status: null, gaps: [] },
      dataAsOf: null,
    });
    expect(company).toMatchObject({
      holdfast_health_score: null,
      holdfast_health_reason: null,
      holdfast_next_renewal_date: null,
      holdfast_renewal_status: null,
      holdfast_data_as_of: null,
    });
  });

  it('never touches what people fill', () => {
    const names = Object.keys(written().company);
    expect(names.filter((name) => /pulse|override/.test(name))).toEqual([]);
    expect(names.every((name) => name.startsWith('holdfast_'))).toBe(true);
  });

  it('is a short list in the core set: what is not wanted is empty', () => {
    const { company } = written({}, { choice: 'core' });
    const filled = Object.keys(company).filter((name) => company[name] !== null);
    expect(filled).toHaveLength(12);
    expect(company).toMatchObject({ holdfast_relationship_score: null, holdfast_model_version: null });
  });

  it('leaves out what HubSpot would not make', () => {
    const hasField = (object: string, name: string) => !(object === 'companies' && name === 'holdfast_health_trend');
    expect(written({}, { hasField }).company).not.toHaveProperty('holdfast_health_trend');
  });

  it('is empty where the portal has taken away the option that would say it', () => {
    const hasOption = (_: string, name: string, option: string) => !(name.endsWith('_band') && option === 'yellow');
    expect(written({}, { hasOption }).company).toMatchObject({
      holdfast_health_band: null,
      holdfast_churn_risk: 'medium',
    });
  });

  it('names the plays under way and where the account is in Holdfast', () => {
    expect(written({}, {}, { openPlay: '04 Red rescue' }).company).toMatchObject({
      holdfast_open_play: '04 Red rescue',
      holdfast_record_url: 'https://holdfast.example/accounts/1/7198',
    });
  });

  it('keeps long reasons within their field, in whole characters', () => {
    const { health } = assessment();
    const { company } = written({ health: { ...health, reason: '🙂'.repeat(300) } });
    const reason = company['holdfast_health_reason'] ?? '';
    expect(reason.length).toBeLessThanOrEqual(255);
    expect(reason.isWellFormed()).toBe(true);
    expect(reason.endsWith('🙂…')).toBe(true);
  });

  it('shows no amount of another currency as if it were the home currency', () => {
    expect(written({}, { inItsCurrency: () => null }).company['holdfast_arr_at_risk']).toBeNull();
  });

  it('holds at most 9,999 %: a CRM would refuse all values of the record for one beyond its field', () => {
    const { health } = assessment();
    expect(written({ health: { ...health, coverage: 150 } }).company['holdfast_data_coverage']).toBe('99.99');
  });

  it('is never an empty text, a figure with a comma or minus nothing', () => {
    const figure = fc.double({ noNaN: true, min: -1e6, max: 1e6 });
    fc.assert(
      fc.property(figure, fc.string(), (delta28d, reason) => {
        const { health } = assessment();
        const { company } = written({ health: { ...health, delta28d, score: delta28d, reason } });
        for (const value of Object.values(company)) expect(value).not.toBe('');
        expect(company['holdfast_health_delta_28d']).toMatch(/^-?\d+(\.\d)?$/);
        expect(company['holdfast_health_delta_28d']).not.toBe('-0');
      }),
      { numRuns: 100 },
    );
  });
});

describe('what a renewal deal shows', () => {
  it('is the term that it renews', () => {
    const { records, deal } = written();
    expect(records[1]).toMatchObject({ object: 'deals', id: '9001' });
    expect(deal).toMatchObject({
      holdfast_term_id: 'deal:501:2026-02-01',
      holdfast_renewal_type: 'auto_renew',
      holdfast_target_arr: '48000',
      holdfast_renewal_probability: '0.765',
      holdfast_forecast_amount: '36739.2',
      holdfast_account_health_band: 'yellow',
    });
    expect(deal).not.toHaveProperty('holdfast_csm_call');
  });

  it('has the chance of its decision, however far ahead, and none from month to month or of a later term', () => {
    const next = term({ decisionOn: calendarDate('2027-06-30'), endOn: calendarDate('2027-07-30') });
    const later = term({ id: toTermId('deal:502:2027-08-01'), renewalDealId: '9002' });
    const { records, deal } = written({ renewal: { terms: [next, later], next, status: 'not_due', gaps: [] } });
    expect(deal).toMatchObject({ holdfast_renewal_probability: '0.765' });
    expect(records[2]?.fields).toMatchObject({ holdfast_renewal_probability: null, holdfast_forecast_amount: null });
    const monthly = term({ type: 'monthly' });
    expect(written({ renewal: { terms: [monthly], next: monthly, status: 'not_due', gaps: [] } }).deal).toMatchObject({
      holdfast_renewal_probability: null,
    });
  });

  it('carries our key and mark only where we have made it', () => {
    expect(written().deal).not.toHaveProperty('holdfast_key');
    expect(written().deal).not.toHaveProperty('holdfast_created');
    const made = written({}, {}, { keyOfDeal: () => toHoldfastKey('ABCDEFGHIJKLMNOPQRSTUVWXYZ') });
    expect(made.deal).toMatchObject({ holdfast_key: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', holdfast_created: 'true' });
  });

  it('that is decided says how, keeps what it showed of the account before, and has no next step', () => {
    const lost = term({ outcome: 'churned' });
    const { deal } = written({ renewal: { terms: [lost], next: null, status: 'lost', gaps: [], progress: [decided] } });
    expect(deal).toEqual({
      holdfast_suggested_category: 'omitted',
      holdfast_renewal_outcome: 'churned',
      holdfast_on_time: null,
      holdfast_churn_type: 'avoidable',
      holdfast_churn_reason: 'price',
      holdfast_renewal_step: null,
      holdfast_steps_late: null,
      holdfast_next_action: null,
      holdfast_next_action_due: null,
    });
  });

  it('stays as it is when the term was decided long ago, and is written once when two terms share it', () => {
    const renewed = term({ outcome: 'renewed', renewalDealId: '8000' });
    const terms = [term(), term({ id: term().id }), renewed, term({ renewalDealId: null })];
    const { records } = written({ renewal: { terms, next: term(), status: 'in_window', gaps: [] } });
    expect(records.map(({ object, id }) => `${object}/${id}`)).toEqual(['companies/7198', 'deals/9001']);
  });
});

const decided: TermProgress = {
  termId: term().id,
  isSettled: true,
  calls: { system: 'at_risk', csm: null, final: null, disagree: false },
  category: 'omitted',
  step: null,
  stepsLate: 0,
  nextAction: null,
  paperDeadlineOn: null,
  healthAtT90: null,
  result: { outcome: 'churned', timing: null, churn: { type: 'avoidable', reason: 'price' } },
};

describe('what an expansion deal shows', () => {
  const { expansion } = assessment();
  const signal = { id: 'E1', points: 25, because: '97 of 100 seats are used.', evidence: [] };
  const { records } = written({
    expansion: { ...expansion, signals: [signal], deals: [{ dealId: '77', type: 'seats' }] },
  });
  const deal = records.find(({ id }) => id === '77')?.fields;

  it('is what they would buy more of, and the signs of it', () => {
    expect(deal).toMatchObject({
      holdfast_expansion_type: 'seats',
      holdfast_expansion_evidence: '97 of 100 seats are used.',
      holdfast_account_health_band: 'yellow',
    });
  });

  it('is nothing of a renewal, nor a renewal anything of an expansion: what stood there of the other is emptied', () => {
    const ofRenewal = Object.entries(deal ?? {}).filter(([name]) => /term|renewal|decision|outcome|step/.test(name));
    expect(ofRenewal.length).toBeGreaterThan(5);
    for (const [name, value] of ofRenewal) expect(value, name).toBeNull();
    expect(deal).toMatchObject({ holdfast_call_disagreement: 'false' });
    expect(records[1]?.fields).toMatchObject({ holdfast_expansion_type: null, holdfast_expansion_evidence: null });
  });
});

describe('what a contact shows', () => {
  const stakeholders = [
    { contactId: '5', role: 'champion', status: 'quiet', lastTwoWayAt: '2026-08-01T09:00:00.000Z' } as const,
  ];
  const of = assessment({ people: { champion: 'quiet', lastTwoWayAt: null, stakeholders } });

  it('is its role and whether it is in touch; without a role it shows nothing of ours', () => {
    expect(contactToShow(mapping, of, '5').toFields(ALL)).toEqual({
      holdfast_stakeholder_role: 'champion',
      holdfast_stakeholder_status: 'quiet',
      holdfast_last_two_way_at: '2026-08-01T09:00:00.000Z',
    });
    const nobody = contactToShow(mapping, of, '6').toFields(ALL);
    expect(new Set(Object.values(nobody))).toEqual(new Set([null]));
  });
});

describe('the properties that are made', () => {
  it('are the core ones first, then those that people fill, then tasks of ours', () => {
    const core = fieldSpecs(mapping, mapping.writeBack, 'core').map(({ object, name }) => `${object}.${name}`);
    const all = fieldSpecs(mapping, mapping.writeBack, 'extended').map(({ object, name }) => `${object}.${name}`);
    expect(all).toEqual(expect.arrayContaining(core));
    expect(core).toContain('tasks.holdfast_key');
    expect(all).toContain('companies.holdfast_override_band');
    expect(new Set(all).size).toBe(all.length);
  });
});

describe('a value that the CRM words otherwise', () => {
  it.each([
    ['number', '72', '72.0'],
    ['number', '72', 72],
    ['percent', '0.3', '0.30000000000000004'],
    ['currency', '12000', '1.2E4'],
    ['date', '2027-01-31', '1801353600000'],
    ['date', '2027-01-31', '2027-01-31T00:00:00Z'],
    ['datetime', '2026-11-20T06:00:00.000Z', '2026-11-20T06:00:00Z'],
    ['datetime', '2026-11-20T06:00:00.000Z', '1795154400000'],
    ['datetime', '2026-11-20T06:00:00.000Z', '2026-11-20T06:00:00.000+0000'],
    ['boolean', 'true', true],
    ['boolean', 'false', null],
    ['boolean', null, false],
    ['multi-enumeration', 'a;b', ';b;a'],
    ['long-text', 'one\ntwo', 'one\r\ntwo '],
    ['text', null, ''],
    ['text', null, undefined],
  ] as const)('is the same: %s %j and %j', (type, desired, shown) => {
    expect(isSameValue(type, desired, shown)).toBe(true);
  });

  it.each([
    ['number', '72', '72.1'],
    ['number', null, '0'],
    ['date', '2027-01-31', '2027-02-01'],
    ['date', '2027-01-31', 'soon'],
    ['datetime', '2026-11-20T06:00:00.000Z', '2026-11-20T06:00:00.001Z'],
    ['enumeration', 'red', 'Red'],
    ['multi-enumeration', 'a;b', 'a'],
    ['text', 'a', 'A'],
    ['text', 'a', null],
  ] as const)('is another: %s %j and %j', (type, desired, shown) => {
    expect(isSameValue(type, desired, shown)).toBe(false);
  });
});

describe('a reason that says the same with other figures', () => {
  it.each([
    [
      'No two-way contact for 61 days; the last was a call on 24 July.',
      'No two-way contact for 60 days; the last was a call on 24 July.',
      false,
    ],
    ['Quiet for 2 days.', 'Quiet for 1 day.', false],
    ['+1.5 Tickets: none open.', '−1.5 Tickets: none open.', false],
    ['2 urgent tickets are open.', 'No urgent ticket is open.', true],
    ['The champion left.', null, true],
  ])('%s / %s', (desired, shown, reworded) => {
    expect(isReworded(desired, shown)).toBe(reworded);
  });

  it('has a rule that says so', () => {
    const rules = writeRules(mapping.writeBack, 'account');
    expect(rules.get('holdfast_health_reason')?.isReworded?.('1 day', '2 days')).toBe(false);
    expect(rules.get('holdfast_health_band')?.isReworded).toBeNull();
    expect(rules.has('holdfast_csm_pulse')).toBe(false);
  });
});

describe('the diff by these rules', () => {
  const { company } = written();
  const shownLater = { ...company, holdfast_health_score: '61.20', holdfast_next_renewal_date: '1801353600000' };
  const diff = (desired: typeof company) =>
    diffRecord({
      object: 'companies',
      id: '7198',
      accountId: assessment().accountId,
      desired,
      shown: shownLater,
      rules: writeRules(mapping.writeBack, 'account'),
      heartbeatDays: 7,
    });

  it('writes nothing when only the hour has changed', () => {
    expect(diff({ ...company, holdfast_last_scored_at: '2026-11-20T07:00:00.000Z' })).toBeNull();
  });

  it('writes nothing for a point, and everything that differs for two', () => {
    expect(diff({ ...company, holdfast_health_score: '62.1' })).toBeNull();
    const step = diff({
      ...company,
      holdfast_health_score: '63.2',
      holdfast_last_scored_at: '2026-11-20T07:00:00.000Z',
    });
    expect(Object.keys(step?.after ?? {})).toEqual(['holdfast_health_score', 'holdfast_last_scored_at']);
  });
});
