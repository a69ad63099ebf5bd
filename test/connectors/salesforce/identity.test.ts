import { createHmac } from 'node:crypto';
import nock from 'nock';
import { afterEach, describe, expect, it } from 'vitest';
import { Secret } from '../../../connectors/contract/auth.ts';
import { salesforce } from '../../../connectors/salesforce/index.ts';

const LOGIN = 'https://login.salesforce.com';
const ORG = 'https://acme.my.salesforce.com';
const ID = `${LOGIN}/id/00D000000000001EAA/005000000000001AAA`;
const ISSUED_AT = '1772452800000';
const app = {
  clientId: 'consumer-key',
  clientSecret: new Secret('consumer-secret'),
  redirectUri: 'https://holdfast.example/oauth/salesforce',
};
const { signal } = new AbortController();
const { oauth } = salesforce;

afterEach(() => nock.cleanAll());

function signed(secret = 'consumer-secret', id = ID): string {
  return createHmac('sha256', secret)
    .update(id + ISSUED_AT)
    .digest('base64');
}

function answer(more: Readonly<Record<string, string>>): void {
  const tokens = { access_token: 'access-1', refresh_token: 'refresh-1', instance_url: ORG, issued_at: ISSUED_AT };
  nock(LOGIN)
    .post('/services/oauth2/token')
    .reply(200, { ...tokens, ...more });
}

describe('who consented', () => {
  it('is whom Salesforce signed for with the secret of the app', async () => {
    answer({ id: ID, signature: signed() });
    const tokens = await oauth.exchangeCode(app, LOGIN, 'code-1', signal);
    expect(tokens.user).toEqual({ accountId: '00D000000000001EAA', userId: '005000000000001AAA' });
  });

  it.each([
    ['another secret', { id: ID, signature: signed('guessed') }],
    ['another user', { id: ID.replace('005000000000001', '005000000000002'), signature: signed() }],
    ['nothing', { id: ID }],
    ['something too short', { id: ID, signature: 'AAAA' }],
  ])('is nobody when it is signed with %s, and no token is kept', async (_, more) => {
    answer(more);
    await expect(oauth.exchangeCode(app, LOGIN, 'code-1', signal)).rejects.toMatchObject({
      code: 'response-unexpected',
      message: expect.not.stringContaining('access-1'),
    });
  });

  it('is taken from the answer itself for an app that has no secret to check with', async () => {
    answer({ id: ID });
    const tokens = await oauth.exchangeCode({ ...app, clientSecret: new Secret('') }, LOGIN, 'code-1', signal);
    expect(tokens.user?.userId).toBe('005000000000001AAA');
  });

  it('gets an e-mail address from the org, which must speak of the same user', async () => {
    answer({ id: ID, signature: signed() });
    const tokens = await oauth.exchangeCode(app, LOGIN, 'code-1', signal);
    const path = '/id/00D000000000001EAA/005000000000001AAA';
    const same = { organization_id: '00D000000000001EAA', user_id: '005000000000001AAA', email: 'ana@acme.example' };
    nock(ORG).get(path).matchHeader('authorization', 'Bearer access-1').reply(200, same);
    expect(await oauth.identify?.(app, LOGIN, tokens, signal)).toEqual({
      ...tokens.user,
      name: 'ana@acme.example',
      scopes: null,
    });
    nock(ORG)
      .get(path)
      .reply(200, { ...same, user_id: '005000000000002AAA' });
    await expect(oauth.identify?.(app, LOGIN, tokens, signal)).rejects.toMatchObject({ code: 'response-unexpected' });
  });
});

describe('taking the access back', () => {
  it('revokes the refresh token, with which all access tokens end', async () => {
    const revoked = nock(ORG).post('/services/oauth2/revoke', { token: 'refresh-1' }).reply(200);
    await oauth.revoke?.(app, ORG, new Secret('refresh-1'), signal);
    expect(revoked.isDone()).toBe(true);
  });

  it('is done when Salesforce no longer knows the token, and fails when it cannot be reached', async () => {
    nock(ORG).post('/services/oauth2/revoke').reply(400, { error: 'invalid_token' });
    await oauth.revoke?.(app, ORG, new Secret('refresh-1'), signal);
    nock(ORG).post('/services/oauth2/revoke').reply(503, 'down for refresh-1');
    await expect(oauth.revoke?.(app, ORG, new Secret('refresh-1'), signal)).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.not.stringContaining('refresh-1'),
    });
  });
});
