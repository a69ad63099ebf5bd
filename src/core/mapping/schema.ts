import { z } from 'zod';
import type { CanonicalField, EntityName } from './entities.ts';
import { ENTITY_NAMES, fieldsOf } from './entities.ts';
import type { OutputCatalogue } from './outputs.ts';
import { ACCOUNT_OUTPUTS, CONTACT_OUTPUTS, DEAL_OUTPUTS, TASK_OUTPUTS } from './outputs.ts';

/**
 * The mapping language as zod schemas: one per file of a connector's folder, named like the file. `mappings/README.md`
 * shows every directive with input, mapping and output; `mappings/mapping.schema.json` is this, for editors.
 */

const fieldName = z
  .string()
  .regex(/^[A-Za-z_][\w.-]*$/, "must be a field's internal name (letters, digits, '_', '.' and '-')")
  .describe("A field's internal name in the CRM");
const objectName = fieldName.describe("The CRM's name of the object: companies, deals");
const spelling = z.string().trim().min(1).describe('A value as the CRM holds it; case does not matter');
const note = z.string().optional().describe('Why it is so; for people');
const ignore = z.array(spelling).optional().describe('Values that count as empty, so that the next place is tried');

/** What the JSON of one place holds; which keys are allowed depends on the field's type. */
export type PlaceFile =
  | string
  | { readonly join: readonly string[]; readonly ignore?: readonly string[] | undefined }
  | {
      readonly field: string;
      readonly ignore?: readonly string[] | undefined;
      readonly values?: ValuesFile | undefined;
      readonly unmatched?: 'next' | undefined;
      readonly pipeline?: string | undefined;
    };

export type ValuesFile = Readonly<Record<string, readonly string[] | undefined>>;

/** What the JSON of one field holds. */
export interface FieldFile {
  readonly note?: string | undefined;
  readonly from: readonly PlaceFile[];
  readonly ignore?: readonly string[] | undefined;
  readonly values?: ValuesFile | undefined;
  readonly otherwise?: string | undefined;
  readonly min?: number | undefined;
  readonly max?: number | undefined;
  readonly scale?: 'percent' | 'fraction' | undefined;
  readonly currency?: readonly string[] | undefined;
}

export interface EntityFile {
  readonly maps: EntityName;
  readonly object: string;
  readonly optional?: true | undefined;
  readonly links?: { readonly account?: string | undefined; readonly contacts?: string | undefined } | undefined;
  readonly fields: Readonly<Record<string, FieldFile>>;
}

/**
 * When a different value is a reason to write. `reworded`: a text in which more than figures and days differ. A threshold:
 * a number that moved so far, in the written unit; a share: one that moved by so much of what it was. `stamp`: never by
 * itself. What is no reason goes along with what is, and with the heartbeat.
 */
export type WriteWhen = 'changed' | 'reworded' | 'stamp' | { readonly threshold: number } | { readonly share: number };

export interface WriteFieldFile {
  readonly name: string;
  readonly label: string;
  readonly description: string;
  readonly type: WriteType;
  readonly core?: boolean | undefined;
  readonly unique?: boolean | undefined;
  readonly options?: readonly { readonly value: string; readonly label: string }[] | undefined;
  readonly value?: string | undefined;
  readonly filledBy?: 'people' | undefined;
  readonly decimals?: number | undefined;
  readonly scale?: 'percent' | 'fraction' | undefined;
  readonly maxLength?: number | undefined;
  readonly writeWhen?: WriteWhen | undefined;
}

export const WRITE_TYPES = [
  'text',
  'long-text',
  'number',
  'currency',
  'percent',
  'date',
  'datetime',
  'boolean',
  'enumeration',
  'multi-enumeration',
  'url',
] as const;
export type WriteType = (typeof WRITE_TYPES)[number];

const plainPlace = z.union([fieldName, z.strictObject({ field: fieldName, ignore })]);

function placeSchema(field: CanonicalField): z.ZodType<PlaceFile> {
  switch (field.type) {
    case 'text':
      return z.union([
        fieldName,
        z.strictObject({ field: fieldName, ignore }),
        z.strictObject({
          join: z.array(fieldName).min(2).describe('Fields whose values are joined by a space, empty ones left out'),
          ignore,
        }),
      ]);
    case 'stage':
      return z.strictObject({
        field: fieldName,
        pipeline: fieldName.describe('The field that holds the pipeline of the stage'),
        ignore,
      });
    case 'boolean':
    case 'enumeration':
    case 'multi-enumeration':
      return z.union([
        fieldName,
        z.strictObject({
          field: fieldName,
          ignore,
          values: valuesSchema(field).optional(),
          unmatched: z.literal('next').optional().describe('Try the next place when no spelling matches'),
          pipeline: fieldName
            .optional()
            .describe(
              "The value is a stage of the pipeline in this field; its outcome 'open', 'won' or 'lost' is read",
            ),
        }),
      ]);
    case 'id':
    case 'email':
    case 'number':
    case 'integer':
    case 'percent':
    case 'money':
    case 'date':
    case 'datetime':
    case 'name-list':
      return plainPlace;
    default:
      return field.type satisfies never;
  }
}

