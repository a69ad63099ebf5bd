import { defaultConfiguration } from '../core/configuration.ts';
import type { ConfigurationChanges } from '../core/configuration/changes.ts';
import { changesOf, parseChanges, parseWhole, type ConfigurationWhole } from '../core/configuration/parse.ts';
import { valueAt, withValueAt } from '../core/configuration/path.ts';
import type { Instant } from '../core/model/calendar-date.ts';
import { HoldfastError } from '../errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { ConfigurationContent, ConfigurationVersion, TenantStore } from '../ports/store.ts';

/** A preview older than this shows another book than the one that is scored next. */
const FRESH_MS = 24 * 3_600_000;

/** How a draft comes about: from the draft there is, else from what is in force, with these edits one after the other. */
export interface DraftRequest {
  /** All changes of the defaults at once, in the place of what the draft said; null leaves it. */
  readonly changes: ConfigurationChanges | null;
  readonly set: readonly { readonly path: string; readonly value: unknown }[];
  /** Paths that go back to the default. */
  readonly unset: readonly string[];
  /** Null keeps what the draft says. */
  readonly note: string | null;
  readonly actor: string;
}

/**
 * Makes or edits the draft. Nothing is scored by it before it is published.
 *
 * Errors: `config-invalid` with everything that does not hold together, `input-invalid` for a path that leads nowhere;
 * nothing is stored then.
 */
export async function draftConfiguration(
  store: TenantStore,
  clock: Clock,
  request: DraftRequest,
): Promise<ConfigurationVersion> {
  const draft = await store.configurations.findDraft();
  const begun = request.changes === null ? wholeOf(draft ?? (await inForce(store))) : parseChanges(request.changes);
  let whole: unknown = begun;
  for (const path of request.unset) whole = withValueAt(whole, path, valueAt(defaultConfiguration, path));
  for (const { path, value } of request.set) whole = withValueAt(whole, path, value);
  const content = contentOf(parseWhole(whole), request.note ?? draft?.note ?? '', request.actor, clock.now());
  await store.configurations.putDraft(content);
  const stored = await getDraft(store);
  await audit(store, content, 'configuration-drafted', { number: stored.number, changes: content.changes });
  return stored;
}

/**
 * Takes the draft away.
 *
 * Errors: `input-invalid` when there is none.
 */
export async function discardDraft(store: TenantStore, clock: Clock, actor: string): Promise<void> {
  const { number, changes } = await getDraft(store);
  await store.configurations.dropDraft();
  await audit(store, { by: actor, at: clock.now() }, 'configuration-discarded', { number, changes });
}

/**
 * Puts the draft in force: the next run scores the whole book by it. Answers its number.
 *
 * Errors: `input-invalid` without a draft, and for one that nobody previewed in the last day unless `isUnseenAllowed`;
 * `config-invalid` when it no longer holds together with what came with an update.
 */
export async function publishDraft(
  store: TenantStore,
  clock: Clock,
  request: { readonly actor: string; readonly isUnseenAllowed: boolean },
): Promise<number> {
  const draft = await getDraft(store);
  const at = clock.now();
  if (!request.isUnseenAllowed && !isPreviewed(draft, at)) {
    throw new HoldfastError({
      code: 'input-invalid',
      message:
        draft.preview === null
          ? 'Nobody has looked at what this draft would change.'
          : `What this draft would change was looked at on ${draft.preview.at}; the book is another one now.`,
      remedy: "Look at it with 'holdfast config preview', or publish it unseen with --yes.",
    });
  }
  const content = contentOf(wholeOf(draft), draft.note, request.actor, at);
  const number = await store.configurations.publish(content);
  await audit(store, content, 'configuration-published', { number, changes: content.changes });
  return number;
}

/**
 * Puts an earlier version in force again, as a new version with the same content; 0 are the product's own defaults.
 * What was is never changed. Answers the new number.
 *
 * Errors: `input-invalid` for a version that is not there or in force already, and while there is a draft.
 */
export async function rollBack(
  store: TenantStore,
  clock: Clock,
  request: { readonly number: number; readonly actor: string },
): Promise<number> {
  const { number: wanted, actor } = request;
  const draft = await store.configurations.findDraft();
  if (draft !== null) {
    throw new HoldfastError({
      code: 'input-invalid',
      message: `Draft ${draft.number} is open.`,
      remedy: "Publish it, or take it away with 'holdfast config discard', then roll back.",
    });
  }
  if (wanted === (await store.configurations.numberInForce())) {
    throw new HoldfastError({
      code: 'input-invalid',
      message: `${wanted === 0 ? 'The defaults are' : `Version ${wanted} is`} in force already.`,
      remedy: "See 'holdfast config versions' for the others.",
    });
  }
  const version = wanted === 0 ? null : await store.configurations.get(wanted);
  if (wanted !== 0 && version === null) {
    throw new HoldfastError({
      code: 'input-invalid',
      message: `There is no version ${wanted}.`,
      remedy: "See 'holdfast config versions' for those there are; 0 are the defaults.",
    });
  }
  const note = wanted === 0 ? 'Back to the defaults' : `Back to version ${wanted}`;
  const content = contentOf(wholeOf(version), note, actor, clock.now());
  const number = await store.configurations.publish(content);
  await audit(store, content, 'configuration-rolled-back', { number, to: wanted });
  return number;
}

/** Remembers that somebody has seen what the draft would change. */
export async function notePreview(
  store: TenantStore,
  clock: Clock,
  { accounts, bands }: { readonly accounts: number; readonly bands: readonly { readonly accounts: number }[] },
): Promise<void> {
  const changing = bands.reduce((sum, move) => sum + move.accounts, 0);
  await store.configurations.notePreview({ at: clock.now(), accounts, changing });
}

/** Whether somebody has seen what the draft, as it is, would change in the book, not long ago. */
export function isPreviewed({ preview }: ConfigurationVersion, now: Instant): boolean {
  return preview !== null && Date.parse(now) - Date.parse(preview.at) < FRESH_MS;
}

/**
 * The draft.
 *
 * Errors: `input-invalid` when there is none.
 */
export async function getDraft(store: TenantStore): Promise<ConfigurationVersion> {
  const draft = await store.configurations.findDraft();
  if (draft !== null) return draft;
  throw new HoldfastError({
    code: 'input-invalid',
    message: 'There is no draft of the configuration.',
    remedy: 'Make one: holdfast config draft --set health.bands.green=80',
  });
}

async function inForce(store: TenantStore): Promise<ConfigurationVersion | null> {
  const number = await store.configurations.numberInForce();
  return number === 0 ? null : store.configurations.get(number);
}

/** Null stands for the defaults. */
function wholeOf(version: ConfigurationVersion | null): ConfigurationWhole {
  return version === null ? parseChanges({}) : parseWhole(version.whole);
}

function contentOf(whole: ConfigurationWhole, note: string, by: string, at: Instant): ConfigurationContent {
  return { changes: changesOf(whole), whole, note, by, at };
}

function audit(
  store: TenantStore,
  { by, at }: Pick<ConfigurationContent, 'by' | 'at'>,
  action: string,
  details: Readonly<Record<string, unknown>>,
): Promise<void> {
  return store.audit.add({ at, actor: by, action, details });
}
