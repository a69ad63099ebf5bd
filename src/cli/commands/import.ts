import { createReadStream } from 'node:fs';
import { Argument, type Command } from 'commander';
import { IMPORT_COLUMNS, IMPORT_KINDS, type ImportKind } from '../../core/usage/import-columns.ts';
import { HoldfastError } from '../../errors.ts';
import { importFile, type ImportResult } from '../../flow/intake/import-file.ts';
import { chooseInstallation, command, withSession, type CommonOptions } from '../session.ts';
import { count } from '../words.ts';

interface Options extends CommonOptions {
  readonly installation?: string;
  readonly dryRun: boolean;
}

const SHOWN = 20;

export function importCommand(): Command {
  return command('import', 'read usage, surveys, invoices or milestones from a CSV file')
    .addArgument(new Argument('<kind>', 'what the file holds').choices(IMPORT_KINDS))
    .argument('<file>', 'comma-separated values in UTF-8, the first line naming the columns')
    .option(
      '--installation <installation>',
      'its id, or the account id in the CRM; may be left out when there is only one',
    )
    .option('--dry-run', 'only say what is wrong with the file', false)
    .addHelpText('after', `\n${IMPORT_KINDS.map(columnsInWords).join('\n\n')}`)
    .action(async (kind: ImportKind, file: string, options: Options) => {
      await withSession(options, async ({ app, terminal, signal }) => {
        const installation = await chooseInstallation(app, options.installation);
        const store = app.store.of(installation.id);
        const result = await importFile({
          store,
          kind,
          text: textOf(file),
          at: app.clock.now(),
          configuration: (await app.configurationOf(store)).usage,
          isDryRun: options.dryRun,
          signal,
          progress: (rows) => terminal.progress({ stage: 'pull', subject: `rows of ${file}`, done: rows, total: null }),
        });
        const unmatched = await store.signals.countUnmatched();
        terminal.result({ installation: installation.id, ...result, unmatched }, inWords(file, result, unmatched));
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
