import type { Identity, OAuthApp, Tokens } from '../../connectors/contract/auth.ts';
import type { Connector } from '../../connectors/contract/connector.ts';
import { ConnectorError } from '../../connectors/contract/errors.ts';
import { toInstallationId, type InstallationId } from '../core/model/ids.ts';
import { HoldfastError } from '../errors.ts';
import type { Log } from '../ports/log.ts';
import type { BegunConsent, Person } from '../ports/store.ts';
import { connectWithConsent, inTime } from './connect.ts';
import { hashOneTime, makeOneTime } from './one-time.ts';
import { makeProof } from './proof.ts';
import { startSession, type SessionParts } from './sessions.ts';

/** The admin reads the consent page and decides within this time. */
const LIFETIME_MS = 10 * 60_000;

export interface ConsentParts extends SessionParts {
  readonly log: Log;
  readonly signal: AbortSignal;
  /** Null for a connector that there is not. */
  findCrm(connector: string): Crm | null;
}

/** A CRM with the app that is registered there. */
export interface Crm {
  readonly connector: Connector;
  /** Null when the configuration names no app. */
  readonly app: OAuthApp | null;
  readonly baseUrl: string;
}

export interface BeginRequest {
  readonly crm: Crm;
  readonly purpose: BegunConsent['purpose'];
  /** Where the admin logs in, as `LoginAddresses.parse` gave it; null for the CRM's common address. */
  readonly loginUrl: string | null;
  /** Path of ours to go on to. */
  readonly goTo: string;
  /** What the browser's cookie holds: whoever comes back has to bring it. */
  readonly browser: string;
}

/**
 * Answers the address of the CRM's consent page.
 *
 * Errors: `config-invalid` when the configuration names no app.
 */
export async function beginConsent(parts: ConsentParts, request: BeginRequest): Promise<string> {
  const { crm, purpose, loginUrl, goTo, browser } = request;
  const app = appAt(crm, loginUrl);
  const { oauth } = crm.connector;
  const proof = oauth.needsProof === true ? makeProof() : undefined;
  const state = await keepConsent(parts, {
    connector: crm.connector.id,
    purpose,
    browserHash: hashOneTime(browser),
    loginUrl,
    verifier: proof?.verifier ?? null,
    goTo,
  });
  const signInUrl = purpose === 'sign-in' ? oauth.signInUrl?.(app, state, proof) : undefined;
  return signInUrl ?? oauth.authorizeUrl(app, state, proof);
}

/** What the CRM sent the browser back with. */
export interface ConsentAnswer {
  readonly code: string | null;
  readonly state: string | null;
  readonly error: string | null;
  readonly errorDescription: string | null;
  /** Where an installation that began in the CRM's marketplace goes on. */
  readonly returnUrl: string | null;
  /** `authorize` asks who the person is with us, before the consent; `finalize` comes after it. */
  readonly step: string | null;
}

export type ConsentOutcome =
  /** Signed in: `cookie` is what the browser keeps. */
  | {
      readonly kind: 'in';
      readonly installation: InstallationId;
      readonly purpose: BegunConsent['purpose'];
      readonly cookie: string;
      readonly goTo: string;
    }
  /** On to a page of the CRM. `installation` is what was connected on the way; null for nothing. */
  | { readonly kind: 'back'; readonly url: string; readonly installation: InstallationId | null }
  | ConsentEnd;

/** It did not come to anything, and why. */
export interface ConsentEnd {
  readonly kind: 'ended';
  readonly status: 400 | 404 | 502;
  readonly title: string;
  readonly words: string;
  readonly remedy: string;
}

/**
 * Takes the browser back from the CRM. `browser` is what its cookie holds, null for none. Whatever goes wrong between
 * people and CRMs is an outcome; only what is wrong on our side is thrown.
 */
