import { setImmediate as letOthersIn } from 'node:timers/promises';

/** Rows of a statement: documents, and rows of a few bytes. See `records.ts` for what more would cost. */
export const DOCUMENTS = 200;
export const SMALL_ROWS = 500;

/** Documents that are packed or opened before everybody else has a turn: about two milliseconds. */
const DOCUMENTS_A_TURN = 20;

/** Makes something of each document, in their order. A lot of them takes long enough to let others in between. */
export async function eachInTurns<From, To>(
  documents: readonly From[],
  make: (one: From) => To,
): Promise<readonly To[]> {
  const made: To[] = [];
  for (const [index, one] of documents.entries()) {
    if (index % DOCUMENTS_A_TURN === 0 && index > 0) await letOthersIn();
    made.push(make(one));
  }
  return made;
}

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
