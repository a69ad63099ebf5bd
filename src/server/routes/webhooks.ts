import { Router, type NextFunction, type Request, type Response } from 'express';
import { Counter, type Registry } from 'prom-client';
import type { InstallationId } from '../../core/model/ids.ts';
import type { Log } from '../../ports/log.ts';
import type { Queue } from '../../ports/queue.ts';
import { findStatus, rawBody, toSignedRequest, type SignedRequest } from '../signed-request.ts';

/** What became of a delivery; see `flow/notices/receive.ts`. */
export type ReceivedDelivery =
  | { readonly outcome: 'forged' | 'stale' | 'unreadable' }
  | {
      readonly outcome: 'stored';
      readonly installations: readonly InstallationId[];
      readonly events: Readonly<Record<'kept' | 'own' | 'unknown', number>>;
    };

export interface WebhookParts {
  /** Where CRMs reach this server, without a trailing slash. */
  readonly publicUrl: string;
  /** Per connector that sends webhooks, and whose app is set up. */
  readonly webhooks: ReadonlyMap<string, (request: SignedRequest) => Promise<ReceivedDelivery>>;
}

/** A hundred events are some 50 KB; nobody sends more than this. */
const BODY_BYTES = 1024 * 1024;

/**
 * `POST /webhooks/{connector}`: what a CRM tells of changes. 204 means that it is stored. 401: not signed, or not lately;
 * 400: signed, and no delivery; 413, 415: not even looked at; 503: try again. Answers say no more than that, and nothing
 * of a delivery is logged.
 */
export function webhookRoutes(
  parts: WebhookParts & { readonly queue: Queue | null; readonly log: Log; readonly registry: Registry },
): Router {
  const deliveries = new Counter({
    name: 'holdfast_webhook_deliveries_total',
    help: 'Deliveries by what became of them',
    labelNames: ['connector', 'outcome'],
    registers: [parts.registry],
  });
  const events = new Counter({
    name: 'holdfast_webhook_events_total',
    help: 'Events in stored deliveries: kept, our own doing, of accounts that are not connected',
    labelNames: ['connector', 'outcome'],
    registers: [parts.registry],
  });
  const router = Router();
  for (const [connector, receive] of parts.webhooks) {
    const refuse = (response: Response, status: number, outcome: string): void => {
      deliveries.inc({ connector, outcome });
      // Whoever sent it may go on sending it; the rest of a body that is not wanted is not waited for.
      if (status === 413) response.set('connection', 'close');
      response.status(status).end();
    };
    router.post(
      `/${connector}`,
      (request, response, next) => {
        if (request.is('application/json') === 'application/json') next();
        else refuse(response, 415, 'not-json');
      },
      rawBody(BODY_BYTES),
      async (request: Request, response: Response) => {
        const received = await receive(toSignedRequest(request, parts.publicUrl));
        if (received.outcome !== 'stored') {
          refuse(response, received.outcome === 'unreadable' ? 400 : 401, received.outcome);
          return;
        }
        deliveries.inc({ connector, outcome: 'stored' });
        for (const [outcome, count] of Object.entries(received.events)) events.inc({ connector, outcome }, count);
        response.status(204).end();
        for (const installation of received.installations) parts.queue?.requestSoon(installation);
      },
    );
    router.all(`/${connector}`, (_request, response) => {
      response.set('allow', 'POST');
      refuse(response, 405, 'wrong-method');
    });
    // Express knows an error handler by its four parameters.
    router.use(`/${connector}`, (error: unknown, _request: Request, response: Response, _next: NextFunction) => {
      const status = findStatus(error);
      if (status === null) {
        deliveries.inc({ connector, outcome: 'failed' });
        parts.log.error({ error, connector }, 'a delivery could not be stored; the CRM sends it again');
        response.status(503).end();
      } else refuse(response, status, status === 413 ? 'too-large' : 'cut-off');
    });
  }
  return router;
}
