import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import type { Command } from 'commander';
import { Secret } from '../../../connectors/contract/auth.ts';
import { requiredScopes } from '../../../connectors/hubspot/scopes.ts';
import { hubspot } from '../../../connectors/hubspot/index.ts';
import { startHubSpotSandbox, type HubSpotSandbox } from '../../../connectors/hubspot/sandbox/index.ts';
import { toPortalSeed } from '../../../connectors/hubspot/sandbox/seed.ts';
import { DatasetError } from '../../../connectors/kit/sandbox/dataset-csv.ts';
import { loadFightChurn } from '../../../connectors/kit/sandbox/dataset.ts';
import { recordId } from '../../../connectors/hubspot/sandbox/seed-ids.ts';
import type { WorldWorkspace } from '../../../connectors/kit/sandbox/world-usage.ts';
import { generateWorld, type World } from '../../../connectors/kit/sandbox/world.ts';
import { openApp, type App } from '../../app.ts';
import { readConfig, type Config } from '../../config.ts';
import { HoldfastError } from '../../errors.ts';
import type { SyncResult } from '../../flow/sync.ts';
import { runInstallation } from '../../jobs/run.ts';
import { startWorker } from '../../jobs/worker.ts';
import { readBook } from '../../queries/book.ts';
import { startServer } from '../../server/server.ts';
import { approve } from '../../install/approve.ts';
import { changePlays } from '../../install/plays.ts';
import { makeUsageKey, revokeUsageKeys } from '../../flow/intake/usage-keys.ts';
import type { Installation } from '../../ports/store.ts';
import { bookInWords, sampleInWords, tally } from '../book-in-words.ts';
import { readOrMakeKey } from '../key-file.ts';
import { command, stopSignal, wholeNumber, type CommonOptions } from '../session.ts';
import { openTerminal, type Terminal } from '../terminal.ts';
import { count, planInWords, syncInWords } from '../words.ts';
import { sendUsage, type SentUsage } from './demo-usage.ts';
import { untilStopped } from './serve.ts';

interface Options extends CommonOptions {
  readonly once: boolean;
  readonly dataset?: string;
  readonly accounts: number;
  readonly seed: number;
}

/** Lies in a data folder that the demo made and may therefore empty. */
const MARK = 'made-by-the-demo';

/** The app as it would be registered with HubSpot; the sandbox checks it as HubSpot would. */
const APP = {
  clientId: 'holdfast-demo',
  clientSecret: new Secret('a-secret-of-the-sandbox-alone'),
  redirectUri: 'http://localhost:3000/oauth/hubspot',
};

export function demoCommand(): Command {
  return command('demo', 'run everything against a simulated HubSpot: install, pull, score, plan, write back')
    .option('--once', 'end after the summary instead of going on as a service', false)
    .option('--dataset <folder>', 'load published customers (fight-churn-crm) instead of generated ones')
    .option('--accounts <number>', 'how many companies are generated', wholeNumber(20), 300)
    .option('--seed <number>', 'another seed makes other companies', wholeNumber(0), 7)
    .action(async (options: Options) => {
      const terminal = openTerminal(options);
      const config = demoConfig();
      prepareFolder(config.dataDir);
      const world = await openWorld(options, terminal);
      const sandbox = await startHubSpotSandbox({
        seed: toPortalSeed(world),
        oauth: {
          clientId: APP.clientId,
          clientSecret: APP.clientSecret.reveal(),
          redirectUris: [APP.redirectUri],
          scopes: requiredScopes,
        },
      });
      const keys = config.secretKey ?? readOrMakeKey(config, terminal);
      const app = await openApp({
        config: { ...config, hubspot: sandboxConfig(sandbox) },
        keys,
        logLevel: config.logLevel ?? 'error',
      });
      try {
        await runDemo(app, config, sandbox, world, options, terminal);
      } finally {
        terminal.settle();
        await app.close();
        await sandbox.close();
      }
    });
}

