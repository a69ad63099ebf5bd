import nock from 'nock';
import { afterEach, describe, expect, it } from 'vitest';
import { ConnectorError } from '../../../connectors/contract/errors.ts';
import { hubspot } from '../../../connectors/hubspot/index.ts';
import { openDirectAccess } from '../../support/direct-access.ts';

const HUBSPOT = 'https://hubspot.test';
const DETAILS = '/account-info/2026-09/details';

const details = {
  portalId: 4242,
  timeZone: 'Europe/Berlin',
  companyCurrency: 'EUR',
  additionalCurrencies: ['USD'],
  uiDomain: 'app-eu1.hubspot.com',
  accountType: 'STANDARD',
};

afterEach(() => {
  nock.abortPendingRequests();
  nock.cleanAll();
});

/** What the connector throws when HubSpot gives this answer to a plain read. */
async function failureOf(
  status: number,
  body: string | object = '',
  headers: Record<string, string> = {},
): Promise<ConnectorError> {
  nock(HUBSPOT).get(DETAILS).reply(status, body, headers);
  return failure(hubspot.open(openDirectAccess(HUBSPOT)).whoAmI());
}

async function failure(work: Promise<unknown>): Promise<ConnectorError> {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof ConnectorError)) throw new Error('expected a ConnectorError', { cause: error });
  return error;
}

describe('an answer of HubSpot', () => {
  it('tells the account: its id, time zone, currencies, and where its pages are', async () => {
    nock(HUBSPOT, { reqheaders: { authorization: 'Bearer test-token' } })
      .get(DETAILS)
      .reply(200, details);
    const facts = await hubspot.open(openDirectAccess(HUBSPOT)).whoAmI();
    expect(facts).toEqual({
      accountId: '4242',
      title: 'HubSpot account 4242',
      timeZone: 'Europe/Berlin',
      currency: 'EUR',
      currencies: ['EUR', 'USD'],
      webHost: 'app-eu1.hubspot.com',
      kind: 'standard',
    });
    expect(hubspot.words.recordUrl(facts, 'companies', '77')).toBe(
      'https://app-eu1.hubspot.com/contacts/4242/record/0-2/77',
    );
  });

  it('tells the limiter what its headers say of the limit, and nothing where they are silent', async () => {
    const access = openDirectAccess(HUBSPOT);
    nock(HUBSPOT).get(DETAILS).reply(200, details, {
      'X-HubSpot-RateLimit-Max': '110',
      'X-HubSpot-RateLimit-Remaining': '87',
      'X-HubSpot-RateLimit-Interval-Milliseconds': '10000',
    });
    nock(HUBSPOT).get(DETAILS).reply(200, details);
    await hubspot.open(access).whoAmI();
    await hubspot.open(access).whoAmI();
    expect(access.usage).toEqual([{ max: 110, remaining: 87, perMs: 10_000 }, {}]);
  });

  it('is read for what is needed alone: a member that HubSpot adds, or an id sent as a number, does no harm', async () => {
    nock(HUBSPOT)
      .get(DETAILS)
      .reply(200, { ...details, somethingNew: { deep: [1, 2] } });
    expect((await hubspot.open(openDirectAccess(HUBSPOT)).whoAmI()).accountId).toBe('4242');
  });

  it.each([
    ['a page of a proxy', '<html>Service</html>'],
    ['half of an answer', '{"portalId": 42'],
    ['nothing', ''],
    ['another answer', { results: [] }],
  ])('that is %s with status 200 is reported as not understood, with what came', async (_, body) => {
    const error = await failureOf(200, body);
    expect(error.code).toBe('response-unexpected');
    expect(error.message).toContain("'read account facts'");
    expect(error.context).toMatchObject({ path: DETAILS });
  });
});

