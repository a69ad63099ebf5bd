import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, type CalendarDate } from '../../../src/core/model/calendar-date.ts';
import type { Snooze } from '../../../src/core/plays/play-run.ts';
import { on, snapshot } from '../renewals/builders.ts';
import { PlayOffice, type Said } from './play-office.ts';

/** Due: R4 on 29 January 2027, R5 on 12 February, R6 on 1 March, R7 on 17 March, R8 on 31 March. */
const RENEWAL = { renewalOn: on('2027-03-31') };
const BEGIN = on('2026-11-02');
const SILENT = Object.fromEntries(
  Array.from({ length: 22 }, (_, index) => [String(index + 1).padStart(2, '0'), 'off' as const]),
);

/** The renewal with a run on every day, whose first steps are completed as they come. */
class Renewal {
  readonly office = new PlayOffice({ ...SILENT, '05': 'act' });
  #today = BEGIN;

  /** Runs up to and with a day. */
  until(day: string, said: Said = {}): this {
    for (; this.#today <= on(day); this.#today = addDays(this.#today, 1)) {
      this.office.day(snapshot(this.#today, RENEWAL), said);
      for (const step of ['R0', 'R1', 'R2', 'R3']) this.office.human(step, 'complete');
    }
    return this;
  }

  snooze(from: CalendarDate, until: CalendarDate, caps: readonly string[] = []): this {
    const [task] = [...this.office.ledger.values()].filter(({ state }) => state === 'open');
    if (task?.termId == null) throw new Error('there is no task to enter a snooze on');
    const entered: Snooze = {
      accountId: task.accountId,
      play: '05',
      kind: 'routine',
      reason: null,
      termId: task.termId,
      taskKey: task.key,
      untilOn: until,
      because: 'their CFO is away',
      by: 'a task in the CRM',
      at: `${from}T09:00:00.000Z`,
      caps,
    };
    this.office.snoozes = [entered];
    return this;
  }

  /** `R4 2027-01-29` of every task that is open. */
  open(): readonly string[] {
    return this.tasks()
      .filter(({ state }) => state === 'open')
      .map(({ step, dueOn }) => `${step} ${dueOn}`);
  }

  tasks() {
    return [...this.office.ledger.values()];
  }

  planned(): readonly unknown[] {
    return this.office.plan(snapshot(addDays(this.#today, -1), RENEWAL)).plan.steps;
  }
}

describe('a renewal that a person puts off on one of its tasks', () => {
  const putOff = () => new Renewal().until('2027-01-10').snooze(on('2027-01-10'), on('2027-02-20'));

  it('moves what is open to that day, or the next working day, and opens nothing until then', () => {
    expect(new Renewal().until('2027-01-10').open()).toEqual(['R4 2027-01-29']);
    const renewal = putOff().until('2027-02-19');
    expect(renewal.open()).toEqual(['R4 2027-02-22']);
    expect(renewal.planned()).toEqual([]);
  });

  it('says on the task until when and why', () => {
    const renewal = putOff();
    const { plan } = renewal.office.plan(snapshot('2027-01-11', RENEWAL));
    expect(plan.steps).toMatchObject([
      {
        kind: 'move-task',
        because: expect.stringContaining(
          'due on 22 February 2027 instead of 29 January 2027; put off: their CFO is away',
        ),
        wish: {
          body: expect.stringContaining(
            'Put off until 20 February 2027: their CFO is away\nThe steps of this renewal wait until then.\n\n',
          ),
        },
      },
    ]);
  });

  it('goes on from that day, with what was due in between', () => {
    const renewal = putOff().until('2027-02-20');
    expect(renewal.open()).toEqual(['R4 2027-02-22', 'R5 2027-02-22', 'R6 2027-03-01', 'R7 2027-03-17']);
    expect(renewal.planned()).toEqual([]);
    expect(renewal.until('2027-02-27').open()).toEqual([
      'R4 2027-02-22',
      'R5 2027-02-22',
      'R6 2027-03-01',
      'R7 2027-03-17',
    ]);
  });

  it('waits for no longer than until two weeks before the decision, and says so', () => {
    const renewal = new Renewal().until('2027-01-10').snooze(on('2027-01-10'), on('2027-06-01'));
    const { plan } = renewal.office.plan(snapshot('2027-01-11', RENEWAL));
    expect(plan.steps).toMatchObject([
      { wish: { dueOn: '2027-03-17', body: expect.stringContaining('Until 1 June 2027 was asked for') } },
    ]);
    expect(renewal.until('2027-03-16').open()).toEqual(['R4 2027-03-17']);
    const steps = renewal.until('2027-03-17').open();
    expect(steps.map((line) => line.slice(0, 2))).toEqual(['R4', 'R5', 'R6', 'R7', 'R8']);
  });

  it('goes on at once when a new limit on the score comes up', () => {
    const cap = { id: 'champion_departed', limit: 49, because: 'The champion left.' };
    const { office } = putOff().until('2027-01-20');
    const { plan } = office.plan(snapshot('2027-01-21', RENEWAL), { health: { caps: [cap] } });
    expect(plan.steps).toMatchObject([
      { kind: 'move-task', wish: { step: 'R4', dueOn: '2027-01-29' } },
      { kind: 'open-task', wish: { step: 'R5', dueOn: '2027-02-12' } },
    ]);
    expect(office.plan(snapshot('2027-01-21', RENEWAL)).plan.steps).toEqual([]);
  });

  it('has no step less in the end, whenever and until whenever it was put off', () => {
    const stepsOf = (renewal: Renewal) =>
      new Set(
        renewal
          .until('2027-04-05')
          .tasks()
          .map(({ step }) => step),
      );
    const undisturbed = stepsOf(new Renewal());
    const days = fc.integer({ min: 0, max: 110 });
    fc.assert(
      fc.property(days, fc.integer({ min: 1, max: 200 }), (start, length) => {
        const from = addDays(on('2026-12-02'), start);
        const renewal = new Renewal().until(from);
        if (renewal.open().length === 0) return;
        renewal.snooze(from, addDays(from, length));
        expect(stepsOf(renewal)).toEqual(undisturbed);
        expect(renewal.tasks().find(({ step }) => step === 'R8')?.dueOn).toBe('2027-03-31');
      }),
      { numRuns: 30 },
    );
  });
});
