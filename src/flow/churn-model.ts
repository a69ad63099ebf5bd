import { z } from 'zod';
import type { ChurnModel } from '../core/churn/model.ts';
import { calendarDate, type CalendarDate } from '../core/model/calendar-date.ts';
import type { SettingStore } from '../ports/store.ts';

/** The setting that holds what was learned from the customer's own terms, and is used. */
const CHURN_MODEL = 'churn-model';

/** The setting that holds what the last training found. */
const CHURN_TRAINING = 'churn-training';

/** What the last training found. */
export interface ChurnTraining {
  readonly on: CalendarDate;
  /** Terms that could be learned from, and those of them that were lost. */
  readonly terms: number;
  readonly churns: number;
  /** A model that is too good to be true and waits for a person; null otherwise. */
  readonly waiting: ChurnModel | null;
}

/** The model that scores go by; null while the rules decide. */
export async function readChurnModel(settings: SettingStore): Promise<ChurnModel | null> {
  const model = churnModel.safeParse(await settings.get(CHURN_MODEL));
  return model.success ? model.data : null;
}

/** Null goes back to the rules. */
export async function putChurnModel(settings: SettingStore, model: ChurnModel | null): Promise<void> {
  if (model === null) await settings.drop(CHURN_MODEL);
  else await settings.put(CHURN_MODEL, model);
}

/** Null before the first training. */
export async function readChurnTraining(settings: SettingStore): Promise<ChurnTraining | null> {
  const training = churnTraining.safeParse(await settings.get(CHURN_TRAINING));
  return training.success ? training.data : null;
}

export async function putChurnTraining(settings: SettingStore, training: ChurnTraining): Promise<void> {
  await settings.put(CHURN_TRAINING, training);
}

/** Ours, but stored: what is not as we would write it now counts as not known. */
const churnModel: z.ZodType<ChurnModel> = z.object({
  trainedOn: z.string().transform(calendarDate),
  terms: z.number(),
  churns: z.number(),
  features: z.array(z.enum(['health', 'sharp_decline', 'champion_departed', 'overdue', 'first_renewal'])),
  coefficients: z.array(z.number()),
  covariance: z.array(z.array(z.number())),
  calibration: z.object({ slope: z.number(), shift: z.number() }),
  quality: z.object({ brier: z.number(), skill: z.number(), auc: z.number() }),
  isSuspicious: z.boolean(),
  status: z.enum(['calibrating', 'validated', 'degraded']),
});

const churnTraining: z.ZodType<ChurnTraining> = z.object({
  on: z.string().transform(calendarDate),
  terms: z.number(),
  churns: z.number(),
  waiting: churnModel.nullable(),
});
