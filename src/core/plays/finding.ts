import type { Driver, Term } from '../model/assessment.ts';
import { daysBetween } from '../model/calendar-date.ts';
import { toHomeMajor } from '../model/rates.ts';
import type { Finding, Matter, PlayFacts, PlayRole, Thing } from './play.ts';

export const between: Finding = { state: 'between' };

export function fires(
  because: string,
  reason: Matter | null,
  more: { readonly about?: string; readonly role?: PlayRole; readonly heldDays?: number } = {},
): Finding {
  const { about, ...rest } = more;
  const things = about === undefined ? {} : { things: [{ about, because }] };
  return { state: 'fires', because, reason, ...things, ...rest };
}

/** A finding about several things, of which there is at least one. */
export function firesFor(things: readonly Thing[], reason: Matter | null): Finding {
  return { state: 'fires', because: sayAll(things), reason, things };
}

/** What is said of things, the newest first, and of how many more there are. */
export function sayAll(things: readonly Thing[]): string {
  const said = things.slice(0, MOST_SAID).map(({ because }) => because);
  const more = things.length - said.length;
  return [...said, ...(more > 0 ? [`And ${more} more.`] : [])].join(' ');
}

/** So many can be read at one go, and leave room in the text of a task for what to do. */
const MOST_SAID = 10;

export function over(because: string): Finding {
  return { state: 'over', because };
}

export function inert(because: string): Finding {
  return { state: 'inert', because };
}

/** What a measure reads today; null when it cannot be read or is too old to act upon. */
export function measured(facts: PlayFacts, measure: string): (Driver & { readonly value: number }) | null {
  const driver = facts.assessment?.health.drivers.find((found) => found.measure === measure);
  return driver?.state === 'ok' && driver.value !== null ? { ...driver, value: driver.value } : null;
}

/** The next decision of a contract that is not from month to month, with the days until then; negative once it is past. */
export function nextDecision({ renewal, snapshot }: PlayFacts): { readonly term: Term; readonly days: number } | null {
  const term = renewal.next;
  return term === null || term.type === 'monthly' ? null : { term, days: daysBetween(snapshot.today, term.decisionOn) };
}

/** Annual recurring revenue in major units of the home currency, else what is at stake in the next renewal. */
export function annualValue({ snapshot, renewal, configuration }: PlayFacts): number | null {
  const value = snapshot.account.arr ?? renewal.next?.targetArr ?? null;
  return value === null ? null : toHomeMajor(value, snapshot.currency, configuration.rates);
}
