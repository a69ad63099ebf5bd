import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultConfiguration } from '../../../src/core/configuration.ts';
import { addDays, daysBetween, type CalendarDate } from '../../../src/core/model/calendar-date.ts';
import { toAccountId } from '../../../src/core/model/ids.ts';
import { money } from '../../../src/core/model/money.ts';
import type { AccountSnapshot } from '../../../src/core/model/snapshot.ts';
import { signalPlaysOf } from '../../../src/core/plays/index.ts';
import type { PlayMode } from '../../../src/core/plays/play.ts';
import { runName, type PlayRun, type Snooze } from '../../../src/core/plays/play-run.ts';
import { deal, on, snapshot } from '../renewals/builders.ts';
import { PlayOffice, type HumanAct, type Said } from './play-office.ts';

const START = on('2026-11-02');
const renewalOn = on('2027-10-31');
const dayAfter = (days: number) => snapshot(addDays(START, days), { renewalOn, overdueDays: 0, csmId: 'csm' });
const overdue = (days: number, overdueDays: number) =>
  snapshot(addDays(START, days), { renewalOn, overdueDays, csmId: 'csm' });
const red: Said = { health: { band: 'red' }, churn: { risk: 'high', riskAlone: 'high', reason: 'adoption' } };
const calm: Said = {};

describe('a play that fires', () => {
  it('opens its first task, due after its working days, and nothing more that day', () => {
    const office = new PlayOffice();
    const { plan } = office.day(overdue(0, 20));
    expect(office.shown()).toEqual(['contact open']);
    expect(plan.steps[0]?.because).toBe('Acme: Ask about the open payment (play 10): due on 4 November 2026');
    expect(plan.steps[0]?.after['body']).toMatch(/^An invoice is 20 days overdue\. Ask the person who pays/);
    expect(office.plan(overdue(0, 20))).toMatchObject({ plan: { steps: [], ledger: [] }, played: { changedRuns: [] } });
  });

  it('opens the next task when a person has completed the one before', () => {
    const office = new PlayOffice();
    office.day(overdue(0, 20));
    office.day(overdue(1, 21));
    office.human('contact', 'complete');
    office.day(overdue(2, 22));
    expect(office.shown()).toEqual(['contact done', 'update-method open']);
    expect(office.plan(overdue(2, 22)).plan.steps).toEqual([]);
  });

  it('waits for a second reading where one alone could be chance', () => {
    const office = new PlayOffice();
    const few: Said = { measures: { U1: 0.3 } };
    const near = (days: number) => snapshot(addDays(START, days), { renewalOn: on('2027-03-31') });
    office.day(near(0), few);
    expect(office.shown()).toEqual([]);
    office.day(near(1), calm);
    office.day(near(2), few);
    expect(office.shown()).toEqual([]);
    office.day(near(3), few);
    expect(office.shown()).toEqual(['adoption-sprint open']);
  });

  it('calls the manager when nobody has begun in time, and lets go once somebody does', () => {
    const office = new PlayOffice();
    for (const day of [0, 1, 2, 3, 4, 7, 8]) office.day(overdue(day, 20 + day));
    expect(office.shown()).toEqual(['contact open']);
    const { plan } = office.day(overdue(9, 29));
    expect(office.shown()).toEqual(['contact open', 'escalation open']);
    expect(plan.steps[0]?.after).toMatchObject({ priority: 'high', due: '2026-11-12T08:00:00.000Z' });
    office.human('contact', 'edit');
    office.day(overdue(10, 30));
    expect(office.shown()).toEqual(['contact open', 'escalation closed']);
    expect(office.plan(overdue(10, 30)).plan.steps).toEqual([]);
  });

  it('gives whoever has the first task their days from when it was there, not from when it was held back', () => {
    const office = new PlayOffice();
    office.hasRoom = false;
    for (const day of [0, 1, 2, 3, 4, 7, 8, 9, 10, 11]) office.day(overdue(day, 20 + day));
    office.hasRoom = true;
    for (const day of [14, 15, 16, 17, 18, 21, 22]) {
      office.day(overdue(day, 20 + day));
      office.day(overdue(day, 20 + day));
    }
    expect(office.shown()).toEqual(['contact open']);
    office.day(overdue(23, 43));
    expect(office.shown()).toEqual(['contact open', 'escalation open']);
  });

  it('tells nobody who has the first task that nobody has begun with it', () => {
    const office = new PlayOffice();
    for (const day of [0, 1, 2, 3, 4, 7, 8, 9]) office.day(overdue(day, 20 + day));
    expect([...office.ledger.values()].map(({ step, ownerId }) => `${step} ${ownerId}`)).toEqual([
      'contact csm',
      'escalation null',
    ]);
    office.roleOwners = new Map([['manager', 'rep']]);
    office.day(overdue(10, 30));
    expect([...office.ledger.values()].map(({ ownerId }) => ownerId)).toEqual(['csm', 'rep']);
  });

  it('goes over to the CSM, with what is open, once a failed payment has become an overdue invoice', () => {
    const office = new PlayOffice();
    office.roleOwners = new Map([['finance', 'rep']]);
    const unpaid = (day: number): AccountSnapshot => ({
      ...dayAfter(day),
      invoices: [
        {
          id: 'i1',
          accountId: toAccountId('100'),
          amount: money(900, 'EUR'),
          issuedOn: null,
          dueOn: addDays(START, -11),
          paidOn: null,
          failedAt: `${addDays(START, -3)}T09:00:00.000Z`,
        },
      ],
    });
    expect(office.day(unpaid(0)).plan.steps[0]?.after).toMatchObject({ owner: 'rep' });
    expect(office.day(unpaid(3)).plan.steps).toEqual([]);
    const { plan } = office.day(unpaid(4));
    expect(plan.steps[0]?.after).toMatchObject({ owner: 'csm' });
    expect(plan.steps[0]?.after['body']).toMatch('Since 6 November 2026: An invoice is 15 days overdue.');
    expect(office.plan(unpaid(4)).plan.steps).toEqual([]);
  });

  it('does not open overdue what the load of its owner held back for weeks', () => {
    const office = new PlayOffice({ '10': 'suggest' });
    office.day(overdue(0, 20));
    office.modes = { '10': 'act' };
    const { plan } = office.day(overdue(30, 50));
    expect(plan.steps[0]?.after['due']).toBe('2026-12-04T08:00:00.000Z');
  });
});

