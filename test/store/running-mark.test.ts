import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';
import { isCertainlyGone, ownMark } from '../../src/store/running-mark.ts';

const MODULE = new URL('../../src/store/running-mark.ts', import.meta.url).href;

/** A process that has said its mark, and how to kill it. */
async function startMarked(): Promise<{ readonly mark: string; kill(): Promise<void> }> {
  const script = `import { ownMark } from '${MODULE}'; console.log(ownMark()); setTimeout(() => {}, 60_000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [mark] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  return {
    mark,
    kill: async () => {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
  };
}

describe('A process that holds an installation', () => {
  it('is not gone while it runs, and is gone when it was killed', async () => {
    const other = await startMarked();
    expect(isCertainlyGone(other.mark)).toBe(false);
    await other.kill();
    expect(isCertainlyGone(other.mark)).toBe(true);
    expect(isCertainlyGone(ownMark())).toBe(false);
  });

  it('is gone when another process has its number now', () => {
    const [space = '', pid = ''] = ownMark().split('/');
    expect(isCertainlyGone(`${space}/${pid}/1`)).toBe(true);
  });

  it('may well be alive when it is of another machine or container, or when nothing is known of it', () => {
    const [, pid = '', startedAt = ''] = ownMark().split('/');
    expect(isCertainlyGone(`elsewhere/${pid}/${startedAt}`)).toBe(false);
    expect(isCertainlyGone(`elsewhere/999999999/1`)).toBe(false);
    expect(isCertainlyGone('')).toBe(false);
  });
});
