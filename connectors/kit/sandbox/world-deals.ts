import type { Chance } from './world-chance.ts';
import { DAY_MS, addDays, addMonths, daysBetween, momentOn, type Day } from './world-days.ts';
import { type Setting, lifeOf, messRates, ownerKey } from './world-setting.ts';
import { KEYS_PER_ACCOUNT, type WorldContact, type WorldDeal } from './world-model.ts';

/** What truly holds between the customer and the vendor, before anybody typed it in. */
export interface Agreement {
  readonly key: number;
  readonly accountName: string;
  readonly status: 'prospect' | 'customer' | 'former';
  /** First day of the first term; null for prospects. */
  readonly customerSinceOn: Day | null;
  /** First and last day of the running (or last) term; null for prospects. */
  readonly term: { readonly startOn: Day; readonly endOn: Day; readonly months: number } | null;
  readonly autoRenew: boolean;
  readonly noticeDays: number;
  /** Major units of the home currency, a year. */
  readonly arr: number;
  readonly seats: number;
  /** ISO 4217: what its deals are in. */
  readonly currency: string;
}

/** Dollars for one unit, rounded; good enough for made-up customers, and for nothing else. */
const DOLLARS: Readonly<Record<string, number>> = { USD: 1, EUR: 1.1, GBP: 1.28, JPY: 0.0068 };
export const HOME_CURRENCY = 'USD';
export const OTHER_CURRENCIES = ['EUR', 'GBP', 'JPY'];

const LOST_REASONS = [
  'Price',
  'Chose a competitor',
  'No budget',
  'Project cancelled',
  'Champion left',
  'Poor adoption',
];

/** An amount of the home currency in whole units of another. */
export function inCurrency(homeAmount: number, currency: string): number {
  return Math.round(homeAmount / (DOLLARS[currency] ?? 1));
}

/** The account's deals from the first sale to the next renewal, oldest first. */
export function makeDeals(
  setting: Setting,
  chance: Chance,
  agreement: Agreement,
  contacts: readonly WorldContact[],
): readonly WorldDeal[] {
  const deals: WorldDeal[] = [];
  const add = (facts: DealFacts): void => {
    deals.push(makeDeal(setting, chance, agreement, contacts, deals.length, facts));
  };
  const { customerSinceOn: sinceOn, term } = agreement;
  if (sinceOn === null || term === null) {
    const outcome = chance.is(0.7) ? 'open' : 'lost';
    const closeOn = addDays(setting.today, outcome === 'open' ? chance.int(-20, 120) : -chance.int(5, 300));
    add({ kind: 'new', outcome, closeOn, startOn: null, endOn: null, share: 1, label: 'New business' });
    return deals;
  }

  for (const startOn of termStarts(sinceOn, term)) {
    const isFirst = startOn === sinceOn;
    add({
      kind: isFirst ? 'new' : 'renewal',
      outcome: 'won',
      closeOn: addDays(startOn, -chance.int(1, 25)),
      startOn,
      endOn: term.months === 1 ? null : lastDayOf(startOn, term),
      share: 0.93 ** Math.max(0, daysBetween(startOn, term.startOn) / 365),
      label: isFirst ? 'New business' : `Renewal ${startOn.slice(0, 4)}`,
    });
  }

  const daysLeft = daysBetween(setting.today, term.endOn);
  const isDue = agreement.status === 'customer' && term.months > 1 && daysLeft <= 120 && chance.is(0.8);
  if (isDue || agreement.status === 'former') {
    add({
      kind: 'renewal',
      outcome: isDue ? 'open' : 'lost',
      closeOn: isDue ? term.endOn : addDays(term.endOn, -chance.int(0, 40)),
      startOn: addDays(term.endOn, 1),
      endOn: addDays(addMonths(addDays(term.endOn, 1), term.months), -1),
      share: 1,
      label: `Renewal ${term.endOn.slice(0, 4)}`,
    });
  }
  if (agreement.status === 'customer' && chance.is(0.25)) add(upsell(setting, chance));
  return deals;
}

type Term = NonNullable<Agreement['term']>;

/** First days of the terms that were sold by a deal of their own. A monthly plan rolls on under its first deal. */
function termStarts(sinceOn: Day, term: Term): readonly Day[] {
  if (term.months === 1) return [sinceOn];
  const earlier = Math.round(daysBetween(sinceOn, term.startOn) / (term.months * 30.44));
  return Array.from({ length: earlier + 1 }, (_, place) => addMonths(term.startOn, (place - earlier) * term.months));
}

function lastDayOf(startOn: Day, term: Term): Day {
  return startOn === term.startOn ? term.endOn : addDays(addMonths(startOn, term.months), -1);
}

function upsell(setting: Setting, chance: Chance): DealFacts {
  const outcome = chance.weighted([
    ['won', 0.5],
    ['open', 0.3],
    ['lost', 0.2],
  ] as const);
  const closeOn = addDays(setting.today, outcome === 'open' ? chance.int(-15, 90) : -chance.int(3, 500));
  return { kind: 'upsell', outcome, closeOn, startOn: null, endOn: null, share: 0.2, label: 'More seats' };
}

/** Deals of nobody's story, to make an account with more deals than fit one page. */
export function makeManyDeals(
  setting: Setting,
  chance: Chance,
  agreement: Agreement,
  contacts: readonly WorldContact[],
  count: number,
): readonly WorldDeal[] {
  return Array.from({ length: count }, (_, index) =>
    makeDeal(setting, chance, agreement, contacts, index, upsell(setting, chance)),
  );
}

interface DealFacts {
  readonly kind: WorldDeal['kind'];
  readonly outcome: WorldDeal['outcome'];
  readonly closeOn: Day;
  readonly startOn: Day | null;
  readonly endOn: Day | null;
  /** Of the agreement's yearly value. */
  readonly share: number;
  readonly label: string;
}

function makeDeal(
  setting: Setting,
  chance: Chance,
  agreement: Agreement,
  contacts: readonly WorldContact[],
  index: number,
  facts: DealFacts,
): WorldDeal {
  const arr = inCurrency(agreement.arr * facts.share, agreement.currency);
  const years = Math.max(1, (agreement.term?.months ?? 12) / 12);
  const isDated = !chance.is(messRates.dealWithoutDates);
  const closeAt = momentOn(facts.closeOn, chance.int(12, 21));
  return {
    key: agreement.key * KEYS_PER_ACCOUNT + index + 1,
    name: `${agreement.accountName} – ${facts.label}`,
    kind: facts.kind,
    outcome: facts.outcome,
    progress: chance.next(),
    amount: chance.is(0.03) ? null : Math.round(arr * years),
    arr: chance.is(0.3) ? null : arr,
    currency: agreement.currency,
    seats: chance.is(0.3) ? null : Math.max(1, Math.round(agreement.seats * facts.share)),
    closeAt: chance.is(0.02) ? null : closeAt,
    ownerKey: ownerKey(setting, chance),
    termStartOn: isDated ? facts.startOn : null,
    termEndOn: isDated ? facts.endOn : null,
    autoRenew: isDated ? agreement.autoRenew : null,
    noticeDays: isDated && !chance.is(messRates.noticeBlank) ? agreement.noticeDays : null,
    lostReason: facts.outcome === 'lost' && chance.is(0.8) ? chance.pick(LOST_REASONS) : null,
    contactKeys: contacts.filter((_, place) => place < 2 || chance.is(0.05)).map((contact) => contact.key),
    isLinked: !chance.is(messRates.dealWithoutAccount),
    ...lifeOf(setting, chance, closeAt - chance.int(30, 120) * DAY_MS, closeAt),
  };
}
