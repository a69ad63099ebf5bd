import type { Response } from 'express';
import { ConnectorError } from '../../connectors/contract/errors.ts';
import { HoldfastError } from '../errors.ts';

export interface Problem {
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  readonly remedy: string;
  readonly code: string;
}

/** Error → RFC 9457 problem document. What is unexpected says so without saying what. */
export function sendProblem(response: Response, error: unknown): void {
  const { status, title, detail, remedy, code } = toProblem(error);
  response
    .status(status)
    .type('application/problem+json')
    .send(JSON.stringify({ type: `urn:holdfast:${code}`, title, status, detail, remedy }));
}

/** What a person is told, and the HTTP status that goes with it. */
export function toProblem(error: unknown): Problem {
  if (error instanceof HoldfastError) {
    const status = {
      'installation-unknown': 404,
      'account-unknown': 404,
      'input-invalid': 400,
      'form-refused': 403,
      'database-unreachable': 503,
    }[error.code as string];
    return {
      status: status ?? 409,
      title: error.message,
      detail: error.message,
      remedy: error.remedy,
      code: error.code,
    };
  }
  if (error instanceof ConnectorError) {
    const { message, remedy, code } = error;
    return { status: 502, title: message, detail: message, remedy, code };
  }
  // What a router says when it cannot decode a path.
  if (error instanceof URIError) {
    return {
      status: 400,
      title: 'The address cannot be read.',
      detail: error.message,
      remedy: 'Look at what stands behind the % signs in it.',
      code: 'request-malformed',
    };
  }
  return {
    status: 500,
    title: 'Something went wrong on our side.',
    detail: 'The error is in the log of the server.',
    remedy: 'Try again; if it stays, report it with the time of day.',
    code: 'unexpected',
  };
}