describe('a refusal of HubSpot', () => {
  it.each([
    [
      401,
      { category: 'EXPIRED_AUTHENTICATION', message: 'The OAuth token used expired 3 minutes ago.' },
      'token-expired',
    ],
    [530, '<html>error code: 1016</html>', 'token-expired'],
    [
      403,
      { category: 'MISSING_SCOPES', message: 'This app has not been granted all required scopes' },
      'permission-missing',
    ],
    [404, { category: 'OBJECT_NOT_FOUND', message: 'Object not found.' }, 'record-gone'],
    [404, '<html>no such page</html>', 'request-refused'],
    [400, { category: 'VALIDATION_ERROR', message: 'Invalid input JSON' }, 'request-refused'],
    [409, { category: 'CONFLICT', message: 'Already there' }, 'request-refused'],
    [414, '', 'request-refused'],
    [423, { message: 'The resource is locked' }, 'record-locked'],
    [429, { policyName: 'DAILY', message: 'You have reached your daily limit.' }, 'quota-exhausted'],
    [429, { policyName: 'TEN_SECONDLY_ROLLING', message: 'ten_secondly_rolling' }, 'rate-limited'],
    [429, { category: 'RATE_LIMITS', message: 'You have reached your secondly limit.' }, 'rate-limited'],
    [477, '', 'unavailable'],
    [500, {}, 'unavailable'],
    [502, '<html>Bad Gateway</html>', 'unavailable'],
    [503, '', 'unavailable'],
    [504, '', 'unavailable'],
    [521, '', 'unavailable'],
    [523, '', 'unavailable'],
    [524, '', 'unavailable'],
  ])('of %i %j means %s', async (status, body, code) => {
    const error = await failureOf(status, body);
    expect(error.code).toBe(code);
    expect(error.context).toMatchObject({ status });
    expect(error.remedy).not.toBe('');
  });

  it('names the scope that HubSpot asks for, and else the one that the call needs', async () => {
    const body = {
      status: 'error',
      category: 'MISSING_SCOPES',
      message: 'This app has not been granted all required scopes',
      errors: [{ message: 'One of these', context: { requiredGranularScopes: ['crm.objects.deals.read'] } }],
    };
    nock(HUBSPOT).get('/crm/properties/2026-09/deals').query(true).reply(403, body);
    nock(HUBSPOT).get('/crm/properties/2026-09/tickets').query(true).reply(403, '');
    const session = hubspot.open(openDirectAccess(HUBSPOT));
    const named = await failure(session.describe('deals'));
    expect(named).toMatchObject({ code: 'permission-missing', scope: 'crm.objects.deals.read' });
    expect(named.remedy).toContain("'crm.objects.deals.read'");
    expect(await failure(session.describe('tickets'))).toMatchObject({ scope: 'tickets' });
  });

  it('says how long to wait: never less than the two seconds that a lock lasts, and a day while an account moves', async () => {
    expect((await failureOf(423, '')).retryAfterMs).toBe(2_000);
    expect((await failureOf(423, '', { 'Retry-After': '5' })).retryAfterMs).toBe(5_000);
    expect((await failureOf(477, '', { 'Retry-After': '86400' })).retryAfterMs).toBe(86_400_000);
    expect((await failureOf(429, '', { 'Retry-After': '1' })).retryAfterMs).toBe(1_000);
    expect((await failureOf(429, '')).retryAfterMs).toBeUndefined();
  });

  it('leaves open whether the call took effect only where it may have', async () => {
    expect((await failureOf(502)).maybeDone).toBe(true);
    expect((await failureOf(504)).maybeDone).toBe(true);
    expect((await failureOf(429)).maybeDone).toBe(false);
    expect((await failureOf(423)).maybeDone).toBe(false);
    expect((await failureOf(400, { message: 'no' })).maybeDone).toBe(false);
  });

  it('carries the request id for the support, and never the token', async () => {
    const error = await failureOf(500, { message: 'Failed for Bearer test-token', correlationId: 'aeb5f871' });
    expect(error.context).toMatchObject({ requestId: 'aeb5f871' });
    expect(`${error.message} ${JSON.stringify(error)} ${String(error.cause)}`).not.toContain('test-token');
  });
});

describe('a call without an answer', () => {
  it('that was never sent has certainly not taken effect; one whose connection broke may have', async () => {
    nock(HUBSPOT)
      .get(DETAILS)
      .replyWithError(Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }));
    const unsent = await failure(hubspot.open(openDirectAccess(HUBSPOT)).whoAmI());
    expect(unsent).toMatchObject({ code: 'unavailable', maybeDone: false });
    expect(unsent.remedy).toContain('HUBSPOT_API_URL');

    nock(HUBSPOT)
      .get(DETAILS)
      .replyWithError(Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }));
    const broken = await failure(hubspot.open(openDirectAccess(HUBSPOT)).whoAmI());
    expect(broken).toMatchObject({ code: 'unavailable', maybeDone: true });
    expect(broken.message).toContain('ECONNRESET');
  });

  it('is not even sent when the worker has stopped before', async () => {
    const scope = nock(HUBSPOT).get(DETAILS).reply(200, details);
    const session = hubspot.open(openDirectAccess(HUBSPOT, { signal: AbortSignal.abort(new Error('stopping')) }));
    expect((await failure(session.whoAmI())).message).toContain('stopping');
    expect(scope.isDone()).toBe(false);
  });
});
