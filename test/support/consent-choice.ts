import type { Visited } from './visitor.ts';

/** The address behind `Connect app`, `Cancel`, `Allow` or `Deny` on a sandbox CRM's consent page. */
export function choiceOn(consent: Visited, words: string): string {
  const found = new RegExp(`href="([^"]+)">${words}<`).exec(consent.text)?.[1];
  if (found === undefined) throw new Error(`no '${words}' on: ${consent.words}`);
  return new URL(found.replaceAll('&amp;', '&'), consent.url).href;
}
