import { HoldfastError } from '../../errors.ts';
import { describeIssues } from './describe-issues.ts';
import { didYouMean } from './did-you-mean.ts';
import type { EntityName } from './entities.ts';
import { ENTITIES, ENTITY_NAMES, fieldsOf } from './entities.ts';
import type { ConnectorMapping, EntityMapping, FieldMapping, Place, WriteBack, WriteField } from './mapping.ts';
import { NEEDED_ENTITIES, placesOf } from './mapping.ts';
import type { OutputCatalogue, OutputType } from './outputs.ts';
import { ACCOUNT_OUTPUTS, CONTACT_OUTPUTS, DEAL_OUTPUTS, TASK_OUTPUTS } from './outputs.ts';
import type {
  DealWriteFile,
  EntityFile,
  FieldFile,
  FileName,
  TaskWriteFile,
  ValuesFile,
  WriteBackFile,
  WriteFieldFile,
  WriteType,
} from './schema.ts';
import { FILE_SCHEMAS } from './schema.ts';

/**
 * Reads a connector's mapping folder: file name (`account.json`) → its parsed JSON. Contracts, tickets and the four kinds
 * of activity may be left out, for CRMs that have no object for them.
 * Throws `mapping-invalid` with every problem of every file at once: file, path, what stands there, what may.
 */
export function parseConnectorMapping(files: Readonly<Record<string, unknown>>): ConnectorMapping {
  const problems: string[] = [];
  const parsed = new Map<FileName, unknown>();
  for (const [file, content] of Object.entries(files)) {
    const name = file.replace(/\.json$/, '');
    const schema = FILE_SCHEMAS.get(name as FileName);
    if (schema === undefined) {
      problems.push(`${file}: there is no such mapping file.${didYouMean(name, FILE_SCHEMAS.keys())}`);
      continue;
    }
    const result = schema.safeParse(content);
    if (result.success) parsed.set(name as FileName, result.data);
    else problems.push(...describeIssues(result.error.issues, schema, content, file));
  }
  for (const needed of [...NEEDED_ENTITIES, 'write-back', 'task-write', 'deal-write']) {
    const isThere = Object.keys(files).some((file) => file.replace(/\.json$/, '') === needed);
    if (!isThere) problems.push(`${needed}.json: is missing; every connector needs it`);
  }
  for (const entity of ENTITY_NAMES) {
    const file = parsed.get(entity) as EntityFile | undefined;
    if (file !== undefined) problems.push(...contradictionsOf(entity, file.fields, `${entity}.json`, 'fields.'));
  }
  const writeBackFile = parsed.get('write-back') as WriteBackFile | undefined;
  if (writeBackFile !== undefined) problems.push(...writeBackContradictions(writeBackFile));
  throwIfAny(problems);

  const writeBack = toWriteBack(writeBackFile as WriteBackFile);
  const entities = Object.fromEntries(
    ENTITY_NAMES.flatMap((entity) => {
      const file = parsed.get(entity) as EntityFile | undefined;
      return file === undefined ? [] : [[entity, toEntityMapping(entity, file)] as const];
    }),
  );
  const mapping = {
    entities: entities as ConnectorMapping['entities'],
    writeBack,
    taskWrite: parsed.get('task-write') as TaskWriteFile,
    dealWrite: parsed.get('deal-write') as DealWriteFile,
  };
  throwIfAny(loopsOf(mapping));
  return mapping;
}

/** Throws `mapping-invalid` with all of `problems`, one a line, unless there are none. */
export function throwIfAny(problems: readonly string[], subject = 'The mapping'): void {
  if (problems.length === 0) return;
  const places = problems.length === 1 ? 'one place' : `${problems.length} places`;
  throw new HoldfastError({
    code: 'mapping-invalid',
    message: `${subject} is wrong in ${places}:\n${problems.map((problem) => `  ${problem}`).join('\n')}`,
    remedy: 'Correct the places named; mappings/README.md shows every directive by example.',
  });
}

/** The JSON of one field as the core uses it; `chosen` are the places that an installation's admin named. */
export function toFieldMapping(file: FieldFile, chosen: readonly string[]): FieldMapping {
  return {
    from: file.from.map((place): Place => {
      const ignore = file.ignore ?? [];
      if (typeof place === 'string') {
        return { fields: [place], ignore, values: file.values ?? null, skipsUnmatched: false, pipeline: null };
      }
      const own = { ignore: [...ignore, ...(place.ignore ?? [])] };
      if ('join' in place) return { fields: place.join, ...own, values: null, skipsUnmatched: false, pipeline: null };
      return {
        fields: [place.field],
        ...own,
        values: place.values ?? file.values ?? null,
        skipsUnmatched: place.unmatched === 'next',
        pipeline: place.pipeline ?? null,
      };
    }),
    otherwise: file.otherwise ?? null,
    min: file.min ?? null,
    max: file.max ?? null,
    scale: file.scale ?? 'percent',
    currency: file.currency ?? [],
    chosen,
    file,
  };
}

