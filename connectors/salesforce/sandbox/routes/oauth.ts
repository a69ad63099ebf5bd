import { createHash, createHmac, createPublicKey, verify } from 'node:crypto';
import { z } from 'zod';
import type { AppGrants, IssuedTokens, SandboxApp } from '../app-grants.ts';
import { parseId } from '../ids.ts';
import type { OrgState } from '../org-state.ts';
import { refuseMissing } from '../refusal.ts';
import { ok } from '../router.ts';
import type { Answer, ApiRequest, Route } from '../router.ts';

const DEFAULT_SCOPE = 'refresh_token api';
const JWT_GRANT = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const LONGEST_JWT_MS = 5 * 60_000;

/** Where the sign-in is, which for a sandbox is also where the org is. */
export interface Places {
  /** What token answers give as `instance_url`. */
  instanceUrl: string;
}

/** Sign-in, tokens and who the user is. */
export function oauthRoutes(
  org: OrgState,
  grants: AppGrants,
  app: SandboxApp | null,
  places: Places,
): readonly Route[] {
  const open = (method: 'GET' | 'POST', path: string, purpose: string, handle: Route['handle']): Route => ({
    method,
    path,
    purpose: () => purpose,
    isOpen: true,
    handle,
  });
  const answers = new TokenAnswers(org, grants, app, places);
  return [
    open('GET', '/services/oauth2/authorize', 'authorize', (request) => authorize(request, org, grants, app)),
    open('POST', '/services/oauth2/token', 'token', (request) => answers.token(formOf(request))),
    open('POST', '/services/oauth2/revoke', 'revoke token', (request) => {
      const isKnown = grants.revoke(formOf(request).get('token') ?? '');
      return isKnown ? { status: 200 } : refused('unsupported_token_type', 'this token is not known');
    }),
    open('POST', '/services/oauth2/introspect', 'introspect token', (request) => answers.introspect(formOf(request))),
    open('GET', '/services/oauth2/userinfo', 'userinfo', (request) => userInfo(request, org, grants, places)),
    open('GET', '/id/:organization/:user', 'identity', (request) => userInfo(request, org, grants, places)),
  ];
}

function formOf({ text }: ApiRequest): URLSearchParams {
  return new URLSearchParams(text);
}

/** The page where an admin says yes. With `approve=yes` in the URL nobody is asked. */
function authorize({ query }: ApiRequest, org: OrgState, grants: AppGrants, app: SandboxApp | null): Answer {
  const redirectUri = query.get('redirect_uri') ?? '';
  if (app === null || query.get('client_id') !== app.clientId) {
    return page(400, 'error=invalid_client_id&error_description=client identifier invalid');
  }
  if (!app.redirectUris.includes(redirectUri)) {
    return page(400, 'error=redirect_uri_mismatch&error_description=redirect_uri must match configuration');
  }
  const back = new URL(redirectUri);
  const state = query.get('state');
  if (state !== null) back.searchParams.set('state', state);
  const turnAway = (error: string, description: string): Answer => {
    back.searchParams.set('error', error);
    back.searchParams.set('error_description', description);
    return { status: 302, headers: { location: back.href } };
  };
  const challenge = query.get('code_challenge');
  if (query.get('response_type') !== 'code')
    return turnAway('unsupported_response_type', 'response type not supported');
  if (challenge === null && app.requiresPkce !== false) {
    return turnAway('invalid_request', 'missing required code challenge');
  }
  if (challenge !== null && query.get('code_challenge_method') !== 'S256') {
    return turnAway('invalid_request', 'code challenge method must be S256');
  }
  switch (query.get('approve') ?? '') {
    case 'yes':
      back.searchParams.set('code', grants.issueCode(redirectUri, query.get('scope') ?? DEFAULT_SCOPE, challenge));
      return { status: 302, headers: { location: back.href } };
    case 'no':
      return turnAway('access_denied', 'end-user denied authorization');
    default: {
      const links = ['yes', 'no'].map((answer) => {
        const choice = new URLSearchParams(query);
        choice.set('approve', answer);
        return `<a href="?${escapeHtml(choice.toString())}">${answer === 'yes' ? 'Allow' : 'Deny'}</a>`;
      });
      return page(200, `Allow access to ${org.facts.name}?`, links.join(' '));
    }
  }
}

