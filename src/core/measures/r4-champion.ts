import type { Measure, Reading } from './measure.ts';
import { missing, ok, readAtOf } from './reading.ts';
import { count, dayText, nameText } from './wording.ts';
import type { ChampionSettings, ChampionState } from './facts/champion.ts';
import { championOf } from './facts/champion.ts';
import { localDay } from './facts/local-day.ts';
import type { AccountSnapshot, SourceName } from '../model/snapshot.ts';

export interface ChampionMeasureSettings extends ChampionSettings {
  readonly weight: number;
  readonly scores: Readonly<Record<Exclude<ChampionState['state'], 'unknown'>, number>>;
}

/** Departed champions and churn: Sturdy's published figures; 60 days of quiet: provisional. */
export const defaultChampion: ChampionMeasureSettings = {
  weight: 0.3,
  scores: { active: 100, quiet: 40, replaced: 60, departed: 0 },
  quietDays: 60,
  replacedDays: 90,
};

const SOURCES: readonly SourceName[] = ['activities', 'contacts'];

/** Value: the score of the champion's state, since a state has no unit of its own. */
export function champion(settings: ChampionMeasureSettings): Measure {
  return {
    id: 'R4',
    title: 'Champion',
    dimension: 'relationship',
    weight: settings.weight,
    sources: SOURCES,
    read: (snapshot) => read(snapshot, settings),
  };
}

function read(snapshot: AccountSnapshot, settings: ChampionMeasureSettings): Reading {
  const found = championOf(snapshot, settings);
  if (found.state === 'unknown') return missing(found.because);
  const score = settings.scores[found.state];
  return ok({
    value: score,
    score,
    because: championSentence(found, snapshot),
    evidence: [{ kind: 'contact', id: found.champion.id }],
    at: readAtOf(snapshot, SOURCES),
  });
}

/** The champion's state in one sentence, with the name as the CRM has it. */
export function championSentence(
  found: Exclude<ChampionState, { state: 'unknown' }>,
  snapshot: AccountSnapshot,
): string {
  const { name, departedAt } = found.champion;
  const champion = `The champion, ${nameText(name, 'a contact')},`;
  if (found.state === 'active') return `${champion} is in touch.`;
  if (found.state === 'quiet') return `${champion} has been quiet for ${count(found.days, 'day')}.`;
  if (found.state === 'replaced') {
    return `A champion left; ${nameText(name, 'another champion')} is in touch in their place.`;
  }
  const on = departedAt === null ? '' : ` on ${dayText(localDay(departedAt, snapshot), snapshot.today)}`;
  return `${champion} left${on} and no other has been met since.`;
}
