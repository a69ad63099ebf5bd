import type { UsageStory } from './world-usage.ts';
import type { Story, WorldActivity, WorldDeal, WorldRole, WorldTicket } from './world-model.ts';

/** A story as it is written down: all days count from the world's today, so that it is told the same on every day. */
export interface Script extends Story {
  readonly segment: 'enterprise' | 'mid' | 'smb';
  readonly industry: string;
  readonly employees: number;
  readonly knownForDays: number;
  /** Major units of the home currency, a year. */
  readonly arr: number;
  readonly seats: readonly [purchased: number, used: number];
  /** As the company record states it; days from today. */
  readonly contract: {
    readonly renewsIn: number | null;
    readonly months: number | null;
    readonly autoRenew: boolean | null;
    readonly noticeDays: number | null;
  };
  readonly daysOverdue?: number;
  readonly cancelledDaysAgo?: number;
  readonly ownerHasLeft?: boolean;
  /** Belongs to the one who has just begun, and has few others. */
  readonly ownerIsNew?: boolean;
  readonly wasMerged?: boolean;
  /** `steady` unless told. */
  readonly usage?: UsageStory;
  readonly contacts: readonly Person[];
  readonly deals: readonly ScriptDeal[];
  readonly tickets: readonly ScriptTicket[];
  /** Subject, days until due, done. */
  readonly tasks?: readonly (readonly [subject: string, dueInDays: number, isDone: boolean])[];
  readonly talks: readonly Talk[];
}

type Person = readonly [first: string, last: string, role: WorldRole, title: string, leftDaysAgo?: number];

export interface ScriptDeal {
  readonly kind: WorldDeal['kind'];
  readonly outcome: WorldDeal['outcome'];
  readonly name: string;
  /** Days from today to the close and to the last day of the term; a term of a year unless said otherwise. */
  readonly closesIn: number;
  readonly endsIn: number | null;
  readonly termMonths?: number;
  /** In the home currency; the account's own unless said otherwise. */
  readonly arr?: number;
  readonly currency?: string;
  readonly seats?: number;
  readonly progress?: number;
}

interface ScriptTicket {
  readonly subject: string;
  readonly priority: WorldTicket['priority'];
  readonly daysAgo: number;
  readonly closedAfterDays: number | null;
  readonly csat?: number;
}

/** `people` are places in `contacts`, from 0. */
type Talk = readonly [
  kind: WorldActivity['kind'],
  daysAgo: number,
  direction: WorldActivity['direction'],
  people: readonly number[] | 'all',
  outcome?: WorldActivity['outcome'],
];

/** The first sale of a year that ends so many days from today. */
const firstSale = (endsIn: number): ScriptDeal => ({
  kind: 'new',
  outcome: 'won',
  name: 'New business',
  closesIn: endsIn - 375,
  endsIn,
});

const wonRenewal = (closesIn: number, endsIn: number, name = 'Renewal'): ScriptDeal => ({
  kind: 'renewal',
  outcome: 'won',
  name,
  closesIn,
  endsIn,
});

/** The open deal for the year after the one that ends so many days from today. */
const openRenewal = (dueIn: number, progress: number): ScriptDeal => ({
  kind: 'renewal',
  outcome: 'open',
  name: 'Renewal',
  closesIn: dueIn,
  endsIn: dueIn + 365,
  progress,
});

/** Talks with the whole team at a steady pace: what a customer in good hands looks like. */
const steadyTalks: readonly Talk[] = [
  ['meeting', 6, null, 'all'],
  ['email', 9, 'inbound', [0]],
  ['email', 10, 'outbound', [0]],
  ['call', 20, 'inbound', [1]],
  ['meeting', 34, null, 'all'],
  ['email', 48, 'inbound', [2]],
  ['meeting', 65, null, 'all'],
];

const annual = (renewsIn: number): Script['contract'] => ({
  renewsIn,
  months: 12,
  autoRenew: false,
  noticeDays: 0,
});

