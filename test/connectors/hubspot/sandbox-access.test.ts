import { describe, expect, it } from 'vitest';
import { createClock } from '../../../connectors/kit/sandbox/clock.ts';
import { openPortal, portalNow, portalSeed, row } from '../../support/sandbox-portal.ts';
import type { OpenPortal } from '../../support/sandbox-portal.ts';

const companies = '/crm/objects/2026-09/companies';
const redirectUri = 'https://app.example/oauth/callback';
const app = {
  clientId: 'client',
  clientSecret: 'secret',
  redirectUris: [redirectUri],
  scopes: ['oauth', 'crm.objects.companies.read'],
};

interface TokenAnswer {
  readonly status: number;
  readonly body: {
    readonly status?: string;
    readonly error?: string;
    readonly access_token: string;
    readonly refresh_token: string;
    readonly expires_in: number;
    readonly hub_id: number;
    readonly scopes: readonly string[];
    readonly active: boolean;
  };
}

async function form(
  { sandbox }: OpenPortal,
  path: string,
  fields: Readonly<Record<string, string>>,
): Promise<TokenAnswer> {
  const answer = await fetch(`${sandbox.url}${path}`, {
    method: 'POST',
    body: new URLSearchParams({ client_id: app.clientId, client_secret: app.clientSecret, ...fields }),
  });
  const text = await answer.text();
  return { status: answer.status, body: JSON.parse(text === '' ? '{}' : text) as TokenAnswer['body'] };
}

const token = '/oauth/2026-09/token';
const exchange = (code: string): Readonly<Record<string, string>> => ({
  grant_type: 'authorization_code',
  code,
  redirect_uri: redirectUri,
});
const refresh = (refreshToken: string): Readonly<Record<string, string>> => ({
  grant_type: 'refresh_token',
  refresh_token: refreshToken,
});

describe('a call without a good token', () => {
  it.each([
    ['none', ''],
    ['an unknown one', 'somebody-elses-token'],
  ])('is refused with 401: %s', async (_, sent) => {
    const { send } = await openPortal();
    const { status, body } = await send('GET', companies, undefined, sent);
    expect([status, body.category]).toEqual([401, 'INVALID_AUTHENTICATION']);
  });

  it('is refused with 403 when the token lacks a scope, which is named', async () => {
    const { get, post } = await openPortal({ grantedScopes: ['oauth', 'crm.objects.companies.read'] });
    expect((await get(companies)).status).toBe(200);
    const tickets = await get('/crm/objects/2026-09/tickets');
    expect([tickets.status, tickets.body.category]).toEqual([403, 'MISSING_SCOPES']);
    expect(tickets.body.errors[0]?.context).toEqual({ requiredGranularScopes: ['tickets'] });
    const both = await post('/crm/associations/2026-09/companies/deals/batch/read', { inputs: [{ id: '1' }] });
    expect(both.body.errors[0]?.context).toEqual({ requiredGranularScopes: ['crm.objects.deals.read'] });
    expect((await post(companies, { properties: { name: 'x' } })).status).toBe(403);
    expect((await get('/account-info/2026-09/details')).status).toBe(200);
  });

  it('may not make properties with the right to read them', async () => {
    const { get, post } = await openPortal({ grantedScopes: ['crm.objects.companies.read'] });
    expect((await get('/crm/properties/2026-09/companies')).status).toBe(200);
    expect((await post('/crm/properties/2026-09/companies/groups', { name: 'a', label: 'A' })).status).toBe(403);
  });
});

