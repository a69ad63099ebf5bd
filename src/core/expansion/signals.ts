import type { Band } from '../model/assessment.ts';
import type { CalendarDate } from '../model/calendar-date.ts';
import { daysBetween } from '../model/calendar-date.ts';
import type { AccountSnapshot, HeldFacts, PeerProduct, ProductTeller, RecordRef } from '../model/snapshot.ts';
import { takenSeats } from '../measures/facts/seats.ts';
import { contactsWithRole } from '../measures/facts/two-way-contact.ts';
import { dayText } from '../measures/wording.ts';
import type { UsageWindows } from '../usage/configuration.ts';
import type { ExpansionConfiguration } from './configuration.ts';
import type { OwnedProducts } from './owned-products.ts';
import { ownedProducts } from './owned-products.ts';
import { lackingProducts } from './peers.ts';
import {
  acquisition,
  executiveContact,
  funding,
  headcount,
  newChampion,
  promoter,
  request,
  seats,
  whitespace,
} from './signals-in-records.ts';
import { gatedFeature, growth, metered, newDepartments, pricingVisits } from './signals-in-usage.ts';

export interface Signal {
  readonly id: string;
  /** After fading, one decimal. */
  readonly points: number;
  readonly because: string;
  readonly evidence: readonly RecordRef[];
}

/** What a signal is looked for in. */
export interface SignalContext {
  readonly snapshot: AccountSnapshot;
  readonly band: Band;
  /** Since when seat use has been at the lowest step without a break; null while it is below. */
  readonly seatsHighSinceOn: CalendarDate | null;
  readonly headcounts: NonNullable<HeldFacts['headcounts']>;
  readonly champions: NonNullable<HeldFacts['champions']>;
  /** What peers own and this account does not. */
  readonly lacking: readonly PeerProduct[];
  readonly configuration: ExpansionConfiguration;
  readonly usageWindows: UsageWindows;
}

/** A signal that is true today; null otherwise, also when what would tell is not known. */
export type Finding = Pick<Signal, 'because' | 'evidence' | 'points'> | null;

export interface Signals {
  /** The most points first. */
  readonly found: readonly Signal[];
  /** What peers own and this account does not, the most owned first. */
  readonly lacking: readonly PeerProduct[];
  readonly held: Pick<HeldFacts, 'signals' | 'seatsHighSinceOn' | 'headcounts' | 'champions' | 'productsToldBy'>;
}

/** Every signal there is. */
const FINDERS: readonly (readonly [id: string, find: (context: SignalContext) => Finding])[] = [
  ['E1', seats],
  ['E2', metered],
  ['E3', gatedFeature],
  ['E4', growth],
  ['E5', newDepartments],
  ['E6', whitespace],
  ['E7-promoter', promoter],
  ['E7-executive', executiveContact],
  ['E7-champion', newChampion],
  ['E8', headcount],
  ['E8-funding', funding],
  ['E8-acquisition', acquisition],
  ['E9', pricingVisits],
  ['E10', request],
];

/** Signs of room to grow; a signal that is true no longer fades out. `band` is the account's health band. */
export function signalsOf(
  snapshot: AccountSnapshot,
  band: Band,
  usageWindows: UsageWindows,
  configuration: ExpansionConfiguration,
): Signals {
  const held = snapshot.history?.held;
  const seatsHighSinceOn = seatsHighSince(snapshot, held?.seatsHighSinceOn ?? null, usageWindows, configuration);
  const headcounts = headcountsOf(snapshot, held?.headcounts ?? [], configuration);
  const champions = championsOf(snapshot, held?.champions);
  const owned = ownedProducts(snapshot);
  const toldBy = tellersOf(owned, held?.productsToldBy ?? []);
  const lacking = lackingIn(snapshot, owned, toldBy, configuration);
  const seen = { snapshot, band, seatsHighSinceOn, headcounts, champions, lacking };
  const context: SignalContext = { ...seen, configuration, usageWindows };
  const found: Signal[] = [];
  const next: HeldFacts['signals'][number][] = [];
  for (const [id, find] of FINDERS) {
    const finding = find(context);
    if (finding !== null) {
      found.push({ id, ...finding });
      next.push({ id, points: finding.points, because: finding.because, trueOn: snapshot.today });
      continue;
    }
    const last = held?.signals.find((signal) => signal.id === id);
    if (last === undefined) continue;
    const days = daysBetween(last.trueOn, snapshot.today);
    const points = Math.round(last.points * (1 - days / configuration.fadeDays) * 10) / 10;
    if (points <= 0) continue;
    next.push(last);
    const on = dayText(last.trueOn, snapshot.today);
    found.push({ id, points, because: `Last true on ${on}: ${last.because}`, evidence: [] });
  }
  found.sort(mostPointsFirst);
  return {
    found: withCompanyLimit(found, configuration),
    lacking,
    held: {
      signals: next,
      seatsHighSinceOn,
      headcounts,
      champions,
      ...(toldBy.length > 0 && { productsToldBy: toldBy }),
    },
  };
}

