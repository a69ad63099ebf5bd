/** One entry of an error answer. */
export interface RefusalEntry {
  readonly message: string;
  readonly errorCode: string;
  readonly fields?: readonly string[];
}

/** Salesforce refuses a whole call. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: number;
  readonly entry: RefusalEntry;

  constructor(status: number, entry: RefusalEntry) {
    super(entry.message);
    this.status = status;
    this.entry = entry;
  }
}

export function refuse(status: number, errorCode: string, message: string, fields?: readonly string[]): Refusal {
  return new Refusal(status, fields === undefined ? { message, errorCode } : { message, errorCode, fields });
}

export function refuseSession(): Refusal {
  return refuse(401, 'INVALID_SESSION_ID', 'Session expired or invalid');
}

export function refuseMissing(): Refusal {
  return refuse(404, 'NOT_FOUND', 'The requested resource does not exist');
}

export function refuseBody(message: string): Refusal {
  return refuse(400, 'JSON_PARSER_ERROR', message);
}

/** Why one record was not written; the other records of the call are not touched by it. */
export interface RecordProblem {
  readonly statusCode: string;
  readonly message: string;
  readonly fields: readonly string[];
}

export function problem(statusCode: string, message: string, fields: readonly string[] = []): RecordProblem {
  return { statusCode, message, fields };
}
