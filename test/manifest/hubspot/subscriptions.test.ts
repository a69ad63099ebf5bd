import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { factsOf } from '../../../connectors/hubspot/objects.ts';
import { standardPropertiesOf } from '../../../connectors/hubspot/sandbox/standard-properties.ts';
import { requiredScopes } from '../../../connectors/hubspot/scopes.ts';
import { subscriptions } from '../../../connectors/hubspot/subscriptions.ts';

const mapped = { companies: 'account', contacts: 'contact', deals: 'deal' } as const;

describe('what HubSpot tells the app at once', () => {
  it.each(Object.entries(mapped))(
    'of %s is every property that an account of ours surely has and that we read',
    async (object, ours) => {
      const standard = new Set(standardPropertiesOf(object, 'any').map(({ name }) => name));
      const read = namesIn(await mappingFile(`${ours}.json`)).filter((name) => standard.has(name));
      const peoples = await peoplesProperties(ours);
      const told = subscriptions.flatMap((one) => (one.object === object ? (one.property ?? []) : []));
      expect(told.toSorted()).toEqual([...new Set([...read, ...peoples])].toSorted());
    },
  );

  it('of each of them is also that it came, went, was merged, came back or was linked', () => {
    for (const object of Object.keys(mapped)) {
      const events = subscriptions.filter((one) => one.object === object && one.property === null);
      expect(events.map(({ event }) => event).toSorted()).toEqual([
        'associationChange',
        'creation',
        'deletion',
        'merge',
        'restore',
      ]);
    }
  });

  it('is only of objects that every account must open, or HubSpot would refuse the app', () => {
    for (const { object } of subscriptions) expect(requiredScopes).toContain(factsOf(object).readScope);
  });

  it('stays within the thousand that an app may have, and names nothing twice', () => {
    const told = subscriptions.map(({ object, event, property }) => `${object} ${event} ${property}`);
    expect(told.length).toBeLessThanOrEqual(1_000);
    expect(new Set(told).size).toBe(told.length);
  });
});

async function mappingFile(name: string): Promise<unknown> {
  return JSON.parse(await readFile(new URL(`../../../mappings/hubspot/${name}`, import.meta.url), 'utf8'));
}

const source = z.union([
  z.string().transform((name) => [name]),
  z.object({ join: z.array(z.string()) }).transform(({ join }) => join),
  z.object({ field: z.string(), pipeline: z.string().optional() }).transform(({ field, pipeline }) => {
    return pipeline === undefined ? [field] : [field, pipeline];
  }),
]);

/** Every property that a mapping names as a source. */
function namesIn(file: unknown): readonly string[] {
  const field = z.object({ from: z.array(source), currency: z.array(z.string()).default([]) });
  const { fields } = z.object({ fields: z.record(z.string(), field) }).parse(file);
  return Object.values(fields).flatMap(({ from, currency }) => [...from.flat(), ...currency]);
}

async function peoplesProperties(kind: 'account' | 'contact' | 'deal'): Promise<readonly string[]> {
  const field = z.object({ name: z.string(), filledBy: z.literal('people').optional() });
  const written = z
    .object({ account: z.array(field), deal: z.array(field) })
    .parse(await mappingFile('write-back.json'));
  return kind === 'contact'
    ? []
    : written[kind].filter(({ filledBy }) => filledBy === 'people').map(({ name }) => name);
}