export async function finishConsent(
  parts: ConsentParts,
  crm: Crm,
  answer: ConsentAnswer,
  browser: string | null,
): Promise<ConsentOutcome> {
  try {
    return answer.returnUrl === null
      ? await finishOurs(parts, crm, answer, browser)
      : await finishMarketplace(parts, crm, answer, answer.returnUrl, browser);
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error;
    parts.log.warn({ connector: crm.connector.id, error }, 'a consent could not be finished');
    return {
      kind: 'ended',
      status: error.code === 'request-refused' ? 400 : 502,
      title: `${crm.connector.title} did not complete it`,
      words: error.message,
      remedy: error.remedy,
    };
  }
}

async function finishOurs(
  parts: ConsentParts,
  crm: Crm,
  answer: ConsentAnswer,
  browser: string | null,
): Promise<ConsentOutcome> {
  const begun = await takeConsent(parts, crm, answer.state, browser);
  if (begun === null) return foreign();
  if (answer.code === null) return refused(crm, answer);
  const { tokens, identity, at } = await exchange(parts, crm, answer.code, begun);
  if (identity === null) return nobody(crm);
  const id = toInstallationId(`${crm.connector.id}-${identity.accountId}`);
  const actor = identity.name ?? identity.userId;
  if (begun.purpose === 'install') {
    await connectWithConsent(at, tokens, identity);
    const person: Person = { userId: identity.userId, name: identity.name, role: 'admin' };
    await parts.store.of(id).people.put(person);
    const cookie = await startSession(parts, id, person);
    return { kind: 'in', installation: id, purpose: 'install', cookie, goTo: begun.goTo };
  }
  if (!(await isInstalled(parts, id))) return unknown(crm, identity.accountId);
  const { people, audit } = parts.store.of(id);
  // Who has installed it stays an admin; whoever else the CRM lets in looks.
  const role = (await people.find(identity.userId))?.role ?? 'viewer';
  const person: Person = { userId: identity.userId, name: identity.name, role };
  await people.put(person);
  await audit.add({ at: parts.clock.now(), actor, action: 'signed-in', details: { by: crm.connector.id, role } });
  const cookie = await startSession(parts, id, person);
  return { kind: 'in', installation: id, purpose: 'sign-in', cookie, goTo: begun.goTo };
}

/**
 * An installation that the CRM's marketplace began. Nobody can tell in whose browser such a code arrives, so it connects
 * the account and signs nobody in.
 */
async function finishMarketplace(
  parts: ConsentParts,
  crm: Crm,
  answer: ConsentAnswer,
  returnUrl: string,
  browser: string | null,
): Promise<ConsentOutcome> {
  const app = appAt(crm, null);
  const page = URL.parse(returnUrl);
  if (page === null || crm.connector.oauth.mayReturnTo?.(app, page) !== true) return astray(crm);
  if (answer.step === 'authorize') {
    const state = await keepConsent(parts, {
      connector: crm.connector.id,
      purpose: 'install',
      browserHash: hashOneTime(browser ?? ''),
      loginUrl: null,
      verifier: null,
      goTo: '/app',
    });
    page.searchParams.set('state', state);
    return { kind: 'back', url: page.href, installation: null };
  }
  if (answer.step === 'finalize' || answer.state !== null) {
    if ((await takeConsent(parts, crm, answer.state, browser)) === null) return foreign();
  }
  if (answer.code === null) return refused(crm, answer);
  const { tokens, identity, at } = await exchange(parts, crm, answer.code, null);
  const { id } = await connectWithConsent(at, tokens, identity);
  if (identity !== null) {
    await parts.store.of(id).people.put({ userId: identity.userId, name: identity.name, role: 'admin' });
  }
  return { kind: 'back', url: page.href, installation: id };
}

async function exchange(parts: ConsentParts, crm: Crm, code: string, begun: BegunConsent | null) {
  const { oauth } = crm.connector;
  const app = appAt(crm, begun?.loginUrl ?? null);
  const baseUrl = begun?.loginUrl ?? crm.baseUrl;
  const at = { ...parts, connector: crm.connector, baseUrl };
  // The challenge was sent when the consent began; the exchange needs the verifier alone.
  const proof = begun === null || begun.verifier === null ? undefined : { verifier: begun.verifier, challenge: '' };
  const tokens: Tokens = await oauth.exchangeCode(app, baseUrl, code, inTime(parts), proof);
  const identity: Identity | null = (await oauth.identify?.(app, baseUrl, tokens, inTime(parts))) ?? null;
  return { tokens, identity, at };
}

