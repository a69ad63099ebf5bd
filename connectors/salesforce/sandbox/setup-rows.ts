import type { Values } from './field-definition.ts';
import { toId } from './ids.ts';
import type { StageSetup } from './objects/sales.ts';
import { taskPriorities, caseStatuses, taskStatuses } from './objects/work.ts';
import type { OrgSeed, SeedRow } from './org-seed.ts';

/** The records of the org's setup: itself, its users, queues, record types, currencies, statuses and stages. */
export function* setupRows(seed: OrgSeed, now: number, stages: readonly StageSetup[]): Generator<SeedRow> {
  const { facts } = seed;
  const year = 365 * 86_400_000;
  const row = (object: string, id: string, values: Values): SeedRow => ({
    object,
    id,
    values,
    createdAt: now - 3 * year,
    modifiedAt: now - year,
    deletedAt: null,
  });
  const localised = { LocaleSidKey: 'en_US', LanguageLocaleKey: 'en_US', TimeZoneSidKey: facts.timeZone };
  for (const person of seed.users) {
    yield row('User', person.id, {
      Username: person.username,
      FirstName: person.firstName,
      LastName: person.lastName,
      Email: person.email,
      Alias: person.lastName.slice(0, 8).toLowerCase(),
      IsActive: person.isActive,
      UserType: person.userType,
      ...localised,
    });
  }
  yield row('Organization', facts.organizationId, {
    Name: facts.name,
    Country: 'US',
    DefaultLocaleSidKey: 'en_US',
    LanguageLocaleKey: 'en_US',
    TimeZoneSidKey: facts.timeZone,
    FiscalYearStartMonth: facts.fiscalYearStartMonth,
    OrganizationType: facts.edition,
    InstanceName: facts.isSandbox ? 'CS420' : 'NA224',
    IsSandbox: facts.isSandbox,
  });
  for (const queue of seed.queues) {
    yield row('Group', queue.id, {
      Name: queue.name,
      DeveloperName: queue.name.replaceAll(/\W+/g, '_'),
      Type: 'Queue',
    });
  }
  for (const type of seed.recordTypes) {
    yield row('RecordType', type.id, {
      Name: type.name,
      DeveloperName: type.developerName,
      SobjectType: type.object,
      IsActive: true,
    });
  }
  if (seed.features.multiCurrency) {
    for (const [index, { isoCode, conversionRate }] of seed.currencies.entries()) {
      yield row('CurrencyType', toId('01L', index + 1), {
        IsoCode: isoCode,
        ConversionRate: conversionRate,
        DecimalPlaces: isoCode === 'JPY' ? 0 : 2,
        IsActive: true,
        IsCorporate: isoCode === facts.currency,
      });
    }
  }
  const listed = (index: number, name: string): Values => ({ MasterLabel: name, ApiName: name, SortOrder: index + 1 });
  for (const [index, { name, isClosed, isDefault }] of taskStatuses.entries()) {
    yield row('TaskStatus', toId('01E', index + 1), {
      ...listed(index, name),
      IsClosed: isClosed,
      IsDefault: isDefault,
    });
  }
  for (const [index, name] of taskPriorities.entries()) {
    yield row('TaskPriority', toId('01K', index + 1), {
      ...listed(index, name),
      IsDefault: name === 'Normal',
      IsHighPriority: name === 'High',
    });
  }
  for (const [index, { name, isClosed, isDefault }] of caseStatuses.entries()) {
    yield row('CaseStatus', toId('01C', index + 1), {
      ...listed(index, name),
      IsClosed: isClosed,
      IsDefault: isDefault,
    });
  }
  for (const [index, stage] of stages.entries()) {
    yield row('OpportunityStage', toId('01J', index + 1), {
      ...listed(index, stage.name),
      IsActive: true,
      IsClosed: stage.isClosed,
      IsWon: stage.isWon,
      DefaultProbability: stage.probability,
      ForecastCategoryName: stage.forecastCategory,
    });
  }
}
