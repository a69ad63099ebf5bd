import pino, { type DestinationStream } from 'pino';
import { ConnectorError } from '../connectors/contract/errors.ts';
import { HoldfastError } from './errors.ts';
import type { Log, LogFields } from './ports/log.ts';

export const LOG_LEVELS = ['info', 'warn', 'error', 'silent'] as const;
/** `silent` logs nothing: for commands whose stderr shows progress to a person. */
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Names of fields whose text never shows, wherever they are. */
const SECRET_NAME = /(authorization|token|secret|password|passphrase|cookie|api[-_]?key|secret[-_]?key)$/i;
/** Parts of text that never show: query parameters of sign-in addresses, passwords in addresses, bearer tokens. */
const SECRET_TEXT = [
  /(?<keep>[?&](?:access_token|refresh_token|token|code|state|client_secret|hapikey|signature)=)[^&#\s"']+/gi,
  /(?<keep>\b[a-z][a-z0-9+.-]*:\/\/[^/\s:@]*:)[^/\s@]+(?=@)/gi,
  /(?<keep>\bBearer\s+)[\w.~+/=-]+/gi,
];
/** Deeper than this, a value is cut off: what is logged is small, and circles end. */
const DEEPEST = 6;

/**
 * Writes one JSON object a line to stderr: `level`, `time` (ISO 8601), `pid`, the fields, `message`. Secrets show as
 * `[secret]`: values of that type, fields named like one, and tokens within texts. Errors show with code, remedy and cause.
 */
export function openLog(
  level: LogLevel,
  destination: DestinationStream = pino.destination({ fd: 2, sync: true }),
): Log {
  const logger = pino(
    {
      level,
      base: { pid: process.pid },
      messageKey: 'message',
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    destination,
  );
  return wrap(logger);
}

function wrap(logger: pino.Logger): Log {
  return {
    info: (fields, message) => logger.info(redactFields(fields), redactText(message)),
    warn: (fields, message) => logger.warn(redactFields(fields), redactText(message)),
    error: (fields, message) => logger.error(redactFields(fields), redactText(message)),
    with: (fields) => wrap(logger.child(redactFields(fields))),
  };
}

function redactFields(fields: LogFields, depth = 0): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      // How many tokens there are is no secret.
      SECRET_NAME.test(name) && typeof value !== 'number' && value !== null ? '[secret]' : redact(value, depth + 1),
    ]),
  );
}

function redact(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth > DEEPEST) return '[…]';
  if (value instanceof Error) return redactFields(errorFields(value), depth);
  if (value instanceof Map) return redactFields(Object.fromEntries(value), depth);
  if (Array.isArray(value) || value instanceof Set) return [...value].map((one) => redact(one, depth + 1));
  if ('toJSON' in value && typeof value.toJSON === 'function') return redact(value.toJSON(), depth + 1);
  return redactFields({ ...value }, depth);
}

function errorFields(error: Error): LogFields {
  const isOurs = error instanceof HoldfastError || error instanceof ConnectorError;
  return {
    type: error.name,
    message: error.message,
    ...('code' in error ? { code: error.code } : {}),
    ...(isOurs ? { remedy: error.remedy, ...error.context } : {}),
    stack: error.stack,
    ...(error.cause === undefined ? {} : { cause: error.cause }),
  };
}

function redactText(text: string): string {
  return SECRET_TEXT.reduce((shown, pattern) => shown.replace(pattern, '$<keep>[secret]'), text);
}
