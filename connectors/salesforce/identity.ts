import { createHmac, timingSafeEqual } from 'node:crypto';
import type { CrmUser } from '../contract/auth.ts';
import { ConnectorError } from '../contract/errors.ts';

/** What a token answer says about who consented. */
export interface SignedIdentity {
  readonly id?: string | null | undefined;
  readonly issued_at?: string | null | undefined;
  readonly signature?: string | null | undefined;
}

/**
 * The user that the answer names, whose signature is the base64 of HMAC-SHA256 of id and moment under the app's secret.
 * An app without a secret has nothing to check it with. Undefined when no user is named.
 *
 * Errors: `response-unexpected` when the signature is absent or another one.
 */
export function readSignedUser(answer: SignedIdentity, clientSecret: string): CrmUser | undefined {
  const { id, issued_at: issuedAt, signature } = answer;
  const [, accountId, userId] = /\/id\/(00D\w{15})\/(005\w{15})$/.exec(id ?? '') ?? [];
  if (!id || accountId === undefined || userId === undefined) return undefined;
  if (clientSecret !== '') {
    const expected = createHmac('sha256', clientSecret)
      .update(id + (issuedAt ?? ''))
      .digest();
    const given = Buffer.from(signature ?? '', 'base64');
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
      throw new ConnectorError({
        code: 'response-unexpected',
        message: 'The answer about who consented does not bear the signature of Salesforce.',
        remedy: 'Check SALESFORCE_CLIENT_SECRET and SALESFORCE_LOGIN_URL, then begin the installation again.',
      });
    }
  }
  return { accountId, userId };
}