describe('a play ends', () => {
  it('resolved, with its untouched tasks closed, when the reason goes away before anybody began', () => {
    const office = new PlayOffice();
    office.day(overdue(0, 20));
    const { plan } = office.day(overdue(5, 0));
    expect(plan.steps.map(({ kind, because }) => [kind, because])).toEqual([['close-task', 'Everything is paid.']]);
    expect(office.firings()).toEqual(['10 closed resolved']);
  });

  it('recovered, and what a person edited stays theirs', () => {
    const office = new PlayOffice();
    office.day(overdue(0, 20));
    office.human('contact', 'edit');
    office.day(overdue(5, 0));
    expect(office.shown()).toEqual(['contact open']);
    expect(office.firings()).toEqual(['10 closed recovered']);
  });

  it('only after the end has lasted, where it could come back', () => {
    const office = new PlayOffice();
    office.day(dayAfter(0), red);
    office.day(dayAfter(1), calm);
    office.day(dayAfter(10), red);
    office.day(dayAfter(11), calm);
    office.day(dayAfter(24), calm);
    expect(office.firings()).toEqual(['04 open']);
    office.day(dayAfter(25), calm);
    expect(office.firings()).toEqual(['04 closed resolved']);
    expect(office.shown()).toEqual(['root-cause closed', 'escalation closed']);
  });

  it('done once all its tasks are completed, where nothing else could end it', () => {
    const office = new PlayOffice();
    const yellow: Said = { health: { band: 'yellow', previousBand: 'green', bandSinceOn: START } };
    office.day(dayAfter(0), yellow);
    office.human('value-review', 'complete');
    office.day(dayAfter(2), yellow);
    office.human('drivers', 'complete');
    office.day(dayAfter(5), yellow);
    expect(office.firings()).toEqual(['03 closed done']);
    for (const day of [40, 80, 120]) office.day(dayAfter(day), yellow);
    expect(office.firings()).toEqual(['03 closed done']);
  });

  it('when it was open for ninety days and nothing ended it', () => {
    const office = new PlayOffice();
    office.day(dayAfter(0), red);
    office.day(dayAfter(90), red);
    expect(office.firings()).toEqual(['04 closed expired']);
  });

  it('counts those days from the one on which it acted, not from when it was suggested first', () => {
    for (const actsOn of [87, 90]) {
      const office = new PlayOffice({ '10': 'suggest' });
      for (const day of [0, 60, actsOn - 1]) office.day(overdue(day, 20 + day));
      office.modes = {};
      for (const day of [0, 30, 89]) office.day(overdue(actsOn + day, 20 + actsOn + day));
      expect(office.firings()).toEqual(['10 open']);
      office.day(overdue(actsOn + 90, 110 + actsOn));
      expect(office.firings()).toEqual(['10 closed expired']);
    }
  });

  it('when the account is no longer a customer', () => {
    const office = new PlayOffice();
    office.day(dayAfter(0), red);
    office.day(dayAfter(1), { leftBecause: 'The company is no longer a customer.' });
    expect(office.firings()).toEqual(['04 closed left']);
    expect(office.shown()).toEqual(['root-cause closed']);
  });
});

