import type { Connector } from '../contract/connector.ts';
import { openSession } from './api.ts';
import { oauth } from './auth.ts';
import { limits } from './limits.ts';
import { OWNERS, factsOf } from './objects.ts';

export const salesforce: Connector = {
  id: 'salesforce',
  title: 'Salesforce',
  words: {
    field: 'field',
    ownPrefix: 'Holdfast_',
    owners: OWNERS,
    recordUrl: (facts, object, id) => `https://${facts.webHost}/lightning/r/${factsOf(object).sobject}/${id}/view`,
  },
  limits,
  dailyCalls: 'of-24-hours',
  oauth,
  makesFields: false,
  // Change Data Capture would be the way: one streaming connection for each org, and objects that its admin has to choose.
  webhooks: null,
  // From 2,000 on a bulk job is cheaper than collections of 200, and it takes any number at the same price.
  writesAtOnce: 10_000,
  open: openSession,
};
