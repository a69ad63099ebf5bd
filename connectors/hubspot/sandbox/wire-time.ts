/** HubSpot leaves the milliseconds out when they are zero: `2026-03-01T09:30:00Z`. */
export function toWireInstant(atMs: number): string {
  return new Date(atMs).toISOString().replace('.000Z', 'Z');
}
