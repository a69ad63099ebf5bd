import type { Assessment } from '../model/assessment.ts';
import type { AccountSnapshot } from '../model/snapshot.ts';
import type { Play, PlayContext, PlayWish } from './play.ts';
import { renewalCadence } from './renewal-cadence.ts';

/** Every play, in the order of the catalogue. */
export const plays: readonly Play[] = [renewalCadence];

/** What all plays wish for one account. Nothing here says that a task exists: see `planTasks`. */
export function wishesOf(assessment: Assessment, snapshot: AccountSnapshot, context: PlayContext): readonly PlayWish[] {
  return plays.flatMap((play) => play.wishes(assessment, snapshot, context));
}
