import { Router } from 'express';
import type { Store } from '../../ports/store.ts';

/** `/healthz`: the process lives. `/readyz`: it can do its work; 503 while it stops or the database is away. */
export function healthRoutes(parts: { readonly store: Store; isStopping(): boolean }): Router {
  const router = Router();
  router.get('/healthz', (_request, response) => {
    response.json({ status: 'ok' });
  });
  router.get('/readyz', async (_request, response) => {
    const isReady = !parts.isStopping() && (await parts.store.isReachable());
    response.status(isReady ? 200 : 503).json({ status: isReady ? 'ready' : 'not ready' });
  });
  return router;
}
