import type { Assessment, Term } from '../model/assessment.ts';
import { addDays, daysBetween, previousBusinessDay } from '../model/calendar-date.ts';
import type { Deal } from '../model/records.ts';
import type { AccountSnapshot } from '../model/snapshot.ts';
import type { DealWish } from '../plan/step.ts';
import type { RenewalConfiguration } from '../renewals/configuration.ts';
import { dayInWords } from '../renewals/day-in-words.ts';
import { segmentOfTerm } from '../renewals/segment.ts';
import { holdfastKey } from './dedupe.ts';
import { dueDay } from './due-day.ts';
import type { PlayContext } from './play.ts';
import { renewalCadence } from './renewal-cadence.ts';
import { routeTask } from './routing.ts';

/** The step of the cadence at which a renewal gets its deal, and what the deal's key is made of. */
const STEP = 'R1';
const DEAL = 'deal';

/**
 * The deals that renewals of the account lack today: one for each open term whose step R1 has come and which is not over,
 * unless somebody's deal renews it. Any open renewal deal that closes about when the term ends or has to be decided counts
 * as that, and so does one without a day, unless it renews another term. None where deals may not be read.
 */
export function dealWishesOf(
  assessment: Assessment,
  snapshot: AccountSnapshot,
  context: PlayContext,
): readonly DealWish[] {
  const configuration = context.configuration.renewals;
  const { deals, today } = snapshot;
  if (!configuration.openDeals || deals === null) return [];
  const { terms } = assessment.renewal;
  const taken = new Set(terms.map(({ renewalDealId }) => renewalDealId));
  const free = deals.filter(({ id }) => !taken.has(id));
  return terms
    .filter((term) => term.outcome === 'open' && term.type !== 'monthly' && term.renewalDealId === null)
    .filter((term) => isDue(term, snapshot, context.configuration) && term.endOn >= today)
    .filter((term) => !free.some((deal) => mayRenew(deal, term, configuration)))
    .map((term) => toWish(term, snapshot, context));
}

function isDue(term: Term, snapshot: AccountSnapshot, { renewals, rates }: PlayContext['configuration']): boolean {
  const segment = segmentOfTerm(snapshot, term, { renewals, rates });
  const step = renewals.cadences[segment].find(({ id }) => id === STEP);
  if (step === undefined || (term.startOn !== null && snapshot.today < term.startOn)) return false;
  const anchor = step.from === 'end' ? term.endOn : term.decisionOn;
  return previousBusinessDay(addDays(anchor, step.day), new Set<string>(renewals.holidays)) <= snapshot.today;
}

function mayRenew(deal: Deal, term: Term, { movedDays }: RenewalConfiguration): boolean {
  const { kind, closeOn, priorContractId } = deal;
  if (deal.stage !== null && deal.stage.outcome !== 'open') return false;
  if (priorContractId !== null && priorContractId === term.contractId) return true;
  if (kind !== 'renewal' && kind !== 'co_term') return false;
  return (
    closeOn === null || [term.endOn, term.decisionOn].some((on) => Math.abs(daysBetween(closeOn, on)) <= movedDays)
  );
}

function toWish(term: Term, { account, timeZone }: AccountSnapshot, context: PlayContext): DealWish {
  const { ownerId, note: ownerNote } = routeTask('account-manager', account, null, context);
  const { tenant, owners, configuration } = context;
  const zone = ownerId === null ? null : (owners.get(ownerId)?.timeZone ?? null);
  const { on, at } = dueDay(term.endOn, configuration.renewals.dueHour, zone, timeZone);
  const ends = dayInWords(term.endOn);
  return {
    key: holdfastKey({
      tenant,
      scope: 'account',
      scopeId: account.id,
      termId: term.id,
      play: renewalCadence.id,
      step: DEAL,
      occurrence: 1,
    }),
    accountId: account.id,
    termId: term.id,
    name: `${account.name ?? account.domain ?? `Account ${account.id}`} – Renewal ${term.endOn}`,
    note: `Opened by Holdfast for the renewal of the contract that ends on ${ends}, from ${term.source}. No renewal deal was there.`,
    closeOn: on,
    closeAt: at,
    amount: term.targetArr,
    ownerId,
    ownerNote,
  };
}
