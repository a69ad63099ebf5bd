import { HoldfastError } from '../errors.ts';

/** Where the database is, for messages. Holds no password. */
export interface DatabasePlace {
  readonly title: string;
  readonly remedy: string;
}

/** Codes of PostgreSQL (its appendix A) and of Node that mean "it does not answer us". */
const UNREACHABLE: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ECONNRESET: 'it cut the connection',
  ENOTFOUND: 'no such host is known',
  EAI_AGAIN: 'the name of the host could not be looked up',
  ETIMEDOUT: 'it does not answer',
  EHOSTUNREACH: 'no route leads to the host',
  ENETUNREACH: 'no route leads to the host',
  ENOENT: 'nothing listens there',
  EPIPE: 'it cut the connection',
  '28000': 'it refused the user',
  '28P01': 'it refused the password',
  '3D000': 'that database does not exist',
  '53300': 'it has no connection left to give',
  '57P01': 'it is shutting down',
  '57P02': 'it crashed',
  '57P03': 'it is starting up',
};

/** Words of `pg` for failures that carry no code. */
const LOST = /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error/;

/** A failure of the database itself as a `HoldfastError`; anything else as it is. */
export function toStoreError(error: unknown, place: DatabasePlace): unknown {
  if (error instanceof HoldfastError || !(error instanceof Error)) return error;
  const code = 'code' in error ? String(error.code) : '';
  if (code === '53100' || code === 'ENOSPC' || /No space left on device/i.test(error.message)) {
    return new HoldfastError({
      code: 'disk-full',
      message: `The disk of the database (${place.title}) is full.`,
      remedy: 'Free space on that disk and start again: what was stored before is safe, the rest is read again.',
      cause: error,
    });
  }
  const words = UNREACHABLE[code] ?? (LOST.test(error.message) ? 'it cut the connection or does not answer' : null);
  if (words === null) return error;
  return new HoldfastError({
    code: 'database-unreachable',
    message: `The database (${place.title}) cannot be used: ${words}${error.message === '' ? '' : ` (${error.message})`}.`,
    remedy: place.remedy,
    cause: error,
  });
}
