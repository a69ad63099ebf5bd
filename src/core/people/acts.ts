import { z } from 'zod';
import { addDays, parseCalendarDate, type CalendarDate } from '../model/calendar-date.ts';

/** Why a person sets another band than the computed one, in the words that stand before their own. */
export const OVERRIDE_REASONS = {
  new_information: 'New information',
  wrong_records: 'Wrong records',
  passing_event: 'Passing event',
  agreed_plan: 'Agreed plan',
  other: 'Other',
} as const;

/** Source: the health model's manual override, "expires 30 d (max 90)". */
const LONGEST_DAYS = 90;

/** With the reason's word before it, it still fits where CRMs keep 255 characters. */
const LONGEST_NOTE = 200;

/** What a person says of an account. */
export type PersonAct =
  | { readonly kind: 'pulse'; readonly pulse: number; readonly note: string | null }
  | {
      readonly kind: 'override';
      readonly band: 'green' | 'yellow' | 'red';
      readonly reason: keyof typeof OVERRIDE_REASONS;
      readonly note: string;
      readonly untilOn: CalendarDate;
    }
  | { readonly kind: 'end-override' };

const note = z.string().trim().max(LONGEST_NOTE, `is longer than ${LONGEST_NOTE} characters`);

const pulse = z.strictObject({
  pulse: z.int('is not a whole number').min(1, 'is less than 1').max(5, 'is more than 5'),
  note: note.optional(),
});

const override = z.strictObject({
  band: z.enum(['green', 'yellow', 'red'], 'is none of green, yellow, red'),
  reason: z.enum(
    Object.keys(OVERRIDE_REASONS) as (keyof typeof OVERRIDE_REASONS)[],
    `is none of ${Object.keys(OVERRIDE_REASONS).join(', ')}`,
  ),
  note: note.min(1, 'is empty: say in a few words why'),
  until: z.string(),
});

const nothing = z.strictObject({});

/** What was read, or what is wrong with it: one sentence for each mistake. */
export type ReadAct = { readonly act: PersonAct } | { readonly problems: readonly string[] };

/** Reads what a person has sent about an account. `today` is the customer's. Unknown members are refused. */
export function readPersonAct(kind: PersonAct['kind'], body: unknown, today: CalendarDate): ReadAct {
  switch (kind) {
    case 'pulse':
      return read(pulse, body, (given) => ({
        act: { kind, pulse: given.pulse, note: given.note === undefined || given.note === '' ? null : given.note },
      }));
    case 'override':
      return read(override, body, ({ until, ...given }) => {
        const untilOn = parseCalendarDate(until);
        const latestOn = addDays(today, LONGEST_DAYS);
        if (untilOn === null) return { problems: ["'until' is not a day like 2026-03-31."] };
        if (untilOn < today) return { problems: [`'until' has passed: today is ${today}.`] };
        if (untilOn > latestOn)
          return { problems: [`'until' is later than ${latestOn}, ${LONGEST_DAYS} days from now.`] };
        return { act: { kind, ...given, untilOn } };
      });
    case 'end-override':
      return read(nothing, body, () => ({ act: { kind } }));
    default:
      return kind satisfies never;
  }
}

/** The account's fields that an act sets, by canonical name, as every CRM takes them. Null empties one. */
export function valuesOfAct(act: PersonAct, by: string): Readonly<Record<string, string | null>> {
  switch (act.kind) {
    case 'pulse':
      return { csmPulse: String(act.pulse) };
    case 'override':
      return {
        overrideBand: act.band,
        overrideUntilOn: act.untilOn,
        overrideBy: by,
        overrideReason: `${OVERRIDE_REASONS[act.reason]}: ${act.note}`,
      };
    case 'end-override':
      return { overrideBand: null, overrideUntilOn: null, overrideBy: null, overrideReason: null };
    default:
      return act satisfies never;
  }
}

function read<T>(schema: z.ZodType<T>, body: unknown, finish: (given: T) => ReadAct): ReadAct {
  const parsed = schema.safeParse(body);
  if (parsed.success) return finish(parsed.data);
  return {
    problems: parsed.error.issues.map((issue) => {
      if (issue.code === 'unrecognized_keys') return `'${issue.keys.join("', '")}' is not known here.`;
      return issue.path.length === 0 ? 'There is no JSON object.' : `'${issue.path.join('.')}' ${wordsOf(issue)}.`;
    }),
  };
}

function wordsOf({ code, message }: z.core.$ZodIssue): string {
  return code === 'invalid_type' ? 'is missing or of another type' : message;
}
