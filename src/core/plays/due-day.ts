import { IANAZone } from 'luxon';
import { instantOn, type CalendarDate, type Instant } from '../model/calendar-date.ts';
import type { DueDay } from './play.ts';

/** The few days and zones of a run come up for every account, and a zone's offset is slow to work out. */
const remembered = new Map<string, Instant>();
const REMEMBERED_AT_MOST = 20_000;

/** `hour`:00 of a day where the owner works; in the customer's zone when the owner's is not known to the calendar. */
export function dueDay(on: CalendarDate, hour: number, ownerZone: string | null, customerZone: string): DueDay {
  const key = `${on} ${hour} ${ownerZone} ${customerZone}`;
  const known = remembered.get(key);
  if (known !== undefined) return { on, at: known };
  const zone = ownerZone !== null && IANAZone.isValidZone(ownerZone) ? ownerZone : customerZone;
  const at = instantOn(on, hour, zone);
  if (remembered.size >= REMEMBERED_AT_MOST) remembered.clear();
  remembered.set(key, at);
  return { on, at };
}
