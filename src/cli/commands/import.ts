import { createReadStream } from 'node:fs';
import { Argument, Option, type Command } from 'commander';
import { dayText } from '../../core/measures/wording.ts';
import { dayOf, type CalendarDate } from '../../core/model/calendar-date.ts';
import { IMPORT_COLUMNS, IMPORT_KINDS, type ImportKind } from '../../core/usage/import-columns.ts';
import { RHYTHMS, type Rhythm } from '../../core/usage/rhythm.ts';
import { HoldfastError } from '../../errors.ts';
import { importFile, type ImportResult } from '../../flow/intake/import-file.ts';
import { readSignalSources, type SignalSourceLine } from '../../queries/signal-sources.ts';
import { chooseInstallation, command, withSession, type CommonOptions } from '../session.ts';
import { count } from '../words.ts';

interface Options extends CommonOptions {
  readonly installation?: string;
  readonly every?: Rhythm;
  readonly dryRun: boolean;
}

const SHOWN = 20;

const RHYTHM_IN_WORDS = [
  'A file is known to the end of its newest day of usage, other files to the moment of their import. With --every what it',
  'tells is fresh until the next one is due, and after that for as long as any source may be late (health.freshDays of the',
  'configuration). Usage that comes through the API as well is as fresh as the fresher of the two; the time between two',
  'files is granted to files alone.',
].join('\n');

export function importCommand(): Command {
  return command('import', 'read usage, surveys, invoices or milestones from a CSV file')
    .addArgument(new Argument('<kind>', 'what the file holds').choices(IMPORT_KINDS))
    .argument('<file>', 'comma-separated values in UTF-8, the first line naming the columns')
    .option(
      '--installation <installation>',
      'its id, or the account id in the CRM; may be left out when there is only one',
    )
    .addOption(
      new Option(
        '--every <rhythm>',
        'how often such files come; may be left out when it was said before (daily at first)',
      ).choices(RHYTHMS),
    )
    .option('--dry-run', 'only say what is wrong with the file', false)
    .addHelpText('after', `\n${RHYTHM_IN_WORDS}\n\n${IMPORT_KINDS.map(columnsInWords).join('\n\n')}`)
    .action(async (kind: ImportKind, file: string, options: Options) => {
      await withSession(options, async ({ app, terminal, signal }) => {
        const installation = await chooseInstallation(app, options.installation);
        const store = app.store.of(installation.id);
        const configuration = await app.configurationOf(store);
        const result = await importFile({
          store,
          kind,
          text: textOf(file),
          at: app.clock.now(),
          every: options.every ?? null,
          configuration: configuration.usage,
          isDryRun: options.dryRun,
          signal,
          progress: (rows) => terminal.progress({ stage: 'pull', subject: `rows of ${file}`, done: rows, total: null }),
        });
        const unmatched = await store.signals.countUnmatched();
        const now = app.clock.now();
        const source = options.dryRun
          ? undefined
          : (await readSignalSources(store, configuration.health, now)).find((line) => line.kind === kind);
        const told = { every: source?.every, nextFileOn: source?.nextFileOn, staleOn: source?.staleOn };
        const lines = [
          inWords(file, result, unmatched),
          ...(source === undefined ? [] : nextInWords(source, dayOf(now, installation.facts.timeZone))),
        ];
        terminal.result({ installation: installation.id, ...result, unmatched, ...told }, lines.join('\n'));
        if (result.errors.length > 0) process.exitCode = 1;
      });
    });
}

function inWords(file: string, { kind, isDryRun, rows, errors }: ImportResult, unmatched: number): string {
  const lines = [
    isDryRun
      ? `${file}: ${count(rows, `row`)} of ${kind} can be read. Nothing was stored.`
      : `${file}: stored ${count(rows, 'row')} of ${kind}; the accounts are scored at the next sync.`,
  ];
  if (errors.length > 0) lines.push(`${count(errors.length, 'line')} cannot be read:`);
  for (const { line, message } of errors.slice(0, SHOWN)) lines.push(`  line ${line}: ${message}`);
  if (errors.length > SHOWN) lines.push(`  and ${count(errors.length - SHOWN, 'more', 'more')} (--json lists all)`);
  if (unmatched > 0) lines.push(`${count(unmatched, 'workspace')} without an account: see 'holdfast inbox'.`);
  return lines.join('\n');
}

function nextInWords({ kind, nextFileOn, staleOn }: SignalSourceLine, today: CalendarDate): readonly string[] {
  if (nextFileOn === null) return [];
  const verb = kind === 'usage' ? 'counts' : 'count';
  const stale = staleOn === null ? '' : `; ${kind} ${verb} as stale from ${dayText(staleOn, today)} on`;
  return [`Next file expected by ${dayText(nextFileOn, today)}${stale}.`];
}

function columnsInWords(kind: ImportKind): string {
  const columns = IMPORT_COLUMNS[kind];
  const rows = columns.map(
    ({ name, about, isRequired }) => `  ${name.padEnd(16)} ${about}${isRequired ? ' (needed)' : ''}`,
  );
  const example = columns.filter(({ name }) => !['domain', 'email'].includes(name));
  const heading = example.map(({ name }) => name.replace('<name>', 'reports')).join(',');
  return [
    `Columns of ${kind}:`,
    ...rows,
    'For instance:',
    `  ${heading}`,
    `  ${example.map((column) => column.example).join(',')}`,
  ].join('\n');
}

async function* textOf(file: string): AsyncGenerator<string> {
  try {
    for await (const piece of createReadStream(file, 'utf8')) yield String(piece);
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error)) throw error;
    throw new HoldfastError({
      code: 'input-invalid',
      message: `The file ${file} cannot be read: ${error.message}.`,
      remedy: 'Check its name, and that this user may read it.',
      cause: error,
    });
  }
}
