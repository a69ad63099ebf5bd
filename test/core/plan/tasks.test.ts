import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, type CalendarDate } from '../../../src/core/model/calendar-date.ts';
import { toAccountId } from '../../../src/core/model/ids.ts';
import { money } from '../../../src/core/model/money.ts';
import type { Account, Deal } from '../../../src/core/model/records.ts';
import { LATE_START } from '../../../src/core/plays/late-start.ts';
import type { LoadLimits } from '../../../src/core/renewals/configuration.ts';
import { configuration, contract, deal, on, snapshot } from '../renewals/builders.ts';
import { inShort, PlanningOffice } from './planning-office.ts';

const ends = (endOn: string, more: Partial<Account> = {}) => ({ renewalOn: on(endOn), ...more });

describe('the tasks of a renewal', () => {
  it('open thirty days ahead, and a second plan on the same day is empty', () => {
    const office = new PlanningOffice();
    const today = snapshot('2026-11-01', ends('2027-03-31'));
    expect(inShort(office.work([today]), office.ledger)).toEqual(['open R0', 'open R1']);
    expect(office.plan([today])).toEqual({ steps: [], heldBack: [], ledger: [] });
  });

  it('stay when their day passes, and no late start comes for them', () => {
    const office = new PlanningOffice();
    office.work([snapshot('2026-11-20', ends('2027-03-31'))]);
    for (const day of ['2026-12-02', '2026-12-04', '2026-12-06']) {
      expect(
        inShort(office.work([snapshot(day, ends('2027-03-31'))]), office.ledger).filter((s) => !/R[23]$/.test(s)),
      ).toEqual([]);
    }
    expect(office.stateOf('R0')).toBe('open');
    expect(office.stateOf(LATE_START)).toBeUndefined();
  });

  it('start late with one task for what was missed, and none that is overdue', () => {
    const office = new PlanningOffice();
    const today = snapshot('2027-02-20', ends('2027-03-31'));
    const plan = office.work([today]);
    expect(inShort(plan, office.ledger).toSorted()).toEqual(['open R6', 'open R7', `open ${LATE_START}`]);
    const [lateStart] = plan.steps.filter((step) => step.kind === 'open-task' && step.wish.step === LATE_START);
    expect(lateStart?.after['body']).toMatch(/- R0 .*was due on 1 December 2026\n- R1 [^]*- R5 /);
    expect(lateStart?.after['due']).toBe('2027-02-22T08:00:00.000Z');
    expect(office.plan([snapshot('2027-02-24', ends('2027-03-31'))]).steps).toEqual([]);
  });

  it('move when the end date moves by at most 45 days', () => {
    const office = new PlanningOffice();
    office.work([snapshot('2026-11-20', ends('2027-03-31'))]);
    const plan = office.work([snapshot('2026-11-21', ends('2027-04-14'))]);
    expect(inShort(plan, office.ledger).toSorted()).toEqual(['move R0', 'move R1']);
    expect(plan.steps[0]?.because).toMatch(/due on 15 December 2026 instead of 1 December 2026/);
    expect(office.dueOf('R0')).toBe('2026-12-15');
    expect(office.plan([snapshot('2026-11-22', ends('2027-04-14'))]).steps).toEqual([]);
  });

  it('move to the next working day at once, not into the past, when the end date moves up', () => {
    const office = new PlanningOffice();
    office.work([snapshot('2026-11-20', ends('2027-03-31'))]);
    office.work([snapshot('2026-11-21', ends('2027-03-01'))]);
    expect(office.dueOf('R0')).toBe('2026-11-23');
    expect(
      office.plan([snapshot('2026-11-25', ends('2027-03-01'))]).steps.filter(({ kind }) => kind === 'move-task'),
    ).toEqual([]);
  });

  it('are closed when the end date moves further, for that is another term', () => {
    const office = new PlanningOffice();
    office.work([snapshot('2026-11-20', ends('2027-03-31'))]);
    const plan = office.work([snapshot('2026-11-21', ends('2028-03-31'))]);
    expect(inShort(plan, office.ledger).toSorted()).toEqual(['close R0', 'close R1']);
    expect(plan.steps[0]?.because).toBe('The term that was to end on 31 March 2027 now ends on 31 March 2028.');
  });

  it('are closed when the term is renewed', () => {
    const office = new PlanningOffice();
    const first = deal('won', 'new', '2026-03-20', { termEndOn: on('2027-03-31') });
    office.work([snapshot('2026-11-20', {}, { deals: [first] })]);
    const renewed = deal('won', 'renewal', '2026-11-25', { id: 'd2', termMonths: 12 });
    const plan = office.work([snapshot('2026-11-26', {}, { deals: [first, renewed] })]);
    expect(inShort(plan, office.ledger).toSorted()).toEqual(['close R0', 'close R1']);
    expect(plan.steps[0]?.because).toBe('The term to 31 March 2027 is renewed.');
  });

  it('stay open when the end date is merely emptied', () => {
    const office = new PlanningOffice();
    office.work([snapshot('2026-11-20', ends('2027-03-31'))]);
    expect(office.plan([snapshot('2026-11-21')]).steps).toEqual([]);
  });

  it('go to the new CSM when the old one is replaced', () => {
    const office = new PlanningOffice();
    office.work([snapshot('2026-11-20', ends('2027-03-31'))]);
    const plan = office.work([snapshot('2026-11-21', ends('2027-03-31', { csmId: 'new-csm' }))]);
    expect(plan.steps.map(({ kind, after }) => [kind, after['owner']])).toEqual([
      ['move-task', 'new-csm'],
      ['move-task', 'new-csm'],
    ]);
    expect(office.plan([snapshot('2026-11-22', ends('2027-03-31', { csmId: 'new-csm' }))]).steps).toEqual([]);
  });

  it('are the same when a deal begins to state the term that only the account stated', () => {
    const office = new PlanningOffice();
    office.work([snapshot('2026-11-20', ends('2027-03-31'))]);
    const won = deal('won', 'new', '2026-03-20', { termEndOn: on('2027-03-31') });
    expect(office.plan([snapshot('2026-11-21', ends('2027-03-31'), { deals: [won] })]).steps).toEqual([]);
  });
});

