import { readFileSync } from 'node:fs';
import { deflateRawSync, inflateRawSync } from 'node:zlib';

/** What is stored packed: what was judged, what was new at that moment, and what was read of an account before. */
export type PackedKind = 'assessment' | 'moment' | 'facts';

/**
 * A typical document of each kind. Others are told by where they differ from it, in half the room. They are never edited:
 * what is stored could not be opened any more. What was packed without one opens with one all the same.
 */
const DICTIONARIES: Readonly<Record<PackedKind, Buffer>> = {
  assessment: dictionary('assessment'),
  moment: dictionary('moment'),
  facts: dictionary('facts'),
};

/** Bytes; most packed documents are shorter. zlib takes a buffer of this size for what it packs, and it stays as long as that. */
const CHUNK = 2_048;

/**
 * A document as it is stored where the database never looks into it: compressed here, in a tenth of the time that the embedded
 * database takes for it. Level 1 takes half the time of the usual one and makes a tenth more; Zstandard makes no less.
 */
export function packed(kind: PackedKind, document: unknown): Buffer {
  return packedText(kind, JSON.stringify(document));
}

/** The same for a document that is text already. */
export function packedText(kind: PackedKind, json: string): Buffer {
  return deflateRawSync(json, { level: 1, dictionary: DICTIONARIES[kind], chunkSize: CHUNK });
}

export function unpacked(kind: PackedKind, bytes: Buffer): unknown {
  return JSON.parse(unpackedText(kind, bytes));
}

/** For who looks for words in many documents. */
export function unpackedText(kind: PackedKind, bytes: Buffer): string {
  return inflateRawSync(bytes, { dictionary: DICTIONARIES[kind] }).toString();
}

function dictionary(kind: PackedKind): Buffer {
  return readFileSync(new URL(`dictionaries/${kind}.txt`, import.meta.url));
}

/** Many values for one statement: `substr(bytes, at, length)` is one of them. Bytes go as they are; in JSON they would double. */
export interface Joined<Row> {
  readonly bytes: Buffer;
  /** In the order given; `at` counts from one, as SQL does. */
  readonly rows: readonly (Row & { readonly at: number; readonly length: number })[];
}

export function joined<Row extends object>(parts: readonly (readonly [row: Row, bytes: Buffer])[]): Joined<Row> {
  let at = 1;
  const rows = parts.map(([row, { length }]) => {
    const placed = { ...row, at, length };
    at += length;
    return placed;
  });
  return { bytes: Buffer.concat(parts.map(([, bytes]) => bytes)), rows };
}
