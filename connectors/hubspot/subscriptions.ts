import { factsOf } from './objects.ts';

/** One kind of event that HubSpot sends to the app, for every account that it is installed in. */
export interface Subscription {
  /** The connector's object: `companies`. */
  readonly object: string;
  readonly event: 'creation' | 'deletion' | 'merge' | 'restore' | 'associationChange' | 'propertyChange';
  /** The property whose change is told; null for events that are not about one property. */
  readonly property: string | null;
}

/**
 * Properties whose change is told at once, by object: those of HubSpot's own that scores are made from, and those of ours
 * that people fill. What an admin made under a name of their own cannot be named here, since all accounts share one list;
 * the next scheduled pull brings it.
 */
const properties: Readonly<Record<string, readonly string[]>> = {
  companies: [
    'name',
    'domain',
    'website',
    'hs_parent_company_id',
    'type',
    'lifecyclestage',
    'industry',
    'numberofemployees',
    'country',
    'state',
    'hubspot_owner_id',
    'closedate',
    'holdfast_csm_pulse',
    'holdfast_override_band',
    'holdfast_override_until',
    'holdfast_override_by',
    'holdfast_override_reason',
  ],
  contacts: [
    'email',
    'firstname',
    'lastname',
    'jobtitle',
    'hs_buying_role',
    'hs_email_hard_bounce_reason_enum',
    'hs_sales_email_last_replied',
  ],
  deals: [
    'dealname',
    'pipeline',
    'dealstage',
    'dealtype',
    'amount',
    'deal_currency_code',
    'hs_arr',
    'closedate',
    'hubspot_owner_id',
    'closed_lost_reason',
    'holdfast_csm_call',
    'holdfast_final_call',
  ],
};

const events = ['creation', 'deletion', 'merge', 'restore', 'associationChange'] as const;

/**
 * Every event that the app asks for, written once: the developer project is made from it. Only objects whose scope is
 * required are here, because HubSpot takes a subscription only from an app that must be granted the object; tickets and
 * engagements come with the scheduled pull.
 */
export const subscriptions: readonly Subscription[] = Object.entries(properties).flatMap(([object, names]) => [
  ...events.map((event) => ({ object, event, property: null })),
  ...names.map((property) => ({ object, event: 'propertyChange' as const, property })),
]);

/** Sent when a person is to be forgotten, by HubSpot's name for the event. It has no form in the list above. */
export const PRIVACY_DELETION = 'contact.privacyDeletion';

/** HubSpot's name of a subscription's object: `company`. */
export function subscribedType(subscription: Subscription): string {
  return factsOf(subscription.object).singular;
}