class TokenAnswers {
  readonly #org: OrgState;
  readonly #grants: AppGrants;
  readonly #app: SandboxApp | null;
  readonly #places: Places;

  constructor(org: OrgState, grants: AppGrants, app: SandboxApp | null, places: Places) {
    this.#org = org;
    this.#grants = grants;
    this.#app = app;
    this.#places = places;
  }

  token(form: URLSearchParams): Answer {
    switch (form.get('grant_type') ?? '') {
      case 'authorization_code':
        return this.#refuseClient(form) ?? this.#exchange(form);
      case 'refresh_token': {
        const stopped = this.#refuseClient(form);
        if (stopped !== null) return stopped;
        const tokens = this.#grants.refresh(form.get('refresh_token') ?? '');
        return tokens === null ? refused('invalid_grant', 'expired access/refresh token') : this.#granted(tokens);
      }
      case JWT_GRANT:
        return this.#exchangeJwt(form.get('assertion') ?? '');
      default:
        return refused('unsupported_grant_type', 'grant type not supported');
    }
  }

  introspect(form: URLSearchParams): Answer {
    const stopped = this.#refuseClient(form);
    if (stopped !== null) return stopped;
    const token = form.get('token') ?? '';
    const access = this.#grants.find(token);
    const found = access ?? this.#grants.findConnection(token);
    if (found === null) return ok({ active: false });
    const expiresAt = access?.expiresAt ?? null;
    return ok({
      active: true,
      scope: found.scope,
      client_id: this.#app?.clientId,
      username: this.#org.find(found.userId)?.values['Username'],
      sub: `${this.#places.instanceUrl}/id/${this.#org.facts.organizationId}/${found.userId}`,
      token_type: access === null ? 'refresh_token' : 'access_token',
      ...(expiresAt === null ? {} : { exp: Math.floor(expiresAt / 1_000) }),
    });
  }

