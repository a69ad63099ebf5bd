import { resolve } from 'node:path';
import { z } from 'zod';
import { Secret, type OAuthApp, type Signer } from '../connectors/contract/auth.ts';
import { HoldfastError } from './errors.ts';
import { LOG_LEVELS, type LogLevel } from './log.ts';

/** What the environment says, read once at the start. */
export interface Config {
  /** A PostgreSQL server; null for the embedded database in `dataDir`. A secret because it may hold a password. */
  readonly databaseUrl: Secret | null;
  /** Absolute path. */
  readonly dataDir: string;
  /** The keys that secrets are sealed with, as given; null when none is set. */
  readonly secretKey: Secret | null;
  /** Where browsers and CRMs reach this server, without a trailing slash. */
  readonly publicUrl: string;
  /** How many proxies stand before the server, each of which adds the address of who asked it. */
  readonly proxies: number;
  /** How long the data of an account is kept after the app was uninstalled there. */
  readonly retentionDays: number;
  /** 0 takes any free port. */
  readonly port: number;
  /** Null where each command chooses: `info` for the server, less for commands that show their own progress. */
  readonly logLevel: LogLevel | null;
  /** What Holdfast may use of the calls that a CRM allows a customer's apps in a day; null leaves the defaults. */
  readonly dailyAllowance: { readonly share: number | null; readonly floor: number | null };
  readonly hubspot: HubSpotConfig;
  readonly salesforce: SalesforceConfig;
}

export interface HubSpotConfig {
  /** Without a trailing slash, like all addresses here. */
  readonly apiUrl: string;
  readonly appUrl: string;
  /** Null when OAuth is not set up: accounts are then connected by `accessToken` only. */
  readonly app: { readonly clientId: string; readonly clientSecret: Secret } | null;
  /** A private app's token, for `connect hubspot`. */
  readonly accessToken: Secret | null;
}

export interface SalesforceConfig {
  /** Where admins consent and tokens come from; `https://test.salesforce.com` for a customer's sandbox. */
  readonly loginUrl: string;
  /** Null when OAuth is not set up. The secret is empty for an app that has none. */
  readonly app: { readonly clientId: string; readonly clientSecret: Secret } | null;
  /** For `connect salesforce` without a browser: the user and the key that the server signs in with. */
  readonly signer: Signer | null;
  /** An access token and the org that it is for, for `connect salesforce`. */
  readonly token: { readonly instanceUrl: string; readonly accessToken: Secret } | null;
}

/** Where a connector finds its CRM, and the app as it is registered there. */
export interface ConnectorAddress {
  /** Where tokens come from, and the API unless they say otherwise. */
  readonly baseUrl: string;
  readonly app: Omit<OAuthApp, 'redirectUri'> | null;
}

/** A `Config` that the server may be started with. */
export interface ServeConfig extends Config {
  readonly secretKey: Secret;
}

interface Problem {
  readonly name: string;
  /** Follows the name: `is not a number: 'x'`. Never holds a secret's value. */
  readonly wrong: string;
  readonly remedy: string;
}

/** Reads one variable's text, or says what is wrong with it. */
type Reader<T> = (text: string) => T | Omit<Problem, 'name'>;

const MAKE_KEY = `node -e "console.log(require('node:crypto').randomBytes(32).toString('base64'))"`;

