import { describe, expect, it } from 'vitest';
import { customProperties, pipelines } from '../../connectors/hubspot/sandbox/seed-definitions.ts';
import { toPortalSeed } from '../../connectors/hubspot/sandbox/seed.ts';
import { generateWorld } from '../../connectors/kit/sandbox/world.ts';
import { compileMapping } from '../../src/core/mapping/compile.ts';
import { mapRecord } from '../../src/core/mapping/inbound.ts';
import { hubspotMapping } from './hubspot-files.ts';

const stagesOf = (object: 'deals' | 'tickets') =>
  pipelines[object].map(({ id, label, stages }) => ({
    id,
    label,
    stages: stages.map((stage) => ({
      id: stage.id,
      label: stage.label,
      outcome:
        stage.metadata['isClosed'] === 'true' || stage.metadata['ticketState'] === 'CLOSED'
          ? ('won' as const)
          : ('open' as const),
      probability: null,
    })),
  }));

describe('the mapping of HubSpot on a portal full of customers', () => {
  const compiled = compileMapping(hubspotMapping(), {
    facts: { timeZone: 'America/New_York', currency: 'USD' },
    definitions: new Map([
      ['deals', { fields: null, pipelines: stagesOf('deals') }],
      ['tickets', { fields: null, pipelines: stagesOf('tickets') }],
    ]),
  });

  it('reads every record without a problem', () => {
    const entityOf = new Map(compiled.sources.map(({ object, entity }) => [object, entity]));
    const seen = new Set<string>();
    const told: string[] = [];
    for (const row of toPortalSeed(generateWorld({ seed: 7, now: '2026-11-20T08:00:00.000Z', accounts: 60 })).rows) {
      const entity = row.object === 'tasks' ? 'task' : entityOf.get(row.object);
      if (entity === undefined) throw new Error(`nothing reads ${row.object}`);
      seen.add(entity);
      const raw = {
        id: row.id,
        links: {},
        createdAt: null,
        modifiedAt: new Date(row.updatedAt).toISOString(),
        deleted: false,
      };
      const { problems } = mapRecord(entity, compiled, { raw, inputs: row.properties, shown: {}, accountId: null });
      told.push(...problems.map(({ message }) => message));
    }
    expect(told).toEqual([]);
    expect([...seen].sort()).toEqual([
      'account',
      'call',
      'contact',
      'deal',
      'email',
      'meeting',
      'note',
      'task',
      'ticket',
    ]);
  });

  it('reads what a company owns, what a deal sells, and news of the company', () => {
    const raw = { id: '1', links: {}, createdAt: null, modifiedAt: '2026-11-20T00:00:00.000Z', deleted: false };
    const read = <Entity extends 'account' | 'deal'>(entity: Entity, inputs: Readonly<Record<string, string>>) =>
      mapRecord(entity, compiled, { raw, inputs, shown: {}, accountId: null }).record;
    expect(
      read('account', {
        products_owned: 'Core;Analytics',
        last_funding_date: '2026-02-01',
        acquisition_date: '2024-01-15',
      }),
    ).toMatchObject({ products: ['Core', 'Analytics'], fundedOn: '2026-02-01', acquisitionOn: null });
    expect(read('account', { last_acquisition_date: '2026-01-15' }).acquisitionOn).toBe('2026-01-15');
    expect(read('deal', { products: 'Core, n/a' }).products).toEqual(['Core']);
  });

  it('reads every property that the admin of the sandbox portal has added', () => {
    const undescribed = compileMapping(hubspotMapping(), {
      facts: { timeZone: 'UTC', currency: 'USD' },
      definitions: new Map(),
    });
    const asked = undescribed.objectsToPull.flatMap(({ object, fields }) => fields.map((name) => `${object}.${name}`));
    const added = Object.entries(customProperties).flatMap(([object, properties]) =>
      properties.map(({ name }) => `${object}.${name}`),
    );
    expect(added.filter((name) => !asked.includes(name))).toEqual([]);
  });
});
