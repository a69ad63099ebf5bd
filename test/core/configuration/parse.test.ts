import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changesBetween, listChanges, withChanges } from '../../../src/core/configuration/changes.ts';
import {
  changesOf,
  openWhole,
  parseChanges,
  parseVersionName,
  parseWhole,
  problemsIn,
  versionName,
} from '../../../src/core/configuration/parse.ts';
import { valueAt, withValueAt } from '../../../src/core/configuration/path.ts';
import { defaultConfiguration } from '../../../src/core/configuration.ts';

const { version: _, ...defaults } = defaultConfiguration;

describe('the configuration of the model', () => {
  it('is as by default where an admin changes nothing', () => {
    expect(parseChanges({})).toEqual(defaults);
    expect(parseWhole(defaults)).toEqual(defaults);
    expect(changesOf(parseChanges({}))).toEqual({});
  });

  it('takes what differs, as deep as it lies, and leaves the rest', () => {
    const whole = parseChanges({ health: { bands: { green: 80 } }, usage: { keyActions: ['Invoice Sent'] } });
    expect(whole.health.bands).toEqual({ ...defaults.health.bands, green: 80 });
    expect(whole.usage).toEqual({ ...defaults.usage, keyActions: ['Invoice Sent'] });
    expect(whole.renewals).toEqual(defaults.renewals);
  });

  it('does not keep as a change what is as by default', () => {
    expect(changesOf(parseChanges({ health: { bands: { green: 75, yellow: 55 } } }))).toEqual({
      health: { bands: { yellow: 55 } },
    });
  });

  it('takes a key that a whole of an earlier time lacks from the defaults', () => {
    const { order: __, ...earlier } = defaults.health.profiles;
    expect(parseWhole({ ...defaults, health: { ...defaults.health, profiles: earlier } })).toEqual(defaults);
  });

  it('goes on with what was published, even where it is called a contradiction since', () => {
    const odd = { health: { bands: { yellow: 80 } } };
    expect(openWhole(odd).health.bands).toMatchObject({ yellow: 80, green: 75 });
    expect(() => parseWhole(odd)).toThrow('out of order');
    expect(() => openWhole({ health: { bands: { yellow: 'low' } } })).toThrow('health.bands.yellow');
  });

  it('lists changes by their path, with what stood there', () => {
    expect(listChanges(defaults, { health: { bands: { green: 80 } }, rates: { perUnit: { USD: 0.9 } } })).toEqual([
      { path: 'health.bands.green', before: 75, after: 80 },
      { path: 'rates.perUnit.USD', before: null, after: 0.9 },
    ]);
  });

  it('names its versions', () => {
    expect(parseVersionName(versionName(7))).toBe(7);
    expect(parseVersionName(defaultConfiguration.version)).toBe(0);
    expect(parseVersionName('version 0')).toBeNull();
    expect(parseVersionName('default 0')).toBeNull();
  });

  it('is reached by paths', () => {
    expect(valueAt(defaults, 'plays.redRescue.tasks[0].role')).toBe(defaults.plays.redRescue.tasks[0]?.role);
    const changed = withValueAt(defaults, 'plays.redRescue.tasks[0].title', 'Ring {account}');
    expect(valueAt(changed, 'plays.redRescue.tasks[0].title')).toBe('Ring {account}');
    expect(valueAt(changed, 'plays.redRescue.tasks[1]')).toEqual(defaults.plays.redRescue.tasks[1]);
    expect(() => valueAt(defaults, 'health.band')).toThrow("Did you mean 'bands'?");
    expect(() => valueAt(defaults, 'health..bands')).toThrow('is not a path');
    expect(() => withValueAt(defaults, 'plays.redRescue.tasks[99].title', 'x')).toThrow("There is no '[99]'");
  });
});

const task = { id: 'call', role: 'csm', dueDays: 1, title: 'Call', whatToDo: 'Call.', doneWhen: 'called.' };

