import type { AppGrants, IssuedTokens, SandboxApp } from '../app-grants.ts';
import type { PortalFacts } from '../portal-seed.ts';
import type { Answer, ApiRequest, Route } from '../router.ts';

/** Install, tokens and uninstall. `grantable` are the scopes that the portal has; null stands for all. */
export function oauthRoutes(
  grants: AppGrants,
  facts: PortalFacts,
  app: SandboxApp | null,
  grantable: readonly string[] | null,
): readonly Route[] {
  const open = (method: 'GET' | 'POST', path: string, purpose: string, handle: Route['handle']): Route => ({
    method,
    path,
    purpose,
    bucket: 'oauth',
    query: null,
    scopes: null,
    handle,
  });
  const authorize = (request: ApiRequest): Answer => answerAuthorize(request, grants, facts, app, grantable);
  return [
    open('GET', '/oauth/authorize', 'authorize', authorize),
    open('GET', '/oauth/:portalId/authorize', 'authorize', authorize),
    open('POST', '/oauth/:version/token', 'token', (request) =>
      withForm(request, app, (form) => answerToken(form, grants, facts)),
    ),
    open('POST', '/oauth/:version/token/introspect', 'introspect token', (request) =>
      withForm(request, app, (form) => ({ status: 200, body: introspect(form, grants, facts, app) })),
    ),
    open('POST', '/oauth/:version/token/revoke', 'revoke token', (request) =>
      withForm(request, app, (form) => {
        grants.revokeRefreshToken(form.get('token') ?? '');
        return { status: 204 };
      }),
    ),
    {
      method: 'DELETE',
      path: '/appinstalls/:version/external-install',
      purpose: 'uninstall',
      bucket: 'general',
      query: [],
      scopes: () => [],
      handle: ({ grant }) => {
        if (grant !== null && grant.refreshToken !== null) grants.uninstall(grant.refreshToken);
        return { status: 204 };
      },
    },
  ];
}

/** The page where an admin says yes. With `approve=yes` in the URL nobody is asked. */
function answerAuthorize(
  { query }: ApiRequest,
  grants: AppGrants,
  facts: PortalFacts,
  app: SandboxApp | null,
  grantable: readonly string[] | null,
): Answer {
  const words = (name: string): string[] => (query.get(name) ?? '').split(' ').filter((scope) => scope !== '');
  const redirectUri = query.get('redirect_uri') ?? '';
  if (app === null || query.get('client_id') !== app.clientId) return page(400, 'There is no app with this client ID.');
  if (!app.redirectUris.includes(redirectUri)) return page(400, "The redirect URL doesn't match the app's URLs.");
  const scopes = words('scope');
  const unasked = (app.scopes ?? []).filter((scope) => !scopes.includes(scope));
  if (unasked.length > 0) return page(400, `The app requires scopes that the URL leaves out: ${unasked.join(' ')}`);
  const lacking = scopes.filter((scope) => grantable !== null && !grantable.includes(scope));
  if (lacking.length > 0) return page(400, `This account cannot grant: ${lacking.join(' ')}`);
  const back = new URL(redirectUri);
  const state = query.get('state');
  if (state !== null) back.searchParams.set('state', state);
  switch (query.get('approve') ?? '') {
    case 'yes': {
      // Optional scopes that the account does not have are dropped without a word.
      const optional = words('optional_scope').filter((scope) => grantable === null || grantable.includes(scope));
      back.searchParams.set('code', grants.issueCode(redirectUri, [...new Set([...scopes, ...optional])]));
      return { status: 302, headers: { location: back.href } };
    }
    case 'no':
      back.searchParams.set('error', 'access_denied');
      return { status: 302, headers: { location: back.href } };
    default: {
      const links = ['yes', 'no'].map((answer) => {
        const choice = new URLSearchParams(query);
        choice.set('approve', answer);
        const label = answer === 'yes' ? 'Connect app' : 'Cancel';
        return `<a href="?${escapeHtml(choice.toString())}">${label}</a>`;
      });
      return page(
        200,
        `Connect the app to account ${facts.portalId}? It asks for: ${scopes.join(' ')}`,
        links.join(' '),
      );
    }
  }
}

/** Checks what all token calls have in common: a form, nothing in the URL, and the app's own credentials. */
function withForm(request: ApiRequest, app: SandboxApp | null, handle: (form: URLSearchParams) => Answer): Answer {
  if ([...request.query.keys()].length > 0) {
    return refused('BAD_REQUEST', 'invalid_request', 'Values belong in the body, not in the URL.');
  }
  if (!request.contentType.startsWith('application/x-www-form-urlencoded')) {
    return refused('BAD_REQUEST', 'invalid_request', 'The body must be application/x-www-form-urlencoded.');
  }
  const form = new URLSearchParams(request.text);
  if (app === null || form.get('client_id') !== app.clientId) {
    return refused('BAD_CLIENT_ID', 'invalid_client', 'missing or unknown client id');
  }
  if (form.get('client_secret') !== app.clientSecret) {
    return refused('BAD_CLIENT_SECRET', 'invalid_client', 'missing or invalid client secret');
  }
  return handle(form);
}

function answerToken(form: URLSearchParams, grants: AppGrants, facts: PortalFacts): Answer {
  switch (form.get('grant_type') ?? '') {
    case 'authorization_code': {
      const tokens = grants.exchangeCode(form.get('code') ?? '', form.get('redirect_uri') ?? '');
      return tokens === null
        ? refused('BAD_AUTH_CODE', 'invalid_grant', 'missing, unknown, used or expired auth code')
        : granted(tokens, grants, facts);
    }
    case 'refresh_token': {
      const tokens = grants.refresh(form.get('refresh_token') ?? '');
      return tokens === null
        ? refused('BAD_REFRESH_TOKEN', 'invalid_grant', 'missing or unknown refresh token')
        : granted(tokens, grants, facts);
    }
    default:
      return refused('BAD_GRANT_TYPE', 'unsupported_grant_type', 'missing or unknown grant type');
  }
}

function granted(tokens: IssuedTokens, grants: AppGrants, facts: PortalFacts): Answer {
  return {
    status: 200,
    body: {
      token_type: 'bearer',
      access_token: tokens.accessToken,
      refresh_token: tokens.refreshToken,
      expires_in: tokens.expiresInS,
      hub_id: facts.portalId,
      scopes: grants.scopesOf(tokens.refreshToken) ?? [],
    },
  };
}

function introspect(form: URLSearchParams, grants: AppGrants, facts: PortalFacts, app: SandboxApp | null): unknown {
  const token = form.get('token') ?? '';
  const scopes = grants.scopesOf(token) ?? grants.find(token)?.scopes ?? null;
  if (scopes === null) return { active: false };
  const person = grants.personOf(token);
  return {
    active: true,
    hub_id: facts.portalId,
    client_id: app?.clientId,
    scopes,
    is_private_distribution: false,
    ...(person === null ? {} : { user_id: person.userId, user: person.email }),
  };
}

function refused(status: string, error: string, description: string): Answer {
  return { status: 400, body: { status, message: description, error, error_description: description } };
}

function page(status: number, text: string, links = ''): Answer {
  return {
    status,
    body: `<!DOCTYPE html><html lang="en"><title>HubSpot sandbox</title><p>${escapeHtml(text)}</p><p>${links}</p></html>`,
  };
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
