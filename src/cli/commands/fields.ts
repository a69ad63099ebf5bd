import type { Command } from 'commander';
import { HoldfastError } from '../../errors.ts';
import { defineLine } from '../../flow/definitions.ts';
import { dropFields } from '../../flow/drop-fields.ts';
import { changeFields } from '../../install/fields.ts';
import { withLine } from '../../jobs/run.ts';
import { readFields, type FieldList } from '../../queries/fields.ts';
import { chooseInstallation, command, withSession, type CommonOptions } from '../session.ts';
import { table } from '../terminal.ts';

interface Options extends CommonOptions {
  readonly core?: true;
  readonly extended?: true;
  readonly add: readonly string[];
  readonly remove: readonly string[];
  readonly delete: boolean;
}

const collect = (value: string, all: readonly string[]): readonly string[] => [...all, value];

export function fieldsCommand(): Command {
  return command('fields', 'list the fields that Holdfast brings, where they are and who fills them; choose among them')
    .argument('[installation]', 'its id, or the account id in the CRM; may be left out when there is only one')
    .option('--core', 'the short list alone')
    .option('--extended', 'all of them')
    .option('--add <field>', 'one more: holdfast_csm_pulse, or deals.holdfast_risk_reason', collect, [])
    .option('--remove <field>', 'one less: it is emptied with the next approved plan', collect, [])
    .option('--delete', 'with --remove: take the field itself away now, with all its values', false)
    .action(async (named: string | undefined, options: Options) => {
      const { add, remove } = options;
      const set = options.core === true ? 'core' : options.extended === true ? 'extended' : null;
      if (options.core === true && options.extended === true) throw both();
      await withSession(options, async ({ app, terminal, signal }) => {
        const installation = await chooseInstallation(app, named);
        const store = app.store.of(installation.id);
        const open = { signal, progress: terminal.progress };
        const mapping = await withLine(app, installation.id, open, (line) => Promise.resolve(line.connectorMapping));
        const isChange = set !== null || add.length + remove.length > 0;
        if (isChange) await changeFields(store, app.clock, mapping, { set, add, remove, actor: 'admin' });
        const dropped = options.delete
          ? await withLine(app, installation.id, open, async (line) => dropFields(await defineLine(line), remove))
          : null;
        const list = await readFields(store, mapping);
        const lines = [
          fieldsInWords(list),
          ...(isChange ? ['', CHANGED] : []),
          ...(dropped === null ? [] : ['', `Taken away or emptied: ${dropped.done.join(', ') || 'nothing'}.`]),
          ...(dropped?.refused ?? []).map(({ what, message }) => `Not taken away: ${what}: ${message}`),
        ];
        terminal.result({ ...list, dropped }, lines.join('\n'));
        if ((dropped?.refused.length ?? 0) > 0) process.exitCode = 1;
      });
    });
}

const CHANGED =
  "Nothing is written until you approve the plan with this choice: look at 'holdfast plan', then 'holdfast approve'. " +
  'HubSpot gets new fields then; in Salesforce the package has brought them all. Fields that were taken off are emptied.';

function fieldsInWords({ set, changedAt, fields }: FieldList): string {
  const rows = fields.map(({ object, name, label, isWanted, exists, filledBy, writtenWhen }) => [
    object,
    name,
    label,
    isWanted ? 'yes' : 'no',
    exists === null ? '?' : exists ? 'yes' : 'no',
    filledBy,
    writtenWhen,
  ]);
  return [
    `The ${set} set${changedAt === null ? '' : `, as chosen on ${changedAt.slice(0, 10)}`}. Everything is fresh at least once a week.`,
    '',
    table(['object', 'field', 'label', 'wanted', 'there', 'filled by', 'written when'], rows),
  ].join('\n');
}

function both(): HoldfastError {
  return new HoldfastError({
    code: 'input-invalid',
    message: 'Both --core and --extended were given.',
    remedy: 'Give one of them, and single fields with --add and --remove.',
  });
}