describe('after a play ended', () => {
  it('it rests for thirty days, even if it would fire again', () => {
    const office = new PlayOffice();
    office.day(overdue(0, 20));
    office.day(overdue(5, 0));
    for (const day of [6, 20, 34]) office.day(overdue(day, 20));
    expect(office.firings()).toEqual(['10 closed resolved']);
    office.day(overdue(35, 20));
    expect(office.firings()).toEqual(['10 closed resolved', '10 open']);
    expect(office.shown()).toEqual(['contact closed', 'contact#2 open']);
  });

  it('a worse band or a new limit on the score ends the rest, on a later day', () => {
    for (const worse of [
      { health: { band: 'yellow' as const } },
      { health: { caps: [{ id: 'overdue', limit: 60, because: '' }] } },
    ]) {
      const office = new PlayOffice({ '04': 'off', '03': 'off' });
      office.day(overdue(0, 20));
      office.day(overdue(5, 0));
      office.day(overdue(5, 20), worse);
      expect(office.firings()).toEqual(['10 closed resolved']);
      office.day(overdue(6, 20), worse);
      expect(office.firings()).toEqual(['10 closed resolved', '10 open']);
    }
  });

  describe('that is about one thing', () => {
    const near = (days: number) => snapshot(addDays(START, days), { renewalOn: addDays(START, 110), csmId: 'csm' });
    const atRisk: Said = { churn: { riskAlone: 'high', risk: 'medium', reason: 'adoption' } };
    const onRenewal = () => new PlayOffice({ '03': 'off', '04': 'off' });
    const yellow = (bandSinceOn: CalendarDate): Said => ({
      health: { band: 'yellow', previousBand: 'green', bandSinceOn },
    });

    it('it comes back when its snooze is over', () => {
      const office = onRenewal();
      office.day(near(0), atRisk);
      const { id: accountId } = near(0).account;
      const untilOn = addDays(START, 7);
      const at = `${START}T09:00:00.000Z`;
      const snooze = { play: '06', kind: 'risk' as const, reason: 'adoption' as const, because: 'Their CFO is away.' };
      office.snoozes = [{ ...snooze, accountId, untilOn, by: 'ana', at, caps: [] }];
      for (let day = 1; day <= 6; day += 1) office.day(near(day), atRisk);
      expect(office.firings()).toEqual(['06 closed snoozed']);
      office.day(near(7), atRisk);
      expect(office.firings()).toEqual(['06 closed snoozed', '06 open']);
    });

    it('it comes back when it was off', () => {
      const office = new PlayOffice();
      office.day(dayAfter(0), yellow(START));
      office.modes = { '03': 'off' };
      office.day(dayAfter(1), yellow(START));
      office.modes = {};
      for (let day = 2; day <= 60; day += 1) office.day(dayAfter(day), yellow(START));
      expect(office.firings()).toEqual(['03 closed switched-off', '03 open']);
    });

    it('and describes how things are, it rests, and comes back when they are so again', () => {
      const office = onRenewal();
      for (let day = 0; day <= 5; day += 1) office.day(near(day), atRisk);
      for (let day = 6; day <= 20; day += 1) office.day(near(day), calm);
      expect(office.firings()).toEqual(['06 closed resolved']);
      for (let day = 21; day <= 42; day += 1) office.day(near(day), atRisk);
      expect(office.firings()).toEqual(['06 closed resolved']);
      office.day(near(43), atRisk);
      expect(office.firings()).toEqual(['06 closed resolved', '06 open']);
    });

    it('and is a card that ends, it comes back when the old card is on file again', () => {
      const office = new PlayOffice();
      const paidBy = (days: number, endsIn: number) =>
        snapshot(addDays(START, days), { renewalOn, paymentMethodEndsOn: addDays(START, endsIn), csmId: 'csm' });
      office.day(paidBy(0, 30));
      office.day(paidBy(1, 400));
      for (const day of [2, 30, 31]) office.day(paidBy(day, 30));
      expect(office.firings()).toEqual(['22 closed resolved', '22 open']);
    });

    it('and was asked for until it was done, it does not come back', () => {
      const office = onRenewal();
      office.day(near(0), atRisk);
      office.human('mitigation-plan', 'complete');
      for (const day of [1, 40, 80, 109]) office.day(near(day), atRisk);
      expect(office.firings()).toEqual(['06 closed done']);
    });

    it('and happened, it does not come back once it is resolved', () => {
      const office = new PlayOffice();
      office.day(dayAfter(0), yellow(START));
      office.day(dayAfter(1), calm);
      for (const day of [2, 40, 80]) office.day(dayAfter(day), yellow(START));
      expect(office.firings()).toEqual(['03 closed resolved']);
      office.day(dayAfter(81), yellow(addDays(START, 81)));
      expect(office.firings()).toEqual(['03 closed resolved', '03 open']);
    });
  });

  it('because a person deleted its task, it keeps silent until the term ends, whatever gets worse', () => {
    const office = new PlayOffice();
    office.day(overdue(0, 20));
    office.human('contact', 'delete');
    office.day(overdue(1, 21));
    expect(office.firings()).toEqual(['10 closed dismissed']);
    const worse: Said = { health: { band: 'red' } };
    office.modes = { '04': 'off' };
    for (const day of [2, 40, 200, 363]) office.day(overdue(day, 50), worse);
    expect(office.firings()).toEqual(['10 closed dismissed']);
    office.day(snapshot(on('2027-11-01'), { renewalOn: on('2028-10-31'), overdueDays: 50 }), worse);
    expect(office.firings()).toEqual(['10 closed dismissed', '10 open']);
  });
});

