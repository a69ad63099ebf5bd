import { createHash, createHmac, createSign, generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { SalesforceSandbox } from '../../../connectors/salesforce/sandbox/index.ts';
import { callsTo } from '../../support/org-calls.ts';
import { accounts, ids, openOrg, orgNow, orgSeed, orgToken } from '../../support/sandbox-org.ts';

const HOUR_MS = 3_600_000;
const redirectUri = 'https://app.example/callback';
const oauth = { clientId: 'client', clientSecret: 'secret', redirectUris: [redirectUri] };
const verifier = 'v'.repeat(43);
const codeChallenge = createHash('sha256').update(verifier).digest('base64url');

interface TokenBody {
  readonly access_token: string;
  readonly refresh_token?: string;
  readonly instance_url: string;
  readonly id: string;
  readonly issued_at: string;
  readonly signature: string;
  readonly error?: string;
  readonly error_description?: string;
}

async function form(sandbox: SalesforceSandbox, path: string, fields: Readonly<Record<string, string>>) {
  const answer = await fetch(`${sandbox.url}/services/oauth2/${path}`, {
    method: 'POST',
    body: new URLSearchParams({ client_id: 'client', client_secret: 'secret', ...fields }),
  });
  const text = await answer.text();
  return { status: answer.status, body: (text === '' ? {} : JSON.parse(text)) as TokenBody };
}

const openApp = async (now: () => number = () => orgNow, more: object = {}) => {
  const sandbox = await openOrg(orgSeed(accounts(1)), { oauth: { ...oauth, ...more }, now });
  const consent = () => sandbox.app.consent({ clientId: 'client', redirectUri, codeChallenge });
  return {
    sandbox,
    consent,
    exchange: (code: string, fields: Readonly<Record<string, string>> = {}) =>
      form(sandbox, 'token', {
        grant_type: 'authorization_code',
        code,
        redirect_uri: redirectUri,
        code_verifier: verifier,
        ...fields,
      }),
    refresh: (token = '') => form(sandbox, 'token', { grant_type: 'refresh_token', refresh_token: token }),
    isGood: async (token: string) => (await callsTo(sandbox, token).call('GET', '/limits')).status === 200,
  };
};

const turnedAway = (error: string, description: string) => ({
  status: 400,
  body: { error, error_description: description },
});

describe('connecting the app', () => {
  it('gives tokens, the place of the org and a signed identity for a code', async () => {
    const { consent, exchange, sandbox, isGood } = await openApp();
    const { status, body } = await exchange(await consent());
    expect([status, body]).toEqual([
      200,
      {
        access_token: expect.stringContaining('!'),
        refresh_token: expect.any(String),
        signature: createHmac('sha256', 'secret')
          .update(body.id + body.issued_at)
          .digest('base64'),
        scope: 'refresh_token api',
        instance_url: sandbox.url,
        id: expect.stringContaining(`/id/${orgSeed([]).facts.organizationId}/${ids.user(1)}`),
        token_type: 'Bearer',
        issued_at: String(orgNow),
      },
    ]);
    expect(await isGood(body.access_token)).toBe(true);
  });

  it('asks the admin, and takes no for an answer', async () => {
    const { sandbox } = await openApp();
    const ask = (more: Readonly<Record<string, string>>) => {
      const query = new URLSearchParams({
        response_type: 'code',
        client_id: 'client',
        redirect_uri: redirectUri,
        code_challenge: codeChallenge,
        code_challenge_method: 'S256',
        state: 'ours',
        ...more,
      });
      return fetch(`${sandbox.url}/services/oauth2/authorize?${query.toString()}`, { redirect: 'manual' });
    };
    expect(await (await ask({})).text()).toContain('approve=yes');
    const denied = new URL((await ask({ approve: 'no' })).headers.get('location') ?? '');
    expect([denied.searchParams.get('error'), denied.searchParams.get('state')]).toEqual(['access_denied', 'ours']);
  });

  it('needs a PKCE challenge, and the verifier that it was made from', async () => {
    const { sandbox, consent, exchange } = await openApp();
    await expect(sandbox.app.consent({ clientId: 'client', redirectUri })).rejects.toThrow('code+challenge');
    const short = 'v'.repeat(42);
    expect(await exchange(await consent(), { code_verifier: short })).toEqual(
      turnedAway('invalid_grant', 'invalid code verifier'),
    );
    expect(await exchange(await consent(), { code_verifier: 'w'.repeat(43) })).toEqual(
      turnedAway('invalid_grant', 'invalid code verifier'),
    );
  });

  it('takes a code once, for a while, with the right client and redirect', async () => {
    let now = orgNow;
    const { consent, exchange } = await openApp(() => now);
    const code = await consent();
    await exchange(code);
    expect(await exchange(code)).toEqual(turnedAway('invalid_grant', 'expired authorization code'));
    const late = await consent();
    now += HOUR_MS;
    expect(await exchange(late)).toEqual(turnedAway('invalid_grant', 'expired authorization code'));
    expect((await exchange(await consent(), { client_secret: 'guess' })).body.error).toBe('invalid_client');
    expect((await exchange(await consent(), { client_id: 'other' })).body.error).toBe('invalid_client_id');
    expect((await exchange(await consent(), { redirect_uri: 'https://x.example' })).body.error).toBe(
      'redirect_uri_mismatch',
    );
  });

  it('by a JWT gives an access token alone, to an active user, for an assertion that ends soon', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
    const jwtPublicKey = publicKey.export({ type: 'spki', format: 'pem' }).toString();
    const { sandbox, isGood } = await openApp(() => orgNow, { jwtPublicKey });
    const ask = (claims: object) => {
      const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
      const all = { iss: 'client', sub: 'ana.ruiz@us.example', aud: sandbox.url, exp: orgNow / 1_000 + 180, ...claims };
      const signed = `${part({ alg: 'RS256' })}.${part(all)}`;
      const assertion = `${signed}.${createSign('sha256').update(signed).sign(privateKey, 'base64url')}`;
      return form(sandbox, 'token', { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion });
    };
    const { body } = await ask({});
    expect(body).not.toHaveProperty('refresh_token');
    expect(await isGood(body.access_token)).toBe(true);
    expect(await ask({ sub: 'bo.lund@us.example' })).toEqual(turnedAway('invalid_grant', 'inactive user'));
    expect(await ask({ exp: orgNow / 1_000 + 3_600 })).toEqual(
      turnedAway('invalid_grant', 'assertion expires too late'),
    );
    expect(await ask({ aud: 'https://login.example' })).toEqual(turnedAway('invalid_grant', 'audience is invalid'));
  });
});

