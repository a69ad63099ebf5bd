import type { ConfigurationWhole } from './parse.ts';
import { didYouMean } from '../mapping/did-you-mean.ts';
import { defaultMeasureConfiguration, measuresOf } from '../measures/index.ts';
import type { Breakpoints } from '../measures/interpolate.ts';
import { catalogueOf, signalPlaysOf } from '../plays/index.ts';
import type { PlaySettings } from '../plays/play.ts';
import { TEMPLATE_VARIABLES, unknownVariablesIn } from '../plays/template.ts';
import type { CadenceStep, Wording } from '../renewals/configuration.ts';
import { comparable } from '../scoring/override-reasons.ts';
import { PROFILE_IDS } from '../scoring/profiles.ts';
import { lookBacksOf } from '../usage/look-back.ts';

/** What is wrong with one place of a configuration, for whoever edits it. */
export interface ConfigurationProblem {
  /** `health.bands.yellow`; empty for the whole. */
  readonly path: string;
  readonly message: string;
  /** What to do about it; empty where the message says so already. */
  readonly remedy: string;
}

/** Adds a problem where something does not hold. */
type Report = (path: string, message: string, remedy?: string) => void;

/** Everything in a configuration that cannot be meant: values that are each allowed, and not together. */
export function contradictionsIn(whole: ConfigurationWhole): readonly ConfigurationProblem[] {
  const problems: ConfigurationProblem[] = [];
  const report: Report = (path, message, remedy = '') => problems.push({ path, message, remedy });
  checkMeasures(whole, report);
  checkProfiles(whole, report);
  checkBands(whole, report);
  checkChurn(whole, report);
  checkExpansion(whole, report);
  checkRenewals(whole, report);
  checkRates(whole, report);
  checkUsage(whole, report);
  checkPlays(whole, report);
  checkValidation(whole, report);
  return problems;
}

function checkMeasures({ health, churn }: ConfigurationWhole, report: Report): void {
  const at = 'health.measures';
  for (const [name, settings] of Object.entries(health.measures)) {
    if (!('breakpoints' in settings)) continue;
    const standard: unknown = Reflect.get(defaultMeasureConfiguration, name);
    checkCurve(`${at}.${name}.breakpoints`, settings.breakpoints, directionIn(standard), report);
  }
  for (const [index, step] of health.measures.seatUse.onboarding.entries()) {
    checkCurve(`${at}.seatUse.onboarding[${index}].breakpoints`, step.breakpoints, 1, report);
  }
  checkRising(
    `${at}.seatUse.onboarding`,
    health.measures.seatUse.onboarding.map(({ belowDays }) => belowDays),
    'the youngest comes first: belowDays',
    report,
  );
  const { custom, ticketVolume, champion } = health.measures;
  if (ticketVolume.recentDays >= ticketVolume.habitDays) {
    report(
      `${at}.ticketVolume.recentDays`,
      `The recent ${ticketVolume.recentDays} days are all of the ${ticketVolume.habitDays} days that they are compared with.`,
      'Make habitDays longer than recentDays.',
    );
  }
  if (champion.scores.departed > champion.scores.active) {
    report(`${at}.champion.scores.departed`, 'A champion who left would count for more than one who is in touch.');
  }
  for (const [index, measure] of custom.entries()) {
    const path = `${at}.custom[${index}]`;
    checkCurve(`${path}.breakpoints`, measure.breakpoints, 0, report);
    if (custom.findIndex(({ id }) => id === measure.id) !== index) {
      report(`${path}.id`, `'${measure.id}' stands there twice.`, 'Give each measure an id of its own.');
    }
  }
  const known = measuresOf(health.measures).map(({ id }) => id);
  for (const id of Object.keys(churn.reasons.measures)) {
    if (!known.includes(id)) {
      report(`churn.reasons.measures.${id}`, `There is no measure '${id}'.${didYouMean(id, known)}`, listed(known));
    }
  }
}

/** A curve goes on to the right, and its scores go one way: a value that gets worse never scores better. */
function checkCurve(path: string, points: Breakpoints, direction: number, report: Report): void {
  if (points.some(([x], index) => index > 0 && x <= (points[index - 1]?.[0] ?? x))) {
    report(path, 'The points are not in rising order of x.', 'Put them in order; each x may stand there once.');
    return;
  }
  const way = directionOf(points);
  if (way === null) {
    report(path, 'The scores go up and down along the curve.', 'Let them only rise or only fall.');
  } else if (direction !== 0 && way !== 0 && way !== direction) {
    report(
      path,
      direction > 0
        ? 'More would count as worse here, although more is better.'
        : 'More would count as better here, although less is better.',
      'Turn the scores round.',
    );
  }
}

