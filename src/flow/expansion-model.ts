import { z } from 'zod';
import type { ExpansionModel } from '../core/expansion/learn.ts';
import { calendarDate } from '../core/model/calendar-date.ts';
import type { SettingStore } from '../ports/store.ts';

/** The setting that holds what was learned from the expansions that the customer won. */
const EXPANSION_MODEL = 'expansion-model';

/** What chances of expansion go by; null before anything was looked at. */
export async function readExpansionModel(settings: SettingStore): Promise<ExpansionModel | null> {
  const model = expansionModel.safeParse(await settings.get(EXPANSION_MODEL));
  return model.success ? model.data : null;
}

export async function putExpansionModel(settings: SettingStore, model: ExpansionModel): Promise<void> {
  await settings.put(EXPANSION_MODEL, model);
}

/** Ours, but stored: what is not as we would write it now counts as not known. */
const expansionModel: z.ZodType<ExpansionModel> = z.object({
  trainedOn: z.string().transform(calendarDate),
  withinDays: z.number(),
  accounts: z.number(),
  expansions: z.number(),
  evidence: z.object({ won: z.number(), alike: z.number() }),
  curve: z.object({ at: z.number(), pivot: z.number(), perPoint: z.number() }).nullable(),
});
