import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultConfiguration } from '../../../src/core/configuration.ts';
import { toAccountId, toInstallationId } from '../../../src/core/model/ids.ts';
import { armOf } from '../../../src/core/plays/hold-out.ts';
import { withHeldOut } from '../../../src/core/plays/modes.ts';
import { on, snapshot } from '../renewals/builders.ts';
import { PlayOffice } from './play-office.ts';

const tenant = toInstallationId('t1');
const red = { health: { band: 'red' as const } };
const configured = (holdOutShare: number) => ({
  ...defaultConfiguration,
  plays: { ...defaultConfiguration.plays, holdOutShare },
});

describe('the arm of a firing', () => {
  it('is held out for about one firing in ten', () => {
    const firings = Array.from({ length: 2_000 }, (_, index) =>
      armOf({ tenant, accountId: toAccountId(String(index)), play: '04', occurrence: 1 }, 0.1),
    );
    const held = firings.filter((arm) => arm === 'holdout').length;
    expect(held).toBeGreaterThan(150);
    expect(held).toBeLessThan(250);
  });

  it('is always the same for the same firing, and never held out at a share of nothing', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.integer({ min: 1, max: 50 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (id, n, share) => {
          const firing = { tenant, accountId: toAccountId(id), play: '13', occurrence: n };
          expect(armOf(firing, share)).toBe(armOf(firing, share));
          expect(armOf(firing, 0)).toBe('treat');
          expect(armOf(firing, 1)).toBe('holdout');
        },
      ),
    );
  });
});

describe('a play whose effect is measured', () => {
  it('opens no task for a firing that is held out, and remembers how it ended', () => {
    const office = new PlayOffice({}, configured(1));
    office.heldOut = new Set(['04']);
    office.day(snapshot('2026-11-20'), red);
    expect(office.opened).toEqual([]);
    expect([...office.runs.values()].find(({ play }) => play === '04')).toMatchObject({
      state: 'open',
      arm: 'holdout',
    });
  });

  it('leaves the matter to a play that is not held out, and says that the account was not left alone any more', () => {
    const office = new PlayOffice({}, configured(1));
    office.heldOut = new Set(['08']);
    const alone = { renewalOn: on('2027-03-31') };
    for (const day of ['2026-11-20', '2026-11-21']) office.day(snapshot(day, alone), { measures: { R3: 1 } });
    expect(office.firings()).toEqual(['08 open']);
    const redToo = {
      health: { band: 'red' as const },
      churn: { reason: 'relationship' as const },
      measures: { R3: 1 },
    };
    for (const day of ['2026-11-22', '2026-11-23', '2026-12-10']) office.day(snapshot(day, alone), redToo);
    expect(office.firings()).toEqual(['08 closed superseded', '04 open']);
    expect(office.shown()).toContain('root-cause open');
    expect([...office.runs.values()].find(({ play }) => play === '08')).toMatchObject({
      arm: 'holdout',
      closedOn: '2026-11-22',
      closedBecause: 'Play 04 (Red rescue) took over.',
      restsUntilOn: '2026-12-22',
    });
  });

  it('treats the others as ever, and tells them apart', () => {
    const office = new PlayOffice({}, configured(0));
    office.heldOut = new Set(['04']);
    office.day(snapshot('2026-11-20'), red);
    expect(office.opened.length).toBeGreaterThan(0);
    expect([...office.runs.values()].find(({ play }) => play === '04')).toMatchObject({ arm: 'treat' });
  });

  it('is none as long as nobody asked for it', () => {
    const office = new PlayOffice({}, configured(1));
    office.day(snapshot('2026-11-20'), red);
    expect(office.opened.length).toBeGreaterThan(0);
    expect([...office.runs.values()].every(({ arm }) => arm === undefined)).toBe(true);
  });

  it('cannot be one whose tasks are owed whatever they achieve', () => {
    const choice = { modes: {}, roleOwners: {} };
    expect(withHeldOut(choice, ['13', '01'], defaultConfiguration.plays).heldOut).toEqual(['01', '13']);
    for (const play of ['05', '12', '18', '99']) {
      expect(() => withHeldOut(choice, [play], defaultConfiguration.plays)).toThrow(/cannot leave accounts/);
    }
  });
});
