import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { toHoldfastKey, type HoldfastKey, type InstallationId, type TermId } from '../model/ids.ts';

/** The facts that make a task what it is. The same facts give the same key, in any process, for ever. */
export interface TaskFacts {
  readonly tenant: InstallationId;
  /** What the play looks at: `account`. */
  readonly scope: string;
  readonly scopeId: string;
  /** Null for plays that do not hang on a term. */
  readonly termId: TermId | null;
  readonly play: string;
  readonly step: string;
  /** 1 for the first time that the step comes round in its term. */
  readonly occurrence: number;
}

const KEY_LENGTH = 26;

/** 26 characters A–Z and 2–7: the first 130 bits of a SHA-256. */
export function holdfastKey(facts: TaskFacts): HoldfastKey {
  const { tenant, scope, scopeId, termId, play, step, occurrence } = facts;
  return toHoldfastKey(
    fingerprint([tenant, scope, scopeId, termId ?? '', play, step, String(occurrence)].join('|'), KEY_LENGTH),
  );
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** The first `length` characters of a text's SHA-256 in base 32 (RFC 4648, without padding). At most 51. */
export function fingerprint(text: string, length: number): string {
  const bytes = sha256(utf8ToBytes(text));
  let result = '';
  let bits = 0;
  let held = 0;
  for (const byte of bytes) {
    held = (held << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      result += ALPHABET.charAt((held >> bits) & 31);
      held &= (1 << bits) - 1;
    }
    if (result.length >= length) break;
  }
  return result.slice(0, length);
}
