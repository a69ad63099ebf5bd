import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { startHubSpotSandbox, type HubSpotSandbox } from '../../connectors/hubspot/sandbox/index.ts';
import { makeKey } from '../../src/store/sealed.ts';
import { customerPortal } from '../support/customer-portal.ts';
import { tasksIn } from '../support/line-office.ts';
import { makeReadyDataFolder } from '../support/ready-data-folder.ts';
import { runHoldfast, startHoldfast, type Environment, type Finished, type Running } from '../support/run-holdfast.ts';

const TOKEN = 'pat-eu1-the-token-of-a-private-app';
const ID = 'hubspot-4711';
const day = (inDays: number): string => new Date(Date.now() + inDays * 86_400_000).toISOString().slice(0, 10);

let folder: Awaited<ReturnType<typeof makeReadyDataFolder>>;
let sandbox: HubSpotSandbox;
let env: Environment;
let serve: Running;
let started: { readonly port: number; readonly role: string; readonly store: string };
beforeAll(async () => {
  folder = await makeReadyDataFolder();
  sandbox = await startHubSpotSandbox({
    seed: customerPortal(4711, Date.now(), [
      { id: '1', name: 'Acme', renewalOn: day(39), arr: 50_000, csmId: '13' },
      { id: '2', name: 'Bolt', renewalOn: day(200), arr: 20_000, csmId: '14' },
    ]),
    limits: null,
    staticTokens: [TOKEN],
  });
  env = {
    HOLDFAST_DATA_DIR: folder.path,
    HOLDFAST_SECRET_KEY: makeKey(),
    HUBSPOT_API_URL: sandbox.url,
    HUBSPOT_ACCESS_TOKEN: TOKEN,
  };
  serve = startHoldfast(['serve', '--role', 'web', '--json'], { ...env, PORT: '0', HOLDFAST_LOG_LEVEL: 'info' });
  started = z
    .object({ port: z.number(), role: z.string(), store: z.string() })
    .parse(JSON.parse(await serve.firstLine()));
});
afterAll(async () => {
  if (serve.child.exitCode === null) serve.child.kill('SIGKILL');
  await sandbox.close();
  await folder.remove();
});

const holdfast = (...args: readonly string[]): Promise<Finished> => runHoldfast(args, env);

/** Succeeded, said nothing beside its result on stdout, and nothing secret anywhere. */
function expectWell(finished: Finished): void {
  expect(finished.code, finished.stderr).toBe(0);
  expect(finished.stdout + finished.stderr).not.toContain(TOKEN);
}

/** Tells its failure in words on stderr and as JSON on stdout. */
function expectRefused(finished: Finished, error: Readonly<Record<string, unknown>>): void {
  expect(finished.code).toBe(1);
  expect(finished.json).toMatchObject({ error });
  expect(finished.stderr).not.toMatch(/\n\s+at /);
  expect(finished.stdout + finished.stderr).not.toContain(TOKEN);
}

