import { chanceOf, seedOf, type Chance } from './world-chance.ts';
import { addDays, addMonths, momentOn } from './world-days.ts';
import { HOME_CURRENCY, makeDeals, makeManyDeals, type Agreement } from './world-deals.ts';
import { companyNameOf, oddCompanyName, regionName } from './world-names.ts';
import { type Company, makeActivities, makeContacts, makeTasks, makeTickets } from './world-people.ts';
import { type Setting, lifeOf, messRates, ownerKey } from './world-setting.ts';
import { MERGED_KEYS_FROM, type WorldAccount } from './world-model.ts';

/** Which accounts are out of the ordinary by their place rather than by chance. */
export interface Places {
  /** The first key that is nobody's story. */
  readonly firstKey: number;
  /** The account with more contacts than a CRM lists beside one record, and the one with more deals; null in small worlds. */
  readonly manyContactsKey: number | null;
  readonly manyDealsKey: number | null;
}

type Size = Company['size'];

type Range = readonly [least: number, most: number];
const EMPLOYEES: Readonly<Record<Size, Range>> = { enterprise: [1_000, 20_000], mid: [150, 1_000], smb: [5, 150] };
const SEATS: Readonly<Record<Size, Range>> = { enterprise: [200, 2_000], mid: [30, 200], smb: [3, 30] };
const CONTACTS: Readonly<Record<Size, Range>> = { enterprise: [4, 12], mid: [2, 7], smb: [0, 3] };

const between = (chance: Chance, [least, most]: Range): number => chance.int(least, most);

/** One account in fifty is a second record of the company before it. */
function isDuplicate(key: number, places: Places): boolean {
  return key % 50 === 17 && key > places.firstKey;
}

/** An account that is nobody's story. The same for the same seed, key and owners, however many others there are. */
export function makeAccount(setting: Setting, places: Places, key: number): WorldAccount {
  const chance = chanceOf(seedOf(setting.seed, key));
  const size: Size = chance.weighted([
    ['enterprise', 0.1],
    ['mid', 0.3],
    ['smb', 0.6],
  ] as const);
  const duplicate = isDuplicate(key, places);
  const identity = companyNameOf(duplicate ? key - 1 : key);
  const plainName = duplicate ? identity.name.toUpperCase() : identity.name;
  const name = oddCompanyName(key) ?? plainName;
  const agreement = agree(setting, chance, key, name, size);
  const knownSinceOn = addDays(agreement.customerSinceOn ?? setting.today, -chance.int(20, 200));
  const company: Company = {
    key,
    domain: identity.domain,
    size,
    mood: agreement.status === 'former' ? chance.next() * 0.4 : Math.sqrt(chance.next()),
    knownSinceAt: momentOn(knownSinceOn, 15),
    sharesDomain: duplicate,
  };
  const contacts = makeContacts(
    setting,
    chance,
    company,
    key === places.manyContactsKey ? 140 : between(chance, CONTACTS[size]),
  );
  return {
    key,
    name,
    domain: chance.is(messRates.domainBlank) ? null : identity.domain,
    industry: chance.is(0.1) ? null : identity.industry,
    employees: chance.is(0.1) ? null : between(chance, EMPLOYEES[size]),
    region: chance.is(0.1) ? null : regionName(chance),
    parentKey: key > places.firstKey && chance.is(0.05) ? chance.int(places.firstKey, key - 1) : null,
    mergedKeys: chance.is(messRates.merged) ? [MERGED_KEYS_FROM + key] : [],
    ...typedIn(setting, chance, agreement, size),
    contacts,
    deals:
      key === places.manyDealsKey
        ? makeManyDeals(setting, chance, agreement, contacts, 130)
        : makeDeals(setting, chance, agreement, contacts),
    tickets: agreement.status === 'prospect' ? [] : makeTickets(setting, chance, company, contacts),
    tasks: makeTasks(setting, chance, company),
    activities: makeActivities(setting, chance, company, contacts),
    ...lifeOf(setting, chance, company.knownSinceAt),
  };
}

function agree(setting: Setting, chance: Chance, key: number, accountName: string, size: Size): Agreement {
  const status = chance.weighted([
    ['customer', 0.72],
    ['prospect', 0.15],
    ['former', 0.13],
  ] as const);
  const seats = between(chance, SEATS[size]);
  const months = chance.weighted([
    [1, size === 'enterprise' ? 0.02 : 0.15],
    [12, 0.65],
    [24, 0.1],
    [36, 0.1],
  ] as const);
  // Three in a hundred customers are past their date, with nobody having closed the renewal.
  const daysLeft = chance.is(0.03) ? -chance.int(1, 45) : chance.int(0, months * 30);
  const endOn = addDays(setting.today, status === 'former' ? -chance.int(10, 500) : daysLeft);
  const startOn = addMonths(addDays(endOn, 1), -months);
  const customerSinceOn = addMonths(startOn, -months * chance.int(0, months === 1 ? 30 : 4));
  const isProspect = status === 'prospect';
  return {
    key,
    accountName,
    status,
    customerSinceOn: isProspect ? null : customerSinceOn,
    term: isProspect ? null : { startOn, endOn, months },
    autoRenew: months === 1 || chance.is(0.45),
    noticeDays: months === 1 ? 0 : chance.pick([30, 30, 60, 90]),
    arr: seats * chance.int(240, 900),
    seats,
    currency: chance.weighted([
      [HOME_CURRENCY, 0.65],
      ['EUR', 0.2],
      ['GBP', 0.12],
      ['JPY', 0.03],
    ] as const),
  };
}

/** The agreement as somebody typed it into the company record: partly blank, partly wrong. */
function typedIn(setting: Setting, chance: Chance, agreement: Agreement, size: Size) {
  const { status, term } = agreement;
  const holds = status === 'customer';
  const startOn = term === null || chance.is(messRates.termStartBlank) ? null : term.startOn;
  const renewalOn = term === null || chance.is(messRates.renewalDateBlank) ? null : term.endOn;
  const isBackwards = startOn !== null && chance.is(messRates.renewalDateBeforeStart);
  const arr = chance.is(messRates.arrUnlikeDeal)
    ? Math.round(agreement.arr * chance.pick([0.1, 1.5, 12]))
    : agreement.arr;
  return {
    status: chance.is(messRates.statusBlank) ? null : status,
    segment: chance.is(messRates.segmentBlank) ? null : size,
    ownerKey: ownerKey(setting, chance),
    csmKey: status === 'prospect' || chance.is(messRates.csmBlank) ? null : ownerKey(setting, chance),
    termStartOn: startOn,
    renewalOn: isBackwards ? addDays(startOn, -chance.int(1, 400)) : renewalOn,
    termMonths: term === null || chance.is(0.1) ? null : term.months,
    autoRenew: term === null || chance.is(messRates.autoRenewBlank) ? null : agreement.autoRenew,
    noticeDays: term === null || chance.is(messRates.noticeBlank) ? null : agreement.noticeDays,
    arr: !holds || chance.is(messRates.arrBlank) ? null : arr,
    seatsPurchased: !holds || chance.is(0.1) ? null : agreement.seats,
    // Some use more than they pay for.
    seatsUsed: !holds || chance.is(0.2) ? null : Math.round(agreement.seats * (0.2 + chance.next() * 0.85)),
    cancelledOn: holds && chance.is(0.02) ? addDays(setting.today, -chance.int(1, 60)) : null,
    daysOverdue: !holds || chance.is(0.3) ? null : chance.is(0.08) ? chance.int(1, 75) : 0,
  };
}