/** 1 for rising, −1 for falling, 0 for level scores; null for up and down. */
function directionOf(points: Breakpoints): number | null {
  const steps = points.slice(1).map(([, score], index) => Math.sign(score - (points[index]?.[1] ?? score)));
  const ways = new Set(steps.filter((step) => step !== 0));
  if (ways.size > 1) return null;
  return [...ways][0] ?? 0;
}

function directionIn(settings: unknown): number {
  const curve: unknown =
    typeof settings === 'object' && settings !== null ? Reflect.get(settings, 'breakpoints') : null;
  return Array.isArray(curve) ? (directionOf(curve as Breakpoints) ?? 0) : 0;
}

function checkProfiles({ health }: ConfigurationWhole, report: Report): void {
  const { order, weights, lowTouchBelow, enterpriseAbove } = health.profiles;
  const at = 'health.profiles';
  for (const id of PROFILE_IDS) {
    const sum = Object.values(weights[id]).reduce((total, weight) => total + weight, 0);
    if (Math.abs(sum - 100) > 1e-6) {
      report(
        `${at}.weights.${id}`,
        `The weights add up to ${plain(sum)}, not to 100.`,
        sum > 100 ? `Take ${plain(sum - 100)} away.` : `Give ${plain(100 - sum)} more.`,
      );
    }
    for (const [dimension, weight] of entriesOf(weights[id])) {
      const isEmpty = measuresOf(health.measures).every((one) => one.dimension !== dimension || one.weight === 0);
      if (weight > 0 && isEmpty) {
        report(
          `${at}.weights.${id}.${dimension}`,
          `${dimension} counts ${plain(weight)} of 100, and all its measures weigh nothing.`,
          'Give one of its measures a weight, or the dimension none.',
        );
      }
    }
  }
  const { relationship, support, sentiment, commercial } = weights.crm_only;
  if (relationship + support + sentiment + commercial === 0) {
    report(
      `${at}.weights.crm_only`,
      'Without usage nothing would count but outcomes.',
      'Give relationship, support, sentiment or commercial a weight: they share out what usage leaves.',
    );
  }
  for (const [index, id] of order.entries()) {
    if (order.indexOf(id) !== index) report(`${at}.order`, `'${id}' stands there twice.`, 'Name each profile once.');
  }
  const last = order.at(-1);
  if (last !== 'steady') {
    report(
      `${at}.order`,
      order.includes('steady')
        ? `'steady' fits every account, so what comes behind it (${order.slice(order.indexOf('steady') + 1).join(', ')}) would never be used.`
        : "'steady' is missing, so that accounts which fit no other profile have none.",
      "Put 'steady' last.",
    );
  }
  if (lowTouchBelow > enterpriseAbove) {
    report(
      `${at}.lowTouchBelow`,
      `Low touch ends at ${plain(lowTouchBelow)}, above where enterprise begins (${plain(enterpriseAbove)}).`,
      'Set it to at most enterpriseAbove.',
    );
  }
}

