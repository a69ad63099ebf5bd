import type { Assessment } from '../core/model/assessment.ts';
import { dayOf, parseCalendarDate } from '../core/model/calendar-date.ts';
import type { AccountId } from '../core/model/ids.ts';
import type { Owner } from '../core/model/records.ts';
import type { PlayConfiguration } from '../core/plays/configuration.ts';
import { catalogueOf, signalPlaysOf } from '../core/plays/index.ts';
import {
  NAMED_ROLES,
  parsePlayChoice,
  PLAY_MODES,
  withHeldOut,
  withMode,
  type PlayChoice,
} from '../core/plays/modes.ts';
import type { PlayMode } from '../core/plays/play.ts';
import type { Snooze } from '../core/plays/play-run.ts';
import { HoldfastError } from '../errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { TenantStore } from '../ports/store.ts';

/** The setting that holds the choice; plays are made by it at the next run. */
const PLAYS = 'plays';

/** The stream whose checkpoint says that the CRM shows what it should. */
const WRITE = 'write';

/** A change of one play's mode, or of `all`: `04=act`. */
export interface ModeChange {
  readonly play: string;
  readonly mode: PlayMode;
}

/** Who may be named: for a role's tasks, and for those that would be nobody's. */
const NAMED = [...NAMED_ROLES, 'fallback'] as const;

/** The owner id of whoever does a role's tasks, `finance=1234`; an empty one takes the name back. */
export interface RoleChange {
  readonly role: (typeof NAMED)[number];
  readonly ownerId: string;
}

/** `4` is `04`. */
function toPlayNumber(text: string): string {
  return /^\d$/.test(text) ? `0${text}` : text;
}

/** Reads `04=act`. Errors: `input-invalid`. */
export function parseModeChange(text: string): ModeChange {
  const [play = '', wanted = ''] = text.split('=');
  const mode = PLAY_MODES.find((one) => one === wanted);
  if (play !== '' && mode !== undefined) return { play: toPlayNumber(play), mode };
  throw new HoldfastError({
    code: 'input-invalid',
    message: `'${text}' does not set a play.`,
    remedy: `Write the play's number and one of ${PLAY_MODES.join(', ')}: 04=act.`,
  });
}

/**
 * Reads `finance=ana@example.com`: a user by id, e-mail address or name; nobody after `=` takes the name back. `owners` are
 * the CRM's users by id.
 *
 * Errors: `input-invalid` on an unknown role, and on a user who is unknown or not active.
 */
export function parseRoleChange(text: string, owners: ReadonlyMap<string, Owner>): RoleChange {
  const [named = '', wanted = ''] = text.split('=').map((part) => part.trim());
  const role = NAMED.find((one) => one === named);
  if (role !== undefined && text.includes('=')) {
    return { role, ownerId: wanted === '' ? '' : findOwner(wanted, owners).id };
  }
  throw invalid(
    `'${text}' does not name somebody for a role.`,
    `Write one of ${NAMED.join(', ')}, and a user of the CRM: finance=ana@example.com.`,
  );
}

function findOwner(wanted: string, owners: ReadonlyMap<string, Owner>): Owner {
  const isSame = (text: string | null): boolean => text !== null && text.toLowerCase() === wanted.toLowerCase();
  const named = [...owners.values()].filter(({ name, email }) => isSame(email) || isSame(name));
  const [active, ...others] = named.filter(({ isActive }) => isActive);
  const found = owners.get(wanted) ?? active ?? named[0];
  if (found === undefined) {
    throw invalid(
      `'${wanted}' is not a user of the CRM.`,
      owners.size === 0
        ? "No user was read yet: run 'holdfast sync' first."
        : 'Give the id, the e-mail address or the whole name of one. New users are known after the next sync.',
    );
  }
  if (!found.isActive) {
    throw invalid(`${found.name ?? wanted} is no longer active in the CRM.`, 'Name somebody who can be given tasks.');
  }
  if (others.length > 0 && !owners.has(wanted)) {
    throw invalid(
      `${others.length + 1} users of the CRM are called '${wanted}'.`,
      `Give the id of one: ${[found, ...others].map(({ id, email }) => `${id} (${email ?? 'no e-mail address'})`).join(', ')}.`,
    );
  }
  return found;
}

/**
 * Stores the changes, all or none, and answers the choice as it is now.
 *
 * Errors: `input-invalid` on a play that does not exist.
 */
