import { z } from 'zod';
import { modelVersionOf } from '../core/assess.ts';
import type { Band } from '../core/model/assessment.ts';
import { calendarDate, dayOf, type CalendarDate } from '../core/model/calendar-date.ts';
import { monthOf } from '../core/usage/usage-ledger.ts';
import { checkGates, type GateReport } from '../core/validation/gates.ts';
import { lackingOf } from '../core/validation/in-words.ts';
import { toJudgedTerms, type JudgedTerm } from '../core/validation/judged-terms.ts';
import type { AssessmentStore, SettingStore } from '../ports/store.ts';
import { bookEntries } from './book-entries.ts';
import { decidedTerms } from './decided-terms.ts';
import type { Line } from './line.ts';

/** The setting that holds what the last check of the score found. */
const VALIDATION = 'validation';

/** What the last check of the score found. */
export interface Validation extends GateReport {
  readonly on: CalendarDate;
  /** The score that was checked. */
  readonly modelVersion: string;
}

/** Null before the first check. */
export async function readValidation(settings: SettingStore): Promise<Validation | null> {
  const found = validation.safeParse(await settings.get(VALIDATION));
  return found.success ? found.data : null;
}

export function isValidated(found: Validation | null): boolean {
  return found?.verdict === 'validated';
}

/**
 * Checks the score where that is due: on a month's first daily run, and once the book is scored by another configuration.
 * What is due is told from the result that is kept, so that a check which was cut short is made by the next run. Comes after
 * the book is scored and before anything is planned: plays go by what is found.
 */
export async function checkWhenDue(line: Line, isDaily: boolean): Promise<void> {
  const { settings } = line.store;
  const before = await readValidation(settings);
  const on = dayOf(line.clock.now(), line.installation.facts.timeZone);
  const modelVersion = modelVersionOf(line.configuration);
  const isNewMonth = isDaily && before !== null && monthOf(before.on) < monthOf(on);
  if (before !== null && before.modelVersion === modelVersion && !isNewMonth) return;

  const judged: JudgedTerm[] = [];
  let decided = 0;
  for await (const lot of decidedTerms(line, on)) {
    decided += lot.decided.length;
    judged.push(...toJudgedTerms(lot.features, lot.decided, line.configuration.validation));
  }
  const bands = await ownBands(line.store.assessments);
  const report = checkGates({ judged, decided, bands, modelVersion }, line.configuration.validation);
  const found: Validation = { on, modelVersion, ...report };
  await settings.put(VALIDATION, found);
  line.log.info({ verdict: found.verdict, lacking: lackingOf(found) }, 'the score was checked');
  if (isValidated(before) === isValidated(found)) return;
  await line.store.audit.add({
    at: line.clock.now(),
    actor: 'Holdfast',
    action: isValidated(found) ? 'score-validated' : 'score-unvalidated',
    details: { modelVersion, terms: found.terms, lacking: lackingOf(found) },
  });
}

/** Checked is what is said of each account by itself: what is shown with the accounts below it follows from that. */
async function ownBands(assessments: AssessmentStore): Promise<Readonly<Record<Band, number>>> {
  const bands = { green: 0, yellow: 0, red: 0, grey: 0 };
  for await (const page of bookEntries(assessments)) for (const { health } of page) bands[health.band] += 1;
  return bands;
}

/** Ours, but stored: what is not as we would write it now counts as not known. */
const validation: z.ZodType<Validation> = z.object({
  on: z.string().transform(calendarDate),
  modelVersion: z.string(),
  verdict: z.enum(['validated', 'unvalidated']),
  leadDays: z.number(),
  terms: z.object({ decided: z.number(), judged: z.number(), lost: z.number(), byEarlierVersions: z.number() }),
  gates: z.array(
    z.object({
      id: z.enum(['losses', 'red_losses', 'losses_below_green', 'green_accounts', 'brier_skill']),
      state: z.enum(['passed', 'failed', 'unknown']),
      figure: z.number().nullable(),
      need: z.number(),
      low: z.object({ figure: z.number().nullable(), need: z.number() }).nullable(),
    }),
  ),
});
