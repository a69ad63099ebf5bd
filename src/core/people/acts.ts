import { z } from 'zod';
import { addDays, parseCalendarDate, type CalendarDate } from '../model/calendar-date.ts';
import type { HeldFacts } from '../model/snapshot.ts';
import type { OverrideConfiguration } from '../scoring/configuration.ts';
import { standsSince } from '../scoring/override.ts';
import { LONGEST_NOTE, reasonText, type OverrideReason } from '../scoring/override-reasons.ts';

/** What a person says of an account. */
export type PersonAct =
  | { readonly kind: 'pulse'; readonly pulse: number; readonly note: string | null }
  | {
      readonly kind: 'override';
      readonly band: 'green' | 'yellow' | 'red';
      readonly reason: OverrideReason;
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
  reason: z.string(),
  note: note.min(1, 'is empty: say in a few words why'),
  until: z.string(),
});

const nothing = z.strictObject({});

/** What was read, or what is wrong with it: one sentence for each mistake. */
export type ReadAct = { readonly act: PersonAct } | { readonly problems: readonly string[] };

/** What an installation lets its people say of an account; `today` is the customer's. */
export type ActRules = Pick<OverrideConfiguration, 'reasons' | 'longestDays'> & {
  readonly today: CalendarDate;
  /** The account's band set by hand, as last seen; null without one. */
  readonly standing: HeldFacts['override'];
};

/** Reads what a person has sent about an account: a reason comes by its code. Unknown members are refused. */
export function readPersonAct(kind: PersonAct['kind'], body: unknown, rules: ActRules): ReadAct {
  const { today, reasons, longestDays, standing } = rules;
  switch (kind) {
    case 'pulse':
      return read(pulse, body, (given) => ({
        act: { kind, pulse: given.pulse, note: given.note === undefined || given.note === '' ? null : given.note },
      }));
    case 'override':
      return read(override, body, ({ until, reason: code, ...given }) => {
        const reason = reasons.find((one) => one.code === code);
        const untilOn = parseCalendarDate(until);
        if (reason === undefined)
          return { problems: [`'reason' is none of ${reasons.map((one) => one.code).join(', ')}.`] };
        const sinceOn = standsSince({ ...given, code: reason.code }, standing, today);
        const latestOn = addDays(sinceOn, longestDays);
        if (untilOn === null) return { problems: ["'until' is not a day like 2026-03-31."] };
        if (untilOn < today) return { problems: [`'until' has passed: today is ${today}.`] };
        if (untilOn > latestOn) {
          const from = sinceOn === today ? 'from now' : `from ${sinceOn}, when this was said first. Write a new note`;
          return { problems: [`'until' is later than ${latestOn}, ${longestDays} days ${from}.`] };
        }
        return { act: { kind, ...given, reason, untilOn } };
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
        overrideReason: reasonText(act.reason, act.note),
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
