import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { isGroup, type ConfigurationChanges } from '../../core/configuration/changes.ts';
import { parseWhole, versionName } from '../../core/configuration/parse.ts';
import { TEMPLATE_VARIABLES } from '../../core/plays/template.ts';
import { HoldfastError } from '../../errors.ts';
import {
  discardDraft,
  draftConfiguration,
  getDraft,
  notePreview,
  publishDraft,
  rollBack,
  type DraftRequest,
} from '../../install/configuration.ts';
import type { Installation, TenantStore } from '../../ports/store.ts';
import { listVersions, showConfiguration } from '../../queries/configuration.ts';
import { changesInWords, previewInWords, valueInWords, versionsInWords } from '../configuration-in-words.ts';
import { chooseInstallation, command, wholeNumber, withSession, type CommonOptions, type Session } from '../session.ts';

interface ShowOptions extends CommonOptions {
  readonly path?: string;
  readonly draft: boolean;
}

interface DraftOptions extends CommonOptions {
  readonly file?: string;
  readonly set: readonly string[];
  readonly unset: readonly string[];
  readonly note?: string;
}

interface PreviewOptions extends CommonOptions {
  readonly top: number;
}

interface PublishOptions extends CommonOptions {
  readonly yes: boolean;
}

interface RollbackOptions extends CommonOptions {
  readonly installation?: string;
}

const ACTOR = 'admin';
const INSTALLATION = 'its id, or the account id in the CRM; may be left out when there is only one';

const collect = (value: string, all: readonly string[]): readonly string[] => [...all, value];

export function configCommand(): Command {
  return command('config', 'show and change the numbers that scores, risks and plays are made by, version by version')
    .enablePositionalOptions()
    .addHelpText(
      'after',
      `
Examples:
  holdfast config show                                      what is in force, and what differs from the defaults
  holdfast config show --path health.bands                  what stands there
  holdfast config draft --set health.bands.green=80 --note "Fewer greens"
  holdfast config draft --set 'plays.redRescue.tasks[0].title=Ring {account}' --unset health.prior
  holdfast config draft --file changes.json                 only what differs: {"health": {"bands": {"green": 80}}}
  holdfast config preview                                   whose band changes and why, and what would be written
  holdfast config publish                                   the next sync scores the whole book by it
  holdfast config rollback 1                                a new version with the content of version 1; 0: the defaults

Texts of tasks may name ${Object.keys(TEMPLATE_VARIABLES)
        .map((name) => `{${name}}`)
        .join(', ')}.

What 'holdfast plays --set' chose for a play goes before plays.modes of the configuration.`,
    )
    .addCommand(showCommand())
    .addCommand(draftCommand())
    .addCommand(previewCommand())
    .addCommand(publishCommand())
    .addCommand(rollbackCommand())
    .addCommand(versionsCommand())
    .addCommand(discardCommand());
}

function showCommand(): Command {
  return command('show', 'show which version is in force and how it differs from the defaults')
    .argument('[installation]', INSTALLATION)
    .option('--path <path>', 'show what stands at a path: health.bands, plays.redRescue.tasks[0]')
    .option('--draft', 'show the draft instead', false)
    .action((named: string | undefined, options: ShowOptions) =>
      onInstallation(named, options, async (store, { app, terminal }) => {
        const shown = options.draft
          ? await getDraft(store).then(({ number, whole }) => ({ version: versionName(number), ...parseWhole(whole) }))
          : await app.configurationOf(store);
        const result = showConfiguration(store.id, shown, options.path ?? null);
        terminal.result(
          result,
          options.path === undefined
            ? `${result.version} is ${options.draft ? 'the draft' : 'in force'}.\n${changesInWords(result.changes)}`
            : valueInWords(result.value),
        );
      }),
    );
}

function draftCommand(): Command {
  return command('draft', 'make or edit the draft: nothing changes before it is published')
    .argument('[installation]', INSTALLATION)
    .option(
      '--set <path=value>',
      'health.bands.green=80; values are JSON or text; may be given several times',
      collect,
      [],
    )
    .option('--unset <path>', 'back to the default; may be given several times', collect, [])
    .option('--file <file>', 'JSON with all that differs from the defaults, in the place of what the draft says')
    .option('--note <words>', 'why')
    .action((named: string | undefined, options: DraftOptions) =>
      onInstallation(named, options, async (store, { app, terminal }) => {
        const request = toDraftRequest(options);
        const draft = await draftConfiguration(store, app.clock, request);
        const { changes } = showConfiguration(
          store.id,
          { version: versionName(draft.number), ...parseWhole(draft.whole) },
          null,
        );
        terminal.result(
          { installation: store.id, draft: draft.number, changes },
          `Draft ${draft.number} holds together.\n${changesInWords(changes)}\nSee what it would change: holdfast config preview`,
        );
      }),
    );
}

