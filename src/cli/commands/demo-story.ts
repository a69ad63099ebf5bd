import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { toPortalSeed } from '../../../connectors/hubspot/sandbox/seed.ts';
import type { World } from '../../../connectors/kit/sandbox/world.ts';
import { toOrgSeed } from '../../../connectors/salesforce/sandbox/seed.ts';
import { openApp, type App } from '../../app.ts';
import { readConfig, type Config } from '../../config.ts';
import { HoldfastError } from '../../errors.ts';
import { makeUsageKey, revokeUsageKeys } from '../../flow/intake/usage-keys.ts';
import type { Progress } from '../../flow/line.ts';
import type { SyncResult } from '../../flow/sync.ts';
import { approve } from '../../install/approve.ts';
import { WRITE_BACK } from '../../install/fields.ts';
import { changePlays } from '../../install/plays.ts';
import { runInstallation } from '../../jobs/run.ts';
import { startWorker } from '../../jobs/worker.ts';
import type { Installation } from '../../ports/store.ts';
import { readBook } from '../../queries/book.ts';
import { startServer } from '../../server/server.ts';
import {
  booksInWords,
  outlookInWords,
  storiesInWords,
  tally,
  toldInWords,
  wroteNothing,
  type ShownCrm,
} from '../book-in-words.ts';
import { readOrMakeKey } from '../key-file.ts';
import { stopSignal, type CommonOptions } from '../session.ts';
import { openTerminal, type Terminal } from '../terminal.ts';
import { count, planInWords, syncInWords } from '../words.ts';
import { consent, startHubSpot, startSalesforce, type DemoCrm } from './demo-crms.ts';
import { loadCustomers, makeCustomers, type CrmChoice, type DemoCustomers } from './demo-customers.ts';
import { sendWorldUsage, type SentUsage } from './demo-usage.ts';
import { untilStopped } from './serve.ts';

export interface DemoOptions extends CommonOptions {
  readonly once: boolean;
  readonly crm?: CrmChoice;
  readonly dataset?: string;
  readonly accounts: number;
  readonly seed: number;
}

/** Lies in a data folder that the demo made and may therefore empty. */
const MARK = 'made-by-the-demo';

/** How many risks and chances are shown. */
const TOP = 5;

/** From simulated CRMs to the summary; without `once`, on as a service until it is stopped. */
export async function runDemo(options: DemoOptions): Promise<void> {
  const terminal = openTerminal(options);
  const config = demoConfig();
  prepareFolder(config.dataDir);
  if (options.dataset !== undefined) terminal.say(`Loading ${options.dataset} …`);
  const customers = options.dataset === undefined ? makeCustomers(options) : await loadCustomers(options.dataset);
  const crms = await startCrms(customers, options.crm);
  const keys = config.secretKey ?? readOrMakeKey(config, terminal);
  const settings = crms.reduce<Config>((merged, crm) => ({ ...merged, ...crm.settings }), config);
  const app = await openApp({ config: settings, keys, logLevel: config.logLevel ?? 'error' });
  try {
    const world = customers.kind === 'world' ? customers.world : null;
    await tellStory({ app, config, crms, world, terminal, staysUp: !options.once });
  } finally {
    terminal.settle();
    await app.close();
    for (const crm of crms) await crm.close();
  }
}

async function startCrms(customers: DemoCustomers, choice: CrmChoice | undefined): Promise<readonly DemoCrm[]> {
  if (customers.kind === 'org') {
    if (choice !== 'hubspot') return [await startSalesforce(customers.seed)];
    throw new HoldfastError({
      code: 'input-invalid',
      message: 'The folder holds sObject trees, which HubSpot cannot hold.',
      remedy: 'Leave --crm out, or give the folder of fight-churn-crm.',
    });
  }
  const { world, usualCrm } = customers;
  const which = choice ?? usualCrm;
  return [
    ...(which === 'salesforce' ? [] : [await startHubSpot(toPortalSeed(world))]),
    // Terms stand on the accounts there as they do on HubSpot's companies, so that both give the same scores.
    ...(which === 'hubspot' ? [] : [await startSalesforce(toOrgSeed(world, { termsIn: 'accounts' }))]),
  ];
}

