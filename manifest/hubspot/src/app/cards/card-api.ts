import { hubspot } from '@hubspot/ui-extensions';
import { z } from 'zod';
import { cardView, type CardView } from './card-view.ts';

/** The record that a card stands on. */
export interface CardRecord {
  readonly object: 'companies' | 'deals';
  readonly id: number;
}

export interface Override {
  readonly band: string;
  readonly reason: string;
  readonly note: string;
  /** The last day, `YYYY-MM-DD`. */
  readonly until: string;
}

/** What a person does about an account; each may arrive twice, since HubSpot repeats a call that got no answer. */
export type Act =
  | { readonly kind: 'pulse'; readonly body: { readonly pulse: number; readonly note?: string } }
  | { readonly kind: 'override'; readonly body: { readonly [name in keyof Override]: Override[name] } }
  | { readonly kind: 'override/end'; readonly body: Record<string, never> };

/** Why our server did not do as asked. `isKnown` when it said so itself, so that its words are for the reader. */
export class CardProblem extends Error {
  readonly remedy: string;
  readonly status: number | null;
  readonly isKnown: boolean;

  constructor(status: number | null, title: string, remedy: string, isKnown: boolean) {
    super(title);
    this.name = 'CardProblem';
    this.status = status;
    this.remedy = remedy;
    this.isKnown = isKnown;
  }
}

// HubSpot waits 15 s unless told; what is written on the record is worth showing sooner.
const readWithinMs = 8_000;
const actWithinMs = 15_000;

const problem = z.object({ title: z.string(), remedy: z.string().default('') });

/** What is known of the record's account. Throws `CardProblem`. */
export async function readCard(address: string, record: CardRecord): Promise<CardView> {
  const answer = await call(addressOf(address, record), { method: 'GET', timeout: readWithinMs });
  const parsed = cardView.safeParse(await answer.json().catch(() => null));
  if (parsed.success) return parsed.data;
  throw new CardProblem(answer.status, 'The answer could not be read.', 'Try again in a few minutes.', false);
}

/** Does what a person asks for, in that person's name. Throws `CardProblem`. */
export async function act(address: string, record: CardRecord, { kind, body }: Act): Promise<void> {
  await call(`${addressOf(address, record)}/${kind}`, { method: 'POST', timeout: actWithinMs, body });
}

function addressOf(address: string, { object, id }: CardRecord): string {
  return `${address}/cards/hubspot/${object}/${id}`;
}

/** HubSpot signs the call and adds who asks; the answer is one that our server gave with success. */
async function call(url: string, options: Parameters<typeof hubspot.fetch>[1]): Promise<Response> {
  let answer: Response;
  try {
    answer = await hubspot.fetch(url, options);
  } catch (error) {
    throw Object.assign(new CardProblem(null, 'Holdfast could not be reached.', 'Try again in a few minutes.', false), {
      cause: error,
    });
  }
  if (answer.ok) return answer;
  const said = problem.safeParse(await answer.json().catch(() => null));
  if (said.success) throw new CardProblem(answer.status, said.data.title, said.data.remedy, true);
  throw new CardProblem(
    answer.status,
    `Holdfast answered with ${answer.status}.`,
    'Try again in a few minutes.',
    false,
  );
}