const environment = z.object({
  DATABASE_URL: optional(readDatabaseUrl),
  HOLDFAST_DATA_DIR: optional((text) => resolve(text)),
  HOLDFAST_SECRET_KEY: optional(readSecretKey),
  HOLDFAST_PUBLIC_URL: optional(readAddress),
  HOLDFAST_LOG_LEVEL: optional(readLogLevel),
  PORT: optional(readPort),
  HOLDFAST_CALL_SHARE: optional(readPercent),
  HOLDFAST_CALL_FLOOR: optional(readPercent),
  HOLDFAST_PROXIES: optional(readUpTo(10)),
  HOLDFAST_RETENTION_DAYS: optional(readUpTo(3_650)),
  HUBSPOT_API_URL: optional(readSafeAddress),
  HUBSPOT_APP_URL: optional(readSafeAddress),
  HUBSPOT_CLIENT_ID: optional((text) => text),
  HUBSPOT_CLIENT_SECRET: optional(readHeaderSecret),
  HUBSPOT_ACCESS_TOKEN: optional(readHeaderSecret),
  SALESFORCE_LOGIN_URL: optional(readSafeAddress),
  SALESFORCE_CLIENT_ID: optional((text) => text),
  SALESFORCE_CLIENT_SECRET: optional(readHeaderSecret),
  SALESFORCE_INSTANCE_URL: optional(readSafeAddress),
  SALESFORCE_ACCESS_TOKEN: optional(readHeaderSecret),
  SALESFORCE_JWT_USERNAME: optional((text) => text),
  SALESFORCE_JWT_KEY: optional(readPrivateKey),
});

/**
 * Reads the environment; an empty variable counts as not set. Throws one `config-invalid` that names every problem and
 * how to mend it.
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const parsed = environment.safeParse(env);
  const problems: Problem[] = parsed.success
    ? []
    : parsed.error.issues.map((issue) => {
        const remedy: unknown = issue.code === 'custom' ? issue.params?.['remedy'] : undefined;
        return { name: issue.path.join('.'), wrong: issue.message, remedy: typeof remedy === 'string' ? remedy : '' };
      });
  problems.push(
    ...halfPair(
      env,
      'HUBSPOT_CLIENT_ID',
      'HUBSPOT_CLIENT_SECRET',
      'Set both to those of your HubSpot app, or neither to connect by access token',
    ),
    ...halfPair(env, 'SALESFORCE_INSTANCE_URL', 'SALESFORCE_ACCESS_TOKEN', 'Set both to those of one org, or neither'),
    ...halfPair(env, 'SALESFORCE_JWT_USERNAME', 'SALESFORCE_JWT_KEY', 'Set both to sign in with a key, or neither'),
    ...without(env, 'SALESFORCE_CLIENT_ID', ['SALESFORCE_CLIENT_SECRET', 'SALESFORCE_JWT_KEY']),
  );
  if (!parsed.success || problems.length > 0) throw invalid(problems);

  const port = parsed.data.PORT ?? 3000;
  const { HUBSPOT_CLIENT_ID: clientId, HUBSPOT_CLIENT_SECRET: clientSecret } = parsed.data;
  return {
    databaseUrl: parsed.data.DATABASE_URL,
    dataDir: parsed.data.HOLDFAST_DATA_DIR ?? resolve('.holdfast'),
    secretKey: parsed.data.HOLDFAST_SECRET_KEY,
    publicUrl: parsed.data.HOLDFAST_PUBLIC_URL ?? `http://localhost:${port}`,
    proxies: parsed.data.HOLDFAST_PROXIES ?? 0,
    retentionDays: parsed.data.HOLDFAST_RETENTION_DAYS ?? 30,
    port,
    logLevel: parsed.data.HOLDFAST_LOG_LEVEL,
    dailyAllowance: { share: parsed.data.HOLDFAST_CALL_SHARE, floor: parsed.data.HOLDFAST_CALL_FLOOR },
    hubspot: {
      apiUrl: parsed.data.HUBSPOT_API_URL ?? 'https://api.hubapi.com',
      appUrl: parsed.data.HUBSPOT_APP_URL ?? 'https://app.hubspot.com',
      app: clientId === null || clientSecret === null ? null : { clientId, clientSecret },
      accessToken: parsed.data.HUBSPOT_ACCESS_TOKEN,
    },
    salesforce: toSalesforce(parsed.data),
  };
}

function toSalesforce(env: z.output<typeof environment>): SalesforceConfig {
  const { SALESFORCE_CLIENT_ID: clientId, SALESFORCE_CLIENT_SECRET: clientSecret } = env;
  const { SALESFORCE_INSTANCE_URL: instanceUrl, SALESFORCE_ACCESS_TOKEN: accessToken } = env;
  const { SALESFORCE_JWT_USERNAME: username, SALESFORCE_JWT_KEY: privateKey } = env;
  return {
    loginUrl: env.SALESFORCE_LOGIN_URL ?? 'https://login.salesforce.com',
    app: clientId === null ? null : { clientId, clientSecret: clientSecret ?? new Secret('') },
    signer: username === null || privateKey === null ? null : { username, privateKey },
    token: instanceUrl === null || accessToken === null ? null : { instanceUrl, accessToken },
  };
}

/** The address and the app of a connector. */
export function addressOf(config: Config, connector: string): ConnectorAddress {
  const { hubspot, salesforce } = config;
  switch (connector) {
    case 'hubspot':
      return { baseUrl: hubspot.apiUrl, app: hubspot.app && { ...hubspot.app, webUrl: hubspot.appUrl } };
    case 'salesforce': {
      const signer = salesforce.signer ?? undefined;
      const app = salesforce.app && { ...salesforce.app, webUrl: salesforce.loginUrl, signer };
      return { baseUrl: salesforce.loginUrl, app };
    }
    default:
      throw new RangeError(`The connector '${connector}' has no place in the configuration.`);
  }
}