const mostPointsFirst = (a: Signal, b: Signal): number => b.points - a.points || (a.id < b.id ? -1 : 1);

/** News of the company: the strongest counts whole, the others up to what is left of the limit. */
const COMPANY: ReadonlySet<string> = new Set(['E8', 'E8-funding', 'E8-acquisition']);

function withCompanyLimit(found: readonly Signal[], { companyLimit }: ExpansionConfiguration): readonly Signal[] {
  let left: number | null = null;
  const limited = found.flatMap((signal): readonly Signal[] => {
    if (!COMPANY.has(signal.id)) return [signal];
    const points: number = left === null ? signal.points : Math.min(signal.points, left);
    left = Math.max(0, Math.round(((left ?? companyLimit) - points) * 10) / 10);
    return points > 0 ? [{ ...signal, points }] : [];
  });
  return limited.sort(mostPointsFirst);
}

/** Which records tell what the account owns, those that did so once among them. */
function tellersOf(owned: OwnedProducts | null, before: readonly ProductTeller[]): readonly ProductTeller[] {
  return [...new Set([...before, ...(owned?.toldBy ?? [])])].sort();
}

/**
 * Nothing while records that named products are silent: what only they told would seem to be lacking, and a lost source must
 * never raise a score. Deals and contracts that are all gone from the CRM told of nothing that is left.
 */
function lackingIn(
  snapshot: AccountSnapshot,
  owned: OwnedProducts | null,
  toldBy: readonly ProductTeller[],
  configuration: ExpansionConfiguration,
): readonly PeerProduct[] {
  const { peers } = snapshot.book;
  if (owned === null || peers == null) return [];
  const isSilent = (teller: ProductTeller): boolean =>
    !owned.toldBy.includes(teller) && (teller === 'account' || snapshot[teller]?.length !== 0);
  return toldBy.some(isSilent) ? [] : lackingProducts(owned.products, peers, configuration);
}

/** The day since which seat use has not been seen below the lowest step. */
function seatsHighSince(
  snapshot: AccountSnapshot,
  since: CalendarDate | null,
  usageWindows: UsageWindows,
  { seats: { steps } }: ExpansionConfiguration,
): CalendarDate | null {
  const taken = takenSeats(snapshot, usageWindows);
  const lowest = steps.at(-1);
  if (taken === null || lowest === undefined || taken.ratio < lowest.from) return null;
  return since ?? snapshot.today;
}

/** The champions of today; those who were not champions at the last look became so today. */
function championsOf(
  { contacts, today }: AccountSnapshot,
  known: HeldFacts['champions'],
): NonNullable<HeldFacts['champions']> {
  if (contacts === null) return known ?? [];
  const sinceOn = known === undefined ? null : today;
  return contactsWithRole(contacts, ['champion']).map(
    ({ id }) => known?.find((champion) => champion.id === id) ?? { id, sinceOn },
  );
}

/** The number of employees as known now and then, today's among them when it is time. */
function headcountsOf(
  { account: { employees }, today }: AccountSnapshot,
  known: NonNullable<HeldFacts['headcounts']>,
  { headcount: { withinDays, everyDays } }: ExpansionConfiguration,
): NonNullable<HeldFacts['headcounts']> {
  const kept = known.filter(({ on }) => on < today && daysBetween(on, today) <= withinDays);
  const last = kept.at(-1);
  const isTime = last === undefined || daysBetween(last.on, today) >= everyDays;
  return employees === null || employees <= 0 || !isTime ? kept : [...kept, { on: today, employees }];
}
