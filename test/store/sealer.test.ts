import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createClock } from '../../connectors/kit/sandbox/clock.ts';
import { makeKey, parseKeychain } from '../../src/store/sealed.ts';
import { openSealer } from '../../src/store/sealer.ts';

const clock = createClock(Date.UTC(2026, 2, 2));
const now = { now: () => new Date(clock.now()).toISOString() };
const [oldKey, newKey] = [makeKey(), makeKey()];
const sealer = openSealer(parseKeychain(oldKey), now);

describe('what a browser carries', () => {
  it('comes back as it was sealed, and shows nothing of it', async () => {
    // Names of claims are ours; this one is no property of its own.
    const name = fc.string().filter((text) => text !== '__proto__');
    await fc.assert(
      fc.asyncProperty(fc.dictionary(name, fc.string({ minLength: 9 })), async (claims) => {
        const sealed = await sealer.seal('session', claims, 60);
        expect(await sealer.open('session', sealed)).toEqual({ ...claims });
        expect(sealed).toMatch(/^[\w.-]+$/);
        for (const value of Object.values(claims)) expect(sealed.includes(value)).toBe(false);
      }),
      { numRuns: 50 },
    );
  });

  it('opens for no other use, under no other key, and not after its time', async () => {
    const sealed = await sealer.seal('session', { user: 'ana' }, 60);
    expect(await sealer.open('link', sealed)).toBeNull();
    expect(await openSealer(parseKeychain(newKey), now).open('session', sealed)).toBeNull();
    clock.advance(61_000);
    expect(await sealer.open('session', sealed)).toBeNull();
  });

  it('still opens after the key was changed, while the old one is kept', async () => {
    const sealed = await sealer.seal('session', { user: 'ana' }, 60);
    expect(await openSealer(parseKeychain(`${newKey},${oldKey}`), now).open('session', sealed)).toEqual({
      user: 'ana',
    });
  });

  it('is nothing when any character of it was changed', async () => {
    const sealed = await sealer.seal('session', { user: 'ana' }, 60);
    await fc.assert(
      fc.asyncProperty(
        fc.nat({ max: sealed.length - 1 }),
        fc.constantFrom('A', 'z', '.', '!', ''),
        async (at, other) => {
          const changed = sealed.slice(0, at) + other + sealed.slice(at + 1);
          // The last character of a part may carry bits that mean nothing.
          fc.pre(changed !== sealed && sealed[at + 1] !== '.' && at + 1 < sealed.length);
          expect(await sealer.open('session', changed)).toBeNull();
        },
      ),
      { numRuns: 100 },
    );
    expect(await sealer.open('session', '')).toBeNull();
  });
});