function previewCommand(): Command {
  return command(
    'preview',
    'show what the draft would change in the whole book, and what it would write; writes nothing',
  )
    .argument('[installation]', INSTALLATION)
    .option('--top <number>', 'how many accounts are named', wholeNumber(0), 10)
    .action((named: string | undefined, options: PreviewOptions) =>
      onInstallation(named, options, async (store, { app, terminal, signal }, installation) => {
        const draft = await getDraft(store);
        const configuration = { version: versionName(draft.number), ...parseWhole(draft.whole) };
        const look = { signal, progress: terminal.progress, top: options.top };
        const preview = await app.previewConfiguration(installation, configuration, look);
        await notePreview(store, app.clock, preview);
        terminal.result(preview, previewInWords(preview));
      }),
    );
}

function publishCommand(): Command {
  return command('publish', 'put the draft in force; the next sync scores the whole book by it')
    .argument('[installation]', INSTALLATION)
    .option('--yes', 'also when nobody has previewed it in the last day', false)
    .action((named: string | undefined, options: PublishOptions) =>
      onInstallation(named, options, async (store, { app, terminal }) => {
        const number = await publishDraft(store, app.clock, { actor: ACTOR, isUnseenAllowed: options.yes });
        terminal.result({ installation: store.id, version: number }, publishedInWords(number));
      }),
    );
}

function rollbackCommand(): Command {
  return command('rollback', 'put an earlier version in force again, as a new one; 0 are the defaults')
    .argument('<version>', 'its number', wholeNumber(0))
    .option('--installation <id>', 'its id, or the account id in the CRM')
    .action((version: number, options: RollbackOptions) =>
      onInstallation(options.installation, options, async (store, { app, terminal }) => {
        const number = await rollBack(store, app.clock, { number: version, actor: ACTOR });
        terminal.result({ installation: store.id, version: number, content: version }, publishedInWords(number));
      }),
    );
}

function versionsCommand(): Command {
  return command('versions', 'list all versions, the newest first')
    .argument('[installation]', INSTALLATION)
    .action((named: string | undefined, options: CommonOptions) =>
      onInstallation(named, options, async (store, { terminal }) => {
        const versions = await listVersions(store);
        terminal.result({ installation: store.id, versions }, versionsInWords(versions));
      }),
    );
}

function discardCommand(): Command {
  return command('discard', 'take the draft away')
    .argument('[installation]', INSTALLATION)
    .action((named: string | undefined, options: CommonOptions) =>
      onInstallation(named, options, async (store, { app, terminal }) => {
        await discardDraft(store, app.clock, ACTOR);
        terminal.result({ installation: store.id, draft: null }, 'The draft is gone. What is in force stays.');
      }),
    );
}

function onInstallation(
  named: string | undefined,
  options: CommonOptions,
  work: (store: TenantStore, session: Session, installation: Installation) => Promise<void>,
): Promise<void> {
  return withSession(options, async (session) => {
    const installation = await chooseInstallation(session.app, named);
    await work(session.app.store.of(installation.id), session, installation);
  });
}

function publishedInWords(number: number): string {
  return `Version ${number} is in force. The next sync scores the whole book by it; see 'holdfast plan' for what it will write.`;
}

function toDraftRequest({ set, unset, file, note }: DraftOptions): DraftRequest {
  if (set.length + unset.length === 0 && file === undefined && note === undefined) {
    throw new HoldfastError({
      code: 'input-invalid',
      message: 'Nothing was given to change.',
      remedy: 'Give --set path=value, --unset path or --file changes.json.',
    });
  }
  return {
    changes: file === undefined ? null : readChanges(file),
    set: set.map(toSetting),
    unset,
    note: note ?? null,
    actor: ACTOR,
  };
}

/** `health.bands.green=80`: what is JSON is taken as such, all else as text. */
function toSetting(text: string): { readonly path: string; readonly value: unknown } {
  const at = text.indexOf('=');
  if (at < 1) {
    throw new HoldfastError({
      code: 'input-invalid',
      message: `'${text}' does not set anything.`,
      remedy: 'Write a path and a value with = between them: health.bands.green=80.',
    });
  }
  const given = text.slice(at + 1);
  const value = parseJson(given);
  return { path: text.slice(0, at), value: value === undefined ? given : value };
}

/** Undefined where the text is no JSON. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function readChanges(file: string): ConfigurationChanges {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new HoldfastError({
      code: 'input-invalid',
      message: `The file ${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
      remedy: 'Give the path of a JSON file.',
      cause: error,
    });
  }
  const changes = parseJson(text);
  if (isGroup(changes)) return changes;
  throw new HoldfastError({
    code: 'config-invalid',
    message: changes === undefined ? `${file} is not JSON.` : `${file} holds no object.`,
    remedy: 'Write only what differs from the defaults: {"health": {"bands": {"green": 80}}}. Nothing was changed.',
  });
}
