import { DAYS_OF_A_GROUP } from '../core/book/shown.ts';
import type { NamedHistory } from '../queries/history.ts';
import { percent } from './account-in-words.ts';
import { table } from './terminal.ts';

/** A line a day, with the model's version where it changed. */
export function historyInWords({ name, account, from, days, isRolledUp }: NamedHistory): string {
  const heading = `${name ?? '(no name)'} (${account}) since ${from}`;
  if (days.length === 0) return `${heading}: it was not scored in that time.`;
  const rows = days.map((day, index) => [
    day.on,
    day.band,
    numberText(day.score),
    numberText(day.raw),
    percent(day.coverage),
    day.confidence ?? '–',
    percent(day.churnProbability90d),
    numberText(day.expansion),
    [...day.caps, ...(day.modelVersion === days[index - 1]?.modelVersion ? [] : [day.modelVersion ?? ''])].join(', '),
  ]);
  const columns = ['day', 'band', 'score', 'raw', 'coverage', 'confidence', 'churn', 'expansion', 'caps, version'];
  const note = isRolledUp ? `\n\n${DAYS_OF_A_GROUP}` : '';
  return `${heading}\n\n${table(columns, rows)}${note}`;
}

function numberText(value: number | null): string {
  return value === null ? '–' : value.toFixed(1);
}
