/** A datetime as the REST API spells it, to the second: `2026-03-01T12:00:00.000+0000`. */
export function toWireTime(ms: number): string {
  return `${new Date(Math.floor(ms / 1_000) * 1_000).toISOString().slice(0, -1)}+0000`;
}

/** Reads ISO 8601 with an offset or `Z`, to the second; null when it is something else. */
export function parseWireTime(text: string): string | null {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})$/.test(text)) return null;
  const ms = Date.parse(text.replace(/([+-]\d{2})(\d{2})$/, '$1:$2'));
  return Number.isNaN(ms) ? null : toWireTime(ms);
}

/** Epoch milliseconds of a datetime in the org's spelling. */
export function toMs(wireTime: string): number {
  return Date.parse(wireTime.replace('+0000', 'Z'));
}

/** Whether the text is a day that exists: `2026-02-30` is none. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const ms = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text);
}
