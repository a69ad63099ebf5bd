import { describe, expect, it } from 'vitest';
import { generateWorld } from '../../connectors/kit/sandbox/world.ts';
import { packageFields } from '../../connectors/salesforce/sandbox/objects/holdfast-package.ts';
import { caseStatuses, taskPriorities, taskStatuses } from '../../connectors/salesforce/sandbox/objects/work.ts';
import { opportunityStages } from '../../connectors/salesforce/sandbox/objects/sales.ts';
import { customFields } from '../../connectors/salesforce/sandbox/seed-definitions.ts';
import { toOrgSeed } from '../../connectors/salesforce/sandbox/seed.ts';
import type { SeedRow } from '../../connectors/salesforce/sandbox/org-seed.ts';
import type { FieldDescription, Pipeline } from '../../connectors/contract/connector.ts';
import { compileMapping } from '../../src/core/mapping/compile.ts';
import type { EntityName } from '../../src/core/mapping/entities.ts';
import { mapRecord } from '../../src/core/mapping/inbound.ts';
import { toTaskWords } from '../../src/core/mapping/task-words.ts';
import type { Portal } from '../../src/core/mapping/portal.ts';
import { mappingOf } from './mapping-files.ts';

const stages: Pipeline = {
  id: '0125e0000000002AAA',
  label: 'Renewal',
  stages: opportunityStages.map(({ name, isClosed, isWon, probability }) => ({
    id: name,
    label: name,
    outcome: isClosed ? (isWon ? 'won' : 'lost') : 'open',
    probability: probability / 100,
  })),
};

const portal = (definitions: Portal['definitions'] = new Map()): Portal => ({
  facts: { timeZone: 'America/New_York', currency: 'USD' },
  definitions,
});

const compiled = compileMapping(
  mappingOf('salesforce'),
  portal(new Map([['Opportunity', { fields: null, pipelines: [stages] }]])),
);

/** Which of our entities a record of an org is. */
function entityOf({ object, values }: SeedRow): EntityName | null {
  if (object === 'Task') {
    if (values['TaskSubtype'] === 'Call') return 'call';
    if (values['TaskSubtype'] === 'Email') return 'email';
    return values['Type'] === 'Note' ? 'note' : 'task';
  }
  const entities: Readonly<Record<string, EntityName>> = {
    Account: 'account',
    Contact: 'contact',
    Opportunity: 'deal',
    Contract: 'contract',
    Case: 'ticket',
    Event: 'meeting',
  };
  return entities[object] ?? null;
}

/** What an entity's record says, with what Salesforce works out by itself. */
function map<Entity extends EntityName>(entity: Entity, values: Readonly<Record<string, string | number | boolean>>) {
  const raw = { id: '1', links: {}, createdAt: null, modifiedAt: '2026-03-01T10:00:00.000Z', deleted: false };
  return mapRecord(entity, compiled, { raw, inputs: values, shown: {}, accountId: null });
}

