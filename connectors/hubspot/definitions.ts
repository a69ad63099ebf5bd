import type { Access, AccountFacts, FieldDescription, Pipeline, PipelineStage } from '../contract/connector.ts';
import { callHubSpot } from './client.ts';
import { OWNERS, factsOf } from './objects.ts';
import { describeOwners } from './owners.ts';
import { toValue } from './records.ts';
import { accountDetails, pipelineList, propertyList } from './wire.ts';
import type { WireProperty, WireStage } from './wire.ts';

export async function readAccountFacts(access: Access): Promise<AccountFacts> {
  const details = await callHubSpot(
    access,
    { method: 'GET', path: '/account-info/2026-09/details', purpose: 'read account facts', scope: 'oauth' },
    accountDetails,
  );
  const currencies = new Set([details.companyCurrency, ...(details.additionalCurrencies ?? [])]);
  return {
    accountId: details.portalId,
    // HubSpot's API does not tell an account's name.
    title: `HubSpot account ${details.portalId}`,
    timeZone: details.timeZone,
    currency: details.companyCurrency,
    currencies: [...currencies],
    webHost: details.uiDomain ?? 'app.hubspot.com',
    kind: kinds[details.accountType ?? ''] ?? 'standard',
  };
}

const kinds: Readonly<Record<string, string>> = {
  SANDBOX: 'sandbox',
  DEVELOPER_TEST: 'developer',
  APP_DEVELOPER: 'developer',
};

/** The object's properties as HubSpot states them, archived ones left out. */
export async function listProperties(access: Access, object: string): Promise<readonly WireProperty[]> {
  const answer = await callHubSpot(
    access,
    {
      method: 'GET',
      path: `/crm/properties/2026-09/${object}`,
      query: { archived: 'false' },
      purpose: `list properties of ${object}`,
      scope: factsOf(object).readScope,
    },
    propertyList,
  );
  return answer.results;
}

export async function describeObject(access: Access, object: string): Promise<readonly FieldDescription[]> {
  if (object === OWNERS) return describeOwners();
  return (await listProperties(access, object)).map((property) => ({
    name: property.name,
    label: property.label ?? property.name,
    type: toFieldType(property),
    readOnly: (property.modificationMetadata?.readOnlyValue ?? false) || (property.calculated ?? false),
    options: inDisplayOrder(property.options ?? []).map(({ value, label }) => ({ value, label: label ?? value })),
  }));
}

function toFieldType(property: WireProperty): FieldDescription['type'] {
  switch (property.type) {
    case 'number':
      return 'number';
    case 'bool':
      return 'boolean';
    case 'date':
      return 'date';
    case 'datetime':
      return 'datetime';
    case 'enumeration':
      return property.fieldType === 'checkbox' ? 'multi-enumeration' : 'enumeration';
    default:
      return 'text';
  }
}

export async function listPipelines(access: Access, object: string): Promise<readonly Pipeline[]> {
  if (object === OWNERS || !factsOf(object).hasPipelines) return [];
  const answer = await callHubSpot(
    access,
    {
      method: 'GET',
      path: `/crm/pipelines/2026-09/${object}`,
      purpose: `list pipelines of ${object}`,
      scope: factsOf(object).readScope,
    },
    pipelineList,
  );
  return inDisplayOrder(answer.results).map((pipeline) => ({
    id: pipeline.id,
    label: pipeline.label ?? pipeline.id,
    stages: inDisplayOrder(pipeline.stages).map(toStage),
  }));
}

function toStage(stage: WireStage): PipelineStage {
  // Booleans and numbers come as text here, but not in every version.
  const text = (name: string): string | null => {
    const value = toValue(stage.metadata?.[name]);
    return value === null ? null : String(value);
  };
  const stated = Number.parseFloat(text('probability') ?? '');
  const probability = Number.isFinite(stated) ? stated : null;
  // Tickets have a state; deals have a probability, which is 1 where they are won and 0 where they are lost.
  const isClosed =
    text('ticketState') === 'CLOSED' ||
    (text('isClosed') === null ? probability === 0 || probability === 1 : text('isClosed') === 'true');
  const isLost = isClosed && probability === 0;
  return {
    id: stage.id,
    label: stage.label ?? stage.id,
    outcome: isClosed ? (isLost ? 'lost' : 'won') : 'open',
    probability,
  };
}

function inDisplayOrder<T extends { readonly displayOrder?: number | null | undefined }>(
  all: readonly T[],
): readonly T[] {
  return [...all].sort((a, b) => (a.displayOrder ?? 0) - (b.displayOrder ?? 0));
}