interface Demo {
  readonly app: App;
  readonly config: Config;
  readonly crms: readonly DemoCrm[];
  /** Null for customers of whom nothing but the CRM's records is known. */
  readonly world: World | null;
  readonly terminal: Terminal;
  readonly staysUp: boolean;
}

/** One CRM that Holdfast is installed in. */
interface Installed {
  readonly crm: DemoCrm;
  readonly title: string;
  readonly installation: Installation;
  readonly runs: SyncResult[];
}

async function tellStory({ app, config, crms, world, terminal, staysUp }: Demo): Promise<void> {
  const signal = stopSignal(terminal);
  terminal.say(`Data folder: ${config.dataDir}`);
  const all: Installed[] = [];
  for (const crm of crms) {
    const { id, title } = crm.connector;
    const { code, proof } = await consent(crm);
    const installation = await app.connectWithCode(id, crm.app, code, signal, proof);
    all.push({ crm, title, installation, runs: [] });
    terminal.say(
      `A simulated ${title} answers at ${crm.url}, with its real limits; installed by OAuth as ${installation.id}.`,
    );
  }
  const sent = world === null ? null : await sendUsageOf(world, app, all, signal);
  for (const { messages, workspaces, seconds } of sent?.slice(0, 1) ?? []) {
    const to = all.length === 1 ? '' : ' for each';
    terminal.say(
      `Their product sent ${count(messages, 'usage message')} of ${count(workspaces, 'workspace')} to /v1/batch${to} in ${seconds} s.`,
    );
  }

  const runAll = async (): Promise<void> => {
    await together(all, async ({ title, installation, runs }) => {
      const run = await runInstallation(app, installation.id, {
        kind: 'incremental',
        trigger: 'install',
        signal,
        acceptDeletions: false,
        progress: asOneSubject(title, terminal.progress),
      });
      runs.push(run);
    });
    for (const { title, runs } of all) for (const run of runs.slice(-1)) terminal.say(under(title, syncInWords(run)));
  };

  terminal.say('\n1. First sync: read and score everything; write nothing.');
  await runAll();

  for (const { installation } of all) {
    await letPlaysAct(app, installation);
    await app.store.of(installation.id).settings.put(WRITE_BACK, { fields: 'extended' });
  }
  terminal.say(
    "The demo writes all fields and lets every play act. In a real installation the core fields are written and all plays but the renewal cadence only suggest, until its admin says 'holdfast fields --extended' and 'holdfast plays --set 04=act'.",
  );

  terminal.say('\n2. The plan of the first write, as the admin sees it:');
  for (const { title, installation } of all) {
    const plan = await app.previewPlan(installation);
    terminal.say(under(title, planInWords(plan, 1)));
    await approve(app.store.of(installation.id), app.clock, { digest: plan.digest, expected: null, actor: 'demo' });
  }
  terminal.say('The demo approves this itself; a real installation waits for its admin.');

  terminal.say('\n3. Second sync: write what was approved.');
  await runAll();

  terminal.say('\n4. Third sync: nothing has changed, so nothing is written.');
  await runAll();
  const isQuiet = all.every(({ runs }) => runs.slice(-1).every(wroteNothing));
  terminal.say(isQuiet ? 'Nothing was written.' : 'Something was written, which should not be: please report it.');

  const results = [];
  const shown: ShownCrm[] = [];
  for (const [index, { crm, title, installation, runs }] of all.entries()) {
    const store = app.store.of(installation.id);
    const book = await readBook(store, TOP);
    const unmatched = await store.signals.countUnmatched();
    const seen = crm.look();
    const usage = sent === null ? null : { ...sent[index], unmatched };
    const { id: connector } = crm.connector;
    results.push({ connector, installation: installation.id, usage, book, runs, inSandbox: tally(seen) });
    shown.push({ title, book, runs, seen, unmatched });
  }
  const parts = [
    booksInWords(shown),
    outlookInWords(shown),
    storiesInWords(shown, world?.stories ?? []),
    toldInWords(shown),
  ];
  terminal.result({ installations: results }, `\n${parts.filter((part) => part !== '').join('\n\n')}`);
  if (staysUp) await goOn(app, config, terminal, all);
}

/** Lines under a heading. */
function under(title: string, lines: string): string {
  return `${title}\n${lines.replaceAll(/^/gm, '  ')}`;
}