export const scripts: readonly Script[] = [
  {
    account: 'Harbour & Finch Logistics',
    story:
      'Their champion left six weeks ago, mail to her comes back, and nobody has met a successor; the contract ends in 75 days.',
    expect: {
      bands: ['red'],
      renewalInDays: 75,
      decisionInDays: 75,
      sees: 'The champion has left before the renewal, and no successor was met.',
    },
    segment: 'mid',
    industry: 'Logistics and Supply Chain',
    employees: 420,
    knownForDays: 700,
    arr: 68_000,
    seats: [85, 61],
    contract: annual(75),
    contacts: [
      ['Helen', 'Marsh', 'champion', 'Head of Operations', 42],
      ['Dominic', 'Reyes', 'economic_buyer', 'Chief Financial Officer'],
      ['Joan', 'Petit', 'user', 'Dispatch Lead'],
    ],
    deals: [firstSale(75 - 365), wonRenewal(-300, 75), openRenewal(75, 0.2)],
    tickets: [{ subject: 'Report shows wrong totals', priority: 'medium', daysAgo: 70, closedAfterDays: 3, csat: 4 }],
    talks: [
      ['email', 8, 'outbound', [0]],
      ['email', 21, 'outbound', [1]],
      ['email', 47, 'inbound', [0]],
      ['meeting', 58, null, [0, 2]],
    ],
  },
  {
    account: 'Juniper Row Botanicals',
    story: 'Five people talk to us regularly, the executive sponsor among them; tickets are few and rated five.',
    expect: {
      bands: ['green'],
      renewalInDays: 210,
      decisionInDays: 210,
      sees: 'Healthy, with contacts on many levels; nothing to do but keep going.',
    },
    segment: 'mid',
    industry: 'Retail',
    employees: 310,
    knownForDays: 900,
    arr: 54_000,
    seats: [70, 58],
    contract: annual(210),
    contacts: [
      ['Margit', 'Olsen', 'champion', 'Director of Revenue Operations'],
      ['Terrence', 'Cole', 'exec_sponsor', 'Chief Operating Officer'],
      ['Ines', 'Caldeira', 'economic_buyer', 'VP Finance'],
      ['Ruth', 'Aalto', 'admin', 'Systems Administrator'],
      ['Bilal', 'Rahman', 'user', 'Team Lead'],
    ],
    deals: [firstSale(210 - 365), wonRenewal(210 - 385, 210, 'Renewal with 20 more seats')],
    tickets: [
      { subject: 'How do I add a colleague?', priority: 'low', daysAgo: 25, closedAfterDays: 1, csat: 5 },
      { subject: 'Export stops half way', priority: 'medium', daysAgo: 60, closedAfterDays: 2, csat: 5 },
    ],
    tasks: [['Ask for a reference', 12, false]],
    talks: steadyTalks,
  },
  {
    account: 'Calder Steelworks',
    story: 'Two urgent tickets are open, one for nine days, and the last three were rated one or two.',
    expect: {
      bands: ['yellow', 'red'],
      renewalInDays: 160,
      decisionInDays: 160,
      sees: 'A support fire: two urgent tickets open, one for more than a week.',
    },
    segment: 'mid',
    industry: 'Machinery',
    employees: 780,
    knownForDays: 500,
    arr: 72_000,
    seats: [90, 70],
    contract: annual(160),
    contacts: [
      ['Gareth', 'Pugh', 'champion', 'Plant Systems Manager'],
      ['Lorna', 'Whitfield', 'exec_sponsor', 'VP Operations'],
      ['Sanjay', 'Mehta', 'admin', 'IT Manager'],
    ],
    deals: [firstSale(160)],
    tickets: [
      { subject: 'Nobody can sign in since the update', priority: 'urgent', daysAgo: 9, closedAfterDays: null },
      { subject: 'Orders are lost on import', priority: 'urgent', daysAgo: 4, closedAfterDays: null },
      { subject: 'Page loads slowly since Monday', priority: 'high', daysAgo: 20, closedAfterDays: 9, csat: 1 },
      { subject: 'Report shows wrong totals', priority: 'medium', daysAgo: 33, closedAfterDays: 8, csat: 2 },
      { subject: 'Integration stopped syncing', priority: 'high', daysAgo: 41, closedAfterDays: 10, csat: 1 },
    ],
    talks: [
      ['call', 2, 'inbound', [2]],
      ['email', 3, 'inbound', [0]],
      ['email', 8, 'inbound', [2]],
      ['meeting', 30, null, [0, 1]],
    ],
  },
  {
    account: 'Quiet Harbor Insurance',
    story: 'We have written five times and called twice; nobody there has answered for 121 days.',
    expect: {
      bands: ['yellow', 'red'],
      renewalInDays: 240,
      decisionInDays: 240,
      sees: 'A silent account: no two-way contact for 121 days.',
    },
    segment: 'mid',
    industry: 'Insurance',
    employees: 260,
    knownForDays: 800,
    arr: 41_000,
    seats: [55, 20],
    contract: annual(240),
    contacts: [
      ['Walter', 'Ames', 'champion', 'Claims Director'],
      ['Priscilla', 'Dunn', 'exec_sponsor', 'Managing Director'],
    ],
    deals: [firstSale(240 - 365), wonRenewal(240 - 380, 240)],
    tickets: [],
    talks: [
      ['email', 7, 'outbound', [0]],
      ['call', 20, 'outbound', [0], 'missed'],
      ['email', 33, 'outbound', [0, 1]],
      ['meeting', 45, null, [0], 'missed'],
      ['email', 60, 'outbound', [0]],
      ['call', 75, 'outbound', [1], 'missed'],
      ['email', 90, 'outbound', [0]],
      ['email', 110, 'outbound', [0]],
      ['meeting', 121, null, [0]],
      ['email', 190, 'inbound', [1]],
    ],
  },
  {
    account: 'Maple & Main Stationers',
    story: 'The contract renews by itself in 31 days with 30 days of notice: tomorrow is the last day to say no.',
    expect: {
      bands: ['green', 'yellow'],
      renewalInDays: 31,
      decisionInDays: 1,
      sees: 'The notice period ends tomorrow; the contract then renews by itself.',
    },
    segment: 'smb',
    industry: 'Retail',
    employees: 45,
    knownForDays: 420,
    arr: 8_400,
    seats: [14, 11],
    contract: { renewsIn: 31, months: 12, autoRenew: true, noticeDays: 30 },
    contacts: [
      ['Agnes', 'Holt', 'champion', 'Owner'],
      ['Peter', 'Lund', 'user', 'Shop Manager'],
    ],
    deals: [firstSale(31), openRenewal(31, 0.4)],
    tickets: [
      { subject: 'Question about our last invoice', priority: 'low', daysAgo: 50, closedAfterDays: 1, csat: 5 },
    ],
    talks: [
      ['email', 12, 'inbound', [0]],
      ['email', 13, 'outbound', [0]],
      ['call', 40, 'inbound', [1]],
    ],
  },
  {
    account: 'Lindqvist Robotics',
    story:
      'They signed the next year 20 days ago, well before the term ends in 40 days; nobody has moved the date on the company.',
    expect: {
      bands: ['green'],
      renewalInDays: 405,
      decisionInDays: 345,
      sees: 'Renewed early: nothing is due now, and the next decision belongs to the term that was just signed.',
    },
    segment: 'enterprise',
    industry: 'Industrial Automation',
    employees: 2_600,
    knownForDays: 1_200,
    arr: 184_000,
    seats: [240, 199],
    contract: { renewsIn: 40, months: 12, autoRenew: false, noticeDays: 60 },
    contacts: [
      ['Karin', 'Lindqvist', 'exec_sponsor', 'Chief Operating Officer'],
      ['Anders', 'Holm', 'champion', 'Head of Operations'],
      ['Mei', 'Tan', 'economic_buyer', 'Procurement Director'],
      ['Otto', 'Brandt', 'admin', 'IT Manager'],
    ],
    deals: [firstSale(40), wonRenewal(-20, 405, 'Renewal, signed early')],
    tickets: [{ subject: 'Training for new starters', priority: 'low', daysAgo: 80, closedAfterDays: 2, csat: 5 }],
    talks: steadyTalks,
  },
  {
    account: 'Oakline Dental Group',
    story: 'The contract ended 18 days ago and the renewal deal is still open; they keep working with us meanwhile.',
    expect: {
      bands: ['green', 'yellow'],
      renewalInDays: -18,
      decisionInDays: -18,
      sees: 'An overdue renewal: the date has passed and the deal is still open.',
    },
    segment: 'mid',
    industry: 'Hospital & Health Care',
    employees: 190,
    knownForDays: 600,
    arr: 29_000,
    seats: [40, 31],
    contract: annual(-18),
    contacts: [
      ['Nora', 'Beck', 'champion', 'Practice Director'],
      ['Simon', 'Achebe', 'economic_buyer', 'Chief Financial Officer'],
      ['Tess', 'Morgan', 'user', 'Coordinator'],
    ],
    deals: [firstSale(-18), openRenewal(-18, 0.8)],
    tickets: [],
    tasks: [['Chase the signature', -5, false]],
    talks: [
      ['email', 5, 'inbound', [1]],
      ['email', 6, 'outbound', [1]],
      ['call', 19, 'inbound', [0]],
      ['meeting', 44, null, [0, 1]],
    ],
  },
  {
    account: 'Brightpath Learning',
    story: 'All of their 100 seats are in use; they are happy, and talk to us on every level.',
    expect: {
      bands: ['green'],
      renewalInDays: 190,
      decisionInDays: 190,
      sees: 'Ready to expand: every seat is used and health is good.',
    },
    segment: 'mid',
    industry: 'E-Learning',
    employees: 340,
    knownForDays: 540,
    arr: 60_000,
    seats: [100, 100],
    contract: annual(190),
    ownerIsNew: true,
    contacts: [
      ['Dana', 'Whitlock', 'champion', 'Programme Lead'],
      ['Victor', 'Amadi', 'exec_sponsor', 'Managing Director'],
      ['Celia', 'Moran', 'economic_buyer', 'VP Finance'],
      ['Yusuf', 'Demir', 'admin', 'CRM Administrator'],
      ['Polly', 'Hart', 'user', 'Coordinator'],
    ],
    deals: [firstSale(190)],
    tickets: [{ subject: 'How do I add a colleague?', priority: 'low', daysAgo: 15, closedAfterDays: 1, csat: 5 }],
    talks: steadyTalks,
  },
  {
    account: 'Vega Aerospace Components',
    story: 'The owner of the company and of its open renewal has left us; the contract ends in 60 days.',
    expect: {
      bands: ['green', 'yellow'],
      renewalInDays: 60,
      decisionInDays: 60,
      sees: 'The owner is archived, so tasks must go to somebody who is there.',
    },
    segment: 'enterprise',
    industry: 'Aviation & Aerospace',
    employees: 3_900,
    knownForDays: 820,
    arr: 230_000,
    seats: [300, 244],
    contract: annual(60),
    ownerHasLeft: true,
    contacts: [
      ['Isabel', 'Navarro', 'champion', 'Director of Supply'],
      ['Graham', 'Stokes', 'exec_sponsor', 'VP Operations'],
      ['Keiko', 'Mori', 'economic_buyer', 'Chief Financial Officer'],
    ],
    deals: [firstSale(60), openRenewal(60, 0.3)],
    tickets: [{ subject: 'Export stops half way', priority: 'high', daysAgo: 55, closedAfterDays: 4, csat: 4 }],
    talks: [
      ['email', 11, 'inbound', [0]],
      ['meeting', 25, null, [0, 1, 2]],
      ['call', 52, 'inbound', [2]],
    ],
  },
  {
    account: 'Copperfield Media',
    story: 'A paying customer for two years, with no renewal date on the company and none on its deals.',
    expect: {
      bands: ['green', 'yellow'],
      renewalInDays: null,
      decisionInDays: null,
      sees: 'No renewal date is known; somebody should find it out.',
    },
    segment: 'smb',
    industry: 'Media Production',
    employees: 60,
    knownForDays: 760,
    arr: 9_600,
    seats: [16, 12],
    contract: { renewsIn: null, months: null, autoRenew: null, noticeDays: null },
    contacts: [
      ['Oliver', 'Keane', 'champion', 'Studio Manager'],
      ['Bea', 'Larsson', 'billing', 'Accounts Payable'],
    ],
    deals: [{ ...firstSale(-365), endsIn: null }],
    tickets: [],
    talks: [
      ['email', 14, 'inbound', [0]],
      ['call', 50, 'inbound', [0]],
      ['email', 51, 'outbound', [1]],
    ],
  },
  {
    account: 'Aldgate Legal LLP',
    story: 'The company record says that the contract ends in 90 days; the deal that sold it says in 150.',
    expect: {
      bands: ['green', 'yellow'],
      renewalInDays: 90,
      decisionInDays: 60,
      sees: 'Two renewal dates contradict each other; the one on the company counts until somebody checks.',
    },
    segment: 'mid',
    industry: 'Law Practice',
    employees: 210,
    knownForDays: 480,
    arr: 38_000,
    seats: [50, 41],
    contract: { renewsIn: 90, months: 12, autoRenew: true, noticeDays: 30 },
    contacts: [
      ['Edith', 'Crane', 'champion', 'Head of Knowledge'],
      ['Rupert', 'Vale', 'economic_buyer', 'Managing Partner'],
      ['Imani', 'Brooks', 'user', 'Paralegal'],
    ],
    deals: [firstSale(150)],
    tickets: [{ subject: 'Please add a field to the API', priority: 'low', daysAgo: 40, closedAfterDays: 5, csat: 4 }],
    talks: [
      ['email', 10, 'inbound', [0]],
      ['meeting', 29, null, [0, 1]],
      ['email', 63, 'inbound', [2]],
    ],
  },
  {
    account: 'Fairweather Foods',
    story: 'Two records of the company were merged five days ago; people and deals of both are now under one.',
    expect: {
      bands: ['green'],
      renewalInDays: 130,
      decisionInDays: 130,
      sees: 'One customer, counted once, with the people of both records.',
    },
    segment: 'mid',
    industry: 'Food & Beverages',
    employees: 520,
    knownForDays: 640,
    arr: 47_000,
    seats: [65, 52],
    contract: annual(130),
    wasMerged: true,
    contacts: [
      ['Greta', 'Sommer', 'champion', 'Head of Operations'],
      ['Luis', 'Ortega', 'exec_sponsor', 'VP Operations'],
      ['Wanda', 'Frost', 'economic_buyer', 'VP Finance'],
      ['Tariq', 'Aziz', 'admin', 'IT Manager'],
      ['Hattie', 'Bloom', 'user', 'Operations Analyst'],
    ],
    deals: [firstSale(130)],
    tickets: [{ subject: 'Two logins for one company', priority: 'medium', daysAgo: 8, closedAfterDays: 3, csat: 5 }],
    talks: steadyTalks,
  },
  {
    account: 'Sato & Ōmura Precision 佐藤精密',
    story: 'Sold in yen, extended in euros, and reported in dollars; all three sit on one customer.',
    expect: {
      bands: ['green'],
      renewalInDays: 170,
      decisionInDays: 80,
      sees: 'Amounts stay in their own currencies; no sum adds yen to euros.',
    },
    segment: 'enterprise',
    industry: 'Machinery',
    employees: 1_700,
    knownForDays: 1_000,
    arr: 152_000,
    seats: [210, 170],
    contract: { renewsIn: 170, months: 12, autoRenew: true, noticeDays: 90 },
    contacts: [
      ['Haruto', 'Sato', 'exec_sponsor', 'Managing Director'],
      ['Akari', 'Ōmura', 'champion', 'Head of Operations'],
      ['Klaus', 'Richter', 'economic_buyer', 'Procurement Director'],
      ['Emi', 'Kondo', 'admin', 'Systems Administrator'],
      ['Jun', 'Hayashi', 'user', 'Team Lead'],
    ],
    deals: [
      { ...firstSale(170), arr: 120_000, currency: 'JPY' },
      {
        kind: 'upsell',
        outcome: 'won',
        name: 'European plant',
        closesIn: -75,
        endsIn: 170,
        termMonths: 8,
        arr: 32_000,
        currency: 'EUR',
        seats: 45,
      },
    ],
    tickets: [],
    talks: steadyTalks,
  },
  {
    account: 'Kestrel Freight',
    story: 'They gave notice six days ago that they will not renew in 55 days, and an invoice is 40 days overdue.',
    expect: {
      bands: ['red'],
      renewalInDays: null,
      decisionInDays: null,
      sees: 'Cancellation notice received, so no renewal is ahead; an invoice is overdue.',
    },
    segment: 'smb',
    industry: 'Logistics and Supply Chain',
    employees: 75,
    knownForDays: 400,
    arr: 9_900,
    seats: [18, 6],
    contract: annual(55),
    daysOverdue: 40,
    cancelledDaysAgo: 6,
    contacts: [
      ['Robin', 'Sharpe', 'champion', 'Operations Manager'],
      ['Ada', 'Finch', 'billing', 'Accounts Payable'],
    ],
    deals: [firstSale(55), openRenewal(55, 0.1)],
    tickets: [
      { subject: 'How do we export everything?', priority: 'medium', daysAgo: 16, closedAfterDays: 1, csat: 3 },
    ],
    talks: [
      ['email', 6, 'inbound', [0]],
      ['call', 30, 'outbound', [0], 'missed'],
      ['email', 55, 'inbound', [0]],
    ],
  },
  {
    account: 'Tidewater Analytics',
    story: 'Four weeks ago 41 people worked with our product; now it is 28, and nobody there has told us why.',
    expect: {
      bands: ['yellow', 'red'],
      renewalInDays: 160,
      decisionInDays: 160,
      sees: 'Usage fell by a third within four weeks, well before the renewal.',
    },
    segment: 'mid',
    industry: 'Market Research',
    employees: 180,
    knownForDays: 570,
    arr: 44_000,
    seats: [60, 28],
    usage: 'fell',
    ownerIsNew: true,
    contract: annual(160),
    contacts: [
      ['Marisol', 'Quint', 'champion', 'Head of Insights'],
      ['Henrik', 'Dahl', 'exec_sponsor', 'Managing Director'],
      ['Opal', 'Greer', 'admin', 'Systems Administrator'],
    ],
    deals: [firstSale(160)],
    tickets: [{ subject: 'Export stops half way', priority: 'medium', daysAgo: 35, closedAfterDays: 6, csat: 3 }],
    talks: [
      ['email', 12, 'outbound', [0]],
      ['call', 44, 'inbound', [0]],
      ['meeting', 71, null, [0, 2]],
    ],
  },
  {
    account: 'Pemberton Catering',
    story: 'An invoice is 37 days overdue; nobody has told us why, and everything else is as it should be.',
    expect: {
      bands: ['yellow'],
      renewalInDays: 230,
      decisionInDays: 230,
      sees: 'An invoice is overdue for more than a month, although they work with us as ever.',
    },
    segment: 'mid',
    industry: 'Food & Beverages',
    employees: 140,
    knownForDays: 640,
    arr: 26_000,
    seats: [40, 33],
    contract: annual(230),
    daysOverdue: 37,
    contacts: [
      ['Alba', 'Serrano', 'champion', 'Operations Manager'],
      ['Curtis', 'Boyle', 'exec_sponsor', 'Managing Director'],
      ['Wendy', 'Ash', 'billing', 'Accounts Payable'],
    ],
    deals: [firstSale(230)],
    tickets: [],
    talks: [
      ['email', 7, 'inbound', [0]],
      ['meeting', 24, null, [0, 1]],
      ['call', 50, 'inbound', [0]],
    ],
  },
];
