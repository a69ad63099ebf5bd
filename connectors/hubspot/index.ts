import type { Connector } from '../contract/connector.ts';
import { openSession } from './api.ts';
import { oauth } from './auth.ts';
import { limits } from './limits.ts';
import { OWNERS, factsOf } from './objects.ts';
import { webhooks } from './webhooks.ts';

export const hubspot: Connector = {
  id: 'hubspot',
  title: 'HubSpot',
  words: {
    field: 'property',
    ownPrefix: 'holdfast_',
    owners: OWNERS,
    recordUrl: (facts, object, id) =>
      `https://${facts.webHost}/contacts/${facts.accountId}/record/${factsOf(object).typeId}/${id}`,
  },
  limits,
  dailyCalls: 'since-midnight',
  oauth,
  makesFields: true,
  webhooks,
  writesAtOnce: 100,
  open: openSession,
};