describe('a step that could not be opened before it was due', () => {
  const free = { newPerDay: 99, open: 99 };
  const full = { newPerDay: 0, open: 0 };
  const year = ends('2027-03-31', { segment: 'mid' });

  /** Plans every day; `limitsOn` and `saysOn` tell the load limits and the account of a day. */
  function planDaily(
    from: string,
    to: string,
    limitsOn: (day: CalendarDate) => typeof free,
    saysOn: (day: CalendarDate) => Partial<Account> = () => year,
  ) {
    const office = new PlanningOffice();
    const waitedOn = new Map<string, CalendarDate>();
    for (let day = on(from); day <= to; day = addDays(day, 1)) {
      const { heldBack } = office.work([snapshot(day, saysOn(day))], limitsOn(day));
      for (const { step } of heldBack) waitedOn.set(step, day);
    }
    return { office, waitedOn };
  }

  it('because its owner had too much to do waits in the list, and comes in a late start that names it alone', () => {
    const isFull = (day: CalendarDate) => day >= '2026-12-20' && day < '2027-02-05';
    const { office, waitedOn } = planDaily('2026-11-01', '2027-04-20', (day) => (isFull(day) ? full : free));
    expect(waitedOn.get('R4')).toBe('2027-01-29');
    expect(waitedOn.get(LATE_START)).toBe('2027-02-04');
    expect(office.dueOf(LATE_START)).toBe('2027-02-05');
    expect(office.toldLate()).toEqual({ [LATE_START]: ['R4'] });
    expect(office.stateOf('R4')).toBeUndefined();
    expect(office.dueOf('R5')).toBe('2027-02-12');
  });

  it('because the end date moved up comes in a late start, too', () => {
    const { office } = planDaily(
      '2026-11-01',
      '2027-03-20',
      () => free,
      (day) => (day < '2027-01-25' ? year : ends('2027-02-19', { segment: 'mid' })),
    );
    expect(office.toldLate()).toEqual({ [LATE_START]: ['R6'] });
    expect(office.dueOf(LATE_START)).toBe('2027-01-25');
  });

  it('is told in another late start when one was made before, and what that one told is not told again', () => {
    const isFull = (day: CalendarDate) => day >= '2027-01-12' && day < '2027-02-16';
    const { office } = planDaily('2027-01-11', '2027-04-20', (day) => (isFull(day) ? full : free));
    expect(office.toldLate()).toEqual({ [LATE_START]: ['R0', 'R1', 'R2', 'R3'], [`${LATE_START}#2`]: ['R5'] });
  });

  it('is left out of the late start when what it asks for is there', () => {
    const isFull = (day: CalendarDate) => day >= '2026-11-20' && day < '2027-01-05';
    const called = deal('open', 'renewal', '2027-03-31', { csmCall: 'good', finalCall: 'good' });
    const office = new PlanningOffice();
    office.risk = { riskAlone: 'low', atDecision: 0.1 };
    for (let day = on('2026-10-20'); day < '2027-02-01'; day = addDays(day, 1)) {
      office.work([snapshot(day, year, { deals: [called] })], isFull(day) ? full : free);
    }
    expect(office.toldLate()).toEqual({ [LATE_START]: ['R2'] });
  });

  it('leaves the late start where it is when the end date moves on', () => {
    const { office } = planDaily(
      '2026-12-04',
      '2027-01-20',
      () => free,
      (day) => (day < '2026-12-10' ? year : ends('2027-04-20', { segment: 'mid' })),
    );
    expect(office.dueOf(LATE_START)).toBe('2026-12-04');
  });
});

