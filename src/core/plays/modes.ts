import { z } from 'zod';
import { HoldfastError } from '../../errors.ts';
import type { PlayConfiguration } from './configuration.ts';
import { MEASURABLE } from './hold-out.ts';
import { catalogueOf, signalPlaysOf } from './index.ts';
import type { PlayMode, PlayRole } from './play.ts';

/** What an admin chose about plays, beside the configuration of the model. */
export interface PlayChoice {
  /** By the play's number; a play that is absent is as the configuration says. */
  readonly modes: Readonly<Record<string, PlayMode>>;
  /** Plays that were set to act by their number: they do, whether their score is validated or not. Absent for none. */
  readonly named?: readonly string[] | undefined;
  /** Owner ids by role, for roles that no record names. */
  readonly roleOwners: Readonly<Partial<Record<PlayRole, string>>>;
  /** Owner id of whoever gets tasks for which nobody on the records is active. Absent: such tasks have no owner. */
  readonly fallbackOwnerId?: string | undefined;
  /** Plays whose effect is measured by leaving a share of their firings without tasks. Absent for none. */
  readonly heldOut?: readonly string[] | undefined;
}

export const PLAY_MODES = ['off', 'suggest', 'act'] as const satisfies readonly PlayMode[];
/** The roles that an admin may name somebody for. */
export const NAMED_ROLES = [
  'manager',
  'finance',
  'support',
  'onboarding',
  'sales-ops',
  'marketing',
] as const satisfies readonly PlayRole[];

const schema = z.strictObject({
  modes: z.record(z.string(), z.enum(PLAY_MODES)).default({}),
  named: z.array(z.string()).optional(),
  roleOwners: z.partialRecord(z.enum(NAMED_ROLES), z.string()).default({}),
  fallbackOwnerId: z.string().optional(),
  heldOut: z.array(z.string()).optional(),
});

/**
 * The choice as it is stored; nothing stored is no choice.
 *
 * Errors: `config-invalid`.
 */
export function parsePlayChoice(stored: unknown): PlayChoice {
  const parsed = schema.safeParse(stored ?? {});
  if (parsed.success) return parsed.data;
  throw new HoldfastError({
    code: 'config-invalid',
    message: `The choice of plays cannot be read: ${z.prettifyError(parsed.error)}`,
    remedy: "Set the plays again with 'holdfast plays --set'.",
  });
}

/**
 * The mode in force: what the admin chose, else the configuration's, else `suggest`. A play that judges by the score acts
 * only while that is validated, unless the admin named it.
 */
export function modeIn(
  choice: PlayChoice,
  configuration: Pick<PlayConfiguration, 'modes' | 'unproven'>,
  isValidated: boolean,
): (play: string) => PlayMode {
  return (play) =>
    !isValidated && waitsForValidation(choice, configuration, play)
      ? 'suggest'
      : chosenMode(choice, configuration, play);
}

/** Whether a play that is to act would only suggest while its score is not validated. */
export function waitsForValidation(
  choice: PlayChoice,
  configuration: Pick<PlayConfiguration, 'modes' | 'unproven'>,
  play: string,
): boolean {
  const isUnproven = configuration.unproven.includes(play) && choice.named?.includes(play) !== true;
  return isUnproven && chosenMode(choice, configuration, play) === 'act';
}

function chosenMode(choice: PlayChoice, { modes }: Pick<PlayConfiguration, 'modes'>, play: string): PlayMode {
  return choice.modes[play] ?? modes[play] ?? 'suggest';
}

/**
 * The choice with a mode for one play, or for `all`. Plays that judge by the score act by `all` once that is validated; one
 * that is named acts in any case.
 *
 * Errors: `input-invalid` on a play that does not exist.
 */
export function withMode(
  choice: PlayChoice,
  play: string,
  mode: PlayMode,
  configuration: PlayConfiguration,
): PlayChoice {
  const known = catalogueOf(configuration).map(({ id }) => id);
  if (play !== 'all' && !known.includes(play)) {
    throw new HoldfastError({
      code: 'input-invalid',
      message: `There is no play '${play}'.`,
      remedy: `Known are ${known.join(', ')}, and 'all'.`,
    });
  }
  const meant = play === 'all' ? known : [play];
  const before = choice.named ?? [];
  const named =
    mode === 'act' ? (play === 'all' ? before : [...before, play]) : before.filter((id) => !meant.includes(id));
  return {
    ...choice,
    modes: { ...choice.modes, ...Object.fromEntries(meant.map((id) => [id, mode])) },
    named: [...new Set(named)].sort(),
  };
}

/**
 * The choice with these plays measured, and no others.
 *
 * Errors: `input-invalid` on a play that does not exist, or whose tasks are owed to the customer whatever they achieve.
 */
export function withHeldOut(
  choice: PlayChoice,
  plays: readonly string[],
  configuration: PlayConfiguration,
): PlayChoice {
  const measurable = signalPlaysOf(configuration)
    .filter(({ kind }) => MEASURABLE.has(kind))
    .map(({ id }) => id);
  const wrong = plays.find((play) => !measurable.includes(play));
  if (wrong !== undefined) {
    throw new HoldfastError({
      code: 'input-invalid',
      message: `Play ${wrong} cannot leave accounts without tasks.`,
      remedy: `Plays that can are ${measurable.join(', ')}.`,
    });
  }
  return { ...choice, heldOut: [...new Set(plays)].sort() };
}
