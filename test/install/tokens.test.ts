import { describe, expect, it } from 'vitest';
import { Secret } from '../../connectors/contract/auth.ts';
import type { OAuth, OAuthApp, Tokens } from '../../connectors/contract/auth.ts';
import { ConnectorError } from '../../connectors/contract/errors.ts';
import { openTokens, replaceTokens } from '../../src/install/tokens.ts';
import type { TenantStore } from '../../src/ports/store.ts';

const NOW = '2026-03-02T12:00:00.000Z';
const HOME = 'https://acme.my.salesforce.com';
const DAY_MS = 86_400_000;

const app: OAuthApp = {
  clientId: 'app',
  clientSecret: new Secret('hush'),
  redirectUri: 'https://holdfast.example/oauth',
  signer: { username: 'somebody@else.example', privateKey: new Secret('key') },
};

const tokens = (access: string, refresh: string | null, more: Partial<Tokens> = {}): Tokens => ({
  accessToken: new Secret(access),
  refreshToken: refresh === null ? null : new Secret(refresh),
  expiresInS: null,
  ...more,
});

/** What an installation remembers, and every secret in the order in which it was stored. */
function memory() {
  const secrets = new Map<string, string>();
  const settings = new Map<string, unknown>();
  const stored: string[] = [];
  let baseUrl = HOME;
  const store = {
    secrets: {
      get: async (name: string) => {
        const value = secrets.get(name);
        return value === undefined ? null : new Secret(value);
      },
      put: async (name: string, secret: Secret) => {
        secrets.set(name, secret.reveal());
        stored.push(secret.reveal());
      },
      drop: async (name: string) => void secrets.delete(name),
    },
    settings: {
      get: async (name: string) => settings.get(name) ?? null,
      put: async (name: string, value: unknown) => void settings.set(name, value),
      drop: async (name: string) => void settings.delete(name),
    },
    updateInstallation: async (change: { readonly baseUrl?: string }) => {
      baseUrl = change.baseUrl ?? baseUrl;
    },
  } as unknown as TenantStore;
  return { store, stored, home: () => baseUrl };
}

/** A CRM that answers refreshes one after another, and what it was asked. */
function crm(answers: readonly (Tokens | Error)[]): { oauth: OAuth; asked: string[] } {
  const asked: string[] = [];
  const next = (): Tokens => {
    const answer = answers[asked.length - 1];
    if (answer === undefined || answer instanceof Error) throw answer ?? new Error('nothing was to be asked');
    return answer;
  };
  const oauth: OAuth = {
    authorizeUrl: () => '',
    exchangeCode: () => Promise.reject(new Error('not asked for')),
    refresh: async (_app, baseUrl, token) => {
      asked.push(`${baseUrl} ${token.reveal()}`);
      return next();
    },
    signIn: async (_app, signer, baseUrl, now) => {
      asked.push(`${baseUrl} ${signer.username} ${now}`);
      return next();
    },
  };
  return { oauth, asked };
}

function open(store: TenantStore, oauth: OAuth, now = NOW, used: OAuthApp | null = app) {
  const signal = new AbortController().signal;
  return openTokens({ store, oauth, app: used, baseUrl: HOME, title: 'Salesforce', clock: { now: () => now }, signal });
}

const refused = new Secret('access-1');

describe('a refresh token that is rotated', () => {
  it('is stored before the access token that came with it is used, and used the next time', async () => {
    const { store, stored } = memory();
    await replaceTokens(store, tokens('access-1', 'refresh-1'), null, NOW);
    stored.length = 0;
    const { oauth, asked } = crm([tokens('access-2', 'refresh-2'), tokens('access-3', 'refresh-3')]);
    const source = open(store, oauth);
    const second = await source.renew(await source.get());
    expect(second.reveal()).toBe('access-2');
    expect(stored).toEqual(['refresh-2', 'access-2']);
    expect((await open(store, oauth).renew(second)).reveal()).toBe('access-3');
    expect(asked).toEqual([`${HOME} refresh-1`, `${HOME} refresh-2`]);
  });

  it('is asked for once, however many calls met the end of the session', async () => {
    const { store } = memory();
    await replaceTokens(store, tokens('access-1', 'refresh-1'), null, NOW);
    const { oauth, asked } = crm([tokens('access-2', 'refresh-2')]);
    const source = open(store, oauth);
    const token = await source.get();
    const renewed = await Promise.all([source.renew(token), source.renew(token), source.renew(token)]);
    expect(renewed.map((secret) => secret.reveal())).toEqual(['access-2', 'access-2', 'access-2']);
    expect(asked).toHaveLength(1);
  });

  it('is kept when no answer came, so that the next try uses it again', async () => {
    const { store } = memory();
    await replaceTokens(store, tokens('access-1', 'refresh-1'), null, NOW);
    const lost = new ConnectorError({ code: 'unavailable', message: 'lost', remedy: 'wait', maybeDone: true });
    const { oauth, asked } = crm([lost, tokens('access-2', 'refresh-2')]);
    const source = open(store, oauth);
    await expect(source.renew(await source.get())).rejects.toMatchObject({ code: 'unavailable' });
    await expect(source.renew(refused)).resolves.toMatchObject({});
    expect(asked).toEqual([`${HOME} refresh-1`, `${HOME} refresh-1`]);
  });
});

