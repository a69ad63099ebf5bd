import type { Breakpoints } from './interpolate.ts';
import { interpolate } from './interpolate.ts';
import type { Measure, Reading } from './measure.ts';
import { missing, ok, readAtOf } from './reading.ts';
import { count } from './wording.ts';
import type { AccountSnapshot, SourceName } from '../model/snapshot.ts';

export interface OverdueSettings {
  readonly weight: number;
  /** Days that the oldest open invoice is overdue. */
  readonly breakpoints: Breakpoints;
}

/** The edge at 30 days is a published rule of thumb; the rest is provisional. */
export const defaultOverdue: OverdueSettings = {
  weight: 0.45,
  breakpoints: [
    [0, 100],
    [15, 75],
    [30, 50],
    [60, 0],
  ],
};

const SOURCES: readonly SourceName[] = ['accounts'];

/** Value: days overdue as the account record states them. */
export function overdue(settings: OverdueSettings): Measure {
  return {
    id: 'C1',
    title: 'Overdue invoices',
    dimension: 'commercial',
    weight: settings.weight,
    sources: SOURCES,
    read: (snapshot) => read(snapshot, settings),
  };
}

function read(snapshot: AccountSnapshot, settings: OverdueSettings): Reading {
  const value = snapshot.account.overdueDays;
  if (value === null) return missing('The account does not tell whether an invoice is overdue.');
  return ok({
    value,
    score: interpolate(value, settings.breakpoints),
    because: value > 0 ? `An invoice is ${count(value, 'day')} overdue.` : 'No invoice is overdue.',
    evidence: [{ kind: 'account', id: snapshot.account.id }],
    at: readAtOf(snapshot, SOURCES),
  });
}
