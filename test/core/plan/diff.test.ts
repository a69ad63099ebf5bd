import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diffRecord, type FieldRule } from '../../../src/core/plan/diff.ts';
import type { CrmFields } from '../../../src/core/plan/step.ts';

const isSame: FieldRule['isSame'] = (desired, shown) => (desired ?? '') === (shown === null ? '' : String(shown));
const isSameNumber: FieldRule['isSame'] = (desired, shown) =>
  desired === null || shown === null ? desired === shown : Number(desired) === Number(shown);
const rules = new Map<string, FieldRule>([
  ['band', { label: 'Health band', writeWhen: 'changed', isSame }],
  ['score', { label: 'Health score', writeWhen: { threshold: 2 }, isSame: isSameNumber }],
  ['reason', { label: 'Why', writeWhen: 'changed', isSame }],
  ['scored_at', { label: 'Scored at', writeWhen: 'stamp', isSame }],
]);
const shown = { band: 'yellow', score: '61.2', reason: 'quiet', scored_at: '2026-01-01T06:00:00.000Z' };

function diff(desired: CrmFields, now: Readonly<Record<string, string | null>> = shown, heartbeatDays = 7) {
  return diffRecord({
    object: 'companies',
    id: '100',
    accountId: null,
    desired: { ...shown, ...desired },
    shown: now,
    rules,
    heartbeatDays,
  });
}

describe('a record is written', () => {
  it('when its band changes, with everything else that differs, and says what changed', () => {
    const step = diff({ band: 'red', score: '47.5', scored_at: '2026-01-02T06:00:00.000Z' });
    expect(step).toMatchObject({
      kind: 'set-fields',
      before: { band: 'yellow', score: '61.2', scored_at: '2026-01-01T06:00:00.000Z' },
      after: { band: 'red', score: '47.5', scored_at: '2026-01-02T06:00:00.000Z' },
      because: 'Health band yellow → red; Health score 61.2 → 47.5',
    });
  });

  it('when its score moves by two points, not by less', () => {
    expect(diff({ score: '63.2' })?.after).toEqual({ score: '63.2' });
    expect(diff({ score: '59.2' })?.after).toEqual({ score: '59.2' });
    expect(diff({ score: '63.1', scored_at: '2026-01-02T06:00:00.000Z' })).toBeNull();
    expect(diff({ score: '61.20' })).toBeNull();
  });

  it('with small changes of the score when something else has to be written', () => {
    expect(diff({ band: 'red', score: '61.3' })?.after).toEqual({ band: 'red', score: '61.3' });
  });

  it('once a week, so that a person can tell that the score is alive', () => {
    expect(diff({ scored_at: '2026-01-07T20:00:00.000Z' })).toBeNull();
    // The run of the same hour a week later may begin some minutes earlier.
    expect(diff({ scored_at: '2026-01-08T05:48:00.000Z' })).not.toBeNull();
    const step = diff({ scored_at: '2026-01-08T06:00:00.000Z', score: '61.5' });
    expect(step?.after).toEqual({ scored_at: '2026-01-08T06:00:00.000Z', score: '61.5' });
    expect(step?.because).toMatch(/Nothing else changed for 7 days/);
    const after = (heartbeatDays: number) => diff({ scored_at: '2026-01-04T06:00:00.000Z' }, shown, heartbeatDays);
    expect(after(4)).toBeNull();
    expect(after(3)?.because).toMatch(/Nothing else changed for 3 days/);
  });

  it('when the CRM shows moments as milliseconds, too', () => {
    const ms = { ...shown, scored_at: String(Date.parse(shown.scored_at)) };
    expect(diff({ scored_at: '2026-01-03T06:00:00.000Z' }, ms)).toBeNull();
  });

  it('when somebody cleared or overwrote what is ours', () => {
    expect(diff({}, { ...shown, band: null })?.after).toEqual({ band: 'yellow' });
    expect(diff({}, { ...shown, score: 'n/a' })?.after).toEqual({ score: '61.2' });
    expect(diff({}, { ...shown, scored_at: null })?.after).toEqual({ scored_at: shown.scored_at });
  });

  it('with an explicit empty value when there is nothing to say any more', () => {
    expect(diff({ score: null })?.after).toEqual({ score: null });
    expect(diff({ score: null })?.because).toBe('Health score 61.2 → empty');
  });

  it('for the first time as "first values", long texts by name', () => {
    const because = diff({ reason: 'x'.repeat(200) }, {})?.because;
    expect(because).toBe('First values: Health band empty → yellow; Health score empty → 61.2; Why changed');
  });

  it('under a key that stands for the change, whatever the time', () => {
    const key = (scored_at: string, band: string) => diff({ band, scored_at })?.key;
    expect(key('2026-01-02T06:00:00.000Z', 'red')).toBe(key('2026-01-03T06:00:00.000Z', 'red'));
    expect(key('2026-01-02T06:00:00.000Z', 'red')).not.toBe(key('2026-01-02T06:00:00.000Z', 'green'));
  });

  it('never again once it was written', () => {
    const value = fc.option(fc.constantFrom('1', '2.5', 'red', ''), { nil: null });
    const score = fc.option(fc.constantFrom('1', '2.5', '2.50', '61'), { nil: null });
    const fields = fc.record({ band: value, score, reason: value, scored_at: value });
    fc.assert(
      fc.property(fields, fields, (desired, before) => {
        const step = diff(desired, before);
        expect(diff(desired, { ...before, ...step?.after })).toBeNull();
      }),
      { numRuns: 200 },
    );
  });
});
