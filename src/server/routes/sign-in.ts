import { Router, urlencoded, type NextFunction, type Request, type Response } from 'express';
import { rateLimit } from 'express-rate-limit';
import { beginConsent, finishConsent, type ConsentParts, type Crm } from '../../install/consent.ts';
import { useSignInLink } from '../../install/sign-in.ts';
import { isFormOf } from '../../install/sessions.ts';
import { askForRun } from '../../install/asked-run.ts';
import type { InstallationId } from '../../core/model/ids.ts';
import type { Queue } from '../../ports/queue.ts';
import type { BegunConsent } from '../../ports/store.ts';
import { messagePage } from '../pages/layout.ts';
import { loginPage, signInPage } from '../pages/sign-in-pages.ts';
import { toOwnPath, valueOf, type Visits } from '../visit.ts';

export interface SignInParts {
  readonly consent: ConsentParts;
  /** Ids of the connectors, in the order in which people see them. */
  readonly crms: readonly string[];
  readonly queue: Pick<Queue, 'request'> | null;
}

/** Visits of these pages that one address may make in a minute. */
const VISITS = 60;

/**
 * In and out: `/install/{crm}` and `/sign-in/{crm}` lead to the CRM's consent, `/oauth/{crm}` takes the browser back,
 * `/sign-in/{link}` is good once, `/sign-out` ends the session.
 */
export function signInRoutes(parts: SignInParts, visits: Visits): Router {
  const router = Router();
  const limit = rateLimit({
    windowMs: 60_000,
    limit: VISITS,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    message: messagePage(visits.frame(null), {
      title: 'Too many visits at once',
      words: 'This address has asked for these pages many times within a minute.',
      remedy: 'Wait a minute and try again.',
    }),
  });
  router.use(['/install', '/oauth', '/sign-in', '/sign-out'], limit);

  router.get('/sign-in', async (request, response) => {
    const next = toOwnPath(valueOf(request.query, 'next'));
    if ((await visits.findSession(request)) !== null) response.redirect(303, visits.at(next));
    else response.send(signInPage(visits.frame(null), installable(parts), next));
  });
  router.get('/install/:crm', async (request, response, next) => {
    await begin(parts, visits, { request, response, next }, 'install');
  });
  router.get('/sign-in/:crm', async (request, response, next) => {
    if (parts.consent.findCrm(request.params.crm) === null) await useLink(parts, visits, request, response);
    else await begin(parts, visits, { request, response, next }, 'sign-in');
  });
  router.get('/oauth/:crm', async (request, response, next) => {
    const crm = parts.consent.findCrm(request.params.crm);
    if (crm === null) next();
    else await finish(parts, visits, crm, request, response);
  });
  router.post('/sign-out', urlencoded({ extended: false, limit: '10kb' }), async (request, response) => {
    const session = await visits.findSession(request);
    if (session !== null && isFormOf(session, valueOf(request.body, 'token') ?? '')) {
      await parts.consent.store.of(session.installation).people.endSession(session.hash);
      visits.cookies.dropSession(response);
    }
    response.redirect(303, visits.at('/sign-in'));
  });
  return router;
}

interface Exchange {
  readonly request: Request<{ crm: string }>;
  readonly response: Response;
  readonly next: NextFunction;
}

async function begin(
  parts: SignInParts,
  visits: Visits,
  { request, response, next }: Exchange,
  purpose: BegunConsent['purpose'],
): Promise<void> {
  const crm = parts.consent.findCrm(request.params.crm);
  if (crm === null) {
    next();
    return;
  }
  const goTo = toOwnPath(valueOf(request.query, 'next'));
  const { logins } = crm.connector.oauth;
  const typed = valueOf(request.query, 'login');
  const loginUrl = typed === null || crm.app === null ? null : (logins?.parse(crm.app, typed) ?? null);
  if (logins !== undefined && crm.app !== null && loginUrl === null) {
    // The form leads to another host, which browsers count against where forms may go.
    response.set(
      'content-security-policy',
      PAGE_POLICY.replace("form-action 'self'", "form-action 'self' https: http:"),
    );
    const path = `/${purpose === 'install' ? 'install' : 'sign-in'}/${crm.connector.id}`;
    const content = { crm, path, next: goTo, isInstall: purpose === 'install', wrong: typed };
    response.status(typed === null ? 200 : 400).send(loginPage(visits.frame(null), content));
    return;
  }
  const browser = visits.cookies.keepBrowser(request, response, false);
  const url = await beginConsent(parts.consent, { crm, purpose, loginUrl, goTo, browser });
  response.redirect(303, url);
}

async function finish(
  parts: SignInParts,
  visits: Visits,
  crm: Crm,
  request: Request,
  response: Response,
): Promise<void> {
  const { query } = request;
  const step = valueOf(query, 'step');
  const browser =
    step === 'authorize' ? visits.cookies.keepBrowser(request, response, true) : visits.cookies.readBrowser(request);
  const answer = {
    code: valueOf(query, 'code'),
    state: valueOf(query, 'state'),
    error: valueOf(query, 'error'),
    errorDescription: valueOf(query, 'error_description'),
    returnUrl: valueOf(query, 'returnUrl'),
    step,
  };
  const outcome = await finishConsent(parts.consent, crm, answer, browser);
  switch (outcome.kind) {
    case 'in':
      if (outcome.purpose === 'install') await beginReading(parts, outcome.installation);
      visits.cookies.putSession(response, outcome.cookie);
      response.redirect(303, visits.at(outcome.goTo));
      return;
    case 'back':
      if (outcome.installation !== null) await beginReading(parts, outcome.installation);
      response.redirect(303, outcome.url);
      return;
    case 'ended': {
      const { id, title } = crm.connector;
      response.status(outcome.status).send(
        messagePage(visits.frame(null), {
          ...outcome,
          ways: [
            [`Install for ${title}`, `/install/${id}`],
            ['Sign in', '/sign-in'],
          ],
        }),
      );
      return;
    }
    default:
      outcome satisfies never;
  }
}

/** The admin waits: the first run begins now, not at the next tick. */
async function beginReading({ consent, queue }: SignInParts, id: InstallationId): Promise<void> {
  await askForRun(consent.store.of(id), consent.clock.now());
  await queue?.request(id);
}

async function useLink(
  parts: SignInParts,
  visits: Visits,
  request: Request<{ crm: string }>,
  response: Response,
): Promise<void> {
  const cookie = await useSignInLink(parts.consent, request.params.crm);
  if (cookie !== null) {
    visits.cookies.putSession(response, cookie);
    response.redirect(303, visits.at('/app'));
    return;
  }
  response.status(400).send(
    messagePage(visits.frame(null), {
      title: 'This link is not good any more',
      words: 'A link signs you in once, within two minutes of being made.',
      remedy: 'Go back to where you found it and follow it anew, or sign in with your CRM.',
      ways: [['Sign in', '/sign-in']],
    }),
  );
}

function installable({ consent, crms }: SignInParts): readonly Crm[] {
  return crms.flatMap((id) => {
    const crm = consent.findCrm(id);
    return crm === null || crm.app === null ? [] : [crm];
  });
}

/** What pages may load, and where their forms may go. */
export const PAGE_POLICY =
  "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
