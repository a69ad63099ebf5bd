import { ConnectorError, type ConnectorErrorCode } from '../../connectors/contract/errors.ts';

/** What to do after a failed attempt of a call. */
export type NextMove =
  | { readonly kind: 'repeat'; readonly afterMs: number }
  | { readonly kind: 'renew-token' }
  | { readonly kind: 'fail'; readonly error: ConnectorError };

export interface Failure {
  readonly error: ConnectorError;
  /** How often this call has now failed with this code, 1 the first time. */
  readonly times: number;
  /** May the call be made again although an earlier attempt may have arrived? */
  readonly isRepeatable: boolean;
}

/** Longer waits are the job's: it puts the work back into the queue and leaves the worker to others. */
const LONGEST_WAIT_MS = 120_000;

/** How many attempts a call has in all, by what stopped them, and the wait after the first, which doubles. */
const ATTEMPTS = {
  /** The bucket as a whole waits, so this call need not. */
  'rate-limited': { attempts: 20, waitMs: 0 },
  unavailable: { attempts: 5, waitMs: 1_000 },
  /** HubSpot holds a lock for two seconds. */
  'record-locked': { attempts: 5, waitMs: 2_000 },
  /** May be a passing page of a proxy; if the CRM's answers have changed, more attempts do not help. */
  'response-unexpected': { attempts: 3, waitMs: 1_000 },
} as const satisfies Partial<Record<ConnectorErrorCode, { attempts: number; waitMs: number }>>;

/** Decides by the error's code. `chance` gives numbers from 0 to below 1, for the jitter. */
export function nextMove(failure: Failure, chance: () => number): NextMove {
  const { error, times, isRepeatable } = failure;
  switch (error.code) {
    case 'rate-limited':
    case 'record-locked':
      return repeat(error.code, failure, chance);
    case 'unavailable':
      if (isRepeatable || !error.maybeDone) return repeat(error.code, failure, chance);
      break;
    case 'response-unexpected':
      if (isRepeatable) return repeat(error.code, failure, chance);
      break;
    case 'token-expired':
      if (times === 1) return { kind: 'renew-token' };
      return { kind: 'fail', error: revoked(error) };
    case 'quota-exhausted':
    case 'access-revoked':
    case 'permission-missing':
    case 'record-gone':
    case 'value-refused':
    case 'request-refused':
      break;
  }
  return { kind: 'fail', error };
}

function repeat(code: keyof typeof ATTEMPTS, { error, times }: Failure, chance: () => number): NextMove {
  const { attempts, waitMs } = ATTEMPTS[code];
  const askedMs = error.retryAfterMs ?? 0;
  if (times >= attempts || askedMs > LONGEST_WAIT_MS) return { kind: 'fail', error };
  // Up to half as long again, so that calls that failed together do not come back together.
  const backOffMs = waitMs * 2 ** (times - 1) * (1 + chance() / 2);
  return { kind: 'repeat', afterMs: code === 'rate-limited' ? 0 : Math.max(backOffMs, askedMs) };
}

function revoked(error: ConnectorError): ConnectorError {
  return new ConnectorError({
    code: 'access-revoked',
    message: `The CRM refused a token that it had just renewed: ${error.message}`,
    remedy: "Connect the account again with 'holdfast connect'. Its data and settings are kept.",
    context: error.context,
    cause: error,
  });
}