describe('the mapping of Salesforce on an org full of customers', () => {
  it.each(['contracts', 'accounts'] as const)('reads every record without a problem, terms kept in %s', (termsIn) => {
    const world = generateWorld({ seed: 7, now: '2026-11-20T08:00:00.000Z', accounts: 60 });
    const seen = new Set<string>();
    const told: string[] = [];
    for (const row of toOrgSeed(world, { termsIn, cpq: true }).rows) {
      const entity = entityOf(row);
      if (entity === null) continue;
      seen.add(entity);
      const filled = Object.entries(row.values).filter((entry): entry is [string, string | number | boolean] => {
        const [, value] = entry;
        return value !== null;
      });
      const isClosed = { IsClosed: row.values['Status'] === 'Closed' || row.values['Status'] === 'Completed' };
      const { problems } = map(entity, { ...isClosed, ...Object.fromEntries(filled) });
      told.push(...problems.map(({ message }) => message));
    }
    expect(told).toEqual([]);
    expect([...seen].sort()).toEqual([
      'account',
      'call',
      'contact',
      ...(termsIn === 'contracts' ? ['contract'] : []),
      'deal',
      'email',
      'meeting',
      'note',
      'task',
      'ticket',
    ]);
  });

  it('reads every field that the admin of the sandbox org has added', () => {
    const undescribed = compileMapping(mappingOf('salesforce'), portal());
    const asked = new Map<string, Set<string>>();
    for (const { object, fields } of undescribed.objectsToPull) {
      const [sobject = object] = object.split('.');
      const activity = sobject === 'Task' || sobject === 'Event' ? 'Activity' : sobject;
      asked.set(activity, (asked.get(activity) ?? new Set()).union(new Set(fields)));
    }
    const unread = Object.entries({ ...customFields('accounts'), ...customFields('contracts') }).flatMap(
      ([object, fields]) =>
        fields.filter(({ name }) => !asked.get(object)?.has(name)).map(({ name }) => `${object}.${name}`),
    );
    expect(unread).toEqual([]);
  });

  it('writes only fields that the package brings', () => {
    const specs = compiled.fieldSpecs('extended');
    const brought = (object: string): readonly string[] =>
      (packageFields[object === 'Task' ? 'Activity' : object] ?? []).map(({ name }) => name);
    expect(specs.length).toBeGreaterThan(45);
    expect(specs.filter(({ object, name }) => !brought(object).includes(name))).toEqual([]);
  });
});

describe('the end of a term', () => {
  it.each([
    ['EndDate', { EndDate: '2027-03-31', Renewal_Date__c: '2027-04-01' }, '2027-03-31', 'EndDate'],
    [
      'a field of the admin, where nobody filled it',
      { Contract_End_Date__c: '2027-03-31' },
      '2027-03-31',
      'Contract_End_Date__c',
    ],
  ] as const)('on a contract is %s, and it is known where it was found', (_, values, endOn, place) => {
    const { record, found } = map('contract', values);
    expect(record.endOn).toBe(endOn);
    expect(found['endOn']).toBe(place);
  });

  it('on an account is the first of the names that admins give it', () => {
    const { record, found } = map('account', {
      Name: 'Acme',
      Next_Renewal_Date__c: '2027-05-31',
      Contract_End_Date__c: '2027-03-31',
    });
    expect(record.renewalOn).toBe('2027-05-31');
    expect(found['renewalOn']).toBe('Next_Renewal_Date__c');
  });
});

describe('what an opportunity is', () => {
  it.each([
    ['a renewal, by CPQ', { SBQQ__Renewal__c: true, Type: 'Existing Business' }, 'renewal'],
    ['a renewal, by its record type', { RecordTypeId: stages.id, Type: 'New Customer' }, 'renewal'],
    ['a renewal, by its type', { Type: 'Renewal' }, 'renewal'],
    ['a renewal, by its name', { Name: 'Acme – Renewal 2027', Type: 'Existing Business' }, 'renewal'],
    ['new business', { Name: 'Acme', Type: 'New Customer' }, 'new'],
    ['an upgrade', { Name: 'Acme', Type: 'Existing Customer - Upgrade' }, 'upsell'],
    ['a downgrade', { Name: 'Acme', Type: 'Existing Customer - Downgrade' }, 'downsell'],
    ['more of the same, when nothing else is said', { Name: 'Acme', Type: 'Existing Business' }, 'upsell'],
    ['something else', { Name: 'Acme', Type: 'Services' }, 'other'],
  ] as const)('is %s', (_, values, kind) => {
    const { record, problems } = map('deal', { StageName: 'Prospecting', ...values });
    expect(record.kind).toBe(kind);
    expect(problems).toEqual([]);
  });

  it('has the stage that the org means, whatever its record type', () => {
    const { record } = map('deal', { StageName: 'Closed Won', RecordTypeId: '012000000000000AAA' });
    expect(record.stage).toEqual({ outcome: 'won', raw: 'Closed Won', label: 'Closed Won', probability: 1 });
  });
});

