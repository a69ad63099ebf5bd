import nock from 'nock';
import { afterEach, describe, expect, it } from 'vitest';
import type { RawChange } from '../../../connectors/contract/record.ts';
import { hubspot } from '../../../connectors/hubspot/index.ts';
import { openDirectAccess } from '../../support/direct-access.ts';

const HUBSPOT = 'https://hubspot.test';
const UPDATE = '/crm/objects/2026-09/companies/batch/update';
const CREATE = '/crm/objects/2026-09/tasks/batch/create';
const AT = '2026-03-01T10:00:00.000Z';

afterEach(() => nock.cleanAll());

interface Input {
  readonly id: string;
  readonly objectWriteTraceId: string;
  readonly properties: Readonly<Record<string, string>>;
}

const update = (id: string, fields: Readonly<Record<string, string | null>>): RawChange => ({
  kind: 'update',
  object: 'companies',
  id,
  fields,
});

const task = (subject: string, links: Readonly<Record<string, readonly string[]>> = {}): RawChange => ({
  kind: 'create',
  object: 'tasks',
  fields: { hs_task_subject: subject, hs_task_status: 'NOT_STARTED' },
  links,
});

async function inputsOf(request: Request): Promise<readonly Input[]> {
  return ((await request.json()) as { readonly inputs: readonly Input[] }).inputs;
}
const shown = (input: Input): object => ({ id: input.id, properties: input.properties, updatedAt: AT });

/** Companies of which HubSpot refuses the whole batch when this finds an error in one of them. */
function refuseBatches(findError: (input: Input) => object | null): { readonly sizes: readonly number[] } {
  const sizes: number[] = [];
  nock(HUBSPOT)
    .post(UPDATE)
    .times(1_000)
    .reply(async (request: Request) => {
      const inputs = await inputsOf(request);
      sizes.push(inputs.length);
      const error = inputs.map(findError).find((found) => found !== null);
      return error ? ([400, error] as const) : ([200, { status: 'COMPLETE', results: inputs.map(shown) }] as const);
    });
  return { sizes };
}

const invalid = (name: string, message: string): object => ({
  status: 'error',
  category: 'VALIDATION_ERROR',
  message: `Property values were not valid: ${JSON.stringify([{ isValid: false, message, error: 'INVALID', name }])}`,
});

const scores = (count: number): RawChange[] =>
  Array.from({ length: count }, (_, index) => update(String(index + 1), { holdfast_health_score: String(index % 90) }));

const open = () => {
  const access = openDirectAccess(HUBSPOT);
  return { access, session: hubspot.open(access) };
};

