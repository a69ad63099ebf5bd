import type { Health, Renewal } from '../model/assessment.ts';
import type { CalendarDate } from '../model/calendar-date.ts';
import { daysBetween } from '../model/calendar-date.ts';
import type { AccountSnapshot } from '../model/snapshot.ts';
import type { ChampionSettings } from '../measures/facts/champion.ts';
import { championOf } from '../measures/facts/champion.ts';
import { closedChanges, openChanges } from '../measures/facts/commercial-changes.ts';
import { customerSince } from '../measures/facts/customer-since.ts';
import { daysAgo, localDay } from '../measures/facts/local-day.ts';
import { overdueOf } from '../measures/facts/overdue.ts';
import { urgentTicketsOf } from '../measures/facts/urgent-tickets.ts';
import { championSentence } from '../measures/r4-champion.ts';
import { urgentSentence } from '../measures/s2-urgent-tickets.ts';
import { count, dayText, decimalText, nameText } from '../measures/wording.ts';
import { isTermLost } from '../scoring/as-told.ts';
import type { CapConfiguration } from '../scoring/caps.ts';
import { isHeld } from '../scoring/caps.ts';
import type { ChurnConfiguration, EffectId } from './configuration.ts';

export interface EffectContext {
  readonly snapshot: AccountSnapshot;
  readonly health: Pick<Health, 'trend' | 'delta28d'>;
  /** Over which `delta28d` is told. */
  readonly trendDays: number;
  readonly renewal: Renewal;
  readonly champion: ChampionSettings;
  /** How long an effect holds whose records cannot be read any more: as long as a cap. */
  readonly caps: Pick<CapConfiguration, 'holdDays'>;
  readonly configuration: ChurnConfiguration;
}

export interface Effect {
  readonly id: EffectId;
  /** Log-odds. */
  readonly size: number;
  readonly because: string;
  /** The day on which the records last told so. */
  readonly toldOn: CalendarDate;
}

interface Finder {
  readonly id: EffectId;
  /** Tells in one sentence that it holds, or null. */
  readonly find: (context: EffectContext) => string | null;
  /** Whether the records that would tell cannot be read; absent where nothing is to be held. */
  readonly isLost?: (snapshot: AccountSnapshot) => boolean;
}

const areContactsLost = ({ contacts }: AccountSnapshot): boolean => contacts === null;
const areDealsLost = ({ deals }: AccountSnapshot): boolean => deals === null;

const FINDERS: readonly Finder[] = [
  { id: 'sponsor_changed', find: sponsorChanged, isLost: areContactsLost },
  { id: 'champion_departed', find: championDeparted, isLost: areContactsLost },
  { id: 'competitor_named', find: competitorNamed },
  { id: 'budget_at_risk', find: budgetAtRisk },
  { id: 'downgrade_requested', find: downgradeRequested, isLost: areDealsLost },
  { id: 'overdue', find: overdue, isLost: (snapshot) => overdueOf(snapshot) === null },
  { id: 'auto_renew', find: autoRenew, isLost: isTermLost },
  { id: 'sharp_decline', find: sharpDecline },
  { id: 'urgent_ticket', find: urgentTicket, isLost: ({ tickets }) => tickets === null },
  // It lowers the risk, and lasts for some months alone: where deals are lost, so is it.
  { id: 'expanded', find: expanded },
  { id: 'price_uplift', find: priceUplift, isLost: areDealsLost },
  { id: 'first_renewal', find: firstRenewal, isLost: isTermLost },
];

/** The effects that hold, the strongest first. One whose records were lost stays as it was last told, like a cap. */
export function effectsOf(context: EffectContext): readonly Effect[] {
  const { snapshot, configuration } = context;
  const { today, history } = snapshot;
  const effects: Effect[] = [];
  for (const { id, find, isLost } of FINDERS) {
    const size = configuration.effects[id];
    if (isLost?.(snapshot) === true && history !== null) {
      const last = history.held?.effects?.find((effect) => effect.id === id);
      if (last !== undefined && isHeld(last, today, context.caps)) effects.push({ ...last, size });
      continue;
    }
    const because = find(context);
    if (because !== null) effects.push({ id, size, because, toldOn: today });
  }
  return effects.sort((a, b) => Math.abs(b.size) - Math.abs(a.size) || (a.id < b.id ? -1 : 1));
}

