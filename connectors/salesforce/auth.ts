import type { AskedScope, Identity, OAuth, OAuthApp, Proof, Signer, Tokens } from '../contract/auth.ts';
import { Secret } from '../contract/auth.ts';
import { ConnectorError } from '../contract/errors.ts';
import { findJson } from '../kit/find-json.ts';
import { postForm } from '../kit/post-form.ts';
import { toAnswerError, toConnectionError, toUnexpected } from './failures.ts';
import { readSignedUser } from './identity.ts';
import { signAssertion } from './jwt.ts';
import { logins } from './logins.ts';
import { readBody } from '../kit/read-body.ts';
import { identityAnswer, oauthError, tokenAnswer } from './wire.ts';

/** The least that works. */
const askedScopes: readonly AskedScope[] = [
  {
    name: 'api',
    need: 'required',
    purpose: 'Reads accounts, opportunities, contacts, contracts, cases and activities, and writes fields and tasks.',
    without: 'Nothing can be read or written.',
  },
  {
    name: 'refresh_token',
    need: 'required',
    purpose: 'Lets the service go on while nobody is logged in.',
    without: 'The connection would end with the session of the admin who made it, after hours.',
  },
];

/** The names of the scopes, as the app in Salesforce has to have them. */
export const scopes: readonly string[] = askedScopes.map(({ name }) => name);

const LOGIN_URL = 'https://login.salesforce.com';
const TOKEN_PATH = '/services/oauth2/token';
const REVOKE_PATH = '/services/oauth2/revoke';

/**
 * Salesforce wants a proof (PKCE) of every app that several customers use, gives a new refresh token with every refresh,
 * and takes all tokens away when an old one is used again: whoever refreshes has to store the new one before anything else.
 */
export const oauth: OAuth = {
  needsProof: true,
  scopes: askedScopes,
  logins,

  authorizeUrl: (app, state, proof) => toAuthorizeUrl(app, scopes, state, proof),

  // A user has five refresh tokens of an app at most, and a sixth ends the first without a word: signing in takes none.
  signInUrl: (app, state, proof) => toAuthorizeUrl(app, ['api'], state, proof),

  exchangeCode(app, baseUrl, code, signal, proof) {
    const values = {
      grant_type: 'authorization_code',
      code,
      redirect_uri: app.redirectUri,
      ...toClient(app),
      ...(proof === undefined ? {} : { code_verifier: proof.verifier }),
    };
    return requestTokens({ kind: 'code', baseUrl, values, secrets: [code], kept: null, signal });
  },

  refresh(app, baseUrl, refreshToken, signal) {
    const token = refreshToken.reveal();
    const values = { grant_type: 'refresh_token', refresh_token: token, ...toClient(app) };
    return requestTokens({ kind: 'refresh', baseUrl, values, secrets: [token], kept: refreshToken, signal });
  },

  async signIn(app, signer, baseUrl, now, signal) {
    const audience = app.webUrl ?? baseUrl;
    const assertion = signAssertion(
      { clientId: app.clientId, username: signer.username, audience, now },
      keyOf(signer),
    );
    const values = { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion };
    return requestTokens({ kind: 'signer', baseUrl: audience, values, secrets: [assertion], kept: null, signal });
  },

  identify: (_app, _baseUrl, tokens, signal) => identify(tokens, signal),

  async revoke(_app, baseUrl, refreshToken, signal) {
    const asked = { method: 'POST', path: REVOKE_PATH, purpose: 'take back the access' };
    const token = refreshToken.reveal();
    const answer = await postForm(`${baseUrl}${REVOKE_PATH}`, { token }, signal).catch((error: unknown) => {
      throw toConnectionError(asked, error);
    });
    // 400 says that the token is not known, or no longer.
    if (answer.status < 300 || answer.status === 400) return;
    throw toAnswerError(asked, { ...answer, text: answer.text.replaceAll(token, '[secret]') });
  },
};

function toAuthorizeUrl(app: OAuthApp, asked: readonly string[], state: string, proof: Proof | undefined): string {
  const query = {
    response_type: 'code',
    client_id: app.clientId,
    redirect_uri: app.redirectUri,
    scope: asked.join(' '),
    state,
    ...(proof === undefined ? {} : { code_challenge: proof.challenge, code_challenge_method: 'S256' }),
  };
  const text = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  return `${app.webUrl ?? LOGIN_URL}/services/oauth2/authorize?${text.join('&')}`;
}

/** The user was named, and signed for, when the code was exchanged; the org adds the e-mail address. */
async function identify(tokens: Tokens, signal: AbortSignal): Promise<Identity> {
  const { user, baseUrl } = tokens;
  const path = `/id/${user?.accountId ?? ''}/${user?.userId ?? ''}`;
  const asked = { method: 'GET', path: '/id', purpose: 'ask who consented' };
  if (user === undefined || baseUrl === undefined) throw toUnexpected(asked, 'no user was named with the tokens', '');
  const token = tokens.accessToken.reveal();
  const headers = { accept: 'application/json', authorization: `Bearer ${token}` };
  const answer = await fetch(`${baseUrl}${path}`, { headers, redirect: 'error', signal })
    .then(async (response) => ({
      status: response.status,
      headers: response.headers,
      text: (await readBody(response, signal)).replaceAll(token, '[secret]'),
    }))
    .catch((error: unknown) => {
      throw toConnectionError(asked, error);
    });
  if (answer.status >= 300) throw toAnswerError(asked, answer);
  const parsed = identityAnswer.safeParse(findJson(answer.text));
  if (!parsed.success || parsed.data.user_id !== user.userId || parsed.data.organization_id !== user.accountId) {
    throw toUnexpected(asked, 'it is not about the user who consented', answer.text);
  }
  const { email, username, preferred_username } = parsed.data;
  return { ...user, name: email ?? username ?? preferred_username ?? null, scopes: null };
}