describe('tokens', () => {
  it('refresh to a new pair; using a replaced refresh token ends the whole connection', async () => {
    const { sandbox, refresh, isGood } = await openApp();
    const first = sandbox.app.install();
    const second = (await refresh(first.refreshToken ?? '')).body;
    expect(second.refresh_token).not.toBe(first.refreshToken);
    expect(await isGood(second.access_token)).toBe(true);
    expect(await refresh(first.refreshToken ?? '')).toEqual(
      turnedAway('invalid_grant', 'expired access/refresh token'),
    );
    expect(await isGood(second.access_token)).toBe(false);
    expect((await refresh(second.refresh_token)).status).toBe(400);
  });

  it('keep the refresh token where the app does not rotate it', async () => {
    const { sandbox, refresh } = await openApp(() => orgNow, { rotatesRefreshTokens: false });
    const first = sandbox.app.install();
    expect((await refresh(first.refreshToken ?? '')).body).not.toHaveProperty('refresh_token');
    expect((await refresh(first.refreshToken ?? '')).status).toBe(200);
  });

  it('end: a session after two hours, a refresh token after 30 days of rest', async () => {
    let now = orgNow;
    const { sandbox, refresh, isGood } = await openApp(() => now);
    const { accessToken, refreshToken } = sandbox.app.install();
    now += 2 * HOUR_MS;
    expect(await isGood(accessToken)).toBe(false);
    now += 29 * 24 * HOUR_MS;
    const renewed = await refresh(refreshToken ?? '');
    expect(renewed.status).toBe(200);
    now += 31 * 24 * HOUR_MS;
    expect((await refresh(renewed.body.refresh_token)).status).toBe(400);
  });

  it('of the oldest of six connections end without a word', async () => {
    const { sandbox, refresh } = await openApp();
    const all = Array.from({ length: 6 }, () => sandbox.app.install());
    expect((await refresh(all[0]?.refreshToken ?? '')).status).toBe(400);
    expect((await refresh(all[1]?.refreshToken ?? '')).status).toBe(200);
  });

  it('are known, told about and revoked', async () => {
    const { sandbox, isGood } = await openApp();
    const { accessToken, refreshToken } = sandbox.app.install();
    const ask = async (token: string) => (await form(sandbox, 'introspect', { token })).body;
    expect(await ask(accessToken)).toMatchObject({ active: true, username: 'holdfast.integration@us.example' });
    expect((await form(sandbox, 'revoke', { token: refreshToken ?? '' })).status).toBe(200);
    expect(await ask(accessToken)).toEqual({ active: false });
    expect(await isGood(accessToken)).toBe(false);
  });

  it('tell where the org is, also after it has moved', async () => {
    const { sandbox, refresh } = await openApp();
    const { refreshToken } = sandbox.app.install();
    sandbox.app.moveTo('https://moved.example');
    expect((await refresh(refreshToken ?? '')).body.instance_url).toBe('https://moved.example');
  });

  it('tell who the user is', async () => {
    const { call } = callsTo(await openOrg(orgSeed([])));
    const { body } = await call('GET', '/services/oauth2/userinfo');
    expect(body).toMatchObject({
      user_id: ids.user(1),
      organization_id: orgSeed([]).facts.organizationId,
      zoneinfo: 'Europe/Berlin',
      urls: { rest: expect.stringContaining('/services/data/v{version}/') },
    });
  });
});

