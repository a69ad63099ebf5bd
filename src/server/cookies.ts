import type { Request, Response } from 'express';
import { makeOneTime } from '../install/one-time.ts';

const SESSION = 'holdfast-session';
const BROWSER = 'holdfast-browser';

/** The cookies of the pages. With `isSecure` browsers send them over TLS alone, and take them from this host alone. */
export interface Cookies {
  /** What the session's cookie holds; null for none. */
  readSession(request: Request): string | null;
  putSession(response: Response, value: string): void;
  dropSession(response: Response): void;
  readBrowser(request: Request): string | null;
  /**
   * What a consent is bound to: as the browser has it, or a new one, for ten minutes more. `isEmbedded` when our page stands
   * within the CRM's own, to which browsers send such a cookie only if it says so.
   */
  keepBrowser(request: Request, response: Response, isEmbedded: boolean): string;
}

export function openCookies(isSecure: boolean): Cookies {
  // The prefix makes browsers refuse such a cookie from other hosts of the same domain.
  const prefix = isSecure ? '__Host-' : '';
  const options = { httpOnly: true, secure: isSecure, sameSite: 'lax', path: '/' } as const;
  const read = (request: Request, name: string): string | null => {
    const parts = (request.headers.cookie ?? '').split(';').map((part) => part.trim());
    const found = parts.find((part) => part.startsWith(`${prefix}${name}=`));
    return found === undefined ? null : found.slice(prefix.length + name.length + 1);
  };
  return {
    readSession: (request) => read(request, SESSION),
    // Until the browser closes: how long a session lasts is the server's to say.
    putSession: (response, value) => void response.cookie(prefix + SESSION, value, options),
    dropSession: (response) => void response.clearCookie(prefix + SESSION, options),
    readBrowser: (request) => read(request, BROWSER),
    keepBrowser: (request, response, isEmbedded) => {
      const known = read(request, BROWSER);
      const value = known !== null && /^[\w-]{43}$/.test(known) ? known : makeOneTime();
      const sameSite = isEmbedded && isSecure ? 'none' : 'lax';
      response.cookie(prefix + BROWSER, value, { ...options, sameSite, maxAge: 10 * 60_000 });
      return value;
    },
  };
}
