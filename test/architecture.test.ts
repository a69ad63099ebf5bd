import { parse } from '@babel/parser';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

/**
 * Who may import whom, as the floors of the house say. A folder may always import itself. `types` may be imported for
 * their types alone.
 */
const FLOORS: readonly Floor[] = [
  { place: 'connectors/contract', may: [] },
  { place: 'connectors/kit', may: ['connectors/contract'] },
  { place: 'connectors/hubspot', may: ['connectors/kit', 'connectors/contract'] },
  { place: 'connectors/salesforce', may: ['connectors/kit', 'connectors/contract'] },
  { place: 'connectors/index.ts', may: ['connectors/hubspot', 'connectors/salesforce', 'connectors/contract'] },
  { place: 'src/errors.ts', may: [] },
  {
    place: 'src/core',
    may: ['src/errors.ts'],
    types: ['connectors/contract'],
    packages: ['luxon', 'zod', '@noble/hashes'],
  },
  { place: 'src/ports', may: [], types: ['src/core', 'connectors/contract'], packages: [] },
  { place: 'src/limits', may: ['src/ports', 'src/core', 'src/errors.ts', 'connectors/contract'] },
  { place: 'src/store', may: ['src/ports', 'src/core', 'src/errors.ts', 'connectors/contract'] },
  { place: 'src/install', may: ['src/limits', 'src/ports', 'src/core', 'src/errors.ts', 'connectors/contract'] },
  { place: 'src/flow', may: ['src/ports', 'src/core', 'src/errors.ts', 'connectors/contract'] },
  { place: 'src/queries', may: ['src/flow', 'src/ports', 'src/core', 'src/errors.ts', 'connectors/contract'] },
  {
    place: 'src/jobs',
    may: ['src/flow', 'src/install', 'src/ports', 'src/core', 'src/errors.ts', 'connectors/contract'],
  },
  {
    place: 'src/server',
    may: ['src/queries', 'src/install', 'src/ports', 'src/core', 'src/errors.ts', 'connectors/contract'],
  },
  { place: 'src/config.ts', may: ['src/errors.ts', 'src/log.ts', 'connectors/contract'] },
  { place: 'src/log.ts', may: ['src/ports', 'src/errors.ts', 'connectors/contract'] },
  {
    place: 'src/app.ts',
    may: ['src', 'connectors/index.ts', 'connectors/contract'],
    never: ['src/cli'],
  },
  { place: 'src/cli/commands/demo', may: ['src', 'connectors'] },
  { place: 'src/cli', may: ['src', 'connectors/contract'] },
];

interface Floor {
  readonly place: string;
  readonly may: readonly string[];
  readonly types?: readonly string[];
  readonly never?: readonly string[];
  /** The packages it may use; absent: any. `node:` modules are packages too. */
  readonly packages?: readonly string[];
}

interface Import {
  readonly from: string;
  readonly to: string;
  readonly isType: boolean;
}

const root = resolve(import.meta.dirname, '..');
const imports = ['src', 'connectors'].flatMap((folder) => importsBelow(join(root, folder)));

describe('the floors of the house', () => {
  it('name a floor for every file', () => {
    const homeless = [...new Set(imports.map(({ from }) => from))].filter((file) => floorOf(file) === undefined);
    expect(homeless).toEqual([]);
  });

  it('are crossed by no import that points upwards or sideways', () => {
    const breaches = imports.filter((one) => isInside(one.to) && !isAllowed(one));
    expect(breaches.map(({ from, to }) => `${from} → ${to}`)).toEqual([]);
  });

  it('keep the core pure: no node modules, no packages but the few that compute', () => {
    const breaches = imports.filter((one) => {
      const packages = floorOf(one.from)?.packages;
      return packages !== undefined && !isInside(one.to) && !packages.some((name) => isBelow(one.to, name));
    });
    expect(breaches.map(({ from, to }) => `${from} → ${to}`)).toEqual([]);
  });

  it('keep the names of CRMs out of the core', () => {
    const named = filesBelow(join(root, 'src/core')).filter((file) =>
      /hubspot|salesforce/i.test(readFileSync(file, 'utf8')),
    );
    expect(named.map((file) => relative(root, file))).toEqual([]);
  });

  it('let the core ask neither clock nor chance', () => {
    const asking = filesBelow(join(root, 'src/core')).filter((file) =>
      /\b(Date\.now|new Date\(\)|Math\.random|DateTime\.(now|local|utc)\(\)|fetch\()/.test(readFileSync(file, 'utf8')),
    );
    expect(asking.map((file) => relative(root, file))).toEqual([]);
  });
});

function isAllowed({ from, to, isType }: Import): boolean {
  const floor = floorOf(from);
  if (floor === undefined) return false;
  if (floor.never?.some((place) => isBelow(to, place)) === true) return false;
  if (isBelow(to, floor.place) || floor.may.some((place) => isBelow(to, place))) return true;
  return isType && (floor.types ?? []).some((place) => isBelow(to, place));
}

/** The most exact place wins. */
function floorOf(file: string): Floor | undefined {
  return FLOORS.filter(({ place }) => isBelow(file, place)).sort((a, b) => b.place.length - a.place.length)[0];
}

function isBelow(path: string, place: string): boolean {
  return path === place || path.startsWith(`${place}/`) || (place.endsWith('demo') && path.startsWith(place));
}

function isInside(target: string): boolean {
  return target.startsWith('src/') || target.startsWith('connectors/');
}

function importsBelow(folder: string): readonly Import[] {
  return filesBelow(folder).flatMap((file) => {
    const program = parse(readFileSync(file, 'utf8'), { sourceType: 'module', plugins: ['typescript'] }).program;
    return program.body.flatMap((statement): Import[] => {
      const isFrom =
        statement.type === 'ImportDeclaration' ||
        statement.type === 'ExportNamedDeclaration' ||
        statement.type === 'ExportAllDeclaration';
      if (!isFrom || statement.source === null || statement.source === undefined) return [];
      const target = statement.source.value;
      const kind = statement.type === 'ImportDeclaration' ? statement.importKind : statement.exportKind;
      return [
        {
          from: relative(root, file),
          to: target.startsWith('.') ? relative(root, resolve(dirname(file), target)) : target,
          isType: kind === 'type',
        },
      ];
    });
  });
}

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name));
}
