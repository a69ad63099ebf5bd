import { access } from 'node:fs/promises';
import { join } from 'node:path';
import type { Instant } from '../../contract/record.ts';
import { DatasetError, readGzippedCsv, type CsvRow } from './dataset-csv.ts';
import { addDays, dayAt, daysBetween, momentOn, type Day } from './world-days.ts';
import { companyNameOf } from './world-names.ts';
import { makeOwners } from './world-setting.ts';
import type { WorldUsageDay, WorldWorkspace } from './world-usage.ts';
import { KEYS_PER_ACCOUNT, type World, type WorldAccount, type WorldDeal, type WorldOwner } from './world-model.ts';

const ACCOUNT_FILE = 'crm5_s42_account.csv.gz';
const SUBSCRIPTION_FILE = 'crm5_s42_subscription.csv.gz';
const USAGE_FILE = 'crm5_s42_weekly_usage.csv.gz';

/**
 * The last day of which the subscriptions are known in full: none begins later, although usage runs on for four weeks.
 * An account whose last plan had ended by then had therefore churned.
 */
const LAST_FULL_DAY = '2024-01-01';
/** The last week (by its Monday) that was over by then. */
const LAST_FULL_WEEK = '2023-12-25';

/** How many weeks of usage are told. */
const WEEKS = 26;
/** Monday, Wednesday and Friday speak for the week: as many messages as five days would make tell no more. */
const DAYS_TOLD = [0, 2, 4];
const WEDNESDAY = 2;

/** The events that the usage file counts. */
const EVENTS = [
  'search',
  'create_search',
  'edit_search',
  'delete_search',
  'win_opportunity',
  'advance_stage',
  'add_competitor',
  'disqualify_opportunity',
  'lose_opportunity',
  'quote',
  'create_opportunity',
  'add_contact',
  'edit_contact',
  'add_lead',
  'unsub_lead',
  'edit_lead',
  'email_lead',
  'call_lead',
  'create_list',
  'delete_list',
  'email_list',
  'meeting',
  'schedule_meeting',
  'edit_meeting',
  'cancel_meeting',
] as const;

/** Rows of these plans list what could be bought, not what was. */
const CATALOGUE_PLANS: ReadonlySet<string> = new Set(['meetings', 'search_unlimited']);

const TIME_ZONE = 'America/New_York';
const CURRENCY = 'USD';

/**
 * The published accounts of a CRM product (ChurnSim, carl24k/fight-churn, seed 42) as a world, with all dates shifted so
 * that their last full day is yesterday. Invented are only names, domains and owners; an account's name ends in its
 * published id. There are no contacts, tickets or activities, since none were published.
 *
 * A deal is one thing that was sold: the months of an unchanged monthly plan are one deal, each 6- or 12-month term one
 * of its own. The renewal date is the end of the last base plan, seats are its `quantity`, ARR is `mrr` × 12, and seats
 * in use are the active users of the last full week, where the usage file exists; its last half year is the usage. Segments follow ARR: SMB below 10,000,
 * Mid-Market to 100,000. Throws `DatasetError`.
 */
export async function loadFightChurn(folder: string, now: Instant): Promise<World> {
  const nowMs = Date.parse(now);
  if (Number.isNaN(nowMs)) throw new RangeError(`now is '${now}'; give an instant such as 2026-03-01T12:00:00.000Z`);
  const accounts = await readAccounts(join(folder, ACCOUNT_FILE));
  const plans = await readPlans(join(folder, SUBSCRIPTION_FILE), accounts);
  const weeks = await readWeeks(join(folder, USAGE_FILE));

  const today = dayAt(nowMs, TIME_ZONE);
  const shift = daysBetween(LAST_FULL_DAY, addDays(today, -1));
  const owners = makeOwners(42, accounts.size);
  const activeOwners = owners.filter((owner) => !owner.isArchived);
  return {
    now,
    today,
    timeZone: TIME_ZONE,
    homeCurrency: CURRENCY,
    otherCurrencies: [],
    owners,
    stories: [],
    accounts: [...accounts.values()].map((account) =>
      toWorldAccount(account, plans.get(account.id) ?? [], lastFullWeek(weeks.get(account.id)), shift, activeOwners),
    ),
    usage: [...weeks].map(([id, ofAccount]) => toWorkspace(id, ofAccount, shift)),
  };
}

interface Account {
  /** As published, from 0. */
  readonly id: number;
  readonly state: string | null;
  readonly signedUpOn: Day;
}

