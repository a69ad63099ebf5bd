import { describe, expect, it } from 'vitest';
import { interpolate } from '../../../src/core/measures/interpolate.ts';
import type { Breakpoints } from '../../../src/core/measures/interpolate.ts';
import type { Dimension, Reading } from '../../../src/core/measures/measure.ts';
import { defaultMeasureConfiguration } from '../../../src/core/measures/index.ts';
import { bandOf } from '../../../src/core/scoring/bands.ts';
import { defaultHealthConfiguration } from '../../../src/core/scoring/configuration.ts';
import type { MeasureReading, ScoringContext } from '../../../src/core/scoring/health.ts';
import { scoreHealth } from '../../../src/core/scoring/health.ts';
import type { ProfileId } from '../../../src/core/scoring/profiles.ts';
import { defaultProfileConfiguration } from '../../../src/core/scoring/profiles.ts';

/*
 * The published reference cases of the health model: the same inputs, worked out by hand in the model's own arithmetic.
 * The curves are those of the default configuration.
 */
const own = defaultMeasureConfiguration;
const AT = '2026-03-01T09:00:00.000Z';

type Curve = readonly [Dimension, number, Breakpoints | Readonly<Record<string, number>>];
const CURVES = {
  seat_util: ['usage', 0.3, own.seatUse.breakpoints],
  usage_chg28: ['usage', own.usageChange.weight, own.usageChange.breakpoints],
  days_since_active: ['usage', own.lastUse.weight, own.lastUse.breakpoints],
  feat_breadth: ['usage', own.coreFeatures.weight, own.coreFeatures.breakpoints],
  key_action_share: ['usage', own.keyAction.weight, own.keyAction.breakpoints],
  days_since_two_way: ['relationship', own.lastContact.weight, own.lastContact.breakpoints],
  days_since_exec: ['relationship', own.executiveContact.weight, own.executiveContact.breakpoints],
  threads90: ['relationship', own.activeContacts.weight, own.activeContacts.breakpoints],
  champion: ['relationship', own.champion.weight, own.champion.scores],
  ticket_ratio: ['support', own.ticketVolume.weight, own.ticketVolume.breakpoints],
  urgent_open: ['support', own.urgentTickets.weight, own.urgentTickets.breakpoints],
  ttr_ratio: ['support', own.resolutionTime.weight, own.resolutionTime.breakpoints],
  csat: ['support', own.ticketCsat.weight, own.ticketCsat.breakpoints],
  nps: ['sentiment', own.nps.weight, own.nps.breakpoints],
  pulse: ['sentiment', own.csmPulse.weight, own.csmPulse.breakpoints],
  overdue: ['commercial', own.overdue.weight, own.overdue.breakpoints],
  trajectory: ['commercial', own.commercialChange.weight, own.commercialChange.scores],
  renewal_progress: [
    'commercial',
    own.renewalProgress.weight,
    {
      on_track: own.renewalProgress.scores.onTrack,
      late1: own.renewalProgress.scores.oneLate,
      late2: own.renewalProgress.scores.moreLate,
      none_t30: own.renewalProgress.scores.noneDone,
    },
  ],
  onb_ratio: ['outcome', own.onboarding.weight, own.onboarding.breakpoints],
} as const satisfies Record<string, Curve>;

type Name = keyof typeof CURVES;
/** A number or a state's name; null for a measure without data, `na` for one that does not apply. */
type Inputs = Readonly<Record<Name, number | string | null>>;

function scoreOf(name: Name, input: number | string): number {
  const curve: Curve[2] = CURVES[name][2];
  if (Array.isArray(curve)) return interpolate(Number(input), curve);
  const score = Object.entries(curve).find(([state]) => state === input)?.[1];
  if (score === undefined) throw new Error(`${name} has no state ${input}`);
  return score;
}

function toReading(name: Name, input: number | string | null): Reading {
  if (input === 'na') return { state: 'na', because: 'It does not apply.' };
  if (input === null) return { state: 'missing', because: 'There is nothing.' };
  const score = scoreOf(name, input);
  return { state: 'ok', value: score, score, because: 'It was read.', evidence: [], at: AT };
}

const names = Object.keys(CURVES).map((name) => name as Name);

function toReadings(inputs: Inputs): readonly MeasureReading[] {
  return names.map((name) => ({
    measure: { id: name, title: name, dimension: CURVES[name][0], weight: CURVES[name][1] },
    reading: toReading(name, inputs[name]),
  }));
}

function lastGoodOf(inputs: Inputs): ScoringContext['lastGood'] {
  const known = toReadings(inputs).flatMap(({ measure, reading }) =>
    reading.state === 'ok' ? [[measure.id, { value: reading.value, score: reading.score, at: AT }] as const] : [],
  );
  return Object.fromEntries(known);
}

function score(inputs: Inputs, profile: ProfileId = 'steady', more: Partial<ScoringContext> = {}) {
  const scored = scoreHealth(
    toReadings(inputs),
    {
      weights: defaultProfileConfiguration.weights[profile],
      prior: 65,
      asOf: AT,
      isUsageTold: true,
      lastGood: {},
      caps: [],
      ...more,
    },
    defaultHealthConfiguration,
  );
  return {
    raw: oneDigit(scored.raw),
    coverage: scored.coverage,
    score: oneDigit(scored.score),
    band: scored.score === null ? 'grey' : bandOf(scored.score, defaultHealthConfiguration.bands),
    dimensions: Object.fromEntries(Object.entries(scored.dimensions).map(([name, value]) => [name, oneDigit(value)])),
    confidence: scored.confidence,
  };
}

