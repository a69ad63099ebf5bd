import { z } from 'zod';
import type { AccountFacts, FieldDescription, Pipeline, PipelineStage } from '../contract/connector.ts';
import { ConnectorError } from '../contract/errors.ts';
import { callSalesforce, readVersions } from './client.ts';
import { errorCodeOf } from './failures.ts';
import { factsOf } from './objects.ts';
import type { Org } from './org.ts';
import { askRows } from './query.ts';
import { shapeOf } from './shapes.ts';
import type { ShapeField } from './shapes.ts';
import { compare, select } from './soql.ts';
import { organizationFeatures } from './wire.ts';
import type { WireRow } from './wire.ts';

/** Asks for the org's versions too, so that a session that begins with this one speaks a version that the org has. */
export async function readAccountFacts(org: Org): Promise<AccountFacts> {
  org.settleVersion(await readVersions(org));
  const [row] = await askRows(
    org,
    select({
      from: 'Organization',
      fields: ['Id', 'Name', 'IsSandbox', 'OrganizationType', 'TimeZoneSidKey', 'TrialExpirationDate'],
      limit: 1,
    }),
    { purpose: 'read the organization' },
  );
  const parsed = organization.safeParse(row);
  if (!parsed.success) {
    throw new ConnectorError({
      code: 'response-unexpected',
      message: 'Salesforce does not say which organization this is.',
      remedy: 'Give the user that Holdfast is connected as the right to see the Organization object.',
      cause: parsed.error,
    });
  }
  const { Id, Name, TimeZoneSidKey } = parsed.data;
  const currencies = await readCurrencies(org);
  return {
    accountId: Id,
    title: Name,
    timeZone: TimeZoneSidKey,
    currency: currencies.home,
    currencies: currencies.all,
    webHost: new URL(org.access.baseUrl).host,
    kind: kindOf(parsed.data),
  };
}

const organization = z.object({
  Id: z.string(),
  Name: z.string(),
  TimeZoneSidKey: z.string(),
  IsSandbox: z.boolean().nullish(),
  OrganizationType: z.string().nullish(),
});

function kindOf({ IsSandbox, OrganizationType }: z.infer<typeof organization>): string {
  if (IsSandbox === true) return 'sandbox';
  return OrganizationType === 'Developer Edition' ? 'developer' : 'standard';
}

interface Currencies {
  readonly home: string;
  readonly all: readonly string[];
}

/** Only orgs with several currencies have an object for them; of one currency only the Connect API tells. */
async function readCurrencies(org: Org): Promise<Currencies> {
  const several = await readCurrencyTypes(org);
  if (several !== null) return several;
  const { features } = await callSalesforce(
    org,
    { method: 'GET', path: '/connect/organization', purpose: 'read the currency' },
    organizationFeatures,
  );
  const home = features.defaultCurrencyIsoCode;
  if (home) return { home, all: [home] };
  throw new ConnectorError({
    code: 'response-unexpected',
    message: 'Salesforce does not say in which currency this organization keeps its books.',
    remedy: 'Set the currency locale in Setup, Company Information, then connect again.',
  });
}

async function readCurrencyTypes(org: Org): Promise<Currencies | null> {
  const soql = select({
    from: 'CurrencyType',
    fields: ['IsoCode', 'IsCorporate'],
    where: compare('IsActive', '=', true),
    orderBy: ['IsoCode'],
  });
  try {
    const rows = await askRows(org, soql, { purpose: 'read the currencies' });
    const codes = rows.map((row) => String(row['IsoCode']));
    const corporate = rows.find((row) => row['IsCorporate'] === true)?.['IsoCode'] ?? codes[0];
    return typeof corporate === 'string' ? { home: corporate, all: codes } : null;
  } catch (error) {
    if (errorCodeOf(error) === 'INVALID_TYPE') return null;
    throw error;
  }
}

export async function describeObject(org: Org, object: string): Promise<readonly FieldDescription[]> {
  const shape = await shapeOf(org, factsOf(object).sobject);
  return [...shape.fields.values()].flatMap(toDescription);
}

function toDescription({ name, wire }: ShapeField): readonly FieldDescription[] {
  const type = toFieldType(wire.type);
  if (type === null) return [];
  const isList = type === 'enumeration' || type === 'multi-enumeration';
  return [
    {
      name,
      label: wire.label ?? name,
      type,
      readOnly: wire.updateable === false && wire.createable === false,
      options: isList ? (wire.picklistValues ?? []).map(({ value, label }) => ({ value, label: label ?? value })) : [],
    },
  ];
}

/** Null for what is made up of other fields, and for files: neither can be read as a value. */
function toFieldType(type: string): FieldDescription['type'] | null {
  switch (type) {
    case 'address':
    case 'location':
    case 'base64':
    case 'complexvalue':
      return null;
    case 'int':
    case 'long':
    case 'double':
    case 'currency':
    case 'percent':
      return 'number';
    case 'boolean':
      return 'boolean';
    case 'date':
      return 'date';
    case 'datetime':
      return 'datetime';
    case 'picklist':
      return 'enumeration';
    case 'multipicklist':
      return 'multi-enumeration';
    default:
      return 'text';
  }
}

/**
 * The stages of opportunities and the statuses of tasks and cases, which the org's setup keeps apart from the objects.
 * Every record type of an object is a pipeline of its own: Salesforce has one list of stages, of which a record type
 * shows a part.
 */
export async function listPipelines(org: Org, object: string): Promise<readonly Pipeline[]> {
  const setup = setups[object];
  if (setup === undefined) return [];
  const soql = select({
    from: setup.object,
    fields: ['MasterLabel', 'ApiName', ...setup.fields],
    orderBy: ['SortOrder'],
  });
  const stages = (await askRows(org, soql, { purpose: `list the stages of ${object}` })).map(setup.toStage);
  const shape = await shapeOf(org, factsOf(object).sobject);
  const types = shape.recordTypes.length > 0 ? shape.recordTypes : [{ id: object, label: object }];
  return types.map(({ id, label }) => ({ id, label, stages }));
}

interface Setup {
  readonly object: string;
  readonly fields: readonly string[];
  readonly toStage: (row: WireRow) => PipelineStage;
}

const statuses = (object: string): Setup => ({
  object,
  fields: ['IsClosed'],
  toStage: (row) => ({ ...wordsOf(row), outcome: row['IsClosed'] === true ? 'won' : 'open', probability: null }),
});

const setups: Readonly<Record<string, Setup>> = {
  Opportunity: {
    object: 'OpportunityStage',
    fields: ['IsClosed', 'IsWon', 'DefaultProbability'],
    toStage: (row) => ({ ...wordsOf(row), outcome: outcomeOf(row), probability: toShare(row['DefaultProbability']) }),
  },
  Case: statuses('CaseStatus'),
  Task: statuses('TaskStatus'),
};

function outcomeOf(row: WireRow): PipelineStage['outcome'] {
  if (row['IsClosed'] !== true) return 'open';
  return row['IsWon'] === true ? 'won' : 'lost';
}

const words = z.object({ MasterLabel: z.string().nullish(), ApiName: z.string().nullish() });

/** Records hold the name that the API knows a stage by; orgs that were made long ago have only the label. */
function wordsOf(row: WireRow): Pick<PipelineStage, 'id' | 'label'> {
  const { MasterLabel: label, ApiName: name } = words.parse(row);
  return { id: name ?? label ?? '', label: label ?? name ?? '' };
}

function toShare(percent: unknown): number | null {
  return typeof percent === 'number' ? percent / 100 : null;
}