function championDeparted({ snapshot, champion }: EffectContext): string | null {
  const found = championOf(snapshot, champion);
  return found.state === 'departed' ? championSentence(found, snapshot) : null;
}

/** A sponsor who left lately; one without a date only as long as no other sponsor is there. */
function sponsorChanged({ snapshot, configuration }: EffectContext): string | null {
  const sponsors = (snapshot.contacts ?? []).filter(({ roles }) => roles.includes('exec_sponsor'));
  const hasSponsor = sponsors.some(({ status }) => status !== 'departed');
  const from = daysAgo(configuration.sponsorDays, snapshot);
  const left = sponsors
    .filter(
      ({ status, departedAt }) => status === 'departed' && (departedAt === null ? !hasSponsor : departedAt >= from),
    )
    .sort((a, b) =>
      (a.departedAt ?? '') < (b.departedAt ?? '') || (a.departedAt === b.departedAt && a.id > b.id) ? 1 : -1,
    );
  const [last] = left;
  if (last === undefined) return null;
  const on = last.departedAt === null ? '' : ` on ${dayText(localDay(last.departedAt, snapshot), snapshot.today)}`;
  return `The executive sponsor, ${nameText(last.name, 'a contact')}, left${on}.`;
}

function competitorNamed({ snapshot: { account } }: EffectContext): string | null {
  const competitor = nameText(account.competitor ?? null, '');
  return competitor === '' ? null : `The customer is talking to a competitor (${competitor}).`;
}

function budgetAtRisk({ snapshot: { account } }: EffectContext): string | null {
  return account.budgetAtRisk === true ? 'Their budget is being cut, or they are being merged.' : null;
}

function downgradeRequested({ snapshot }: EffectContext): string | null {
  const [deal] = openChanges(snapshot, 'downgrade');
  return deal === undefined ? null : `A downgrade is being negotiated (${nameText(deal.name, 'an open deal')}).`;
}

function overdue({ snapshot, configuration }: EffectContext): string | null {
  const found = overdueOf(snapshot);
  return found !== null && found.days > configuration.overdueDays ? found.because : null;
}

function sharpDecline({ health, trendDays }: EffectContext): string | null {
  if (health.trend !== 'sharp_decline' || health.delta28d === null) return null;
  return `Health fell by ${decimalText(-health.delta28d)} points in ${count(trendDays, 'day')}.`;
}

function urgentTicket({ snapshot, configuration }: EffectContext): string | null {
  const old = (urgentTicketsOf(snapshot) ?? []).filter(
    ({ daysOpen }) => daysOpen !== null && daysOpen > configuration.urgentDays,
  );
  return old.length === 0 ? null : urgentSentence(old);
}

function priceUplift({ snapshot, renewal, configuration }: EffectContext): string | null {
  const dealId = renewal.next?.renewalDealId ?? null;
  const uplift = snapshot.deals?.find(({ id }) => id === dealId)?.upliftPercent ?? null;
  if (uplift === null || uplift <= configuration.upliftPercent) return null;
  return `The renewal raises the price by ${decimalText(uplift)}%.`;
}

function firstRenewal({ snapshot, renewal, configuration }: EffectContext): string | null {
  const startOn = renewal.next?.startOn ?? null;
  const since = customerSince(snapshot);
  if (startOn === null || since === null) return null;
  return Math.abs(daysBetween(since, startOn)) <= configuration.firstTermDays ? 'This is the first renewal.' : null;
}

function autoRenew({ renewal }: EffectContext): string | null {
  return renewal.next?.type === 'auto_renew' ? 'The contract renews automatically.' : null;
}

function expanded({ snapshot, configuration }: EffectContext): string | null {
  const last = closedChanges(snapshot, 'won', configuration.expandedDays).find(({ kind }) => kind === 'expansion');
  return last === undefined ? null : `The customer expanded on ${dayText(last.closeOn, snapshot.today)}.`;
}