/** The values that a field's mapping can lead to. */
export function targetsOf(field: CanonicalField): readonly string[] {
  return field.type === 'boolean' ? ['true', 'false'] : (field.values ?? []);
}

function valuesSchema(field: CanonicalField) {
  const spellings = z.array(spelling).min(1);
  return z
    .strictObject(Object.fromEntries(targetsOf(field).map((target) => [target, spellings.optional()])))
    .describe("Our value → the CRM's values that mean it; `*` at either end stands for anything");
}

/** Fields of one shape share a schema, so that the JSON Schema states it once. */
const fieldSchemas = new Map<string, z.ZodObject>();

/** The schema of one canonical field's mapping: only the directives that mean something for its type. */
function fieldSchema(field: CanonicalField): z.ZodObject {
  const shape = [field.type, ...targetsOf(field)].join(' ');
  const schema = fieldSchemas.get(shape) ?? toFieldSchema(field);
  fieldSchemas.set(shape, schema);
  return schema;
}

function toFieldSchema(field: CanonicalField): z.ZodObject {
  const every = {
    note,
    from: z.array(placeSchema(field)).min(1).describe('Places, tried in order; the first that is not empty wins'),
    ignore,
  };
  const range = { min: z.number().optional(), max: z.number().optional() };
  switch (field.type) {
    case 'text':
    case 'id':
    case 'email':
    case 'date':
    case 'datetime':
    case 'name-list':
    case 'stage':
      return z.strictObject(every);
    case 'number':
    case 'integer':
      return z.strictObject({ ...every, ...range });
    case 'percent':
      return z.strictObject({
        ...every,
        ...range,
        scale: z.enum(['percent', 'fraction']).optional().describe('percent: 71 is 71 %; fraction: 0.71 is 71 %'),
      });
    case 'money':
      return z.strictObject({
        ...every,
        ...range,
        currency: z
          .array(fieldName)
          .min(1)
          .optional()
          .describe("Fields that hold the currency's ISO code; without one, the customer's home currency"),
      });
    case 'boolean':
    case 'enumeration':
    case 'multi-enumeration':
      return z.strictObject({
        ...every,
        values: valuesSchema(field).optional(),
        otherwise: z.enum(targetsOf(field)).optional().describe('What a value without a meaning counts as'),
      });
    default:
      return field.type satisfies never;
  }
}

function entitySchema(entity: EntityName) {
  const fields = Object.entries(fieldsOf(entity)).map(([name, field]) => {
    const schema = fieldSchema(field).describe(field.title);
    return [name, field.required ? schema : schema.optional()] as const;
  });
  return z.strictObject({
    $schema: z.string().optional(),
    maps: z.literal(entity),
    note,
    object: objectName,
    optional: z
      .literal(true)
      .optional()
      .describe('Only some customers have the object: no problem is told where it may not be read'),
    links: z
      .strictObject({ account: objectName.optional(), contacts: objectName.optional() })
      .optional()
      .describe('The objects through which a record finds its account and its contacts'),
    fields: z.strictObject(Object.fromEntries(fields)),
  });
}

function writeFieldSchema(outputs: OutputCatalogue<never>) {
  return z.strictObject({
    name: fieldName.regex(/^holdfast_/i, "must begin with 'holdfast_': no other field is ever written"),
    note,
    label: z.string().min(1),
    description: z.string().min(1),
    type: z.enum(WRITE_TYPES),
    core: z.boolean().optional().describe('Part of the core set; otherwise only of the extended one'),
    unique: z.boolean().optional(),
    options: z.array(z.strictObject({ value: z.string().min(1), label: z.string().min(1) })).optional(),
    value: z.enum(Object.keys(outputs)).optional().describe('What is written'),
    filledBy: z
      .literal('people')
      .optional()
      .describe('People fill it: it is made and read, never written, and emptied only by taking the field itself away'),
    decimals: z.int().min(0).max(6).optional(),
    scale: z.enum(['percent', 'fraction']).optional().describe('percent: 71 % is written 71; fraction: 0.71'),
    maxLength: z.int().min(1).max(65_536).optional(),
    writeWhen: z
      .union([
        z.enum(['changed', 'reworded', 'stamp']),
        z.strictObject({ threshold: z.number().positive() }),
        z.strictObject({ share: z.number().positive().max(1) }),
      ])
      .optional()
      .describe('What is reason enough to write; any smaller change goes along with others'),
  });
}

