import { resolve } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { readConfig, requireForServe } from '../src/config.ts';
import { HoldfastError } from '../src/errors.ts';

const KEY = 'q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA=';

function problemsOf(read: () => unknown): HoldfastError {
  try {
    read();
  } catch (error) {
    if (error instanceof HoldfastError) return error;
    throw error;
  }
  throw new Error('There was no problem.');
}

describe('An empty environment', () => {
  it('is enough: the embedded database, port 3000, HubSpot and Salesforce themselves', () => {
    expect(readConfig({})).toEqual({
      databaseUrl: null,
      dataDir: resolve('.holdfast'),
      secretKey: null,
      publicUrl: 'http://localhost:3000',
      proxies: 0,
      retentionDays: 30,
      port: 3000,
      logLevel: null,
      dailyAllowance: { share: null, floor: null },
      hubspot: { apiUrl: 'https://api.hubapi.com', appUrl: 'https://app.hubspot.com', app: null, accessToken: null },
      salesforce: { loginUrl: 'https://login.salesforce.com', app: null, signer: null, token: null },
    });
  });

  it('is the same as one whose variables are empty', () => {
    expect(readConfig({ PORT: '', DATABASE_URL: ' ', HUBSPOT_API_URL: '', HUBSPOT_CLIENT_ID: '' })).toEqual(
      readConfig({}),
    );
  });
});

describe('A full environment', () => {
  const env = {
    DATABASE_URL: 'postgres://holdfast:hunter2@db.example/holdfast',
    HOLDFAST_DATA_DIR: '/var/lib/holdfast',
    HOLDFAST_SECRET_KEY: `${KEY},${'0f'.repeat(32)}`,
    HOLDFAST_PUBLIC_URL: 'https://holdfast.example/app/',
    HOLDFAST_LOG_LEVEL: 'warn',
    PORT: '8080',
    HUBSPOT_API_URL: 'http://127.0.0.1:4010',
    HUBSPOT_APP_URL: 'https://app-eu1.hubspot.com/',
    HUBSPOT_CLIENT_ID: 'a1b2',
    HUBSPOT_CLIENT_SECRET: 'c3d4-hush',
    HUBSPOT_ACCESS_TOKEN: 'pat-eu1-hush',
  };

  it('is read as it is meant', () => {
    const config = readConfig(env);
    expect(config).toMatchObject({
      dataDir: '/var/lib/holdfast',
      publicUrl: 'https://holdfast.example/app',
      logLevel: 'warn',
      port: 8080,
      hubspot: { apiUrl: 'http://127.0.0.1:4010', appUrl: 'https://app-eu1.hubspot.com', app: { clientId: 'a1b2' } },
    });
    expect(config.databaseUrl?.reveal()).toBe(env.DATABASE_URL);
    expect(config.secretKey?.reveal()).toBe(env.HOLDFAST_SECRET_KEY);
    expect(config.hubspot.app?.clientSecret.reveal()).toBe('c3d4-hush');
    expect(config.hubspot.accessToken?.reveal()).toBe('pat-eu1-hush');
    expect(requireForServe(config)).toEqual(config);
  });

  it('shows none of its secrets when it is printed', () => {
    const printed = inspect(readConfig(env), { depth: 9 }) + JSON.stringify(readConfig(env));
    for (const secret of ['hunter2', KEY, 'hush']) expect(printed).not.toContain(secret);
  });
});

describe('The share of a CRM’s daily calls', () => {
  it('and what is left to others are given in percent', () => {
    const { dailyAllowance } = readConfig({ HOLDFAST_CALL_SHARE: '5', HOLDFAST_CALL_FLOOR: '40' });
    expect(dailyAllowance).toEqual({ share: 0.05, floor: 0.4 });
  });

  it.each(['ten', '-1', '101'])('is not %s', (given) => {
    expect(() => readConfig({ HOLDFAST_CALL_SHARE: given })).toThrow('HOLDFAST_CALL_SHARE is not a percentage');
  });
});

describe('An environment for Salesforce', () => {
  const pem = `-----BEGIN PRIVATE KEY-----\n${'QUJD'.repeat(8)}\n-----END PRIVATE KEY-----`;

  it('names the app, the user and the key to sign in with; line ends of the key may be written out', () => {
    const { salesforce } = readConfig({
      SALESFORCE_LOGIN_URL: 'https://test.salesforce.com/',
      SALESFORCE_CLIENT_ID: 'consumer-key',
      SALESFORCE_JWT_USERNAME: 'integration@acme.example',
      SALESFORCE_JWT_KEY: pem.replaceAll('\n', String.raw`\n`),
    });
    expect(salesforce).toMatchObject({
      loginUrl: 'https://test.salesforce.com',
      app: { clientId: 'consumer-key' },
      signer: { username: 'integration@acme.example' },
      token: null,
    });
    expect(salesforce.signer?.privateKey.reveal()).toBe(pem);
    expect(inspect(salesforce, { depth: 9 }) + JSON.stringify(salesforce)).not.toContain('QUJD');
  });

  it('may hold an access token and the org that it is for', () => {
    const { salesforce } = readConfig({
      SALESFORCE_INSTANCE_URL: 'https://acme.my.salesforce.com',
      SALESFORCE_ACCESS_TOKEN: '00D5e000!hush',
    });
    expect(salesforce.token).toMatchObject({ instanceUrl: 'https://acme.my.salesforce.com' });
    expect(salesforce.token?.accessToken.reveal()).toBe('00D5e000!hush');
  });

  it.each([
    ['SALESFORCE_INSTANCE_URL is not set although SALESFORCE_ACCESS_TOKEN is', { SALESFORCE_ACCESS_TOKEN: 'x' }],
    [
      'SALESFORCE_JWT_KEY is not set although SALESFORCE_JWT_USERNAME is',
      { SALESFORCE_JWT_USERNAME: 'a@b.example', SALESFORCE_CLIENT_ID: 'k' },
    ],
    ['SALESFORCE_CLIENT_ID is not set although SALESFORCE_CLIENT_SECRET is', { SALESFORCE_CLIENT_SECRET: 'x' }],
    [
      'SALESFORCE_JWT_KEY is not a private key in PEM form',
      { SALESFORCE_JWT_KEY: 'QUJD', SALESFORCE_JWT_USERNAME: 'a@b.example', SALESFORCE_CLIENT_ID: 'k' },
    ],
    [
      'SALESFORCE_INSTANCE_URL would send access tokens unprotected',
      { SALESFORCE_INSTANCE_URL: 'http://acme.my.salesforce.com', SALESFORCE_ACCESS_TOKEN: 'x' },
    ],
  ])('is wrong when %s', (wrong, env) => {
    expect(problemsOf(() => readConfig(env)).message).toContain(wrong);
  });
});

