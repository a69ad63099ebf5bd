import type { AccountId } from '../model/ids.ts';

/** The accounts below each other, as their records say; only accounts that are in the book. */
export interface Hierarchy {
  /** Every account with others below it, and all of those at any depth, in the order of ids. */
  readonly below: ReadonlyMap<AccountId, readonly AccountId[]>;
  /** Accounts that are their own ancestors, one list a circle, in the order of ids; they count as having no parent. */
  readonly circles: readonly (readonly AccountId[])[];
}

interface Node {
  readonly accountId: AccountId;
  readonly parentId: AccountId | null;
}

export function hierarchyOf(nodes: readonly Node[]): Hierarchy {
  const parents = new Map<AccountId, AccountId | null>();
  for (const { accountId, parentId } of nodes) parents.set(accountId, parentId);
  const circles = circlesOf(parents);
  for (const circle of circles) for (const id of circle) parents.set(id, null);
  const below = new Map<AccountId, AccountId[]>();
  for (const { accountId } of nodes) {
    // Without circles the way up ends.
    for (let up = parents.get(accountId) ?? null; up !== null && parents.has(up); up = parents.get(up) ?? null) {
      const members = below.get(up) ?? [];
      below.set(up, members);
      members.push(accountId);
    }
  }
  for (const members of below.values()) members.sort();
  return { below, circles };
}

function circlesOf(parents: ReadonlyMap<AccountId, AccountId | null>): readonly (readonly AccountId[])[] {
  const circles: AccountId[][] = [];
  const done = new Set<AccountId>();
  for (const start of parents.keys()) {
    const way: AccountId[] = [];
    const onWay = new Set<AccountId>();
    let at: AccountId | null = start;
    while (at !== null && !done.has(at) && !onWay.has(at)) {
      way.push(at);
      onWay.add(at);
      at = parents.get(at) ?? null;
    }
    if (at !== null && onWay.has(at)) circles.push(way.slice(way.indexOf(at)).sort());
    for (const id of way) done.add(id);
  }
  return circles.sort((a, b) => ((a[0] ?? '') < (b[0] ?? '') ? -1 : 1));
}
