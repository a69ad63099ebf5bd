import { assess } from '../core/assess.ts';
import type { ModelConfiguration } from '../core/configuration.ts';
import { assessSettled, explainDifference } from '../core/configuration/compare.ts';
import type { Assessment, Band } from '../core/model/assessment.ts';
import type { AccountId } from '../core/model/ids.ts';
import type { Money } from '../core/model/money.ts';
import { toHomeCurrency } from '../core/model/rates.ts';
import type { AccountUsage } from '../core/model/signals.ts';
import { tallyOf } from '../core/plan/plan.ts';
import type { DealWish, OpenDeal, PlanTally } from '../core/plan/step.ts';
import type { UsageView } from '../core/usage/account-usage.ts';
import { usageViewOf } from '../core/usage/look-back.ts';
import { toChanges } from '../flow/changes.ts';
import { defineLine } from '../flow/definitions.ts';
import type { DefinedLine, Line } from '../flow/line.ts';
import {
  parkedFields,
  planAllDeals,
  planAllTasks,
  planFields,
  planValues,
  toProvisionStep,
  type PlanScope,
} from '../flow/plan.ts';
import { rescored, type Look } from '../flow/rescored.ts';
import type { SignalStore } from '../ports/store.ts';

/** What a configuration would change in the book that is stored now. */
export interface ConfigurationPreview {
  readonly installation: string;
  /** The names of what is in force and of what would be. */
  readonly from: string;
  readonly to: string;
  readonly accounts: number;
  /**
   * Accounts whose band differs in the end, once smoothing has caught up, most first; and at the next run. Days alone
   * change nothing here: both sides are of the records as they are now.
   */
  readonly bands: readonly Move<Band>[];
  readonly bandsAtNextRun: readonly Move<Band>[];
  readonly risk: readonly Move<string>[];
  readonly expansion: readonly Move<string>[];
  /** How scores move in the end, in points. The median is over all accounts with a score, and without sign. */
  readonly scores: {
    readonly moving: number;
    readonly median: number;
    readonly largestRise: number;
    readonly largestFall: number;
  };
  /** Those whose band differs in the end, the largest revenue first. */
  readonly who: readonly MovedAccount[];
  /** Renewal deals that the next run would open by the one configuration and not by the other. */
  readonly deals: { readonly onlyThen: DealsToOpen; readonly onlyNow: DealsToOpen };
  /** What the next run would write, all in all: also what it would write anyway. */
  readonly writes: PlanTally & { readonly heldBack: number; readonly suggestions: number; readonly calls: number };
}

export interface DealsToOpen {
  readonly count: number;
  /** The largest amounts first; as many as accounts are named. */
  readonly first: readonly Pick<DealWish, 'accountId' | 'name' | 'amount' | 'closeOn'>[];
}

export interface Move<T extends string> {
  readonly from: T;
  readonly to: T;
  readonly accounts: number;
}

export interface MovedAccount {
  readonly account: AccountId;
  readonly name: string | null;
  readonly arr: Money | null;
  readonly from: { readonly score: number | null; readonly band: Band };
  readonly to: { readonly score: number | null; readonly band: Band };
  readonly bandAtNextRun: Band;
  /** The strongest reason first. */
  readonly because: readonly string[];
}

/**
 * Holds the configuration that the line was opened with against the one in force, over the whole book. Reads what is
 * stored; calls nothing and writes nothing. `top` is how many accounts are named.
 */
