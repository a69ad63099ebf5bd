import type { Instant } from '../model/calendar-date.ts';
import type { AccountSnapshot, RecordRef, SeenSource, SourceName } from '../model/snapshot.ts';
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
export function ok({ value, score, because, evidence, at }: Found): Reading {
  const kept = evidence.length > MAX_EVIDENCE ? evidence.slice(0, MAX_EVIDENCE) : evidence;
  return { state: 'ok', value, score, because, evidence: kept, at };
}

export function missing(because: string): Reading {
  return { state: 'missing', because };
}

/** Does not apply to this account: left out, and nothing is held to be missing. */
export function na(because: string): Reading {
  return { state: 'na', because };
}

/**
 * What a measure says while its source outside the CRM gives nothing: one that was never connected does not apply; one
 * that was read before is lost. `what` begins the sentence: `Product usage`.
 */
export function unread(snapshot: AccountSnapshot, source: SeenSource, what: string): Reading {
  if (!hasSeen(snapshot, source)) return na(`${what} is not connected.`);
  return { state: 'missing', because: `${what} cannot be read any more.`, isLost: true };
}

/** Whether an earlier assessment of this account could read the source. */
export function hasSeen(snapshot: AccountSnapshot, source: SeenSource): boolean {
  return snapshot.history?.held?.seen.includes(source) ?? false;
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
