import type { ApiUsage } from '../api-usage.ts';
import { ok } from '../router.ts';
import type { Route } from '../router.ts';

/** What the org may still do today. */
export function limitRoutes(usage: ApiUsage, hasBulkApi: boolean): readonly Route[] {
  const full = (most: number) => ({ Max: most, Remaining: most });
  return [
    {
      method: 'GET',
      path: '/services/data/:version/limits',
      purpose: () => 'limits',
      isOpen: false,
      handle: () =>
        ok({
          ConcurrentAsyncGetReportInstances: full(200),
          DailyApiRequests: { Max: usage.max, Remaining: usage.remaining },
          DailyAsyncApexExecutions: full(250_000),
          ...(hasBulkApi
            ? {
                DailyBulkApiBatches: full(15_000),
                DailyBulkV2QueryFileStorageMB: full(976_562),
                DailyBulkV2QueryJobs: full(10_000),
              }
            : {}),
          DailyDeliveredPlatformEvents: full(10_000),
          DataStorageMB: full(10_240),
          FileStorageMB: full(10_240),
        }),
    },
  ];
}