describe('writing scores', () => {
  it('takes one call for a hundred companies, says so before, and shows each value as HubSpot keeps it', async () => {
    const { sizes } = refuseBatches(() => null);
    const { access, session } = open();
    const changes = [...scores(250), task('Prepare the renewal')];
    nock(HUBSPOT)
      .post(CREATE)
      .reply(201, async (request: Request) => ({
        results: (await inputsOf(request)).map((input) => ({ ...shown(input), id: '900' })),
      }));
    const outcomes = await session.write(changes);
    expect(sizes).toEqual([100, 100, 50]);
    expect(access.calls).toHaveLength(session.costOf(changes));
    expect(outcomes).toHaveLength(251);
    expect(outcomes[0]).toEqual({ ok: true, id: '1', fields: { holdfast_health_score: '0' }, modifiedAt: AT });
    expect(outcomes[250]).toMatchObject({ ok: true, id: '900' });
  });

  it('clears a value by sending it empty, and shows it as null', async () => {
    nock(HUBSPOT)
      .post(UPDATE, { inputs: [{ id: '1', properties: { holdfast_health_band: '' } }] })
      .reply(200, { results: [{ id: '1', properties: {}, updatedAt: AT }] });
    const [outcome] = await open().session.write([update('1', { holdfast_health_band: null })]);
    expect(outcome).toMatchObject({ ok: true, fields: { holdfast_health_band: null } });
  });

  it('costs nothing when there is nothing to write', async () => {
    const { access, session } = open();
    expect(await session.write([])).toEqual([]);
    expect(session.costOf([])).toBe(0);
    expect(access.calls).toEqual([]);
  });

  it('leaves 1,999 of 2,000 written when one value is refused, with at most 15 further calls', async () => {
    const broken = { category: 'VALIDATION_ERROR', message: 'A required property is missing', errors: [] };
    const { sizes } = refuseBatches((input) => (input.id === '1234' ? broken : null));
    const outcomes = await open().session.write(scores(2_000));
    expect(outcomes.filter((outcome) => outcome.ok)).toHaveLength(1_999);
    expect(outcomes[1_233]).toMatchObject({
      ok: false,
      code: 'value-refused',
      message: 'A required property is missing',
    });
    expect(sizes.length - 20).toBeLessThanOrEqual(15);
  });

  it('needs a single further call when HubSpot quotes the value that it refuses', async () => {
    const message = 'purple was not one of the allowed options: [red, green]';
    const { sizes } = refuseBatches((input) =>
      input.properties['holdfast_health_band'] === 'purple' ? invalid('holdfast_health_band', message) : null,
    );
    const changes = scores(100);
    changes[41] = update('42', { holdfast_health_band: 'purple' });
    const outcomes = await open().session.write(changes);
    expect(sizes).toEqual([100, 99]);
    expect(outcomes[41]).toEqual({
      ok: false,
      code: 'value-refused',
      message,
      field: 'holdfast_health_band',
      survivorId: null,
    });
    expect(outcomes.filter((outcome) => outcome.ok)).toHaveLength(99);
  });

  it('needs a single further call when a property was deleted, and writes the records that do without it', async () => {
    const gone = {
      category: 'VALIDATION_ERROR',
      message: 'Property values were not valid',
      errors: [{ code: 'PROPERTY_DOESNT_EXIST', message: 'Property "holdfast_old" does not exist' }],
    };
    const { sizes } = refuseBatches((input) => ('holdfast_old' in input.properties ? gone : null));
    const outcomes = await open().session.write([
      ...scores(50),
      ...Array.from({ length: 50 }, (_, index) => update(`9${index}`, { holdfast_old: 'x' })),
    ]);
    expect(sizes).toEqual([100, 50]);
    expect(outcomes.filter((outcome) => outcome.ok)).toHaveLength(50);
    expect(outcomes.at(-1)).toMatchObject({ code: 'value-refused', field: 'holdfast_old' });
  });

  it('blames for each property only the records that it is said of', async () => {
    const both = {
      message: `Property values were not valid: ${JSON.stringify([
        { isValid: false, message: 'Property "gone" does not exist', error: 'PROPERTY_DOESNT_EXIST', name: 'gone' },
        { isValid: false, message: 'purple was not one of the allowed options', error: 'INVALID_OPTION', name: 'band' },
      ])}`,
    };
    const { sizes } = refuseBatches((input) =>
      'gone' in input.properties || input.properties['band'] === 'purple' ? both : null,
    );
    const outcomes = await open().session.write([
      update('1', { gone: 'x' }),
      update('2', { band: 'purple' }),
      update('3', { band: 'green' }),
    ]);
    expect(outcomes.map((outcome) => outcome.ok)).toEqual([false, false, true]);
    expect(sizes).toEqual([3, 1]);
  });

  it('does not spend hundreds of refused calls when a rule of the account stands against every record', async () => {
    const rule = { category: 'VALIDATION_ERROR', message: 'Industry is required', errors: [] };
    const { sizes } = refuseBatches(() => rule);
    const outcomes = await open().session.write(scores(2_000));
    expect(outcomes.every((outcome) => !outcome.ok && outcome.message.startsWith('Industry is required'))).toBe(true);
    expect(sizes.length).toBeLessThan(100);
  });

  it.each([200, 207])('reads the errors beside the results of a %i, record by record', async (status) => {
    nock(HUBSPOT)
      .post(UPDATE)
      .reply(status, {
        status: 'COMPLETE',
        results: [{ id: '1', properties: { a: 'x' }, updatedAt: AT }],
        numErrors: 2,
        errors: [
          { status: 'error', category: 'OBJECT_NOT_FOUND', message: 'Could not find 2', context: { ids: ['2'] } },
          {
            status: 'error',
            category: 'VALIDATION_ERROR',
            message: 'too long',
            context: { id: ['3'], propertyName: ['a'] },
          },
        ],
      });
    nock(HUBSPOT).get('/crm/objects/2026-09/companies/2').query(true).reply(404, { category: 'OBJECT_NOT_FOUND' });
    const outcomes = await open().session.write(['1', '2', '3'].map((id) => update(id, { a: 'x' })));
    expect(outcomes).toMatchObject([
      { ok: true, id: '1' },
      { ok: false, code: 'record-gone', survivorId: null },
      { ok: false, code: 'value-refused', field: 'a' },
    ]);
  });

  it('names the company that took over when the record was merged into another', async () => {
    nock(HUBSPOT)
      .post(UPDATE)
      .reply(207, { results: [], errors: [{ category: 'OBJECT_NOT_FOUND', context: { ids: ['2'] } }] });
    nock(HUBSPOT)
      .get('/crm/objects/2026-09/companies/2')
      .query(true)
      .reply(200, { id: '77', properties: {}, updatedAt: AT });
    const [outcome] = await open().session.write([update('2', { a: 'x' })]);
    expect(outcome).toMatchObject({ ok: false, code: 'record-gone', survivorId: '77' });
  });

  it('believes no success that shows neither a result nor an error: it looks at the record', async () => {
    nock(HUBSPOT).post(UPDATE).reply(200, { status: 'COMPLETE', results: [] });
    nock(HUBSPOT)
      .post('/crm/objects/2026-09/companies/batch/read')
      .query({ archived: 'false' })
      .reply(200, {
        results: [
          { id: '1', properties: { a: 'new' }, updatedAt: AT },
          { id: '2', properties: { a: 'old' }, updatedAt: AT },
        ],
      });
    const outcomes = await open().session.write(['1', '2'].map((id) => update(id, { a: 'new' })));
    expect(outcomes).toMatchObject([{ ok: true }, { ok: false, code: 'value-refused' }]);
  });

  it('reports records as locked or forbidden when HubSpot says so of the whole batch, without trying each', async () => {
    nock(HUBSPOT).post(UPDATE).reply(423, { message: 'locked' });
    const locked = await open().session.write(scores(3));
    expect(locked.map((outcome) => !outcome.ok && outcome.code)).toEqual(Array(3).fill('record-locked'));
    nock(HUBSPOT).post(UPDATE).reply(403, { category: 'MISSING_SCOPES', message: 'no' });
    const forbidden = await open().session.write(scores(3));
    expect(forbidden.map((outcome) => !outcome.ok && outcome.code)).toEqual(Array(3).fill('permission-missing'));
  });

  it('throws when the call was lost, since nobody knows what was written', async () => {
    nock(HUBSPOT).post(UPDATE).reply(502, '');
    await expect(open().session.write(scores(3))).rejects.toMatchObject({ code: 'unavailable', maybeDone: true });
  });

  it('refuses two changes of one record in one write', async () => {
    const twice = [update('1', { a: 'x' }), update('1', { b: 'y' })];
    await expect(open().session.write(twice)).rejects.toMatchObject({ code: 'request-refused' });
  });
});

