import { setImmediate as letOthersIn } from 'node:timers/promises';

/** Rows of a statement: documents, and rows of a few bytes. See `records.ts` for what more would cost. */
export const DOCUMENTS = 200;
export const SMALL_ROWS = 500;

/**
 * Works through rows a statement at a time. What is made of a large answer takes this process's turn, so between statements
 * everybody else is let in: requests, timers, a person's Ctrl-C.
 */
export async function inBatches<Row>(
  rows: readonly Row[],
  size: number,
  work: (batch: readonly Row[]) => Promise<void>,
): Promise<void> {
  for (let from = 0; from < rows.length; from += size) {
    await work(rows.slice(from, from + size));
    await letOthersIn();
  }
}