describe('the tasks of two renewals', () => {
  it('stay apart when one stated term turns out to be two contracts', () => {
    const office = new PlanningOffice();
    office.work([snapshot('2026-11-20', ends('2027-03-31'))]);
    const contracts = [contract('a', '2026-03-11', '2027-03-10'), contract('b', '2026-04-21', '2027-04-20')];
    const day = (today: string) => snapshot(today, {}, { contracts });
    const steps = inShort(office.work([day('2026-12-01')]), office.ledger);
    // The tasks that exist go on with the contract that ends nearer to the date they were made for.
    expect(steps.toSorted()).toEqual(['move R0', 'move R1', 'open R2', 'open R3', 'open late-start']);
    expect(office.dueOf('R0')).toBe('2026-12-21');
    expect(office.plan([day('2026-12-02')]).steps).toEqual([]);
  });

  it('follow the contract that leads, when its end moves behind the one that it is renewed with', () => {
    const office = new PlanningOffice();
    const day = (today: string, firstEndsOn: string) =>
      snapshot(
        today,
        {},
        { contracts: [contract('a', '2026-04-01', firstEndsOn), contract('b', '2026-04-01', '2027-04-10')] },
      );
    office.work([day('2026-11-20', '2027-03-31')]);
    const dues = () => [office.dueOf('R0'), office.dueOf('R1')];
    expect(dues()).toEqual(['2026-12-01', '2026-12-01']);
    expect(inShort(office.work([day('2026-11-21', '2027-04-20')]), office.ledger).toSorted()).toEqual([
      'move R0',
      'move R1',
    ]);
    expect(dues()).toEqual(['2026-12-11', '2026-12-11']);
    expect(office.plan([day('2026-11-22', '2027-04-20')]).steps).toEqual([]);
  });

  const together = (today: string, deals: readonly Deal[] = []) =>
    snapshot(
      today,
      {},
      { contracts: [contract('a', '2026-04-01', '2027-03-31'), contract('b', '2026-04-01', '2027-04-20')], deals },
    );

  it('are closed, and none come for the second contract, when one deal renews both', () => {
    const office = new PlanningOffice();
    office.work([together('2026-11-20')]);
    const signed = [deal('won', 'co_term', '2027-03-10', { termMonths: 12 })];
    expect(inShort(office.work([together('2027-03-11', signed)]), office.ledger).toSorted()).toEqual([
      'close R0',
      'close R1',
    ]);
    for (const day of ['2027-03-12', '2027-04-01', '2027-04-15', '2027-05-10']) {
      expect(office.plan([together(day, signed)]).steps, day).toEqual([]);
    }
  });

  it('are closed with the contract that leads when that alone is renewed, and opened anew for the other', () => {
    const office = new PlanningOffice();
    office.work([together('2026-11-20')]);
    const signed = [deal('won', 'renewal', '2026-11-28', { priorContractId: 'a' })];
    expect(inShort(office.work([together('2026-12-01', signed)]), office.ledger).toSorted()).toEqual([
      'close R0',
      'close R1',
      'open R0',
      'open R1',
    ]);
    expect(office.stateOf('R0')).toBe('closed');
  });

  /** Two contracts of one account over seven months; every step of the second one, with what became of it. */
  const secondOf = (
    days: number,
    told: { readonly deal: 'none' | 'won' | 'lost'; readonly completes: readonly string[] },
  ) => {
    const office = new PlanningOffice();
    const firstEndOn = on('2027-03-31');
    const contracts = [contract('a', '2026-04-01', firstEndOn), contract('b', '2026-04-01', addDays(firstEndOn, days))];
    for (let day = on('2026-10-01'); day <= addDays(firstEndOn, days); day = addDays(day, 3)) {
      const decided = told.deal !== 'none' && day >= '2027-03-20';
      const deals = decided ? [deal(told.deal === 'won' ? 'won' : 'lost', 'renewal', '2027-03-20')] : [];
      office.work([snapshot(day, {}, { contracts, deals })], { newPerDay: 99, open: 99 });
      for (const step of told.completes) {
        const task = [...office.ledger.values()].find(
          (one) => one.step === step && one.termId?.startsWith('contract/a/'),
        );
        if (task?.crmId != null) office.tasks.set(task.crmId, { fields: { status: 'done' }, deleted: false });
      }
    }
    const ofTerm = (base: string) => [...office.ledger.values()].filter(({ termId }) => termId?.startsWith(base));
    return {
      second: ofTerm('contract/b/')
        .map(({ step, dueOn, state }) => `${step} ${dueOn} ${state}`)
        .toSorted(),
      first: ofTerm('contract/a/'),
    };
  };

  it('on contracts 40 days apart are opened for the second one although the first one is signed and done', () => {
    const { first, second } = secondOf(40, { deal: 'won', completes: ['R7'] });
    expect(second).toEqual(expect.arrayContaining(['R7 2027-04-26 open', 'R8 2027-05-10 open']));
    expect(first.find(({ step }) => step === 'R8')).toMatchObject({
      state: 'closed',
      closedBecause: 'The term to 31 March 2027 is renewed.',
    });
  });

  it('of the second one are the same whatever becomes of the first one, however far apart they end', () => {
    const told = fc.record({
      deal: fc.constantFrom('none' as const, 'won' as const, 'lost' as const),
      completes: fc.subarray(['R0', 'R2', 'R3', 'R6', 'R7', 'R8', 'R9']),
    });
    fc.assert(
      fc.property(fc.integer({ min: 31, max: 90 }), told, (days, told) => {
        expect(secondOf(days, told).second).toEqual(secondOf(days, { deal: 'none', completes: [] }).second);
      }),
      { numRuns: 15 },
    );
  });
});

