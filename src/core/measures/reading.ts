import type { Instant } from '../model/calendar-date.ts';
import type { AccountSnapshot, RecordRef, SourceName } from '../model/snapshot.ts';
import type { Reading } from './measure.ts';

/** Evidence is for opening a record or two, not for listing all of them. */
const MAX_EVIDENCE = 5;

export interface Found {
  readonly value: number;
  readonly score: number;
  readonly because: string;
  readonly evidence: readonly RecordRef[];
  readonly at: Instant;
}

/** A reading that could be taken; keeps the first five pieces of evidence. */
export function ok(found: Found): Reading {
  return { state: 'ok', ...found, evidence: found.evidence.slice(0, MAX_EVIDENCE) };
}

export function missing(because: string): Reading {
  return { state: 'missing', because };
}

/** The moment up to which the sources are known: the oldest of their last complete reads, else the snapshot's own. */
export function readAtOf(snapshot: AccountSnapshot, sources: readonly SourceName[]): Instant {
  let oldest: Instant = snapshot.asOf;
  for (const source of sources) {
    const readAt = snapshot.sources[source]?.readAt ?? null;
    if (readAt !== null && readAt < oldest) oldest = readAt;
  }
  return oldest;
}
