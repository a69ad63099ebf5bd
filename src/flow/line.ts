import type { Connector, CrmSession } from '../../connectors/contract/connector.ts';
import { HoldfastError } from '../errors.ts';
import type { ModelConfiguration } from '../core/configuration.ts';
import type { Instant } from '../core/model/calendar-date.ts';
import type { AccountId } from '../core/model/ids.ts';
import type { CompiledMapping } from '../core/mapping/compile.ts';
import type { FieldChoice } from '../core/mapping/field-choice.ts';
import type { ConnectorMapping } from '../core/mapping/mapping.ts';
import type { Clock } from '../ports/clock.ts';
import type { DailyCalls } from '../ports/daily-calls.ts';
import type { Log } from '../ports/log.ts';
import type { Installation, RunStage, TenantStore } from '../ports/store.ts';

/** All that a step of the line works with: one installation, opened. */
export interface Line {
  readonly installation: Installation;
  /** The run that this work belongs to; a run that was cut short goes on under its own id. */
  readonly runId: string;
  readonly runStartedAt: Instant;
  /** A person has confirmed that what a walk did not find is really gone. */
  readonly acceptDeletions: boolean;
  readonly connector: Connector;
  readonly session: CrmSession;
  readonly store: TenantStore;
  /** What the CRM's fields mean, with the installation's own choices. */
  readonly connectorMapping: ConnectorMapping;
  readonly configuration: ModelConfiguration;
  readonly writeBack: WriteBackChoice;
  /** Address of an account's page in Holdfast. */
  readonly accountUrl: (account: AccountId) => string;
  readonly clock: Clock;
  readonly log: Log;
  /** Aborted when the work should make room or the process stops. Steps end at the next stored page. */
  readonly signal: AbortSignal;
  /** HTTP calls made so far. */
  readonly calls: () => LineCalls;
  /** Tells a person or the run's row how far the work has come. */
  readonly progress: (progress: Progress) => void;
}

/** A line that knows what this customer's CRM looks like; see `defineLine`. */
export interface DefinedLine extends Line {
  readonly mapping: CompiledMapping;
}

export interface LineCalls {
  readonly perBucket: Readonly<Record<string, number>>;
  readonly rateLimited: number;
  /** What is used of the CRM's calls of the day; null where it has named no limit. */
  readonly daily: DailyCalls | null;
}

/** What the admin chose about writing. */
export interface WriteBackChoice {
  readonly fields: FieldChoice;
}

export interface Progress {
  readonly stage: RunStage;
  /** What is worked on: `companies`, `tasks`. */
  readonly subject: string;
  readonly done: number;
  /** Null while unknown. */
  readonly total: number | null;
}

/** Throws `stopped` when the process is asked to end; everything up to here is stored. */
export function mustGoOn(line: Pick<Line, 'signal'>): void {
  if (line.signal.aborted) {
    throw new HoldfastError({
      code: 'stopped',
      message: 'The work was stopped before it was done.',
      remedy: 'Nothing is lost: the next run goes on from the last stored page.',
    });
  }
}

/** An instant moved by milliseconds. */
export function shift(instant: Instant, ms: number): Instant {
  return new Date(Date.parse(instant) + ms).toISOString();
}