function keyOf(signer: Signer): string {
  return signer.privateKey.reveal();
}

/** An app without a secret must not send one. */
function toClient(app: OAuthApp): Readonly<Record<string, string>> {
  const secret = app.clientSecret.reveal();
  return { client_id: app.clientId, ...(secret === '' ? {} : { client_secret: secret }) };
}

interface TokenRequest {
  readonly kind: 'code' | 'refresh' | 'signer';
  readonly baseUrl: string;
  readonly values: Readonly<Record<string, string>>;
  /** What must not stand in a message. */
  readonly secrets: readonly string[];
  /** The refresh token that stays good when the answer brings no other. */
  readonly kept: Secret | null;
  readonly signal: AbortSignal;
}

const PURPOSES: Readonly<Record<TokenRequest['kind'], string>> = {
  code: 'exchange the authorization code',
  refresh: 'refresh the access token',
  signer: 'sign in with the key',
};

async function requestTokens(request: TokenRequest): Promise<Tokens> {
  const { kind, baseUrl, values, kept, signal } = request;
  const asked = { method: 'POST', path: TOKEN_PATH, purpose: PURPOSES[kind] };
  const answer = await postForm(`${baseUrl}${TOKEN_PATH}`, values, signal).catch((error: unknown) => {
    throw toConnectionError(asked, error);
  });
  const secrets = [...request.secrets, values['client_secret'] ?? ''].filter((secret) => secret !== '');
  const text = secrets.reduce((known, secret) => known.replaceAll(secret, '[secret]'), answer.text);
  if (answer.status >= 300) throw toTokenError({ ...answer, text }, asked, request);

  const parsed = tokenAnswer.safeParse(findJson(answer.text));
  // The body is not quoted here: it may hold the tokens under other names.
  if (!parsed.success) throw toUnexpected(asked, 'it holds no access token', '(not shown)');
  const { access_token, refresh_token, instance_url } = parsed.data;
  return {
    accessToken: new Secret(access_token),
    refreshToken: refresh_token ? new Secret(refresh_token) : kept,
    // How long a session lasts is the org's setting, and Salesforce does not tell: a token is used until it is refused.
    expiresInS: null,
    baseUrl: instance_url ? toBaseUrl(instance_url, baseUrl) : undefined,
    user: kind === 'code' ? readSignedUser(parsed.data, request.values['client_secret'] ?? '') : undefined,
  };
}

/** Where Salesforce's orgs live. */
const ORG_HOST = /(?:^|\.)(?:salesforce\.com|salesforce\.mil|sfcrmapps\.cn|sfcrmproducts\.cn|force\.com)$/;

/** Tokens are sent to this address from now on, so it has to be Salesforce's, or that of the server that was asked. */
function toBaseUrl(instanceUrl: string, askedUrl: string): string {
  const [url, asked] = [URL.parse(instanceUrl), URL.parse(askedUrl)];
  const isTrusted =
    url !== null &&
    (url.host === asked?.host
      ? url.protocol === asked.protocol
      : url.protocol === 'https:' && ORG_HOST.test(url.hostname));
  if (isTrusted) return url.origin;
  throw new ConnectorError({
    code: 'response-unexpected',
    message: `Salesforce says that the org is at ${instanceUrl}, which is no address of Salesforce's.`,
    remedy: 'Check SALESFORCE_LOGIN_URL: something else than Salesforce has answered.',
  });
}

type Answer = Parameters<typeof toAnswerError>[1];

/** Codes by which Salesforce says that the app, not the customer's consent, is at fault. */
const BAD_APP = /^(?:invalid_client|invalid_client_id|invalid_client_credentials|unsupported_grant_type|redirect_uri_)/;

function toTokenError(
  answer: Answer,
  asked: Parameters<typeof toAnswerError>[0],
  { kind }: Pick<TokenRequest, 'kind'>,
): ConnectorError {
  const parsed = oauthError.safeParse(findJson(answer.text));
  const code = (parsed.success ? parsed.data.error : null) ?? '';
  const said =
    (parsed.success ? parsed.data.error_description : null) ?? (code === '' ? `HTTP ${answer.status}` : code);
  const context = { method: asked.method, path: asked.path, status: answer.status };
  if (answer.status >= 500 || code === '') return toAnswerError(asked, answer);
  if (BAD_APP.test(code)) {
    return new ConnectorError({
      code: 'request-refused',
      message: `Salesforce does not know this app: ${said}`,
      remedy: 'Check SALESFORCE_CLIENT_ID and SALESFORCE_CLIENT_SECRET against the external client app in Salesforce.',
      context,
    });
  }
  switch (kind) {
    case 'code':
      return new ConnectorError({
        code: 'request-refused',
        message: `Salesforce does not accept the authorization code: ${said}`,
        remedy: 'Codes work once and for a short time. Begin the installation again.',
        context,
      });
    case 'refresh':
      return new ConnectorError({
        code: 'access-revoked',
        message: `Salesforce no longer accepts the refresh token: ${said}`,
        remedy:
          'The access was taken away, has not been used for 30 days, or an answer with a newer token was lost on the way. Connect the Salesforce org again.',
        context,
      });
    case 'signer':
      return new ConnectorError({
        code: 'access-revoked',
        message: `Salesforce does not let the key sign in: ${said}`,
        remedy:
          'See that the app has the certificate of this key, that an admin has approved the user for the app, and that the user is active.',
        context,
      });
    default:
      return kind satisfies never;
  }
}