function checkBands({ health }: ConfigurationWhole, report: Report): void {
  const { bands, confidence, lowCoverage, greyBelowCoverage, override, trend, caps } = health;
  if (bands.yellow >= bands.green) {
    report(
      'health.bands.yellow',
      `Yellow begins at ${plain(bands.yellow)}, and green at ${plain(bands.green)}: the bands are out of order.`,
      `Set yellow below green.`,
    );
  }
  if (bands.green + bands.better.margin > 100) {
    report(
      'health.bands.better.margin',
      `To become green, a score would have to reach ${plain(bands.green + bands.better.margin)} of 100.`,
      `Set the margin to at most ${plain(100 - bands.green)}.`,
    );
  }
  if (bands.yellow - bands.worse.margin <= 0) {
    report(
      'health.bands.yellow',
      'No score is below the edge to red less the margin, so that nothing could become red.',
      'Set yellow above worse.margin.',
    );
  }
  if (lowCoverage.limit >= bands.green) {
    report(
      'health.lowCoverage.limit',
      `A score that rests on little may reach ${plain(lowCoverage.limit)}, and green begins at ${plain(bands.green)}: a guess could be green.`,
      `Set it below ${plain(bands.green)}.`,
    );
  }
  if (greyBelowCoverage > lowCoverage.coverage) {
    report(
      'health.greyBelowCoverage',
      `Below ${plain(greyBelowCoverage)} the band is grey, so that the limit for little coverage (below ${plain(lowCoverage.coverage)}) would never hold.`,
      'Set it to at most lowCoverage.coverage.',
    );
  }
  if (confidence.high < confidence.medium || confidence.medium < confidence.low) {
    report('health.confidence', 'High, medium and low are out of order.', 'Set high ≥ medium ≥ low.');
  }
  if (trend.leastDays > trend.days) {
    report(
      'health.trend.leastDays',
      `A trend over ${trend.days} days cannot wait for ${trend.leastDays}.`,
      'Set it to at most days.',
    );
  }
  if (!(trend.improving > 0 && trend.declining < 0 && trend.sharp <= trend.declining)) {
    report(
      'health.trend',
      'The edges are out of order.',
      'Set improving above 0, declining below 0, sharp below that.',
    );
  }
  if (override.defaultDays > override.longestDays) {
    report(
      'health.override.defaultDays',
      `A band set by hand would hold ${override.defaultDays} days by default, and ${override.longestDays} at most.`,
      'Set it to at most longestDays.',
    );
  }
  for (const [index, reason] of override.reasons.entries()) {
    const names = [reason.code, reason.title].map(comparable);
    const other = override.reasons
      .slice(0, index)
      .find(({ code, title }) => names.includes(comparable(code)) || names.includes(comparable(title)));
    if (other === undefined) continue;
    report(
      `health.override.reasons[${index}]`,
      `'${reason.title}' (${reason.code}) cannot be told from '${other.title}' (${other.code}): the letters' case does not count.`,
      'Give each reason a code and a title of its own.',
    );
  }
  if (caps.championDeparted.nearLimit > caps.championDeparted.limit) {
    report(
      'health.caps.championDeparted.nearLimit',
      'Near the renewal the limit would be milder than far from it.',
      'Set it to at most limit.',
    );
  }
  const overdue = caps.overdue;
  checkRising(
    'health.caps.overdue',
    overdue.map(({ overDays }) => overDays),
    'the mildest comes first: overDays',
    report,
  );
  if (overdue.some(({ limit }, index) => index > 0 && limit > (overdue[index - 1]?.limit ?? limit))) {
    report('health.caps.overdue', 'A longer delay would have a milder limit.', 'Let limit fall as overDays rises.');
  }
}

function checkChurn({ churn }: ConfigurationWhole, report: Report): void {
  if (churn.lowest >= churn.highest) {
    report('churn.lowest', `The lowest chance (${churn.lowest}) is not below the highest (${churn.highest}).`);
  }
  if (churn.risk.mediumTimes > churn.risk.highTimes) {
    report('churn.risk.mediumTimes', 'Medium risk would begin above high risk.', 'Set it to at most highTimes.');
  }
  const { features, leastChurns, leastTerms } = churn.learning;
  if (new Set(features).size !== features.length) {
    report('churn.learning.features', 'A feature stands there twice.', 'Name each once.');
  }
  if (leastChurns >= leastTerms) {
    report('churn.learning.leastChurns', 'There would have to be as many losses as terms.', 'Set it below leastTerms.');
  }
}

function checkValidation({ validation }: ConfigurationWhole, report: Report): void {
  const { redTimes } = validation;
  if (redTimes.low > redTimes.least) {
    report(
      'validation.redTimes.low',
      'The lower bound would have to reach more than the figure itself.',
      'Set it to at most least.',
    );
  }
}

