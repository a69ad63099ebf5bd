import type { CalendarDate } from '../model/calendar-date.ts';
import type { Segment } from '../model/records.ts';

/** Everything about renewals that an admin could want otherwise. Defaults: the renewal cadence of the product's model. */
export interface RenewalConfiguration {
  /** Days before the end by which the customer has to decide, where the CRM does not say. */
  readonly noticeDays: { readonly manual: number; readonly autoRenew: number };
  /** A notice longer than this is taken for a typing error. */
  readonly longestNoticeDays: number;
  /** A renewal is `in_window` from so many days before its decision date. */
  readonly windowDays: number;
  /** An ended term without an answer is `late` for so many days; then it is a gap in the records and no longer next. */
  readonly lateDays: number;
  /** Open terms that end within so many days of each other are one renewal; null renews each contract on its own. */
  readonly coTermDays: number | null;
  /** An end date that moves by at most so many days is still the same term. */
  readonly movedDays: number;
  /** Two records whose end dates differ by at most so many days agree. */
  readonly agreementDays: number;
  /** Length of a term that rolls over and does not say how long it is. */
  readonly rollOverMonths: number;
  /** From so many months on a term has anniversaries. */
  readonly multiYearMonths: number;
  /** A term longer than this is taken for a typing error. */
  readonly longestTermMonths: number;
  /** A renewal whose value differs by at most this share is flat: amounts are rounded when they are entered. */
  readonly flatWithin: number;
  /** Used where the account carries no segment. Annual value in major units of the home currency. */
  readonly segments: { readonly enterpriseAbove: number; readonly midFrom: number; readonly withoutArr: Segment };
  readonly cadences: Readonly<Record<Segment, readonly CadenceStep[]>>;
  /** For terms that renew by themselves: these steps of the cadence fall away, and the others come in, or in the place of the same one. */
  readonly autoRenew: { readonly without: readonly string[]; readonly steps: readonly CadenceStep[] };
  /** The review on each anniversary inside a term of several years. */
  readonly anniversary: CadenceStep;
  readonly lateStart: Wording & { readonly role: PlayRole };
  /** The manager's task while the calls of system and CSM disagree. */
  readonly disagreement: Wording;
  /** What each step is called and asks for, by `CadenceStep.wording`; texts may name variables in braces, as those of plays. */
  readonly wordings: Readonly<Record<string, Wording>>;
  /** A task is made at most so many days before it is due, so that the CRM is not filled a year ahead. */
  readonly horizonDays: number;
  /** Tasks are due at this hour where their owner works. */
  readonly dueHour: number;
  /** Days on which nobody works, besides Saturdays and Sundays. */
  readonly holidays: readonly CalendarDate[];
  /**
   * Opens the renewal deal of a term on the day of its step R1, where the CRM has none that renews it. Off unless an admin
   * wants it.
   */
  readonly openDeals: boolean;
  /**
   * The score so many days before a decision stays with the term, to be held against how it went. It is taken within
   * `withinDays` of that day.
   */
  readonly earlierScore: { readonly daysBefore: number; readonly withinDays: number };
  readonly load: LoadLimits;
  /** Within so many days of the decision the load cap does not hold a task back. */
  readonly exemptDays: number;
  /** So many days before the decision nothing is put off any more, whatever a person entered on a task. */
  readonly snoozeEndsDays: number;
  /** From which chance of renewal (0 to 1) on each forecast category is suggested. */
  readonly forecast: { readonly bestCaseFrom: number; readonly mostLikelyFrom: number; readonly commitFrom: number };
  /**
   * Whose calls came true is told of renewals that were decided in the last `overDays`, by what was called last at least
   * `leadDays` before, and at most `withinDays` earlier: calls are kept once a month.
   */
  readonly callRecord: { readonly leadDays: number; readonly withinDays: number; readonly overDays: number };
}

/** Limits per owner on tasks of ours. */
export interface LoadLimits {
  readonly newPerDay: number;
  readonly open: number;
  /** The list of what is held back names so many tasks, the most worth first; the rest is counted. */
  readonly listed: number;
}