describe('a call', () => {
  it('without a good token is refused', async () => {
    const { call } = callsTo(await openOrg(orgSeed([])), 'guess');
    const { status, body } = await call('GET', '/limits');
    expect([status, body]).toEqual([401, [{ message: 'Session expired or invalid', errorCode: 'INVALID_SESSION_ID' }]]);
  });

  it('names a version that the org offers: an older one is gone, a newer one not there yet', async () => {
    const { call } = callsTo(await openOrg(orgSeed([])));
    const versions = (await call('GET', '/services/data')).body as { version: string; label: string }[];
    expect([versions[0]?.version, versions.at(-1)?.version, versions.at(-1)?.label]).toEqual([
      '60.0',
      '68.0',
      "Winter '27",
    ]);
    const statuses = await Promise.all(
      ['59.0', '60.0', '68.0', '69.0'].map(
        async (version) => (await call('GET', `/services/data/v${version}/limits`)).status,
      ),
    );
    expect(statuses).toEqual([410, 200, 200, 404]);
  });

  it('counts against the day of the whole org, which says so in every answer with a body', async () => {
    let now = orgNow;
    const sandbox = await openOrg(orgSeed(accounts(1)), { dailyApiCalls: 10, now: () => now });
    const { call } = callsTo(sandbox);
    sandbox.calls.useByOthers(7);
    const first = await call('GET', '/limits');
    expect(first.headers.get('sforce-limit-info')).toBe('api-usage=8/10');
    expect(first.body).toMatchObject({ DailyApiRequests: { Max: 10, Remaining: 2 } });
    await call('GET', '/sobjects');
    await call('GET', '/services/data');
    await call('GET', '/sobjects/Account/describe');
    const over = await call('GET', '/limits');
    expect([over.status, over.body]).toEqual([
      403,
      [{ message: 'TotalRequests Limit exceeded.', errorCode: 'REQUEST_LIMIT_EXCEEDED' }],
    ]);
    expect(sandbox.calls.overLimit).toBe(1);
    now += 24 * HOUR_MS;
    expect((await call('GET', '/limits')).status).toBe(200);
  });

  it('is logged under what it was for', async () => {
    const sandbox = await openOrg(orgSeed(accounts(1)));
    const { call, query } = callsTo(sandbox);
    await query("SELECT Id, (SELECT Id FROM Contacts) FROM Account WHERE Name != ' FROM Task'");
    await call('PATCH', '/composite/sobjects', { records: [{ attributes: { type: 'Account' }, id: ids.account(1) }] });
    expect(sandbox.calls.perPurpose).toEqual({ 'query Account': 1, 'update Account': 1 });
    sandbox.calls.reset();
    expect(sandbox.calls).toMatchObject({ total: 0, counted: 0, apiUsed: 2 });
  });
});

