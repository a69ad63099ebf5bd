import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConnectorError, type ConnectorErrorCode } from '../../connectors/contract/errors.ts';
import { HoldfastError, type HoldfastErrorCode } from '../../src/errors.ts';
import { recoverFrom } from '../../src/jobs/recovery.ts';

const NOW = '2026-03-02T10:00:00.000Z';

const refused = (code: ConnectorErrorCode, more: { retryAfterMs?: number; resetsAt?: string } = {}) =>
  new ConnectorError({ code, message: 'm', remedy: 'r', ...more });
const failed = (code: HoldfastErrorCode) => new HoldfastError({ code, message: 'm', remedy: 'r' });

describe('after a failed run', () => {
  it.each([
    ['rate-limited', refused('rate-limited', { retryAfterMs: 10_000 }), '2026-03-02T10:00:10.000Z'],
    ['record-locked', refused('record-locked', { retryAfterMs: 2_000 }), '2026-03-02T10:00:02.000Z'],
    [
      'quota-exhausted',
      refused('quota-exhausted', { resetsAt: '2026-03-02T23:00:00.000Z' }),
      '2026-03-02T23:00:00.000Z',
    ],
    ['moved to other servers', refused('unavailable', { retryAfterMs: 3_600_000 }), '2026-03-02T11:00:00.000Z'],
    ['unavailable', refused('unavailable'), '2026-03-02T10:01:00.000Z'],
    ['response-unexpected', refused('response-unexpected'), '2026-03-02T10:01:00.000Z'],
    ['disk-full', failed('disk-full'), '2026-03-02T10:01:00.000Z'],
    ['database-unreachable', failed('database-unreachable'), '2026-03-02T10:01:00.000Z'],
    ['anything unknown', new TypeError('x is not a function'), '2026-03-02T10:01:00.000Z'],
  ])('%s is tried again when that makes sense', (_, error, at) => {
    expect(recoverFrom(error, 0, NOW)).toEqual({ next: 'again', at });
  });

  it('who took our access away is not called again until an admin connects anew', () => {
    expect(recoverFrom(refused('access-revoked'), 0, NOW)).toEqual({ next: 'lost' });
    expect(recoverFrom(refused('token-expired'), 3, NOW)).toEqual({ next: 'lost' });
  });

  it.each(['mapping-invalid', 'reconciliation-doubtful', 'secret-unreadable', 'config-invalid'] as const)(
    '%s waits for a person',
    (code) => expect(recoverFrom(failed(code), 0, NOW)).toEqual({ next: 'pause' }),
  );

  it('what was stopped goes on after the start', () => {
    expect(recoverFrom(failed('stopped'), 5, NOW)).toEqual({ next: 'resume' });
  });

  it('the wait never shrinks with further failures and never exceeds six hours', () => {
    fc.assert(
      fc.property(fc.nat(1_000), (failures) => {
        const waitMs = (count: number): number => {
          const next = recoverFrom(refused('unavailable'), count, NOW);
          return next.next === 'again' ? Date.parse(next.at) - Date.parse(NOW) : Number.NaN;
        };
        expect(waitMs(failures + 1)).toBeGreaterThanOrEqual(waitMs(failures));
        expect(waitMs(failures)).toBeGreaterThanOrEqual(60_000);
        expect(waitMs(failures)).toBeLessThanOrEqual(6 * 3_600_000);
      }),
    );
  });
});
