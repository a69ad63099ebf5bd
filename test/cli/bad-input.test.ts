import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeKey } from '../../src/store/sealed.ts';
import { makeReadyDataFolder } from '../support/ready-data-folder.ts';
import { runHoldfast, type Environment, type Finished } from '../support/run-holdfast.ts';

let folder: Awaited<ReturnType<typeof makeReadyDataFolder>>;
beforeAll(async () => {
  folder = await makeReadyDataFolder();
});
afterAll(() => folder.remove());

const COMMANDS: readonly (readonly string[])[] = [
  ['demo'],
  ['serve'],
  ['connect'],
  ['connect', 'hubspot'],
  ['installations'],
  ['sync'],
  ['plan'],
  ['approve'],
  ['score'],
  ['undo'],
  ['mapping'],
  ['doctor'],
];

describe('every command', () => {
  it('explains itself and can answer in JSON', async () => {
    const helps = await inTwos(COMMANDS, (command) => runHoldfast([...command, '--help'], {}));
    for (const [index, help] of helps.entries()) {
      const words = COMMANDS[index]?.join(' ') ?? '';
      expect(help.code, words).toBe(0);
      expect(help.stdout).toContain(`Usage: holdfast ${words}`);
      if (words !== 'connect') expect(help.stdout).toContain('--json');
      expect(help.stderr).toBe('');
    }
  });
});

describe('what is wrong is told once, with the way out', () => {
  it('a configuration with many problems: all of them, and no secret', async () => {
    const finished = await runHoldfast(['sync', '--json'], {
      HOLDFAST_SECRET_KEY: 'much-too-short-a-key',
      PORT: 'eighty',
      DATABASE_URL: 'mysql://user:hunter2@db/holdfast',
      HUBSPOT_API_URL: 'http://api.example.com',
      HUBSPOT_CLIENT_ID: 'abc',
    });
    const { message, remedy } = refusal(finished, 'config-invalid');
    for (const name of ['HOLDFAST_SECRET_KEY', 'PORT', 'DATABASE_URL', 'HUBSPOT_API_URL', 'HUBSPOT_CLIENT_SECRET']) {
      expect(message).toContain(name);
      expect(remedy).toContain(name);
    }
    expect(finished.stdout + finished.stderr).not.toMatch(/hunter2|much-too-short/);
  });

  it.each<[string, readonly string[], () => Environment, string, RegExp, RegExp]>([
    ['serve without a key', ['serve'], () => ({}), 'config-invalid', /HOLDFAST_SECRET_KEY is not set/, /Make a key/],
    [
      'a server without a key',
      ['sync'],
      () => ({ DATABASE_URL: 'postgres://127.0.0.1:9/holdfast' }),
      'config-invalid',
      /HOLDFAST_SECRET_KEY is not set/,
      /Set it to the key/,
    ],
    [
      'a database that nobody listens for',
      ['sync'],
      () => ({ DATABASE_URL: 'postgres://me:hunter2@127.0.0.1:9/holdfast', HOLDFAST_SECRET_KEY: makeKey() }),
      'database-unreachable',
      /127\.0\.0\.1.*nothing listens there/s,
      /\w/,
    ],
    [
      'a data folder that cannot be written',
      ['sync'],
      () => ({ HOLDFAST_DATA_DIR: join(folder.path, 'a-file', 'data'), HOLDFAST_SECRET_KEY: makeKey() }),
      'database-unreachable',
      /a-file.data cannot be written/,
      /HOLDFAST_DATA_DIR/,
    ],
    [
      'a data folder that cannot be made, where the key would lie too',
      ['sync'],
      () => ({ HOLDFAST_DATA_DIR: join(folder.path, 'a-file', 'data') }),
      'config-invalid',
      /a-file.data.secret\.key cannot be made/,
      /HOLDFAST_DATA_DIR/,
    ],
    [
      'a key file that was damaged',
      ['sync'],
      () => ({ HOLDFAST_DATA_DIR: join(folder.path, 'damaged') }),
      'config-invalid',
      /damaged.secret\.key.*32 bytes/s,
      /backup.*connect every account again/s,
    ],
    [
      'connect without a token',
      ['connect', 'hubspot'],
      () => ({}),
      'config-invalid',
      /HUBSPOT_ACCESS_TOKEN is not set/,
      /access token/,
    ],
    [
      'an installation that is not there',
      ['plan', 'hubspot-1'],
      () => ({}),
      'installation-unknown',
      /no installation 'hubspot-1'/,
      /holdfast connect hubspot/,
    ],
  ])('%s', async (_, args, env, code, message, remedy) => {
    await writeFile(join(folder.path, 'a-file'), '');
    await mkdir(join(folder.path, 'damaged'), { recursive: true });
    await writeFile(join(folder.path, 'damaged', 'secret.key'), 'not a key any more\n');
    const finished = await runHoldfast([...args, '--json'], { HOLDFAST_DATA_DIR: folder.path, ...env() });
    const told = refusal(finished, code);
    expect(told.message).toMatch(message);
    expect(told.remedy).toMatch(remedy);
    expect(finished.stdout + finished.stderr).not.toContain('hunter2');
  });

  it('a command or an option that does not exist', async () => {
    const [command, option, number] = await Promise.all([
      runHoldfast(['synk'], {}),
      runHoldfast(['sync', '--ful'], {}),
      runHoldfast(['plan', '--first', 'ten'], {}),
    ]);
    expect([command.code, option.code, number.code]).toEqual([1, 1, 1]);
    expect(command.stderr).toContain('Did you mean sync?');
    expect(option.stderr).toContain('Did you mean --full?');
    expect(number.stderr).toContain('Give a whole number from 1 on.');
  });
});

function refusal(finished: Finished, code: string): { readonly message: string; readonly remedy: string } {
  expect(finished.code).toBe(1);
  const { error } = finished.json;
  expect(error).toMatchObject({ code });
  const told = error as { readonly message: string; readonly remedy: string };
  expect(finished.stderr).toContain(told.message);
  expect(finished.stderr).toContain(told.remedy);
  expect(finished.stderr).not.toMatch(/\n\s+at /);
  return told;
}

/** Two processes at a time: more would only wait for each other. */
async function inTwos<T, R>(all: readonly T[], work: (one: T) => Promise<R>): Promise<readonly R[]> {
  const results: R[] = [];
  for (let start = 0; start < all.length; start += 2) {
    results.push(...(await Promise.all(all.slice(start, start + 2).map(work))));
  }
  return results;
}