describe('two plays about the same matter', () => {
  const left = {
    id: 'c1',
    accountId: dayAfter(0).account.id,
    email: 'ana@acme.example',
    name: 'Ana',
    title: null,
    roles: ['champion' as const],
    status: 'departed' as const,
    departedAt: '2026-11-01T09:00:00.000Z',
    lastTwoWayAt: null,
    createdAt: null,
    modifiedAt: '2026-11-01T09:00:00.000Z',
  };
  const withoutChampion = (days: number) => ({ ...dayAfter(days), contacts: [left] });
  const redByChampion: Said = { health: { band: 'red' }, churn: { risk: 'high', reason: 'relationship' } };

  it('are one: the specific one opens, and the other is noted there and raises its priority', () => {
    const office = new PlayOffice();
    office.day(overdue(0, 20));
    const { plan } = office.day(overdue(1, 21), { health: { band: 'red' }, churn: { reason: 'payment' } });
    expect(office.firings()).toEqual(['10 open']);
    expect(plan.steps).toMatchObject([{ kind: 'move-task', because: expect.stringContaining('Health is red.') }]);
    expect([...office.runs.values()][0]?.notes).toMatchObject([{ play: '04', on: addDays(START, 1) }]);

    const calmer = new PlayOffice();
    const threads = (days: number) => snapshot(addDays(START, days), { renewalOn: on('2027-03-31') });
    calmer.day(threads(0), { measures: { R3: 1 } });
    calmer.day(threads(1), { measures: { R3: 1 } });
    const raised = calmer.day(threads(2), { ...redByChampion, measures: { R3: 1 } });
    expect(calmer.firings()).toEqual(['08 open']);
    expect(raised.plan.steps).toMatchObject([{ kind: 'move-task', after: { priority: 'high' } }]);
    expect(raised.plan.steps[0]?.because).toMatch(/more has come up: Health is red/);
    expect(calmer.plan(threads(2), { ...redByChampion, measures: { R3: 1 } }).plan.steps).toEqual([]);
  });

  it('tell the second and third thing that comes up, too, on a task that is of high priority already', () => {
    const office = new PlayOffice({ '03': 'off' });
    const threads = (days: number) => snapshot(addDays(START, days), { renewalOn: on('2027-02-01') });
    const few = { measures: { R3: 1 } };
    const riskOfRenewal: Said = { ...few, churn: { riskAlone: 'high', risk: 'medium', reason: 'relationship' } };
    for (const day of [0, 1]) office.day(threads(day), few);
    const first = office.day(threads(2), riskOfRenewal);
    expect(first.plan.steps[0]?.because).toMatch(/more has come up: The renewal is decided in 89 days/);
    const second = office.day(threads(3), { ...riskOfRenewal, health: { band: 'red' } });
    expect(second.plan.steps[0]?.because).toMatch(/more has come up: Health is red/);
    const [task] = [...office.tasks.values()];
    expect(task?.fields['body']).toMatch('Since 4 November 2026: The renewal is decided in 89 days');
    expect(task?.fields['body']).toMatch('Since 5 November 2026: Health is red.');
    expect(office.plan(threads(3), { ...riskOfRenewal, health: { band: 'red' } }).plan.steps).toEqual([]);
  });

  it('open in the order of what is known: on the same day the specific one wins', () => {
    const office = new PlayOffice();
    office.day(withoutChampion(0), redByChampion);
    expect(office.firings()).toEqual(['07 open']);
    expect(office.shown()).toEqual(['successor open']);
  });

  it('a rescue takes over from a review', () => {
    const office = new PlayOffice();
    const yellow = {
      health: { band: 'yellow' as const, previousBand: 'green' as const },
      churn: { reason: 'adoption' as const },
    };
    office.day(dayAfter(0), yellow);
    office.day(dayAfter(1), {
      health: { band: 'yellow', previousBand: 'green' },
      churn: { risk: 'high', reason: 'adoption' },
    });
    expect(office.firings()).toEqual(['03 closed superseded', '04 open']);
    expect(office.shown()).toEqual(['value-review closed', 'root-cause open']);
  });

  it('follow each other: when the first ends, the second opens if it still fires', () => {
    const office = new PlayOffice();
    office.day(withoutChampion(0), redByChampion);
    office.human('successor', 'delete');
    office.day(withoutChampion(1), redByChampion);
    expect(office.firings()).toEqual(['07 closed dismissed', '04 open']);
  });

  it('go to the one that acts: what only suggests gives way, whatever it knows, and is noted there', () => {
    const office = new PlayOffice({ '07': 'suggest' });
    office.day(withoutChampion(0));
    expect(office.firings()).toEqual(['07 open']);
    office.day(withoutChampion(1), redByChampion);
    expect(office.firings()).toEqual(['07 closed superseded', '04 open']);
    expect(office.shown()).toEqual(['root-cause open']);
    const suggested = [...office.runs.values()].find(({ play }) => play === '07');
    expect(suggested).toMatchObject({ closedBecause: 'Play 04 (Red rescue) took over.', restsUntilOn: null });
    office.day(withoutChampion(2), redByChampion);
    expect([...office.runs.values()].find(({ play }) => play === '04')?.notes).toMatchObject([{ play: '07' }]);
    for (let day = 3; day <= 60; day += 1) office.day(withoutChampion(day), redByChampion);
    expect(office.firings()).toEqual(['07 closed superseded', '04 open']);
  });

  it('open in that order on the same day, too', () => {
    const office = new PlayOffice({ '07': 'suggest' });
    office.day(withoutChampion(0), redByChampion);
    expect(office.firings()).toEqual(['04 open']);
    expect([...office.runs.values()][0]?.notes).toMatchObject([{ play: '07' }]);
  });

  it('stay with the one that acts when a more specific one only suggests', () => {
    const office = new PlayOffice({ '04': 'suggest' });
    const yellow = { band: 'yellow' as const, previousBand: 'green' as const };
    office.day(dayAfter(0), { health: yellow, churn: { reason: 'adoption' } });
    office.day(dayAfter(1), { health: yellow, churn: { risk: 'high', reason: 'adoption' } });
    expect(office.firings()).toEqual(['03 open']);
    expect(office.shown()).toEqual(['value-review open']);
  });

  it('of which both suggest go to the specific one, as when both act', () => {
    const office = new PlayOffice({ '07': 'suggest', '04': 'suggest' });
    for (const day of [0, 1, 2]) office.day(withoutChampion(day), redByChampion);
    expect(office.firings()).toEqual(['07 open']);
    office.modes = {};
    office.day(withoutChampion(3), redByChampion);
    expect(office.shown()).toEqual(['successor open']);
  });
});

