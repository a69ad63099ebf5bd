import type { PlayConfiguration } from './configuration.ts';
import { catalogueOf } from './index.ts';
import type { PlayRun } from './play-run.ts';

/** The plays that are open on an account, in a few words: `04 Red rescue; 10 Payment overdue (suggested)`. Null for none. */
export function playsUnderWay(runs: readonly PlayRun[], configuration: PlayConfiguration): string | null {
  const open = runs
    .filter(({ state, arm }) => state === 'open' && arm !== 'holdout')
    .sort((a, b) => (a.play < b.play ? -1 : 1));
  if (open.length === 0) return null;
  const titles = new Map(catalogueOf(configuration).map(({ id, title }) => [id, title]));
  return open
    .map(({ play, actedOn }) => `${play} ${titles.get(play) ?? ''}${actedOn === null ? ' (suggested)' : ''}`)
    .join('; ');
}
