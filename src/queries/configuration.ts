import type { ModelConfiguration } from '../core/configuration.ts';
import { listChanges } from '../core/configuration/changes.ts';
import { changesOf } from '../core/configuration/parse.ts';
import { valueAt } from '../core/configuration/path.ts';
import { defaultConfiguration } from '../core/configuration.ts';
import type { Instant } from '../core/model/calendar-date.ts';
import type { ConfigurationVersion, TenantStore } from '../ports/store.ts';

/** One version as a person looks at it. */
export interface ShownConfiguration {
  readonly installation: string;
  readonly version: string;
  /** What differs from the defaults, in order of paths; `before` is the default, null where there is none. */
  readonly changes: ReturnType<typeof listChanges>;
  /** What stands at the path that was asked for; null when none was. */
  readonly value: unknown;
}

/** Errors: `input-invalid` for a path that leads nowhere. */
export function showConfiguration(
  installation: string,
  configuration: ModelConfiguration,
  path: string | null,
): ShownConfiguration {
  const { version, ...whole } = configuration;
  return {
    installation,
    version,
    changes: listChanges(defaultConfiguration, changesOf(whole)),
    value: path === null ? null : valueAt(configuration, path),
  };
}

export interface VersionLine extends Pick<ConfigurationVersion, 'number' | 'state' | 'note' | 'by' | 'preview'> {
  readonly at: Instant;
  /** Paths of what differs from the defaults of its time. */
  readonly changes: readonly string[];
}

/** Every version, the newest first. */
export async function listVersions(store: TenantStore): Promise<readonly VersionLine[]> {
  return (await store.configurations.list()).map(
    ({ number, state, note, by, preview, createdAt, publishedAt, changes }) => ({
      number,
      state,
      at: publishedAt ?? createdAt,
      by,
      note,
      preview,
      changes: listChanges(defaultConfiguration, changes).map(({ path }) => path),
    }),
  );
}
