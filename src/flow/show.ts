import { addDays, dayOf } from '../core/model/calendar-date.ts';
import type { AccountId } from '../core/model/ids.ts';
import { isWanted } from '../core/mapping/field-choice.ts';
import {
  contactToShow,
  nothingToShow,
  onlyWantedToShow,
  recordsToShow,
  taskToShow,
  type RecordToShow,
  type WriteContext,
} from '../core/mapping/outbound.ts';
import type { WrittenEntity } from '../core/mapping/mapping.ts';
import { playsUnderWay } from '../core/plays/under-way.ts';
import { runName, type PlayRun } from '../core/plays/play-run.ts';
import type { StoredAssessment, StoredRecord } from '../ports/store.ts';
import { withFormerDeals } from './former-deals.ts';
import type { Book } from './judge.ts';
import type { DefinedLine } from './line.ts';

/** A record that shows something of ours, and the account that it belongs to. */
export interface Showing {
  readonly accountId: AccountId;
  readonly record: RecordToShow;
  /** The record as it was last read, where that is at hand. */
  readonly there?: StoredRecord;
}

export interface ShowContext extends Pick<WriteContext, 'hasField'> {
  /** What holds for the whole book, read when it is first asked for. */
  readonly readBook: () => Promise<Book>;
}

/**
 * Every record that shows something of these accounts: themselves, their deals, contacts with a role, tasks of plays that
 * ended; and deals and tasks that still show what is not said of them any more. An account without a score shows nothing
 * of ours, nor does a contact of it; its deals say how they went.
 */
export async function recordsOf(
  line: DefinedLine,
  accounts: readonly AccountId[],
  context: ShowContext,
): Promise<readonly Showing[]> {
  const { store, connectorMapping } = line;
  const { hasField } = context;
  const stored = await store.assessments.get(accounts);
  const shows = (section: WrittenEntity, value?: string): boolean => isShown(line, hasField, section, value);
  const outcomes = shows('task', 'outcome');
  const runs = shows('account', 'openPlay') || outcomes ? await store.plays.byAccounts(accounts) : [];
  const keys = new Map((await store.dealLedger.byAccounts(accounts)).map(({ crmId, key }) => [crmId, key]));
  const runsOf = Map.groupBy(runs, ({ accountId }) => accountId);
  const showing = accounts.flatMap((accountId): readonly Showing[] => {
    const { assessment } = stored.get(accountId) ?? {};
    if (assessment === undefined) {
      return [{ accountId, record: nothingToShow(connectorMapping, 'account', accountId) }];
    }
    const beside = {
      openPlay: playsUnderWay(runsOf.get(accountId) ?? [], line.configuration.plays),
      recordUrl: line.accountUrl(accountId),
      keyOfDeal: (dealId: string) => keys.get(dealId) ?? null,
    };
    return recordsToShow(connectorMapping, assessment, beside).map((record) => ({ accountId, record }));
  });
  const tasks = outcomes ? await endedTasksOf(line, accounts, runs) : [];
  return [
    ...(await withFormerDeals(line, accounts, { showing, stored, ...context })),
    ...(shows('contact') ? await contactsOf(line, accounts, stored) : []),
    ...tasks,
    ...(await tasksWithUnwanted(line, accounts, tasks, hasField)),
  ];
}

/** Whether the CRM has a field of ours that is filled with `value`, or with anything. */
function isShown(
  line: DefinedLine,
  hasField: WriteContext['hasField'],
  section: WrittenEntity,
  value: string | undefined,
): boolean {
  const { object } = line.connectorMapping.entities[section];
  return line.connectorMapping.writeBack[section].some(
    (field) =>
      field.value !== null &&
      hasField(object, field.name) &&
      (value === undefined || (field.value === value && isWanted(line.writeBack.fields, object, field))),
  );
}

/** All contacts: one that has lost its role must lose what we said of it. */
async function contactsOf(
  line: DefinedLine,
  accounts: readonly AccountId[],
  stored: ReadonlyMap<AccountId, StoredAssessment>,
): Promise<readonly Showing[]> {
  const object = line.mapping.contactObject;
  const found = await line.store.records.byAccounts([object], accounts);
  return [...found].flatMap(([accountId, records]) => {
    const assessment = stored.get(accountId)?.assessment ?? null;
    return (records.get(object) ?? []).map((there) => ({
      accountId,
      record: contactToShow(line.connectorMapping, assessment, there.raw.id),
      there,
    }));
  });
}

async function endedTasksOf(
  line: DefinedLine,
  accounts: readonly AccountId[],
  runs: readonly PlayRun[],
): Promise<readonly Showing[]> {
  const today = dayOf(line.clock.now(), line.installation.facts.timeZone);
  const since = addDays(today, -line.configuration.writing.outcomeDays);
  const ended = new Map(
    runs
      .filter(({ closedOn }) => closedOn !== null && closedOn >= since)
      .map((run) => [`${run.accountId} ${runName(run)}`, run]),
  );
  if (ended.size === 0) return [];
  return (await line.store.ledger.byAccounts(accounts)).flatMap((task) => {
    const { accountId, crmId, play, occurrence, state } = task;
    const run = occurrence === undefined ? undefined : ended.get(`${accountId} ${runName({ play, occurrence })}`);
    if (run === undefined || crmId === null || state === 'deleted' || state === 'undone') return [];
    return [{ accountId, record: taskToShow(line.connectorMapping, crmId, { ...task, outcome: run.outcome }) }];
  });
}

/** Tasks that still show what an admin has taken off since. */
async function tasksWithUnwanted(
  line: DefinedLine,
  accounts: readonly AccountId[],
  others: readonly Showing[],
  hasField: WriteContext['hasField'],
): Promise<readonly Showing[]> {
  const { connectorMapping, mapping, store, writeBack } = line;
  const object = mapping.taskObject;
  const unwanted = connectorMapping.writeBack.task.filter(
    (field) => field.value !== null && hasField(object, field.name) && !isWanted(writeBack.fields, object, field),
  );
  if (unwanted.length === 0) return [];
  const known = new Set(others.map(({ record }) => record.id));
  const found = await store.records.showing(
    object,
    accounts,
    unwanted.map(({ name }) => name),
  );
  return found.flatMap((there): readonly Showing[] => {
    const { accountId, raw } = there;
    if (accountId === null || known.has(raw.id)) return [];
    return [{ accountId, record: onlyWantedToShow(connectorMapping, 'task', raw.id), there }];
  });
}
