import type { Value, Values } from './field-definition.ts';
import type { ObjectDefinition } from './object-definition.ts';
import { contractStatuses } from './objects/sales.ts';
import type { StageSetup } from './objects/sales.ts';
import { caseStatuses, taskStatuses } from './objects/work.ts';
import type { OrgFeatures } from './org-seed.ts';
import { toMs, toWireTime } from './wire-time.ts';

/** What Salesforce looks at to work out a record's own fields. */
export interface Surroundings {
  readonly features: OrgFeatures;
  readonly stages: readonly StageSetup[];
  readonly fiscalYearStartMonth: number;
  /** A field of another record, or null. */
  readonly look: (id: Value, field: string) => Value;
  /** The next number of an object whose records are numbered. */
  readonly count: (object: string) => number;
  readonly now: number;
}

const DAY_MS = 86_400_000;
const ARCHIVED_AFTER_MS = 365 * DAY_MS;
const FORECAST_CODES: Readonly<Record<string, string>> = { 'Best Case': 'BestCase', Commit: 'Forecast' };

/**
 * `sent` on top of `before` (null for a new record), with what Salesforce itself fills in. A value that `sent` states
 * is never replaced: only the org's own seed can state what people cannot write.
 */
export function withDerived(
  object: ObjectDefinition,
  before: Values | null,
  sent: Values,
  around: Surroundings,
): Values {
  const after = { ...before, ...sent };
  const made = MAKERS[object.name]?.(after, before, sent, around) ?? {};
  const filled: Record<string, Value> = {};
  for (const [name, value] of Object.entries({ ...after, ...made, ...sent })) {
    if (value !== null && value !== false) filled[name] = value;
  }
  return filled;
}

/** Whether an activity is so long past that only `queryAll` shows it. */
export function isArchived(object: ObjectDefinition, values: Values, now: number): boolean {
  if (object.name === 'Task') {
    const day = values['ActivityDate'];
    return values['IsClosed'] === true && typeof day === 'string' && Date.parse(day) < now - ARCHIVED_AFTER_MS;
  }
  const endedAt = values['EndDateTime'];
  return object.name === 'Event' && typeof endedAt === 'string' && toMs(endedAt) < now - ARCHIVED_AFTER_MS;
}

type Maker = (after: Values, before: Values | null, sent: Values, around: Surroundings) => Values;

const MAKERS: Readonly<Record<string, Maker>> = {
  Account: (after) => (after['IsPersonAccount'] === true ? { Name: fullName(after) } : {}),
  Contact: (after) => ({
    Name: fullName(after),
    IsEmailBounced: isFilled(after['EmailBouncedDate']) || isFilled(after['EmailBouncedReason']),
  }),
  User: (after) => ({ Name: fullName(after) }),
  Opportunity: makeOpportunity,
  Contract: makeContract,
  Case: (after, before, _, around) => {
    const isClosed = isClosedIn(caseStatuses, after['Status']);
    return {
      IsClosed: isClosed,
      ClosedDate: isClosed ? (before?.['ClosedDate'] ?? toWireTime(around.now)) : null,
      CaseNumber: before?.['CaseNumber'] ?? String(around.count('Case')).padStart(8, '0'),
    };
  },
  Task: (after, before, _, around) => {
    const isClosed = isClosedIn(taskStatuses, after['Status']);
    return {
      IsClosed: isClosed,
      IsHighPriority: after['Priority'] === 'High',
      CompletedDateTime: isClosed ? (before?.['CompletedDateTime'] ?? toWireTime(around.now)) : null,
      AccountId: accountOf(after, around),
    };
  },
  Event: makeEvent,
  AccountContactRelation: (after, _before, _sent, around) => ({
    IsDirect: around.look(after['ContactId'] ?? null, 'AccountId') === after['AccountId'],
  }),
  TaskRelation: (after, _before, _sent, around) => makeRelation(after, 'TaskId', around),
  EventRelation: (after, _before, _sent, around) => makeRelation(after, 'EventId', around),
  SBQQ__Subscription__c: (after, before, _, around) => ({
    Name: before?.['Name'] ?? `SUB-${String(around.count('SBQQ__Subscription__c')).padStart(7, '0')}`,
    SBQQ__StartDate__c: after['SBQQ__SubscriptionStartDate__c'] ?? null,
    SBQQ__EndDate__c: after['SBQQ__TerminatedDate__c'] ?? after['SBQQ__SubscriptionEndDate__c'] ?? null,
  }),
};

