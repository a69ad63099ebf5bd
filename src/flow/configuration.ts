import { defaultConfiguration, type ModelConfiguration } from '../core/configuration.ts';
import { openWhole, versionName } from '../core/configuration/parse.ts';
import type { InstallationId } from '../core/model/ids.ts';
import type { TenantStore } from '../ports/store.ts';
import type { Line } from './line.ts';
import { touchBook } from './touch-book.ts';

/** The stream whose checkpoint says by which version the book was scored last. */
const SCORED_BY = 'scored-by';

/**
 * What an installation's scores were or are made by. Number 0 is the defaults that come with the product; null for a
 * version that never was. Errors: `config-invalid` when a stored one cannot be read.
 */
export async function readConfiguration(store: TenantStore, number: number): Promise<ModelConfiguration | null> {
  if (number === 0) return defaultConfiguration;
  const version = await store.configurations.get(number);
  return version === null ? null : { version: versionName(number), ...openWhole(version.whole) };
}

/** What an installation's scores are made by now. Errors: as `readConfiguration`. */
export async function readInForce(store: TenantStore): Promise<ModelConfiguration> {
  return readOrDefault(store, await store.configurations.numberInForce());
}

async function readOrDefault(store: TenantStore, number: number): Promise<ModelConfiguration> {
  return (await readConfiguration(store, number)) ?? defaultConfiguration;
}

/**
 * Answers the configuration in force, for any installation. A published version never changes, so that it is read once;
 * everybody gets the same object, by which measures and plays that are built from it are found again.
 */
export class ConfigurationsInForce {
  readonly #known = new Map<InstallationId, { readonly number: number; readonly configuration: ModelConfiguration }>();

  async of(store: TenantStore): Promise<ModelConfiguration> {
    const number = await store.configurations.numberInForce();
    const known = this.#known.get(store.id);
    if (known?.number === number) return known.configuration;
    const configuration = await readOrDefault(store, number);
    this.#known.set(store.id, { number, configuration });
    return configuration;
  }
}

/** Whether the scores that are stored were made by another version than the one in force. */
export async function isScoredOtherwise({ store, configuration }: Line): Promise<boolean> {
  const scoredBy = await store.checkpoints.get(SCORED_BY);
  return scoredBy?.['version'] !== configuration.version;
}

/**
 * Marks the whole book where its scores are of another version; answers whether it did. Also after an update of the product
 * that came with other defaults.
 */
export async function followConfiguration(line: Line): Promise<boolean> {
  if (!(await isScoredOtherwise(line))) return false;
  await touchBook(line);
  await line.store.checkpoints.put(SCORED_BY, { version: line.configuration.version });
  return true;
}