// Each row: what the admin writes, where it is wrong, and the words that say so.
describe.each<[string, object, string, RegExp]>([
  ['an unknown key', { health: { band: { green: 80 } } }, 'health', /unknown key 'band'.*Did you mean 'bands'\?/],
  ['an unknown section', { healths: {} }, '', /unknown key 'healths'.*Did you mean 'health'\?/],
  ['the name of the version', { version: 'mine' }, '', /unknown key 'version'/],
  ['an unknown segment', { renewals: { cadences: { midd: [] } } }, 'renewals.cadences', /Did you mean 'mid'\?/],
  [
    'a prototype',
    JSON.parse('{"health": {"__proto__": {"neutral": 1}}}') as object,
    'health',
    /unknown key '__proto__'/,
  ],
  ['a text for a number', { health: { bands: { green: 'high' } } }, 'health.bands.green', /number from 0 to 100/],
  ['a list for a group', { health: [] }, 'health', /expected object/],
  ['smoothing above one', { health: { bands: { smoothing: 1.5 } } }, 'health.bands.smoothing', /from 0 to 1/],
  ['smoothing of nothing', { health: { bands: { smoothing: 0 } } }, 'health.bands.smoothing', /never move/],
  [
    'weights that are not 100 in all',
    { health: { profiles: { weights: { steady: { usage: 45 } } } } },
    'health.profiles.weights.steady',
    /add up to 110, not to 100. Take 10 away/,
  ],
  [
    'a weight for a dimension whose measures weigh nothing',
    { health: { measures: { onboarding: { weight: 0 }, goals: { weight: 0 } } } },
    'health.profiles.weights.steady.outcome',
    /all its measures weigh nothing/,
  ],
  [
    'a curve that goes back',
    {
      health: {
        measures: {
          lastUse: {
            breakpoints: [
              [7, 100],
              [1, 50],
            ],
          },
        },
      },
    },
    'health.measures.lastUse.breakpoints',
    /rising order of x/,
  ],
  [
    'a curve that goes up and down',
    {
      health: {
        measures: {
          lastUse: {
            breakpoints: [
              [1, 90],
              [7, 100],
              [30, 0],
            ],
          },
        },
      },
    },
    'health.measures.lastUse.breakpoints',
    /up and down/,
  ],
  [
    'a curve the wrong way round',
    {
      health: {
        measures: {
          lastUse: {
            breakpoints: [
              [1, 0],
              [30, 100],
            ],
          },
        },
      },
    },
    'health.measures.lastUse.breakpoints',
    /less is better/,
  ],
  [
    'a curve of one point',
    { health: { measures: { lastUse: { breakpoints: [[1, 0]] } } } },
    'health.measures.lastUse.breakpoints',
    /two points/,
  ],
  ['bands out of order', { health: { bands: { yellow: 80 } } }, 'health.bands.yellow', /out of order/],
  ['a guess that is green', { health: { bands: { green: 70 } } }, 'health.lowCoverage.limit', /a guess could be green/],
  [
    'a band by hand for a year',
    { health: { override: { longestDays: 365 } } },
    'health.override.longestDays',
    /at most 90/,
  ],
  [
    'a band by hand that outlives its limit',
    { health: { override: { longestDays: 10 } } },
    'health.override.defaultDays',
    /30 days by default, and 10 at most/,
  ],
  [
    'no reason for a band by hand',
    { health: { override: { reasons: [] } } },
    'health.override.reasons',
    /must name at least one/,
  ],
  [
    'a reason for a band by hand that holds what ends it',
    { health: { override: { reasons: [{ code: 'budget', title: 'Budget: cut' }] } } },
    'health.override.reasons[0].title',
    /must not hold a colon/,
  ],
  [
    'two reasons for a band by hand that people cannot tell apart',
    {
      health: {
        override: {
          reasons: [
            { code: 'product_gap', title: 'Something lacks' },
            { code: 'missing', title: 'Product Gap' },
          ],
        },
      },
    },
    'health.override.reasons[1]',
    /'Product Gap' \(missing\) cannot be told from 'Something lacks' \(product_gap\)/,
  ],
  [
    'an unknown profile',
    { health: { profiles: { order: ['strategic', 'steady'] } } },
    'health.profiles.order[0]',
    /"strategic" must be/,
  ],
  [
    'a profile that is never reached',
    { health: { profiles: { order: ['steady', 'enterprise'] } } },
    'health.profiles.order',
    /enterprise\) would never be used/,
  ],
  [
    'an unknown measure',
    { churn: { reasons: { measures: { U9: 'adoption' } } } },
    'churn.reasons.measures.U9',
    /no measure 'U9'/,
  ],
  [
    'two measures of one name',
    { health: { measures: { custom: [custom('X-a'), custom('X-a')] } } },
    'health.measures.custom[1].id',
    /stands there twice/,
  ],
  [
    'too many measures',
    { health: { measures: { custom: Array.from({ length: 41 }, (_one, index) => custom(`X-${index}`)) } } },
    'health.measures.custom',
    /at most 40/,
  ],
  [
    'a measure that looks back further than usage is kept',
    { health: { measures: { custom: [{ ...custom('X-a'), as: 'change', windowDays: 201 }] } } },
    'usage.retentionDays',
    /kept for 400 days only\. Further back look health\.measures\.custom\[0\]\.windowDays \(402 days\)/,
  ],
  ['an unknown play', { plays: { modes: { '99': 'off' } } }, 'plays.modes', /no play '99'/],
  [
    'an unknown play in a guard',
    { expansion: { guards: { rescuePlays: ['4'] } } },
    'expansion.guards.rescuePlays',
    /no play '4'/,
  ],
  [
    'sizes of peers out of order',
    { expansion: { whitespace: { sizesFrom: [1, 250, 50] } } },
    'expansion.whitespace.sizesFrom',
    /the number of employees has to rise/,
  ],
  [
    'learning from fewer months than it takes to see what followed',
    { expansion: { probability: { learning: { months: 3 } } } },
    'expansion.probability.learning.months',
    /known after 90 days; in 3 months there is no such score to learn from\. Learn from more months/,
  ],
  [
    'one product of peers for more points than all of them',
    { expansion: { whitespace: { points: 20 } } },
    'expansion.whitespace.limit',
    /more points than all/,
  ],
  [
    'a price of peers that is brought to nothing',
    { expansion: { whitespace: { scale: { least: 5 } } } },
    'expansion.whitespace.scale.least',
    /at most scale\.most/,
  ],
  ['a guard beyond any score', { expansion: { guards: { health: 120 } } }, 'expansion.guards.health', /from 0 to 100/],
  [
    'a trigger that can never be met',
    { plays: { limitReached: { meteredPoints: 60 } } },
    'plays.limitReached.meteredPoints',
    /could never be met/,
  ],
  [
    'a lower bound above the figure that it belongs to',
    { validation: { redTimes: { low: 3.5 } } },
    'validation.redTimes.low',
    /reach more than the figure itself/,
  ],
  [
    'points that never make an account hot',
    {
      expansion: {
        hotFrom: 91,
        request: { points: 0 },
        seats: { steps: [{ from: 1, points: 0, forDays: 0 }] },
        whitespace: { points: 0, limit: 0 },
      },
    },
    'expansion.hotFrom',
    /nothing could ever be hot/,
  ],
  [
    'cadence steps out of order',
    { renewals: { cadences: { smb: [cadenceStep('R1', -30), cadenceStep('R3', -60)] } } },
    'renewals.cadences.smb[1].day',
    /R3 \(day -60 from the decision\) comes before R1/,
  ],
  [
    'a cadence step with a wording that is not there',
    { renewals: { cadences: { smb: [{ ...cadenceStep('R1', -30), wording: 'R11' }] } } },
    'renewals.cadences.smb[0].wording',
    /no wording 'R11'/,
  ],
  [
    'a score of before the decision that is taken after it',
    { renewals: { earlierScore: { daysBefore: 3 } } },
    'renewals.earlierScore.withinDays',
    /up to 3 days after it/,
  ],
  ['a currency that is not there', { rates: { perUnit: { EURO: 1 } } }, 'rates.perUnit.EURO', /no currency 'EURO'/],
  ['a rate of nothing', { rates: { perUnit: { USD: 0 } } }, 'rates.perUnit.USD', /number from/],
  [
    'a variable that is not there',
    { plays: { redRescue: { tasks: [{ ...task, title: 'Call {acount}' }] } } },
    'plays.redRescue.tasks[0].title',
    /no variable \{acount\}. Did you mean 'account'\?/,
  ],
  [
    'a variable that is not there in a step of the renewal',
    { renewals: { wordings: { R4: { title: 'Offer {seat}' } } } },
    'renewals.wordings.R4.title',
    /no variable \{seat\}. Did you mean 'seats'\?/,
  ],
  ['a play without a task', { plays: { redRescue: { tasks: [] } } }, 'plays.redRescue.tasks', /Play 04 has no task/],
  ['a negative retention', { usage: { retentionDays: -5 } }, 'usage.retentionDays', /whole number from 1/],
  [
    'a retention shorter than what is looked at',
    { usage: { retentionDays: 30 } },
    'usage.retentionDays',
    /kept for 30 days only.*expansion\.metered\.cycleDays \(60 days\).*Keep at least 92 days/,
  ],
  [
    'a window of recent use longer than the one of use',
    { usage: { windows: { recentDays: 35 } } },
    'usage.windows.recentDays',
    /more than the active 28/,
  ],
  [
    'an earlier season among the days that are compared anyway',
    { usage: { windows: { seasonWeeks: 7 } } },
    'usage.windows.seasonWeeks',
    /at least 8/,
  ],
  [
    'an earlier season that begins before there is any history',
    { usage: { windows: { seasonFromDays: 365 } } },
    'usage.windows.seasonFromDays',
    /begins 391 days back/,
  ],
  [
    'a play that is over before it begins',
    { plays: { usageDecline: { recoversTo: -0.5 } } },
    'plays.usageDecline.recoversTo',
    /over before it begins/,
  ],
  ['a day that does not exist', { renewals: { holidays: ['2026-02-30'] } }, 'renewals.holidays[0]', /must be a day/],
])('%s', (_title, changes, path, words) => {
  it('is refused, with its place and what to do', () => {
    const problems = problemsIn(changes);
    expect(problems.map((problem) => problem.path)).toContain(path);
    expect(problems.map(({ message, remedy }) => `${message} ${remedy}`).join('\n')).toMatch(words);
    expect(() => parseChanges(changes)).toThrow('The configuration does not hold together');
  });
});

