import { Router, type NextFunction, type Request, type Response } from 'express';
import type { CompiledMapping } from '../../core/mapping/compile.ts';
import type { AccountId } from '../../core/model/ids.ts';
import { HoldfastError } from '../../errors.ts';
import type { Session } from '../../install/sessions.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Installation, Store } from '../../ports/store.ts';
import { getAccount, listAccounts } from '../../queries/accounts.ts';
import { readBook } from '../../queries/book.ts';
import { readChampionMoves } from '../../queries/champion-moves.ts';
import { findHistory } from '../../queries/history.ts';
import { readInstallation, readInstallations } from '../../queries/installations.ts';
import type { PlanPreview } from '../../queries/plan-preview.ts';
import { readVerdict } from '../../queries/validation.ts';

export interface ApiParts {
  readonly store: Store;
  readonly clock: Clock;
  recordUrl(installation: Installation): (account: AccountId) => string;
  compiledMappingOf(installation: Installation): Promise<CompiledMapping>;
  previewPlan(installation: Installation): Promise<PlanPreview>;
}

/**
 * What the commands show, as JSON: to people who are signed in, of their own installation, and of all to this machine
 * itself. Anybody else, who comes through a proxy, from another address or under another host name, is refused.
 */
export function apiRoutes(parts: ApiParts, findSession: (request: Request) => Promise<Session | null>): Router {
  const router = Router();
  router.use(async (request: Request, response: Response, next: NextFunction) => {
    const session = await findSession(request);
    response.locals['only'] = session?.installation ?? null;
    if (session === null) onlyFromThisMachine(request, response, next);
    else next();
  });
  router.get('/', (_request, response) => {
    response.json({
      paths: [
        '/api/installations',
        '/api/installations/{installation}',
        '/api/installations/{installation}/accounts?top=20',
        '/api/installations/{installation}/accounts/{account}',
        '/api/installations/{installation}/accounts/{account}/history?since=2026-01-01',
        '/api/installations/{installation}/plan',
        '/api/installations/{installation}/runs',
        '/api/installations/{installation}/problems',
      ],
    });
  });
  router.get('/installations', async (_request, response) => {
    const installations = await readInstallations(parts.store);
    response.json({ installations: installations.filter((one) => isOpen(response, one.installation)) });
  });
  router.get('/installations/:installation', async (request, response) => {
    const installation = await chosen(parts, request, response);
    response.json({
      ...(await readInstallation(parts.store, installation)),
      book: await readBook(parts.store.of(installation.id), 10),
    });
  });
  router.get('/installations/:installation/accounts', async (request, response) => {
    const installation = await chosen(parts, request, response);
    const store = parts.store.of(installation.id);
    response.json({ validation: await readVerdict(store), accounts: await listAccounts(store, topOf(request)) });
  });
  router.get('/installations/:installation/accounts/:account', async (request, response) => {
    const installation = await chosen(parts, request, response);
    const named = request.params.account;
    const store = parts.store.of(installation.id);
    const detail = await getAccount(store, named, parts.recordUrl(installation));
    const moves = await readChampionMoves(store, await parts.compiledMappingOf(installation), detail.account);
    response.json({ ...detail, moves });
  });
  router.get('/installations/:installation/accounts/:account/history', async (request, response) => {
    const installation = await chosen(parts, request, response);
    const since = sinceOf(request);
    const store = parts.store.of(installation.id);
    response.json(await findHistory(store, request.params.account, since, parts.clock.now()));
  });
  router.get('/installations/:installation/plan', async (request, response) => {
    response.json(await parts.previewPlan(await chosen(parts, request, response)));
  });
  router.get('/installations/:installation/runs', async (request, response) => {
    const installation = await chosen(parts, request, response);
    response.json({ runs: await parts.store.of(installation.id).runs.recent(50) });
  });
  router.get('/installations/:installation/problems', async (request, response) => {
    const installation = await chosen(parts, request, response);
    response.json({ problems: await parts.store.of(installation.id).problems.list(500) });
  });
  return router;
}

/** The first day that is asked for; null where none is. What is no day is refused where it is read. */
export function sinceOf({ query }: Request): string | null {
  const { since } = query;
  return typeof since === 'string' && since !== '' ? since : null;
}

function isOpen(response: Response, installation: string): boolean {
  const only: unknown = response.locals['only'];
  return only === null || only === installation;
}

async function chosen(
  parts: ApiParts,
  request: Request<{ installation: string }>,
  response: Response,
): Promise<Installation> {
  const found = await parts.store.installations.find(request.params.installation);
  // To whoever is signed in, the installations of others do not exist.
  if (found !== null && isOpen(response, found.id)) return found;
  throw new HoldfastError({
    code: 'installation-unknown',
    message: `There is no installation '${request.params.installation}'.`,
    remedy: 'GET /api/installations lists those there are.',
  });
}

function topOf(request: Request<{ installation: string }>): number {
  const asked = request.query['top'];
  const top = asked === undefined ? 20 : Number(asked);
  if (Number.isInteger(top) && top >= 1 && top <= 1_000) return top;
  throw new HoldfastError({
    code: 'input-invalid',
    message: `'top' is not a whole number from 1 to 1,000: ${JSON.stringify(asked)}.`,
    remedy: 'Leave it out for 20.',
  });
}

function onlyFromThisMachine(request: Request, response: Response, next: NextFunction): void {
  const from = request.socket.remoteAddress ?? '';
  const isLocal = from === '::1' || /^(::ffff:)?127\./.test(from);
  const isForwarded = 'x-forwarded-for' in request.headers || 'forwarded' in request.headers;
  // A page elsewhere can point its own name at this machine; the host name gives that away.
  const isNamed = ['localhost', '127.0.0.1', '[::1]'].includes(request.hostname);
  if (isLocal && !isForwarded && isNamed) {
    next();
    return;
  }
  response
    .status(403)
    .type('application/problem+json')
    .send(
      JSON.stringify({
        type: 'urn:holdfast:not-local',
        title: 'The API answers people who are signed in, and this machine itself.',
        status: 403,
        remedy: 'Sign in first, or ask it on the machine where Holdfast runs, by the name localhost.',
      }),
    );
}
