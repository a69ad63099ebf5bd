import { readdirSync, readFileSync } from 'node:fs';
import { parseConnectorMapping } from '../../src/core/mapping/parse.ts';
import type { ConnectorMapping } from '../../src/core/mapping/mapping.ts';

/** A connector's mapping folder, read and parsed. */
export function mappingOf(connector: string): ConnectorMapping {
  const folder = new URL(`../../mappings/${connector}/`, import.meta.url);
  const files = readdirSync(folder).map((file) => [file, JSON.parse(readFileSync(new URL(file, folder), 'utf8'))]);
  return parseConnectorMapping(Object.fromEntries(files));
}
