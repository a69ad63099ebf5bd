/** What went wrong on our side of the line. Errors of a CRM are `ConnectorError`. */
export type HoldfastErrorCode =
  | 'config-invalid'
  | 'mapping-invalid'
  | 'database-unreachable'
  | 'database-in-use'
  | 'database-outdated'
  | 'disk-full'
  | 'secret-unreadable'
  | 'installation-unknown'
  | 'installation-busy'
  | 'installation-paused'
  | 'not-approved'
  | 'account-unknown'
  | 'reconciliation-doubtful'
  | 'stopped'
  | 'input-invalid'
  | 'form-refused';

export interface HoldfastErrorDetails {
  readonly code: HoldfastErrorCode;
  /** What happened, with the values. */
  readonly message: string;
  /** What a person should do next. */
  readonly remedy: string;
  readonly context?: Readonly<Record<string, string | number>> | undefined;
  readonly cause?: unknown;
}

/** An error that tells a stranger what happened and what to do next. */
export class HoldfastError extends Error {
  override readonly name = 'HoldfastError';
  readonly code: HoldfastErrorCode;
  readonly remedy: string;
  readonly context: Readonly<Record<string, string | number>>;

  constructor(details: HoldfastErrorDetails) {
    super(details.message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = details.code;
    this.remedy = details.remedy;
    this.context = details.context ?? {};
  }
}