describe('what a human did', () => {
  const later = snapshot('2026-11-22', ends('2027-04-14'));

  it.each(['edit', 'complete', 'delete'] as const)('wins: %s, and the task is left alone for ever', (act) => {
    const office = new PlanningOffice();
    office.work([snapshot('2026-11-20', ends('2027-03-31'))]);
    office.human('R0', act);
    const plan = office.work([later]);
    expect(inShort(plan, office.ledger)).toEqual(['move R1']);
    expect(plan.ledger).toMatchObject([{ step: 'R0', isTouched: true }]);
    expect(office.stateOf('R0')).toBe({ edit: 'open', complete: 'done', delete: 'deleted' }[act]);
    const renewed = deal('won', 'renewal', '2026-12-01', { id: 'd2', termMonths: 12 });
    const last = office.work([snapshot('2026-12-02', ends('2027-04-14'), { deals: [renewed] })]);
    expect(inShort(last, office.ledger)).toEqual(['close R1']);
  });

  it('cannot be seen on a task that was not read, so that one is left as it is', () => {
    const office = new PlanningOffice();
    office.work([snapshot('2026-11-20', ends('2027-03-31'))]);
    office.tasks.clear();
    expect(office.plan([later]).steps).toEqual([]);
  });
});

describe('the ledger', () => {
  it('keeps a task from being made while its creation is unresolved, and allows it after undo', () => {
    const office = new PlanningOffice();
    const today = snapshot('2026-11-20', ends('2027-03-31'));
    office.work([today]);
    const put = (state: 'creating' | 'undone') => {
      for (const [key, entry] of office.ledger) office.ledger.set(key, { ...entry, state, crmId: null });
    };
    put('creating');
    expect(office.plan([today]).steps).toEqual([]);
    put('undone');
    expect(inShort(office.plan([today]), office.ledger)).toEqual(['open R0', 'open R1']);
  });
});

