import { dayOf, type CalendarDate } from '../core/model/calendar-date.ts';
import type { AccountId } from '../core/model/ids.ts';
import type { Owner } from '../core/model/records.ts';
import type { ModelConfiguration } from '../core/configuration.ts';
import { shareWithin } from '../core/churn/uncertainty.ts';
import { effectOf, type OutcomeCounts, type PlayEffect } from '../core/plays/effect.ts';
import { catalogueOf } from '../core/plays/index.ts';
import type { Arm } from '../core/plays/hold-out.ts';
import { modeIn, parsePlayChoice, waitsForValidation, type PlayChoice } from '../core/plays/modes.ts';
import type { PlayMode } from '../core/plays/play.ts';
import type { PlayRun, Snooze } from '../core/plays/play-run.ts';
import { pauseOf } from '../core/plays/pause.ts';
import { findLeadingTerm } from '../core/renewals/term-id.ts';
import type { Instant } from '../core/model/calendar-date.ts';
import type { RenewalConfiguration } from '../core/renewals/configuration.ts';
import { isValidated, readValidation } from '../flow/validation.ts';
import type { TenantStore } from '../ports/store.ts';

/** The plays of one installation: what each may do, and what it did. */
export interface PlayList {
  readonly installation: string;
  readonly plays: readonly PlayLine[];
  /** Whom the admin named for roles, and for tasks that would be nobody's (`fallback`). */
  readonly named: readonly NamedOwner[];
  /** Plays whose effect is measured. */
  readonly heldOut: readonly string[];
  /** Nothing is told of fewer firings that ended, with tasks or without. */
  readonly leastEnded: number;
  /** How often the true value lies within an interval of an effect; 0 to 1. */
  readonly confidence: number;
  /** The newest first. */
  readonly firings: readonly Firing[];
  /** Those in force. */
  readonly snoozes: readonly Snooze[];
}

export interface PlayLine {
  readonly play: string;
  readonly title: string;
  readonly mode: PlayMode;
  /** True while the mode is the configuration's, because the admin chose none. */
  readonly isDefault: boolean;
  /** It is to act, and suggests until its score is validated. */
  readonly waitsForValidation: boolean;
  /** Firings that are open, and those that there ever were. Of plays that follow dates: open tasks, and null. */
  readonly open: number;
  readonly fired: number | null;
  readonly lastOpenedOn: CalendarDate | null;
  /** Firings that ended, by how they did; none of plays that follow dates. */
  readonly outcomes: OutcomeCounts;
  /** What its tasks change; null of a play whose effect was never measured. */
  readonly effect: PlayEffect | null;
}

export interface NamedOwner {
  readonly role: string;
  readonly ownerId: string;
  /** Null for a user whom the CRM does not show, or without a name. */
  readonly name: string | null;
  /** Who is not is passed over. */
  readonly isActive: boolean;
}

export interface Firing {
  readonly play: string;
  readonly account: AccountId;
  readonly name: string | null;
  readonly state: PlayRun['state'];
  readonly openedOn: CalendarDate | null;
  readonly isActing: boolean;
  /** `holdout`: it is only watched, to measure what its tasks would have changed. Null where nothing is measured. */
  readonly arm: Arm | null;
  readonly because: string;
  readonly outcome: PlayRun['outcome'];
  readonly closedBecause: string | null;
}

/** `owners` are the CRM's users by id; `firings` is how many of the newest firings are listed. */
export async function readPlays(
  store: TenantStore,
  { plays: configuration, renewals, validation }: Pick<ModelConfiguration, 'plays' | 'renewals' | 'validation'>,
  owners: ReadonlyMap<string, Owner>,
  now: Instant,
  firings: number,
): Promise<PlayList> {
  const { id, facts } = await store.getInstallation();
  const choice = parsePlayChoice(await store.settings.get('plays'));
  const isProven = isValidated(await readValidation(store.settings));
  const modeOf = modeIn(choice, configuration, isProven);
  const summary = await store.plays.summary();
  const recent = await store.plays.recent(firings);
  const lines: PlayLine[] = [];
  for (const { id: play, title, hasFirings } of catalogueOf(configuration)) {
    const counts = summary.get(play);
    const arms = counts?.arms ?? {};
    const isMeasured = choice.heldOut?.includes(play) === true || Object.keys(arms).length > 0;
    lines.push({
      play,
      title,
      mode: modeOf(play),
      isDefault: choice.modes[play] === undefined,
      waitsForValidation: !isProven && waitsForValidation(choice, configuration, play),
      open: hasFirings ? (counts?.open ?? 0) : (await store.ledger.openOf(play)).length,
      fired: hasFirings ? (counts?.fired ?? 0) : null,
      lastOpenedOn: counts?.lastOpenedOn ?? null,
      outcomes: counts?.outcomes ?? {},
      effect: isMeasured ? effectOf(arms, configuration.leastEnded, validation.intervalWidth) : null,
    });
  }
  return {
    installation: id,
    plays: lines,
    named: namedIn(choice, owners),
    heldOut: choice.heldOut ?? [],
    leastEnded: configuration.leastEnded,
    confidence: shareWithin(validation.intervalWidth),
    firings: recent.map(toFiring),
    snoozes: await snoozesInForce(store, dayOf(now, facts.timeZone), facts.timeZone, renewals),
  };
}

/** Those that silence something today. That of a renewal ends before its decision, whatever was asked for, and with a new cap. */
async function snoozesInForce(
  { plays, assessments }: TenantStore,
  today: CalendarDate,
  timeZone: string,
  renewals: RenewalConfiguration,
): Promise<readonly Snooze[]> {
  const stored = await plays.snoozes(today);
  const waiting = stored.flatMap(({ accountId, termId }) => (termId === undefined ? [] : [accountId]));
  const assessed = await assessments.get([...new Set(waiting)]);
  return stored.flatMap((snooze) => {
    const { accountId, termId } = snooze;
    if (termId === undefined) return [snooze];
    const assessment = assessed.get(accountId)?.assessment;
    const term = findLeadingTerm(termId, assessment?.renewal.terms ?? [], renewals.movedDays);
    if (assessment === undefined || term?.outcome !== 'open') return [];
    const pause = pauseOf(term, [snooze], assessment, { today, timeZone }, renewals);
    return pause === null || pause.isOver ? [] : [{ ...snooze, untilOn: pause.untilOn }];
  });
}

function namedIn(
  { roleOwners, fallbackOwnerId }: PlayChoice,
  owners: ReadonlyMap<string, Owner>,
): readonly NamedOwner[] {
  const fallback = fallbackOwnerId === undefined ? {} : { fallback: fallbackOwnerId };
  return Object.entries({ ...roleOwners, ...fallback }).map(([role, ownerId]) => {
    const owner = owners.get(ownerId);
    return { role, ownerId, name: owner?.name ?? null, isActive: owner?.isActive === true };
  });
}

export function toFiring(run: PlayRun): Firing {
  const {
    play,
    accountId,
    accountName: name,
    state,
    openedOn,
    actedOn,
    because,
    outcome,
    closedBecause,
    arm = null,
  } = run;
  return {
    play,
    account: accountId,
    name,
    state,
    openedOn,
    isActing: actedOn !== null && arm !== 'holdout',
    arm,
    because,
    outcome,
    closedBecause,
  };
}