/** What the server needs beyond a valid configuration. Throws one `config-invalid` with all that is missing. */
export function requireForServe(config: Config): ServeConfig {
  const problems: Problem[] = [];
  const { secretKey } = config;
  if (secretKey === null) {
    problems.push({
      name: 'HOLDFAST_SECRET_KEY',
      wrong: 'is not set. Access tokens of customers are sealed with it',
      remedy: `Make a key with ${MAKE_KEY}, keep it where it is not lost, and set it for every start`,
    });
  }
  if (!isHttps(config.publicUrl) && !isLoopback(config.publicUrl)) {
    problems.push({
      name: 'HOLDFAST_PUBLIC_URL',
      wrong: `must begin with https:// unless it is this machine: '${config.publicUrl}'`,
      remedy: 'Put the server behind TLS and give the address that browsers use',
    });
  }
  if (secretKey === null || problems.length > 0) throw invalid(problems);
  return { ...config, secretKey };
}

function optional<T>(read: Reader<T>): z.ZodType<T | null, string | undefined> {
  return z
    .string()
    .optional()
    .transform((given, context): T | null => {
      const text = given?.trim() ?? '';
      if (text === '') return null;
      const result = read(text);
      if (!isProblem(result)) return result;
      context.addIssue({ code: 'custom', message: result.wrong, params: { remedy: result.remedy } });
      return z.NEVER;
    });
}

function isProblem(result: unknown): result is Omit<Problem, 'name'> {
  return typeof result === 'object' && result !== null && 'wrong' in result;
}

function readDatabaseUrl(text: string): Secret | Omit<Problem, 'name'> {
  const url = URL.parse(text);
  if (url !== null && ['postgres:', 'postgresql:'].includes(url.protocol)) return new Secret(text);
  return {
    wrong: 'is not the address of a PostgreSQL database',
    remedy: 'Write it as postgres://user:password@host:5432/database, or leave it out for the embedded database',
  };
}

function readSecretKey(text: string): Secret | Omit<Problem, 'name'> {
  const keys = text.split(',').map((key) => key.trim());
  const bad = keys.findIndex((key) => !/^[0-9a-f]{64}$/i.test(key) && !/^[\w+/-]{43}=?$/.test(key));
  if (bad === -1) return new Secret(text);
  return {
    wrong: `${keys.length === 1 ? 'is' : `has as key ${bad + 1} of ${keys.length}`} not 32 bytes in base64 or hexadecimal`,
    remedy: `Make a key with ${MAKE_KEY}; to change keys, put the new one before the old one with a comma between`,
  };
}

function readHeaderSecret(text: string): Secret | Omit<Problem, 'name'> {
  if (/^[\x21-\x7e]+$/.test(text)) return new Secret(text);
  return { wrong: 'holds spaces or characters that no token has', remedy: 'Copy it again, without anything around it' };
}