const writeBackSchema = z.strictObject({
  $schema: z.string().optional(),
  maps: z.literal('write-back'),
  note,
  currency: fieldName
    .optional()
    .describe(
      'The field in which a record says the currency of its amounts; without one, all are in the home currency',
    ),
  account: z.array(writeFieldSchema(ACCOUNT_OUTPUTS)),
  deal: z.array(writeFieldSchema(DEAL_OUTPUTS)),
  task: z.array(writeFieldSchema(TASK_OUTPUTS)),
  contact: z.array(writeFieldSchema(CONTACT_OUTPUTS)).default([]),
});

const taskWriteSchema = z.strictObject({
  $schema: z.string().optional(),
  maps: z.literal('task-write'),
  note,
  subject: z.strictObject({ field: fieldName, maxLength: z.int().min(20).max(65_536) }),
  body: z.strictObject({
    field: fieldName,
    format: z.enum(['html', 'text']),
    maxLength: z.int().min(500).max(65_536),
    marker: z.string().min(3).describe('Stands before our key on the last line of the body'),
  }),
  due: z.strictObject({ field: fieldName, as: z.enum(['datetime', 'date']) }),
  status: z.strictObject({ field: fieldName, open: z.string().min(1), done: z.string().min(1) }),
  priority: z.strictObject({
    field: fieldName,
    high: z.string().min(1),
    medium: z.string().min(1),
    low: z.string().min(1),
  }),
  owner: z.strictObject({ field: fieldName }),
  always: z.record(fieldName, z.string()).optional().describe('Fields that every task of ours gets as they stand here'),
});

const dealWriteSchema = z.strictObject({
  $schema: z.string().optional(),
  maps: z.literal('deal-write'),
  note,
  name: z.strictObject({ field: fieldName, maxLength: z.int().min(20).max(65_536) }),
  body: z.strictObject({
    field: fieldName,
    maxLength: z.int().min(500).max(65_536),
    marker: z.string().min(3).describe('Stands before our key on the last line of the body'),
  }),
  closeOn: z.strictObject({ field: fieldName, as: z.enum(['datetime', 'date']) }),
  pipeline: z.strictObject({
    field: fieldName,
    onlyForRenewals: z.literal(true).optional().describe('Left to the CRM where none of its pipelines means a renewal'),
  }),
  stage: z.strictObject({ field: fieldName }),
  amount: z.strictObject({ field: fieldName }),
  owner: z.strictObject({ field: fieldName }),
  madeBy: z
    .array(z.strictObject({ object: objectName, field: fieldName, name: z.string().min(1) }))
    .optional()
    .describe('What else opens renewal deals, known by a field that it brings: then none is opened from here'),
});

export type WriteBackFile = z.infer<typeof writeBackSchema>;
export type TaskWriteFile = z.infer<typeof taskWriteSchema>;

export type DealWriteFile = z.infer<typeof dealWriteSchema>;

export type FileName = EntityName | 'write-back' | 'task-write' | 'deal-write';

/** One schema per file of a connector's mapping folder. */
export const FILE_SCHEMAS: ReadonlyMap<FileName, z.ZodType> = new Map<FileName, z.ZodType>([
  ...ENTITY_NAMES.map((entity) => [entity, entitySchema(entity)] as const),
  ['write-back', writeBackSchema],
  ['task-write', taskWriteSchema],
  ['deal-write', dealWriteSchema],
]);

/** What an installation may say otherwise: fields by entity; null stops reading the field. */
export const overrideSchema = z
  .strictObject(
    Object.fromEntries(
      ENTITY_NAMES.map((entity) => [
        entity,
        z
          .strictObject(
            Object.fromEntries(
              Object.entries(fieldsOf(entity)).map(([name, field]) => [name, overrideFieldSchema(field)]),
            ),
          )
          .optional(),
      ]),
    ),
  )
  .describe('Per installation: the directives given replace those of the connector’s mapping, field by field');

function overrideFieldSchema(field: CanonicalField) {
  const partial = fieldSchema(field).partial();
  return field.required ? partial.optional() : partial.nullable().optional();
}

/** The JSON Schema of every mapping file, told apart by `maps`. `mappings/mapping.schema.json` holds it for editors. */
export function mappingJsonSchema(): Readonly<Record<string, unknown>> {
  const files = z.union([...FILE_SCHEMAS.values()]);
  return { title: 'Mapping file of a connector', ...z.toJSONSchema(files, { target: 'draft-7', reused: 'ref' }) };
}
