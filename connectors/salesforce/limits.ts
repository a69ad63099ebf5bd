import type { Limit } from '../contract/connector.ts';

/**
 * Salesforce counts calls by the day, which its headers tell, and long ones that are under way at once: 25 of them, in
 * developer orgs 5, for all apps of the org together. There is no limit by the second; this one is good manners.
 */
export const limits: readonly Limit[] = [{ bucket: 'general', calls: 250, perMs: 10_000, concurrent: 4 }];
