import { z } from 'zod';

// Lenient: of an answer only what the card shows is read, and a word that is new to the card is shown as it is.
const text = z.string().nullable().default(null);
const number = z.number().nullable().default(null);

const driver = z.object({ title: z.string(), because: z.string(), points: z.number(), source: text, at: text });
const mover = z.object({ title: z.string(), because: z.string(), points: z.number() });
const openTask = z.object({ subject: z.string(), dueOn: text, owner: text, url: text });

/** What our server answers for one company or deal. Days are `YYYY-MM-DD`, instants ISO 8601, shares 0 to 1. */
export const cardView = z.object({
  account: z.object({ id: z.string(), name: z.string(), url: text }),
  /** With the companies below it, where there are any. */
  score: number,
  band: z.string(),
  /** The company by itself; null where that is what is shown. */
  own: z.object({ score: number, band: z.string() }).nullable().default(null),
  trend: text,
  /** Points gained or lost in `spans.trendDays`. */
  change28d: number,
  /** Over how many days the change, what moved the score, and the chance of a loss are told. */
  spans: z.object({ trendDays: z.number(), moverDays: z.number(), churnDays: z.number() }),
  confidence: text,
  coverage: number,
  /** Whether scores have stood the customer's own renewals, and what is lacking. */
  validation: z
    .object({ verdict: z.string(), lacking: z.array(z.string()).default([]) })
    .nullable()
    .default(null),
  reason: text,
  /** What the score is made of, the strongest first; `points` are what each adds or takes. */
  drivers: z.array(driver),
  /** What moved the score in `spans.moverDays`, the strongest first. */
  movers: z.array(mover),
  churn: z.object({ probability: number, risk: text, status: text }),
  renewal: z.object({ endsOn: text, decidesOn: text, status: text, nextAction: text, nextActionOn: text }).nullable(),
  expansion: z.object({ score: number, band: text, reason: text }).nullable(),
  openTasks: z.array(openTask),
  scoredAt: z.string(),
  oldestInputAt: text,
  /** The band that was set by hand, while it is in force. */
  override: z.object({ band: z.string(), reason: text, until: text, by: text }).nullable(),
  /** Why a band that was set by hand is not in force, and what to do about it. */
  overrideProblem: text,
  /** What the form for it offers: reasons, and days that it lasts where nobody says and at most. */
  overrideForm: z.object({
    reasons: z.array(z.object({ code: z.string(), title: z.string() })),
    usualDays: z.number(),
    longestDays: z.number(),
  }),
  pulse: number,
});

export type CardView = z.output<typeof cardView>;
