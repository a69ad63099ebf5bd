import { z } from 'zod';
import type { DailyCalls } from '../ports/daily-calls.ts';
import type { TenantStore } from '../ports/store.ts';

/** The setting that holds what the CRM last said of the day's calls. */
const DAILY_CALLS = 'daily-calls';

const schema: z.ZodType<DailyCalls> = z.object({
  max: z.number(),
  ours: z.number(),
  all: z.number().nullable(),
  share: z.number(),
  at: z.string(),
});

export async function keepDailyCalls({ settings }: TenantStore, daily: DailyCalls): Promise<void> {
  await settings.put(DAILY_CALLS, { ...daily });
}

/** Null before the first run, and for a CRM that states no daily limit. */
export async function readDailyCalls({ settings }: TenantStore): Promise<DailyCalls | null> {
  const parsed = schema.safeParse(await settings.get(DAILY_CALLS));
  return parsed.success ? parsed.data : null;
}