describe('installing the app', () => {
  const authorize = (portal: OpenPortal, changes: Readonly<Record<string, string>> = {}): Promise<Response> => {
    const query = new URLSearchParams({
      client_id: app.clientId,
      redirect_uri: redirectUri,
      scope: app.scopes.join(' '),
      optional_scope: 'tickets crm.objects.deals.read',
      state: 'one-time',
      ...changes,
    });
    return fetch(`${portal.sandbox.url}/oauth/authorize?${query.toString()}`, { redirect: 'manual' });
  };

  it('asks the admin, sends the code to the redirect, and drops optional scopes that the portal lacks', async () => {
    const portal = await openPortal({ oauth: app, grantedScopes: [...app.scopes, 'crm.objects.deals.read'] });
    const page = await (await authorize(portal)).text();
    expect(page).toContain('approve=yes');
    const location = new URL((await authorize(portal, { approve: 'yes' })).headers.get('location') ?? '');
    expect(location.searchParams.get('state')).toBe('one-time');
    const { status, body } = await form(portal, token, exchange(location.searchParams.get('code') ?? ''));
    expect(status).toBe(200);
    expect(body).toMatchObject({ expires_in: 1_800, hub_id: 4711 });
    expect(body.scopes).toEqual([...app.scopes, 'crm.objects.deals.read']);
    expect((await portal.send('GET', companies, undefined, body.access_token)).status).toBe(200);
  });

  it('tells the app when the admin says no', async () => {
    const portal = await openPortal({ oauth: app });
    const location = (await authorize(portal, { approve: 'no' })).headers.get('location');
    expect(location).toContain('error=access_denied');
  });

  it.each([
    ['another redirect', { redirect_uri: 'https://evil.example/' }],
    ['an unknown client', { client_id: 'nobody' }],
    ['a required scope left out', { scope: 'oauth' }],
    ['a scope that the portal lacks', { scope: [...app.scopes, 'crm.objects.goals.read'].join(' ') }],
  ])('shows an error page and redirects nowhere with %s', async (_, changes) => {
    const portal = await openPortal({ oauth: app, grantedScopes: app.scopes });
    const answer = await authorize(portal, { approve: 'yes', ...changes });
    expect([answer.status, answer.headers.get('location')]).toEqual([400, null]);
  });
});

describe('tokens', () => {
  const installed = async (now: () => number = () => portalNow): Promise<{ portal: OpenPortal; code: string }> => {
    const portal = await openPortal({ oauth: app, now });
    return { portal, code: await portal.sandbox.app.consent({ clientId: app.clientId, redirectUri }) };
  };

  it('come for a code once', async () => {
    const { portal, code } = await installed();
    expect((await form(portal, token, exchange(code))).status).toBe(200);
    const second = await form(portal, token, exchange(code));
    expect([second.status, second.body.status]).toEqual([400, 'BAD_AUTH_CODE']);
  });

  it('are refused when values stand in the URL or the secret is wrong', async () => {
    const { portal, code } = await installed();
    expect((await form(portal, `${token}?client_id=client`, exchange(code))).status).toBe(400);
    const wrong = await form(portal, token, { ...exchange(code), client_secret: 'guess' });
    expect([wrong.status, wrong.body.error]).toEqual([400, 'invalid_client']);
  });

  it('end after 30 minutes and are replaced by refreshing', async () => {
    const clock = createClock(portalNow);
    const { portal, code } = await installed(clock.now);
    const { body } = await form(portal, token, exchange(code));
    clock.advance(30 * 60_000);
    const late = await portal.send('GET', companies, undefined, body.access_token);
    expect([late.status, late.body.category]).toEqual([401, 'EXPIRED_AUTHENTICATION']);
    const fresh = await form(portal, token, refresh(body.refresh_token));
    expect(fresh.body.access_token).not.toBe(body.access_token);
    expect((await portal.send('GET', companies, undefined, fresh.body.access_token)).status).toBe(200);
  });

  it('cannot be refreshed after the admin has removed the app, and nothing works any more', async () => {
    const { portal, code } = await installed();
    const { body } = await form(portal, token, exchange(code));
    portal.sandbox.app.uninstall();
    const { status, body: refused } = await form(portal, token, refresh(body.refresh_token));
    expect([status, refused.status, refused.error]).toEqual([400, 'BAD_REFRESH_TOKEN', 'invalid_grant']);
    expect((await portal.send('GET', companies, undefined, body.access_token)).status).toBe(401);
  });

  it('of an uninstalled app are good for nothing, when the app removes itself', async () => {
    const { portal, code } = await installed();
    const { body } = await form(portal, token, exchange(code));
    const path = '/appinstalls/2026-09/external-install';
    expect((await portal.send('DELETE', path, undefined, body.access_token)).status).toBe(204);
    expect((await portal.send('GET', companies, undefined, body.access_token)).status).toBe(401);
  });

  it('stay good until their end when the refresh token is revoked', async () => {
    const { portal, code } = await installed();
    const { body } = await form(portal, token, exchange(code));
    expect((await form(portal, `${token}/revoke`, { token: body.refresh_token })).status).toBe(204);
    expect((await portal.send('GET', companies, undefined, body.access_token)).status).toBe(200);
    expect((await form(portal, token, refresh(body.refresh_token))).status).toBe(400);
    expect((await form(portal, `${token}/introspect`, { token: body.refresh_token })).body.active).toBe(false);
  });
});

