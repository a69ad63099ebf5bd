import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { packed, unpacked, type PackedKind } from '../../src/store/packed.ts';

const KINDS: readonly PackedKind[] = ['assessment', 'moment', 'facts'];

/** What was stored once, as it lies in customers' databases. */
const STORED: Readonly<Record<PackedKind, string>> = {
  assessment: 'q4a188GtIhNzQ5CHMRfqGYInptDaBYhVayhDdRhtpFoA',
  moment: 'q0Yb+UMZ1zMw1jUAJ2nYuB4kwJGyBdRYWGI3BBkJAA==',
  facts: 'q4b5F1T7g0PCxBzsWWijxTE5F1SYw2daEpNzU5G63ejTJ6gj1oh+LdguAA==',
};

describe('a packed document', () => {
  it('is the same document again', () => {
    fc.assert(
      fc.property(fc.constantFrom(...KINDS), fc.json(), (kind, json) => {
        const document: unknown = JSON.parse(json);
        expect(unpacked(kind, packed(kind, document))).toEqual(document);
      }),
    );
  });

  it.each(KINDS)('opens in every later version: %s', (kind) => {
    expect(unpacked(kind, Buffer.from(STORED[kind], 'base64'))).toEqual(DOCUMENTS[kind]);
  });

  it('opens when it was packed before there were dictionaries', () => {
    for (const kind of KINDS) {
      expect(unpacked(kind, deflateRawSync(JSON.stringify(DOCUMENTS[kind])))).toEqual(DOCUMENTS[kind]);
    }
  });
});

const DOCUMENTS: Readonly<Record<PackedKind, unknown>> = {
  assessment: { accountId: '4711', health: { score: 61.3, band: 'yellow', drivers: [], movers: [] }, standing: null },
  moment: { ownTasks: [], today: '2026-03-01', history: null, outcome: { 'health.score': 61.3 } },
  facts: { account: { id: '4711', name: 'Acme', domain: 'acme.example', type: 'customer' }, contacts: [], deals: null },
};