describe('unhappy answers', () => {
  interface Answer {
    readonly who: string;
    readonly day: number;
    readonly hour?: string;
  }
  const { id: accountId } = dayAfter(0).account;
  /** As the account looks at noon of a day, with the answers given by then. */
  const withAnswers = (days: number, answers: readonly Answer[]): AccountSnapshot => {
    const noon = `${addDays(START, days)}T12:00:00.000Z`;
    const surveys = answers.map(({ who, day, hour = '09' }) => ({
      id: who,
      accountId,
      contactEmail: `${who}@acme.example`,
      kind: 'nps' as const,
      score: 2,
      comment: null,
      at: `${addDays(START, day)}T${hour}:00:00.000Z`,
    }));
    return { ...dayAfter(days), asOf: noon, surveys: surveys.filter(({ at }) => at <= noon) };
  };
  const bodies = (office: PlayOffice) => [...office.tasks.values()].map(({ fields }) => String(fields['body']));

  it('of the same day are one call list', () => {
    const office = new PlayOffice();
    const both = [
      { who: 'ana', day: 0 },
      { who: 'bob', day: 0 },
    ];
    office.day(withAnswers(0, both));
    expect(bodies(office)).toEqual([
      expect.stringMatching(/^bob@acme\.example gave 2 .* ana@acme\.example gave 2 .* Call them/),
    ]);
    for (const step of ['call', 'log-theme']) {
      office.human(step, 'complete');
      office.day(withAnswers(1, both));
    }
    for (let day = 2; day <= 30; day += 1) office.day(withAnswers(day, both));
    expect(office.firings()).toEqual(['12 closed done']);
  });

  it('that come while the play is at work are noted on its open task', () => {
    const office = new PlayOffice();
    const answers = [
      { who: 'ana', day: 0 },
      { who: 'bob', day: 1 },
    ];
    office.day(withAnswers(0, answers));
    const { plan } = office.day(withAnswers(1, answers));
    expect(plan.steps[0]?.because).toBe(
      'Acme: Call about the bad rating (play 12): more has come up: bob@acme.example gave 2 of 10 (NPS) on 3 November.',
    );
    expect(bodies(office)[0]).toMatch('Since 3 November 2026: bob@acme.example gave 2 of 10 (NPS) on 3 November.');
    expect(office.plan(withAnswers(1, answers)).plan.steps).toEqual([]);
  });

  it('all reach somebody, each once, whenever they come and tasks are completed', () => {
    const days = fc.integer({ min: 0, max: 20 });
    const given = fc.array(fc.record({ day: days, hour: fc.constantFrom('09', '18') }), { maxLength: 10 });
    fc.assert(
      fc.property(given, fc.uniqueArray(days), (all, completedOn) => {
        const answers = all.map((answer, index) => ({ who: `person-${index}.`, ...answer }));
        const office = new PlayOffice({ '04': 'off' });
        for (let day = 0; day <= 36; day += 1) {
          office.day(withAnswers(day, answers));
          expect(office.plan(withAnswers(day, answers)).plan.steps).toEqual([]);
          if (completedOn.includes(day)) for (const step of ['call', 'log-theme']) office.human(step, 'complete');
        }
        const spokenOf = [...office.runs.values()]
          .filter(({ state }) => state !== 'watching')
          .flatMap(({ about, alsoAbout = [] }) => [about, ...alsoAbout]);
        expect(new Set(spokenOf)).toEqual(new Set(answers.map(({ who }) => `survey/${who}`)));
        expect(spokenOf).toHaveLength(answers.length);
        for (const { who } of answers) expect(bodies(office).join()).toContain(who);
      }),
      { numRuns: 100 },
    );
  });
});

