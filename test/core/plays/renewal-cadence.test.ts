import { describe, expect, it } from 'vitest';
import { calendarDate } from '../../../src/core/model/calendar-date.ts';
import { money } from '../../../src/core/model/money.ts';
import type { Account, Deal } from '../../../src/core/model/records.ts';
import { wishesOf } from '../../../src/core/plays/index.ts';
import type { PlayContext, PlayWish } from '../../../src/core/plays/play.ts';
import { LATE_START } from '../../../src/core/plays/late-start.ts';
import { context } from '../plan/planning-office.ts';
import { assessment, configuration, contract, deal, on, snapshot } from '../renewals/builders.ts';

function wishes(
  today: string,
  account: Partial<Account>,
  more: { readonly deals?: readonly Deal[]; readonly context?: Partial<PlayContext> } = {},
): readonly PlayWish[] {
  const of = snapshot(today, account, more.deals === undefined ? {} : { deals: more.deals });
  return wishesOf(assessment(of, 'yellow'), of, { ...context, ...more.context });
}

const { rates } = context.configuration;
const schedule = (all: readonly PlayWish[]) =>
  all.filter(({ step }) => step !== LATE_START).map(({ step, dueOn }) => `${step} ${dueOn}`);
const find = (all: readonly PlayWish[], step: string) => all.find((wish) => wish.step === step);