describe('rate limits', () => {
  const search = { filterGroups: [], sorts: [], properties: [], limit: 1, after: '0' };

  it('let so many calls through in any ten seconds, say how many are left, and do not count refused ones', async () => {
    const clock = createClock(0);
    const { get, sandbox } = await openPortal({ limits: { calls: 3, now: clock.now } });
    const left: (string | null)[] = [];
    for (const atMs of [0, 4_000, 8_000]) {
      clock.set(atMs);
      left.push((await get(companies)).headers.get('X-HubSpot-RateLimit-Remaining'));
    }
    expect(left).toEqual(['2', '1', '0']);
    clock.set(9_999);
    const refused = await get(companies);
    expect(refused.status).toBe(429);
    expect(refused.body).toMatchObject({
      status: 'error',
      message: 'You have reached your ten_secondly_rolling limit.',
      errorType: 'RATE_LIMIT',
      policyName: 'TEN_SECONDLY_ROLLING',
    });
    expect(refused.headers.get('X-HubSpot-RateLimit-Interval-Milliseconds')).toBe('10000');
    clock.set(10_001);
    expect((await get(companies)).status).toBe(200);
    expect((await get(companies)).status).toBe(429);
    expect(sandbox.calls.rateLimited).toBe(2);
  });

  it('count search apart, by the second, and say nothing about it in the headers', async () => {
    const clock = createClock(0);
    const { post, get } = await openPortal({ limits: { calls: 1, now: clock.now } });
    for (let call = 0; call < 5; call += 1) {
      const answer = await post(`${companies}/search`, search);
      expect([answer.status, answer.headers.get('X-HubSpot-RateLimit-Max')]).toEqual([200, null]);
    }
    expect((await post(`${companies}/search`, search)).body.policyName).toBe('SECONDLY');
    expect((await get(companies)).status).toBe(200);
    clock.set(1_001);
    expect((await post(`${companies}/search`, search)).status).toBe(200);
  });

  it('may end with the day for a private app', async () => {
    const { get } = await openPortal({ limits: { daily: 1, now: () => 0 } });
    const first = await get(companies);
    expect(first.headers.get('X-HubSpot-RateLimit-Daily-Remaining')).toBe('0');
    expect((await get(companies)).body.policyName).toBe('DAILY');
  });
});

describe('the count of calls', () => {
  it('tells what was called, under which limit, and what failed', async () => {
    const { get, post, sandbox } = await openPortal({ seed: portalSeed([row('companies', '1')]) });
    await get(companies);
    await get(`${companies}?limit=0`);
    await post(`${companies}/batch/read`, { inputs: [{ id: '1' }], properties: [] });
    await post('/crm/objects/2026-09/deals/search', {});
    expect(sandbox.calls).toMatchObject({
      total: 4,
      failed: 2,
      perBucket: { general: 3, search: 1, oauth: 0 },
      perPurpose: { 'list companies': 2, 'batch read companies': 1, 'search deals': 1 },
    });
    expect(sandbox.calls.recent.map(({ status }) => status)).toEqual([200, 400, 200, 400]);
    sandbox.calls.reset();
    expect(sandbox.calls.total).toBe(0);
  });
});
