import type { Firing, NamedOwner, PlayList } from '../queries/plays.ts';
import { clip, table } from './terminal.ts';

/** The plays, what they did last, and what is silenced. */
export function playsInWords({ plays, named, heldOut, firings, snoozes }: PlayList): string {
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
