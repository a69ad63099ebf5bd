import type { AskedScope } from '../../connectors/contract/auth.ts';

/** One permission that the admin was asked for. */
export interface ScopeLine extends AskedScope {
  /** Null where the CRM does not say. */
  readonly isGranted: boolean | null;
}

/** Everything that was asked for, in the order of the consent page, with what came of it. `granted` null: not known. */
export function toScopeLines(asked: readonly AskedScope[], granted: readonly string[] | null): readonly ScopeLine[] {
  return asked.map(({ name, need, purpose, without }) => ({
    name,
    need,
    purpose,
    without,
    isGranted: granted === null ? null : granted.includes(name),
  }));
}
