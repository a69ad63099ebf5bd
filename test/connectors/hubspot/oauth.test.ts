import nock from 'nock';
import { afterEach, describe, expect, it } from 'vitest';
import { Secret } from '../../../connectors/contract/auth.ts';
import { hubspot } from '../../../connectors/hubspot/index.ts';

const HUBSPOT = 'https://hubspot.test';
const TOKEN = '/oauth/2026-09/token';
const app = {
  clientId: 'client-1',
  clientSecret: new Secret('client-secret'),
  redirectUri: 'https://holdfast.example/oauth/back?x=1',
};
const never = new AbortController().signal;
const { oauth } = hubspot;

afterEach(() => nock.cleanAll());

describe('the consent page', () => {
  it('is opened for our app, with every scope it needs, tickets as a choice, and our one-time state', () => {
    const url = new URL(oauth.authorizeUrl(app, 'state-1'));
    expect(`${url.origin}${url.pathname}`).toBe('https://app.hubspot.com/oauth/authorize');
    expect(url.searchParams.get('client_id')).toBe('client-1');
    expect(url.searchParams.get('redirect_uri')).toBe(app.redirectUri);
    expect(url.searchParams.get('state')).toBe('state-1');
    expect(url.searchParams.get('scope')?.split(' ')).toContain('crm.objects.companies.write');
    expect(url.searchParams.get('optional_scope')?.split(' ')).toEqual(['crm.schemas.contacts.write', 'tickets']);
    expect(url.search).not.toContain('+');
  });

  it('is that of another HubSpot-shaped server when one is configured', () => {
    const url = oauth.authorizeUrl({ ...app, webUrl: 'http://localhost:4000' }, 's');
    expect(url).toMatch(/^http:\/\/localhost:4000\/oauth\/authorize\?/);
  });
});

describe('tokens', () => {
  it('come for a code, with every value in the body and none in the address', async () => {
    nock(HUBSPOT)
      .post(TOKEN, {
        grant_type: 'authorization_code',
        code: 'code-1',
        redirect_uri: app.redirectUri,
        client_id: 'client-1',
        client_secret: 'client-secret',
      })
      .matchHeader('content-type', /^application\/x-www-form-urlencoded/)
      .reply(200, { token_type: 'bearer', access_token: 'a1', refresh_token: 'r1', expires_in: 1800, hub_id: 4242 });
    const tokens = await oauth.exchangeCode(app, HUBSPOT, 'code-1', never);
    expect(tokens.accessToken.reveal()).toBe('a1');
    expect(tokens.refreshToken?.reveal()).toBe('r1');
    expect(tokens.expiresInS).toBe(1_800);
  });

  it('are refreshed, and the refresh token that comes back is the one to use next', async () => {
    nock(HUBSPOT)
      .post(TOKEN, /grant_type=refresh_token&refresh_token=r1&/)
      .reply(200, { access_token: 'a2', refresh_token: 'r2', expires_in: 1800 });
    expect((await oauth.refresh(app, HUBSPOT, new Secret('r1'), never)).refreshToken?.reveal()).toBe('r2');
  });

  it('keep their refresh token when none comes back', async () => {
    nock(HUBSPOT).post(TOKEN).reply(200, { access_token: 'a2', expires_in: 1800 });
    expect((await oauth.refresh(app, HUBSPOT, new Secret('r1'), never)).refreshToken?.reveal()).toBe('r1');
  });

  it('are lost for good when HubSpot says that the refresh token is bad: the admin has to connect again', async () => {
    nock(HUBSPOT).post(TOKEN).reply(400, {
      status: 'BAD_REFRESH_TOKEN',
      error: 'invalid_grant',
      error_description: 'missing or unknown refresh token r1',
    });
    const refused = oauth.refresh(app, HUBSPOT, new Secret('r1'), never);
    await expect(refused).rejects.toMatchObject({ code: 'access-revoked', remedy: expect.stringContaining('again') });
    await expect(refused).rejects.toThrow('refresh token [secret]');
  });

  it('are not lost when a refresh merely failed', async () => {
    nock(HUBSPOT).post(TOKEN).reply(503, '<html>maintenance</html>');
    await expect(oauth.refresh(app, HUBSPOT, new Secret('r1'), never)).rejects.toMatchObject({ code: 'unavailable' });
    nock(HUBSPOT).post(TOKEN).reply(200, '<html>welcome</html>');
    await expect(oauth.refresh(app, HUBSPOT, new Secret('r1'), never)).rejects.toMatchObject({
      code: 'response-unexpected',
    });
  });

  it('are refused for a code that was used before, or by a secret that is wrong, with what to do about it', async () => {
    nock(HUBSPOT).post(TOKEN).reply(400, { status: 'BAD_AUTH_CODE', message: 'missing or unknown auth code' });
    await expect(oauth.exchangeCode(app, HUBSPOT, 'used', never)).rejects.toMatchObject({
      code: 'request-refused',
      remedy: expect.stringContaining('Begin the installation again'),
    });
    nock(HUBSPOT).post(TOKEN).reply(400, { status: 'BAD_CLIENT_SECRET', message: 'client secret does not match' });
    await expect(oauth.exchangeCode(app, HUBSPOT, 'code-1', never)).rejects.toMatchObject({
      code: 'request-refused',
      remedy: expect.stringContaining('HUBSPOT_CLIENT_SECRET'),
    });
  });
});

describe('whose token it is', () => {
  const tokens = { accessToken: new Secret('access-1'), refreshToken: new Secret('refresh-1'), expiresInS: 1_800 };

  it('is asked with every value in the body, and comes with what was granted', async () => {
    nock(HUBSPOT)
      .post(`${TOKEN}/introspect`, {
        token_type_hint: 'access_token',
        token: 'access-1',
        client_id: 'client-1',
        client_secret: 'client-secret',
      })
      .reply(200, { active: true, hub_id: 4242, user_id: 7, user: 'ana@acme.example', scopes: ['oauth', 'tickets'] });
    expect(await oauth.identify?.(app, HUBSPOT, tokens, never)).toEqual({
      accountId: '4242',
      userId: '7',
      name: 'ana@acme.example',
      scopes: ['oauth', 'tickets'],
    });
  });

  it.each([
    ['is good no more', { active: false }],
    ['belongs to nobody', { active: true, hub_id: 4242, token: 'access-1' }],
  ])('is nobody’s when it %s', async (_, answer) => {
    nock(HUBSPOT).post(`${TOKEN}/introspect`).reply(200, answer);
    await expect(oauth.identify?.(app, HUBSPOT, tokens, never)).rejects.toMatchObject({
      code: 'response-unexpected',
      message: expect.not.stringContaining('access-1'),
    });
  });
});
