import type { OAuth, OAuthApp, Signer, Tokens } from '../contract/auth.ts';
import { Secret } from '../contract/auth.ts';
import { ConnectorError } from '../contract/errors.ts';
import { findJson } from '../kit/find-json.ts';
import { postForm } from '../kit/post-form.ts';
import { toAnswerError, toConnectionError, toUnexpected } from './failures.ts';
import { signAssertion } from './jwt.ts';
import { oauthError, tokenAnswer } from './wire.ts';

/** The least that works: the data API, and tokens that can be renewed. What each is for is in `scopes.md`. */
export const scopes: readonly string[] = ['api', 'refresh_token'];

const LOGIN_URL = 'https://login.salesforce.com';
const TOKEN_PATH = '/services/oauth2/token';

/**
 * Salesforce wants a proof (PKCE) of every app that several customers use, gives a new refresh token with every refresh,
 * and takes all tokens away when an old one is used again: whoever refreshes has to store the new one before anything else.
 */
export const oauth: OAuth = {
  needsProof: true,

  authorizeUrl(app, state, proof) {
    const query = {
      response_type: 'code',
      client_id: app.clientId,
      redirect_uri: app.redirectUri,
      scope: scopes.join(' '),
      state,
      ...(proof === undefined ? {} : { code_challenge: proof.challenge, code_challenge_method: 'S256' }),
    };
    const text = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
    return `${app.webUrl ?? LOGIN_URL}/services/oauth2/authorize?${text.join('&')}`;
  },

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
};

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
