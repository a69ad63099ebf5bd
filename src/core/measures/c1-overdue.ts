import type { Breakpoints } from './interpolate.ts';
import { interpolate } from './interpolate.ts';
import type { Measure, Reading } from './measure.ts';
import { hasSeen, missing, ok, readAtOf, unread } from './reading.ts';
import { overdueOf } from './facts/overdue.ts';
import type { AccountSnapshot, SourceName } from '../model/snapshot.ts';

export interface OverdueSettings {
  readonly weight: number;
  /** Days that the oldest open invoice is overdue, or since a payment failed. */
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

const SOURCES: readonly SourceName[] = ['accounts', 'billing'];

/** Value: days overdue by the account's invoices, without them as the account record states it. */
export function overdue(settings: OverdueSettings): Measure {
  return {
    id: 'C1',
    title: 'Overdue invoices',
    dimension: 'commercial',
    weight: settings.weight,
    sources: SOURCES,
    breakpoints: settings.breakpoints,
    fields: ['overdueDays'],
    read: (snapshot) => read(snapshot, settings),
  };
}

function read(snapshot: AccountSnapshot, settings: OverdueSettings): Reading {
  const found = overdueOf(snapshot);
  if (found === null) {
    return snapshot.invoices === null && hasSeen(snapshot, 'billing')
      ? unread(snapshot, 'billing', 'The billing system')
      : missing('The account does not tell whether an invoice is overdue.');
  }
  return ok({
    value: found.days,
    score: interpolate(found.days, settings.breakpoints),
    because: found.because,
    evidence: [{ kind: 'account', id: snapshot.account.id }],
    at: readAtOf(snapshot, SOURCES),
  });
}