function makeOpportunity(after: Values, before: Values | null, sent: Values, around: Surroundings): Values {
  const stage = around.stages.find(({ name }) => name === after['StageName']);
  const isMoved = before === null || before['StageName'] !== after['StageName'];
  const probability = isMoved && sent['Probability'] === undefined ? (stage?.probability ?? 0) : after['Probability'];
  const category =
    isMoved && sent['ForecastCategoryName'] === undefined
      ? (stage?.forecastCategory ?? 'Pipeline')
      : String(after['ForecastCategoryName'] ?? 'Pipeline');
  const amount = after['Amount'];
  return {
    IsClosed: stage?.isClosed ?? false,
    IsWon: stage?.isWon ?? false,
    Probability: probability ?? null,
    ForecastCategoryName: category,
    ForecastCategory: FORECAST_CODES[category] ?? category,
    ExpectedRevenue: typeof amount === 'number' ? Math.round(amount * Number(probability)) / 100 : null,
    LastStageChangeDate: isMoved ? toWireTime(around.now) : (after['LastStageChangeDate'] ?? null),
    ...fiscalPeriod(String(after['CloseDate'] ?? ''), around.fiscalYearStartMonth),
  };
}

function fiscalPeriod(closeDate: string, startMonth: number): Values {
  const [year = 0, month = 1] = closeDate.split('-').map(Number);
  const monthOfYear = (month - startMonth + 12) % 12;
  const fiscalYear = startMonth > 1 && month >= startMonth ? year + 1 : year;
  const quarter = Math.floor(monthOfYear / 3) + 1;
  return { FiscalYear: fiscalYear, FiscalQuarter: quarter, Fiscal: `${fiscalYear} ${quarter}` };
}

function makeContract(after: Values, before: Values | null, _: Values, around: Surroundings): Values {
  const { StartDate: start, ContractTerm: months } = after;
  const made: Record<string, Value> = {
    StatusCode: contractStatuses[String(after['Status'])] ?? 'Draft',
    ContractNumber: before?.['ContractNumber'] ?? String(around.count('Contract')).padStart(8, '0'),
  };
  if (around.features.contractEnds === 'calculated') {
    made['EndDate'] = typeof start === 'string' && typeof months === 'number' ? lastDay(start, months) : null;
  }
  return made;
}

/** The day before the same day `months` later. */
function lastDay(start: string, months: number): string {
  const [year = 0, month = 1, day = 1] = start.split('-').map(Number);
  const lastOfMonth = new Date(Date.UTC(year, month + months, 0)).getUTCDate();
  const end = Date.UTC(year, month - 1 + months, Math.min(day, lastOfMonth)) - DAY_MS;
  return new Date(end).toISOString().slice(0, 10);
}

function makeEvent(after: Values, _before: Values | null, sent: Values, around: Surroundings): Values {
  const startText = sent['ActivityDateTime'] ?? sent['StartDateTime'] ?? after['StartDateTime'] ?? null;
  const startsAt = typeof startText === 'string' ? toMs(startText) : null;
  const endText = sent['EndDateTime'];
  const minutes =
    startsAt !== null && typeof endText === 'string'
      ? Math.round((toMs(endText) - startsAt) / 60_000)
      : Number(after['DurationInMinutes'] ?? 0);
  return {
    StartDateTime: startText,
    ActivityDateTime: startText,
    ActivityDate: startsAt === null ? null : new Date(startsAt).toISOString().slice(0, 10),
    EndDateTime: startsAt === null ? null : toWireTime(startsAt + minutes * 60_000),
    DurationInMinutes: minutes,
    AccountId: accountOf(after, around),
  };
}

/** From what the activity is about; else from the person. */
function accountOf(after: Values, around: Surroundings): Value {
  const whatId = after['WhatId'] ?? null;
  if (typeof whatId === 'string') return whatId.startsWith('001') ? whatId : around.look(whatId, 'AccountId');
  return around.look(after['WhoId'] ?? null, 'AccountId');
}

function makeRelation(after: Values, activityField: string, around: Surroundings): Values {
  return {
    IsWhat: !String(after['RelationId']).startsWith('003'),
    AccountId: around.look(after[activityField] ?? null, 'AccountId'),
  };
}

function fullName(values: Values): string {
  return [values['FirstName'], values['LastName']].filter(isFilled).join(' ');
}

function isFilled(value: Value | undefined): boolean {
  return value !== undefined && value !== null && value !== '';
}

function isClosedIn(
  statuses: readonly { readonly name: string; readonly isClosed: boolean }[],
  status: unknown,
): boolean {
  return statuses.some(({ name, isClosed }) => name === status && isClosed);
}
