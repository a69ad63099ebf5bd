import type { Server } from 'node:http';
import express, { type NextFunction, type Request, type Response } from 'express';
import { rateLimit } from 'express-rate-limit';
import helmet from 'helmet';
import { Registry } from 'prom-client';
import { HoldfastError } from '../errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Queue } from '../ports/queue.ts';
import type { Installation, Store } from '../ports/store.ts';
import { openCookies } from './cookies.ts';
import { messagePage } from './pages/layout.ts';
import { style } from './pages/style.ts';
import { sendProblem, toProblem } from './problem.ts';
import { adminRoutes, type AdminParts } from './routes/admin.ts';
import { apiRoutes, type ApiParts } from './routes/api.ts';
import { cardRoutes, type CardParts } from './routes/cards.ts';
import { healthRoutes } from './routes/health.ts';
import { metricsRoutes } from './routes/metrics.ts';
import { PAGE_POLICY, signInRoutes } from './routes/sign-in.ts';
import { usageRoutes, type UsageParts } from './routes/usage.ts';
import { webhookRoutes, type WebhookParts } from './routes/webhooks.ts';
import { openVisits } from './visit.ts';

export interface ServerParts extends ApiParts, UsageParts, AdminParts, WebhookParts, CardParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  /** Null in processes that only serve pages. */
  readonly queue: Queue | null;
  readonly port: number;
}

/**
 * Whoever keeps a connection must give it up first: one that is closed here just as it is used again is an answer lost.
 * Proxies keep theirs for a minute.
 */
const KEEP_ALIVE_MS = 75_000;

/** A server that listens; `stop` lets requests under way end. */
export interface RunningServer {
  /** The port that it listens on, which matters when 0 was asked for. */
  readonly port: number;
  stop(): Promise<void>;
}

export type { Installation };

/** Starts the web server: health, metrics, webhooks, cards, the usage API, the JSON API and the pages. */
export async function startServer(parts: ServerParts): Promise<RunningServer> {
  const app = express();
  app.disable('x-powered-by');
  app.set('trust proxy', parts.proxies);
  // The pages are made here and need no script; nobody may frame them.
  app.use(
    helmet({
      contentSecurityPolicy: false,
      frameguard: { action: 'deny' },
      crossOriginOpenerPolicy: { policy: 'same-origin-allow-popups' },
    }),
  );
  app.use((_request, response, next) => {
    response.set({ 'content-security-policy': PAGE_POLICY, 'cache-control': 'no-store' });
    next();
  });
  let isStopping = false;
  app.use(healthRoutes({ store: parts.store, isStopping: () => isStopping }));
  const registry = new Registry();
  app.use(metricsRoutes({ ...parts, registry }));
  // Before the limit on pages, like usage below: a CRM sends as often as something changes, and for all its users.
  app.use('/webhooks', webhookRoutes({ ...parts, registry }));
  app.use('/cards', cardRoutes(parts));
  // Before the limit on pages: a product sends as often as it has something to tell.
  app.use('/v1', usageRoutes(parts));
  app.use(rateLimit({ windowMs: 60_000, limit: 600, standardHeaders: 'draft-8', legacyHeaders: false }));
  app.get('/assets/holdfast.css', (_request, response) => {
    response.set('cache-control', 'public, max-age=3600').type('css').send(style);
  });
  const visits = openVisits(parts.consent, parts.publicUrl, openCookies(parts.publicUrl.startsWith('https://')));
  app.use(
    '/api',
    apiRoutes(parts, (request) => visits.findSession(request)),
  );
  app.get('/', (_request, response) => {
    response.redirect(303, visits.at('/app'));
  });
  app.use(signInRoutes(parts, visits));
  app.use(adminRoutes(parts, visits));
  app.use((_request: Request, response: Response) => {
    response
      .status(404)
      .type('application/problem+json')
      .send(
        JSON.stringify({
          type: 'urn:holdfast:not-found',
          title: 'There is nothing at this address.',
          status: 404,
          remedy: 'GET /api lists what there is.',
        }),
      );
  });
  // Express knows an error handler by its four parameters.
  app.use((error: unknown, request: Request, response: Response, _next: NextFunction) => {
    const path = isSignInLink(request.path) ? '/sign-in/[secret]' : request.path;
    parts.log.error({ error, method: request.method, path }, 'a request failed');
    if (request.path.startsWith('/api') || request.accepts(['json', 'html']) === 'json') {
      sendProblem(response, error);
      return;
    }
    const { status, title, remedy } = toProblem(error);
    const ways = [['Overview', '/app']] as const;
    response
      .status(status)
      .send(messagePage(visits.frame(null), { title: 'This did not work', words: title, remedy, ways }));
  });

  const server = await new Promise<Server>((resolve, reject) => {
    const listening: Server = app.listen(parts.port, (error?: Error) => {
      if (error === undefined) resolve(listening);
      else reject(toListenError(error, parts.port));
    });
  });
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : parts.port,
    stop: async () => {
      isStopping = true;
      await new Promise<void>((resolve, reject) => {
        server.close((error) => (error === undefined ? resolve() : reject(error)));
        server.closeIdleConnections();
      });
    },
  };
}

/** A path that itself lets somebody in. */
function isSignInLink(path: string): boolean {
  return path.startsWith('/sign-in/');
}

function toListenError(error: Error, port: number): Error {
  const words = { EADDRINUSE: 'another program listens there', EACCES: 'this user may not listen there' }[
    'code' in error ? String(error.code) : ''
  ];
  if (words === undefined) return error;
  return new HoldfastError({
    code: 'config-invalid',
    message: `Port ${port} cannot be used: ${words}.`,
    remedy: 'Set PORT to another one, or stop that program.',
    cause: error,
  });
}