/** Environments hold one line, so line ends may be written as `\\n`. */
function readPrivateKey(text: string): Secret | Omit<Problem, 'name'> {
  const pem = text.replaceAll('\\n', '\n');
  if (/^-----BEGIN (?:RSA )?PRIVATE KEY-----[^]+-----END (?:RSA )?PRIVATE KEY-----$/.test(pem)) return new Secret(pem);
  return {
    wrong: 'is not a private key in PEM form',
    remedy: 'Give the whole text from -----BEGIN PRIVATE KEY----- on, without a password',
  };
}

/** A part of the day's calls, given in percent. */
function readPercent(text: string): number | Omit<Problem, 'name'> {
  const percent = Number(text);
  if (Number.isFinite(percent) && percent >= 0 && percent <= 100) return percent / 100;
  return { wrong: `is not a percentage: '${text}'`, remedy: 'Give a number from 0 to 100, as 10' };
}

function readPort(text: string): number | Omit<Problem, 'name'> {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  return { wrong: `is not a port: '${text}'`, remedy: 'Give a whole number from 0 to 65535, or leave it out for 3000' };
}

function readUpTo(most: number): Reader<number> {
  return (text) => {
    const number = Number(text);
    if (/^\d+$/.test(text) && number <= most) return number;
    return { wrong: `is not a number that it can be: '${text}'`, remedy: `Give a whole number from 0 to ${most}` };
  };
}

function readLogLevel(text: string): LogLevel | Omit<Problem, 'name'> {
  const level = LOG_LEVELS.find((one) => one === text);
  return level ?? { wrong: `is not a level: '${text}'`, remedy: `Choose one of ${LOG_LEVELS.join(', ')}` };
}

function readAddress(text: string): string | Omit<Problem, 'name'> {
  const url = URL.parse(text);
  const remedy = 'Write it as https://host or https://host/path, with nothing behind it';
  if (url === null || !['http:', 'https:'].includes(url.protocol)) return { wrong: 'is not a web address', remedy };
  if (url.username !== '' || url.password !== '') return { wrong: 'holds a user or a password', remedy };
  if (url.search !== '' || url.hash !== '') return { wrong: 'holds a query or a fragment', remedy };
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
}

/** An address that tokens are sent to. */
function readSafeAddress(text: string): string | Omit<Problem, 'name'> {
  const address = readAddress(text);
  if (typeof address !== 'string' || isHttps(address) || isLoopback(address)) return address;
  return {
    wrong: `would send access tokens unprotected over the network: '${address}'`,
    remedy: 'Begin it with https://; http:// is for a server on this machine only',
  };
}

function isHttps(address: string): boolean {
  return address.startsWith('https://');
}

function isLoopback(address: string): boolean {
  const host = URL.parse(address)?.hostname ?? '';
  return host === 'localhost' || host.endsWith('.localhost') || host === '[::1]' || /^127(\.\d+){3}$/.test(host);
}

type Environment = Readonly<Record<string, string | undefined>>;

function halfPair(env: Environment, one: string, other: string, remedy: string): Problem[] {
  if (isSet(env, one) === isSet(env, other)) return [];
  const [present, absent] = isSet(env, one) ? [one, other] : [other, one];
  return [{ name: absent, wrong: `is not set although ${present} is`, remedy }];
}

/** `needed` is missing although one of `users`, which mean nothing without it, is set. */
function without(env: Environment, needed: string, users: readonly string[]): Problem[] {
  const user = users.find((name) => isSet(env, name));
  if (user === undefined || isSet(env, needed)) return [];
  return [{ name: needed, wrong: `is not set although ${user} is`, remedy: 'Set it to the consumer key of your app' }];
}

function isSet(env: Environment, name: string): boolean {
  return (env[name] ?? '').trim() !== '';
}

function invalid(problems: readonly Problem[]): HoldfastError {
  const list = (line: (problem: Problem) => string): string => problems.map((one) => `  ${line(one)}`).join('\n');
  return new HoldfastError({
    code: 'config-invalid',
    message: `The environment is not usable:\n${list(({ name, wrong }) => `${name} ${wrong}.`)}`,
    remedy: `Mend it and start again:\n${list(({ name, remedy }) => `${name}: ${remedy}.`)}`,
  });
}
