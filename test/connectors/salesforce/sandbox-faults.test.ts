import { describe, expect, it } from 'vitest';
import type { SalesforceFault } from '../../../connectors/salesforce/sandbox/index.ts';
import { callsTo } from '../../support/org-calls.ts';
import { accounts, ids, openOrg, orgSeed } from '../../support/sandbox-org.ts';

const openFaulty = async (fault: SalesforceFault & { readonly match?: object }) => {
  const sandbox = await openOrg(orgSeed(accounts(4)), { pageRows: 2 });
  sandbox.faults.add(fault);
  return { sandbox, ...callsTo(sandbox) };
};
const update = (...phones: readonly string[]) => ({
  allOrNone: false,
  records: phones.map((phone, at) => ({ attributes: { type: 'Account' }, id: ids.account(at + 1), Phone: phone })),
});

describe('a call that goes wrong', () => {
  it.each([
    [401, 'INVALID_SESSION_ID'],
    [403, 'REQUEST_LIMIT_EXCEEDED'],
    [500, 'UNKNOWN_EXCEPTION'],
    [503, 'SERVER_UNAVAILABLE'],
  ])('is answered with %i in Salesforce’s words', async (status, errorCode) => {
    const { call } = await openFaulty({ kind: 'status', status });
    const answer = await call('GET', '/limits');
    expect([answer.status, answer.body]).toEqual([status, [{ errorCode, message: expect.any(String) }]]);
    expect((await call('GET', '/limits')).status).toBe(200);
  });

  it.each([420, 502, 504])('is answered with %i and a page by the network in front', async (status) => {
    const { call } = await openFaulty({ kind: 'status', status });
    const answer = await call('GET', '/limits');
    expect([answer.status, answer.headers.get('content-type')]).toEqual([status, 'text/html;charset=UTF-8']);
  });

  it('can be told in other words: too many long calls at once', async () => {
    const message = 'ConcurrentPerOrgLongTxn Limit exceeded.';
    const { call } = await openFaulty({ kind: 'status', status: 403, message });
    expect((await call('GET', '/limits')).body).toEqual([{ errorCode: 'REQUEST_LIMIT_EXCEEDED', message }]);
  });

  it('is a page with 200, or ends half way, or never answers', async () => {
    const page = await openFaulty({ kind: 'garbage' });
    expect((await page.call('GET', '/limits')).text).toContain('<html>');
    const cut = await openFaulty({ kind: 'cut' });
    await expect(cut.call('GET', '/limits')).rejects.toThrow();
    const silent = await openFaulty({ kind: 'reset' });
    await expect(silent.call('GET', '/limits')).rejects.toThrow();
  });

  it('finds its session over in the middle of the pages, and goes on with a new one', async () => {
    const { sandbox } = await openFaulty({ kind: 'expire-token', match: { purpose: 'query more' } });
    const before = callsTo(sandbox, sandbox.app.install().accessToken);
    const { nextRecordsUrl = '' } = await before.query('SELECT Id FROM Account');
    expect((await before.call('GET', nextRecordsUrl)).status).toBe(401);
    expect((await before.call('GET', nextRecordsUrl)).status).toBe(401);
    const after = callsTo(sandbox, sandbox.app.install().accessToken);
    expect((await after.call('GET', nextRecordsUrl)).body).toMatchObject({ done: true });
  });

  it('leaves the work undone, unless only the answer is lost', async () => {
    const undone = await openFaulty({ kind: 'status', status: 503 });
    await undone.call('PATCH', '/composite/sobjects', update('1'));
    expect(undone.sandbox.org.get(ids.account(1))?.fields).not.toHaveProperty('Phone');
    const done = await openFaulty({ kind: 'reset', afterWrite: true });
    await expect(done.call('PATCH', '/composite/sobjects', update('1'))).rejects.toThrow();
    expect(done.sandbox.org.get(ids.account(1))?.fields['Phone']).toBe('1');
  });

  it('finds single records locked inside a 200', async () => {
    const { call, sandbox } = await openFaulty({ kind: 'refuse-rows', positions: [1] });
    const { status, body } = await call('PATCH', '/composite/sobjects', update('1', '2', '3'));
    expect([status, (body as { success: boolean }[]).map(({ success }) => success)]).toEqual([
      200,
      [true, false, true],
    ]);
    expect(body).toContainEqual({
      success: false,
      errors: [expect.objectContaining({ statusCode: 'UNABLE_TO_LOCK_ROW' })],
    });
    expect(sandbox.org.get(ids.account(2))?.fields).not.toHaveProperty('Phone');
  });
});
