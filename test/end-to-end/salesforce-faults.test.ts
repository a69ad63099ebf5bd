import { salesforceWith, simulatedSalesforce } from '../support/simulated-salesforce.ts';
import { describeFaults } from './fault-battery.ts';

const describes = ['describe Account', 'describe Opportunity', 'query OpportunityStage', 'query CaseStatus'];
const everything = ['query Account', 'query Contact', 'query Opportunity', 'query User'];
const nextPages = ['query more'];
const changes = ['query all Account', 'query all Contact', 'query all Opportunity', 'query all Task'];
const links = ['query OpportunityContactRole'];
const update = ['update Account', 'update Opportunity', 'update Task'];
const newTasks = ['upsert Task'];
const token = ['token'];

const withToken = [describes, everything, nextPages, changes, links, update, newTasks];
// An answer with new tokens that is lost takes the connection with it, by Salesforce's rules; see the tests of tokens.
const any = [...withToken, token];
const writes = [update, newTasks];
// Far enough from each other that no call meets two of them.
const sessions = [['describe Account'], nextPages, changes, update, newTasks];

describeFaults(
  simulatedSalesforce,
  [
    { title: 'a session that is refused in the middle (401)', fault: { kind: 'status', status: 401 }, hits: withToken },
    // One at a time: a call that is refused twice, with a token that was just renewed, has lost its access.
    { title: 'a session that ends in the middle', fault: { kind: 'expire-token' }, hits: sessions },
    {
      title: 'the day’s calls used up (403 REQUEST_LIMIT_EXCEEDED)',
      fault: { kind: 'status', status: 403 },
      hits: [everything, nextPages, changes, update, newTasks],
    },
    {
      title: 'too many long calls at once (403 REQUEST_LIMIT_EXCEEDED)',
      fault: { kind: 'status', status: 403, message: 'ConcurrentPerOrgLongTxn Limit exceeded.' },
      hits: [everything, nextPages, changes],
    },
    {
      title: 'records that are locked (UNABLE_TO_LOCK_ROW, with 200)',
      fault: { kind: 'refuse-rows', positions: [0, 2, 3] },
      hits: writes,
    },
    {
      title: 'a record that stays locked until the next run (UNABLE_TO_LOCK_ROW three times)',
      fault: { kind: 'refuse-rows', positions: [0] },
      times: 3,
      needsAnotherRun: true,
      hits: [['update Account'], newTasks],
    },
    { title: 'too many calls (429)', fault: { kind: 'status', status: 429, retryAfterS: 1 }, hits: withToken },
    ...[500, 503, 504].map((status) => ({
      title: `${status}`,
      fault: { kind: 'status', status } as const,
      hits: any,
    })),
    { title: 'no answer', fault: { kind: 'stall-headers' }, hits: any },
    { title: 'an answer that stops in the middle', fault: { kind: 'stall-body' }, hits: withToken },
    { title: 'an answer that is cut off', fault: { kind: 'cut' }, hits: withToken },
    { title: 'a connection that breaks', fault: { kind: 'reset' }, hits: any },
    { title: 'a page with 200 in place of the answer', fault: { kind: 'garbage', form: 'html' }, hits: any },
    { title: 'half of an answer as a whole one', fault: { kind: 'garbage', form: 'json' }, hits: any },
    { title: '500 after the work was done', fault: { kind: 'status', status: 500, afterWrite: true }, hits: writes },
    { title: 'no answer after the work was done', fault: { kind: 'stall-headers', afterWrite: true }, hits: writes },
    {
      title: 'a connection that breaks after the work was done',
      fault: { kind: 'reset', afterWrite: true },
      hits: writes,
    },
    { title: 'a page with 200 after the work was done', fault: { kind: 'garbage', afterWrite: true }, hits: writes },
  ],
  { 'pages that get shorter and shorter': salesforceWith({ shrinkingPages: true }) },
);