describe('a configuration with several faults', () => {
  it('is told all of them at once', () => {
    const faulty = {
      health: { bands: { yellow: 80 }, profiles: { weights: { steady: { usage: 45 }, enterprise: { usage: 0 } } } },
      rates: { perUnit: { EURO: 1 } },
    };
    expect(problemsIn(faulty).map(({ path }) => path)).toEqual([
      'health.profiles.weights.enterprise',
      'health.profiles.weights.steady',
      'health.bands.yellow',
      'rates.perUnit.EURO',
    ]);
  });
});

describe('whatever an admin changes', () => {
  /** Changes that hold together, in several sections. */
  const changes = fc.record(
    {
      health: fc.record(
        {
          bands: fc.record({
            smoothing: fc.double({ min: 0.01, max: 1, noNaN: true }),
            yellow: fc.integer({ min: 30, max: 60 }),
          }),
          prior: fc.integer({ min: 0, max: 100 }),
          measures: fc.record({
            nps: fc.record({ weight: fc.double({ min: 0.01, max: 1, noNaN: true }) }),
            custom: fc.uniqueArray(
              fc.integer({ min: 0, max: 99 }).map((id) => custom(`X-${id}`)),
              {
                selector: ({ id }) => id,
                maxLength: 5,
              },
            ),
          }),
        },
        { requiredKeys: [] },
      ),
      rates: fc.record({
        perUnit: fc.dictionary(fc.constantFrom('USD', 'GBP', 'JPY'), fc.double({ min: 0.01, max: 200, noNaN: true })),
      }),
      plays: fc.record({
        modes: fc.dictionary(fc.constantFrom('01', '02', '13'), fc.constantFrom('off', 'suggest', 'act')),
      }),
      renewals: fc.record({ dueHour: fc.integer({ min: 0, max: 23 }) }),
    },
    { requiredKeys: [] },
  );

  it('makes a whole that holds, from which the same changes can be told again', () => {
    fc.assert(
      fc.property(changes, (given) => {
        const whole = parseChanges(given);
        expect(parseWhole(whole)).toEqual(whole);
        expect(parseChanges(changesOf(whole))).toEqual(whole);
      }),
    );
  });

  it('can be taken apart and put together, whatever it is', () => {
    const tree = fc.letrec<{ tree: unknown }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 3 },
        fc.jsonValue({ maxDepth: 0 }),
        fc.array(fc.integer(), { maxLength: 3 }),
        fc.dictionary(fc.constantFrom('a', 'b', '__proto__', 'd'), tie('tree'), { noNullPrototype: true }),
      ),
    })).tree;
    const group = fc.dictionary(fc.constantFrom('a', 'b', 'c'), tree, { noNullPrototype: true });
    fc.assert(
      fc.property(group, group, (from, to) => {
        const merged = withChanges(from, to);
        expect(withChanges(from, changesBetween(from, merged))).toEqual(merged);
        expect(changesBetween(merged, merged)).toEqual({});
      }),
    );
  });
});

function custom(id: string) {
  return {
    id,
    title: 'Exports',
    dimension: 'usage',
    weight: 0.2,
    of: { kind: 'events' },
    as: 'sum',
    windowDays: 28,
    breakpoints: [
      [0, 0],
      [1, 100],
    ],
  };
}

function cadenceStep(id: string, day: number) {
  return { id, day, from: 'decision', by: 'csm', wording: id, occurrence: 1 };
}
