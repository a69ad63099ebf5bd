import type { Dimension } from '../measures/measure.ts';
import type { CalendarDate, Instant } from './calendar-date.ts';
import type { AccountId, TermId } from './ids.ts';
import type { Money } from './money.ts';
import type { AccountHistory, RecordRef } from './snapshot.ts';

/** Everything that the core says of one account at one moment: what is stored, shown and written back. */
export interface Assessment {
  readonly accountId: AccountId;
  readonly asOf: Instant;
  /** Model and configuration, `HF-Health v1 / default 1`. */
  readonly modelVersion: string;
  /** The oldest of the sources that were used; null when nothing was read. */
  readonly dataAsOf: Instant | null;
  readonly health: Health;
  readonly churn: Churn;
  readonly renewal: Renewal;
  readonly expansion: Expansion;
  /** State for the next assessment. */
  readonly history: AccountHistory;
}

export type Band = 'green' | 'yellow' | 'red' | 'grey';
export type Trend = 'improving' | 'stable' | 'declining' | 'sharp_decline';
export type Confidence = 'high' | 'medium' | 'low' | 'none';

export interface Health {
  /** 0 to 100 after shrinking, caps and smoothing, one decimal; null when the band is grey. */
  readonly score: number | null;
  /** Weighted mean before shrinking and caps; null without any reading. */
  readonly raw: number | null;
  readonly band: Band;
  readonly bandSinceOn: CalendarDate;
  readonly previousBand: Band | null;
  readonly trend: Trend;
  /** Change against 28 days ago; null without a score then. */
  readonly delta28d: number | null;
  readonly profile: string;
  /** 0 to 1: the weight of the measures that could be read. */
  readonly coverage: number;
  readonly confidence: Confidence;
  readonly dimensions: Readonly<Partial<Record<Dimension, number>>>;
  readonly caps: readonly { readonly id: string; readonly limit: number; readonly because: string }[];
  /** Every measure, the strongest effect first. */
  readonly drivers: readonly Driver[];
  /** The short answer to "why": two or three sentences, at most 255 characters. */
  readonly reason: string;
  readonly override: { readonly band: Band; readonly untilOn: CalendarDate | null; readonly because: string } | null;
}

export interface Driver {
  readonly measure: string;
  readonly title: string;
  readonly dimension: Dimension;
  readonly state: 'ok' | 'stale' | 'na' | 'missing' | 'error';
  readonly value: number | null;
  readonly score: number | null;
  /** Share of the whole score, 0 to 1. */
  readonly weight: number;
  /** weight × (score − 60): points for or against. */
  readonly contribution: number;
  readonly because: string;
  readonly evidence: readonly RecordRef[];
  readonly at: Instant | null;
}

export interface Churn {
  /** 0 to 1 within 90 days. Null when there is nothing to go on. */
  readonly probability90d: number | null;
  readonly risk: 'high' | 'medium' | 'low' | 'unknown';
  readonly status: 'cold_start' | 'calibrating' | 'validated' | 'degraded';
  readonly arrAtRisk: Money | null;
  /** The named effects on top of the health score, strongest first. */
  readonly because: readonly string[];
}

export type RenewalType = 'manual' | 'auto_renew' | 'multi_year' | 'co_term' | 'monthly';
export type RenewalStatus = 'not_due' | 'in_window' | 'on_track' | 'late' | 'at_risk' | 'renewed' | 'lost';

export interface Renewal {
  /** Every term we know, the next decision first, ended ones last. */
  readonly terms: readonly Term[];
  /** The open term whose decision comes next; null when no end date is known. */
  readonly next: Term | null;
  readonly status: RenewalStatus | null;
  /** What keeps a date from being trusted: `no end date on company or deals`. */
  readonly gaps: readonly string[];
}

/** One contract period that ends in a renewal decision. */
export interface Term {
  readonly id: TermId;
  readonly startOn: CalendarDate | null;
  /** The last day of the contract: the renewal date. */
  readonly endOn: CalendarDate;
  /** The last day on which the customer can decide: end − notice. */
  readonly decisionOn: CalendarDate;
  readonly noticeDays: number;
  /** True when the notice was assumed, not read. */
  readonly noticeAssumed: boolean;
  readonly type: RenewalType;
  readonly targetArr: Money | null;
  readonly outcome: 'open' | 'renewed' | 'churned' | 'superseded';
  /** The deal that renews it, where one exists. */
  readonly renewalDealId: string | null;
  /** Where the end date was found, in words: `company property renewal_date`. */
  readonly source: string;
  readonly evidence: readonly RecordRef[];
}

export interface Expansion {
  readonly score: number;
  readonly band: 'hot' | 'warm' | 'cold' | 'blocked';
  readonly signals: readonly {
    readonly id: string;
    readonly points: number;
    readonly because: string;
    readonly evidence: readonly RecordRef[];
  }[];
  /** The guard that stands in the way, in words; null when none does. */
  readonly blocker: string | null;
  readonly expectedValue: Money | null;
}
