import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { installedFolder } from '../../support/installed-folder.ts';
import { PACKAGE } from './package-source.ts';

const run = promisify(execFile);
const folder = await installedFolder(PACKAGE);

/** What jest writes with `--json`, as far as it is looked at. */
interface JestResults {
  readonly testResults: readonly {
    readonly message: string;
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly status: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

/** Runs a program of the package's own folder; answers what it wrote, also when it found something wrong. */
async function runTool(tool: string, args: readonly string[]): Promise<string> {
  try {
    const { stdout, stderr } = await run(join(folder, 'node_modules/.bin', tool), args, { cwd: folder });
    return stdout + stderr;
  } catch (error) {
    if (error instanceof Error && 'stdout' in error && 'stderr' in error)
      return String(error.stdout) + String(error.stderr);
    throw error;
  }
}

async function runComponentTests(): Promise<JestResults> {
  const work = await mkdtemp(join(tmpdir(), 'holdfast-component-'));
  try {
    const results = join(work, 'results.json');
    await runTool('sfdx-lwc-jest', ['--', '--json', `--outputFile=${results}`, '--ci']);
    return JSON.parse(await readFile(results, 'utf8')) as JestResults;
  } finally {
    await rm(work, { recursive: true });
  }
}

const { testResults } = await runComponentTests();
const cases = testResults.flatMap(({ assertionResults }) => assertionResults);

describe('the component on Salesforce record pages', () => {
  it('has tests, and each of its files could be run', () => {
    expect(
      testResults.filter(({ message, assertionResults }) => message !== '' && assertionResults.length === 0),
    ).toEqual([]);
    expect(cases.length).toBeGreaterThan(0);
  });

  it.each(cases.map((one) => [one.fullName, one] as const))('%s', (_name, { status, failureMessages }) => {
    expect(failureMessages).toEqual([]);
    expect(status).toBe('passed');
  });

  it('keeps to the rules that Salesforce sets for components', async () => {
    expect(await runTool('eslint', ['force-app'])).toBe('');
  });
});