describe('a snooze', () => {
  const snooze = (more: Partial<Snooze> = {}): Snooze => ({
    accountId: dayAfter(0).account.id,
    play: '10',
    kind: 'risk',
    reason: 'payment',
    untilOn: addDays(START, 20),
    because: 'They pay on the 20th.',
    by: 'ana',
    at: `${START}T09:00:00.000Z`,
    caps: [],
    ...more,
  });

  it('closes what is open and keeps the play silent until its day, others about the same matter too', () => {
    const office = new PlayOffice();
    office.day(overdue(0, 20));
    office.snoozes = [snooze()];
    const { plan } = office.day(overdue(1, 21), { health: { band: 'red' }, churn: { reason: 'payment' } });
    expect(plan.steps[0]?.because).toBe('Snoozed until 22 November 2026: They pay on the 20th.');
    office.day(overdue(19, 39), { health: { band: 'red' }, churn: { reason: 'payment' } });
    expect(office.firings()).toEqual(['10 closed snoozed']);
    office.day(overdue(20, 40));
    expect(office.firings()).toEqual(['10 closed snoozed', '10 open']);
  });

  it('does not silence plays about something else', () => {
    const office = new PlayOffice();
    office.snoozes = [snooze()];
    office.day(overdue(0, 20), red);
    expect(office.firings()).toEqual(['04 open']);
  });

  it('ends early when a new limit on the score comes up, not when the score merely falls', () => {
    const office = new PlayOffice({ '04': 'off', '03': 'off' });
    office.snoozes = [snooze()];
    office.day(overdue(1, 21), { health: { band: 'red' } });
    expect(office.firings()).toEqual([]);
    office.day(overdue(2, 31), {
      health: { caps: [{ id: 'overdue', limit: 60, because: 'An invoice is 31 days overdue.' }] },
    });
    expect(office.firings()).toEqual(['10 open']);
  });
});