export async function changePlays(
  store: TenantStore,
  clock: Clock,
  configuration: PlayConfiguration,
  changes: {
    readonly modes: readonly ModeChange[];
    readonly roles: readonly RoleChange[];
    /** Plays whose effect is measured from now on; absent to leave it as it is. */
    readonly heldOut?: readonly string[] | undefined;
    readonly actor: string;
  },
): Promise<PlayChoice> {
  let choice = parsePlayChoice(await store.settings.get(PLAYS));
  for (const { play, mode } of changes.modes) choice = withMode(choice, play, mode, configuration);
  for (const { role, ownerId } of changes.roles) choice = withRoleOwner(choice, role, ownerId);
  if (changes.heldOut !== undefined) {
    choice = withHeldOut(choice, changes.heldOut.map(toPlayNumber), configuration);
  }
  await store.settings.put(PLAYS, choice);
  // Without it the next run plans the whole book, as after a write that was cut short.
  await store.checkpoints.drop(WRITE);
  await store.audit.add({
    at: clock.now(),
    actor: changes.actor,
    action: 'plays-changed',
    details: { modes: changes.modes, roles: changes.roles, heldOut: choice.heldOut ?? [] },
  });
  return choice;
}

function withRoleOwner(choice: PlayChoice, role: RoleChange['role'], ownerId: string): PlayChoice {
  if (role === 'fallback') return { ...choice, fallbackOwnerId: ownerId === '' ? undefined : ownerId };
  const { [role]: _, ...others } = choice.roleOwners;
  return { ...choice, roleOwners: ownerId === '' ? others : { ...others, [role]: ownerId } };
}

export interface SnoozeRequest {
  /** As last assessed: a cap that comes later ends the snooze. */
  readonly assessment: Assessment;
  readonly play: string;
  /** `2026-05-01`: the first day on which it may speak again. */
  readonly until: string;
  readonly because: string;
  readonly actor: string;
  /** See `snoozeFieldsOf`. */
  readonly snoozeFields: readonly string[];
}

/**
 * Silences a play on an account until a day, and other plays about the same matter with it. Its untouched tasks are
 * closed at the next run.
 *
 * Errors: `input-invalid` on an unknown play, a day that is not ahead, or without a reason.
 */
export async function snoozePlay(
  store: TenantStore,
  clock: Clock,
  configuration: PlayConfiguration,
  request: SnoozeRequest,
): Promise<Snooze> {
  const { assessment, until } = request;
  const named = toPlayNumber(request.play);
  const play = signalPlaysOf(configuration).find(({ id }) => id === named);
  if (play === undefined) throw unknownPlay(named, configuration, request.snoozeFields);
  const because = request.because.trim();
  if (because === '') throw invalid('A snooze needs a reason.', 'Say why with --reason: others will read it.');
  const untilOn = parseCalendarDate(until);
  const { facts } = await store.getInstallation();
  if (untilOn === null || untilOn <= dayOf(clock.now(), facts.timeZone)) {
    throw invalid(
      `'${until}' is not a day ahead.`,
      'Give the first day on which the play may speak again: 2026-05-01.',
    );
  }
  const runs = await store.plays.byAccounts([assessment.accountId]);
  const open = runs.find((run) => run.play === play.id && run.state === 'open');
  const snooze: Snooze = {
    accountId: assessment.accountId,
    play: play.id,
    kind: play.kind,
    reason: open?.reason ?? null,
    untilOn,
    because,
    by: request.actor,
    at: clock.now(),
    caps: assessment.health.caps.map(({ id }) => id),
  };
  await store.plays.snooze(snooze);
  const details = { account: snooze.accountId, play: snooze.play, untilOn, because };
  await store.audit.add({ at: snooze.at, actor: request.actor, action: 'play-snoozed', details });
  await store.records.touch([snooze.accountId], snooze.at);
  return snooze;
}

/** Ends a snooze before its day. Answers false when there was none. */
export async function wakePlay(
  store: TenantStore,
  clock: Clock,
  request: { readonly account: AccountId; readonly play: string; readonly actor: string },
): Promise<boolean> {
  const { account, actor } = request;
  const play = toPlayNumber(request.play);
  const was = await store.plays.wake(account, play);
  if (!was) return false;
  const at = clock.now();
  await store.audit.add({ at, actor, action: 'play-woken', details: { account, play } });
  await store.records.touch([account], at);
  return true;
}

function unknownPlay(play: string, configuration: PlayConfiguration, snoozeFields: readonly string[]): HoldfastError {
  const isCadence = catalogueOf(configuration).some(({ id }) => id === play);
  const known = signalPlaysOf(configuration).map(({ id }) => id);
  return invalid(
    isCadence
      ? `Play ${play} follows dates: one renewal of it is put off on its tasks.`
      : `There is no play '${play}'.`,
    isCadence
      ? `Fill in 'Snooze until' and 'Snooze because' on one of the renewal's tasks in the CRM. Where tasks lack these fields, bring them first: holdfast fields${snoozeFields.map((field) => ` --add ${field}`).join('')}`
      : `Known are ${known.join(', ')}.`,
  );
}

function invalid(message: string, remedy: string): HoldfastError {
  return new HoldfastError({ code: 'input-invalid', message, remedy });
}
