import { readdirSync, readFileSync } from 'node:fs';
import { parseConnectorMapping } from '../../src/core/mapping/parse.ts';
import type { ConnectorMapping } from '../../src/core/mapping/mapping.ts';

const FOLDER = new URL('../../mappings/', import.meta.url);

/** The parsed JSON of HubSpot's mapping folder, by file name. */
export function hubspotFiles(): Record<string, unknown> {
  const folder = new URL('hubspot/', FOLDER);
  return Object.fromEntries(
    readdirSync(folder).map((file) => [file, JSON.parse(readFileSync(new URL(file, folder), 'utf8'))]),
  );
}

export function hubspotMapping(): ConnectorMapping {
  return parseConnectorMapping(hubspotFiles());
}

/** A file of the mappings folder as text. */
export function mappingText(file: string): string {
  return readFileSync(new URL(file, FOLDER), 'utf8');
}
