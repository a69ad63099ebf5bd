import { execFile } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { generateOwnerSettings } from '../../../manifest/salesforce/package-files.ts';
import { installedFolder } from '../../support/installed-folder.ts';
import { checkMetadata } from './check-metadata.ts';
import { readMetadataTypes } from './metadata-types.ts';
import { childrenOf, openXmlReader, PACKAGE, readSource, textsOf } from './package-source.ts';

const run = promisify(execFile);
const folder = await installedFolder(PACKAGE);
const parse = await openXmlReader();
const types = readMetadataTypes(readFileSync(join(folder, 'node_modules/@salesforce/types/lib/metadata.d.ts'), 'utf8'));
const metadata = [...readSource()].filter(([path]) => path.endsWith('-meta.xml'));

describe('the metadata of the Salesforce package', () => {
  it.each(metadata)('%s is what the Metadata API takes', (_path, text) => {
    expect(checkMetadata(parse(text), types)).toEqual([]);
  });

  it('is right in what the owning organization gets too', () => {
    expect(checkMetadata(parse(generateOwnerSettings('https://holdfast.example')), types)).toEqual([]);
  });

  const field =
    metadata.find(([path]) => path.endsWith('Account/fields/Holdfast_Health_Band__c.field-meta.xml'))?.[1] ?? '';

  it.each([
    ['an element that there is not', field.replaceAll('inlineHelpText', 'inlineHelp'), "'inlineHelp' is unknown"],
    ['a type that there is not', field.replace('>Picklist<', '>PickList<'), "'PickList' is none of"],
    ['a truth that is none', field.replace('>true<', '>yes<'), "'yes' is neither true nor false"],
    ['an element twice', field.replace('<label>', '<label>One</label><label>'), 'stands there twice'],
    ['a list without its order', field.replace('<sorted>false</sorted>', ''), "'sorted' is missing"],
  ])('is refused with %s', (_what, broken, problem) => {
    expect(checkMetadata(parse(broken), types).join('; ')).toContain(problem);
  });

  it('is refused when it is not well formed', () => {
    expect(() => parse(field.replace('</label>', '</lable>'))).toThrow(/label/);
  });

  it('is converted whole, tests left out', async () => {
    const work = await mkdtemp(join(tmpdir(), 'holdfast-package-'));
    try {
      const { stdout } = await run(process.execPath, ['convert.js', work], { cwd: folder });
      const { packagePath, components } = JSON.parse(stdout) as {
        packagePath: string;
        components: { type: string; fullName: string }[];
      };
      const list = parse(await readFile(join(packagePath, 'package.xml'), 'utf8'));
      const listed = childrenOf(list, 'types').flatMap((type) =>
        textsOf(type, 'members').map((member) => `${textsOf(type, 'name')[0]} ${member}`),
      );
      expect(new Set(listed)).toEqual(new Set(components.map(({ type, fullName }) => `${type} ${fullName}`)));
      expect(listed).toHaveLength(metadata.length);
      expect(listed).toContain('CustomField Activity.Holdfast_Key__c');
      expect(listed).toContain('LightningComponentBundle holdfastHealth');
      const files = readdirSync(packagePath, { recursive: true, encoding: 'utf8' });
      expect(files.filter((file) => file.includes('__tests__'))).toEqual([]);
    } finally {
      await rm(work, { recursive: true });
    }
  });
});