export async function previewConfiguration(
  opened: Line,
  inForce: ModelConfiguration,
  top: number,
): Promise<ConfigurationPreview> {
  const defined = await defineLine(opened);
  const home = defined.installation.facts.currency;
  const worth: Worth = (amount) =>
    (amount === null ? null : toHomeCurrency(amount, home, defined.configuration.rates))?.minor ?? -1;
  const differences = new Differences(defined.store.signals, inForce, defined.configuration, top, worth);
  const line = await rescored(defined, differences);
  const scope: PlanScope = { accounts: null, refusedFields: await parkedFields(line) };
  const { writes, deals } = await countWrites(line, scope);
  const dealsNow = await planAllDeals({ ...defined, configuration: inForce }, scope);
  return {
    installation: line.installation.id,
    from: inForce.version,
    to: line.configuration.version,
    ...differences.told(),
    deals: { onlyThen: dealsBesides(deals, dealsNow, top, worth), onlyNow: dealsBesides(dealsNow, deals, top, worth) },
    writes,
  };
}

/** An amount for a rank, in minor units of the home currency; what cannot be told in it comes last. */
type Worth = (amount: Money | null) => number;

/** Adds up what differs, account by account; keeps numbers, and the few accounts that are named. */
class Differences implements Look {
  readonly #signals: SignalStore;
  readonly #inForce: ModelConfiguration;
  readonly #wanted: ModelConfiguration;
  readonly #top: number;
  readonly #worth: Worth;
  readonly #bands = new Tally<Band>();
  readonly #bandsAtNextRun = new Tally<Band>();
  readonly #risk = new Tally<string>();
  readonly #expansion = new Tally<string>();
  /** How many scores move by so many tenths of a point. */
  readonly #moves: number[] = Array.from({ length: 1_001 }, () => 0);
  #largestRise = 0;
  #largestFall = 0;
  #accounts = 0;
  #who: MovedAccount[] = [];
  /** As the configuration in force looks at it; null where the wanted one sees the same. */
  #usageNow: ((account: AccountId) => AccountUsage | null) | null = null;

  constructor(
    signals: SignalStore,
    inForce: ModelConfiguration,
    wanted: ModelConfiguration,
    top: number,
    worth: Worth,
  ) {
    this.#signals = signals;
    this.#inForce = inForce;
    this.#wanted = wanted;
    this.#top = top;
    this.#worth = worth;
  }