/** Who does a task. Of these, records name the CSM and the account manager; the others an admin may name. */
export type PlayRole =
  'csm' | 'account-manager' | 'manager' | 'finance' | 'support' | 'onboarding' | 'sales-ops' | 'marketing';

export interface CadenceStep {
  /** `R0` to `R9`, `A1`, `A2`, `AV`. */
  readonly id: string;
  /** Days from the anchor; negative before it. */
  readonly day: number;
  /** `end` for what makes sense only once the contract is over. */
  readonly from: 'decision' | 'end';
  /** `automatic` steps are the system's own: no task is made for them. */
  readonly by: PlayRole | 'automatic';
  readonly wording: string;
  /** 1, or 2 for the second time the same step comes round in a term. */
  readonly occurrence: number;
}

export interface Wording {
  readonly title: string;
  readonly whatToDo: string;
  readonly doneWhen: string;
}

function step(id: string, day: number, by: CadenceStep['by'], more: Partial<CadenceStep> = {}): CadenceStep {
  return { id, day, by, from: 'decision', wording: id, occurrence: 1, ...more };
}

/** Two late follow-ups, so many days after the end. */
function followUps(first: number, last: number): readonly CadenceStep[] {
  return [
    step('R9', first, 'account-manager', { from: 'end' }),
    step('R9', last, 'account-manager', { from: 'end', wording: 'R9-last', occurrence: 2 }),
  ];
}