  #exchange(form: URLSearchParams): Answer {
    const code = this.#grants.takeCode(form.get('code') ?? '');
    if (code === null) return refused('invalid_grant', 'expired authorization code');
    if (code.redirectUri !== form.get('redirect_uri')) {
      return refused('redirect_uri_mismatch', 'redirect_uri must match configuration');
    }
    if (code.challenge !== null) {
      const verifier = form.get('code_verifier') ?? '';
      const isWellFormed = /^[A-Za-z0-9._~-]{43,128}$/.test(verifier);
      const proof = createHash('sha256').update(verifier).digest('base64url');
      if (!isWellFormed || proof !== code.challenge) return refused('invalid_grant', 'invalid code verifier');
    }
    const staysConnected = code.scope.split(' ').includes('refresh_token');
    return this.#granted(
      staysConnected
        ? this.#grants.connect(code.scope, code.userId)
        : this.#grants.issueAccess(code.userId, code.scope),
    );
  }

  #exchangeJwt(assertion: string): Answer {
    const key = this.#app?.jwtPublicKey;
    if (key === undefined) return refused('invalid_grant', "user hasn't approved this consumer");
    const claims = readJwt(assertion, key);
    if (claims === null) return refused('invalid_grant', 'invalid assertion');
    if (claims.iss !== this.#app?.clientId) return refused('invalid_client_id', 'client identifier invalid');
    if (claims.aud !== this.#places.instanceUrl) return refused('invalid_grant', 'audience is invalid');
    const now = this.#org.now();
    if (claims.exp * 1_000 <= now) return refused('invalid_grant', 'expired assertion');
    if (claims.exp * 1_000 > now + LONGEST_JWT_MS) return refused('invalid_grant', 'assertion expires too late');
    const users = this.#org.schema.findObject('User');
    const subjects = users === null ? [] : [...this.#org.table(users).alive()];
    const subject = subjects.find(({ values }) => values['Username'] === claims.sub);
    if (subject === undefined) return refused('invalid_grant', 'user not found');
    if (subject.values['IsActive'] !== true) return refused('invalid_grant', 'inactive user');
    return this.#granted(this.#grants.issueAccess(subject.id, 'api'));
  }

  #refuseClient(form: URLSearchParams): Answer | null {
    if (this.#app === null || form.get('client_id') !== this.#app.clientId) {
      return refused('invalid_client_id', 'client identifier invalid');
    }
    return form.get('client_secret') === this.#app.clientSecret
      ? null
      : refused('invalid_client', 'invalid client credentials');
  }

  #granted(tokens: IssuedTokens): Answer {
    const { instanceUrl } = this.#places;
    const id = `${instanceUrl}/id/${this.#org.facts.organizationId}/${tokens.userId}`;
    const issuedAt = String(this.#org.now());
    const signature = createHmac('sha256', this.#app?.clientSecret ?? '')
      .update(id + issuedAt)
      .digest('base64');
    return ok({
      access_token: tokens.accessToken,
      ...(tokens.refreshToken === null ? {} : { refresh_token: tokens.refreshToken }),
      signature,
      scope: tokens.scope,
      instance_url: instanceUrl,
      id,
      token_type: 'Bearer',
      issued_at: issuedAt,
    });
  }
}

const claimsSchema = z.object({ iss: z.string(), sub: z.string(), aud: z.string(), exp: z.number() });

/** The claims of an RS256 JWT that the key has signed, or null. */
function readJwt(jwt: string, publicKey: string): z.infer<typeof claimsSchema> | null {
  const [head = '', body = '', signature = ''] = jwt.split('.');
  const isSigned = verify(
    'sha256',
    Buffer.from(`${head}.${body}`),
    createPublicKey(publicKey),
    Buffer.from(signature, 'base64url'),
  );
  if (!isSigned) return null;
  const claims = claimsSchema.safeParse(JSON.parse(Buffer.from(body, 'base64url').toString()));
  return claims.success ? claims.data : null;
}

function userInfo({ headers, params }: ApiRequest, org: OrgState, grants: AppGrants, places: Places): Answer {
  const token = /^(?:Bearer|OAuth) (.+)$/i.exec(headers.authorization ?? '')?.[1] ?? '';
  const grant = grants.find(token);
  if (grant === null) return { status: 403, text: 'Bad_OAuth_Token', headers: { 'content-type': 'text/html' } };
  const isAnother = params['user'] !== undefined && parseId(params['user']) !== grant.userId;
  const person = org.find(grant.userId);
  if (isAnother || person === null) throw refuseMissing();
  const { organizationId, timeZone } = org.facts;
  const root = `${places.instanceUrl}/services/data/v{version}/`;
  return ok({
    sub: `${places.instanceUrl}/id/${organizationId}/${person.id}`,
    user_id: person.id,
    organization_id: organizationId,
    preferred_username: person.values['Username'],
    nickname: person.values['Alias'],
    name: person.values['Name'],
    email: person.values['Email'],
    email_verified: true,
    given_name: person.values['FirstName'],
    family_name: person.values['LastName'],
    zoneinfo: timeZone,
    urls: {
      rest: root,
      sobjects: `${root}sobjects/`,
      search: `${root}search/`,
      query: `${root}query/`,
      recent: `${root}recent/`,
      profile: `${places.instanceUrl}/${person.id}`,
      custom_domain: places.instanceUrl,
    },
    active: person.values['IsActive'] === true,
    user_type: 'STANDARD',
    language: 'en_US',
    locale: 'en_US',
    utcOffset: 0,
    updated_at: new Date(person.modifiedAt).toISOString(),
    is_salesforce_integration_user: false,
  });
}

function refused(error: string, description: string): Answer {
  return { status: 400, body: { error, error_description: description } };
}

function page(status: number, text: string, links = ''): Answer {
  return {
    status,
    text: `<!DOCTYPE html><html lang="en"><title>Salesforce sandbox</title><p>${escapeHtml(text)}</p><p>${links}</p></html>`,
    headers: { 'content-type': 'text/html;charset=UTF-8' },
  };
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