function checkExpansion({ expansion, plays }: ConfigurationWhole, report: Report): void {
  const { seats, metered, whitespace, guards, probability } = expansion;
  for (const [path, steps] of [
    ['expansion.seats.steps', seats.steps],
    ['expansion.metered.steps', metered.steps],
  ] as const) {
    if (steps.some(({ from }, index) => index > 0 && from >= (steps[index - 1]?.from ?? from))) {
      report(path, 'The steps are not in falling order of from.', 'Put the highest first.');
    }
    if (steps.length === 0) report(path, 'There is no step.', 'Give one, with 0 points to leave the signal out.');
  }
  checkRising('expansion.whitespace.sizesFrom', whitespace.sizesFrom, 'the number of employees', report);
  if (whitespace.limit < whitespace.points) {
    report(
      'expansion.whitespace.limit',
      'One product would make more points than all of them.',
      'Set it to at least points.',
    );
  }
  if (whitespace.scale.least > whitespace.scale.most) {
    report(
      'expansion.whitespace.scale.least',
      'The least would be more than the most.',
      'Set it to at most scale.most.',
    );
  }
  if (expansion.warmFrom > expansion.hotFrom) {
    report('expansion.warmFrom', 'Warm would begin above hot.', 'Set it to at most hotFrom.');
  }
  const { withinDays, months } = probability.learning;
  // A training at the beginning of a month looks at the end of months whose days ahead are over.
  if (months * 30 < withinDays + 30) {
    report(
      'expansion.probability.learning.months',
      `What followed a score is known after ${withinDays} days; in ${months} months there is no such score to learn from.`,
      'Learn from more months, or look fewer days ahead.',
    );
  }
  const most = mostPoints(expansion);
  if (most < expansion.hotFrom) {
    report(
      'expansion.hotFrom',
      `All signals together make ${plain(most)} points, so that nothing could ever be hot (from ${plain(expansion.hotFrom)}).`,
      'Lower it, or give signals more points.',
    );
  }
  if (guards.healthWhenAsked > guards.health) {
    report(
      'expansion.guards.healthWhenAsked',
      'A customer who asks for more would have to be healthier than one who does not.',
      'Set it to at most guards.health.',
    );
  }
  const known = catalogueOf(plays).map(({ id }) => id);
  checkPlayNames('expansion.guards.askPlays', guards.askPlays, known, report);
  checkPlayNames('expansion.guards.rescuePlays', guards.rescuePlays, known, report);
}

function mostPoints(expansion: ConfigurationWhole['expansion']): number {
  const highest = (steps: readonly { readonly points: number }[]): number =>
    Math.max(0, ...steps.map(({ points }) => points));
  const { seats, metered, gatedFeature, growth, newDepartments, promoter, executiveContact } = expansion;
  const { whitespace, newChampion, headcount, funding, acquisition, companyLimit, pricingVisits, request } = expansion;
  const news = [headcount.points, funding.points, acquisition.points];
  const allNews = news.reduce((sum, points) => sum + points, 0);
  return (
    highest(seats.steps) +
    highest(metered.steps) +
    whitespace.limit +
    Math.max(...news, Math.min(companyLimit, allNews)) +
    [gatedFeature, growth, newDepartments, promoter, executiveContact, newChampion, pricingVisits, request]
      .map(({ points }) => points)
      .reduce((sum, points) => sum + points, 0)
  );
}

