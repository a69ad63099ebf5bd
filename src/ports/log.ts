/** Structured log lines. Values of type `Secret` print as `[secret]`. */
export interface Log {
  info(fields: LogFields, message: string): void;
  warn(fields: LogFields, message: string): void;
  error(fields: LogFields, message: string): void;
  with(fields: LogFields): Log;
}

export type LogFields = Readonly<Record<string, unknown>>;