async function runDemo(
  app: App,
  config: Config,
  sandbox: HubSpotSandbox,
  world: World,
  options: Options,
  terminal: Terminal,
): Promise<void> {
  const signal = stopSignal(terminal);
  terminal.say(`A simulated HubSpot answers at ${sandbox.url}, with its real limits. Data folder: ${config.dataDir}`);
  const installation = await app.connectWithCode('hubspot', APP, await consent(sandbox), signal);
  terminal.say(`Installed in ${installation.facts.title} by OAuth as installation ${installation.id}.`);

  const run = (): Promise<SyncResult> =>
    runInstallation(app, installation.id, {
      kind: 'incremental',
      trigger: 'install',
      signal,
      acceptDeletions: false,
      progress: terminal.progress,
    });
  const sent = await sendWorldUsage(app, installation, world, signal);
  terminal.say(
    `Their product sent ${count(sent.messages, 'usage message')} of ${count(sent.workspaces, 'workspace')} to /v1/batch in ${sent.seconds} s.`,
  );

  terminal.say('\n1. First sync: read and score everything; write nothing.');
  const first = await run();
  terminal.say(syncInWords(first));

  await letPlaysAct(app, installation);
  terminal.say(
    "The demo lets every play act. In a real installation all but the renewal cadence only suggest, until its admin says 'holdfast plays --set 04=act'.",
  );

  terminal.say('\n2. The plan of the first write, as the admin sees it:');
  const plan = await app.previewPlan(installation);
  terminal.say(planInWords(plan, 3));
  terminal.say('The demo approves this plan itself; a real installation waits for its admin.');
  await approve(app.store.of(installation.id), app.clock, { digest: plan.digest, expected: null, actor: 'demo' });

  terminal.say('\n3. Second sync: write what was approved.');
  const second = await run();
  terminal.say(syncInWords(second));

  terminal.say('\n4. Third sync: nothing has changed, so nothing is written.');
  const third = await run();
  terminal.say(syncInWords(third));

  const book = await readBook(app.store.of(installation.id), 8);
  const inSandbox = tally(sandbox.portal);
  const unmatched = await app.store.of(installation.id).signals.countUnmatched();
  terminal.say(`Usage of ${count(unmatched, 'workspace')} waits for an account: see 'holdfast inbox'.`);
  terminal.result(
    { installation: installation.id, usage: { ...sent, unmatched }, book, runs: [first, second, third], inSandbox },
    `\n${bookInWords(book, [first, second, third])}\n\n${sampleInWords(sandbox.portal, world, inSandbox)}`,
  );
  if (!options.once) await goOn(app, config, terminal);
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

/** The product sends over HTTP, as any product would; its write key ends with the demo's own sending. */
async function sendWorldUsage(
  app: App,
  installation: Installation,
  world: World,
  signal: AbortSignal,
): Promise<SentUsage> {
  const store = app.store.of(installation.id);
  const { key, hint } = await makeUsageKey(store, app.clock.now(), 'demo');
  const server = await startServer({ ...app.serverParts(), queue: null, port: 0 });
  try {
    const shared = sharedDomains(world);
    const crmIdOf = ({ accountKey, domain }: WorldWorkspace): string | null =>
      domain === null || shared.has(domain) ? recordId(accountKey) : null;
    const target = { url: `http://localhost:${server.port}`, writeKey: key, signal };
    return await sendUsage(withTrial(world), crmIdOf, target);
  } finally {
    await server.stop();
    await revokeUsageKeys(store, hint, app.clock.now(), 'demo');
  }
}

/** Domains that several accounts have: a workspace with one of them needs the CRM's id to be found. */
function sharedDomains(world: World): ReadonlySet<string> {
  const seen = new Set<string>();
  const shared = new Set<string>();
  for (const { domain } of world.accounts) {
    if (domain === null) continue;
    if (seen.has(domain)) shared.add(domain);
    seen.add(domain);
  }
  return shared;
}

/** Somebody tries the product whom no salesperson has met. */
function* withTrial(world: World): Generator<WorldWorkspace> {
  yield* world.usage;
  const on = world.now.slice(0, 10);
  const day = { on, users: ['trial-1'], keyUsers: [], keyActions: 0, features: { 'Dashboard Viewed': 3 }, metered: {} };
  yield {
    accountKey: 0,
    id: 'ws-trial',
    name: 'Nobody knows them yet',
    domain: 'trial.example',
    limits: {},
    coreFeatures: [],
    days: [{ ...day, pricingVisits: 1 }],
  };
}

/** After the summary the demo goes on as the service: its schedule, its worker and its pages. */
async function goOn(app: App, config: Config, terminal: Terminal): Promise<void> {
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
      `  HOLDFAST_DATA_DIR=${dataDir} npm run -s holdfast -- plan`,
      `  HOLDFAST_DATA_DIR=${dataDir} npm run -s holdfast -- score`,
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

function sandboxConfig(sandbox: HubSpotSandbox): Config['hubspot'] {
  return { apiUrl: sandbox.url, appUrl: sandbox.url, app: APP, accessToken: null };
}

/** What the admin's browser does: opens the consent page, says yes, and is sent back with a code. */
async function consent(sandbox: HubSpotSandbox): Promise<string> {
  const page = hubspot.oauth.authorizeUrl({ ...APP, webUrl: sandbox.url }, 'demo');
  const answer = await fetch(`${page}&approve=yes`, { redirect: 'manual' });
  const code = new URL(answer.headers.get('location') ?? sandbox.url).searchParams.get('code');
  if (code !== null) return code;
  throw new HoldfastError({
    code: 'input-invalid',
    message: `The sandbox did not grant the app: it answered ${answer.status}.`,
    remedy: 'This is a fault in the demo: please report it.',
  });
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

async function openWorld(options: Options, terminal: Terminal): Promise<World> {
  const now = new Date().toISOString();
  if (options.dataset === undefined) {
    return generateWorld({ seed: options.seed, now, accounts: options.accounts });
  }
  terminal.say(`Loading ${options.dataset} …`);
  try {
    return await loadFightChurn(resolve(options.dataset), now);
  } catch (error) {
    if (!(error instanceof DatasetError)) throw error;
    throw new HoldfastError({ code: 'input-invalid', message: error.message, remedy: error.remedy, cause: error });
  }
}
