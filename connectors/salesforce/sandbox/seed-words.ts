import type { WorldRole } from '../../kit/sandbox/world-model.ts';

/** What the org's picklists call what the world knows. */

export const SEGMENTS = { enterprise: 'Enterprise', mid: 'Mid-Market', smb: 'SMB' } as const;
export const TYPES = { prospect: 'Prospect', customer: 'Customer - Direct', former: 'Former Customer' } as const;
export const ROLES: Readonly<Record<WorldRole, string>> = {
  champion: 'Champion',
  exec_sponsor: 'Executive Sponsor',
  economic_buyer: 'Economic Buyer',
  admin: 'Admin',
  user: 'User',
  billing: 'Billing',
};
/** The roles that Salesforce itself knows, on opportunities. */
export const DEAL_ROLES: Readonly<Record<WorldRole, string>> = {
  champion: 'Influencer',
  exec_sponsor: 'Executive Sponsor',
  economic_buyer: 'Economic Buyer',
  admin: 'Technical Buyer',
  user: 'Business User',
  billing: 'Other',
};
export const DEAL_TYPES = { new: 'New Customer', renewal: 'Renewal', upsell: 'Existing Customer - Upgrade' } as const;
export const CASE_PRIORITIES = { low: 'Low', medium: 'Medium', high: 'High', urgent: 'Urgent' } as const;
export const CASE_TYPES = {
  product: 'Product',
  billing: 'Billing',
  feature: 'Feature Request',
  general: 'General',
} as const;
export const TASK_PRIORITIES = { low: 'Low', medium: 'Normal', high: 'High' } as const;
export const MEETING_OUTCOMES = {
  happened: 'Completed',
  missed: 'No Show',
  cancelled: 'Canceled',
  planned: 'Scheduled',
} as const;
export const DIRECTIONS = { inbound: 'Inbound', outbound: 'Outbound' } as const;
