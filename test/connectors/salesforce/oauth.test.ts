import { createHash, createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import nock from 'nock';
import { afterEach, describe, expect, it } from 'vitest';
import { Secret } from '../../../connectors/contract/auth.ts';
import type { OAuthApp } from '../../../connectors/contract/auth.ts';
import { salesforce } from '../../../connectors/salesforce/index.ts';

const LOGIN = 'https://login.salesforce.test';
const TOKEN = '/services/oauth2/token';
const { oauth } = salesforce;
const signal = new AbortController().signal;

const app: OAuthApp = {
  clientId: 'consumer-key',
  clientSecret: new Secret('hush-hush'),
  redirectUri: 'https://holdfast.example/oauth/salesforce',
  webUrl: LOGIN,
};

const verifier = 'a-verifier-of-at-least-43-characters-0123456789';
const proof = { verifier, challenge: createHash('sha256').update(verifier).digest('base64url') };

afterEach(() => nock.cleanAll());

/** Answers one token call; gives what was sent. */
function answer(status: number, body: object, base = LOGIN): { form(): URLSearchParams } {
  let sent = '';
  nock(base)
    .post(TOKEN, (form: string) => {
      sent = typeof form === 'string' ? form : new URLSearchParams(form as Record<string, string>).toString();
      return true;
    })
    .reply(status, body);
  return { form: () => new URLSearchParams(sent) };
}

const granted = {
  access_token: 'access-1',
  refresh_token: 'refresh-1',
  instance_url: 'https://acme.my.salesforce.com',
};

describe('the consent page', () => {
  it('is asked for a code, with our state and the proof that Salesforce wants of every app', () => {
    const url = new URL(oauth.authorizeUrl(app, 'state-1', proof));
    expect(url.origin + url.pathname).toBe(`${LOGIN}/services/oauth2/authorize`);
    expect(Object.fromEntries(url.searchParams)).toEqual({
      response_type: 'code',
      client_id: 'consumer-key',
      redirect_uri: app.redirectUri,
      scope: 'api refresh_token',
      state: 'state-1',
      code_challenge: proof.challenge,
      code_challenge_method: 'S256',
    });
    expect(oauth.needsProof).toBe(true);
  });
});

describe('an authorization code', () => {
  it('is exchanged with the verifier, and the org is where the answer says', async () => {
    const call = answer(200, granted);
    const tokens = await oauth.exchangeCode(app, LOGIN, 'code-1', signal, proof);
    expect(Object.fromEntries(call.form())).toEqual({
      grant_type: 'authorization_code',
      code: 'code-1',
      redirect_uri: app.redirectUri,
      client_id: 'consumer-key',
      client_secret: 'hush-hush',
      code_verifier: verifier,
    });
    expect(tokens.accessToken.reveal()).toBe('access-1');
    expect(tokens.refreshToken?.reveal()).toBe('refresh-1');
    expect(tokens.baseUrl).toBe('https://acme.my.salesforce.com');
    expect(tokens.expiresInS).toBeNull();
  });

  it('of an app without a secret is exchanged without one', async () => {
    const call = answer(200, granted);
    await oauth.exchangeCode({ ...app, clientSecret: new Secret('') }, LOGIN, 'code-1', signal, proof);
    expect(call.form().has('client_secret')).toBe(false);
  });

  it('that was used before says so, and names no secret', async () => {
    answer(400, { error: 'invalid_grant', error_description: 'expired authorization code code-1 hush-hush' });
    const call = oauth.exchangeCode(app, LOGIN, 'code-1', signal, proof);
    await expect(call).rejects.toMatchObject({ code: 'request-refused' });
    await expect(call).rejects.not.toThrow(/hush-hush|code-1/);
  });
});

describe('a refresh token', () => {
  it('is taken over by the new one that Salesforce gives with every refresh', async () => {
    answer(200, { ...granted, access_token: 'access-2', refresh_token: 'refresh-2' });
    const tokens = await oauth.refresh(app, LOGIN, new Secret('refresh-1'), signal);
    expect(tokens.refreshToken?.reveal()).toBe('refresh-2');
  });

  it('stays good where the org does not rotate', async () => {
    const call = answer(200, { access_token: 'access-2', instance_url: 'https://moved.my.salesforce.com' });
    const tokens = await oauth.refresh(app, LOGIN, new Secret('refresh-1'), signal);
    expect(tokens.refreshToken?.reveal()).toBe('refresh-1');
    expect(tokens.baseUrl).toBe('https://moved.my.salesforce.com');
    expect(call.form().has('code_verifier')).toBe(false);
  });

  it.each(['expired access/refresh token', 'inactive user', 'ip restricted', 'token validity expired'])(
    'that is refused (%s) means that the org has to be connected again',
    async (description) => {
      answer(400, { error: 'invalid_grant', error_description: description });
      const call = oauth.refresh(app, LOGIN, new Secret('refresh-1'), signal);
      await expect(call).rejects.toMatchObject({ code: 'access-revoked', remedy: expect.stringContaining('again') });
    },
  );

  it('of an unknown app is a matter of configuration, not of consent', async () => {
    answer(400, { error: 'invalid_client_id', error_description: 'client identifier invalid' });
    await expect(oauth.refresh(app, LOGIN, new Secret('refresh-1'), signal)).rejects.toMatchObject({
      code: 'request-refused',
      remedy: expect.stringContaining('SALESFORCE_CLIENT_ID'),
    });
  });

  it.each([
    ['Salesforce is down', 503, { error: 'server_error' }],
    ['a page comes in its place', 502, {}],
  ] as const)('is not given up when %s', async (_, status, body) => {
    answer(status, body);
    await expect(oauth.refresh(app, LOGIN, new Secret('refresh-1'), signal)).rejects.toMatchObject({
      code: 'unavailable',
    });
  });

  it('is never sent on to where a redirect leads', async () => {
    nock(LOGIN).post(TOKEN).reply(307, '', { location: 'https://elsewhere.example/' });
    await expect(oauth.refresh(app, LOGIN, new Secret('refresh-1'), signal)).rejects.toMatchObject({
      code: 'unavailable',
    });
  });
});

describe('the address of the org', () => {
  it.each(['https://acme.example', 'https://salesforce.com.evil.example', 'http://acme.my.salesforce.com', 'nonsense'])(
    'is refused when it is not one of Salesforce: %s',
    async (instanceUrl) => {
      answer(200, { ...granted, instance_url: instanceUrl });
      await expect(oauth.exchangeCode(app, LOGIN, 'code-1', signal, proof)).rejects.toMatchObject({
        code: 'response-unexpected',
      });
    },
  );

  it('may be that of the server that was asked', async () => {
    answer(200, { ...granted, instance_url: LOGIN });
    await expect(oauth.exchangeCode(app, LOGIN, 'code-1', signal, proof)).resolves.toMatchObject({ baseUrl: LOGIN });
  });
});

describe('a server that signs in by itself', () => {
  const keys = generateKeyPairSync('rsa', {
    modulusLength: 2_048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const signer = { username: 'integration@acme.example', privateKey: new Secret(keys.privateKey) };
  const signIn = (key = signer): Promise<unknown> =>
    oauth.signIn?.(app, key, 'https://acme.my.salesforce.com', '2026-03-02T12:00:00.000Z', signal) ??
    Promise.reject(new Error('it cannot'));

  it('sends an assertion that is signed, names app, user and server, and ends within minutes', async () => {
    const call = answer(200, { access_token: 'access-1', instance_url: 'https://acme.my.salesforce.com' });
    await expect(signIn()).resolves.toMatchObject({ refreshToken: null, baseUrl: 'https://acme.my.salesforce.com' });
    const form = call.form();
    expect(form.get('grant_type')).toBe('urn:ietf:params:oauth:grant-type:jwt-bearer');
    const [head = '', claims = '', signature = ''] = (form.get('assertion') ?? '').split('.');
    const isGood = verify(
      'RSA-SHA256',
      Buffer.from(`${head}.${claims}`),
      createPublicKey(keys.publicKey),
      Buffer.from(signature, 'base64url'),
    );
    expect(isGood).toBe(true);
    expect(JSON.parse(Buffer.from(claims, 'base64url').toString())).toEqual({
      iss: 'consumer-key',
      sub: 'integration@acme.example',
      aud: LOGIN,
      exp: Date.UTC(2026, 2, 2, 12, 3) / 1_000,
    });
  });

  it('is told to see an admin when the user is not approved', async () => {
    answer(400, { error: 'invalid_grant', error_description: "user hasn't approved this consumer" });
    await expect(signIn()).rejects.toMatchObject({
      code: 'access-revoked',
      remedy: expect.stringContaining('approved'),
    });
  });

  it('says that a key cannot sign without showing it', async () => {
    const broken = '-----BEGIN PRIVATE KEY-----\nbm90IGEga2V5\n-----END PRIVATE KEY-----';
    const call = signIn({ ...signer, privateKey: new Secret(broken) });
    await expect(call).rejects.toMatchObject({ code: 'request-refused' });
    await expect(call).rejects.not.toThrow('bm90IGEga2V5');
  });
});
