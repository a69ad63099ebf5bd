import { addDays, addMonths, momentOn, type Day } from './world-days.ts';
import { HOME_CURRENCY, inCurrency } from './world-deals.ts';
import { slug } from './world-names.ts';
import type { Setting } from './world-setting.ts';
import { scripts, type Script, type ScriptDeal } from './world-story-scripts.ts';
import type { UsageStory } from './world-usage.ts';
import { KEYS_PER_ACCOUNT, MERGED_KEYS_FROM, type Story, type WorldAccount } from './world-model.ts';

/** The accounts whose story is known, in the order in which they open every world. */
export const stories: readonly Story[] = scripts.map(({ account, story, expect }) => ({ account, story, expect }));

/** What became of the usage of the account with this key. */
export function usageStoryOf(key: number): UsageStory {
  return scripts[key - 1]?.usage ?? 'steady';
}

/** The account of the story with this key (its place in `stories`, from 1). Throws a RangeError for any other. */
export function makeStoryAccount(setting: Setting, key: number): WorldAccount {
  const script = scripts[key - 1];
  if (script === undefined) throw new RangeError(`there is no story ${key}; there are ${scripts.length}`);
  const day = (days: number) => addDays(setting.today, days);
  const keyOf = (index: number) => key * KEYS_PER_ACCOUNT + index + 1;
  const life = (daysAgo: number) => {
    const at = momentOn(day(-Math.max(1, daysAgo)), 15);
    return { createdAt: at, modifiedAt: at, deletedAt: null };
  };
  const owners = setting.owners.filter((owner) => owner.isArchived === (script.ownerHasLeft ?? false));
  const { key: ownerKey = null } = script.ownerIsNew ? setting.newcomer : (owners[key % owners.length] ?? {});
  const domain = `${slug(script.account)}.example`;
  const everybody = script.contacts.map((_, index) => index);
  const { contract } = script;

  return {
    key,
    name: script.account,
    domain,
    industry: script.industry,
    employees: script.employees,
    region: 'North America',
    status: 'customer',
    segment: script.segment,
    parentKey: null,
    ownerKey,
    csmKey: ownerKey,
    termStartOn: startOfTerm(setting, contract.renewsIn, contract.months),
    renewalOn: contract.renewsIn === null ? null : day(contract.renewsIn),
    termMonths: contract.months,
    autoRenew: contract.autoRenew,
    noticeDays: contract.noticeDays,
    arr: script.arr,
    seatsPurchased: script.seats[0],
    seatsUsed: script.seats[1],
    cancelledOn: script.cancelledDaysAgo === undefined ? null : day(-script.cancelledDaysAgo),
    daysOverdue: script.daysOverdue ?? 0,
    mergedKeys: script.wasMerged === true ? [MERGED_KEYS_FROM + key] : [],
    ...life(script.wasMerged === true ? 5 : 12),
    createdAt: momentOn(day(-script.knownForDays), 15),
    contacts: script.contacts.map(([firstName, lastName, role, title, leftDaysAgo], index) => ({
      key: keyOf(index),
      firstName,
      lastName,
      email: `${slug(firstName)}.${slug(lastName)}@${domain}`,
      title,
      role,
      hasLeft: leftDaysAgo !== undefined,
      bounces: leftDaysAgo !== undefined,
      alsoAtKeys: [],
      mergedKeys: [],
      ...life(leftDaysAgo ?? 30),
      createdAt: momentOn(day(-script.knownForDays), 16),
    })),
    deals: script.deals.map((deal, index) =>
      storyDeal(setting, script, deal, keyOf(index), ownerKey, everybody.slice(0, 2).map(keyOf)),
    ),
    tickets: script.tickets.map(({ subject, priority, daysAgo, closedAfterDays, csat }, index) => {
      const openedAt = momentOn(day(-daysAgo), 14);
      return {
        key: keyOf(index),
        subject,
        priority,
        category: 'product',
        openedAt,
        closedAt: closedAfterDays === null ? null : momentOn(day(closedAfterDays - daysAgo), 18),
        csat: csat ?? null,
        ownerKey,
        contactKeys: everybody.slice(-1).map(keyOf),
        ...life(daysAgo - (closedAfterDays ?? 0)),
        createdAt: openedAt,
      };
    }),
    tasks: (script.tasks ?? []).map(([subject, dueInDays, isDone], index) => ({
      key: keyOf(index),
      subject,
      isDone,
      dueAt: momentOn(day(dueInDays), 14),
      priority: 'medium',
      ownerKey,
      ...life(10),
    })),
    activities: script.talks.map(([kind, daysAgo, direction, people, outcome], index) => ({
      key: keyOf(index),
      kind,
      at: momentOn(day(-daysAgo), 16.5),
      direction,
      outcome: outcome ?? 'happened',
      title: { email: 'Re: next steps', call: 'Check-in call', meeting: 'Business review', note: 'Internal note' }[
        kind
      ],
      ownerKey,
      contactKeys: (people === 'all' ? everybody : people).map(keyOf),
      ...life(daysAgo),
    })),
  };
}

function storyDeal(
  setting: Setting,
  script: Script,
  deal: ScriptDeal,
  key: number,
  ownerKey: number | null,
  contactKeys: readonly number[],
): WorldAccount['deals'][number] {
  const day = (days: number) => addDays(setting.today, days);
  const currency = deal.currency ?? HOME_CURRENCY;
  const arr = inCurrency(deal.arr ?? script.arr, currency);
  const months = deal.termMonths ?? 12;
  const closeAt = momentOn(day(deal.closesIn), 15);
  const createdAt = momentOn(day(Math.min(deal.closesIn - 45, -20)), 15);
  return {
    key,
    name: `${script.account} – ${deal.name}`,
    kind: deal.kind,
    outcome: deal.outcome,
    progress: deal.progress ?? 0.5,
    amount: Math.round((arr * months) / 12),
    arr,
    currency,
    seats: deal.seats ?? script.seats[0],
    closeAt,
    ownerKey,
    termStartOn: startOfTerm(setting, deal.endsIn, months),
    termEndOn: deal.endsIn === null ? null : day(deal.endsIn),
    autoRenew: script.contract.autoRenew,
    noticeDays: script.contract.noticeDays,
    lostReason: null,
    contactKeys,
    isLinked: true,
    createdAt,
    modifiedAt: deal.outcome === 'open' ? Math.max(createdAt, momentOn(day(-15), 15)) : closeAt,
    deletedAt: null,
  };
}

/** Reckoned back from the end, so that leap years do not move the day that the story is about. */
function startOfTerm(setting: Setting, endsIn: number | null, months: number | null): Day | null {
  return endsIn === null || months === null ? null : addMonths(addDays(setting.today, endsIn + 1), -months);
}
