import type { Band, Driver, Health } from '../model/assessment.ts';
import type { CalendarDate } from '../model/calendar-date.ts';
import { clip, dayText } from '../measures/wording.ts';
import { MEASURE_OF_CAP } from './caps.ts';
import type { HealthConfiguration } from './configuration.ts';
import type { OverrideProblem } from './override-reasons.ts';

/** The CRMs' text fields hold 255 characters. */
const MAX_LENGTH = 255;

export interface ReasonParts {
  readonly today: CalendarDate;
  readonly drivers: readonly Driver[];
  readonly caps: Health['caps'];
  /** Smoothed, before caps; null when grey. */
  readonly uncapped: number | null;
  readonly coverage: number;
  /** By the score alone, before a manual override. */
  readonly band: Band;
  readonly override: Health['override'];
  readonly overrideProblem: OverrideProblem | null;
}

/**
 * The short answer to "why": a manual band, why there is no score, the cap that holds it down, what weighs most against
 * the account and then for it. At most 255 characters; a sentence that does not fit is left out whole.
 */
export function reasonOf(parts: ReasonParts, configuration: HealthConfiguration): string {
  const { drivers, caps, uncapped } = parts;
  const cap = caps.find(({ limit }) => uncapped !== null && limit < uncapped) ?? null;
  const told = cap === null ? undefined : MEASURE_OF_CAP[cap.id];
  const counted = drivers.filter(
    ({ measure, contribution }) => measure !== told && Math.abs(contribution) >= configuration.leastEffect,
  );
  const most = configuration.explain;
  const against = counted
    .filter(({ contribution }) => contribution < 0)
    .slice(0, most.against)
    .map(({ because }) => because);
  // Better than neutral is not yet good: an invoice that is a few days overdue is nothing to praise.
  const inFavour = counted
    .filter(({ contribution, score }) => contribution > 0 && score !== null && score >= configuration.bands.green)
    .map(({ because }) => because);
  const head: string[] = [];
  if (parts.override !== null) head.push(overrideSentence(parts.override, parts));
  if (parts.overrideProblem !== null) head.push(parts.overrideProblem.because, parts.overrideProblem.form);
  if (parts.band === 'grey') head.push(...greySentences(parts, configuration));
  if (cap !== null) head.push(`Held at ${cap.limit}: ${lowerFirst(cap.because)}`);
  // Where nothing speaks against the account, there is room for more of what speaks for it.
  const positives = inFavour.slice(0, against.length === 0 ? Math.max(most.against, most.inFavour) : most.inFavour);
  // The best news is worth more than the third complaint, but is told after it.
  const byRank = [
    ...head,
    ...against.slice(0, 2),
    ...positives.slice(0, 1),
    ...against.slice(2),
    ...positives.slice(1),
  ];
  const chosen = fitting(byRank);
  return [...head, ...against, ...positives].filter((text) => chosen.has(text)).join(' ');
}

function fitting(sentences: readonly string[]): ReadonlySet<string> {
  const chosen = new Set<string>();
  let length = -1;
  for (const sentence of sentences) {
    if (length + 1 + sentence.length > MAX_LENGTH) continue;
    chosen.add(sentence);
    length += 1 + sentence.length;
  }
  return chosen;
}

function overrideSentence({ band, untilOn, because }: NonNullable<Health['override']>, parts: ReasonParts): string {
  const computed = parts.band === band ? '' : ` The score alone says ${parts.band}.`;
  return `Set to ${band} by hand until ${dayText(untilOn, parts.today)}: ${clip(because, 100)}.${computed}`;
}

function greySentences(parts: ReasonParts, configuration: HealthConfiguration): readonly string[] {
  const percent = Math.floor(parts.coverage * 100);
  const isThin = parts.coverage < configuration.greyBelowCoverage;
  const why = isThin
    ? `No score: only ${percent}% of what it needs could be read, and it takes ${Math.round(configuration.greyBelowCoverage * 100)}%.`
    : `No score: it needs at least ${configuration.leastDimensions} kinds of evidence.`;
  const gaps = parts.drivers
    .filter(({ state }) => state === 'missing' || state === 'error')
    .map(({ because }) => because);
  return [why, ...[...new Set(gaps)].slice(0, 2)];
}

const lowerFirst = (text: string): string => `${text.slice(0, 1).toLowerCase()}${text.slice(1)}`;
