import { createHmac } from 'node:crypto';
import type { OrgFacts } from './org-seed.ts';

/** The app as it is registered with Salesforce. */
export interface SandboxApp {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly redirectUris: readonly string[];
  /** The authorize URL must carry a PKCE challenge; true unless told. */
  readonly requiresPkce?: boolean;
  /** Every refresh gives a new refresh token and ends the old one; true unless told. */
  readonly rotatesRefreshTokens?: boolean;
  /** PEM of the public key that JWTs are checked with; without it the JWT flow is refused. */
  readonly jwtPublicKey?: string;
}

/** Who an access token stands for. */
export interface Grant {
  readonly userId: string;
  readonly scope: string;
  /** Epoch milliseconds; null for a static token. */
  expiresAt: number | null;
  /** The connection that it came from; null for static tokens and those of JWTs. */
  readonly connection: Connection | null;
}

/** What one approval gave: a chain of refresh tokens, of which the last is good. */
export interface Connection {
  readonly userId: string;
  readonly scope: string;
  refreshToken: string;
  /** Epoch milliseconds; a refresh token that rests for 30 days ends. */
  usedAt: number;
}

export interface IssuedTokens {
  readonly accessToken: string;
  readonly refreshToken: string | null;
  readonly scope: string;
  readonly userId: string;
}

export interface IssuedCode {
  readonly redirectUri: string;
  readonly scope: string;
  readonly userId: string;
  readonly challenge: string | null;
  readonly expiresAt: number;
}

const HOUR_MS = 3_600_000;
const SESSION_MS = 2 * HOUR_MS;
const CODE_MS = 15 * 60_000;
const IDLE_MS = 30 * 24 * HOUR_MS;
const MOST_CONNECTIONS = 5;

/** Who may call: static tokens, and the app's connections to this org with their tokens. */
export class AppGrants {
  readonly #now: () => number;
  readonly #facts: OrgFacts;
  readonly #rotates: boolean;
  readonly #tokens = new Map<string, Grant>();
  readonly #codes = new Map<string, IssuedCode>();
  readonly #used = new Set<string>();
  /** The oldest first. */
  #connections: Connection[] = [];
  /** Every refresh token there was, with its connection. */
  readonly #chains = new Map<string, Connection>();
  #issued = 0;
  #userId: string;

  constructor(now: () => number, facts: OrgFacts, rotates: boolean) {
    this.#now = now;
    this.#facts = facts;
    this.#rotates = rotates;
    this.#userId = facts.integrationUserId;
  }

  addStaticToken(token: string): void {
    this.#tokens.set(token, {
      userId: this.#facts.integrationUserId,
      scope: 'api',
      expiresAt: null,
      connection: null,
    });
  }

  /** From now on this user sits before the browser; else the integration user does. */
  signInAs(userId: string): void {
    this.#userId = userId;
  }

  /** A one-time code for an approved connection. */
  issueCode(redirectUri: string, scope: string, challenge: string | null): string {
    const code = `aPrx${this.#mark('code')}`;
    this.#codes.set(code, { redirectUri, scope, userId: this.#userId, challenge, expiresAt: this.#now() + CODE_MS });
    return code;
  }

  /** What the code was given for, once; null when it is unknown, used or too old. */
  takeCode(code: string): IssuedCode | null {
    const issued = this.#codes.get(code) ?? null;
    if (issued === null || this.#used.has(code) || issued.expiresAt <= this.#now()) return null;
    this.#used.add(code);
    return issued;
  }

  /** A new connection. A user has at most five with one app: the oldest ends without a word. */
  connect(scope: string, userId: string = this.#facts.integrationUserId): IssuedTokens {
    const connection: Connection = { userId, scope, refreshToken: '', usedAt: this.#now() };
    this.#renew(connection);
    this.#connections.push(connection);
    if (this.#connections.length > MOST_CONNECTIONS) this.#end(this.#connections[0] ?? null);
    return this.#issue(connection);
  }

  /**
   * Null when the refresh token is no longer good. One that was replaced already ends its whole connection, the newest
   * refresh token and all access tokens included: somebody else seems to have it.
   */
  refresh(refreshToken: string): IssuedTokens | null {
    const connection = this.#chains.get(refreshToken) ?? null;
    if (connection === null || !this.#connections.includes(connection)) return null;
    const isReplaced = connection.refreshToken !== refreshToken;
    if (isReplaced || connection.usedAt + IDLE_MS < this.#now()) {
      this.#end(connection);
      return null;
    }
    connection.usedAt = this.#now();
    if (this.#rotates) this.#renew(connection);
    const issued = this.#issue(connection);
    return this.#rotates ? issued : { ...issued, refreshToken: null };
  }

  /** An access token alone, as the JWT flow gives. */
  issueAccess(userId: string, scope: string): IssuedTokens {
    return { accessToken: this.#addToken(userId, scope, null), refreshToken: null, scope, userId };
  }

  /** Ends what the token opens: a refresh token its connection, an access token itself. Tells whether it was known. */
  revoke(token: string): boolean {
    const connection = this.#chains.get(token) ?? null;
    if (connection !== null && this.#connections.includes(connection)) {
      this.#end(connection);
      return true;
    }
    return this.#tokens.delete(token);
  }

  /** The admin removes the app: every connection ends. Static tokens stay. */
  uninstall(): void {
    this.#connections = [];
    for (const [token, grant] of this.#tokens) if (grant.expiresAt !== null) this.#tokens.delete(token);
  }

  /** Ends the access token now, or all that can end; refresh tokens stay good. */
  expire(token?: string): void {
    for (const [issued, grant] of this.#tokens) {
      if (grant.expiresAt !== null && (token === undefined || issued === token)) grant.expiresAt = this.#now() - 1;
    }
  }

  /** What the access token opens; null when it is unknown or over. */
  find(token: string): Grant | null {
    const grant = this.#tokens.get(token) ?? null;
    return grant === null || (grant.expiresAt !== null && grant.expiresAt <= this.#now()) ? null : grant;
  }

  /** The connection that the refresh token belongs to, while it is good. */
  findConnection(refreshToken: string): Connection | null {
    const connection = this.#chains.get(refreshToken) ?? null;
    const isGood = connection?.refreshToken === refreshToken && this.#connections.includes(connection);
    return isGood ? connection : null;
  }

  #end(connection: Connection | null): void {
    this.#connections = this.#connections.filter((other) => other !== connection);
    for (const [token, grant] of this.#tokens) if (grant.connection === connection) this.#tokens.delete(token);
  }

  #renew(connection: Connection): void {
    connection.refreshToken = `5Aep861${this.#mark('refresh')}`;
    this.#chains.set(connection.refreshToken, connection);
  }

  #issue(connection: Connection): IssuedTokens {
    const { userId, scope, refreshToken } = connection;
    return { accessToken: this.#addToken(userId, scope, connection), refreshToken, scope, userId };
  }

  #addToken(userId: string, scope: string, connection: Connection | null): string {
    // Salesforce's tokens begin with the org's id and an exclamation mark, and hold dots and underscores.
    const token = `${this.#facts.organizationId.slice(0, 15)}!AQEAQ.${this.#mark('access')}_`;
    this.#tokens.set(token, { userId, scope, expiresAt: this.#now() + SESSION_MS, connection });
    return token;
  }

  /** The same tokens for the same org in the same order, so that a run can be repeated. */
  #mark(kind: string): string {
    this.#issued += 1;
    return createHmac('sha256', this.#facts.organizationId).update(`${kind} ${this.#issued}`).digest('base64url');
  }
}
