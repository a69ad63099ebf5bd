import { Router, type NextFunction, type Request, type Response } from 'express';
import { readPersonAct, type ActRules, type PersonAct } from '../../core/people/acts.ts';
import { HoldfastError } from '../../errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { Queue } from '../../ports/queue.ts';
import type { Installation, Store } from '../../ports/store.ts';
import type { CardView } from '../../queries/card.ts';
import { toCardAnswer, type CardSettings } from '../card-view.ts';
import { sendProblem } from '../problem.ts';
import { findStatus, rawBody, toSignedRequest, type SignedRequest } from '../signed-request.ts';

/** The user in whose browser a card calls, as the CRM has vouched for. */
export interface CardCaller {
  readonly crmAccountId: string;
  readonly userId: string;
  readonly email: string;
}

/** Cards of one CRM. */
export interface CardDoor {
  /** Who calls; or why that is not believed. */
  identify(request: SignedRequest): CardCaller | 'forged' | 'stale' | 'nobody';
  read(installation: Installation, object: string, id: string): Promise<CardView>;
  /** What people may say of a record's account, in the installation's own configuration. */
  rules(installation: Installation, object: string, id: string): Promise<ActRules>;
  /** False when the record says so already. */
  act(installation: Installation, object: string, id: string, act: PersonAct, by: string): Promise<boolean>;
}

export interface CardParts {
  /** Where CRMs reach this server, without a trailing slash. */
  readonly publicUrl: string;
  /** Per connector whose cards can be told from anybody else's. */
  readonly cards: ReadonlyMap<string, CardDoor>;
  /** A link that signs this user in to the admin pages, once; null where nobody can sign in. */
  readonly signInLink: ((installation: Installation, caller: CardCaller) => Promise<string>) | null;
}

/** An act is a few words. */
const BODY_BYTES = 16 * 1024;

const PROBLEMS = 5;

/**
 * What our cards inside a CRM ask. Every call is signed by the CRM, which adds its account and its user to the address:
 * nothing else says who calls, least of all the body. Answers are JSON; refusals are RFC 9457 problems whose title and
 * remedy are for the person in front of the card. A call that comes twice does what it does once.
 */
export function cardRoutes(
  parts: CardParts & { readonly store: Store; readonly clock: Clock; readonly log: Log; readonly queue: Queue | null },
): Router {
  const router = Router();
  for (const [connector, door] of parts.cards)
    router.use(`/${connector}`, rawBody(BODY_BYTES), openDoor(parts, connector, door));
  // Express knows an error handler by its four parameters.
  router.use((error: unknown, _request: Request, response: Response, next: NextFunction) => {
    const status = findStatus(error);
    if (error instanceof HoldfastError) sendProblem(response, error);
    else if (status === null) next(error);
    else {
      const title = status === 413 ? 'That is more than a card sends.' : 'The call could not be read.';
      refuse(response, status, 'call-unreadable', title, 'Load the page anew and try again.');
    }
  });
  return router;
}

type Parts = Parameters<typeof cardRoutes>[0];

function openDoor(parts: Parts, connector: string, door: CardDoor): Router {
  const router = Router();
  /** The connected account and the user that the signature names; answers the call itself when there is none. */
  const admit = async (
    request: Request,
    response: Response,
  ): Promise<{ readonly installation: Installation; readonly caller: CardCaller } | null> => {
    response.set('cache-control', 'no-store');
    const caller = door.identify(toSignedRequest(request, parts.publicUrl));
    if (typeof caller === 'string') {
      const [title, remedy] =
        caller === 'stale'
          ? ['This call is too old, or from a clock that is wrong.', 'Load the page anew.']
          : ['This call is not signed as it should be.', 'Open the card from the record in your CRM.'];
      refuse(response, 401, 'not-signed', title, remedy);
      return null;
    }
    const installation = await parts.store.installations.find(`${connector}-${caller.crmAccountId}`);
    if (installation !== null && installation.crmAccountId === caller.crmAccountId) return { installation, caller };
    const remedy = 'Ask your admin to install it from the marketplace.';
    refuse(response, 404, 'not-connected', 'Holdfast is not connected to this account.', remedy);
    return null;
  };
  const onlyWhile = (response: Response, { status }: Installation): boolean => {
    if (status === 'active') return true;
    const remedy = 'Ask your admin to open the settings of Holdfast.';
    refuse(response, 409, 'installation-paused', 'Holdfast rests: an admin has to act first.', remedy);
    return false;
  };

  router.get('/settings', async (request: Request, response: Response) => {
    const admitted = await admit(request, response);
    if (admitted === null) return;
    const { installation, caller } = admitted;
    const store = parts.store.of(installation.id);
    const [run] = await store.runs.recent(1);
    const problems = (await store.problems.list(PROBLEMS)).map(({ message }) => message);
    response.json({
      status: installation.status,
      lastRunAt: run?.finishedAt ?? run?.startedAt ?? null,
      problems: installation.statusReason === null ? problems : [installation.statusReason, ...problems],
      adminUrl: (await parts.signInLink?.(installation, caller)) ?? parts.publicUrl,
    } satisfies CardSettings);
  });

  router.get('/:object/:id', async (request: Request<{ object: string; id: string }>, response: Response) => {
    const admitted = await admit(request, response);
    if (admitted === null) return;
    const { object, id } = request.params;
    response.json(toCardAnswer(await door.read(admitted.installation, object, id)));
  });

  const acts: Readonly<Record<string, PersonAct['kind']>> = {
    pulse: 'pulse',
    override: 'override',
    'override/end': 'end-override',
  };
  for (const [path, kind] of Object.entries(acts)) {
    router.post(
      `/:object/:id/${path}`,
      async (request: Request<{ object: string; id: string }>, response: Response) => {
        const admitted = await admit(request, response);
        if (admitted === null || !onlyWhile(response, admitted.installation)) return;
        const { installation, caller } = admitted;
        const { object, id } = request.params;
        const given = readPersonAct(kind, parseBody(request.body), await door.rules(installation, object, id));
        if ('problems' in given) {
          refuse(response, 400, 'input-invalid', given.problems.join(' '), 'Mend it and send it again.');
          return;
        }
        const by = caller.email === '' ? `user ${caller.userId}` : caller.email;
        const isNews = await door.act(installation, object, id, given.act, by);
        response.json(toCardAnswer(await door.read(installation, object, id)));
        if (isNews) await parts.queue?.request(installation.id);
      },
    );
  }

  router.use((request: Request, response: Response) => {
    const caller = door.identify(toSignedRequest(request, parts.publicUrl));
    // Whoever is not known is not told what there is.
    if (typeof caller === 'string') refuse(response, 401, 'not-signed', 'This call is not signed as it should be.', '');
    else refuse(response, 404, 'not-found', 'There is nothing at this address.', 'Update the app in your CRM.');
  });
  return router;
}

/** Undefined for what is no JSON. An end of an override has nothing to say. */
function parseBody(body: unknown): unknown {
  if (!(body instanceof Uint8Array) || body.length === 0) return {};
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return undefined;
    throw error;
  }
}

function refuse(response: Response, status: number, code: string, title: string, remedy: string): void {
  response
    .status(status)
    .type('application/problem+json')
    .send(JSON.stringify({ type: `urn:holdfast:${code}`, title, status, remedy }));
}
