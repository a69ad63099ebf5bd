import type { Measure, Reading } from './measure.ts';
import { missing, ok, readAtOf } from './reading.ts';
import { dayText, nameText, spanText } from './wording.ts';
import { closedChanges } from './facts/commercial-changes.ts';
import type { AccountSnapshot, SourceName } from '../model/snapshot.ts';

export interface CommercialChangeSettings {
  readonly weight: number;
  readonly scores: { readonly expanded: number; readonly flat: number; readonly downgraded: number };
  readonly windowDays: number;
}

/** Provisional. */
export const defaultCommercialChange: CommercialChangeSettings = {
  weight: 0.25,
  scores: { expanded: 100, flat: 75, downgraded: 30 },
  windowDays: 365,
};

const SOURCES: readonly SourceName[] = ['deals'];

/** Value: the score of the last won upsell, cross-sell or downsell, since a change has no unit of its own. */
export function commercialChange(settings: CommercialChangeSettings): Measure {
  return {
    id: 'C2',
    title: 'Commercial change',
    dimension: 'commercial',
    weight: settings.weight,
    sources: SOURCES,
    read: (snapshot) => read(snapshot, settings),
  };
}

function read(snapshot: AccountSnapshot, settings: CommercialChangeSettings): Reading {
  if (snapshot.deals === null) return missing('Deals cannot be read.');
  if (snapshot.deals.length === 0) return missing('There is no deal on record.');
  const at = readAtOf(snapshot, SOURCES);
  const [last] = closedChanges(snapshot, 'won', settings.windowDays);
  if (last === undefined) {
    const score = settings.scores.flat;
    return ok({
      value: score,
      score,
      because: `Nothing was added or reduced in the last ${spanText(settings.windowDays)}.`,
      evidence: [],
      at,
    });
  }
  const score = last.kind === 'downgrade' ? settings.scores.downgraded : settings.scores.expanded;
  const verb = last.kind === 'downgrade' ? 'reduced' : 'expanded';
  const because = `The customer ${verb} on ${dayText(last.closeOn, snapshot.today)} (${nameText(last.deal.name, 'a deal')}).`;
  return ok({ value: score, score, because, evidence: [{ kind: 'deal', id: last.deal.id }], at });
}
