import { z } from 'zod';
import type { CardView } from '../queries/card.ts';

const day = z.iso.date();
const instant = z.iso.datetime();
const band = z.enum(['green', 'yellow', 'red', 'grey']);
const score = z.number().min(0).max(100).nullable();
const change = { title: z.string(), because: z.string(), points: z.number() };

/** The answer of `GET /cards/{connector}/{object}/{id}`, as strict as it is made. Pages in the CRM read it. */
export const cardView = z.strictObject({
  account: z.strictObject({ id: z.string(), name: z.string(), url: z.url() }),
  score,
  band,
  own: z.strictObject({ score, band }).nullable(),
  trend: z.enum(['improving', 'stable', 'declining', 'sharp_decline']).nullable(),
  change28d: z.number().nullable(),
  spans: z.strictObject({ trendDays: z.int(), moverDays: z.int(), churnDays: z.int() }),
  confidence: z.enum(['high', 'medium', 'low', 'none']),
  coverage: z.number().min(0).max(1),
  validation: z.strictObject({ verdict: z.enum(['validated', 'unvalidated']), lacking: z.array(z.string()) }),
  reason: z.string(),
  drivers: z.array(z.strictObject({ ...change, source: z.string(), at: instant.nullable() })),
  movers: z.array(z.strictObject(change)),
  churn: z.strictObject({ probability: z.number().min(0).max(1).nullable(), risk: z.string(), status: z.string() }),
  renewal: z
    .strictObject({
      endsOn: day,
      decidesOn: day,
      status: z.string().nullable(),
      nextAction: z.string().nullable(),
      nextActionOn: day.nullable(),
    })
    .nullable(),
  expansion: z.strictObject({ score: z.number(), band: z.string(), reason: z.string().nullable() }).nullable(),
  openTasks: z.array(
    z.strictObject({ subject: z.string(), dueOn: day, owner: z.string().nullable(), url: z.url().nullable() }),
  ),
  scoredAt: instant,
  oldestInputAt: instant.nullable(),
  override: z
    .strictObject({
      band: z.enum(['green', 'yellow', 'red']),
      reason: z.string(),
      until: day,
      by: z.string().nullable(),
    })
    .nullable(),
  overrideProblem: z.string().nullable(),
  overrideForm: z.strictObject({
    reasons: z.array(z.strictObject({ code: z.string(), title: z.string() })).min(1),
    usualDays: z.int().min(1),
    longestDays: z.int().min(1),
  }),
  pulse: z.int().min(1).max(5).nullable(),
  version: z.string(),
});

/** The answer of `GET /cards/{connector}/settings`. */
export const cardSettings = z.strictObject({
  status: z.enum(['active', 'paused', 'lost']),
  lastRunAt: instant.nullable(),
  problems: z.array(z.string()),
  /** Where the admin's browser goes on. It may sign them in, once: it is not shown to anybody else. */
  adminUrl: z.url(),
});
export type CardSettings = z.infer<typeof cardSettings>;

/** What is answered, in the form that was promised: a breach is our fault, and must not reach a page half right. */
export function toCardAnswer(view: CardView): z.infer<typeof cardView> {
  return cardView.parse(view);
}
