import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Instant } from '../../contract/record.ts';
import { DatasetError } from '../../kit/sandbox/dataset-csv.ts';
import { checkbox, longText, number, text } from './field-definition.ts';
import type { FieldDefinition, Value } from './field-definition.ts';
import { toId } from './ids.ts';
import type { ObjectDefinition } from './object-definition.ts';
import type { OrgSeed, SeedRow } from './org-seed.ts';
import { Schema } from './schema.ts';
import { ADMIN_ID, orgFacts, standingUsers } from './seed-org.ts';
import { toValue } from './values.ts';

const DAY_MS = 86_400_000;
/** Without a plan, what others point to goes first. */
const ORDER = ['Account', 'Contact', 'Opportunity', 'Contract', 'Asset', 'Case', 'Task', 'Event'];

const planSchema = z.array(z.object({ sobject: z.string(), files: z.array(z.string()) }));
const treeSchema = z.object({
  records: z.array(z.looseObject({ attributes: z.object({ type: z.string(), referenceId: z.string().optional() }) })),
});

type TreeRecord = z.infer<typeof treeSchema>['records'][number];

/**
 * The records of a folder as Salesforce's own tools export and import them: sObject tree files, in the order of the
 * plans beside them, or of the folders in it. Custom fields that the records use are defined as their values suggest.
 * Left out are objects that the sandbox does not know, references to records that are not there, and values that do not
 * fit their fields. Throws `DatasetError` for a folder without any tree.
 */
export async function loadSObjectTrees(folder: string, now: Instant): Promise<OrgSeed> {
  const base: OrgSeed = {
    facts: orgFacts('America/Los_Angeles', 'USD'),
    features: {
      personAccounts: false,
      multiCurrency: false,
      cpq: false,
      contactRelations: true,
      bulkApi: true,
      contractEnds: 'calculated',
    },
    users: standingUsers,
    queues: [],
    recordTypes: [],
    currencies: [{ isoCode: 'USD', conversionRate: 1 }],
    fields: {},
    picklistValues: {},
    rows: [],
  };
  const collector = new TreeCollector(new Schema(base, 'absent', null), Date.parse(now));
  for (const place of [folder, ...(await foldersIn(folder))]) {
    for (const records of await treesIn(place)) collector.add(place, records);
  }
  if (collector.rows.length === 0) {
    throw new DatasetError(
      `${folder} holds no sObject tree with records that a sandbox org could hold`,
      'Give a folder of files such as Accounts.json, as `sf data export tree` writes them.',
    );
  }
  return { ...base, fields: collector.fields, rows: collector.rows };
}

async function foldersIn(folder: string): Promise<readonly string[]> {
  const entries = await list(folder);
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(folder, name));
}

async function list(folder: string) {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    throw new DatasetError(`The folder ${folder} cannot be read`, 'Give the path of an existing folder.', error);
  }
}

/** The trees of one folder, in the order in which they can be loaded. */
async function treesIn(folder: string): Promise<readonly (readonly TreeRecord[])[]> {
  const names = (await list(folder)).filter((entry) => entry.isFile()).map(({ name }) => name);
  const files = names.filter((name) => name.endsWith('.json'));
  const planned: string[] = [];
  const trees = new Map<string, readonly TreeRecord[]>();
  for (const name of files) {
    const content = await readJson(join(folder, name));
    const plan = planSchema.safeParse(content);
    const tree = treeSchema.safeParse(content);
    if (plan.success) planned.push(...plan.data.flatMap((step) => step.files));
    if (tree.success) trees.set(name, tree.data.records);
  }
  const order = planned.length > 0 ? [...new Set(planned)] : [...trees.keys()].sort(byPlace(trees));
  return order.flatMap((name) => {
    const tree = trees.get(name);
    return tree === undefined ? [] : [tree];
  });
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as unknown;
  } catch (error) {
    throw new DatasetError(`${path} is not readable as JSON`, 'Mend the file, or fetch it again.', error);
  }
}

function byPlace(trees: ReadonlyMap<string, readonly TreeRecord[]>): (a: string, b: string) => number {
  const place = (name: string): number => {
    const index = ORDER.indexOf(trees.get(name)?.[0]?.attributes.type ?? '');
    return index === -1 ? ORDER.length : index;
  };
  return (a, b) => place(a) - place(b);
}

class TreeCollector {
  readonly rows: SeedRow[] = [];
  readonly fields: Record<string, FieldDefinition[]> = {};
  readonly #schema: Schema;
  readonly #now: number;
  readonly #numbers = new Map<string, number>();
  /** Folder and reference → id. */
  readonly #ids = new Map<string, string>();

  constructor(schema: Schema, now: number) {
    this.#schema = schema;
    this.#now = now;
  }

  add(folder: string, records: readonly TreeRecord[]): void {
    for (const record of records) {
      const object = this.#schema.findObject(record.attributes.type);
      if (object === null || !object.createable) continue;
      const number = (this.#numbers.get(object.name) ?? 0) + 1;
      this.#numbers.set(object.name, number);
      const id = toId(object.keyPrefix, number);
      if (record.attributes.referenceId !== undefined) this.#ids.set(`${folder} ${record.attributes.referenceId}`, id);
      const createdAt = this.#now - 365 * DAY_MS;
      const modifiedAt = this.#now - 30 * DAY_MS + this.rows.length * 1_000;
      const values = { OwnerId: ADMIN_ID, ...this.#valuesOf(folder, object, record) };
      this.rows.push({ object: object.name, id, values, createdAt, modifiedAt, deletedAt: null });
    }
  }

  #valuesOf(folder: string, object: ObjectDefinition, record: TreeRecord): Readonly<Record<string, Value>> {
    const values: Record<string, Value> = {};
    for (const [name, sent] of Object.entries(record)) {
      if (name === 'attributes') continue;
      const isReference = typeof sent === 'string' && sent.startsWith('@');
      const target = isReference ? this.#ids.get(`${folder} ${sent.slice(1)}`) : sent;
      const field = this.#schema.findField(object, name) ?? this.#define(object, name, sent, isReference);
      if (field === null || target === undefined) continue;
      const value = toValue(field, target);
      if (value !== null && typeof value !== 'object') values[field.name] = value;
    }
    return values;
  }

  #define(object: ObjectDefinition, name: string, sent: unknown, isReference: boolean): FieldDefinition | null {
    if (!name.endsWith('__c') || isReference) return null;
    const label = name.slice(0, -3).replaceAll('_', ' ');
    const field = fieldFor(name, label, sent);
    if (field === null) return null;
    this.#schema.addField(object.name, field);
    (this.fields[object.name] ??= []).push(field);
    return field;
  }
}

function fieldFor(name: string, label: string, sent: unknown): FieldDefinition | null {
  if (typeof sent === 'boolean') return checkbox(name, label);
  if (typeof sent === 'number') return number(name, label, [16, 2]);
  if (typeof sent !== 'string') return null;
  return sent.length > 255 ? longText(name, label) : text(name, label, 255);
}