/** One paid period. */
interface Plan {
  readonly name: string;
  readonly startOn: Day;
  readonly endOn: Day;
  readonly months: number;
  /** Dollars. */
  readonly mrr: number;
  readonly seats: number;
}

async function readAccounts(path: string): Promise<ReadonlyMap<number, Account>> {
  const accounts = new Map<number, Account>();
  await readGzippedCsv(path, ['account_id', 'state', 'signup_date'], (row) => {
    const id = row.number('account_id');
    const state = row.text('state').trim();
    accounts.set(id, { id, state: state === '' ? null : state, signedUpOn: row.date('signup_date') });
  });
  return accounts;
}

/** The base plans of each account, the earliest first. */
async function readPlans(
  path: string,
  accounts: ReadonlyMap<number, Account>,
): Promise<ReadonlyMap<number, readonly Plan[]>> {
  const plans = new Map<number, Plan[]>();
  const columns = ['account_id', 'plan', 'start_date', 'end_date', 'mrr', 'quantity', 'bill_period_months'] as const;
  await readGzippedCsv(path, columns, (row) => {
    const name = row.text('plan');
    if (CATALOGUE_PLANS.has(name)) return;
    const id = row.number('account_id');
    if (!accounts.has(id)) {
      throw new DatasetError(
        `${SUBSCRIPTION_FILE} has a plan of account ${id}, which ${ACCOUNT_FILE} does not have`,
        'Use both files of one download.',
      );
    }
    const ofAccount = plans.get(id) ?? [];
    ofAccount.push({
      name,
      startOn: row.date('start_date'),
      endOn: row.date('end_date'),
      months: row.number('bill_period_months'),
      mrr: row.number('mrr'),
      seats: row.number('quantity'),
    });
    plans.set(id, ofAccount);
  });
  for (const ofAccount of plans.values()) ofAccount.sort((a, b) => daysBetween(b.startOn, a.startOn));
  return plans;
}

/** One published week of an account. */
interface Week {
  /** Its Monday, as published. */
  readonly startsOn: Day;
  readonly activeUsers: number;
  /** Event → times. */
  readonly events: Readonly<Record<string, number>>;
}

/** The last half year of weeks by account, oldest first; empty when the usage was not downloaded. */
async function readWeeks(path: string): Promise<ReadonlyMap<number, readonly Week[]>> {
  const weeks = new Map<number, Week[]>();
  if (!(await exists(path))) return weeks;
  const since = addDays(LAST_FULL_WEEK, -7 * (WEEKS - 1));
  const readWeek = (row: CsvRow<'account_id' | 'week_start' | 'active_users' | (typeof EVENTS)[number]>): void => {
    const startsOn = row.text('week_start');
    if (startsOn < since || startsOn > LAST_FULL_WEEK) return;
    const events: Record<string, number> = {};
    for (const event of EVENTS) {
      const times = row.text(event) === '' ? 0 : row.number(event);
      if (times > 0) events[event] = times;
    }
    const id = row.number('account_id');
    const ofAccount = weeks.get(id) ?? [];
    ofAccount.push({ startsOn, activeUsers: row.number('active_users'), events });
    weeks.set(id, ofAccount);
  };
  await readGzippedCsv(path, ['account_id', 'week_start', 'active_users'], readWeek, EVENTS);
  for (const ofAccount of weeks.values()) ofAccount.sort((a, b) => daysBetween(b.startsOn, a.startsOn));
  return weeks;
}

function lastFullWeek(weeks: readonly Week[] | undefined): number | null {
  return weeks?.find(({ startsOn }) => startsOn === LAST_FULL_WEEK)?.activeUsers ?? null;
}

/**
 * An account's weeks spread over three of their days: events evenly, whole numbers that add up to the week's. Everybody who
 * was active that week was so on its Wednesday, and three in five on the other days; who they were was not published.
 */
function toWorkspace(id: number, weeks: readonly Week[], shift: number): WorldWorkspace {
  const key = id + 1;
  const { name, domain } = companyNameOf(key);
  return {
    accountKey: key,
    id: `ws-${id}`,
    name: `${name} #${id}`,
    domain,
    limits: {},
    coreFeatures: EVENTS,
    days: {
      *[Symbol.iterator](): Generator<WorldUsageDay> {
        for (const week of weeks) {
          for (const [place, day] of DAYS_TOLD.entries()) {
            const share = (times: number) =>
              Math.floor((times * (place + 1)) / DAYS_TOLD.length) - Math.floor((times * place) / DAYS_TOLD.length);
            const features = Object.entries(week.events).map(([event, times]) => [event, share(times)] as const);
            const users = day === WEDNESDAY ? week.activeUsers : Math.ceil(week.activeUsers * 0.6);
            if (users === 0) continue;
            yield {
              on: addDays(week.startsOn, shift + day),
              users,
              keyUsers: [],
              keyActions: 0,
              features: Object.fromEntries(features.filter(([, times]) => times > 0)),
              metered: {},
              pricingVisits: 0,
            };
          }
        }
      },
    },
  };
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    throw error;
  }
}

