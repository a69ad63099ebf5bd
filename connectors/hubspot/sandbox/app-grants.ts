import type { PortalFacts } from './portal-seed.ts';
import { refuse } from './refusal.ts';
import type { Refusal } from './refusal.ts';
import { toWireInstant } from './wire-time.ts';

/** The app as it is registered with HubSpot. */
export interface SandboxApp {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly redirectUris: readonly string[];
  /** The scopes that the app requires; an authorize URL must ask for all of them. None unless told. */
  readonly scopes?: readonly string[];
}

/** What an access token may do. */
export interface Grant {
  readonly scopes: readonly string[];
  /** Epoch milliseconds; null for a static token. */
  expiresAt: number | null;
  /** The refresh token of the installation; null for a static token. */
  readonly refreshToken: string | null;
}

/** Who sits before the browser in which the app is consented to. */
export interface SandboxPerson {
  readonly userId: number;
  readonly email: string;
}

/** What an admin has consented to. */
export interface Consented {
  readonly scopes: readonly string[];
  readonly person: SandboxPerson;
}

export interface IssuedTokens {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly expiresInS: number;
}

const accessTokenS = 1_800;
const codeMs = 60_000;

/** Who may call: static tokens, and the installations of the app with their tokens. */
export class AppGrants {
  readonly #now: () => number;
  readonly #facts: PortalFacts;
  readonly #tokens = new Map<string, Grant>();
  /** Refresh token → what was consented to. */
  readonly #installations = new Map<string, Consented>();
  readonly #codes = new Map<string, Consented & { readonly redirectUri: string; readonly expiresAt: number }>();
  #person: SandboxPerson = { userId: 1, email: 'admin@customer.example' };
  #issued = 0;

  constructor(now: () => number, facts: PortalFacts) {
    this.#now = now;
    this.#facts = facts;
  }

  addStaticToken(token: string, scopes: readonly string[]): void {
    this.#tokens.set(token, { scopes, expiresAt: null, refreshToken: null });
  }

  /** From now on this person sits before the browser. */
  signInAs(person: SandboxPerson): void {
    this.#person = person;
  }

  /** A one-time code for an approved install. */
  issueCode(redirectUri: string, scopes: readonly string[]): string {
    this.#issued += 1;
    const code = `code-${this.#issued}-${this.#facts.portalId}`;
    this.#codes.set(code, { redirectUri, scopes, person: this.#person, expiresAt: this.#now() + codeMs });
    return code;
  }

  /** Null when the code is unknown, used, too old or was given to another redirect. */
  exchangeCode(code: string, redirectUri: string): IssuedTokens | null {
    const granted = this.#codes.get(code);
    this.#codes.delete(code);
    if (granted === undefined || granted.redirectUri !== redirectUri || granted.expiresAt <= this.#now()) return null;
    return this.install(granted.scopes, granted.person);
  }

  install(scopes: readonly string[], person = this.#person): IssuedTokens {
    this.#issued += 1;
    const refreshToken = `refresh-${this.#issued}-${this.#facts.portalId}`;
    this.#installations.set(refreshToken, { scopes, person });
    return this.#issueAccessToken(refreshToken, scopes);
  }

  /** Null when the refresh token is no longer good. The refresh token itself stays the same, as HubSpot's does. */
  refresh(refreshToken: string): IssuedTokens | null {
    const installed = this.#installations.get(refreshToken);
    return installed === undefined ? null : this.#issueAccessToken(refreshToken, installed.scopes);
  }

  scopesOf(refreshToken: string): readonly string[] | null {
    return this.#installations.get(refreshToken)?.scopes ?? null;
  }

  /** Who consented to what an access or refresh token came of; null for a static one. */
  personOf(token: string): SandboxPerson | null {
    return this.#installations.get(this.#tokens.get(token)?.refreshToken ?? token)?.person ?? null;
  }

  /** Access tokens that were given out stay good until they end. */
  revokeRefreshToken(refreshToken: string): void {
    this.#installations.delete(refreshToken);
  }

  /** Ends the installation of `refreshToken`, or all of them, with every token. Static tokens stay. */
  uninstall(refreshToken?: string): void {
    for (const [token, grant] of this.#tokens) {
      const isHit = refreshToken === undefined ? grant.refreshToken !== null : grant.refreshToken === refreshToken;
      if (isHit) this.#tokens.delete(token);
    }
    if (refreshToken === undefined) this.#installations.clear();
    else this.#installations.delete(refreshToken);
  }

  /** Ends the access token now, or all that can end; refresh tokens stay good. */
  expire(token?: string): void {
    for (const [issued, grant] of this.#tokens) {
      if (grant.expiresAt !== null && (token === undefined || issued === token)) grant.expiresAt = this.#now() - 1;
    }
  }

  find(token: string): Grant | null {
    return this.#tokens.get(token) ?? null;
  }

  /** What an `Authorization` header opens; refuses a missing, unknown or ended token. */
  authenticate(header: string | undefined): { readonly token: string; readonly grant: Grant } {
    const token = /^Bearer (.+)$/i.exec(header ?? '')?.[1] ?? '';
    const grant = this.find(token);
    if (grant === null) {
      throw refuse(
        401,
        'INVALID_AUTHENTICATION',
        'Authentication credentials not found. This API supports OAuth 2.0 authentication.',
      );
    }
    if (grant.expiresAt !== null && grant.expiresAt <= this.#now()) throw this.refuseExpired(grant.expiresAt);
    return { token, grant };
  }

  refuseExpired(expiredAt: number): Refusal {
    const minutes = Math.floor((this.#now() - expiredAt) / 60_000);
    return refuse(
      401,
      'EXPIRED_AUTHENTICATION',
      `The OAuth token used to make this call expired ${minutes} minute(s) ago.`,
      { context: { 'expire time': [toWireInstant(expiredAt)] } },
    );
  }

  #issueAccessToken(refreshToken: string, scopes: readonly string[]): IssuedTokens {
    this.#issued += 1;
    // HubSpot fixes no length; a long one finds every column that is too short for it.
    const accessToken = `access-${this.#issued}-${this.#facts.portalId}-`.padEnd(400, 'x');
    this.#tokens.set(accessToken, { scopes, expiresAt: this.#now() + accessTokenS * 1_000, refreshToken });
    return { accessToken, refreshToken, expiresInS: accessTokenS };
  }
}
