import { describe, expect, it } from 'vitest';
import { Secret } from '../connectors/contract/auth.ts';
import { ConnectorError } from '../connectors/contract/errors.ts';
import { openLog, type LogLevel } from '../src/log.ts';
import type { Log } from '../src/ports/log.ts';

/** What a log has written: as text, and line by line. */
function capture(level: LogLevel = 'info'): { log: Log; text: () => string; lines: () => Record<string, unknown>[] } {
  const written: string[] = [];
  return {
    log: openLog(level, { write: (line) => void written.push(line) }),
    text: () => written.join(''),
    lines: () => written.map((line) => JSON.parse(line)),
  };
}

describe('A log line', () => {
  it('is one JSON object with level, time, the fields so far and the message', () => {
    const { log, lines } = capture();
    log.with({ installation: 'i1' }).with({ run: 'r1' }).warn({ object: 'companies', pages: 3 }, 'slow answers');
    expect(lines()).toEqual([
      {
        level: 'warn',
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
        pid: process.pid,
        installation: 'i1',
        run: 'r1',
        object: 'companies',
        pages: 3,
        message: 'slow answers',
      },
    ]);
  });

  it('is written from the chosen level on, and never when silent', () => {
    const errorsOnly = capture('error');
    errorsOnly.log.info({}, 'a');
    errorsOnly.log.warn({}, 'b');
    errorsOnly.log.error({}, 'c');
    expect(errorsOnly.lines()).toMatchObject([{ message: 'c' }]);
    const silent = capture('silent');
    silent.log.error({}, 'd');
    expect(silent.text()).toBe('');
  });

  it('shows an error with its code, its remedy, what it was about and what caused it', () => {
    const { log, lines } = capture();
    const error = new ConnectorError({
      code: 'unavailable',
      message: 'HubSpot answered 502.',
      remedy: 'Wait.',
      context: { requestId: 'r-9' },
      cause: new Error('socket hang up'),
    });
    log.error({ error }, 'the pull failed');
    expect(lines()).toMatchObject([
      {
        error: {
          type: 'ConnectorError',
          code: 'unavailable',
          message: 'HubSpot answered 502.',
          remedy: 'Wait.',
          requestId: 'r-9',
          cause: { message: 'socket hang up' },
        },
      },
    ]);
  });

  it('is still written when a value goes round in a circle or is very large', () => {
    const { log, lines } = capture();
    const circle: Record<string, unknown> = { name: 'ring' };
    circle['self'] = circle;
    log.info(
      { circle, calls: new Map([['general', { calls: 3 }]]), size: 10n, nothing: null, absent: undefined },
      'odd',
    );
    expect(lines()).toMatchObject([
      { message: 'odd', circle: { name: 'ring' }, calls: { general: { calls: 3 } }, size: 10, nothing: null },
    ]);
  });
});

describe('Secrets in the log', () => {
  it('never show, however they get there', () => {
    const { log, text, lines } = capture();
    log.with({ headers: { Authorization: 'Bearer hush-1', accept: 'text/html' } }).info(
      {
        token: new Secret('hush-2'),
        nested: [{ deep: { clientSecret: 'hush-3', refresh_token: 'hush-4', keep: new Secret('hush-5') } }],
        url: 'https://crm.example/callback?code=hush-6&page=2&state=hush-7',
        database: 'postgres://holdfast:hush-8@db.example:5432/holdfast',
        error: new Error('GET /x?access_token=hush-9 failed', { cause: { cookie: 'sid=hush-10' } }),
        Password: ['hush-11'],
      },
      'sent Authorization: Bearer hush-12.abc/def+g= to https://crm.example/v1?hapikey=hush-13',
    );
    expect(text()).not.toContain('hush');
    expect(lines()).toMatchObject([
      {
        headers: { Authorization: '[secret]', accept: 'text/html' },
        token: '[secret]',
        nested: [{ deep: { clientSecret: '[secret]', refresh_token: '[secret]', keep: '[secret]' } }],
        url: 'https://crm.example/callback?code=[secret]&page=2&state=[secret]',
        database: 'postgres://holdfast:[secret]@db.example:5432/holdfast',
        message: 'sent Authorization: Bearer [secret] to https://crm.example/v1?hapikey=[secret]',
      },
    ]);
  });

  it('are told from what only looks like one', () => {
    const { log, lines } = capture();
    const fields = { secret: 3, token: null, url: 'https://crm.example:8080/a@b?page=2', key: 'renewal:42:2026-03-01' };
    log.info(fields, 'the token was renewed');
    expect(lines()).toMatchObject([{ ...fields, message: 'the token was renewed' }]);
  });
});
