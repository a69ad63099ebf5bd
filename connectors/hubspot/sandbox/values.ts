import type { PropertyDefinition } from './property-definition.ts';
import type { ValueProblem } from './refusal.ts';
import { toWireInstant } from './wire-time.ts';

const longestText = 65_536;
const dayMs = 86_400_000;

/** What HubSpot stores for a value, or what it finds wrong with it. */
export type CheckedValue = { readonly value: string } | { readonly problem: ValueProblem };

/**
 * Checks one value as HubSpot checks it on a write and gives it the form in which HubSpot stores it.
 * `''` empties a property of any type. `isOwner` tells whether an owner of this id may be given records.
 */
export function checkValue(
  definition: PropertyDefinition,
  sent: string,
  isOwner: (id: string) => boolean,
): CheckedValue {
  const refused = (code: string, message: string): CheckedValue => ({
    problem: { name: definition.name, code, message },
  });
  if (definition.readOnlyValue) {
    return refused('READ_ONLY_VALUE', `"${definition.name}" is a read only property; its value cannot be set.`);
  }
  if (sent === '') return { value: '' };
  switch (definition.type) {
    case 'string':
    case 'phone_number':
      if (sent.length > longestText) {
        return refused('INVALID_STRING_LENGTH', `The value has ${sent.length} characters; ${longestText} are allowed.`);
      }
      if (definition.name === 'email' && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(sent)) {
        return refused('INVALID_EMAIL', `Email address ${sent} is invalid`);
      }
      return { value: definition.name === 'email' ? sent.toLowerCase() : sent };
    case 'number':
      return isNumber(sent) ? { value: sent } : refused('INVALID_NUMBER', `${sent} was not a valid number.`);
    case 'date': {
      const atMs = parseMoment(sent);
      if (atMs === null) return refused('INVALID_LONG', `${sent} was not a valid long.`);
      if (atMs % dayMs !== 0) {
        return refused('INVALID_DATE', `${sent} is at ${toWireInstant(atMs).slice(11, -1)} UTC, not midnight!`);
      }
      return { value: toWireInstant(atMs).slice(0, 10) };
    }
    case 'datetime': {
      const atMs = parseMoment(sent);
      return atMs === null ? refused('INVALID_LONG', `${sent} was not a valid long.`) : { value: toWireInstant(atMs) };
    }
    case 'bool':
      return sent === 'true' || sent === 'false'
        ? { value: sent }
        : refused('INVALID_OPTION', notAllowed(sent, definition));
    case 'enumeration':
    default: {
      if (definition.referencedObjectType === 'OWNER') {
        return isOwner(sent) ? { value: sent } : refused('INVALID_OWNER_ID', `${sent} is not an active owner.`);
      }
      const chosen = definition.fieldType === 'checkbox' ? sent.split(';').filter((value) => value !== '') : [sent];
      const allowed = new Set(definition.options.map(({ value }) => value));
      const wrong = chosen.find((value) => !allowed.has(value));
      return wrong === undefined ? { value: sent } : refused('INVALID_OPTION', notAllowed(wrong, definition));
    }
  }
}

/** Plain decimals. Surrounding spaces are refused for all that is not text, as HubSpot does since April 2025. */
function isNumber(sent: string): boolean {
  return /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i.test(sent);
}

/** Epoch milliseconds as digits, a day, or an ISO 8601 instant; null for anything else. */
function parseMoment(sent: string): number | null {
  if (/^-?\d{5,}$/.test(sent)) return Number(sent);
  const iso = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2}))?$/;
  if (!iso.test(sent)) return null;
  const atMs = Date.parse(sent);
  const day = sent.slice(0, 10);
  const dayAtMs = Date.parse(day);
  if (Number.isNaN(atMs) || Number.isNaN(dayAtMs)) return null;
  // Date.parse turns 2026-02-30 into 2 March; HubSpot does not know such a day.
  return toWireInstant(dayAtMs).startsWith(day) ? atMs : null;
}

function notAllowed(sent: string, definition: PropertyDefinition): string {
  return `${sent} was not one of the allowed options: [${definition.options.map(({ value }) => value).join(', ')}]`;
}
