import type { OrgState } from '../org-state.ts';
import { ok } from '../router.ts';
import type { Route } from '../router.ts';

/** What the Connect API says of the org: the one place that tells the currency of an org that has only one. */
export function connectRoutes(org: OrgState): readonly Route[] {
  const { multiCurrency } = org.features;
  const { organizationId, name, currency } = org.facts;
  return [
    {
      method: 'GET',
      path: '/services/data/:version/connect/organization',
      purpose: () => 'organization',
      isOpen: false,
      handle: () =>
        ok({
          orgId: organizationId,
          name,
          features: { multiCurrency, defaultCurrencyIsoCode: multiCurrency ? null : currency },
        }),
    },
  ];
}
