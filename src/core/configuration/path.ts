import { HoldfastError } from '../../errors.ts';
import { didYouMean } from '../mapping/did-you-mean.ts';
import { isGroup } from './changes.ts';

/** Part of a path: a key, or a place in a list counted from 0. */
type PathPart = string | number;

const PART = /([^.[\]]+)|\[(\d+)\]/gy;

/**
 * Reads `health.bands.green`, `plays.redRescue.tasks[0].title`.
 *
 * Errors: `input-invalid`.
 */
export function parsePath(text: string): readonly PathPart[] {
  const parts: PathPart[] = [];
  for (const piece of text.split('.')) {
    const found = [...piece.matchAll(PART)];
    if (piece === '' || found.map(([whole]) => whole).join('') !== piece) throw notAPath(text);
    for (const [, key, place] of found) parts.push(key ?? Number(place));
  }
  return parts;
}

/**
 * What stands at a path of the configuration.
 *
 * Errors: `input-invalid` where nothing does, with what may be meant.
 */
export function valueAt(whole: unknown, path: string): unknown {
  let value = whole;
  const walked: PathPart[] = [];
  for (const part of parsePath(path)) {
    const next = memberOf(value, part);
    if (next === undefined) throw nothingThere(path, walked, part, value);
    walked.push(part);
    value = next;
  }
  return value;
}

/**
 * The whole with one value set at a path. A new key is allowed: whether it may be there is for the schema to say.
 *
 * Errors: `input-invalid` for a place behind the end of a list, or inside something that is no list.
 */
export function withValueAt(whole: unknown, path: string, value: unknown): unknown {
  return set(whole, parsePath(path), value, path);
}

function set(whole: unknown, parts: readonly PathPart[], value: unknown, path: string): unknown {
  const [first, ...rest] = parts;
  if (first === undefined) return value;
  if (typeof first === 'number') {
    if (!Array.isArray(whole) || first > whole.length) throw nothingThere(path, [], first, whole);
    const list: readonly unknown[] = whole;
    const changed = set(list[first], rest, value, path);
    return [...list.slice(0, first), changed, ...list.slice(first + 1)];
  }
  const group = isGroup(whole) ? whole : {};
  return { ...group, [first]: set(Object.hasOwn(group, first) ? group[first] : undefined, rest, value, path) };
}

function memberOf(value: unknown, part: PathPart): unknown {
  if (typeof part === 'number') return Array.isArray(value) ? (value[part] as unknown) : undefined;
  return isGroup(value) && Object.hasOwn(value, part) ? value[part] : undefined;
}

function notAPath(text: string): HoldfastError {
  return new HoldfastError({
    code: 'input-invalid',
    message: `'${text}' is not a path of the configuration.`,
    remedy: 'Write keys with dots between them, and places in a list in brackets: plays.redRescue.tasks[0].title.',
  });
}

function nothingThere(path: string, walked: readonly PathPart[], part: PathPart, value: unknown): HoldfastError {
  const at = walked.length === 0 ? 'the configuration' : `'${walked.join('.')}'`;
  const known = isGroup(value) ? Object.keys(value) : [];
  const hint = typeof part === 'string' ? didYouMean(part, known) : '';
  return new HoldfastError({
    code: 'input-invalid',
    message: `There is no '${typeof part === 'number' ? `[${part}]` : part}' in ${at} (${path}).${hint}`,
    remedy: known.length === 0 ? "See 'holdfast config show' for what is there." : `Known are ${known.join(', ')}.`,
  });
}
