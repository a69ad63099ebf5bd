import { simulatedHubSpot } from '../support/simulated-hubspot.ts';
import { describeFaults } from './fault-battery.ts';

const definitions = ['list properties companies', 'list pipelines deals', 'list owners'];
const list = ['list companies', 'list contacts', 'list deals', 'list emails'];
const search = ['search companies', 'search contacts', 'search deals', 'search tasks'];
const read = ['batch read companies', 'batch read contacts'];
const links = ['batch read associations deals companies', 'batch read associations emails contacts'];
const update = ['batch update companies', 'batch update deals', 'batch update tasks'];
const createTasks = ['batch create tasks'];
const makeFields = [
  'create property groups companies',
  'batch create properties companies',
  'batch create properties tasks',
];
const token = ['token'];

const withToken = [definitions, list, search, read, links, update, createTasks, makeFields];
const any = [...withToken, token];
const writes = [update, createTasks, makeFields];

describeFaults(simulatedHubSpot, [
  { title: 'a lock (423)', fault: { kind: 'status', status: 423 }, hits: withToken },
  {
    title: 'a move to another data centre (477)',
    fault: { kind: 'status', status: 477, retryAfterS: 1 },
    hits: withToken,
  },
  {
    title: 'too many calls in ten seconds (429)',
    fault: { kind: 'status', status: 429, policy: 'TEN_SECONDLY_ROLLING' },
    hits: withToken,
  },
  {
    title: 'too many searches in a second (429)',
    fault: { kind: 'status', status: 429, policy: 'SECONDLY' },
    hits: [search],
  },
  ...[500, 502, 521, 524].map((status) => ({
    title: `${status}`,
    fault: { kind: 'status', status } as const,
    hits: any,
  })),
  { title: 'a refused token (401)', fault: { kind: 'status', status: 401 }, hits: withToken },
  { title: 'a token that ends', fault: { kind: 'expire-token' }, hits: withToken },
  { title: 'no answer', fault: { kind: 'stall-headers' }, hits: any },
  { title: 'an answer that stops in the middle', fault: { kind: 'stall-body' }, hits: any },
  { title: 'an answer that is cut off', fault: { kind: 'cut' }, hits: any },
  { title: 'a connection that breaks', fault: { kind: 'reset' }, hits: any },
  { title: 'a proxy’s page in place of the answer', fault: { kind: 'garbage', form: 'html' }, hits: any },
  { title: 'half of an answer as a whole one', fault: { kind: 'garbage', form: 'json' }, hits: any },
  { title: '500 after the work was done', fault: { kind: 'status', status: 500, afterWrite: true }, hits: writes },
  { title: 'no answer after the work was done', fault: { kind: 'stall-headers', afterWrite: true }, hits: writes },
  {
    title: 'a connection that breaks after the work was done',
    fault: { kind: 'reset', afterWrite: true },
    hits: [...writes, token],
  },
  { title: 'a proxy’s page after the work was done', fault: { kind: 'garbage', afterWrite: true }, hits: writes },
]);
