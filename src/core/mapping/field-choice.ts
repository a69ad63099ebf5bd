import { z } from 'zod';
import { HoldfastError } from '../../errors.ts';
import type { WriteField } from './mapping.ts';

/** Which fields of ours an installation wants: a set, or a set with single fields added and taken off. */
export type FieldChoice = 'core' | 'extended' | ChosenFields;

export interface ChosenFields {
  readonly set: 'core' | 'extended';
  /** As `companies.holdfast_health_drivers`. No field is in both lists. */
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

const oneField = z.string().regex(/^[^.]+(\.[^.]+)*\.[^.]+$/, 'must be an object and a field, companies.holdfast_key');
const chosen = z.union([
  z.enum(['core', 'extended']),
  z.strictObject({
    set: z.enum(['core', 'extended']),
    added: z.array(oneField).default([]),
    removed: z.array(oneField).default([]),
  }),
]);

/**
 * The choice as it is stored; nothing stored is the core set.
 *
 * Errors: `config-invalid`.
 */
export function parseFieldChoice(stored: unknown): FieldChoice {
  const parsed = chosen.safeParse(stored ?? 'core');
  if (parsed.success) return parsed.data;
  throw new HoldfastError({
    code: 'config-invalid',
    message: `The choice of fields cannot be read: ${z.prettifyError(parsed.error)}`,
    remedy: "Choose again: 'holdfast fields --core'.",
  });
}

/** Whether a field of an object is wanted. */
export function isWanted(choice: FieldChoice, object: string, field: Pick<WriteField, 'name' | 'isCore'>): boolean {
  const { set, added, removed } = typeof choice === 'string' ? { set: choice, added: [], removed: [] } : choice;
  const name = `${object}.${field.name}`;
  if (removed.includes(name)) return false;
  return set === 'extended' || field.isCore || added.includes(name);
}

/** The choice with fields added and taken off, each as `companies.holdfast_key`; a set alone forgets single fields. */
export function changeChoice(
  choice: FieldChoice,
  change: {
    readonly set: 'core' | 'extended' | null;
    readonly add: readonly string[];
    readonly remove: readonly string[];
  },
): ChosenFields {
  const before = typeof choice === 'string' ? { set: choice, added: [], removed: [] } : choice;
  const base = change.set === null ? before : { set: change.set, added: [], removed: [] };
  const add = new Set(change.add);
  const remove = new Set(change.remove);
  return {
    set: base.set,
    added: [...new Set([...base.added.filter((name) => !remove.has(name)), ...add])].sort(),
    removed: [...new Set([...base.removed.filter((name) => !add.has(name)), ...remove])].sort(),
  };
}
