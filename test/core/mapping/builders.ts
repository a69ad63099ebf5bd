import type { FieldDescription, FieldOption, Pipeline } from '../../../connectors/contract/connector.ts';
import type { RawValue } from '../../../connectors/contract/record.ts';
import type { CompiledMapping } from '../../../src/core/mapping/compile.ts';
import { compileMapping } from '../../../src/core/mapping/compile.ts';
import type { MappableRecord } from '../../../src/core/mapping/field-reader.ts';
import type { ConnectorMapping } from '../../../src/core/mapping/mapping.ts';
import type { Portal, PortalObject } from '../../../src/core/mapping/portal.ts';
import type { Assessment, Term } from '../../../src/core/model/assessment.ts';
import { calendarDate } from '../../../src/core/model/calendar-date.ts';
import { toAccountId, toHoldfastKey, toTermId } from '../../../src/core/model/ids.ts';
import type { TaskWish } from '../../../src/core/plan/step.ts';
import { hubspotMapping } from '../../mappings/hubspot-files.ts';

export function field(
  name: string,
  type: FieldDescription['type'] = 'text',
  options: readonly string[] | readonly FieldOption[] = [],
): FieldDescription {
  return {
    name,
    label: name,
    type,
    readOnly: false,
    options: options.map((option) => (typeof option === 'string' ? { value: option, label: option } : option)),
  };
}

export const DEAL_PIPELINES: readonly Pipeline[] = [
  {
    id: 'default',
    label: 'Sales Pipeline',
    stages: [
      { id: 'contractsent', label: 'Contract Sent', outcome: 'open', probability: 0.9 },
      { id: 'closedwon', label: 'Closed Won', outcome: 'won', probability: 1 },
    ],
  },
  {
    id: '7193',
    label: 'Customer renewals',
    stages: [{ id: '88', label: 'In negotiation', outcome: 'open', probability: 0.7 }],
  },
];

export function portal(definitions: Readonly<Record<string, PortalObject>> = {}, timeZone = 'Europe/Berlin'): Portal {
  return {
    facts: { timeZone, currency: 'EUR' },
    definitions: new Map(Object.entries(definitions)),
  };
}

/** HubSpot's mapping for a portal; its objects count as not yet described unless they are given. */
export function compiled(
  definitions: Readonly<Record<string, PortalObject>> = {},
  mapping: ConnectorMapping = hubspotMapping(),
): CompiledMapping {
  return compileMapping(mapping, portal(definitions));
}

export function stored(
  inputs: Readonly<Record<string, RawValue>>,
  more: Partial<Omit<MappableRecord, 'raw'>> & { readonly raw?: Partial<MappableRecord['raw']> } = {},
): MappableRecord {
  return {
    inputs,
    shown: more.shown ?? {},
    accountId: more.accountId ?? null,
    raw: {
      id: '7198',
      links: {},
      createdAt: '2024-01-05T09:00:00.000Z',
      modifiedAt: '2026-11-20T08:00:00.000Z',
      deleted: false,
      ...more.raw,
    },
  };
}

export function term(change: Partial<Term> = {}): Term {
  return {
    id: toTermId('deal:501:2026-02-01'),
    startOn: calendarDate('2026-02-01'),
    endOn: calendarDate('2027-01-31'),
    decisionOn: calendarDate('2027-01-01'),
    noticeDays: 30,
    noticeAssumed: false,
    type: 'auto_renew',
    targetArr: { minor: 4_800_000, currency: 'EUR' },
    outcome: 'open',
    renewalDealId: '9001',
    source: 'company property renewal_date',
    evidence: [],
    ...change,
  };
}

export function assessment(change: Partial<Assessment> = {}): Assessment {
  const next = term();
  return {
    accountId: toAccountId('7198'),
    asOf: '2026-11-20T06:00:00.000Z',
    modelVersion: 'HF-Health v1 / default 1',
    dataAsOf: '2026-11-20T05:45:00.000Z',
    health: {
      score: 61.24,
      raw: 58.9,
      band: 'yellow',
      bandSinceOn: calendarDate('2026-11-02'),
      previousBand: 'green',
      trend: 'declining',
      delta28d: -7.04,
      profile: 'renewal_window',
      coverage: 0.6667,
      confidence: 'medium',
      dimensions: { relationship: 44.06, support: 71 },
      caps: [{ id: 'champion_departed', limit: 70, because: 'The champion left.' }],
      drivers: [],
      movers: [],
      reason: 'No two-way contact for 61 days.',
      override: null,
    },
    churn: {
      probability90d: 0.2346,
      interval90d: { low: 0.11, high: 0.41 },
      atDecision: 0.2346,
      risk: 'medium',
      riskAlone: 'medium',
      status: 'cold_start',
      arrAtRisk: { minor: 1_125_600, currency: 'EUR' },
      saveValue: { minor: 450_240, currency: 'EUR' },
      reason: 'relationship',
      because: [],
    },
    renewal: { terms: [next], next, status: 'in_window', gaps: [] },
    expansion: {
      score: 12,
      band: 'blocked',
      bandAlone: 'blocked',
      signals: [],
      blocker: 'Health is below 75.',
      expectedValue: null,
    },
    people: { champion: 'unknown', lastTwoWayAt: null },
    place: { parentId: null, ownerId: null, revenue: null },
    standing: null,
    history: {
      lastOn: calendarDate('2026-11-19'),
      ewma: 61,
      band: 'yellow',
      bandSinceOn: calendarDate('2026-11-02'),
      daysWorse: 0,
      daysBetter: 0,
      days: [],
      lastGood: {},
    },
    ...change,
  };
}

export function wish(change: Partial<TaskWish> = {}): TaskWish {
  return {
    key: toHoldfastKey('ABCDEFGHIJKLMNOPQRSTUVWXYZ'),
    play: 'renewal-cadence',
    step: 'R2',
    accountId: toAccountId('7198'),
    termId: toTermId('deal:501:2026-02-01'),
    dealId: '9001',
    subject: 'Renewal of Acme: review value with the champion',
    body: 'The term ends on 31 January 2027.\nDecision by 1 January.\n\nDone when the meeting is logged.',
    dueOn: calendarDate('2026-12-01'),
    dueAt: '2026-12-01T08:00:00.000Z',
    priority: 'high',
    ownerId: '77',
    ownerNote: null,
    worth: null,
    isExempt: false,
    ...change,
  };
}
