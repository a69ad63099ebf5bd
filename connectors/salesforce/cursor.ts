import { z } from 'zod';
import { ConnectorError } from '../contract/errors.ts';
import { findJson } from '../kit/find-json.ts';

/** Where a pull goes on. Holds on to nothing that Salesforce may have thrown away meanwhile: `job` only saves calls. */
export interface Cursor {
  /** Values of the ordering fields of the last record that was handed over; null at the beginning. */
  readonly after: readonly string[] | null;
  /** A bulk job that reads all that comes after `after`, and how far its results were handed over. */
  readonly job: JobCursor | null;
}

export interface JobCursor {
  readonly id: string;
  /** Of the page of results; null for the first. */
  readonly locator: string | null;
  /** Rows of that page that were handed over. */
  readonly skip: number;
}

const schema = z.object({
  after: z.array(z.string()).nullable(),
  job: z.object({ id: z.string(), locator: z.string().nullable(), skip: z.int().min(0) }).nullable(),
});

export function writeCursor(cursor: Cursor): string {
  return JSON.stringify(cursor);
}

/** The beginning for null. Throws `request-refused` for text that no pull has handed out. */
export function readCursor(text: string | null): Cursor {
  if (text === null) return { after: null, job: null };
  const parsed = schema.safeParse(findJson(text));
  if (parsed.success) return parsed.data;
  throw new ConnectorError({
    code: 'request-refused',
    message: `'${text}' is no place at which a pull from Salesforce goes on.`,
    remedy: "Read everything again with 'holdfast sync --full'.",
    cause: parsed.error,
  });
}