describe('the mode of a play', () => {
  it('suggest tells what it would open, and opens nothing', () => {
    const office = new PlayOffice({ '10': 'suggest' });
    const { plan, played } = office.day(overdue(0, 20));
    expect(plan.steps).toEqual([]);
    expect(played.suggestions.map(({ subject }) => subject)).toEqual(['Acme: Ask about the open payment (play 10)']);
    expect(office.firings()).toEqual(['10 open']);
    office.day(overdue(1, 0));
    expect(office.firings()).toEqual(['10 closed resolved']);
  });

  it('act takes up what was only suggested, due from that day on', () => {
    const office = new PlayOffice({ '10': 'suggest' });
    office.day(overdue(0, 20));
    office.modes = { '10': 'act' };
    office.day(overdue(7, 27));
    expect([...office.ledger.values()].map(({ step, dueOn }) => `${step} ${dueOn}`)).toEqual(['contact 2026-11-11']);
  });

  it('act does not wait until it has rested from what was only suggested', () => {
    const expired = new PlayOffice({ '10': 'suggest' });
    for (const day of [0, 90, 91]) expired.day(overdue(day, 20 + day));
    const resolved = new PlayOffice({ '10': 'suggest' });
    for (const day of [0, 90, 91]) resolved.day(overdue(day, day === 90 ? 0 : 20));
    for (const [office, outcome] of [
      [expired, 'expired'],
      [resolved, 'resolved'],
    ] as const) {
      expect(office.firings()).toEqual([`10 closed ${outcome}`]);
      office.modes = {};
      office.day(overdue(92, 112));
      expect(office.shown()).toEqual(['contact#2 open']);
    }
  });

  it('back to suggest leaves the task that was made, until its reason is gone', () => {
    const office = new PlayOffice();
    office.day(overdue(0, 20));
    office.modes = { '10': 'suggest' };
    office.human('contact', 'complete');
    const { plan, played } = office.day(overdue(1, 21));
    expect(plan.steps).toEqual([]);
    expect(played.suggestions).toEqual([]);
  });

  it('off closes what is open', () => {
    const office = new PlayOffice();
    office.day(overdue(0, 20));
    office.modes = { '10': 'off' };
    office.day(overdue(1, 21));
    expect(office.firings()).toEqual(['10 closed switched-off']);
    expect(office.shown()).toEqual(['contact closed']);
  });

  it('off closes the open steps of renewals, and says that it was that', () => {
    const office = new PlayOffice({ '05': 'act' });
    const near = (days: number) => snapshot(addDays(START, days), { renewalOn: on('2026-11-20') });
    office.day(near(0));
    expect(office.shown()).toEqual(['late-start open', 'R7 open', 'R8 open']);
    office.modes = { '05': 'off' };
    office.day(near(1));
    expect(office.shown()).toEqual(['late-start closed', 'R7 closed', 'R8 closed']);
    const reasons = [...office.ledger.values()].map(({ closedBecause }) => closedBecause);
    expect(new Set(reasons)).toEqual(new Set(['Play 05 was switched off.']));
  });
});