describe('A wrong environment', () => {
  it('is told once, with every problem and how to mend it', () => {
    const error = problemsOf(() =>
      readConfig({
        DATABASE_URL: 'mysql://root:hunter2@db.example/holdfast',
        HOLDFAST_SECRET_KEY: `${KEY},tooshort`,
        HOLDFAST_PUBLIC_URL: 'holdfast.example',
        HOLDFAST_LOG_LEVEL: 'loud',
        PORT: '99999',
        HUBSPOT_API_URL: 'http://proxy.example:8080',
        HUBSPOT_APP_URL: 'https://app.hubspot.com/?utm=1',
        HUBSPOT_CLIENT_ID: 'a1b2',
        HUBSPOT_ACCESS_TOKEN: 'pat-eu1-hush\n# mine',
      }),
    );
    expect(error.code).toBe('config-invalid');
    expect(error.message.split('\n')).toEqual([
      'The environment is not usable:',
      '  DATABASE_URL is not the address of a PostgreSQL database.',
      '  HOLDFAST_SECRET_KEY has as key 2 of 2 not 32 bytes in base64 or hexadecimal.',
      '  HOLDFAST_PUBLIC_URL is not a web address.',
      "  HOLDFAST_LOG_LEVEL is not a level: 'loud'.",
      "  PORT is not a port: '99999'.",
      "  HUBSPOT_API_URL would send access tokens unprotected over the network: 'http://proxy.example:8080'.",
      '  HUBSPOT_APP_URL holds a query or a fragment.',
      '  HUBSPOT_ACCESS_TOKEN holds spaces or characters that no token has.',
      '  HUBSPOT_CLIENT_SECRET is not set although HUBSPOT_CLIENT_ID is.',
    ]);
    for (const line of error.message.split('\n').slice(1)) {
      expect(error.remedy).toContain(`${line.trim().split(' ')[0]}: `);
    }
    for (const secret of ['hunter2', 'tooshort', 'hush']) expect(error.message + error.remedy).not.toContain(secret);
  });

  it.each(['-1', '80.5', '0x50', 'http', '65536'])('has no port %s', (port) => {
    expect(problemsOf(() => readConfig({ PORT: port })).message).toContain('PORT is not a port');
  });

  it.each(['http://localhost:4010', 'http://[::1]:4010', 'http://127.0.0.9', 'https://eu.example'])(
    'is not one that sends tokens to %s',
    (url) => {
      expect(readConfig({ HUBSPOT_API_URL: url }).hubspot.apiUrl).toBe(url);
    },
  );

  it.each(['http://localhost.example', 'http://127.0.0.1.example', 'http://10.0.0.1', 'http://0.0.0.0'])(
    'is one that sends tokens to %s',
    (url) => {
      expect(problemsOf(() => readConfig({ HUBSPOT_API_URL: url })).message).toContain('unprotected');
    },
  );

  it('is one whose address holds a password, which is not repeated', () => {
    const error = problemsOf(() => readConfig({ HOLDFAST_PUBLIC_URL: 'https://me:hunter2@holdfast.example' }));
    expect(error.message).toContain('HOLDFAST_PUBLIC_URL holds a user or a password');
    expect(error.message).not.toContain('hunter2');
  });
});

describe('A server', () => {
  it('does not start without a key, nor where browsers would send passwords unprotected; both are told', () => {
    const error = problemsOf(() => requireForServe(readConfig({ HOLDFAST_PUBLIC_URL: 'http://holdfast.example' })));
    expect(error.code).toBe('config-invalid');
    expect(error.message).toContain('HOLDFAST_SECRET_KEY is not set');
    expect(error.message).toContain(
      "HOLDFAST_PUBLIC_URL must begin with https:// unless it is this machine: 'http://holdfast.example'",
    );
    expect(error.remedy).toContain('randomBytes(32)');
  });

  it('starts on this machine with a key alone', () => {
    expect(requireForServe(readConfig({ HOLDFAST_SECRET_KEY: KEY })).secretKey.reveal()).toBe(KEY);
  });
});