/** Works on all at once. All end before a failure is told, so that nothing goes on behind it. */
async function together<T, R>(all: readonly T[], work: (one: T) => Promise<R>): Promise<readonly R[]> {
  const outcomes = await Promise.allSettled(all.map(work));
  const failures = outcomes.flatMap((outcome): unknown[] => (outcome.status === 'rejected' ? [outcome.reason] : []));
  if (failures.length > 1) throw new AggregateError(failures, failures.map(String).join('\n'));
  return outcomes.map((outcome) => {
    if (outcome.status === 'rejected') throw outcome.reason;
    return outcome.value;
  });
}

/** Tells how far a CRM has come in all its objects together: two CRMs with ten objects each would drown the rest. */
function asOneSubject(subject: string, tell: (progress: Progress) => void): (progress: Progress) => void {
  const done = new Map<string, number>();
  return (progress) => {
    done.set(`${progress.stage} ${progress.subject}`, progress.done);
    const sum = [...done].reduce(
      (total, [key, one]) => (key.startsWith(`${progress.stage} `) ? total + one : total),
      0,
    );
    tell({ stage: progress.stage, subject, done: sum, total: null });
  };
}

/** The red rescue is named, for 'all' leaves it at suggesting while its score is not validated. */
async function letPlaysAct(app: App, installation: Installation): Promise<void> {
  const store = app.store.of(installation.id);
  await changePlays(store, app.clock, (await app.configurationOf(store)).plays, {
    modes: [
      { play: 'all', mode: 'act' },
      { play: '04', mode: 'act' },
    ],
    roles: [],
    actor: 'demo',
  });
}

/** The product sends over HTTP, as any product would; its write keys end with the demo's own sending. */
async function sendUsageOf(
  world: World,
  app: App,
  all: readonly Installed[],
  signal: AbortSignal,
): Promise<readonly SentUsage[]> {
  const server = await startServer({ ...app.serverParts(), queue: null, port: 0 });
  const url = `http://localhost:${server.port}`;
  try {
    return await together(all, async ({ crm, installation }) => {
      const store = app.store.of(installation.id);
      const { key, hint } = await makeUsageKey(store, app.clock.now(), 'demo');
      try {
        return await sendWorldUsage(world, (accountKey) => crm.recordIdOf(accountKey), { url, writeKey: key, signal });
      } finally {
        await revokeUsageKeys(store, hint, app.clock.now(), 'demo');
      }
    });
  } finally {
    await server.stop();
  }
}

/** After the summary the demo goes on as the service: its schedule, its worker and its pages. */
async function goOn(app: App, config: Config, terminal: Terminal, all: readonly Installed[]): Promise<void> {
  const queue = await app.openQueue({ supervises: true });
  const worker = await startWorker(app, queue);
  const server = await startServer({ ...app.serverParts(), queue, port: config.port });
  const near = relative(process.cwd(), config.dataDir);
  const dataDir = near.startsWith('..') ? config.dataDir : near;
  terminal.say(
    [
      '',
      `Going on as a service: http://localhost:${server.port}/api (Ctrl-C ends it).`,
      'In a second terminal, for instance:',
      ...all.map(
        ({ installation }) => `  HOLDFAST_DATA_DIR=${dataDir} npm run -s holdfast -- score ${installation.id}`,
      ),
    ].join('\n'),
  );
  await untilStopped();
  await server.stop();
  await worker.stop();
}

/** Like any command's configuration, but with a folder of its own, so that real data is never touched. */
function demoConfig(): Config {
  const config = readConfig(process.env);
  return process.env['HOLDFAST_DATA_DIR'] === undefined || process.env['HOLDFAST_DATA_DIR'].trim() === ''
    ? { ...config, dataDir: join(config.dataDir, 'demo') }
    : config;
}

function prepareFolder(folder: string): void {
  if (existsSync(folder) && readdirSync(folder).length > 0) {
    if (!existsSync(join(folder, MARK))) {
      throw new HoldfastError({
        code: 'input-invalid',
        message: `The folder ${folder} holds something that the demo did not make.`,
        remedy: 'Give the demo an empty folder in HOLDFAST_DATA_DIR, or none at all.',
      });
    }
    rmSync(folder, { recursive: true });
  }
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(join(folder, MARK), 'The demo empties this folder whenever it starts.\n');
}