export const defaultRenewalConfiguration: RenewalConfiguration = {
  noticeDays: { manual: 0, autoRenew: 30 },
  longestNoticeDays: 366,
  windowDays: 120,
  lateDays: 30,
  coTermDays: 30,
  movedDays: 45,
  agreementDays: 7,
  rollOverMonths: 12,
  multiYearMonths: 24,
  longestTermMonths: 240,
  flatWithin: 0.005,
  segments: { enterpriseAbove: 100_000, midFrom: 10_000, withoutArr: 'mid' },
  cadences: {
    enterprise: [
      step('R0', -180, 'csm'),
      step('R1', -150, 'sales-ops'),
      step('R2', -120, 'csm'),
      step('R3', -90, 'csm'),
      step('R4', -75, 'account-manager'),
      step('R5', -60, 'account-manager'),
      step('R6', -45, 'account-manager'),
      step('R7', -14, 'account-manager'),
      step('R8', 0, 'account-manager'),
      ...followUps(7, 30),
    ],
    mid: [
      step('R0', -120, 'csm'),
      step('R1', -120, 'sales-ops'),
      step('R2', -90, 'csm'),
      step('R3', -90, 'csm'),
      step('R4', -60, 'account-manager'),
      step('R5', -45, 'account-manager'),
      step('R6', -30, 'account-manager'),
      step('R7', -14, 'account-manager'),
      step('R8', 0, 'account-manager'),
      ...followUps(7, 30),
    ],
    smb: [
      step('R1', -60, 'sales-ops'),
      step('R3', -45, 'automatic'),
      step('R4', -30, 'automatic'),
      step('R6', -14, 'account-manager', { wording: 'R6-payment' }),
      step('R7', -7, 'account-manager'),
      step('R8', 0, 'account-manager'),
      ...followUps(7, 14),
    ],
  },
  // Nothing is signed where a contract goes on by itself: the proposal, the paper and the chase fall away.
  autoRenew: {
    without: ['R4', 'R5', 'R6', 'R7', 'R9'],
    steps: [
      step('A1', -45, 'csm'),
      step('A2', -15, 'account-manager'),
      step('R8', 0, 'account-manager', { wording: 'R8-auto' }),
    ],
  },
  anniversary: step('AV', 0, 'csm'),
  lateStart: {
    role: 'csm',
    title: 'Catch up on the renewal',
    whatToDo:
      'Go through the steps below that were due before their tasks could be opened. Do what still matters; the steps ahead have tasks of their own.',
    doneWhen: 'you know for each step below that it is done, or not needed any more.',
  },
  disagreement: {
    title: 'Settle how the renewal is seen',
    whatToDo:
      'System and CSM see this renewal differently. Go through the reasons with the CSM and agree on one call: one of the two misses something.',
    doneWhen: 'the call on the renewal deal is the one that both of you stand by.',
  },
  wordings: {
    R0: {
      title: 'Check the renewal for risk',
      whatToDo:
        'Look at the health reasons below and make your own call: will they renew? If you and the score disagree, agree with your manager on what to do.',
      doneWhen: 'your call is recorded on the renewal deal, next to the one of the score.',
    },
    R1: {
      title: 'Open the renewal deal and check the facts',
      whatToDo:
        'Open or link the renewal deal. Check the end date, notice period, seats, price and the people who decide and sign.',
      doneWhen: 'the deal is linked and its fields are right.',
    },
    R2: {
      title: 'Review value with champion and sponsor',
      whatToDo:
        'Meet the champion and the executive sponsor: what was achieved, what is missing, who decides on the renewal.',
      doneWhen: 'the meeting is logged.',
    },
    R3: {
      title: 'Make the commit call',
      whatToDo:
        'Call the renewal good or at risk in the final call of the renewal deal. Monitor does not count; at risk means that a plan is needed.',
      doneWhen: 'the final call is good or at risk.',
    },
    R4: {
      title: 'Send the renewal proposal',
      whatToDo: 'Send the commercial proposal: term, seats, price and any uplift.',
      doneWhen: 'the quote is sent.',
    },
    R5: {
      title: 'Clear legal, procurement and signature',
      whatToDo: 'Find out what legal, procurement and the purchase order need, and that the signer is available.',
      doneWhen: 'the path to signature is known.',
    },
    R6: {
      title: 'Send the paper',
      whatToDo: 'Send the document for signature.',
      doneWhen: 'the document is sent.',
    },
    'R6-payment': {
      title: 'Check the payment method',
      whatToDo: 'Check that the card or mandate on file covers the renewal, and ask for a new one if it does not.',
      doneWhen: 'the payment method is valid beyond the renewal.',
    },
    R7: {
      title: 'Get it signed, or escalate',
      whatToDo: 'Get the signature. If it will not come in time, bring in your manager today.',
      doneWhen: 'it is signed, or your manager has taken over.',
    },
    R8: {
      title: 'Decision day',
      whatToDo: '{decision} is the last day to decide. Get the answer and record it.',
      doneWhen: 'the renewal deal is closed as won or lost.',
    },
    'R8-auto': {
      title: 'Decision day',
      whatToDo:
        '{decision} is the last day on which they can give notice. If nobody has asked whether they stay, ask now. Record a notice that came in; without one the contract renews by itself.',
      doneWhen: 'you know whether they gave notice, and a notice is recorded.',
    },
    R9: {
      title: 'Follow up on the late renewal',
      whatToDo: 'The contract is over and nothing says how it went. Get an answer and record it.',
      doneWhen: 'the renewal deal is closed as won or lost.',
    },
    'R9-last': {
      title: 'Settle the late renewal',
      whatToDo:
        'There is still no answer. Agree with your manager: close the renewal as lost, or write down why it is still open.',
      doneWhen: 'the renewal deal is closed as won or lost.',
    },
    A1: {
      title: 'Confirm that they intend to stay',
      whatToDo:
        'The contract renews by itself unless they give notice. Ask now whether they mean to stay, so that notice does not come as a surprise.',
      doneWhen: 'their intent is confirmed.',
    },
    A2: {
      title: 'Announce price and terms of the next term',
      whatToDo: 'Tell the customer what changes with the next term: price, seats, conditions.',
      doneWhen: 'the notice is sent, or nothing changes.',
    },
    AV: {
      title: 'Hold the anniversary value review',
      whatToDo: 'Review with the customer what the year brought and what the next one should bring.',
      doneWhen: 'the meeting is logged.',
    },
  },
  horizonDays: 30,
  dueHour: 9,
  holidays: [],
  openDeals: false,
  earlierScore: { daysBefore: 90, withinDays: 7 },
  load: { newPerDay: 7, open: 25, listed: 40 },
  exemptDays: 30,
  snoozeEndsDays: 14,
  forecast: { bestCaseFrom: 0.5, mostLikelyFrom: 0.75, commitFrom: 0.9 },
  callRecord: { leadDays: 30, withinDays: 45, overDays: 365 },
};
