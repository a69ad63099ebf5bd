import { changeChoice, parseFieldChoice, type ChosenFields } from '../core/mapping/field-choice.ts';
import type { ConnectorMapping } from '../core/mapping/mapping.ts';
import { findOwnField } from '../core/mapping/own-fields.ts';
import type { Clock } from '../ports/clock.ts';
import type { TenantStore } from '../ports/store.ts';

/** The setting that holds what the admin chose about writing. */
export const WRITE_BACK = 'write-back';

/** The stream whose checkpoint says that the CRM shows what it should. */
const WRITE = 'write';

export interface FieldChange {
  /** A set forgets the single fields that were chosen before. */
  readonly set: 'core' | 'extended' | null;
  /** By name, `holdfast_csm_pulse`, or where several objects have it `deals.holdfast_decision_date`. */
  readonly add: readonly string[];
  readonly remove: readonly string[];
}

/**
 * Stores the choice. Nothing is made, filled or emptied before the admin has approved the plan that comes of it. What
 * else the setting holds stays.
 *
 * Errors: `input-invalid` on a field that Holdfast does not bring, or that several objects have.
 */
export async function changeFields(
  store: TenantStore,
  clock: Clock,
  mapping: ConnectorMapping,
  change: FieldChange & { readonly actor: string },
): Promise<ChosenFields> {
  const setting = await storedChoice(store);
  const resolve = (names: readonly string[]): readonly string[] => names.map((name) => findOwnField(mapping, name));
  const fields = changeChoice(parseFieldChoice(setting['fields']), {
    set: change.set,
    add: resolve(change.add),
    remove: resolve(change.remove),
  });
  const at = clock.now();
  await store.settings.put(WRITE_BACK, { ...setting, fields, fieldsChangedAt: at });
  await store.updateInstallation({ approvedAt: null, approvedPlan: null });
  // Without it the next run plans the whole book, as after a write that was cut short.
  await store.checkpoints.drop(WRITE);
  const { set, add, remove } = change;
  await store.audit.add({ at, actor: change.actor, action: 'fields-chosen', details: { set, add, remove } });
  return fields;
}

/** What the setting holds; an empty one where it holds nothing usable. */
async function storedChoice(store: Pick<TenantStore, 'settings'>): Promise<Readonly<Record<string, unknown>>> {
  const stored = await store.settings.get(WRITE_BACK);
  return typeof stored === 'object' && stored !== null && !Array.isArray(stored) ? { ...stored } : {};
}
