import type { Identity, OAuth, OAuthApp, Tokens } from '../contract/auth.ts';
import { Secret } from '../contract/auth.ts';
import { ConnectorError } from '../contract/errors.ts';
import { findJson } from '../kit/find-json.ts';
import { postForm } from '../kit/post-form.ts';
import { toAnswerError, toConnectionError, toUnexpected } from './failures.ts';
import { parseErrorBody } from './refusals.ts';
import { optionalScopes, requiredScopes, scopes } from './scopes.ts';
import { introspection, tokenAnswer } from './wire.ts';

const APP_URL = 'https://app.hubspot.com';
const TOKEN_PATH = '/oauth/2026-09/token';
const INTROSPECT_PATH = `${TOKEN_PATH}/introspect`;

export const oauth: OAuth = {
  scopes,

  authorizeUrl(app, state) {
    const query = {
      client_id: app.clientId,
      redirect_uri: app.redirectUri,
      scope: requiredScopes.join(' '),
      optional_scope: optionalScopes.join(' '),
      state,
    };
    const text = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
    return `${app.webUrl ?? APP_URL}/oauth/authorize?${text.join('&')}`;
  },

  exchangeCode(app, baseUrl, code, signal) {
    const grant = { grant_type: 'authorization_code', code, redirect_uri: app.redirectUri } as const;
    return requestTokens(app, baseUrl, grant, signal);
  },

  refresh(app, baseUrl, refreshToken, signal) {
    const grant = { grant_type: 'refresh_token', refresh_token: refreshToken.reveal() } as const;
    return requestTokens(app, baseUrl, grant, signal);
  },

  identify,

  // An install that began in the marketplace goes back there: anywhere else, our address would lead people astray.
  mayReturnTo({ webUrl }, page) {
    if (webUrl !== undefined && page.origin === URL.parse(webUrl)?.origin) return true;
    const isPlain = page.username === '' && page.password === '' && page.port === '';
    return page.protocol === 'https:' && isPlain && /(?:^|\.)hubspot\.com$/.test(page.hostname);
  },
};

async function identify(app: OAuthApp, baseUrl: string, tokens: Tokens, signal: AbortSignal): Promise<Identity> {
  const asked = { method: 'POST', path: INTROSPECT_PATH, purpose: 'ask whose token this is', scope: null };
  const secrets = [app.clientSecret.reveal(), tokens.accessToken.reveal()];
  const values = {
    token_type_hint: 'access_token',
    token: tokens.accessToken.reveal(),
    client_id: app.clientId,
    client_secret: app.clientSecret.reveal(),
  };
  const answer = await postForm(`${baseUrl}${INTROSPECT_PATH}`, values, signal).catch((error: unknown) => {
    throw toConnectionError(asked, error);
  });
  const text = secrets.reduce((known, secret) => known.replaceAll(secret, '[secret]'), answer.text);
  if (answer.status >= 300) throw toTokenError({ ...answer, text }, asked, false);
  const parsed = introspection.safeParse(findJson(text));
  const { active, hub_id, user_id, user, scopes: granted } = parsed.success ? parsed.data : { active: false };
  if (!active || !hub_id || !user_id) throw toUnexpected(asked, 'it does not say whose token this is', text);
  return { accountId: hub_id, userId: user_id, name: user ?? null, scopes: granted ?? null };
}

type Grant =
  | { readonly grant_type: 'authorization_code'; readonly code: string; readonly redirect_uri: string }
  | { readonly grant_type: 'refresh_token'; readonly refresh_token: string };

async function requestTokens(app: OAuthApp, baseUrl: string, grant: Grant, signal: AbortSignal): Promise<Tokens> {
  const isRefresh = grant.grant_type === 'refresh_token';
  const purpose = isRefresh ? 'refresh the access token' : 'exchange the authorization code';
  const asked = { method: 'POST', path: TOKEN_PATH, purpose, scope: null };
  const secrets = [app.clientSecret.reveal(), isRefresh ? grant.refresh_token : grant.code];
  const values = { ...grant, client_id: app.clientId, client_secret: app.clientSecret.reveal() };

  const answer = await postForm(`${baseUrl}${TOKEN_PATH}`, values, signal).catch((error: unknown) => {
    throw toConnectionError(asked, error);
  });
  const text = secrets.reduce((known, secret) => known.replaceAll(secret, '[secret]'), answer.text);
  if (answer.status >= 300) throw toTokenError({ ...answer, text }, asked, isRefresh);

  const parsed = tokenAnswer.safeParse(findJson(answer.text));
  // The body is not quoted here: it may hold the tokens under other names.
  if (!parsed.success) throw toUnexpected(asked, 'it holds no access token', '(not shown)');
  const { access_token, refresh_token, expires_in } = parsed.data;
  return {
    accessToken: new Secret(access_token),
    // HubSpot may return another refresh token at any time, or none, which means that the old one stays good.
    refreshToken: refresh_token ? new Secret(refresh_token) : isRefresh ? new Secret(grant.refresh_token) : null,
    expiresInS: expires_in ?? null,
  };
}

type FormFailure = Parameters<typeof toAnswerError>[1];

function toTokenError(
  answer: FormFailure,
  asked: Parameters<typeof toAnswerError>[0],
  isRefresh: boolean,
): ConnectorError {
  const body = parseErrorBody(answer.text);
  const words = [body.status, body.error, body.category, body.message].join(' ');
  const context = { method: asked.method, path: asked.path, status: answer.status };
  const said = body.error_description ?? body.message ?? body.error ?? `HTTP ${answer.status}`;
  if (answer.status === 401 || (answer.status < 500 && /BAD_CLIENT|invalid_client/i.test(words))) {
    return new ConnectorError({
      code: 'request-refused',
      message: `HubSpot does not know this app: ${said}`,
      remedy: 'Check HUBSPOT_CLIENT_ID and HUBSPOT_CLIENT_SECRET against the app in HubSpot.',
      context,
    });
  }
  const isGrantRefused = answer.status < 500 && /BAD_REFRESH_TOKEN|BAD_AUTH_CODE|invalid_grant/i.test(words);
  if (isGrantRefused && isRefresh) {
    return new ConnectorError({
      code: 'access-revoked',
      message: `HubSpot no longer accepts the refresh token: ${said}`,
      remedy: 'The app was uninstalled, or its access was taken away. Connect the HubSpot account again.',
      context,
    });
  }
  if (isGrantRefused) {
    return new ConnectorError({
      code: 'request-refused',
      message: `HubSpot does not accept the authorization code: ${said}`,
      remedy: 'Codes work once and for a short time. Begin the installation again.',
      context,
    });
  }
  return toAnswerError(asked, answer);
}
