/** What an admin wants otherwise than it is by default: a part of the configuration, as deep as need be. Lists are whole. */
export type ConfigurationChanges = Readonly<Record<string, unknown>>;

/** The whole with the changes laid over it; neither is touched. A list, a text or a number takes the place of what was there. */
export function withChanges(whole: unknown, changes: unknown): unknown {
  if (!isGroup(whole) || !isGroup(changes)) return changes;
  const merged: Record<string, unknown> = { ...whole };
  for (const [key, change] of Object.entries(changes)) {
    const before = Object.hasOwn(whole, key) ? whole[key] : undefined;
    define(merged, key, before === undefined ? change : withChanges(before, change));
  }
  return merged;
}

/** The fewest changes that make one whole of another: `withChanges(from, changesBetween(from, to))` says what `to` does. */
export function changesBetween(from: unknown, to: unknown): ConfigurationChanges {
  const changes: Record<string, unknown> = {};
  if (!isGroup(from) || !isGroup(to)) return changes;
  for (const [key, after] of Object.entries(to)) {
    const before = Object.hasOwn(from, key) ? from[key] : undefined;
    if (isSame(before, after)) continue;
    define(changes, key, isGroup(before) && isGroup(after) ? changesBetween(before, after) : after);
  }
  return changes;
}

/** Each change by its path, `health.bands.green`, with what stood there before; null for what is new. In order of paths. */
export function listChanges(
  from: unknown,
  changes: unknown,
  base = '',
): readonly { readonly path: string; readonly before: unknown; readonly after: unknown }[] {
  if (!isGroup(changes)) return [];
  return Object.entries(changes)
    .flatMap(([key, after]) => {
      const path = base === '' ? key : `${base}.${key}`;
      const before = isGroup(from) && Object.hasOwn(from, key) ? from[key] : null;
      return isGroup(before) && isGroup(after) ? listChanges(before, after, path) : [{ path, before, after }];
    })
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

export function isGroup(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** By what they say; the order of keys means nothing. */
function isSame(one: unknown, other: unknown): boolean {
  if (isGroup(one) && isGroup(other)) {
    const keys = Object.keys(one);
    return (
      keys.length === Object.keys(other).length &&
      keys.every((key) => Object.hasOwn(other, key) && isSame(one[key], other[key]))
    );
  }
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((member, index) => isSame(member, other[index]));
  }
  return one === other;
}

/** A key named `__proto__` is a key like any other, to be refused as unknown. */
function define(target: Record<string, unknown>, key: string, value: unknown): void {
  Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true });
}
