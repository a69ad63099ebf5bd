/** What a person may name as the reason for setting another band than the computed one. */
export interface OverrideReason {
  /** What disagreements are counted by: `product_gap`. */
  readonly code: string;
  /** What people read and write: `Product gap`. */
  readonly title: string;
}

/**
 * Source: the upper level of the model's reasons for churn, and what a customer success manager knows that no record does.
 * The fields that people fill name these too: see `mappings/`.
 */
export const defaultOverrideReasons: readonly OverrideReason[] = [
  { code: 'relationship', title: 'Relationship' },
  { code: 'adoption', title: 'Adoption' },
  { code: 'value', title: 'Value' },
  { code: 'product_gap', title: 'Product gap' },
  { code: 'support', title: 'Quality and support' },
  { code: 'price', title: 'Price' },
  { code: 'competitor', title: 'Competitor' },
  { code: 'strategy_change', title: 'Change of strategy' },
  { code: 'known_plan', title: 'Known plan' },
  { code: 'passing_event', title: 'Passing event' },
  { code: 'wrong_data', title: 'Wrong data' },
  { code: 'other', title: 'Other' },
];

/** With the longest title and a colon before it, a note still fits where CRMs keep 255 characters. */
export const LONGEST_TITLE = 50;
export const LONGEST_NOTE = 200;

/** A reason as the one text of the CRM tells it, or what that text lacks. */
export type ToldReason =
  { readonly reason: OverrideReason; readonly note: string } | { readonly lacks: 'text' | 'reason' | 'note' };

/**
 * Reads `Product gap: they need single sign-on`, the reason by its code or its title, in whatever letters. A text without a
 * colon that is a reason lacks its note; any other lacks its reason.
 */
export function readReason(text: string | null, reasons: readonly OverrideReason[]): ToldReason {
  const told = text?.trim() ?? '';
  if (told === '') return { lacks: 'text' };
  const [head = '', ...rest] = told.split(':');
  const name = comparable(head);
  const reason = reasons.find(({ code, title }) => comparable(code) === name || comparable(title) === name);
  if (reason === undefined) return { lacks: 'reason' };
  const note = rest.join(':').trim();
  return note === '' ? { lacks: 'note' } : { reason, note };
}

/** The one text in which a CRM keeps both: what `readReason` reads. */
export function reasonText({ title }: OverrideReason, note: string): string {
  return `${title}: ${note}`;
}

/** Names that people take for the same are the same: `product_gap`, `Product Gap`. */
export function comparable(name: string): string {
  return name
    .trim()
    .toLowerCase()
    .replaceAll(/[\s_-]+/g, ' ');
}

/** Why a band set by hand is not used, in a sentence, and what to write instead. */
export interface OverrideProblem {
  readonly because: string;
  /** The form alone, for where there is little room. */
  readonly form: string;
  /** The form and every reason. */
  readonly remedy: string;
}

const LACKING = {
  text: 'it has no reason',
  reason: 'what was given as its reason begins with none of the known ones',
  note: 'its reason lacks a note',
} as const satisfies Record<Extract<ToldReason, { lacks: string }>['lacks'], string>;

export function problemOf(lacks: keyof typeof LACKING, reasons: readonly OverrideReason[]): OverrideProblem {
  const titles = reasons.map(({ title }) => title);
  const form = `Write it as '${titles[0] ?? ''}: your note'`;
  return {
    because: `The band set by hand is not used: ${LACKING[lacks]}.`,
    form: `${form}.`,
    remedy: `${form}; the known reasons are ${titles.join(', ')}.`,
  };
}

/** A later last day makes no new judgement. */
export function problemOfAge(longestDays: number): OverrideProblem {
  const form = 'Write a new note to set it anew, or empty it.';
  return { because: `The band set by hand is not used: it has stood for ${longestDays} days.`, form, remedy: form };
}
