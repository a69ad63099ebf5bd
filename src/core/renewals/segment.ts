import type { ModelConfiguration } from '../configuration.ts';
import type { Term } from '../model/assessment.ts';
import type { Money } from '../model/money.ts';
import { toHomeMajor } from '../model/rates.ts';
import type { Segment } from '../model/records.ts';
import type { AccountSnapshot } from '../model/snapshot.ts';

type Sized = Pick<AccountSnapshot, 'account' | 'currency'>;
type Sizes = Pick<ModelConfiguration, 'rates'> & {
  readonly renewals: Pick<ModelConfiguration['renewals'], 'segments'>;
};

/** The CRM's segment, else by annual value in the home currency. */
export function segmentOf(of: Sized, configuration: Sizes): Segment {
  return of.account.segment ?? segmentBy(of.account.arr, of, configuration);
}

/** Whose cadence the renewal of a term follows: the CRM's segment, else by what is up for renewal, else by annual value. */
export function segmentOfTerm(of: Sized, { targetArr }: Pick<Term, 'targetArr'>, configuration: Sizes): Segment {
  return of.account.segment ?? segmentBy(targetArr ?? of.account.arr, of, configuration);
}

function segmentBy(value: Money | null, { currency }: Sized, { renewals: { segments }, rates }: Sizes): Segment {
  if (value === null) return segments.withoutArr;
  const major = toHomeMajor(value, currency, rates);
  if (major > segments.enterpriseAbove) return 'enterprise';
  return major >= segments.midFrom ? 'mid' : 'smb';
}
