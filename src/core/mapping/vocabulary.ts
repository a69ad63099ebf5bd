import type { ValuesFile } from './schema.ts';

/** What the values of one place mean. */
export interface Vocabulary {
  /** Our value for one of the CRM's; undefined when it has no meaning. `text` is trimmed. */
  meaningOf(text: string): string | undefined;
}

/** What yes and no are called unless a mapping says otherwise. */
export const YES_AND_NO: ValuesFile = { true: ['true', 'yes', '1'], false: ['false', 'no', '0'] };

/**
 * Compiles spellings. Case does not matter; a spelling that matches as it stands beats one with `*`, and of those the
 * first in the file wins. `labels` gives what people call a value (an option's label, a pipeline's name): a value
 * without a meaning of its own has that of its label.
 */
export function toVocabulary(values: ValuesFile, labels: ReadonlyMap<string, string>): Vocabulary {
  const exact = new Map<string, string>();
  const patterns: { readonly matches: (text: string) => boolean; readonly meaning: string }[] = [];
  for (const [meaning, spellings] of Object.entries(values)) {
    for (const spelling of spellings ?? []) {
      const word = spelling.toLowerCase();
      if (word.startsWith('*') || word.endsWith('*')) patterns.push({ matches: toPattern(word), meaning });
      else exact.set(word, meaning);
    }
  }
  const find = (word: string): string | undefined =>
    exact.get(word) ?? patterns.find((pattern) => pattern.matches(word))?.meaning;
  const byLabel = new Map<string, string>();
  for (const [value, label] of labels) {
    const meaning = find(label.trim().toLowerCase());
    if (meaning !== undefined) byLabel.set(value.trim().toLowerCase(), meaning);
  }
  return {
    meaningOf(text) {
      const word = text.toLowerCase();
      return find(word) ?? byLabel.get(word);
    },
  };
}

function toPattern(word: string): (text: string) => boolean {
  const core = word.replace(/^\*/, '').replace(/\*$/, '');
  if (!word.endsWith('*')) return (text) => text.endsWith(core);
  if (!word.startsWith('*')) return (text) => text.startsWith(core);
  return (text) => text.includes(core);
}
