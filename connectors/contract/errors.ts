/** Why a call to a CRM failed. `src/jobs/recovery.ts` and `src/limits` decide by this code alone. */
export type ConnectorErrorCode =
  | 'rate-limited'
  | 'quota-exhausted'
  | 'unavailable'
  | 'token-expired'
  | 'access-revoked'
  | 'permission-missing'
  | 'record-gone'
  | 'record-locked'
  | 'value-refused'
  | 'request-refused'
  | 'response-unexpected';

export interface ConnectorErrorDetails {
  readonly code: ConnectorErrorCode;
  /** What happened, with the values. Never a token. */
  readonly message: string;
  /** What a person should do. */
  readonly remedy: string;
  /** For `rate-limited`, `record-locked` and `unavailable`: how long the CRM asks us to wait. */
  readonly retryAfterMs?: number | undefined;
  /** For `quota-exhausted`: when the CRM counts anew. */
  readonly resetsAt?: string | undefined;
  /** For `value-refused` and `permission-missing`: the field the CRM named. */
  readonly field?: string | undefined;
  /** For `permission-missing`: the scope that would open it. */
  readonly scope?: string | undefined;
  /** True when the request may have reached the CRM, so that a write may have happened. */
  readonly maybeDone?: boolean | undefined;
  readonly context?: Readonly<Record<string, string | number>> | undefined;
  readonly cause?: unknown;
}

/** The one error that connectors throw. */
export class ConnectorError extends Error {
  override readonly name = 'ConnectorError';
  readonly code: ConnectorErrorCode;
  readonly remedy: string;
  readonly retryAfterMs: number | undefined;
  readonly resetsAt: string | undefined;
  readonly field: string | undefined;
  readonly scope: string | undefined;
  readonly maybeDone: boolean;
  readonly context: Readonly<Record<string, string | number>>;

  constructor(details: ConnectorErrorDetails) {
    super(details.message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = details.code;
    this.remedy = details.remedy;
    this.retryAfterMs = details.retryAfterMs;
    this.resetsAt = details.resetsAt;
    this.field = details.field;
    this.scope = details.scope;
    this.maybeDone = details.maybeDone ?? false;
    this.context = details.context ?? {};
  }
}