function toWorldAccount(
  account: Account,
  plans: readonly Plan[],
  activeUsers: number | null,
  shift: number,
  owners: readonly WorldOwner[],
): WorldAccount {
  const key = account.id + 1;
  const { name, domain } = companyNameOf(key);
  const fullName = `${name} #${account.id}`;
  const ownerKey = owners[account.id % owners.length]?.key ?? null;
  const current = plans.reduce<Plan | null>(
    (last, plan) => (last === null || plan.endOn > last.endOn ? plan : last),
    null,
  );
  const holds = current !== null && current.endOn > LAST_FULL_DAY;
  const arr = current === null ? null : Math.round(current.mrr * 12);
  const createdAt = momentOn(addDays(account.signedUpOn, shift), 15);
  const changedAt = current === null ? createdAt : momentOn(addDays(current.startOn, shift), 15);
  return {
    key,
    name: fullName,
    domain,
    industry: null,
    employees: null,
    region: account.state,
    status: current === null ? 'prospect' : holds ? 'customer' : 'former',
    segment: arr === null ? null : arr < 10_000 ? 'smb' : arr <= 100_000 ? 'mid' : 'enterprise',
    parentKey: null,
    ownerKey,
    csmKey: ownerKey,
    termStartOn: current === null ? null : addDays(current.startOn, shift),
    renewalOn: current === null ? null : addDays(current.endOn, shift),
    termMonths: current?.months ?? null,
    autoRenew: null,
    noticeDays: null,
    arr: holds ? arr : null,
    seatsPurchased: holds ? current.seats : null,
    seatsUsed: holds ? activeUsers : null,
    cancelledOn: null,
    daysOverdue: null,
    mergedKeys: [],
    contacts: [],
    deals: toDeals(key, fullName, ownerKey, plans, shift),
    tickets: [],
    tasks: [],
    activities: [],
    createdAt,
    modifiedAt: Math.max(createdAt, changedAt),
    deletedAt: null,
  };
}

function toDeals(
  accountKey: number,
  accountName: string,
  ownerKey: number | null,
  plans: readonly Plan[],
  shift: number,
): readonly WorldDeal[] {
  const deals: WorldDeal[] = [];
  let before: Plan | null = null;
  for (const sold of salesOf(plans)) {
    const startOn = addDays(sold.startOn, shift);
    const closeAt = momentOn(startOn, 15);
    const isNew: boolean = before === null || before.endOn < sold.startOn;
    deals.push({
      key: accountKey * KEYS_PER_ACCOUNT + deals.length + 1,
      name: `${accountName} – ${sold.name}`,
      kind: isNew ? 'new' : before !== null && sold.mrr > before.mrr ? 'upsell' : 'renewal',
      outcome: 'won',
      progress: 1,
      amount: Math.round(sold.mrr * sold.months),
      arr: Math.round(sold.mrr * 12),
      currency: CURRENCY,
      seats: sold.seats,
      closeAt,
      ownerKey,
      termStartOn: startOn,
      // A monthly plan has no end that a deal could name: it goes on until somebody stops it.
      termEndOn: sold.months === 1 ? null : addDays(sold.endOn, shift),
      autoRenew: null,
      noticeDays: null,
      lostReason: null,
      contactKeys: [],
      isLinked: true,
      createdAt: closeAt,
      modifiedAt: closeAt,
      deletedAt: null,
    });
    before = sold;
  }
  return deals;
}

/** What was sold, each once: a monthly plan that goes on unchanged without a gap is one sale. */
function salesOf(plans: readonly Plan[]): readonly Plan[] {
  const sales: Plan[] = [];
  for (const plan of plans) {
    const last = sales.at(-1);
    const goesOn =
      last !== undefined &&
      plan.months === 1 &&
      plan.startOn === last.endOn &&
      plan.name === last.name &&
      plan.seats === last.seats &&
      plan.mrr === last.mrr;
    if (goesOn) sales[sales.length - 1] = { ...last, endOn: plan.endOn };
    else sales.push(plan);
  }
  return sales;
}
