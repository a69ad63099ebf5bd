import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { projectFiles } from '../../../manifest/hubspot/project.ts';
import { installedFolder } from '../../support/installed-folder.ts';
import { checkProject } from '../../../manifest/hubspot/check-project.ts';

const project = new URL('../../../manifest/hubspot/', import.meta.url);

describe('the developer project', () => {
  it('is what the code makes of scopes, subscriptions and written properties (`node manifest/hubspot/generate.ts`)', async () => {
    for (const [path, text] of await projectFiles()) {
      expect.soft(await readFile(new URL(path, project), 'utf8'), path).toBe(text);
    }
  });

  it('is one that HubSpot can read, for development and for release', async () => {
    for (const profile of ['dev', 'prod']) expect(await checkProject(fileURLToPath(project), profile)).toEqual([]);
  });

  it('names neither HubSpot nor its products in the names of the app and the cards', async () => {
    const names: unknown[] = [];
    for (const [path, text] of await projectFiles()) {
      if (path.endsWith('-hsmeta.json')) names.push(JSON.parse(text).config.name ?? '');
    }
    expect(names).toContain('Holdfast');
    expect(names.filter((name) => /hub/i.test(String(name)))).toEqual([]);
  });

  it('has cards and a settings page that hold to their types', async () => {
    const folder = await installedFolder(project);
    const tsc = fileURLToPath(new URL('../../../node_modules/.bin/tsc', import.meta.url));
    const checked = await promisify(execFile)(tsc, ['--noEmit', '--project', folder]).catch((error: unknown) => error);
    expect(checked).toMatchObject({ stdout: '' });
  });

  it('installs at HubSpot what its tests ran with', async () => {
    const versions = async (path: string): Promise<Record<string, string>> => {
      const { dependencies, devDependencies } = JSON.parse(await readFile(new URL(path, project), 'utf8'));
      return dependencies ?? devDependencies;
    };
    const tested = await versions('package.json');
    expect(tested).toMatchObject(await versions('src/app/cards/package.json'));
    expect(tested).toMatchObject(await versions('src/app/settings/package.json'));
  });
});

describe('a project that HubSpot would refuse is refused here, without an account', () => {
  let folder: string;
  let pristine: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'holdfast-project-'));
    pristine = join(folder, 'pristine');
    await cp(fileURLToPath(project), pristine, {
      recursive: true,
      filter: (path) => !path.includes('node_modules') && !path.includes('.installing'),
    });
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  let copy: string;
  beforeEach(async () => {
    copy = await mkdtemp(join(folder, 'copy-'));
    await cp(pristine, copy, { recursive: true });
  });

  const app = 'src/app/app-hsmeta.json';
  const company = 'src/app/cards/company-card-hsmeta.json';
  const deal = 'src/app/cards/deal-card-hsmeta.json';
  const settings = 'src/app/settings/settings-hsmeta.json';
  const webhooks = 'src/app/webhooks/webhooks-hsmeta.json';

  it.each([
    ['a misspelt key of the app', app, '"requiredScopes"', '"requiredScope"', /app-hsmeta.*requiredScope/],
    ['a key of nobody at the top', app, '"uid"', '"id": "x", "uid"', /app-hsmeta.*id/],
    ['a static token for a listed app', app, '"type": "oauth"', '"type": "static"', /app-hsmeta.*auth/],
    ['an address without TLS', app, '"${HOLDFAST_URL}/oauth', '"http://${HOLDFAST_URL}/oauth', /redirectUrls/],
    ['a wildcard for outgoing calls', app, '["${HOLDFAST_URL}"]', '["*"]', /permittedUrls/],
    ['an unknown variable', app, '${SUPPORT_URL}', '${SUPPORT}', /SUPPORT/],
    ['a scope that is no name', app, '"crm.objects.companies.read"', '""', /requiredScopes/],
    ['a card at a place that does not exist', company, 'crm.record.tab', 'crm.record.top', /company-card.*location/],
    ['a card on no object', company, '["companies"]', '[]', /company-card.*objectTypes/],
    ['a card without its file', company, 'company-card.tsx', 'companies-card.tsx', /companies-card\.tsx/],
    ['a card that misspells a key', deal, '"entrypoint"', '"entryPoint"', /deal-card.*entryPoint/],
    ['a name that is taken', deal, 'holdfast-deal-card', 'holdfast-company-card', /holdfast-company-card/],
    ['a name with a blank', deal, 'holdfast-deal-card', 'deal card', /uid/],
    ['a name of more than 64 characters', deal, 'holdfast-deal-card', 'x'.repeat(65), /uid/],
    ['a settings page that is not JSON', settings, '{', '{,', /settings-hsmeta.*JSON/],
    [
      'a settings page with a place',
      settings,
      '"entrypoint"',
      '"location": "home", "entrypoint"',
      /settings.*location/,
    ],
    ['an unknown kind of event', webhooks, 'object.creation', 'object.created', /webhooks.*subscriptionType/],
    ['a change of no property', webhooks, '"propertyName": "domain",', '', /webhooks.*propertyName/],
    [
      'a property at a creation',
      webhooks,
      '"objectType": "company"',
      '"objectType": "company", "propertyName": "x"',
      /webh/,
    ],
    [
      'too few deliveries at once',
      webhooks,
      '"maxConcurrentRequests": 10',
      '"maxConcurrentRequests": 5',
      /maxConcurrent/,
    ],
    ['no word about persons to forget', webhooks, 'contact.privacyDeletion', 'contact.forget', /webhooks.*hubEvents/],
    ['a beta of the platform', 'hsproject.json', '2026.09', '2027.03-beta', /hsproject.*platformVersion/],
    ['a source folder that is not there', 'hsproject.json', '"src"', '"source"', /source/],
  ] as const)('%s', async (_, path, from, to, said) => {
    const file = join(copy, path);
    const text = await readFile(file, 'utf8');
    expect(text).toContain(from);
    await writeFile(
      file,
      text.replace(from, () => to),
    );
    expect((await checkProject(copy, 'prod')).join('\n')).toMatch(said);
  });

  it.each([
    ['a card in the wrong folder', company, 'src/app/card/company-card-hsmeta.json', /card\/company-card/],
    ['a card deeper than HubSpot looks', company, 'src/app/cards/company/company-card-hsmeta.json', /cards\/company/],
    ['no app', app, 'src/app/app.json', /app/],
    ['no profile', 'src/hsprofile.prod.json', 'src/hsprofile.live.json', /prod/],
  ] as const)('%s', async (_, from, to, said) => {
    await mkdir(dirname(join(copy, to)), { recursive: true });
    await rename(join(copy, from), join(copy, to));
    expect((await checkProject(copy, 'prod')).join('\n')).toMatch(said);
  });

  it('a second settings page', async () => {
    const text = await readFile(join(copy, settings), 'utf8');
    await writeFile(join(copy, 'src/app/settings/more-hsmeta.json'), text.replace('holdfast-settings', 'more'));
    expect((await checkProject(copy, 'prod')).join('\n')).toMatch(/settings.*1/);
  });
});
