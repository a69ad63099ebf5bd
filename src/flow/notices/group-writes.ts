import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Lets many small writes share one: what comes within `gatherMs`, or while the write before is under way, goes into the
 * next. Each caller waits for the write that holds its part, and is told when it fails.
 */
export function groupWrites<Item, Outcome>(
  write: (items: readonly Item[]) => Promise<Outcome>,
  gatherMs: number,
): (items: readonly Item[]) => Promise<Outcome> {
  let gathering: { readonly items: Item[]; readonly outcome: Promise<Outcome> } | null = null;
  let before: Promise<unknown> = Promise.resolve();
  const writeNext = async (items: readonly Item[]): Promise<Outcome> => {
    // How the write before ended is told to those who wait for it.
    await Promise.allSettled([before, sleep(gatherMs)]);
    gathering = null;
    return write(items);
  };
  return (items) => {
    if (gathering === null) {
      const gathered: Item[] = [];
      gathering = { items: gathered, outcome: writeNext(gathered) };
      before = gathering.outcome;
    }
    gathering.items.push(...items);
    return gathering.outcome;
  };
}