describe('the load of an owner', () => {
  const book = (count: number, endOn: string) =>
    Array.from({ length: count }, (_, index) =>
      snapshot('2026-11-20', {
        ...ends(endOn),
        id: toAccountId(String(1_000 + index)),
        arr: money(10_000 + index, 'EUR'),
      }),
    );

  it('grows by at most seven tasks a day, the most worth first; the rest is told', () => {
    const office = new PlanningOffice();
    const plan = office.work(book(10, '2027-03-31'));
    expect(plan.steps).toHaveLength(7);
    expect(plan.heldBack).toHaveLength(13);
    expect(plan.steps.map((step) => step.accountId)).toContain('1009');
    expect(plan.heldBack.map((wish) => wish.accountId)).toContain('1000');
    expect(office.plan(book(10, '2027-03-31')).steps).toEqual([]);
  });

  it('ranks what is worth most at home first, not the largest figure', () => {
    const office = new PlanningOffice();
    office.rates = { on: null, perUnit: { IDR: 0.00006, USD: 0.92 } };
    const paying = (id: string, major: number, currency: string) =>
      snapshot('2026-11-20', { ...ends('2027-03-31'), id: toAccountId(id), arr: money(major, currency) });
    const many = [
      paying('rupiah', 60_000_000, 'IDR'),
      paying('euros', 30_000, 'EUR'),
      paying('dollars', 31_000, 'USD'),
      // Without a rate a figure says nothing.
      paying('yen', 5_000_000, 'JPY'),
    ];
    const { heldBack } = office.plan(many, { newPerDay: 0, open: 0 });
    expect([...new Set(heldBack.map(({ accountId }) => accountId))]).toEqual(['euros', 'dollars', 'rupiah', 'yen']);
  });

  it('never holds back a renewal that is decided within thirty days', () => {
    const office = new PlanningOffice();
    const plan = office.work(book(10, '2026-12-10'), { newPerDay: 0, open: 0 });
    expect(plan.heldBack).toEqual([]);
    expect(plan.steps).toHaveLength(30);
  });
});

