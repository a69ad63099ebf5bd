/** Where ids begin: HubSpot portals hold old short ids beside new long ones, so text order is not number order. */
const BEGINNINGS = [7_000, 10_000_000_000, 90_000_000_000, 719_869_000_000];

/**
 * HubSpot's id of the record with this key (1 to 2,000,000,000): 4 to 12 digits. No two keys of one object share an id;
 * a company and a deal may, as in HubSpot.
 */
export function recordId(key: number): string {
  // The thousands count too, since the keys of tasks, say, hardly ever end in anything but 1 or 2.
  const beginning = BEGINNINGS[(key + Math.floor(key / 1_000)) % BEGINNINGS.length] ?? 0;
  return String(beginning + key * 3);
}

/** HubSpot's id of an owner; never its user id. */
export function ownerId(key: number): string {
  return String(key % 2 === 0 ? 311_000_000 + key * 13 : 61_000 + key * 3);
}

export function ownerUserId(key: number): number {
  return 9_400_000 + key;
}
