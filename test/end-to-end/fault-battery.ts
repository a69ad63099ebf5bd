import { beforeAll, describe, expect, it } from 'vitest';
import { chanceOf } from '../../connectors/kit/sandbox/world-chance.ts';
import type { AnyFault, CrmKind } from '../support/simulated-crm.ts';
import { endStateOf, openWholeLine, type WholeLine } from '../support/whole-line.ts';

/** One fault that strikes in several places of one line. */
export interface FaultCase<Fault extends AnyFault> {
  readonly title: string;
  readonly fault: Fault;
  /** For each place the calls, by the sandbox's names, of which one is struck. */
  readonly hits: readonly (readonly string[])[];
  /** How many calls in a row it strikes there; one unless told. */
  readonly times?: number;
  /** The run that writes cannot write all: the next one of the same day does. */
  readonly needsAnotherRun?: true;
}

/** Whatever goes wrong in between, in the CRM and in the store stands in the end what would stand there without. */
export function describeFaults<Fault extends AnyFault>(
  kind: CrmKind<Fault>,
  cases: readonly FaultCase<Fault>[],
  otherKinds: Readonly<Record<string, CrmKind<Fault>>> = {},
): void {
  const { title: crmTitle } = kind.connector;
  let undisturbed: Readonly<Record<string, unknown>>;
  beforeAll(async () => {
    const line = await openWholeLine(kind);
    await twoDays(line);
    undisturbed = await endStateOf(line);
    await line.close();
  });

  describe(`${crmTitle} that fails in between leaves behind what it would have left behind without:`, () => {
    it.concurrent.for(cases.map((one, index) => ({ ...one, index })))(
      '$title',
      { timeout: 300_000 },
      async ({ fault, hits, times = 1, needsAnotherRun, index }, { expect: see }) => {
        const chance = chanceOf(index);
        const line = await openWholeLine(kind);
        try {
          const { faults } = line.crm;
          for (const calls of hits) faults.add({ ...fault, times, match: { purpose: chance.pick(calls) } });
          await twoDays(line, needsAnotherRun);
          see(faults.happened, 'every fault has happened').toBe(hits.length * times);
          see(await endStateOf(line)).toEqual(undisturbed);
          const keys = line.crm.taskKeys();
          see(keys.toSorted(), 'no task twice').toEqual([...new Set(keys)].toSorted());
          see(await line.sync('incremental')).toMatchObject({ writes: { records: 0, tasksOpened: 0, tasksClosed: 0 } });
        } finally {
          await line.close();
        }
      },
    );

    for (const [title, other] of Object.entries(otherKinds)) {
      it(title, async () => {
        const line = await openWholeLine(other);
        try {
          await twoDays(line);
          expect(await endStateOf(line)).toEqual(undisturbed);
        } finally {
          await line.close();
        }
      });
    }

    it('an account in which there is something to write', () => {
      expect(Object.keys(Object(undisturbed['tasks'])).length).toBeGreaterThan(5);
    });
  });
}

/** Installed, approved, written; then a day of people's work, and the daily run. */
async function twoDays(line: WholeLine, needsAnotherRun = false): Promise<void> {
  await line.sync('incremental');
  await line.approve();
  await line.sync('incremental');
  if (needsAnotherRun) await line.sync('incremental');
  line.passDay();
  await line.sync('daily');
}