/** What the schemas cannot see of the fields of one entity: spellings that mean two things, missing `values`, empty ranges. */
export function contradictionsOf(
  entity: EntityName,
  fields: Readonly<Record<string, FieldFile>>,
  file: string,
  prefix: string,
): string[] {
  return Object.entries(fields).flatMap(([name, field]) => {
    const at = `${file}, ${prefix}${name}`;
    const problems: string[] = [];
    const type = fieldsOf(entity)[name]?.type;
    const places = field.from.filter((place) => typeof place === 'string' || 'field' in place);
    const lacksValues = places.some((place) => typeof place === 'string' || place.values === undefined);
    if ((type === 'enumeration' || type === 'multi-enumeration') && field.values === undefined && lacksValues) {
      problems.push(`${at}: 'values' is missing: say which values of the CRM mean which of ours`);
    }
    const tables = [field.values, ...places.map((place) => (typeof place === 'string' ? undefined : place.values))];
    for (const table of tables) problems.push(...spelledTwice(table ?? {}).map((twice) => `${at}: ${twice}`));
    if (field.min !== undefined && field.max !== undefined && field.min > field.max) {
      problems.push(`${at}: min (${field.min}) is greater than max (${field.max})`);
    }
    return problems;
  });
}

function spelledTwice(values: ValuesFile): string[] {
  const meanings = new Map<string, string>();
  const problems: string[] = [];
  for (const [meaning, spellings] of Object.entries(values)) {
    for (const spelling of spellings ?? []) {
      const earlier = meanings.get(spelling.toLowerCase());
      if (earlier === undefined) meanings.set(spelling.toLowerCase(), meaning);
      else problems.push(`'${spelling}' stands under both '${earlier}' and '${meaning}'; keep it under one`);
    }
  }
  return problems;
}

/**
 * Places that read what is written from here. A value that travels out and comes back in would feed itself; the task's
 * key alone is meant to come back.
 */
export function loopsOf(mapping: Pick<ConnectorMapping, 'entities' | 'writeBack'>): string[] {
  return (['account', 'deal', 'contact'] as const).flatMap((entity) => {
    const written = new Set(
      mapping.writeBack[entity].filter((field) => field.value !== null).map((field) => field.name),
    );
    return Object.entries(mapping.entities[entity]?.fields ?? {}).flatMap(([name, field]) =>
      placesOf(field)
        .filter((place) => written.has(place))
        .map((place) => `${entity}.${name}: '${place}' is written by Holdfast itself and cannot be read as a source`),
    );
  });
}

function toEntityMapping(entity: EntityName, file: EntityFile): EntityMapping {
  return {
    entity,
    object: file.object,
    isOptional: file.optional ?? false,
    links: { account: file.links?.account ?? null, contacts: file.links?.contacts ?? null },
    fields: Object.fromEntries(
      Object.keys(ENTITIES[entity].fields).flatMap((name) => {
        const field = file.fields[name];
        return field === undefined ? [] : [[name, toFieldMapping(field, [])] as const];
      }),
    ),
  };
}

function toWriteBack(file: WriteBackFile): WriteBack {
  const section = (fields: readonly WriteFieldFile[]) => fields.map(toWriteField);
  return {
    currency: file.currency ?? null,
    account: section(file.account),
    deal: section(file.deal),
    task: section(file.task),
    contact: section(file.contact),
  };
}

function toWriteField(file: WriteFieldFile): WriteField {
  return {
    name: file.name,
    label: file.label,
    description: file.description,
    type: file.type,
    isCore: file.core ?? false,
    isUnique: file.unique ?? false,
    options: file.options ?? [],
    value: file.value ?? null,
    decimals: file.decimals ?? 2,
    scale: file.scale ?? 'percent',
    maxLength: file.maxLength ?? null,
    writeWhen: file.writeWhen ?? 'changed',
  };
}

/** Which field types can hold which outputs. */
const HOLDERS: Readonly<Record<OutputType, readonly WriteType[]>> = {
  text: ['text', 'long-text', 'url'],
  number: ['number'],
  percent: ['percent'],
  money: ['currency'],
  date: ['date'],
  datetime: ['datetime'],
  boolean: ['boolean'],
  enumeration: ['enumeration', 'text'],
  'multi-enumeration': ['multi-enumeration'],
};

function writeBackContradictions(file: WriteBackFile): string[] {
  return [
    ...sectionContradictions(file.account, 'account', ACCOUNT_OUTPUTS),
    ...sectionContradictions(file.deal, 'deal', DEAL_OUTPUTS),
    ...sectionContradictions(file.task, 'task', TASK_OUTPUTS),
    ...sectionContradictions(file.contact, 'contact', CONTACT_OUTPUTS),
  ];
}

function sectionContradictions(
  fields: readonly WriteFieldFile[],
  section: string,
  outputs: OutputCatalogue<never>,
): string[] {
  const names = new Set<string>();
  return fields.flatMap((field) => {
    const at = `write-back.json, ${section}: '${field.name}'`;
    const problems: string[] = [];
    if (names.has(field.name)) problems.push(`${at} stands there twice`);
    names.add(field.name);
    if ((field.value === undefined) === (field.filledBy === undefined)) {
      problems.push(`${at} needs either 'value' (what is written) or 'filledBy': "people", not both`);
    }
    const isEnumeration = field.type === 'enumeration' || field.type === 'multi-enumeration';
    const options = new Set((field.options ?? []).map((option) => option.value));
    if (isEnumeration !== options.size > 0) {
      problems.push(isEnumeration ? `${at} needs 'options'` : `${at} is a ${field.type} and cannot have 'options'`);
    }
    const output = field.value === undefined ? undefined : outputs[field.value];
    if (output !== undefined) {
      const holders = HOLDERS[output.type];
      if (!holders.includes(field.type)) {
        problems.push(`${at} is a ${field.type}; '${field.value}' needs ${holders.join(' or ')}`);
      }
      const lacking = isEnumeration ? (output.values ?? []).filter((value) => !options.has(value)) : [];
      if (lacking.length > 0)
        problems.push(`${at} lacks the options ${lacking.map((value) => `'${value}'`).join(', ')}`);
    }
    return problems;
  });
}
