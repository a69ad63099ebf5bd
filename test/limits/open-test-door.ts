import type { CallRequest, Limit } from '../../connectors/contract/connector.ts';
import { Secret } from '../../connectors/contract/auth.ts';
import { openDoor, type Door, type DoorParts } from '../../src/limits/door.ts';
import type { Log } from '../../src/ports/log.ts';

export const GENERAL: Limit = { bucket: 'general', calls: 110, perMs: 10_000, concurrent: 10 };
export const SEARCH: Limit = { bucket: 'search', calls: 5, perMs: 1_000, concurrent: 3 };
export const READ: CallRequest = { bucket: 'general', purpose: 'list companies', repeatable: true };
export const CREATE: CallRequest = { bucket: 'general', purpose: 'create tasks', repeatable: false };

export const silent: Log = { info: () => {}, warn: () => {}, error: () => {}, with: () => silent };

/** A door with a token that is always good, HubSpot's limits and nothing stored. */
export function openTestDoor(parts: Partial<DoorParts> = {}): Promise<Door> {
  return openDoor({
    baseUrl: 'https://crm.example',
    limits: [GENERAL, SEARCH],
    tokens: { get: async () => new Secret('good'), renew: async () => new Secret('better') },
    calls: null,
    timeZone: 'Europe/Berlin',
    clock: { now: () => new Date().toISOString() },
    log: silent,
    signal: new AbortController().signal,
    chance: () => 0,
    ...parts,
  });
}
