import { describe, expect, it } from 'vitest';
import type { DecidedTerm, FeatureSnapshot } from '../../../src/core/churn/features.ts';
import type { ForecastCategory } from '../../../src/core/model/assessment.ts';
import { addDays, type CalendarDate } from '../../../src/core/model/calendar-date.ts';
import { toAccountId, toTermId } from '../../../src/core/model/ids.ts';
import type { RenewalCall } from '../../../src/core/model/records.ts';
import { calledTerms, toCallRecord } from '../../../src/core/renewals/call-record.ts';
import { configuration, on } from './builders.ts';

const TODAY = on('2027-07-01');
const DECIDED = on('2027-03-31');

interface Told {
  readonly system?: RenewalCall | null;
  readonly csm?: RenewalCall | null;
  readonly final?: 'good' | 'at_risk' | null;
  readonly category?: ForecastCategory;
  readonly isLost?: boolean;
  readonly daysBefore?: number;
  readonly decisionOn?: CalendarDate;
}

/** A renewal, and the calls on it as they were kept so many days before its decision. */
function renewal(told: Told, index = 0): { readonly term: DecidedTerm; readonly look: FeatureSnapshot } {
  const { decisionOn = DECIDED, daysBefore = 40, isLost = false, system = null, csm = null, final = null } = told;
  const [accountId, termId] = [toAccountId(`c${index}`), toTermId(`t${index}`)];
  const day = addDays(decisionOn, -daysBefore);
  return {
    term: { accountId, termId, decisionOn, isLost },
    look: {
      accountId,
      on: day,
      knownAt: `${day}T08:00:00.000Z`,
      termId,
      decisionOn,
      segment: 'mid',
      baseRate: 0.15,
      health: 60,
      delta28d: null,
      effects: [],
      measures: {},
      revenue: null,
      probabilityAtDecision: 0.2,
      modelVersion: 'HF-Health v1 / default 1',
      calls: { system, csm, final },
      ...(told.category !== undefined && { category: told.category }),
    },
  };
}

function recordOf(...told: readonly Told[]) {
  const renewals = told.map(renewal);
  const terms = calledTerms(
    renewals.map(({ look }) => look),
    renewals.map(({ term }) => term),
    TODAY,
    configuration,
  );
  return toCallRecord(terms, configuration);
}

describe('the calls on decided renewals', () => {
  it.each([
    ['good', false, 1],
    ['good', true, 0],
    ['at_risk', true, 1],
    ['at_risk', false, 0],
  ] as const)('%s, and lost: %s, is right %d times out of one', (call, isLost, right) => {
    expect(recordOf({ system: call, csm: call, isLost })).toMatchObject({
      renewals: 1,
      system: { called: 1, right },
      people: { called: 1, right },
      opposed: { renewals: 0, systemRight: 0 },
    });
  });

  it('are no calls while they say monitor, or nothing', () => {
    expect(recordOf({ system: 'monitor', csm: 'monitor' }, {})).toMatchObject({
      renewals: 2,
      system: { called: 0, right: 0 },
      people: { called: 0, right: 0 },
    });
  });

  it('are the final one before that of the CSM', () => {
    expect(recordOf({ csm: 'good', final: 'at_risk', isLost: true }).people).toEqual({ called: 1, right: 1 });
  });

  it('tell who was right where people and system differed', () => {
    const lost = { system: 'at_risk', csm: 'good', isLost: true } as const;
    expect(recordOf(lost, lost, { ...lost, isLost: false }, { ...lost, csm: 'at_risk' }).opposed).toEqual({
      renewals: 3,
      systemRight: 2,
    });
  });

  it('tell how often each suggested category came true', () => {
    const { categories } = recordOf(
      { category: 'commit' },
      { category: 'commit', isLost: true },
      { category: 'pipeline', isLost: true },
    );
    expect(categories).toEqual({ commit: { renewals: 2, renewed: 1 }, pipeline: { renewals: 1, renewed: 0 } });
  });

  it('are those of a month before, for whoever calls on the last day knows better', () => {
    const counted = (daysBefore: number) => recordOf({ system: 'good', daysBefore }).renewals;
    expect([29, 30, 75, 76].map(counted)).toEqual([0, 1, 1, 0]);
  });

  it('are those of the last year', () => {
    const counted = (days: number) => recordOf({ system: 'good', decisionOn: addDays(TODAY, -days) }).renewals;
    expect([365, 366].map(counted)).toEqual([1, 0]);
  });

  it('are not known of renewals that an earlier version looked at', () => {
    const { term, look } = renewal({ system: 'good' });
    const { calls: _calls, ...before } = look;
    expect(calledTerms([before], [term], TODAY, configuration)).toEqual([]);
  });
});
