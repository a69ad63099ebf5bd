import { ConnectorError } from '../contract/errors.ts';
import { reportLimits } from './client.ts';
import type { Org } from './org.ts';

/** Answers of queries say how much of the day is used; this asks before the first of them. */
export async function readUsage(org: Org): Promise<void> {
  try {
    await reportLimits(org);
  } catch (error) {
    // A user who may not look at limits still hears of them with every other answer.
    if (error instanceof ConnectorError && error.code === 'permission-missing') return;
    throw error;
  }
}
