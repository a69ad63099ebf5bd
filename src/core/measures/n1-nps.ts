import type { Breakpoints } from './interpolate.ts';
import { interpolate } from './interpolate.ts';
import type { Measure, Reading } from './measure.ts';
import { missing, unread } from './reading.ts';
import { count, dayText, decimalText } from './wording.ts';
import { daysAfter, daysAgo, localDay } from './facts/local-day.ts';
import type { SurveyResponse } from '../model/signals.ts';
import type { AccountSnapshot, SourceName } from '../model/snapshot.ts';

export interface NpsSettings {
  readonly weight: number;
  /** 0 to 10: how likely the customer is to recommend us. */
  readonly breakpoints: Breakpoints;
  /** An older answer fades. */
  readonly expiresDays: number;
}

/** Edges at 6 and 8: PostHog's handbook. */
export const defaultNps: NpsSettings = {
  weight: 0.55,
  breakpoints: [
    [0, 0],
    [6, 45],
    [7, 60],
    [8, 70],
    [9, 90],
    [10, 100],
  ],
  expiresDays: 180,
};

const SOURCES: readonly SourceName[] = ['surveys'];

/** Value: the mean of each person's newest answer, 0 to 10; once all of them are old, of the newest one alone. */
export function nps(settings: NpsSettings): Measure {
  return {
    id: 'N1',
    title: 'Recommendation (NPS)',
    dimension: 'sentiment',
    weight: settings.weight,
    sources: SOURCES,
    breakpoints: settings.breakpoints,
    read: (snapshot) => read(snapshot, settings),
  };
}

function read(snapshot: AccountSnapshot, settings: NpsSettings): Reading {
  if (snapshot.surveys === null) return unread(snapshot, 'surveys', 'The survey');
  const answers = newestPerPerson(snapshot.surveys, snapshot);
  const [newest] = answers;
  if (newest === undefined) return missing('Nobody of the account has answered the NPS survey.');
  const wrong = answers.find(({ score }) => !(score >= 0 && score <= 10));
  if (wrong !== undefined) {
    return { state: 'error', because: `NPS answer ${wrong.id} is ${wrong.score}; answers go from 0 to 10.` };
  }
  const from = daysAgo(settings.expiresDays, snapshot);
  const recent = answers.filter(({ at }) => at >= from);
  const isExpired = recent.length === 0;
  const counted = isExpired ? [newest] : recent;
  const value = counted.reduce((sum, { score }) => sum + score, 0) / counted.length;
  const on = dayText(localDay(newest.at, snapshot), snapshot.today);
  return {
    state: isExpired ? 'stale' : 'ok',
    ...(isExpired && { fadesFrom: daysAfter(newest.at, settings.expiresDays) }),
    value,
    score: interpolate(value, settings.breakpoints),
    because:
      counted.length === 1
        ? `The last NPS answer is ${decimalText(value)} of 10 (${on}).`
        : `${count(counted.length, 'NPS answer')}, ${decimalText(value)} of 10 on average; the last on ${on}.`,
    evidence: [],
    at: newest.at,
  };
}

/** The newest answer of each person, the newest first. Answers without a person are one each. */
function newestPerPerson(surveys: readonly SurveyResponse[], { asOf }: AccountSnapshot): readonly SurveyResponse[] {
  const newest = new Map<string, SurveyResponse>();
  for (const answer of surveys) {
    if (answer.kind !== 'nps' || answer.at > asOf) continue;
    const person = answer.contactEmail === null ? `answer ${answer.id}` : answer.contactEmail.toLowerCase();
    const known = newest.get(person);
    if (known === undefined || isNewer(answer, known)) newest.set(person, answer);
  }
  return [...newest.values()].sort((a, b) => (isNewer(a, b) ? -1 : 1));
}

const isNewer = (one: SurveyResponse, other: SurveyResponse): boolean =>
  one.at > other.at || (one.at === other.at && one.id > other.id);