describe('the cadence of a renewal on Wednesday, 31 March 2027', () => {
  it('of a customer who pays in yen follows what that is worth at home', () => {
    const inYen = { renewalOn: on('2027-03-31'), segment: null, arr: money(5_000_000, 'JPY') };
    const known = { ...context.configuration, rates: { on: null, perUnit: { JPY: 0.0061 } } };
    const first = (configuration: PlayContext['configuration']) =>
      schedule(wishes('2026-08-01', inYen, { context: { configuration } }))[0];
    expect(first(known)).toBe('R0 2026-12-01');
    expect(first(context.configuration)).toBe('R0 2026-10-02');
  });

  it('of an enterprise account begins half a year ahead, on working days', () => {
    expect(schedule(wishes('2026-08-01', { renewalOn: on('2027-03-31'), segment: 'enterprise' }))).toEqual([
      'R0 2026-10-02',
      'R1 2026-10-30',
      'R2 2026-12-01',
      'R3 2026-12-31',
      'R4 2027-01-15',
      'R5 2027-01-29',
      'R6 2027-02-12',
      'R7 2027-03-17',
      'R8 2027-03-31',
      'R9 2027-04-07',
      'R9#2 2027-04-30',
    ]);
  });

  it.each([
    ['mid', false, 'R0 csm, R1 ops, R2 csm, R3 csm, R4 rep, R5 rep, R6 rep, R7 rep, R8 rep, R9 rep, R9#2 rep'],
    ['enterprise', false, 'R0 csm, R1 ops, R2 csm, R3 csm, R4 rep, R5 rep, R6 rep, R7 rep, R8 rep, R9 rep, R9#2 rep'],
    ['smb', false, 'R1 ops, R6 rep, R7 rep, R8 rep, R9 rep, R9#2 rep'],
    ['mid', true, 'R0 csm, R1 ops, R2 csm, R3 csm, A1 csm, A2 rep, R8 rep'],
    ['smb', true, 'R1 ops, A1 csm, A2 rep, R8 rep'],
  ] as const)('of a %s account (renews by itself: %s) is shared out as %s', (segment, autoRenew, expected) => {
    const owner = (id: string) => ({ id, name: id, email: null, isActive: true, timeZone: null });
    const people = {
      owners: new Map(['csm', 'rep', 'ops'].map((id) => [id, owner(id)])),
      roleOwners: new Map([['sales-ops' as const, 'ops']]),
    };
    const deals = [deal('open', 'renewal', '2027-03-31')];
    const of = { renewalOn: on('2027-03-31'), segment, autoRenew, noticeDays: 0 };
    const all = wishes('2026-08-01', of, { deals, context: people }).filter(({ step }) => step !== LATE_START);
    expect(all.map(({ step, ownerId }) => `${step} ${ownerId}`).join(', ')).toBe(expected);
  });

  it('of a mid-market account begins four months ahead', () => {
    expect(schedule(wishes('2026-08-01', { renewalOn: on('2027-03-31'), segment: 'mid' }))).toEqual([
      'R0 2026-12-01',
      'R1 2026-12-01',
      'R2 2026-12-31',
      'R3 2026-12-31',
      'R4 2027-01-29',
      'R5 2027-02-12',
      'R6 2027-03-01',
      'R7 2027-03-17',
      'R8 2027-03-31',
      'R9 2027-04-07',
      'R9#2 2027-04-30',
    ]);
  });

  it('of a small account has a handful of steps, for the system does the others', () => {
    const small = wishes('2026-08-01', { renewalOn: on('2027-03-31'), segment: null, arr: money(9_999, 'EUR') });
    expect(schedule(small)).toEqual([
      'R1 2027-01-29',
      'R6 2027-03-17',
      'R7 2027-03-24',
      'R8 2027-03-31',
      'R9 2027-04-07',
      'R9#2 2027-04-14',
    ]);
    expect(find(small, 'R6')?.subject).toMatch(/Check the payment method/);
  });

  it('follows the annual value where no segment is set: above 100,000, from 10,000', () => {
    const steps = (arr: number) =>
      schedule(wishes('2026-08-01', { renewalOn: on('2027-03-31'), segment: null, arr: money(arr, 'EUR') }))[0];
    expect(steps(100_001)).toBe('R0 2026-10-02');
    expect(steps(100_000)).toBe('R0 2026-12-01');
    expect(steps(10_000)).toBe('R0 2026-12-01');
    expect(steps(9_999)).toMatch(/^R1/);
  });

  it('that renews by itself asks for intent and terms instead of proposal and paper', () => {
    const all = wishes('2026-08-01', { renewalOn: on('2027-03-31'), autoRenew: true, noticeDays: 0 });
    expect(schedule(all).slice(-3)).toEqual(['A1 2027-02-12', 'A2 2027-03-16', 'R8 2027-03-31']);
  });

  it('counts back from the decision, not from the end', () => {
    expect(find(wishes('2026-08-01', { renewalOn: on('2027-03-31'), noticeDays: 60 }), 'R8')?.dueOn).toBe('2027-01-29');
  });

  it('leaves out what would have been due before the contract began', () => {
    const all = wishes('2026-11-01', { renewalOn: on('2027-03-31'), contractStartOn: on('2027-01-01'), termMonths: 3 });
    expect(schedule(all)[0]).toMatch(/^R4 2027-01-29/);
  });

  it('has no steps from month to month, and none once the renewal is lost', () => {
    expect(wishes('2027-03-01', { renewalOn: on('2027-03-31'), termMonths: 1 })).toEqual([]);
    expect(wishes('2027-03-01', { renewalOn: on('2027-03-31'), type: 'churned' })).toEqual([]);
  });

  it('asks for a value review on each anniversary inside three years', () => {
    const all = wishes('2026-05-01', { contractStartOn: on('2024-04-01'), termMonths: 36 });
    expect(schedule(all).filter((line) => line.startsWith('AV'))).toEqual(['AV 2025-04-01', 'AV#2 2026-04-01']);
    const reminder = wishes('2026-03-20', { contractStartOn: on('2024-04-01'), termMonths: 36 });
    expect(reminder.filter(({ opensToday }) => opensToday).map(({ step }) => step)).toEqual(['AV#2']);
  });

  it('follows up on a late renewal only once the contract is over', () => {
    const isOpening = (today: string) => find(wishes(today, { renewalOn: on('2027-03-31') }), 'R9')?.opensToday;
    expect([isOpening('2027-03-31'), isOpening('2027-04-01'), isOpening('2027-04-08')]).toEqual([false, true, false]);
  });

  it('opens nothing for a renewal that everybody forgot long ago', () => {
    expect(wishes('2027-06-01', { renewalOn: on('2027-03-31') }).filter(({ opensToday }) => opensToday)).toEqual([]);
  });
});

