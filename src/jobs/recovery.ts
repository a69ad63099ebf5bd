import { ConnectorError } from '../../connectors/contract/errors.ts';
import type { Instant } from '../core/model/calendar-date.ts';
import { HoldfastError } from '../errors.ts';

/** What follows a failed run. */
export type Recovery =
  /** Try again at `at`; the checkpoints say where. */
  | { readonly next: 'again'; readonly at: Instant }
  /** A person has to do something first. */
  | { readonly next: 'pause' }
  /** The CRM took our access away; nothing is called until the account is connected again. */
  | { readonly next: 'lost' }
  /** The process is stopping; the run goes on after the start. */
  | { readonly next: 'resume' };

const MINUTE_MS = 60_000;
const LONGEST_MS = 6 * 3_600_000;

/**
 * Error code → what next. `failures` is how many runs in a row have failed; waiting doubles with it, from a minute up to
 * six hours.
 */
export function recoverFrom(error: unknown, failures: number, now: Instant): Recovery {
  const after = (ms: number): Recovery => ({ next: 'again', at: new Date(Date.parse(now) + ms).toISOString() });
  const patiently = after(Math.min(LONGEST_MS, MINUTE_MS * 2 ** Math.min(10, failures)));
  if (error instanceof ConnectorError) {
    switch (error.code) {
      case 'rate-limited':
      case 'record-locked':
        return after(error.retryAfterMs ?? MINUTE_MS);
      case 'quota-exhausted':
        return error.resetsAt === undefined ? after(3_600_000) : { next: 'again', at: error.resetsAt };
      case 'unavailable':
        return error.retryAfterMs === undefined ? patiently : after(Math.max(MINUTE_MS, error.retryAfterMs));
      case 'access-revoked':
      case 'token-expired':
        return { next: 'lost' };
      case 'permission-missing':
      case 'request-refused':
      case 'value-refused':
      case 'record-gone':
      case 'response-unexpected':
        return patiently;
      default:
        return error.code satisfies never;
    }
  }
  if (error instanceof HoldfastError) {
    switch (error.code) {
      case 'stopped':
        return { next: 'resume' };
      case 'installation-busy':
        return after(MINUTE_MS);
      case 'reconciliation-doubtful':
      case 'mapping-invalid':
      case 'secret-unreadable':
      case 'config-invalid':
        return { next: 'pause' };
      case 'database-unreachable':
      case 'database-in-use':
      case 'database-outdated':
      case 'disk-full':
      case 'installation-unknown':
      case 'installation-paused':
      case 'not-approved':
      case 'account-unknown':
      case 'input-invalid':
      case 'form-refused':
        return patiently;
      default:
        return error.code satisfies never;
    }
  }
  return patiently;
}
