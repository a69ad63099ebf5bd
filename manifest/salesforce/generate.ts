import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { generateOwnerSettings, generatePackage } from './package-files.ts';
import { readMapping } from './read-mapping.ts';

/**
 * Writes the package's fields, permission sets and external client app from `mappings/salesforce` and the connector:
 * `node manifest/salesforce/generate.ts`. With `--check` it changes nothing and fails when the files are not up to date.
 * `--owner <public address>` prints the settings of the app that stay with the organization that owns it.
 */
function main(): void {
  const owner = process.argv.indexOf('--owner');
  if (owner !== -1) {
    const address = process.argv[owner + 1] ?? '';
    if (!URL.canParse(address))
      throw new TypeError(`--owner needs the public address of the service, not '${address}'`);
    process.stdout.write(generateOwnerSettings(new URL(address).origin));
    return;
  }
  const root = new URL('force-app/main/default/', import.meta.url);
  const files = generatePackage(readMapping());
  const stale = readGenerated(root).filter((path) => !files.has(path));
  const changed = [...files].filter(([path, text]) => readOrNull(new URL(path, root)) !== text).map(([path]) => path);
  if (process.argv.includes('--check')) {
    for (const path of [...stale, ...changed]) process.stderr.write(`${path} is not what the mapping says\n`);
    process.exitCode = stale.length + changed.length === 0 ? 0 : 1;
    return;
  }
  for (const path of stale) rmSync(new URL(path, root));
  for (const path of changed) {
    const file = new URL(path, root);
    mkdirSync(dirname(file.pathname), { recursive: true });
    writeFileSync(file, files.get(path) ?? '');
  }
  process.stdout.write(`${files.size} files, ${changed.length} written, ${stale.length} taken away\n`);
}

/** The files in the folders that hold nothing but generated ones. */
function readGenerated(root: URL): string[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((path) =>
    /\.(field|permissionset|eca|ecaOauth)-meta\.xml$/.test(path),
  );
}

function readOrNull(file: URL): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

main();