// One story from the first command to the last; each step begins where the one before ended. The web server holds the
// database from the beginning, and lets every other process in.
describe('the commands, one after the other, beside a server that holds the database', () => {
  it('connect hubspot: an account by its token', async () => {
    const finished = await holdfast('connect', 'hubspot', '--json');
    expectWell(finished);
    expect(finished.json).toMatchObject({ installation: ID, account: '4711', status: 'active' });
    const listed = await holdfast('installations', '--json');
    expectWell(listed);
    expect(listed.json).toMatchObject({ installations: [{ installation: ID, awaitsApproval: true, lastRun: null }] });
  });

  it('sync: reads, scores, and writes nothing before the approval', async () => {
    const finished = await holdfast('sync', ID, '--json');
    expectWell(finished);
    expect(finished.json).toMatchObject({
      installation: ID,
      pulled: { companies: 2, contacts: 0, deals: 0, tasks: 0 },
      accountsScored: 2,
      writes: { fields: 0, tasksOpened: 0, tasksClosed: 0, skipped: 0, refused: 0 },
      awaitsApproval: true,
      calls: { general: expect.any(Number) },
      rateLimited: 0,
      seconds: expect.any(Number),
    });
    expect(finished.stderr).toContain('pull: companies');
    expect(finished.stderr).toContain('assess: accounts');
  });

  it('plan and approve: what would be written, and the word to write it', async () => {
    const plan = await holdfast('plan', ID, '--json');
    expectWell(plan);
    const { steps, calls, digest } = plan.json;
    expect(calls).toBeGreaterThan(3);
    expect(Array.isArray(steps) ? steps.map((step: object) => Object.keys(step).sort()) : []).toEqual(
      Array.isArray(steps) ? steps.map(() => ['after', 'because', 'before', 'id', 'key', 'kind', 'object']) : null,
    );
    const inWords = await holdfast('plan', ID, '--first', '1');
    expectWell(inWords);
    expect(inWords.stdout).toContain(`holdfast approve ${ID} --plan ${String(digest)}`);

    expectRefused(await holdfast('approve', ID, '--plan', 'ANOTHERMARK', '--json'), { code: 'not-approved' });
    const approved = await holdfast('approve', '--plan', String(digest), '--json');
    expectWell(approved);
    expect(approved.json).toEqual({ installation: ID, approved: true, plan: digest });
  });

  it('sync: writes what was approved, once', async () => {
    const first = await holdfast('sync', '--json', '--quiet');
    expectWell(first);
    expect(first.stderr).toBe('');
    expect(first.json).toMatchObject({ awaitsApproval: false, writes: { tasksOpened: 3, records: 2, refused: 0 } });
    const second = await holdfast('sync', '--full', '--json');
    expectWell(second);
    expect(second.json).toMatchObject({ kind: 'full', accountsScored: 0, writes: { fields: 0, tasksOpened: 0 } });
    expect(tasksIn(sandbox.portal)).toHaveLength(3);
  });

  it('score and doctor: the book, one account and why, and what is wrong', async () => {
    const book = await holdfast('score', ID, '--json');
    expectWell(book);
    const validation = { verdict: 'unvalidated', lacking: ['0 of 20 losses seen'] };
    expect(book.json).toMatchObject({ installation: ID, validation, accounts: [{ account: '1' }, { account: '2' }] });
    expect((await holdfast('score', ID)).stdout).toContain('Unvalidated: 0 of 20 losses seen');
    const one = await holdfast('score', ID, 'acm', '--json');
    expectWell(one);
    expect(one.json).toMatchObject({
      account: '1',
      name: 'Acme',
      validation,
      assessment: { health: {} },
      tasks: [{}, {}, {}],
    });
    expect((await holdfast('score', ID, 'acm')).stdout).toContain('Unvalidated: 0 of 20 losses seen');
    expectRefused(await holdfast('score', ID, 'Nobody', '--json'), {
      code: 'account-unknown',
      message: "No scored account is 'Nobody'.",
    });
    const history = await holdfast('score', ID, 'acm', '--history', '--since', day(-30), '--json');
    expectWell(history);
    expect(history.json).toMatchObject({ account: '1', name: 'Acme', from: day(-30), days: [{ band: 'grey' }] });
    const doctor = await holdfast('doctor', '--json');
    expectWell(doctor);
    expect(doctor.json).toMatchObject({ isWell: true, installations: [{ installation: ID, problems: [] }] });
  });

  it('disagreements: none yet, and no reason that there is not', async () => {
    const shown = await holdfast('disagreements', ID, '--open', '--json');
    expectWell(shown);
    expect(shown.json).toMatchObject({ installation: ID, total: { count: 0 }, listed: [], matching: 0 });
    expectRefused(await holdfast('disagreements', '--reason', 'prize', '--json'), {
      code: 'input-invalid',
      message: "There is no reason 'prize'. Did you mean 'price'?",
    });
  });

  it('moves: no champion has gone anywhere yet', async () => {
    const shown = await holdfast('moves', '--json');
    expectWell(shown);
    expect(shown.json).toEqual({ installation: ID, moves: [], isMore: false });
  });

  it('churn: what probabilities go by and why not by more; training anew, and no acknowledging of nothing', async () => {
    const shown = await holdfast('churn', '--json');
    expectWell(shown);
    const rules = { installation: ID, tier: 0, status: 'cold_start', model: null, training: { terms: { have: 0 } } };
    expect(shown.json).toMatchObject(rules);
    const trained = await holdfast('churn', 'train', ID, '--json');
    expectWell(trained);
    expect(trained.json).toMatchObject({ ...rules, training: { lastOn: expect.any(String) as string } });
    const inWords = await holdfast('churn');
    expect(inWords.stdout).toContain('It takes 100 decided terms that were known 90 days before; there are 0.');
    expect(inWords.stdout).toContain(
      'No renewal was decided in the last 365 days whose calls of 30 days before are kept.',
    );
    expect(trained.json).toMatchObject({ calls: { renewals: 0, people: { called: 0, right: 0 } } });
    expect(inWords.stdout).toContain('Chances of expansion are provisional: 0 of 30 won expansions seen by ');
    expect(trained.json).toMatchObject({ expansion: { status: 'provisional', expansions: { have: 0, need: 30 } } });
    expect(shown.json).toMatchObject({
      validation: {
        verdict: 'unvalidated',
        terms: { decided: 0, judged: 0, lost: 0 },
        gates: [{ id: 'losses', state: 'failed', figure: 0, need: 20 }, {}, {}, {}, {}],
      },
    });
    expect(inWords.stdout).toMatch(
      /Scores are unvalidated:\n.*\n(-.*\n)?not passed +0 of 20 losses seen\nnot known yet/,
    );
    expectRefused(await holdfast('churn', 'acknowledge', '--json'), {
      code: 'input-invalid',
      message: 'No churn model waits for an acknowledgement.',
    });
  });

  it('mapping: refuses what does not fit, stores what does, and goes back', async () => {
    const file = join(folder.path, 'override.json');
    await writeFile(file, '{ "account": { "renewalOn": { "from": ["renewal_dat"] } } }');
    expectRefused(await holdfast('mapping', ID, '--set', file, '--json'), {
      code: 'mapping-invalid',
      message: expect.stringContaining("Did you mean 'renewal_date'?"),
    });
    await writeFile(file, '{ "account": { "arr": { "from": ["arr"] } } }');
    const stored = await holdfast('mapping', '--set', file, '--json');
    expectWell(stored);
    expect(stored.json).toMatchObject({ isStored: true, override: { account: { arr: { from: ['arr'] } } } });
    const cleared = await holdfast('mapping', '--clear', '--json');
    expectWell(cleared);
    expect(cleared.json).toMatchObject({ isStored: true, override: {}, findings: [] });
  });

  it('undo: says what would go, then takes it away', async () => {
    const shown = await holdfast('undo', ID, '--dry-run', '--json');
    expectWell(shown);
    expect(shown.json).toMatchObject({ installation: ID, tasks: 3, touchedTasks: 0 });
    expect(tasksIn(sandbox.portal)).toHaveLength(3);
    const undone = await holdfast('undo', ID, '--yes', '--json');
    expectWell(undone);
    expect(undone.json).toMatchObject({ isDone: true, tasks: 3, keptTasks: 0, refused: [] });
    expect(tasksIn(sandbox.portal)).toEqual([]);
    expect(sandbox.portal.propertyGroups('companies')).not.toContain('holdfast');
  });

  it('sign-in: makes a link to the pages of the server, good once', async () => {
    const made = await holdfast('sign-in', '--json');
    expectWell(made);
    const { pathname } = new URL(String(made.json['url']));
    const follow = (): Promise<Response> =>
      fetch(`http://localhost:${started.port}${pathname}`, { redirect: 'manual' });
    const first = await follow();
    expect([first.status, first.headers.get('location')]).toEqual([303, '/app']);
    expect((await follow()).status).toBe(400);
  });

  it('serve: is ready, takes no port from another, says nothing secret, and stops when told', async () => {
    expect(started).toMatchObject({ role: 'web', store: `embedded, ${folder.path}` });
    expect((await fetch(`http://localhost:${started.port}/readyz`)).status).toBe(200);
    const twice = await runHoldfast(['serve', '--role', 'web', '--json'], {
      ...env,
      PORT: String(started.port),
      HOLDFAST_LOG_LEVEL: 'silent',
    });
    expectRefused(twice, {
      code: 'config-invalid',
      message: `Port ${started.port} cannot be used: another program listens there.`,
      remedy: expect.stringContaining('PORT'),
    });
    serve.child.kill('SIGTERM');
    const ended = await serve.finished();
    expectWell(ended);
    expect(ended.stderr).not.toContain(env['HOLDFAST_SECRET_KEY']);
    const logged = ended.stderr.trim().split('\n');
    expect(logged.map((line) => z.object({ message: z.string() }).parse(JSON.parse(line)).message)).toEqual([
      'Holdfast is running',
      'stopping: work under way ends at its next stored page',
      'stopped',
    ]);
  });

  it('sync with another key than the one that the tokens were sealed with', async () => {
    const finished = await runHoldfast(['sync', ID, '--json'], { ...env, HOLDFAST_SECRET_KEY: makeKey() });
    expectRefused(finished, {
      code: 'secret-unreadable',
      remedy: expect.stringContaining('HOLDFAST_SECRET_KEY'),
    });
  });

  it('uninstall: takes away what was written, forgets the token, and says how long the data is kept', async () => {
    const finished = await holdfast('uninstall', ID, '--yes', '--json');
    expectWell(finished);
    expect(finished.json).toMatchObject({ installation: ID, isDone: true });
    const listed = await holdfast('installations', '--json');
    expect(listed.json).toMatchObject({ installations: [{ status: 'lost', statusReason: 'Uninstalled by admin.' }] });
    expectRefused(await holdfast('sync', ID, '--json'), { code: 'installation-paused' });
  });
});
