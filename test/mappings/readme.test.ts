import { describe, expect, it } from 'vitest';
import type { FieldDescription } from '../../connectors/contract/connector.ts';
import { compileMapping } from '../../src/core/mapping/compile.ts';
import type { EntityName } from '../../src/core/mapping/entities.ts';
import { ENTITIES } from '../../src/core/mapping/entities.ts';
import { mapRecord } from '../../src/core/mapping/inbound.ts';
import { parseConnectorMapping } from '../../src/core/mapping/parse.ts';
import { hubspotFiles, mappingText } from './hubspot-files.ts';

interface Example {
  readonly maps?: EntityName;
  readonly types?: Readonly<Record<string, FieldDescription['type']>>;
  readonly options?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly mapping: Readonly<Record<string, unknown>>;
  readonly input: Readonly<Record<string, string>>;
  readonly output: Readonly<Record<string, unknown>>;
  readonly found?: Readonly<Record<string, string>>;
  readonly problem?: string;
}

const stage = (id: string, label: string, outcome: 'open' | 'won', probability: number) => ({
  id,
  label,
  outcome,
  probability,
});
const PIPELINES = [
  {
    id: 'renewals',
    label: 'Renewals',
    stages: [stage('s1', 'Upcoming', 'open', 0.5), stage('s3', 'Renewed', 'won', 1)],
  },
  { id: 'support', label: 'Support', stages: [stage('s8', 'New', 'open', 0), stage('s9', 'Closed', 'won', 1)] },
];

function run(example: Example) {
  const entity = example.maps ?? 'account';
  const files = hubspotFiles();
  const file = files[`${entity}.json`] as { readonly object: string; readonly fields: Record<string, unknown> };
  const needed = Object.entries(ENTITIES[entity].fields).filter(([, field]) => 'required' in field);
  const fields = { ...Object.fromEntries(needed.map(([name]) => [name, file.fields[name]])), ...example.mapping };
  const mapping = parseConnectorMapping({ ...files, [`${entity}.json`]: { ...file, fields } });
  const described = Object.keys(example.input).map((name) => {
    const options = Object.entries(example.options?.[name] ?? {}).map(([value, label]) => ({ value, label }));
    return { name, label: name, type: example.types?.[name] ?? 'text', readOnly: false, options } as const;
  });
  const compiled = compileMapping(mapping, {
    facts: { timeZone: 'Europe/Berlin', currency: 'EUR' },
    definitions: new Map([[file.object, { fields: described, pipelines: PIPELINES }]]),
  });
  const raw = { id: '1', links: {}, createdAt: null, modifiedAt: '2026-11-20T00:00:00.000Z', deleted: false };
  return mapRecord(entity, compiled, { raw, inputs: example.input, shown: {}, accountId: null });
}

describe('the examples of mappings/README.md', () => {
  const text = mappingText('README.md');
  const sections = text.split(/^### /m).slice(1);
  const examples = sections.flatMap((section) => {
    const title = section.slice(0, section.indexOf('\n'));
    return [...section.matchAll(/```json\n([^`]+)```/g)].map(
      ([, json = '']) => [title, JSON.parse(json) as Example] as const,
    );
  });

  it('are there for every directive', () => {
    const shown = JSON.stringify(examples.map(([, { mapping }]) => mapping));
    for (const directive of [
      'from',
      'ignore',
      'join',
      'field',
      'values',
      'otherwise',
      'unmatched',
      'pipeline',
      'scale',
      'currency',
      'min',
      'max',
    ]) {
      expect(shown, directive).toContain(`"${directive}"`);
    }
  });

  it.each(examples)('%s', (_, example) => {
    const { record, problems, found } = run(example);
    expect(record).toMatchObject(example.output);
    expect(problems.map((problem) => problem.message)).toEqual(example.problem === undefined ? [] : [example.problem]);
    if (example.found !== undefined) expect(found).toMatchObject(example.found);
  });
});