describe('a customer', () => {
  it.each([
    ['Customer - Direct', 'customer'],
    ['Customer - Channel', 'customer'],
    ['Former Customer', 'churned'],
    ['Channel Partner / Reseller', 'partner'],
    ['Prospect', 'prospect'],
  ] as const)('by the type %j is a %s', (type, meaning) => {
    expect(map('account', { Name: 'Acme', Type: type }).record.type).toBe(meaning);
  });

  it('raised money and bought another company on the days that its record says, and was not bought on the day it was won', () => {
    expect(
      map('account', { Last_Funding_Date__c: '2026-02-01', Last_Acquisition_Date__c: '2026-01-15' }).record,
    ).toMatchObject({ fundedOn: '2026-02-01', acquisitionOn: '2026-01-15' });
    expect(map('account', { Acquisition_Date__c: '2024-01-15' }).record.acquisitionOn).toBeNull();
  });

  it('never has its own turnover taken for what it pays us', () => {
    expect(map('account', { Name: 'Acme', AnnualRevenue: 5_000_000 }).record.arr).toBeNull();
  });
});

describe('what was sold', () => {
  it('is told by the account, the opportunity, a line of CPQ and an asset, each in its own way', () => {
    expect(map('account', { Products_Owned__c: 'Core;Analytics' }).record.products).toEqual(['Core', 'Analytics']);
    expect(map('deal', { Products__c: 'Core;None' }).record.products).toEqual(['Core']);
    expect(map('subscription', { SBQQ__ProductName__c: 'Core' }).record.product).toBe('Core');
    expect(map('asset', { Name: 'Core' }).record.product).toBe('Core');
    expect(map('asset', { Name: 'Core for Berlin', Product_Name__c: 'Core' }).record.product).toBe('Core');
  });

  it('is never an id, as a lookup to a product holds', () => {
    expect(map('deal', { Product__c: '01t5e000003KJhxAAG' }).record.products).toBeNull();
    expect(map('contract', { Product__c: '01t5e000003KJhxAAG' }).record.product).toBeNull();
  });
});

describe('a task of ours', () => {
  const field = (name: string, values: readonly string[]): FieldDescription => ({
    name,
    label: name,
    type: 'enumeration',
    readOnly: false,
    options: values.map((value) => ({ value, label: value })),
  });
  const wish = { subject: 'Call', body: 'Because', priority: 'high', dueOn: '2027-01-04', ownerId: '005', key: 'k' };
  const fieldsIn = (definition: {
    statuses: readonly (readonly [string, boolean])[];
    priorities: readonly string[];
  }) => {
    const words = toTaskWords(
      compileMapping(
        mappingOf('salesforce'),
        portal(
          new Map([
            [
              'Task',
              {
                fields: [
                  field(
                    'Status',
                    definition.statuses.map(([name]) => name),
                  ),
                  field('Priority', definition.priorities),
                ],
                pipelines: [
                  {
                    id: 'Task',
                    label: 'Task',
                    stages: definition.statuses.map(([name, isClosed]) => ({
                      id: name,
                      label: name,
                      outcome: isClosed ? ('won' as const) : ('open' as const),
                      probability: null,
                    })),
                  },
                ],
              },
            ],
          ]),
        ),
      ),
      () => false,
    );
    return { open: words.fieldsOf(wish as never), done: words.doneFields };
  };

  it('has the words of a new org where the org has them', () => {
    const { open, done } = fieldsIn({
      statuses: taskStatuses.map(({ name, isClosed }) => [name, isClosed]),
      priorities: taskPriorities,
    });
    expect(open).toMatchObject({ Status: 'Not Started', Priority: 'High', ActivityDate: '2027-01-04' });
    expect(done).toEqual({ Status: 'Completed' });
  });

  it('has the org’s own status where it calls them otherwise, and leaves it its default priority', () => {
    const { open, done } = fieldsIn({
      statuses: [
        ['Offen', false],
        ['Erledigt', true],
      ],
      priorities: ['Hoch', 'Normal'],
    });
    expect(open).toMatchObject({ Status: 'Offen', Priority: null });
    expect(done).toEqual({ Status: 'Erledigt' });
  });
});

it('cases are open until their status is closed', () => {
  for (const { name, isClosed } of caseStatuses) {
    expect(map('ticket', { Status: name, IsClosed: isClosed }).record.isOpen).toBe(!isClosed);
  }
});
