/** A host name with at least two labels, none of them empty. Letters of any script, since hosts may have them. */
const HOST = /^(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?\.)+\p{L}[\p{L}\p{N}-]*$/u;

/** Of a host name in the domain name system (RFC 1035). */
const LONGEST_HOST = 253;

/** The host in a domain or web address as people type it (`https://www.Acme.com/about` → `acme.com`); null when there is none. */
export function toDomain(text: string): string | null {
  const host = hostOf(text);
  return host.length <= LONGEST_HOST && HOST.test(host) ? host : null;
}

/** What stands in a domain or web address where the host should, in lower case. */
export function hostOf(text: string): string {
  return text
    .trim()
    .toLowerCase()
    .replace(/^[a-z][a-z0-9+.-]*:\/\//, '')
    .replace(/[/?#:].*$/s, '')
    .replace(/^www\./, '')
    .replace(/\.$/, '');
}

/** The domain of an e-mail address; null when the text is not one. */
export function domainOfEmail(text: string): string | null {
  const parts = text.trim().split('@');
  const [name, domain] = parts;
  if (parts.length !== 2 || name === undefined || name === '' || domain === undefined || /\s/.test(name)) return null;
  return toDomain(domain);
}

/** The domain itself and those above it that still have two labels, the nearest first: `eu.acme.com`, `acme.com`. */
export function domainAndParents(domain: string): readonly string[] {
  const labels = domain.split('.');
  return labels.slice(0, -1).map((_, index) => labels.slice(index).join('.'));
}
