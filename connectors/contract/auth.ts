/** A value that never prints. Only the sealing of secrets and the call to the CRM reveal it. */
export class Secret<T extends string = string> {
  readonly #value: T;

  constructor(value: T) {
    this.#value = value;
  }

  /** The value itself. Call it only where it is sealed or sent. */
  reveal(): T {
    return this.#value;
  }

  /** Whether both hold the same value, without showing either. */
  isSame(other: Secret): boolean {
    return this.#value === other.#value;
  }

  toString(): string {
    return '[secret]';
  }

  toJSON(): string {
    return '[secret]';
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return '[secret]';
  }
}

/** Tokens as an OAuth exchange or refresh returned them. */
export interface Tokens {
  readonly accessToken: Secret;
  /** The refresh token to use next time: CRMs may rotate it. Null for a token that cannot be refreshed. */
  readonly refreshToken: Secret | null;
  /** Seconds from now until the access token ends; null when it never does. */
  readonly expiresInS: number | null;
}

export interface OAuthApp {
  readonly clientId: string;
  readonly clientSecret: Secret;
  readonly redirectUri: string;
  /** Root of the CRM's web app, where the admin consents; absent for the CRM's own. */
  readonly webUrl?: string | undefined;
}

/** The OAuth of one CRM. Each function makes one HTTP call and throws `ConnectorError`. */
export interface OAuth {
  /** Where the admin's browser is sent. `state` is ours, one-time, checked on return. */
  authorizeUrl(app: OAuthApp, state: string): string;
  exchangeCode(app: OAuthApp, baseUrl: string, code: string, signal: AbortSignal): Promise<Tokens>;
  /** Throws `access-revoked` when the CRM says that the refresh token is no longer good. */
  refresh(app: OAuthApp, baseUrl: string, refreshToken: Secret, signal: AbortSignal): Promise<Tokens>;
}
