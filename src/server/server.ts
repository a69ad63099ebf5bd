import type { Server } from 'node:http';
import express, { type NextFunction, type Request, type Response } from 'express';
import { rateLimit } from 'express-rate-limit';
import helmet from 'helmet';
import { HoldfastError } from '../errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Queue } from '../ports/queue.ts';
import type { Installation, Store } from '../ports/store.ts';
import { sendProblem } from './problem.ts';
import { apiRoutes, type ApiParts } from './routes/api.ts';
import { healthRoutes } from './routes/health.ts';
import { metricsRoutes } from './routes/metrics.ts';
import { usageRoutes, type UsageParts } from './routes/usage.ts';

export interface ServerParts extends ApiParts, UsageParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  /** Null in processes that only serve pages. */
  readonly queue: Queue | null;
  readonly port: number;
}

/** A server that listens; `stop` lets requests under way end. */
export interface RunningServer {
  /** The port that it listens on, which matters when 0 was asked for. */
  readonly port: number;
  stop(): Promise<void>;
}

export type { Installation };

/** Starts the web server: health, metrics, the usage API and the JSON API. */
export async function startServer(parts: ServerParts): Promise<RunningServer> {
  const app = express();
  app.disable('x-powered-by');
  app.use(helmet());
  let isStopping = false;
  app.use(healthRoutes({ store: parts.store, isStopping: () => isStopping }));
  app.use(metricsRoutes(parts));
  // Before the limit on pages: a product sends as often as it has something to tell.
  app.use('/v1', usageRoutes(parts));
  app.use(rateLimit({ windowMs: 60_000, limit: 600, standardHeaders: 'draft-8', legacyHeaders: false }));
  app.use('/api', apiRoutes(parts));
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
    parts.log.error({ error, method: request.method, path: request.path }, 'a request failed');
    sendProblem(response, error);
  });

  const server = await new Promise<Server>((resolve, reject) => {
    const listening: Server = app.listen(parts.port, (error?: Error) => {
      if (error === undefined) resolve(listening);
      else reject(toListenError(error, parts.port));
    });
  });
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