describe('an org that has moved', () => {
  it('is called at the address that came with the newest token, now and after a restart', async () => {
    const { store, home } = memory();
    await replaceTokens(store, tokens('access-1', 'refresh-1'), null, NOW);
    const { oauth } = crm([tokens('access-2', 'refresh-2', { baseUrl: 'https://renamed.my.salesforce.com' })]);
    const source = open(store, oauth);
    expect(source.baseUrl?.()).toBe(HOME);
    await source.renew(await source.get());
    expect(source.baseUrl?.()).toBe('https://renamed.my.salesforce.com');
    expect(home()).toBe('https://renamed.my.salesforce.com');
  });
});

describe('a refresh token that would die of idleness', () => {
  it.each([
    [6, []],
    [8, [`${HOME} refresh-1`]],
  ] as const)('after %i days without a refresh is used: %j', async (days, expected) => {
    const { store } = memory();
    await replaceTokens(store, tokens('access-1', 'refresh-1'), null, NOW);
    const { oauth, asked } = crm([tokens('access-2', 'refresh-2')]);
    await open(store, oauth, new Date(Date.parse(NOW) + days * DAY_MS).toISOString()).get();
    expect(asked).toEqual(expected);
  });

  it('is not looked for where there is none', async () => {
    const { store } = memory();
    await replaceTokens(store, tokens('access-1', null), null, NOW);
    const { oauth } = crm([]);
    const source = open(store, oauth, new Date(Date.parse(NOW) + 60 * DAY_MS).toISOString());
    expect((await source.get()).reveal()).toBe('access-1');
    await expect(source.renew(refused)).rejects.toMatchObject({ code: 'access-revoked' });
  });
});

describe('a token that says when it ends', () => {
  it('is renewed a few minutes before', async () => {
    const { store } = memory();
    await replaceTokens(store, tokens('access-1', 'refresh-1', { expiresInS: 1_800 }), null, NOW);
    const { oauth } = crm([tokens('access-2', 'refresh-2', { expiresInS: 1_800 })]);
    expect((await open(store, oauth, '2026-03-02T12:20:00.000Z').get()).reveal()).toBe('access-1');
    expect((await open(store, oauth, '2026-03-02T12:26:00.000Z').get()).reveal()).toBe('access-2');
  });
});

describe('an installation that signs in by itself', () => {
  it('does so again as the same user when its session has ended', async () => {
    const { store } = memory();
    await replaceTokens(store, tokens('access-1', null), { username: 'integration@acme.example' }, NOW);
    const { oauth, asked } = crm([tokens('access-2', null)]);
    const source = open(store, oauth);
    expect((await source.renew(await source.get())).reveal()).toBe('access-2');
    expect(asked).toEqual([`${HOME} integration@acme.example ${NOW}`]);
  });

  it('says what is missing when the key is gone', async () => {
    const { store } = memory();
    await replaceTokens(store, tokens('access-1', null), { username: 'integration@acme.example' }, NOW);
    const { oauth } = crm([]);
    await expect(open(store, oauth, NOW, null).renew(refused)).rejects.toMatchObject({
      code: 'access-revoked',
      remedy: expect.stringContaining('SALESFORCE_CLIENT_ID'),
    });
  });

  it('ends when the account is connected in another way', async () => {
    const { store } = memory();
    await replaceTokens(store, tokens('access-1', null), { username: 'integration@acme.example' }, NOW);
    await replaceTokens(store, tokens('access-2', null), null, NOW);
    const { oauth, asked } = crm([]);
    await expect(open(store, oauth).renew(new Secret('access-2'))).rejects.toMatchObject({ code: 'access-revoked' });
    expect(asked).toEqual([]);
  });
});
