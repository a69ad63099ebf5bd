import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HubSpotFault } from '../../connectors/hubspot/sandbox/index.ts';
import { chanceOf } from '../../connectors/kit/sandbox/world-chance.ts';
import { startPostgres, type TestServer } from '../support/databases.ts';
import { endStateOf, openWholeLine, taskKeys, type WholeLine } from '../support/whole-line.ts';

/** Kinds of call, each with the calls of its kind of which one is hit, by the sandbox's names. */
const CALLS = {
  definitions: ['list properties companies', 'list pipelines deals', 'list owners'],
  list: ['list companies', 'list contacts', 'list deals', 'list emails'],
  search: ['search companies', 'search contacts', 'search deals', 'search tasks'],
  read: ['batch read companies', 'batch read contacts'],
  links: ['batch read associations deals companies', 'batch read associations emails contacts'],
  update: ['batch update companies', 'batch update deals', 'batch update tasks'],
  createTasks: ['batch create tasks'],
  makeFields: [
    'create property groups companies',
    'batch create properties companies',
    'batch create properties tasks',
  ],
  token: ['token'],
} as const;

type Calls = keyof typeof CALLS;

const ANY: readonly Calls[] = [
  'definitions',
  'list',
  'search',
  'read',
  'links',
  'update',
  'createTasks',
  'makeFields',
  'token',
];
const WITH_TOKEN: readonly Calls[] = ANY.filter((calls) => calls !== 'token');
const WRITES: readonly Calls[] = ['update', 'createTasks', 'makeFields'];

const FAULTS: readonly (readonly [title: string, fault: HubSpotFault, hits: readonly Calls[]])[] = [
  ['a lock (423)', { kind: 'status', status: 423 }, WITH_TOKEN],
  ['a move to another data centre (477)', { kind: 'status', status: 477, retryAfterS: 1 }, WITH_TOKEN],
  ['too many calls in ten seconds (429)', { kind: 'status', status: 429, policy: 'TEN_SECONDLY_ROLLING' }, WITH_TOKEN],
  ['too many searches in a second (429)', { kind: 'status', status: 429, policy: 'SECONDLY' }, ['search']],
  ...[500, 502, 503, 504, 521, 524].map(
    (status) => [`${status}`, { kind: 'status', status }, ANY] as const satisfies (typeof FAULTS)[number],
  ),
  ['a refused token (401)', { kind: 'status', status: 401 }, WITH_TOKEN],
  ['a token that ends', { kind: 'expire-token' }, WITH_TOKEN],
  ['no answer', { kind: 'stall-headers' }, ANY],
  ['an answer that stops in the middle', { kind: 'stall-body' }, ANY],
  ['an answer that is cut off', { kind: 'cut' }, ANY],
  ['a connection that breaks', { kind: 'reset' }, ANY],
  ['a proxy’s page in place of the answer', { kind: 'garbage', form: 'html' }, ANY],
  ['half of an answer as a whole one', { kind: 'garbage', form: 'json' }, ANY],
  ['500 after the work was done', { kind: 'status', status: 500, afterWrite: true }, WRITES],
  ['no answer after the work was done', { kind: 'stall-headers', afterWrite: true }, WRITES],
  ['a connection that breaks after the work was done', { kind: 'reset', afterWrite: true }, [...WRITES, 'token']],
  ['a proxy’s page after the work was done', { kind: 'garbage', afterWrite: true }, WRITES],
];

let server: TestServer;
let undisturbed: Readonly<Record<string, unknown>>;
beforeAll(async () => {
  server = await startPostgres();
  const line = await openWholeLine(await server.createDatabase());
  await twoDays(line);
  undisturbed = await endStateOf(line);
  await line.close();
});
afterAll(async () => {
  await server.stop();
});

/** Installed, approved, written; then a day of people's work, and the daily run. */
async function twoDays(line: WholeLine): Promise<void> {
  await line.sync('incremental');
  await line.approve();
  await line.sync('incremental');
  line.passDay();
  await line.sync('daily');
}

describe('HubSpot that fails in between leaves behind what it would have left behind without:', () => {
  it.concurrent.for(FAULTS.map(([title, fault, hits], index) => ({ title, fault, hits, index })))(
    '$title',
    { timeout: 300_000 },
    async ({ fault, hits, index }, { expect: see }) => {
      const chance = chanceOf(index);
      const line = await openWholeLine(await server.createDatabase());
      try {
        for (const calls of hits) {
          line.sandbox.faults.add({ ...fault, match: { purpose: chance.pick(CALLS[calls]) } });
        }
        await twoDays(line);
        see(line.sandbox.faults.happened, 'every fault has happened').toBe(hits.length);
        see(await endStateOf(line)).toEqual(undisturbed);
        const keys = taskKeys(line.sandbox.portal);
        see(keys.toSorted(), 'no task twice').toEqual([...new Set(keys)].toSorted());
        see(await line.sync('incremental')).toMatchObject({ writes: { records: 0, tasksOpened: 0, tasksClosed: 0 } });
      } finally {
        await line.close();
      }
    },
  );

  it('a portal in which there is something to write', () => {
    expect(undisturbed).toMatchObject({ tasks: expect.arrayContaining([expect.anything()]) });
  });
});