async function keepConsent(
  { store, clock }: ConsentParts,
  consent: Omit<BegunConsent, 'stateHash' | 'expiresAt'>,
): Promise<string> {
  const state = makeOneTime();
  const at = clock.now();
  const expiresAt = new Date(Date.parse(at) + LIFETIME_MS).toISOString();
  await store.consents.put({ ...consent, stateHash: hashOneTime(state), expiresAt }, at);
  return state;
}

/** Null unless this browser began it with this CRM, not long ago, and has not come back before. */
async function takeConsent(
  { store, clock }: ConsentParts,
  crm: Crm,
  state: string | null,
  browser: string | null,
): Promise<BegunConsent | null> {
  if (state === null || browser === null) return null;
  const begun = await store.consents.take(hashOneTime(state), clock.now());
  const isSame = begun?.connector === crm.connector.id && begun.browserHash === hashOneTime(browser);
  return isSame ? begun : null;
}

async function isInstalled({ store }: ConsentParts, id: InstallationId): Promise<boolean> {
  return (await store.installations.list()).some((installation) => installation.id === id);
}

/** The app, with the login page that the admin chose. */
function appAt({ connector, app }: Crm, loginUrl: string | null): OAuthApp {
  if (app !== null) return loginUrl === null ? app : { ...app, webUrl: loginUrl };
  const prefix = connector.id.toUpperCase();
  throw new HoldfastError({
    code: 'config-invalid',
    message: `This server has no ${connector.title} app to install.`,
    remedy: `Set ${prefix}_CLIENT_ID and ${prefix}_CLIENT_SECRET to those of your app, or connect by 'holdfast connect'.`,
  });
}

function foreign(): ConsentEnd {
  return {
    kind: 'ended',
    status: 400,
    title: 'This link is not good any more',
    words:
      'It was begun in another browser, more than ten minutes ago, or has been used before. Nothing was connected or changed.',
    remedy: 'Begin again, and stay in this browser until you are back here. It needs cookies.',
  };
}

function refused(crm: Crm, { error, errorDescription }: ConsentAnswer): ConsentEnd {
  const { title } = crm.connector;
  const isRefusal = error === 'access_denied';
  return {
    kind: 'ended',
    status: 400,
    title: isRefusal ? 'Nothing was connected' : `${title} did not give its consent`,
    words: isRefusal
      ? `The access that Holdfast asks for was not allowed in ${title}. Nothing was read and nothing was changed.`
      : `${title} said: ${errorDescription ?? error ?? 'nothing'}.`,
    remedy: isRefusal
      ? 'You can begin again at any time. If your account does not let you, ask an admin of it to follow the same link.'
      : 'Begin again. If it stays so, check the app in the configuration of this server.',
  };
}

function astray(crm: Crm): ConsentEnd {
  return {
    kind: 'ended',
    status: 400,
    title: 'This link leads astray',
    words: `It asks to be sent on to an address that is not ${crm.connector.title}'s. Nothing was connected or changed.`,
    remedy: `Begin the installation in ${crm.connector.title}, or here.`,
  };
}

function nobody(crm: Crm): ConsentEnd {
  return {
    kind: 'ended',
    status: 502,
    title: `${crm.connector.title} does not say who you are`,
    words: 'So nobody could be signed in, and nothing was connected.',
    remedy: 'Begin again.',
  };
}

function unknown(crm: Crm, accountId: string): ConsentEnd {
  return {
    kind: 'ended',
    status: 404,
    title: 'This account is not connected yet',
    words: `${crm.connector.title} account ${accountId} is not connected to Holdfast on this server.`,
    remedy: 'An admin of the account can install it.',
  };
}