  async prepare(accounts: readonly AccountId[], then: UsageView): Promise<void> {
    const now = usageViewOf(then, this.#inForce);
    const counted = ({ windows, keptDays }: UsageView): string => JSON.stringify([windows, keptDays]);
    const isSeen = now.days <= then.days && counted(now) === counted(then);
    this.#usageNow = isSeen ? null : await this.#signals.usageOf(accounts, now);
  }

  see({ snapshot, assessment: next, name }: Parameters<Look['see']>[0]): void {
    this.#accounts += 1;
    const usageNow = this.#usageNow;
    const seenNow = usageNow === null ? snapshot : { ...snapshot, usage: usageNow(snapshot.account.id) };
    const now = assess(seenNow, this.#inForce);
    const before = { assessment: assessSettled(seenNow, this.#inForce), configuration: this.#inForce };
    const after = { assessment: assessSettled(snapshot, this.#wanted), configuration: this.#wanted };
    const [from, to] = [before.assessment, after.assessment];
    this.#bands.add(from.health.band, to.health.band);
    this.#bandsAtNextRun.add(now.health.band, next.health.band);
    this.#risk.add(from.churn.riskAlone, to.churn.riskAlone);
    this.#expansion.add(from.expansion.bandAlone, to.expansion.bandAlone);
    this.#addMove(from.health.score, to.health.score);
    if (from.health.band === to.health.band) return;
    this.#who.push({
      account: from.accountId,
      name,
      arr: to.place.revenue,
      from: shown(from),
      to: shown(to),
      bandAtNextRun: next.health.band,
      because: explainDifference(before, after),
    });
    if (this.#who.length >= 2 * this.#top + 100) this.#who = this.#first();
  }

  told(): Omit<ConfigurationPreview, 'installation' | 'from' | 'to' | 'deals' | 'writes'> {
    return {
      accounts: this.#accounts,
      bands: this.#bands.moves(),
      bandsAtNextRun: this.#bandsAtNextRun.moves(),
      risk: this.#risk.moves(),
      expansion: this.#expansion.moves(),
      scores: {
        moving: this.#moves.slice(1).reduce((sum, accounts) => sum + accounts, 0),
        median: medianOf(this.#moves) / 10,
        largestRise: this.#largestRise,
        largestFall: this.#largestFall,
      },
      who: this.#first(),
    };
  }

  #addMove(before: number | null, after: number | null): void {
    if (before === null || after === null) return;
    const move = Math.round((after - before) * 10);
    this.#moves[Math.abs(move)] = (this.#moves[Math.abs(move)] ?? 0) + 1;
    this.#largestRise = Math.max(this.#largestRise, move / 10);
    this.#largestFall = Math.min(this.#largestFall, move / 10);
  }

  #first(): MovedAccount[] {
    const worth = this.#worth;
    return this.#who
      .sort((a, b) => worth(b.arr) - worth(a.arr) || (a.account < b.account ? -1 : 1))
      .slice(0, this.#top);
  }
}

/** How many went from what to what; those that stayed are left out. */
class Tally<T extends string> {
  readonly #counts = new Map<string, { readonly from: T; readonly to: T; accounts: number }>();

  add(from: T, to: T): void {
    if (from === to) return;
    const known = this.#counts.get(`${from} ${to}`);
    if (known === undefined) this.#counts.set(`${from} ${to}`, { from, to, accounts: 1 });
    else known.accounts += 1;
  }

  /** Most first. */
  moves(): readonly Move<T>[] {
    return [...this.#counts.values()].sort(
      (a, b) => b.accounts - a.accounts || (`${a.from} ${a.to}` < `${b.from} ${b.to}` ? -1 : 1),
    );
  }
}

const shown = ({ health: { score, band } }: Assessment): MovedAccount['from'] => ({ score, band });

/** The middle of values that are counted by their place in the list; 0 for none. */
function medianOf(counts: readonly number[]): number {
  const all = counts.reduce((sum, number) => sum + number, 0);
  let seen = 0;
  for (const [value, number] of counts.entries()) {
    seen += number;
    if (seen * 2 >= all && number > 0) return value;
  }
  return 0;
}

/** Those that are not among the others. A term keeps its key whatever the configuration. */
function dealsBesides(deals: readonly OpenDeal[], others: readonly OpenDeal[], top: number, worth: Worth): DealsToOpen {
  const known = new Set(others.map(({ key }) => key));
  const found = deals.filter(({ key }) => !known.has(key)).map(({ wish }) => wish);
  const first = found
    .sort((a, b) => worth(b.amount) - worth(a.amount) || (a.key < b.key ? -1 : 1))
    .slice(0, top)
    .map(({ accountId, name, amount, closeOn }) => ({ accountId, name, amount, closeOn }));
  return { count: found.length, first };
}

async function countWrites(
  line: DefinedLine,
  scope: PlanScope,
): Promise<{ readonly writes: ConfigurationPreview['writes']; readonly deals: readonly OpenDeal[] }> {
  const missing = (await planFields(line)).filter(({ object, name }) => !scope.refusedFields.has(`${object}.${name}`));
  const tasks = await planAllTasks(line, scope);
  let calls = missing.length === 0 ? 0 : line.session.costOfProvision(missing);
  calls += line.session.costOf(toChanges(line, [...tasks.steps, ...tasks.deals]));
  let tally = tallyOf([...missing.map(toProvisionStep), ...tasks.steps, ...tasks.deals]);
  for await (const portion of planValues(line, scope)) {
    calls += line.session.costOf(toChanges(line, portion));
    const more = tallyOf(portion);
    tally = {
      ...tally,
      recordsToUpdate: tally.recordsToUpdate + more.recordsToUpdate,
      valuesToWrite: tally.valuesToWrite + more.valuesToWrite,
    };
  }
  const writes = { ...tally, heldBack: tasks.heldBack.length, suggestions: tasks.suggestions.length, calls };
  return { writes, deals: tasks.deals };
}
