import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toAccountId, type AccountId } from '../../src/core/model/ids.ts';
import { urgencyOf } from '../../src/core/plan/plan.ts';
import type { SetFields } from '../../src/core/plan/step.ts';
import { byUrgency } from '../../src/flow/by-urgency.ts';

const urgent = [new Set(['deals.step']), new Set(['companies.band', 'deals.band'])];

const step = (object: string, id: string, account: string, field: string): SetFields => ({
  kind: 'set-fields',
  key: `${object}/${id}`,
  object,
  id,
  accountId: toAccountId(account),
  before: {},
  after: { [field]: 'x' },
  because: 'It changed.',
});

interface Request {
  readonly steps: readonly SetFields[];
  readonly atOnce: number;
  readonly heldAtMost: number;
  /** Is each portion written as it comes, so that a plan made later no longer has it? */
  readonly isWritten: boolean;
}

/** The portions, and the accounts that were planned, each time. */
async function run({ steps, atOnce, heldAtMost, isWritten }: Request) {
  const written = new Set<SetFields>();
  const planned: (readonly AccountId[] | null)[] = [];
  async function* plan(accounts: readonly AccountId[] | null): AsyncGenerator<SetFields> {
    planned.push(accounts);
    for (const one of steps) {
      await Promise.resolve();
      const isAsked = accounts === null || (one.accountId !== null && accounts.includes(one.accountId));
      if (isAsked && !written.has(one)) yield one;
    }
  }
  const portions: (readonly SetFields[])[] = [];
  for await (const portion of byUrgency({ plan, accounts: null, urgent, atOnce, heldAtMost })) {
    portions.push(portion);
    if (isWritten) for (const one of portion) written.add(one);
  }
  return { portions, planned };
}

const urgencies = (steps: readonly SetFields[]): readonly number[] => steps.map((one) => urgencyOf(one, urgent));
const sorted = (numbers: readonly number[]): readonly number[] => numbers.toSorted((a, b) => a - b);

describe('values in the order in which they matter', () => {
  it('are where renewals stand, then bands, then all the rest', async () => {
    const steps = [
      step('companies', '1', '1', 'score'),
      step('companies', '2', '2', 'band'),
      step('deals', '21', '2', 'updated'),
      step('companies', '3', '3', 'score'),
      step('deals', '31', '3', 'step'),
    ];
    const { portions } = await run({ steps, atOnce: 1, heldAtMost: 10, isWritten: true });
    expect(portions.flat().map(({ key }) => key)).toEqual([
      'deals/31',
      'companies/2',
      'companies/1',
      'deals/21',
      'companies/3',
    ]);
  });

  it('fill up a call that goes out anyway', async () => {
    const steps = [
      step('companies', '1', '1', 'score'),
      step('companies', '2', '2', 'score'),
      step('companies', '3', '3', 'band'),
    ];
    const { portions } = await run({ steps, atOnce: 2, heldAtMost: 10, isWritten: true });
    expect(portions.map((portion) => portion.map(({ id }) => id))).toEqual([['3', '1'], ['2']]);
  });

  it('have only those accounts planned again for which there was no room to wait', async () => {
    const steps = ['1', '2', '3', '4'].map((id) => step('companies', id, id, id === '4' ? 'band' : 'score'));
    const { planned } = await run({ steps, atOnce: 100, heldAtMost: 2, isWritten: true });
    expect(planned).toEqual([null, ['4'], ['3']]);
    expect((await run({ steps, atOnce: 100, heldAtMost: 4, isWritten: true })).planned).toEqual([null]);
  });

  it('come once each, of one object in a portion, the urgent ones first, however many wait', async () => {
    const one = fc.record({
      object: fc.constantFrom('companies', 'deals', 'contacts'),
      account: fc.constantFrom('1', '2', '3', '4'),
      field: fc.constantFrom('step', 'band', 'score'),
    });
    const request = fc.record({
      steps: fc
        .array(one, { maxLength: 30 })
        .map((all) => all.map(({ object, account, field }, at) => step(object, `${at}`, account, field))),
      atOnce: fc.integer({ min: 1, max: 6 }),
      heldAtMost: fc.integer({ min: 0, max: 20 }),
      isWritten: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(request, async (asked) => {
        const { portions } = await run(asked);
        expect(new Set(portions.flat())).toEqual(new Set(asked.steps));
        expect(portions.flat()).toHaveLength(asked.steps.length);
        for (const portion of portions) {
          expect(portion.length).toBeGreaterThan(0);
          expect(portion.length).toBeLessThanOrEqual(asked.atOnce);
          expect(new Set(portion.map(({ object }) => object)).size).toBe(1);
          expect(urgencies(portion)).toEqual(sorted(urgencies(portion)));
        }
        const leads = urgencies(portions.flatMap(([first]) => first ?? []));
        expect(leads).toEqual(sorted(leads));
      }),
      { numRuns: 300 },
    );
  });
});
