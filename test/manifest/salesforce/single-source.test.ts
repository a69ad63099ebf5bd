import { describe, expect, it } from 'vitest';
import { scopes } from '../../../connectors/salesforce/auth.ts';
import { generateOwnerSettings, generatePackage, packagedFields } from '../../../manifest/salesforce/package-files.ts';
import { readMapping } from '../../../manifest/salesforce/read-mapping.ts';
import { placesOf } from '../../../src/core/mapping/mapping.ts';
import { childrenOf, openXmlReader, readSource, textsOf } from './package-source.ts';

const mapping = readMapping();
const source = readSource();
const parse = await openXmlReader();

function read(path: string) {
  const text = source.get(path);
  if (text === undefined) throw new TypeError(`${path} is not in the package`);
  return parse(text);
}

describe('the Salesforce package follows from the mapping and the connector', () => {
  it('holds just the files that are generated from them: run `node manifest/salesforce/generate.ts` after a change', () => {
    const generated = [...source].filter(([path]) => /\.(field|permissionset|eca|ecaOauth)-meta\.xml$/.test(path));
    expect(Object.fromEntries(generated)).toEqual(Object.fromEntries(generatePackage(mapping)));
  });

  it('brings every field of ours that Holdfast reads, from whatever object', () => {
    const packaged = new Set(packagedFields(mapping).map(({ object, field }) => `${object}.${field.name}`));
    const read = Object.values(mapping.entities).flatMap(({ object, fields }) =>
      Object.values(fields)
        .flatMap(placesOf)
        .filter((name) => name.startsWith('Holdfast_'))
        .map((name) => `${object === 'Task' ? 'Activity' : object}.${name}`),
    );
    expect(read.filter((field) => !packaged.has(field))).toEqual([]);
    expect(read).toContain('Account.Holdfast_CSM_Pulse__c');
  });

  it('asks for exactly the scopes that the connector asks for', () => {
    const oauth = read('extlClntAppOauthSettings/Holdfast_OAuth.ecaOauth-meta.xml');
    expect(scopes).toEqual(['api', 'refresh_token']);
    expect(textsOf(oauth, 'commaSeparatedOauthScopes')).toEqual(['Api, RefreshToken']);
  });

  it('tells the owning organization to demand proof keys, rotation and an end of idle tokens, on our address', () => {
    const settings = parse(generateOwnerSettings('https://holdfast.example'));
    expect(textsOf(settings, 'callbackUrl')).toEqual(['https://holdfast.example/oauth/salesforce']);
    for (const demand of ['isPkceRequired', 'isRefreshTokenRotationEnabled', 'isEnforceRefreshTokenTTL']) {
      expect(textsOf(settings, demand), demand).toEqual(['true']);
    }
  });

  it('lets the integration write every field, and people only those that they fill', () => {
    const rights = (name: string) =>
      Object.fromEntries(
        childrenOf(read(`permissionsets/${name}.permissionset-meta.xml`), 'fieldPermissions').map((one) => [
          textsOf(one, 'field')[0],
          { isReadable: textsOf(one, 'readable')[0] === 'true', isEditable: textsOf(one, 'editable')[0] === 'true' },
        ]),
      );
    const expected = (isEditable: (isFilledByPeople: boolean) => boolean) =>
      Object.fromEntries(
        packagedFields(mapping).map(({ object, field, isFilledByPeople }) => [
          `${object === 'Activity' ? 'Task' : object}.${field.name}`,
          { isReadable: true, isEditable: isEditable(isFilledByPeople) },
        ]),
      );
    expect(rights('Holdfast_Integration')).toEqual(expected(() => true));
    expect(rights('Holdfast_Viewer')).toEqual(expected((isFilledByPeople) => isFilledByPeople));
    expect(rights('Holdfast_Viewer')['Account.Holdfast_CSM_Pulse__c']?.isEditable).toBe(true);
    expect(rights('Holdfast_Viewer')['Account.Holdfast_Health_Score__c']?.isEditable).toBe(false);
  });

  it('keeps to the lengths that Salesforce allows', () => {
    for (const { field } of packagedFields(mapping)) {
      expect(field.name).toMatch(/^[A-Za-z][A-Za-z0-9_]{0,39}__c$/);
      expect(field.label.length, `${field.name}: the label`).toBeLessThanOrEqual(40);
      expect(field.description.length, `${field.name}: the help text`).toBeLessThanOrEqual(255);
      for (const { label } of field.options) expect(label.length).toBeLessThanOrEqual(255);
    }
    const activity = packagedFields(mapping).filter(({ object }) => object === 'Activity');
    expect(activity.length, 'an org has 100 custom fields for activities, and shares them').toBeLessThanOrEqual(6);
    expect(activity.every(({ field }) => field.type !== 'long-text')).toBe(true);
  });

  it('names only fields of the package in what is written by hand', () => {
    const packaged = new Set(packagedFields(mapping).map(({ object, field }) => `${object}.${field.name}`));
    const named = [...source]
      .filter(([path]) => !/\.(field|permissionset)-meta\.xml$/.test(path) && !path.includes('__tests__'))
      .flatMap(([path, text]) => [...namedFields(path, text)].map((field) => ({ path, field })));
    expect(named.filter(({ field }) => !packaged.has(field))).toEqual([]);
    expect(named.length).toBeGreaterThan(20);
  });
});

/** Fields of ours in a list view, report type, flow or component, with the object that each belongs to. */
function* namedFields(path: string, text: string): Generator<string> {
  if (path.includes('/reportTypes/') || path.startsWith('reportTypes/')) {
    for (const [, field = '', table = ''] of text.matchAll(
      /<field>(Holdfast_\w+)<\/field>\s*<table>([\w.]+)<\/table>/g,
    )) {
      yield `${table === 'Account' ? 'Account' : 'Opportunity'}.${field}`;
    }
    return;
  }
  if (path.endsWith('.js')) {
    for (const [, object = '', field = ''] of text.matchAll(/schema\/(?:\w+\.)??(\w+)\.(Holdfast_\w+__c)'/g)) {
      yield `${object}.${field}`;
    }
    return;
  }
  for (const [field] of text.matchAll(/Holdfast_\w+__c/g)) yield `Account.${field}`;
}
