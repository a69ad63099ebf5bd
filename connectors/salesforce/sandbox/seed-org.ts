import { toId } from './ids.ts';
import type { OrgFacts, SeedUser } from './org-seed.ts';

/** Who owns what nobody in particular owns. */
export const ADMIN_ID = toId('005', 1);
const INTEGRATION_ID = toId('005', 2);

/** Whoever every sandbox org has: its admin, the app's own user, and Salesforce's process user, who is no person. */
export const standingUsers: readonly SeedUser[] = [
  standardUser(ADMIN_ID, 'Org', 'Admin', 'admin@holdfast-sandbox.example', true),
  standardUser(INTEGRATION_ID, 'Holdfast', 'Integration', 'integration@holdfast-sandbox.example', true),
  {
    ...standardUser(toId('005', 3), '', 'Automated Process', 'autoproc@holdfast-sandbox.example', true),
    userType: 'AutomatedProcess',
  },
];

export function standardUser(
  id: string,
  firstName: string,
  lastName: string,
  email: string,
  isActive: boolean,
): SeedUser {
  return { id, username: email, firstName, lastName, email, isActive, userType: 'Standard' };
}

/** `timeZone` as an IANA name, `currency` in ISO 4217. */
export function orgFacts(
  timeZone: string,
  currency: string,
  edition: OrgFacts['edition'] = 'Enterprise Edition',
): OrgFacts {
  return {
    organizationId: toId('00D', 4_242),
    name: 'Holdfast Sandbox Org',
    edition,
    isSandbox: false,
    timeZone,
    currency,
    fiscalYearStartMonth: 1,
    integrationUserId: INTEGRATION_ID,
    adminUserId: ADMIN_ID,
  };
}
