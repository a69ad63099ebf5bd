/** `\u0000`, or half of a surrogate pair: valid in JSON, refused by PostgreSQL in `jsonb` and `text`. */
const UNSTORABLE = /\\u0000|\\u[dD][89a-fA-F]/;

/** Text without what PostgreSQL cannot hold: NUL is dropped, a lone surrogate becomes U+FFFD. */
export function toStorableText(text: string): string {
  return text.replaceAll('\u0000', '').toWellFormed();
}

/** JSON text that PostgreSQL accepts. One odd character in one field must not refuse a page of records. */
export function toStorableJson(value: unknown): string {
  const json = JSON.stringify(value);
  if (!UNSTORABLE.test(json)) return json;
  return JSON.stringify(value, (_, member: unknown) => {
    if (typeof member === 'string') return toStorableText(member);
    if (typeof member !== 'object' || member === null || Array.isArray(member)) return member;
    return Object.fromEntries(Object.entries(member).map(([key, inner]) => [toStorableText(key), inner as unknown]));
  });
}
