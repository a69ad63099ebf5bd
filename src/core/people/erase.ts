/** What a person can be recognised by. */
export interface Traces {
  /** The CRM's object that they are a record of, and its word for one: `contacts`. */
  readonly object: string;
  readonly ids: readonly string[];
  readonly emails: readonly string[];
  /** Whole names; a single word is nobody's name alone. */
  readonly names: readonly string[];
}

/** Takes a person out of what was written. */
export interface Eraser {
  /** Words of which at least one stands in everything that tells of the person, for a first, coarse search. */
  readonly traces: readonly string[];
  eraseText(text: string): string;
  /** A copy without the person: their words are struck out, references to them are gone. */
  eraseDocument(document: unknown): unknown;
}

const STRUCK = '[erased]';

/** Members of documents that say whose words the rest of the document is. */
const AUTHORS = ['contactEmail', 'contactId', 'email'];
/** Members that hold such a person's own words. */
const OWN_WORDS = ['comment'];

export function openEraser({ object, ids, emails, names }: Traces): Eraser {
  const known = new Set(ids);
  const references = ids.flatMap((id) => [`${object}/${id}`, `${object} ${id}`]);
  const words = [...emails, ...names, ...references].filter((word) => word !== '');
  const pattern = toPattern(words);
  const eraseText = (text: string): string => (pattern === null ? text : text.replace(pattern, STRUCK));
  const isAuthor = (name: string, value: unknown): boolean =>
    AUTHORS.includes(name) &&
    typeof value === 'string' &&
    (known.has(value) || emails.some((email) => email.toLowerCase() === value.toLowerCase()));

  const eraseMember = (name: string, value: unknown): unknown => {
    if (isAuthor(name, value)) return null;
    // Ids are numbers that other records have as well: they count only where a contact is meant.
    const isIds = name === 'contactIds' || name === object;
    if (isIds && Array.isArray(value)) return value.filter((id) => !known.has(String(id))).map(eraseDocument);
    return eraseDocument(value);
  };
  const isReference = (value: unknown): boolean =>
    typeof value === 'object' &&
    value !== null &&
    'id' in value &&
    known.has(String(value.id)) &&
    (('kind' in value && value.kind === 'contact') || ('object' in value && value.object === object));
  const eraseDocument = (document: unknown): unknown => {
    if (typeof document === 'string') return eraseText(document);
    if (typeof document !== 'object' || document === null) return document;
    if (Array.isArray(document)) return document.filter((member) => !isReference(member)).map(eraseDocument);
    const isTheirs = Object.entries(document).some(([name, value]) => isAuthor(name, value));
    return Object.fromEntries(
      Object.entries(document).map(([name, value]) => [
        eraseText(name),
        isTheirs && OWN_WORDS.includes(name)
          ? null
          : isReference(document) && name === 'id'
            ? null
            : eraseMember(name, value),
      ]),
    );
  };
  return { traces: [...words, ...ids], eraseText, eraseDocument };
}

/** Whole words only: `ann@acme.example` does not stand in `joann@acme.example`, nor `Ann Ray` in `Ann Raymond`. */
function toPattern(words: readonly string[]): RegExp | null {
  if (words.length === 0) return null;
  const longestFirst = words.toSorted((a, b) => b.length - a.length).map((word) => RegExp.escape(word));
  return new RegExp(
    `(?<![\\p{L}\\p{N}.+_-])(?:${longestFirst.join('|')})(?![\\p{L}\\p{N}_-]|\\.[\\p{L}\\p{N}])`,
    'giu',
  );
}