const oneDigit = (value: number | null): number | null => (value === null ? null : Math.round(value * 10) / 10);

const healthy: Inputs = {
  seat_util: 0.86,
  usage_chg28: 0.04,
  days_since_active: 1,
  feat_breadth: 0.7,
  key_action_share: 0.45,
  days_since_two_way: 12,
  days_since_exec: 60,
  threads90: 4,
  champion: 'active',
  ticket_ratio: 1.1,
  urgent_open: 0,
  ttr_ratio: 0.9,
  csat: 4.5,
  nps: 9,
  pulse: 4,
  overdue: 0,
  trajectory: 'flat',
  renewal_progress: 'na',
  onb_ratio: 1,
};
const declining: Inputs = {
  ...healthy,
  seat_util: 0.42,
  usage_chg28: -0.32,
  days_since_active: 9,
  feat_breadth: 0.35,
  key_action_share: 0.18,
  days_since_two_way: 75,
  threads90: 1,
  champion: 'quiet',
  nps: 6,
  pulse: 3,
  csat: 3.8,
  urgent_open: 1,
};
const thin: Inputs = {
  seat_util: null,
  usage_chg28: null,
  days_since_active: null,
  feat_breadth: null,
  key_action_share: null,
  days_since_two_way: 20,
  days_since_exec: null,
  threads90: 2,
  champion: null,
  ticket_ratio: 1,
  urgent_open: 0,
  ttr_ratio: null,
  csat: null,
  nps: null,
  pulse: 4,
  overdue: 0,
  trajectory: 'flat',
  renewal_progress: 'na',
  onb_ratio: 1,
};
const onboarding: Inputs = {
  seat_util: 0.2,
  usage_chg28: 0.1,
  days_since_active: 2,
  feat_breadth: 0.2,
  key_action_share: 0.1,
  days_since_two_way: 6,
  days_since_exec: 20,
  threads90: 2,
  champion: 'active',
  ticket_ratio: 2,
  urgent_open: 1,
  ttr_ratio: 1,
  csat: null,
  nps: null,
  pulse: 3,
  overdue: 'na',
  trajectory: 'na',
  renewal_progress: 'na',
  onb_ratio: 0.55,
};

describe('the reference cases of the health model', () => {
  it('A: a steady customer with everything well is green at 90', () => {
    expect(score(healthy)).toMatchObject({
      raw: 90,
      coverage: expect.closeTo(1, 9),
      score: 90,
      band: 'green',
      confidence: 'high',
      dimensions: {
        usage: 87.2,
        relationship: 93.4,
        support: 90.6,
        sentiment: 85.5,
        commercial: 91.1,
        outcome: 100,
      },
    });
  });

  it('B: a declining customer is yellow at 61.3', () => {
    expect(score(declining)).toMatchObject({
      raw: 61.3,
      score: 61.3,
      band: 'yellow',
      dimensions: { usage: 44.4, relationship: 54.4, support: 73.4, sentiment: 51.8, commercial: 91.1, outcome: 100 },
    });
  });

  it('B: losing the two worst usage readings does not lift the score', () => {
    const lost = { ...declining, seat_util: null, usage_chg28: null };
    const known = score(lost, 'steady', { lastGood: lastGoodOf(declining) });
    expect(known.raw).toBe(61.3);
    expect(known.score).toBeLessThanOrEqual(61.3);
    // Were they never known, leaving them out would be all that can be done.
    expect(score(lost).raw).toBe(65.7);
  });

  it('A: losing two good usage readings lowers the score, since what is lost counts at most as neutral', () => {
    const lost = { ...healthy, seat_util: null, usage_chg28: null };
    const known = score(lost, 'steady', { lastGood: lastGoodOf(healthy) });
    expect(known.raw).toBe(84.5);
    expect(known.score).toBeLessThanOrEqual(84.5);
    expect(score(lost).raw).toBe(90.5);
  });

  it('C: before a renewal, a departed champion takes 80 down to 49, red', () => {
    const departed = { ...healthy, champion: 'departed', renewal_progress: 'late1' };
    expect(score(departed, 'renewal_window')).toMatchObject({ raw: 80, score: 80, band: 'green' });
    const caps = [{ id: 'champion_departed', limit: 49, because: 'The champion left.' }];
    expect(score(departed, 'renewal_window', { caps })).toMatchObject({
      raw: 80,
      score: 49,
      band: 'red',
      dimensions: { relationship: 63.4, commercial: 81.8 },
    });
  });

  it('D: a usage source without data for the account holds a good score at 74, yellow', () => {
    expect(score(thin)).toMatchObject({
      raw: 86.1,
      coverage: expect.closeTo(0.435, 3),
      score: 74,
      band: 'yellow',
      confidence: 'low',
      dimensions: { relationship: 74.5, support: 95.8, sentiment: 80, commercial: 91.1, outcome: 100 },
    });
  });

  it('D: without any usage source the CRM alone makes the same customer green, with medium confidence', () => {
    expect(score(thin, 'crm_only')).toMatchObject({
      raw: 85,
      coverage: expect.closeTo(0.6625, 6),
      score: 81.6,
      band: 'green',
      confidence: 'medium',
    });
  });

  it('E: an onboarding customer behind its milestones is yellow at 59.8', () => {
    expect(score(onboarding, 'onboarding')).toMatchObject({
      raw: 59.8,
      coverage: expect.closeTo(0.948, 3),
      score: 59.8,
      band: 'yellow',
      dimensions: { usage: 57.9, relationship: 91.5, support: 68.5, sentiment: 60, outcome: 42.9 },
    });
  });
});
