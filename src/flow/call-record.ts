import { z } from 'zod';
import type { ForecastCategory } from '../core/model/assessment.ts';
import type { CallRecord } from '../core/renewals/call-record.ts';
import type { SettingStore } from '../ports/store.ts';

/** The setting that holds whose calls on renewals came true, as of the last training. */
const CALL_RECORD = 'call-record';

/** Null before calls were held against renewals for the first time. */
export async function readCallRecord(settings: SettingStore): Promise<CallRecord | null> {
  const found = callRecord.safeParse(await settings.get(CALL_RECORD));
  return found.success ? found.data : null;
}

export async function putCallRecord(settings: SettingStore, found: CallRecord): Promise<void> {
  await settings.put(CALL_RECORD, found);
}

const tally = z.object({ called: z.number(), right: z.number() });

const category = z.enum([
  'omitted',
  'pipeline',
  'best_case',
  'most_likely',
  'commit',
  'closed',
] as const satisfies readonly ForecastCategory[]);

/** Ours, but stored: what is not as we would write it now counts as not known. */
const callRecord: z.ZodType<CallRecord> = z.object({
  leadDays: z.number(),
  overDays: z.number(),
  renewals: z.number(),
  system: tally,
  people: tally,
  opposed: z.object({ renewals: z.number(), systemRight: z.number() }),
  categories: z.partialRecord(category, z.object({ renewals: z.number(), renewed: z.number() })),
});
