import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toBatches } from '../../../connectors/kit/batches.ts';
import { compareIds } from '../../../connectors/kit/compare-ids.ts';
import { parseInstant } from '../../../connectors/kit/instants.ts';
import { readBody } from '../../../connectors/kit/read-body.ts';
import { untilAborted } from '../../../connectors/kit/until-aborted.ts';

describe('instants, however a CRM spells them', () => {
  it.each([
    ['2026-03-01T10:00:00Z', '2026-03-01T10:00:00.000Z'],
    ['2026-03-01T10:00:00.123Z', '2026-03-01T10:00:00.123Z'],
    ['2026-03-01T11:00:00+01:00', '2026-03-01T10:00:00.000Z'],
    ['2026-03-01', '2026-03-01T00:00:00.000Z'],
    ['1772359200000', '2026-03-01T10:00:00.000Z'],
    [1_772_359_200_000, '2026-03-01T10:00:00.000Z'],
  ])('reads %s', (spelling, instant) => {
    expect(parseInstant(spelling)).toBe(instant);
  });

  it.each(['', 'soon', '2026-13-01T00:00:00Z'])("reads '%s' as none", (spelling) => {
    expect(parseInstant(spelling)).toBeNull();
  });
});

describe('the order of ids', () => {
  it('is that of the numbers they write, also beyond what a number holds', () => {
    fc.assert(
      fc.property(fc.array(fc.bigInt({ min: 0n, max: 10n ** 30n })), (numbers) => {
        const inOrder = numbers.map(String).sort(compareIds);
        expect(inOrder).toEqual([...numbers].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)).map(String));
      }),
    );
  });
});

describe('batches', () => {
  it('hold every entry once, in order, and never more than the size', () => {
    fc.assert(
      fc.property(fc.array(fc.nat()), fc.integer({ min: 1, max: 10 }), (all, size) => {
        const batches = toBatches(all, size);
        expect(batches.flat()).toEqual(all);
        expect(batches.every((batch) => batch.length > 0 && batch.length <= size)).toBe(true);
      }),
    );
  });
});

describe('a call that takes too long', () => {
  it('ends with the reason of the abort, and what arrives later is closed', async () => {
    const stop = new AbortController();
    const late = Promise.withResolvers<string>();
    const closed: string[] = [];
    const call = untilAborted(late.promise, stop.signal, async (value) => void closed.push(value));
    stop.abort(new Error('took too long'));
    await expect(call).rejects.toThrow('took too long');
    late.resolve('late answer');
    await new Promise(setImmediate);
    expect(closed).toEqual(['late answer']);
  });

  it('ends in the midst of a body, and lets go of it', async () => {
    const stop = new AbortController();
    const released = Promise.withResolvers<string>();
    const stalled = new ReadableStream<Uint8Array>({
      start: (stream) => stream.enqueue(new TextEncoder().encode('{"results": [')),
      cancel: () => released.resolve('released'),
    });
    const body = readBody(new Response(stalled), stop.signal);
    stop.abort(new Error('took too long'));
    await expect(body).rejects.toThrow('took too long');
    await expect(released.promise).resolves.toBe('released');
  });

  it('does not happen to a body that arrives in pieces, even when they cut a character in two', async () => {
    const bytes = new TextEncoder().encode('{"name":"Zoë & Søn"}');
    const pieces = new ReadableStream<Uint8Array>({
      start: (stream) => {
        for (const byte of bytes) stream.enqueue(Uint8Array.of(byte));
        stream.close();
      },
    });
    expect(await readBody(new Response(pieces), new AbortController().signal)).toBe('{"name":"Zoë & Søn"}');
  });
});