describe('over a year', () => {
  const endOn = fc.integer({ min: 0, max: 500 }).map((days) => addDays(on('2026-06-01'), days));
  const event = fc.record({
    day: fc.integer({ min: 0, max: 420 }),
    what: fc.oneof(
      endOn.map((to) => ({ to })),
      fc.integer({ min: -60, max: 60 }).map((shift) => ({ shift })),
      fc
        .tuple(
          fc.constantFrom('R0', 'R1', 'R2', 'R3', 'R4', 'R6', 'R8', 'A1', LATE_START),
          fc.constantFrom('edit' as const, 'complete' as const, 'delete' as const),
        )
        .map(([step, act]) => ({ step, act })),
      fc.constantFrom('new-csm', 'csm').map((csmId) => ({ csmId })),
      fc.boolean().map((autoRenew) => ({ autoRenew })),
      fc.constantFrom(0, 7).map((newPerDay) => ({ newPerDay })),
    ),
  });
  const life = fc.record({
    endOn,
    segment: fc.constantFrom('enterprise' as const, 'mid' as const, 'smb' as const),
    events: fc.array(event, { maxLength: 6 }),
    visits: fc.array(fc.integer({ min: 0, max: 420 }), { minLength: 10, maxLength: 40 }),
  });

  it('no key opens twice and nothing opens overdue, whatever dates, owners, their load and humans do', () => {
    fc.assert(
      fc.property(life, ({ endOn, segment, events, visits }) => {
        const office = new PlanningOffice();
        let limits: Pick<LoadLimits, 'newPerDay' | 'open'> = configuration.load;
        let said: Partial<Account> & { renewalOn: CalendarDate } = { segment, renewalOn: endOn };
        const days = [...new Set([...visits, ...events.map(({ day }) => day)])].sort((a, b) => a - b);
        for (const number of days) {
          const today = addDays(on('2026-01-01'), number);
          for (const { what } of events.filter(({ day }) => day === number)) {
            if ('to' in what) said = { ...said, renewalOn: what.to };
            else if ('shift' in what) said = { ...said, renewalOn: addDays(said.renewalOn, what.shift) };
            else if ('step' in what) office.human(what.step, what.act);
            else if ('newPerDay' in what) limits = { ...limits, newPerDay: what.newPerDay };
            else said = { ...said, ...what };
          }
          const now = snapshot(today, said);
          const plan = office.work([now], limits);
          for (const step of plan.steps) {
            if (step.kind !== 'close-task' && 'due' in step.after) expect(step.wish.dueOn >= today).toBe(true);
          }
          expect(office.plan([now], limits)).toEqual({ steps: [], heldBack: plan.heldBack, ledger: [] });
        }
        expect(new Set(office.opened).size).toBe(office.opened.length);
      }),
      { numRuns: 60 },
    );
  });

  it('every step of a term is opened exactly once when planned each day', () => {
    fc.assert(
      fc.property(fc.constantFrom('enterprise' as const, 'mid' as const, 'smb' as const), endOn, (segment, endOn) => {
        const office = new PlanningOffice();
        for (let day = addDays(endOn, -230); day < addDays(endOn, 31); day = addDays(day, 1)) {
          office.work([snapshot(day, { segment, renewalOn: endOn })]);
        }
        const wanted = configuration.cadences[segment]
          .filter(({ by }) => by !== 'automatic')
          .map(({ id, occurrence }) => (occurrence === 1 ? id : `${id}#${occurrence}`));
        const opened = [...office.ledger.values()].map(({ step }) => step);
        expect(opened.toSorted()).toEqual(wanted.toSorted());
      }),
      { numRuns: 6 },
    );
  });

  it('every step of a term is opened or told in a late start, once, however full its owner is', () => {
    const spells = fc.array(fc.tuple(fc.integer({ min: 0, max: 260 }), fc.integer({ min: 1, max: 60 })), {
      maxLength: 4,
    });
    fc.assert(
      fc.property(fc.constantFrom('enterprise' as const, 'mid' as const), endOn, spells, (segment, endOn, full) => {
        const office = new PlanningOffice();
        const beginOn = addDays(endOn, -230);
        for (let number = 0; number < 261; number += 1) {
          const isFull = full.some(([from, days]) => number >= from && number < from + days);
          const limits = isFull ? { newPerDay: 0, open: 0 } : { newPerDay: 99, open: 99 };
          const today = snapshot(addDays(beginOn, number), { segment, renewalOn: endOn });
          const { heldBack } = office.work([today], limits);
          expect(office.plan([today], limits)).toEqual({ steps: [], heldBack, ledger: [] });
        }
        const opened = [...office.ledger.values()]
          .map(({ step }) => step)
          .filter((step) => !step.startsWith(LATE_START));
        const wanted = configuration.cadences[segment].map(({ id, occurrence }) =>
          occurrence === 1 ? id : `${id}#${occurrence}`,
        );
        expect([...opened, ...Object.values(office.toldLate()).flat()].toSorted()).toEqual(wanted.toSorted());
      }),
      { numRuns: 12 },
    );
  });

  it('no step of a term is asked for twice while its end date wanders by a few weeks', () => {
    const wander = fc.array(fc.integer({ min: -22, max: 22 }), { minLength: 10, maxLength: 40 });
    fc.assert(
      fc.property(wander, endOn, (shifts, endOn) => {
        const office = new PlanningOffice();
        const steps: string[] = [];
        for (const [index, shift] of shifts.entries()) {
          const today = addDays(endOn, -160 + index * 4);
          const plan = office.work([snapshot(today, { renewalOn: addDays(endOn, shift) })]);
          for (const step of plan.steps) if (step.kind === 'open-task') steps.push(step.wish.step);
        }
        expect(new Set(steps).size).toBe(steps.length);
      }),
      { numRuns: 60 },
    );
  });

  it('the order of accounts and ledger entries does not matter', () => {
    fc.assert(
      fc.property(fc.array(endOn, { minLength: 2, maxLength: 6 }), (dates) => {
        const book = dates.map((endOn, index) =>
          snapshot('2026-08-01', { id: toAccountId(String(index)), renewalOn: endOn }),
        );
        expect(new PlanningOffice().plan(book.toReversed())).toEqual(new PlanningOffice().plan(book));
      }),
      { numRuns: 40 },
    );
  });
});
