import { z } from 'zod';
import { startHubSpotSandbox } from '../../connectors/hubspot/sandbox/index.ts';
import { toPortalSeed } from '../../connectors/hubspot/sandbox/seed.ts';
import { generateWorld } from '../../connectors/kit/sandbox/world.ts';
import { BENCH_TOKEN } from './crm-process.ts';
import type { CrmCounts } from './crm-process.ts';

/** The child of `startCrmProcess`. Ends when its parent lets go of it. */
const order = z
  .object({ accounts: z.number(), isLimited: z.boolean(), latencyMs: z.tuple([z.number(), z.number()]) })
  .parse(JSON.parse(process.argv[2] ?? ''));

const world = generateWorld({ seed: 7, now: new Date().toISOString(), accounts: order.accounts });
const sandbox = await startHubSpotSandbox({
  seed: toPortalSeed(world),
  staticTokens: [BENCH_TOKEN],
  latencyMs: order.latencyMs,
  ...(order.isLimited ? {} : { limits: null }),
});

process.on('message', () => {
  const { perBucket, rateLimited } = sandbox.calls;
  process.send?.({ general: perBucket.general, rateLimited } satisfies CrmCounts);
});
process.on('disconnect', () => void sandbox.close());

const objects = ['companies', 'contacts', 'deals', 'tickets', 'tasks', 'calls', 'emails', 'meetings', 'notes'];
const records = Object.fromEntries(objects.map((object) => [object, sandbox.portal.count(object)]));
process.send?.({ url: sandbox.url, records });
