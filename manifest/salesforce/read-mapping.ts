import { readdirSync, readFileSync } from 'node:fs';
import type { ConnectorMapping } from '../../src/core/mapping/mapping.ts';
import { parseConnectorMapping } from '../../src/core/mapping/parse.ts';

/** The mapping that the product itself works by. Throws when it is not one. */
export function readMapping(): ConnectorMapping {
  const folder = new URL('../../mappings/salesforce/', import.meta.url);
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
  return parseConnectorMapping(
    Object.fromEntries(
      files.map((name) => [
        name.slice(0, -'.json'.length),
        JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as unknown,
      ]),
    ),
  );
}
