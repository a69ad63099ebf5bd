import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { loadSObjectTrees } from '../../../connectors/salesforce/sandbox/sobject-trees.ts';
import { openOrg, orgNow } from '../../support/sandbox-org.ts';

const now = new Date(orgNow).toISOString();

async function folderWith(files: Readonly<Record<string, unknown>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'trees-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
  }
  return folder;
}

const tree = (type: string, ...records: readonly object[]) => ({
  records: records.map((record, index) => ({
    attributes: { type, referenceId: `${type}Ref${index + 1}` },
    ...record,
  })),
});

describe('a folder of sObject trees', () => {
  it('becomes an org: plans give the order, references become ids, names go in any case', async () => {
    const folder = await folderWith({
      'data-plan.json': [
        { sobject: 'Account', files: ['Z-Accounts.json'] },
        { sobject: 'Opportunity', files: ['A-Opportunities.json', 'Missing.json'] },
      ],
      'A-Opportunities.json': tree('Opportunity', {
        name: 'Deal',
        amount: '119373.34',
        closedate: '2020-12-22T21:16:01Z',
        StageName: 'Closed Won',
        accountId: '@AccountRef1',
      }),
      'Z-Accounts.json': tree('Account', { name: 'Acme' }),
    });
    const { org } = await openOrg(await loadSObjectTrees(folder, now));
    const [account] = org.all('Account');
    expect(account?.fields['Name']).toBe('Acme');
    expect(org.all('Opportunity')[0]?.fields).toMatchObject({
      AccountId: account?.id,
      Amount: 119_373.34,
      CloseDate: '2020-12-22',
      IsWon: true,
    });
  });

  it('without a plan is read with accounts first; folders in it have references of their own', async () => {
    const one = (name: string) => ({
      [`${name}/Contacts.json`]: tree('Contact', { LastName: name, AccountId: '@AccountRef1' }),
      [`${name}/Accounts.json`]: tree('Account', { Name: name }),
    });
    const { org } = await openOrg(await loadSObjectTrees(await folderWith({ ...one('north'), ...one('south') }), now));
    const owners = org.all('Contact').map(({ fields }) => org.get(String(fields['AccountId']))?.fields['Name']);
    expect(owners).toEqual(['north', 'south']);
  });

  it('brings its custom fields, and leaves out what the sandbox cannot hold', async () => {
    const folder = await folderWith({
      'Accounts.json': tree('Account', {
        Name: 'Acme',
        Status__c: 'Draft',
        Rooms__c: 3,
        Vehicle__c: '@VehicleRef4',
        Nonsense: 'x',
        NumberOfEmployees: 'many',
      }),
      'Leads.json': tree('Lead', { LastName: 'x' }),
    });
    const { org } = await openOrg(await loadSObjectTrees(folder, now));
    expect(org.all('Account')[0]?.fields).toMatchObject({ Name: 'Acme', Status__c: 'Draft', Rooms__c: 3 });
    expect(Object.keys(org.all('Account')[0]?.fields ?? {})).not.toEqual(
      expect.arrayContaining(['Vehicle__c', 'Nonsense', 'NumberOfEmployees']),
    );
  });

  it.each([
    ['is not there', async () => join(await folderWith({}), 'nowhere'), 'cannot be read'],
    ['is empty', () => folderWith({}), 'holds no sObject tree'],
    ['holds a broken file', () => folderWith({ 'Accounts.json': '{' }), 'not readable as JSON'],
  ])('that %s is refused, with what to do', async (_, make, message) => {
    await expect(loadSObjectTrees(await make(), now)).rejects.toMatchObject({
      name: 'DatasetError',
      message: expect.stringContaining(message),
      remedy: expect.stringMatching(/\w+/),
    });
  });
});
