import { describe, expect, it } from 'vitest';
import type { CrmSession, FieldSpec } from '../../../connectors/contract/connector.ts';
import { salesforce } from '../../../connectors/salesforce/index.ts';
import type { SalesforceSandbox } from '../../../connectors/salesforce/sandbox/index.ts';
import { openDirectAccess } from '../../support/direct-access.ts';
import { ids, openOrg, orgSeed, orgToken, row } from '../../support/sandbox-org.ts';

const open = ({ url }: SalesforceSandbox): CrmSession => salesforce.open(openDirectAccess(url, { token: orgToken }));

const spec = (object: string, name: string, type: FieldSpec['type'] = 'text'): FieldSpec => ({
  object,
  name,
  label: name,
  description: name,
  type,
  options: [],
  unique: false,
  filledByPeople: false,
});

const specs = [
  spec('Account', 'Holdfast_Health_Score__c', 'number'),
  spec('Account', 'Holdfast_Health_Band__c'),
  spec('Task', 'Holdfast_Key__c'),
];

const opportunity = { Name: 'Renewal', StageName: 'Prospecting', CloseDate: '2026-05-01' };

describe('the fields of the package', () => {
  it('are there when it is installed and its permission set is assigned', async () => {
    const sandbox = await openOrg(orgSeed([]));
    const session = open(sandbox);
    expect(await session.missing(specs)).toEqual([]);
    sandbox.calls.reset();
    expect(await session.provision(specs)).toEqual({
      done: [],
      existing: ['Account.Holdfast_Health_Score__c', 'Account.Holdfast_Health_Band__c', 'Task.Holdfast_Key__c'],
      refused: [],
    });
    expect(sandbox.calls.total).toBe(session.costOfProvision(specs));
  });

  it.each(['absent', 'unassigned'] as const)('that the user sees none of (%s) are told one by one', async (state) => {
    const session = open(await openOrg(orgSeed([]), { holdfastPackage: state }));
    const { refused } = await session.provision(specs);
    expect(await session.missing(specs)).toEqual(refused);
    expect(refused.map(({ object, name }) => `${object}.${name}`)).toEqual(
      specs.map(({ object, name }) => `${object}.${name}`),
    );
    expect(refused[0]?.remedy).toContain('install the Holdfast package');
    expect(refused[0]?.remedy).toContain('Holdfast_Integration');
  });

  it('of which one is hidden are told by that one alone', async () => {
    const sandbox = await openOrg(orgSeed([]));
    sandbox.org.hideField('Account', 'Holdfast_Health_Band__c');
    const { refused, existing } = await open(sandbox).provision(specs);
    expect(refused).toEqual([
      {
        object: 'Account',
        name: 'Holdfast_Health_Band__c',
        message: expect.stringContaining('shows no field Holdfast_Health_Band__c'),
        remedy: expect.stringContaining('opens the field'),
      },
    ]);
    expect(existing).toHaveLength(2);
  });

  it('appear in the next look after the admin has assigned the permission set', async () => {
    const sandbox = await openOrg(orgSeed([]));
    const session = open(sandbox);
    sandbox.org.hideField('Account', 'Holdfast_Health_Band__c');
    expect((await session.provision(specs)).refused).toHaveLength(1);
    sandbox.org.showField('Account', 'Holdfast_Health_Band__c');
    expect((await session.provision(specs)).refused).toEqual([]);
  });

  it('of an object that may not be seen at all say so', async () => {
    const sandbox = await openOrg(orgSeed([]));
    sandbox.org.hideObject('Task');
    const { refused } = await open(sandbox).provision(specs);
    expect(refused.map(({ object, message }) => [object, message])).toEqual([
      ['Task', 'Task may not be seen by the user that Holdfast is connected as.'],
    ]);
  });
});

describe('taking Holdfast away', () => {
  it('empties our fields on every record, and leaves theirs alone', async () => {
    const sandbox = await openOrg(
      orgSeed([
        row('Account', ids.account(1), { Name: 'A', Holdfast_Health_Score__c: 40, Holdfast_Health_Band__c: 'red' }),
        row('Account', ids.account(2), { Name: 'B', CSM_Notes__c: 'Ours to keep' }),
      ]),
    );
    const report = await open(sandbox).unprovision(specs);
    expect(report.refused).toEqual([]);
    expect(report.done).toEqual([
      'Account.Holdfast_Health_Score__c',
      'Account.Holdfast_Health_Band__c',
      'Task.Holdfast_Key__c',
    ]);
    expect(sandbox.org.get(ids.account(1))?.fields).not.toHaveProperty('Holdfast_Health_Score__c');
    expect(sandbox.org.get(ids.account(1))?.fields).not.toHaveProperty('Holdfast_Health_Band__c');
    expect(sandbox.org.get(ids.account(2))?.fields['CSM_Notes__c']).toBe('Ours to keep');
    expect(sandbox.calls.perPurpose['update Account']).toBe(1);
  });

  it('takes the tick out of our checkboxes, and touches no record that has nothing of ours', async () => {
    const sandbox = await openOrg(
      orgSeed([
        row('Opportunity', ids.opportunity(1), { ...opportunity, Holdfast_Created__c: true }),
        row('Opportunity', ids.opportunity(2), opportunity),
      ]),
    );
    const before = sandbox.org.get(ids.opportunity(2));
    const { refused } = await open(sandbox).unprovision([spec('Opportunity', 'Holdfast_Created__c', 'boolean')]);
    expect(refused).toEqual([]);
    expect(sandbox.org.get(ids.opportunity(1))?.fields).toMatchObject({ Holdfast_Created__c: false });
    expect(sandbox.org.get(ids.opportunity(2))).toEqual(before);
  });

  it('leaves what people entered in fields of ours', async () => {
    const sandbox = await openOrg(
      orgSeed([
        row('Account', ids.account(1), { Name: 'A', Holdfast_Health_Score__c: 40, Holdfast_CSM_Pulse__c: '4' }),
      ]),
    );
    const pulse = { ...spec('Account', 'Holdfast_CSM_Pulse__c', 'enumeration'), filledByPeople: true };
    const { done } = await open(sandbox).unprovision([...specs, pulse]);
    expect(done).not.toContain('Account.Holdfast_CSM_Pulse__c');
    expect(sandbox.org.get(ids.account(1))?.fields).toMatchObject({ Holdfast_CSM_Pulse__c: '4' });
  });

  it('twice does no harm', async () => {
    const sandbox = await openOrg(
      orgSeed([row('Account', ids.account(1), { Name: 'A', Holdfast_Health_Score__c: 40 })]),
    );
    await open(sandbox).unprovision(specs);
    sandbox.calls.reset();
    await open(sandbox).unprovision(specs);
    expect(sandbox.calls.perPurpose).not.toHaveProperty('update Account');
  });
});