describe('what the integration user may see', () => {
  const fieldsOf = async (sandbox: SalesforceSandbox): Promise<readonly string[]> => {
    const { body } = await callsTo(sandbox).call('GET', '/sobjects/Account/describe');
    return (body as { fields: { name: string }[] }).fields.map(({ name }) => name);
  };

  it.each([
    ['assigned', true],
    ['unassigned', false],
    ['absent', false],
  ] as const)('with the package %s', async (holdfastPackage, isSeen) => {
    const sandbox = await openOrg(orgSeed([]), { holdfastPackage });
    expect((await fieldsOf(sandbox)).includes('Holdfast_Health_Score__c')).toBe(isSeen);
  });

  it('changes when the admin changes permissions, for fields and for objects', async () => {
    const sandbox = await openOrg(orgSeed([]), { holdfastPackage: 'unassigned' });
    sandbox.org.showField('Account', 'Holdfast_Health_Score__c');
    sandbox.org.hideField('Account', 'Industry');
    sandbox.org.hideObject('Contract');
    const fields = await fieldsOf(sandbox);
    expect([fields.includes('Holdfast_Health_Score__c'), fields.includes('Industry')]).toEqual([true, false]);
    const { call } = callsTo(sandbox);
    expect((await call('GET', '/sobjects/Contract/describe')).status).toBe(404);
    const listed = (await call('GET', '/sobjects')).body as { sobjects: { name: string }[] };
    expect(listed.sobjects.map(({ name }) => name)).not.toContain('Contract');
  });

  it('depends on what the org has', async () => {
    const plain = await openOrg(orgSeed([], { features: { multiCurrency: false } }));
    const rich = await openOrg(orgSeed([], { features: { personAccounts: true, cpq: true, contactRelations: true } }));
    const objectsOf = async (sandbox: SalesforceSandbox) => {
      const { body } = await callsTo(sandbox, orgToken).call('GET', '/sobjects');
      return new Set((body as { sobjects: { name: string }[] }).sobjects.map(({ name }) => name));
    };
    const optional = ['CurrencyType', 'AccountContactRelation', 'SBQQ__Subscription__c'];
    const [inPlain, inRich] = [await objectsOf(plain), await objectsOf(rich)];
    expect(optional.filter((name) => inPlain.has(name))).toEqual([]);
    expect(optional.filter((name) => inRich.has(name))).toEqual(optional);
    expect(await fieldsOf(plain)).not.toContain('CurrencyIsoCode');
    expect(await fieldsOf(rich)).toEqual(expect.arrayContaining(['CurrencyIsoCode', 'IsPersonAccount', 'PersonEmail']));
  });
});