describe('opening tasks', () => {
  it('links them to the company, contact, deal and ticket in the same call, which is not to be repeated', async () => {
    const { access, session } = open();
    const links = { companies: ['10'], contacts: ['20'], deals: ['30'], tickets: ['40'] };
    let sent: unknown;
    nock(HUBSPOT)
      .post(CREATE, (body: unknown) => {
        sent = body;
        return true;
      })
      .reply(201, { results: [{ id: '1', objectWriteTraceId: '0', properties: {}, updatedAt: AT }] });
    await session.write([task('Call Acme', links)]);
    expect(access.calls).toEqual([{ bucket: 'general', purpose: 'create tasks', repeatable: false }]);
    expect(sent).toEqual({
      inputs: [
        {
          objectWriteTraceId: '0',
          properties: { hs_task_subject: 'Call Acme', hs_task_status: 'NOT_STARTED' },
          associations: [
            ['10', 192],
            ['20', 204],
            ['30', 216],
            ['40', 230],
          ].map(([id, associationTypeId]) => ({
            to: { id },
            types: [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId }],
          })),
        },
      ],
    });
  });

  it.each([true, false])(
    'knows which task is which though HubSpot answers in another order (traced: %s)',
    async (traced) => {
      nock(HUBSPOT)
        .post(CREATE)
        .reply(207, async (request: Request) => {
          const [first, second, third] = await inputsOf(request);
          const made = [third, first].flatMap((input) => (input ? [input] : []));
          return {
            results: made.map((input) => ({
              id: `id of ${input.properties['hs_task_subject']}`,
              properties: { ...input.properties, hs_task_priority: 'NONE' },
              updatedAt: AT,
              ...(traced ? { objectWriteTraceId: input.objectWriteTraceId } : {}),
            })),
            errors: [
              {
                category: 'VALIDATION_ERROR',
                message: 'hs_task_body is required',
                context: { objectWriteTraceId: [second?.objectWriteTraceId] },
              },
            ],
          };
        });
      const outcomes = await open().session.write([task('A'), task('B'), task('C')]);
      expect(outcomes).toMatchObject([
        { ok: true, id: 'id of A' },
        { ok: false, code: 'value-refused', message: 'hs_task_body is required' },
        { ok: true, id: 'id of C' },
      ]);
    },
  );

  it('guesses nothing when it cannot tell which task was made', async () => {
    nock(HUBSPOT)
      .post(CREATE)
      .reply(201, { results: [{ id: '5', properties: {}, updatedAt: AT }] });
    const write = open().session.write([task('A'), task('B')]);
    await expect(write).rejects.toMatchObject({ code: 'response-unexpected', maybeDone: true });
  });

  it('says which property HubSpot does not know on tasks', async () => {
    nock(HUBSPOT)
      .post(CREATE)
      .reply(400, { category: 'VALIDATION_ERROR', message: 'Property "hs_task_subject" does not exist' });
    const [outcome] = await open().session.write([task('A')]);
    expect(outcome).toMatchObject({ ok: false, code: 'value-refused', field: 'hs_task_subject' });
  });

  it('throws as one that may have happened when the answer was lost', async () => {
    nock(HUBSPOT).post(CREATE).reply(504, '');
    await expect(open().session.write([task('A')])).rejects.toMatchObject({ code: 'unavailable', maybeDone: true });
  });
});

describe('taking tasks away', () => {
  it('archives a hundred in one call', async () => {
    nock(HUBSPOT)
      .post('/crm/objects/2026-09/tasks/batch/archive', { inputs: [{ id: '1' }, { id: '2' }] })
      .reply(204);
    const outcomes = await open().session.write(['1', '2'].map((id) => ({ kind: 'archive', object: 'tasks', id })));
    expect(outcomes).toEqual(['1', '2'].map((id) => ({ ok: true, id, fields: {}, modifiedAt: null })));
  });
});
