import type { Portal } from '../../connectors/hubspot/sandbox/index.ts';
import type { PulledObject } from '../../src/core/mapping/compile.ts';
import type { StoredRecord, TenantStore } from '../../src/ports/store.ts';

/** A record as far as it decides anything: what is mapped, what of ours stands on it, what it is linked to, and whose it is. */
export interface ComparedRecord {
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly shown: Readonly<Record<string, unknown>>;
  readonly links: Readonly<Record<string, readonly string[]>>;
  readonly accountId: string | null;
  readonly contactId: string | null;
}

/** Records by object and id. */
export type ComparedRecords = Readonly<Record<string, Readonly<Record<string, ComparedRecord>>>>;

/** What is true in the portal, of everything that is not archived or merged away. */
export function trueRecords(portal: Portal, objects: readonly PulledObject[]): ComparedRecords {
  return byObject(objects, ({ object, fields, links: linked, written }) =>
    portal.all(object).map(({ id, properties }) => {
      const filled = fields.filter((name) => (properties[name] ?? '') !== '');
      const valuesOf = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, properties[name]]));
      const links = Object.fromEntries(linked.map((to) => [to, trueLinks(portal, object, id, to)]));
      return [
        id,
        {
          inputs: valuesOf(filled.filter((name) => !written.has(name))),
          shown: valuesOf(filled.filter((name) => written.has(name))),
          links,
          accountId: object === 'companies' ? id : (links['companies']?.[0] ?? null),
          contactId: links['contacts']?.[0] ?? null,
        },
      ];
    }),
  );
}

/** What the store says of the records that it takes to be alive. Empty values are left out, as the portal leaves them out. */
export async function storedRecords(store: TenantStore, objects: readonly PulledObject[]): Promise<ComparedRecords> {
  const stored = new Map<string, readonly StoredRecord[]>();
  for (const { object } of objects) stored.set(object, await store.records.page(object, null, 100_000));
  return byObject(objects, ({ object }) =>
    (stored.get(object) ?? []).map(({ raw, inputs, shown, accountId, contactId }) => [
      raw.id,
      { inputs: filledOf(inputs), shown: filledOf(shown), links: raw.links, accountId, contactId },
    ]),
  );
}

/** Of the records that were merged away and are stored, what the store says took over; null where it takes them to be alive. */
export async function storedMerges(
  store: TenantStore,
  object: string,
  merged: ReadonlyMap<string, string>,
): Promise<ReadonlyMap<string, string | null>> {
  const found = await store.records.byIds(object, [...merged.keys()]);
  return new Map(found.map(({ raw, deletedAt, mergedInto }) => [raw.id, deletedAt === null ? null : mergedInto]));
}

function filledOf(values: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));
}

function byObject(
  objects: readonly PulledObject[],
  recordsOf: (object: PulledObject) => readonly (readonly [string, ComparedRecord])[],
): ComparedRecords {
  return Object.fromEntries(objects.map((object) => [object.object, Object.fromEntries(recordsOf(object))]));
}

/** The primary company first, the others by the value of their ids. */
function trueLinks(portal: Portal, object: string, id: string, to: string): readonly string[] {
  const ids = portal.links(object, id, to);
  const primary = to === 'companies' ? portal.primaryCompany(object, id) : null;
  return primary === null || !ids.includes(primary) ? ids : [primary, ...ids.filter((other) => other !== primary)];
}