describe('over two years of anything', () => {
  const band = fc.constantFrom('green' as const, 'yellow' as const, 'red' as const, 'grey' as const);
  const reason = fc.constantFrom(
    'payment' as const,
    'relationship' as const,
    'adoption' as const,
    'unknown' as const,
    null,
  );
  const world = fc.record({
    band,
    previousBand: fc.option(band, { nil: null }),
    risk: fc.constantFrom('high' as const, 'medium' as const, 'low' as const, 'unknown' as const),
    reason,
    expansion: fc.constantFrom('hot' as const, 'warm' as const, 'cold' as const),
    overdueDays: fc.constantFrom(0, 5, 20, 40, null),
    seatsUsed: fc.constantFrom(20, 60, 99, 110),
    contacts: fc.constantFrom(0, 1, 3),
    caps: fc.subarray(['overdue', 'champion_departed', 'urgent_ticket']),
    isLost: fc.boolean(),
    hasLeft: fc.boolean(),
    csmId: fc.constantFrom('csm', 'new-csm', 'gone'),
    renewalIn: fc.integer({ min: -20, max: 300 }),
  });
  const STEPS = [
    'contact',
    'update-method',
    'root-cause',
    'save-plan',
    'value-review',
    'right-size',
    'map',
    'escalation',
  ];
  const event = fc.record({
    after: fc.integer({ min: 0, max: 25 }),
    world,
    act: fc.option(fc.tuple(fc.constantFrom(...STEPS), fc.constantFrom<HumanAct>('edit', 'complete', 'delete')), {
      nil: null,
    }),
    modes: fc.dictionary(
      fc.constantFrom('03', '04', '06', '08', '10', '13', '14', '15'),
      fc.constantFrom<PlayMode>('off', 'suggest', 'act'),
      { maxKeys: 3 },
    ),
    snooze: fc.option(fc.constantFrom('04', '10', '14'), { nil: null }),
  });
  const heldOut = fc.subarray(['04', '08', '10', '15']);
  const configuration = { ...defaultConfiguration, plays: { ...defaultConfiguration.plays, holdOutShare: 0.5 } };
  const readingsOf = new Map(signalPlaysOf(configuration.plays).map(({ id, settings }) => [id, settings.readings]));

  /** Firings that have held for long enough, of plays that act, and wait for one of which nobody has a task. */
  const waitingInVain = (office: PlayOffice, today: CalendarDate): readonly string[] => {
    const acts = ({ play }: PlayRun) => (office.modes[play] ?? 'act') === 'act';
    const runs = [...office.runs.values()];
    const idle = runs.filter((run) => run.state === 'open' && (run.arm === 'holdout' || run.actedOn === null));
    return runs
      .filter((run) => run.state === 'watching' && acts(run) && !office.heldOut.has(run.play))
      .filter(({ firesSinceOn, play }) => {
        const readings = readingsOf.get(play) ?? 1;
        return firesSinceOn !== null && daysBetween(firesSinceOn, today) >= readings - 1;
      })
      .filter(({ kind, reason }) => idle.some((run) => run.kind === kind && reason !== null && run.reason === reason))
      .map(runName);
  };

  it('no play opens twice, one matter has one play, none that acts waits for one without tasks, and planning twice is empty', () => {
    fc.assert(
      fc.property(fc.array(event, { minLength: 5, maxLength: 30 }), heldOut, (events, measured) => {
        const office = new PlayOffice({}, configuration);
        office.heldOut = new Set(measured);
        let day = 0;
        for (const { after, world, act, modes, snooze } of events) {
          day += after;
          const today = addDays(START, day);
          if (act !== null) office.human(...act);
          office.modes = modes;
          if (snooze !== null) {
            const untilOn = addDays(today, 15);
            const at = `${today}T09:00:00.000Z`;
            const accountId = dayAfter(0).account.id;
            const kind = snooze === '14' ? 'expansion' : 'risk';
            office.snoozes.push({
              accountId,
              play: snooze,
              kind,
              reason: null,
              untilOn,
              because: 'x',
              by: 'x',
              at,
              caps: [],
            });
          }
          const { overdueDays, seatsUsed, csmId } = world;
          const now = snapshot(
            today,
            { renewalOn: addDays(today, world.renewalIn), overdueDays, seatsPaid: 100, seatsUsed, csmId },
            { deals: world.isLost ? [deal('lost', 'renewal', addDays(today, world.renewalIn))] : [] },
          );
          const { band, previousBand, risk, reason } = world;
          const said: Said = {
            health: { band, previousBand, caps: world.caps.map((id) => ({ id, limit: 60, because: id })) },
            churn: { risk, riskAlone: risk, reason },
            expansion: { band: world.expansion },
            measures: { R3: world.contacts, U1: seatsUsed / 100 },
            ...(world.hasLeft && { leftBecause: 'The company is no longer a customer.' }),
          };
          office.day(now, said);
          const again = office.plan(now, said);
          expect(again.plan.steps).toEqual([]);
          expect(again.plan.ledger).toEqual([]);
          expect(again.played.changedRuns).toEqual([]);

          const open = [...office.runs.values()].filter(({ state }) => state === 'open');
          expect(new Set(open.map(({ play }) => play)).size).toBe(open.length);
          const matters = open.flatMap(({ kind, reason }) => (reason === null ? [] : [`${kind} ${reason}`]));
          expect(new Set(matters).size).toBe(matters.length);
          expect(waitingInVain(office, today)).toEqual([]);
        }
        expect(new Set(office.opened).size).toBe(office.opened.length);
      }),
      { numRuns: 150 },
    );
  });
});