function checkRenewals({ renewals }: ConfigurationWhole, report: Report): void {
  const { cadences, autoRenew, anniversary, wordings, segments, noticeDays, longestNoticeDays } = renewals;
  const lists: readonly (readonly [string, readonly CadenceStep[]])[] = [
    ...Object.entries(cadences).map(([segment, steps]): [string, readonly CadenceStep[]] => [
      `renewals.cadences.${segment}`,
      steps,
    ]),
    ['renewals.autoRenew.steps', autoRenew.steps],
  ];
  const worded = Object.keys(wordings);
  const checkWording = (path: string, { wording }: CadenceStep): void => {
    if (worded.includes(wording)) return;
    report(`${path}.wording`, `There is no wording '${wording}'.${didYouMean(wording, worded)}`, listed(worded));
  };
  for (const [path, steps] of lists) {
    for (const [index, step] of steps.entries()) {
      checkWording(`${path}[${index}]`, step);
      const before = steps[index - 1];
      if (before !== undefined && isBefore(step, before)) {
        report(
          `${path}[${index}].day`,
          `${step.id} (day ${step.day} from the ${step.from}) comes before ${before.id} (day ${before.day} from the ${before.from}), which stands above it.`,
          'Put the steps in the order of their days, those from the end of the contract last.',
        );
      }
      if (steps.findIndex(({ id, occurrence }) => id === step.id && occurrence === step.occurrence) !== index) {
        report(
          `${path}[${index}]`,
          `${step.id} stands there twice, both times as occurrence ${step.occurrence}.`,
          'Give the second one occurrence 2.',
        );
      }
    }
  }
  checkWording('renewals.anniversary', anniversary);
  for (const [name, wording] of Object.entries(wordings)) checkWords(`renewals.wordings.${name}`, wording, report);
  checkWords('renewals.lateStart', renewals.lateStart, report);
  checkWords('renewals.disagreement', renewals.disagreement, report);
  const ids = [...new Set(Object.values(cadences).flatMap((steps) => steps.map(({ id }) => id)))];
  for (const id of autoRenew.without) {
    if (!ids.includes(id)) {
      report('renewals.autoRenew.without', `No cadence has a step '${id}'.${didYouMean(id, ids)}`, listed(ids));
    }
  }
  const { daysBefore, withinDays } = renewals.earlierScore;
  if (withinDays > daysBefore + 1) {
    report(
      'renewals.earlierScore.withinDays',
      `The score of ${daysBefore} days before the decision would be taken up to ${withinDays - daysBefore - 1} days after it.`,
      `Set it to at most ${daysBefore + 1}.`,
    );
  }
  if (segments.midFrom > segments.enterpriseAbove) {
    report(
      'renewals.segments.midFrom',
      'Mid-market would begin above enterprise.',
      'Set it to at most enterpriseAbove.',
    );
  }
  for (const kind of ['manual', 'autoRenew'] as const) {
    if (noticeDays[kind] > longestNoticeDays) {
      report(
        `renewals.noticeDays.${kind}`,
        `An assumed notice of ${noticeDays[kind]} days would be taken for a typing error (over ${longestNoticeDays}).`,
        'Set it to at most longestNoticeDays.',
      );
    }
  }
}

const isBefore = (step: CadenceStep, other: CadenceStep): boolean =>
  step.from === other.from ? step.day < other.day : step.from === 'decision';

function checkRates({ rates }: ConfigurationWhole, report: Report): void {
  const known = new Set(Intl.supportedValuesOf('currency'));
  for (const currency of Object.keys(rates.perUnit)) {
    if (known.has(currency)) continue;
    report(
      `rates.perUnit.${currency}`,
      `There is no currency '${currency}'.${didYouMean(currency, known)}`,
      'Use the three capital letters of ISO 4217: USD.',
    );
  }
}

function checkUsage(whole: ConfigurationWhole, report: Report): void {
  const { usage } = whole;
  const beyond = lookBacksOf(whole).filter(({ days }) => days > usage.retentionDays);
  if (beyond.length > 0) {
    report(
      'usage.retentionDays',
      `Usage would be kept for ${usage.retentionDays} days only. Further back look ${beyond.map(({ path, days }) => `${path} (${days} days)`).join(', ')}.`,
      `Keep at least ${Math.max(...beyond.map(({ days }) => days))} days, or look back less far; 400 allow a comparison with last year.`,
    );
  }
  const { recentDays, activeDays, seasonWeeks, seasonFromDays } = usage.windows;
  if (recentDays > activeDays) {
    report(
      'usage.windows.recentDays',
      `The recent ${recentDays} days would be more than the active ${activeDays}.`,
      'Set it to at most activeDays.',
    );
  }
  if (7 * seasonWeeks < 2 * activeDays) {
    report(
      'usage.windows.seasonWeeks',
      `${seasonWeeks} weeks back lie days that the ${activeDays} days are compared with anyway.`,
      `Set it to at least ${Math.ceil((2 * activeDays) / 7)}.`,
    );
  }
  const seasonBegins = 7 * seasonWeeks + activeDays - 1;
  if (seasonFromDays < seasonBegins) {
    report(
      'usage.windows.seasonFromDays',
      `The earlier season begins ${seasonBegins} days back, and ${seasonFromDays} days of history would be enough for it.`,
      `Set it to at least ${seasonBegins}.`,
    );
  }
  if (usage.duplicateDays > usage.retentionDays) {
    report(
      'usage.duplicateDays',
      'Ids of messages would be kept longer than what they told.',
      'Set it to at most retentionDays.',
    );
  }
  for (const list of ['keyActions', 'gateEvents'] as const) {
    const twice = usage[list].find((name, index) => usage[list].indexOf(name) !== index);
    if (twice !== undefined) report(`usage.${list}`, `'${twice}' stands there twice.`, 'Name it once.');
  }
}

