import type { Request } from 'express';
import { isFormOf, readSession, type Session, type SessionParts } from '../install/sessions.ts';
import { HoldfastError } from '../errors.ts';
import type { Cookies } from './cookies.ts';
import type { PageFrame } from './pages/layout.ts';

/** Where the pages are, and how people are known there. */
export interface Visits {
  readonly cookies: Cookies;
  /** A path of ours as browsers reach it: the public address may have a path of its own. */
  readonly at: (path: string) => string;
  /** Who is signed in; null for nobody. */
  findSession(request: Request): Promise<Session | null>;
  frame(session: Session | null): PageFrame;
}

export function openVisits(parts: SessionParts, publicUrl: string, cookies: Cookies): Visits {
  const base = new URL(publicUrl).pathname.replace(/\/+$/, '');
  const at = (path: string): string => `${base}${path}`;
  return {
    cookies,
    at,
    findSession: async (request) => {
      const cookie = cookies.readSession(request);
      return cookie === null ? null : readSession(parts, cookie);
    },
    frame: (session) => ({ at, session }),
  };
}

/**
 * One parameter of the address, or one field of a form. Null when it is absent or stands there several times.
 */
export function valueOf(from: unknown, name: string): string | null {
  if (typeof from !== 'object' || from === null || !Object.hasOwn(from, name)) return null;
  const value: unknown = (from as Record<string, unknown>)[name];
  return typeof value === 'string' && value !== '' ? value : null;
}

/** A path of ours to go on to: what is not one becomes the overview, so that nobody is led elsewhere. */
export function toOwnPath(text: string | null): string {
  return text !== null && /^\/(?:app|accounts)(?:[/?][^\\]*)?$/.test(text) ? text : '/app';
}

/** Throws `form-refused` for a form that was not made for this session, and for one whose sender may only look. */
export function mustBeAllowed(session: Session, request: Request): void {
  if (!isFormOf(session, valueOf(request.body, 'token') ?? '')) {
    throw new HoldfastError({
      code: 'form-refused',
      message: 'This form was not made for you, or you have signed in anew since.',
      remedy: 'Go back, load the page again and repeat it.',
    });
  }
  if (session.role !== 'admin') {
    throw new HoldfastError({
      code: 'form-refused',
      message: 'Only an admin can do this.',
      remedy:
        'Ask whoever has installed Holdfast, or install it yourself if your CRM lets you: that makes you an admin.',
    });
  }
}
