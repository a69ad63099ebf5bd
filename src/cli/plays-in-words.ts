import type { ArmResult, PlayEffect } from '../core/plays/effect.ts';
import type { Firing, NamedOwner, PlayLine, PlayList } from '../queries/plays.ts';
import { clip, table } from './terminal.ts';

/** The plays, how their firings ended, what their tasks change, what they did last, and what is silenced. */
export function playsInWords(list: PlayList): string {
  const { plays, named, heldOut, firings, snoozes } = list;
  const lines = [
    table(
      ['play', 'title', 'mode', 'open', 'fired', 'last'],
      plays.map(({ play, title, mode, isDefault, waitsForValidation, open, fired, lastOpenedOn }) => [
        play,
        title,
        waitsForValidation ? `${mode} (acts once validated)` : isDefault ? `${mode} (default)` : mode,
        open,
        fired === null ? '–' : fired,
        lastOpenedOn ?? '–',
      ]),
    ),
  ];
  if (named.length > 0) lines.push('', `Tasks go to: ${named.map(ownerInWords).join(', ')}`);
  if (heldOut.length > 0) lines.push('', `A share of the firings gets no tasks, to measure: ${heldOut.join(', ')}`);
  lines.push(...endsInWords(plays), ...effectsInWords(list));
  if (firings.length > 0) {
    lines.push('', table(['fired', 'play', 'account', 'state', 'why'], firings.map(firingRow)));
  }
  if (snoozes.length > 0) {
    lines.push(
      '',
      table(
        ['snoozed', 'play', 'until', 'why'],
        snoozes.map(({ accountId, play, untilOn, because }) => [accountId, play, untilOn, clip(because, 60)]),
      ),
    );
  }
  return lines.join('\n');
}

/** A line for each play of which a firing has ended, the commonest end first. */
function endsInWords(plays: readonly PlayLine[]): readonly string[] {
  const rows = plays.flatMap(({ play, outcomes }) => {
    const ends = Object.entries(outcomes).sort(([, one], [, other]) => other - one);
    const all = ends.reduce((sum, [, number]) => sum + number, 0);
    return all === 0 ? [] : [[play, all, ends.map(([outcome, number]) => `${number} ${outcome}`).join(', ')]];
  });
  return rows.length === 0 ? [] : ['', table(['play', 'ended', 'how'], rows)];
}

function effectsInWords({ plays, leastEnded, confidence }: PlayList): readonly string[] {
  const rows = plays.flatMap(({ play, effect }) =>
    effect === null ? [] : [[play, armInWords(effect.treat), armInWords(effect.holdout), upliftInWords(effect)]],
  );
  if (rows.length === 0) return [];
  return [
    '',
    table(['measured', 'with tasks', 'without', 'difference'], rows),
    `How often the reason went away, of the firings that ended, with intervals of ${percent(confidence)}. Nothing is said of fewer than ${leastEnded} on either side.`,
    'What ended because its tasks were completed counts as not gone away: the difference is told too small rather than too large.',
  ];
}

/** `62% of 45 (53% to 70%)`, or `12 ended` while there are too few. */
function armInWords({ firings, rate }: ArmResult): string {
  if (rate === null) return `${firings} ended`;
  return `${percent(rate.share)} of ${firings} (${percent(rate.low)} to ${percent(rate.high)})`;
}

function upliftInWords({ uplift }: PlayEffect): string {
  if (uplift === null) return 'too few';
  const [share, low, high] = [uplift.share, uplift.low, uplift.high].map(points);
  return `${share} points (${low} to ${high})`;
}

const percent = (share: number): string => `${Math.round(share * 100)}%`;
/** `+12`, `−3`, `0`. */
const points = (share: number): string => {
  const rounded = Math.round(share * 100);
  return rounded === 0 ? '0' : `${rounded > 0 ? '+' : '−'}${Math.abs(rounded)}`;
};

function ownerInWords({ role, ownerId, name, isActive }: NamedOwner): string {
  return `${role}: ${name ?? ownerId}${isActive ? '' : ' (passed over: not an active user)'}`;
}

function firingRow(firing: Firing): readonly string[] {
  return [
    firing.openedOn ?? '–',
    firing.play,
    clip(firing.name ?? firing.account, 30),
    stateInWords(firing),
    clip(firing.closedBecause ?? firing.because, 90),
  ];
}

/** `suggested`, `acting`, `held out`, or how it ended. */
export function stateInWords({
  state,
  isActing,
  outcome,
  arm,
}: Pick<Firing, 'state' | 'isActing' | 'outcome' | 'arm'>): string {
  if (arm === 'holdout') return state === 'closed' ? `held out, ${outcome ?? 'closed'}` : 'held out';
  if (state === 'closed') return outcome ?? 'closed';
  return isActing ? 'acting' : 'suggested';
}