function checkPlays({ plays, expansion }: ConfigurationWhole, report: Report): void {
  const known = catalogueOf(plays).map(({ id }) => id);
  checkPlayNames('plays.modes', Object.keys(plays.modes), known, report);
  checkPlayNames('plays.unproven', plays.unproven, known, report);
  const names = new Map<unknown, string>(Object.entries(plays).map(([name, settings]) => [settings, name]));
  for (const { id, settings } of signalPlaysOf(plays)) {
    checkTasks(`plays.${names.get(settings) ?? ''}`, id, settings, report);
  }
  checkWords('plays.escalation', plays.escalation, report);
  const turns: readonly (readonly [string, boolean, string, string])[] = [
    [
      'plays.usageDecline.recoversTo',
      plays.usageDecline.recoversTo < plays.usageDecline.fallsTo,
      'Play 01 would be over before it begins.',
      'Set it to at least fallsTo.',
    ],
    [
      'plays.singleThreaded.enough',
      plays.singleThreaded.enough <= plays.singleThreaded.tooFew,
      'As many people as are too few would be enough.',
      'Set it above tooFew.',
    ],
    [
      'plays.onboardingStalled.backFrom',
      plays.onboardingStalled.backFrom < plays.onboardingStalled.behindBelow,
      'Play 11 would be over while the customer is behind.',
      'Set it to at least behindBelow.',
    ],
    [
      'plays.limitReached.roomBelow',
      plays.limitReached.roomBelow > plays.limitReached.fullFrom,
      'Play 14 would be over while the seats are full.',
      'Set it to at most fullFrom.',
    ],
    [
      'plays.limitReached.meteredPoints',
      plays.limitReached.meteredPoints > Math.max(0, ...expansion.metered.steps.map(({ points }) => points)),
      'No step of expansion.metered gives so many points: this trigger could never be met.',
      'Set it to the points of one of those steps.',
    ],
    [
      'plays.underUse.usedEnough',
      plays.underUse.usedEnough < plays.underUse.usedBelow,
      'Play 15 would be over while too few seats are used.',
      'Set it to at least usedBelow.',
    ],
    [
      'plays.winBack.untilDays',
      plays.winBack.untilDays <= plays.winBack.fromDays,
      'Play 19 would end before it begins, so that it never fires.',
      'Set it above fromDays.',
    ],
  ];
  for (const [path, isWrong, message, remedy] of turns) if (isWrong) report(path, message, remedy);
}

function checkTasks(path: string, play: string, { tasks }: PlaySettings, report: Report): void {
  if (tasks.length === 0) {
    report(`${path}.tasks`, `Play ${play} has no task.`, `Give it one, or turn it off: plays.modes.${play}=off.`);
  }
  for (const [index, task] of tasks.entries()) {
    const at = `${path}.tasks[${index}]`;
    if (tasks.findIndex(({ id }) => id === task.id) !== index) {
      report(`${at}.id`, `Play ${play} has two tasks '${task.id}'.`, 'Give each an id of its own.');
    }
    checkWords(at, task, report);
  }
}

/** Texts of tasks name only variables that something is filled in for. */
function checkWords(path: string, wording: Wording, report: Report): void {
  for (const text of ['title', 'whatToDo', 'doneWhen'] as const) {
    for (const variable of unknownVariablesIn(wording[text])) {
      const known = Object.keys(TEMPLATE_VARIABLES);
      report(
        `${path}.${text}`,
        `There is no variable {${variable}}.${didYouMean(variable, known)}`,
        listed(known.map((one) => `{${one}}`)),
      );
    }
  }
}

function checkPlayNames(path: string, named: readonly string[], known: readonly string[], report: Report): void {
  for (const id of named) if (!known.includes(id)) report(path, `There is no play '${id}'.`, listed(known));
}

function checkRising(path: string, values: readonly number[], what: string, report: Report): void {
  if (values.some((value, index) => index > 0 && value <= (values[index - 1] ?? value))) {
    report(path, `The steps are out of order; ${what} has to rise.`, 'Put them in order.');
  }
}

const entriesOf = <T extends object>(group: T): [keyof T & string, T[keyof T]][] =>
  Object.entries(group) as [keyof T & string, T[keyof T]][];

const listed = (known: readonly string[]): string => `Known are ${known.join(', ')}.`;

/** 74.5, not 74.49999999999999. */
const plain = (value: number): string => String(Math.round(value * 1e6) / 1e6);