describe('a renewal task', () => {
  const open = deal('open', 'renewal', '2027-03-20', { id: 'd9', name: 'Acme renewal 2027' });
  const proposal = find(wishes('2027-01-10', { renewalOn: on('2027-03-31'), noticeDays: 30 }, { deals: [open] }), 'R7');

  it('says what to do, for whom, by when, what is at stake and why', () => {
    expect(proposal?.subject).toBe('Acme: Get it signed, or escalate – ends 31 March 2027 (R7)');
    expect(proposal?.body).toBe(
      [
        'Get the signature. If it will not come in time, bring in your manager today.',
        'Done when it is signed, or your manager has taken over.',
        '',
        'The contract of Acme ends on 31 March 2027. They can decide until 1 March 2027 (notice: 30 days).',
        'At stake: EUR 48,000 a year.',
        'Health: yellow, 81.4 of 100. The last meeting was 9 days ago.',
        "Renewal deal: 'Acme renewal 2027', stage Proposal, to close on 20 March 2027.",
        '',
        "Holdfast, renewal cadence for mid-market accounts. The end date comes from the account's renewal date. " +
          'Complete this task when it is done. Once you edit or delete it, Holdfast leaves it alone.',
      ].join('\n'),
    );
  });

  it('names the last day to decide, and asks for no deal to be closed where the contract renews by itself', () => {
    const manual = find(wishes('2027-01-10', { renewalOn: on('2027-03-31'), noticeDays: 30 }), 'R8');
    expect(manual?.body).toMatch(/^1 March 2027 is the last day to decide\..*\nDone when the renewal deal is closed/);
    const auto = find(wishes('2027-01-10', { renewalOn: on('2027-03-31'), noticeDays: 30, autoRenew: true }), 'R8');
    expect(auto?.body).toMatch(/^1 March 2027 is the last day on which they can give notice\..*\nDone when you know/);
  });

  it('says of a decision day in the past that it is over, and does not number the second follow-up', () => {
    const late = find(wishes('2027-04-25', { renewalOn: on('2027-03-31'), noticeDays: 30 }), 'R9#2');
    expect(late?.subject).toBe('Acme: Settle the late renewal – ended 31 March 2027 (R9)');
    expect(late?.body).toMatch('ended on 31 March 2027. They could decide until 1 March 2027 (notice: 30 days).');
  });

  it('goes to whichever role the admin gives it', () => {
    const roleOwners = new Map([['sales-ops' as const, 'new-csm']]);
    const of = { renewalOn: on('2027-03-31'), segment: 'enterprise' as const };
    expect(find(wishes('2026-10-20', of, { context: { roleOwners } }), 'R1')?.ownerId).toBe('new-csm');
    const smb = configuration.cadences.smb.map((step) => ({ ...step, by: 'sales-ops' as const }));
    const renewals = { ...configuration, cadences: { ...configuration.cadences, smb } };
    const small = wishes(
      '2027-03-01',
      { renewalOn: on('2027-03-31'), segment: 'smb' },
      { context: { roleOwners, configuration: { renewals, rates } } },
    );
    expect(find(small, 'R8')?.ownerId).toBe('new-csm');
  });

  it('of contracts that end together lists each of them', () => {
    const contracts = [contract('a', '2026-04-01', '2027-03-31'), contract('b', '2026-04-16', '2027-04-15')];
    const of = snapshot('2027-01-10', { arr: null }, { contracts });
    const [together] = wishesOf(assessment(of, 'yellow'), of, context).filter(({ step }) => step === 'R4');
    expect(together?.body).toMatch(
      [
        'At stake: EUR 40,000 a year.',
        '2 contracts end about then. Renew them together, to one end date:',
        "- contract 'Contract a': ends on 31 March 2027, EUR 20,000 a year",
        "- contract 'Contract b': ends on 15 April 2027, EUR 20,000 a year",
      ].join('\n'),
    );
  });

  it('can be worded by the admin, with the account’s own figures', () => {
    const R4 = {
      title: 'Offer {account} the next year',
      whatToDo: '{arr}, {seats} seats.',
      doneWhen: 'by {decision}.',
    };
    const renewals = { ...configuration, wordings: { ...configuration.wordings, R4 } };
    const of = { renewalOn: on('2027-03-31'), seatsUsed: 40, seatsPaid: 50 };
    const edited = find(wishes('2027-01-10', of, { context: { configuration: { renewals, rates } } }), 'R4');
    expect(edited?.subject).toBe('Acme: Offer Acme the next year – ends 31 March 2027 (R4)');
    expect(edited?.body).toMatch(/^EUR 48,000, 40 of 50 seats\.\nDone when by 31 March 2027\.\n/);
  });

  it('hangs on the renewal deal and goes to its owner, at nine where that one works', () => {
    expect(proposal).toMatchObject({
      dealId: 'd9',
      ownerId: 'rep',
      ownerNote: null,
      dueAt: '2027-02-15T08:00:00.000Z',
    });
    const tokyo = { id: 'rep', name: 'Rei', email: null, isActive: true, timeZone: 'Asia/Tokyo' };
    const all = wishes(
      '2027-01-10',
      { renewalOn: on('2027-03-31') },
      { deals: [open], context: { owners: new Map([['rep', tokyo]]) } },
    );
    expect(find(all, 'R8')?.dueAt).toBe('2027-03-31T00:00:00.000Z');
  });

  it('is due on the working day before a holiday', () => {
    const renewals = { ...configuration, holidays: [calendarDate('2027-03-31'), calendarDate('2027-03-30')] };
    const all = wishes(
      '2027-01-10',
      { renewalOn: on('2027-03-31') },
      { context: { configuration: { renewals, rates } } },
    );
    expect(find(all, 'R8')?.dueOn).toBe('2027-03-29');
  });
});
