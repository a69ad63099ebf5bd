import type { Instant } from './record.ts';

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
  /** Seconds from now until the access token ends; null when it never does, or when the CRM does not say. */
  readonly expiresInS: number | null;
  /** Root of the API that the token is for, where the CRM states it with every token; absent where it is always the same. */
  readonly baseUrl?: string | undefined;
  /** Whose consent this is, where the CRM says and signs it with the code's exchange. */
  readonly user?: CrmUser | undefined;
}

/** A user of the CRM, in one customer's account. */
export interface CrmUser {
  /** As `AccountFacts.accountId`. */
  readonly accountId: string;
  readonly userId: string;
}

/** Who consented, as the CRM tells it. */
export interface Identity extends CrmUser {
  /** E-mail address or user name; null where the CRM does not say. */
  readonly name: string | null;
  /** What the token may do now; null where the CRM does not say, because it grants all or nothing. */
  readonly scopes: readonly string[] | null;
}

/** One permission that the app asks a customer's admin for. */
export interface AskedScope {
  readonly name: string;
  /** Optional ones may be left out without a word. */
  readonly need: 'required' | 'optional';
  /** What for, in one sentence to the customer. */
  readonly purpose: string;
  /** What does not work where it is not granted, in one sentence to the customer. */
  readonly without: string;
}

/** A CRM whose customers log in at different addresses. */
export interface LoginAddresses {
  /** The usual ones, with what they are for. */
  choices(app: OAuthApp): readonly { readonly title: string; readonly url: string }[];
  /** What the admin typed, as the root of a login page; null for what is not a login page of this CRM. */
  parse(app: OAuthApp, typed: string): string | null;
  /** What an address of one's own looks like: `https://acme.my.salesforce.com`. */
  readonly example: string;
}

export interface OAuthApp {
  readonly clientId: string;
  readonly clientSecret: Secret;
  readonly redirectUri: string;
  /** Root of the CRM's web app, where the admin consents; absent for the CRM's own. */
  readonly webUrl?: string | undefined;
  /** With what the server signs in by itself, for CRMs that allow it; absent where a person's consent is needed. */
  readonly signer?: Signer | undefined;
}

/** A user of the CRM in whose name the server signs in, with a key that an admin has allowed. */
export interface Signer {
  readonly username: string;
  /** PEM, PKCS #8 or PKCS #1. */
  readonly privateKey: Secret;
}

/** Proof that whoever exchanges a code is who asked for it (RFC 7636, `S256`). */
export interface Proof {
  /** 43 to 128 characters; kept until the code is exchanged, and sent then. */
  readonly verifier: string;
  /** Its SHA-256, base64url: sent when the admin's browser is sent away. */
  readonly challenge: string;
}

/** The OAuth of one CRM. Each function makes one HTTP call and throws `ConnectorError`. */
export interface OAuth {
  /** The CRM refuses an authorization without a `Proof`. Absent where it knows none. */
  readonly needsProof?: true;
  /** Where the admin's browser is sent. `state` is ours, one-time, checked on return. */
  authorizeUrl(app: OAuthApp, state: string, proof?: Proof): string;
  exchangeCode(app: OAuthApp, baseUrl: string, code: string, signal: AbortSignal, proof?: Proof): Promise<Tokens>;
  /** Throws `access-revoked` when the CRM says that the refresh token is no longer good. */
  refresh(app: OAuthApp, baseUrl: string, refreshToken: Secret, signal: AbortSignal): Promise<Tokens>;
  /** A token by `signer` alone. Throws `access-revoked` when the CRM does not let the signer in. Absent where it cannot. */
  signIn?(app: OAuthApp, signer: Signer, baseUrl: string, now: Instant, signal: AbortSignal): Promise<Tokens>;
  /** Every scope that is asked for, in the order of the consent page. Absent where there is none. */
  readonly scopes?: readonly AskedScope[];
  /** Absent where every customer logs in at the same address. */
  readonly logins?: LoginAddresses;
  /** Where people go who only say who they are, so that no connection comes of it. Absent where `authorizeUrl` serves for both. */
  signInUrl?(app: OAuthApp, state: string, proof?: Proof): string;
  /** Whose tokens these are, and what they may do. Absent where the CRM does not tell. */
  identify?(app: OAuthApp, baseUrl: string, tokens: Tokens, signal: AbortSignal): Promise<Identity>;
  /**
   * Is this one of the CRM's own pages, to which an installation that began in its marketplace goes back? Absent where
   * installations begin with us alone.
   */
  mayReturnTo?(app: OAuthApp, page: URL): boolean;
  /** Ends the refresh token and all that came of it; one that has ended already is fine. Absent where `CrmSession.uninstall` does it. */
  revoke?(app: OAuthApp, baseUrl: string, refreshToken: Secret, signal: AbortSignal): Promise<void>;
}
