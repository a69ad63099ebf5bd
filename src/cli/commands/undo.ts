import type { Command } from 'commander';
import { defineLine } from '../../flow/definitions.ts';
import { planUndo, undo, type UndoPlan } from '../../flow/undo.ts';
import { withLine } from '../../jobs/run.ts';
import { chooseInstallation, command, withSession, type CommonOptions } from '../session.ts';
import { isConfirmed } from '../terminal.ts';
import { count } from '../words.ts';

interface Options extends CommonOptions {
  readonly dryRun: boolean;
  readonly allTasks: boolean;
  readonly yes: boolean;
}

export function undoCommand(): Command {
  return command('undo', 'take away what Holdfast wrote: its fields with their values, and its tasks')
    .argument('[installation]', 'its id, or the account id in the CRM; may be left out when there is only one')
    .option('--dry-run', 'only say what would be taken away', false)
    .option('--all-tasks', 'also take away tasks that a human completed or changed', false)
    .option('--yes', 'do not ask', false)
    .action(async (named: string | undefined, options: Options) => {
      await withSession(options, async ({ app, terminal, signal }) => {
        const installation = await chooseInstallation(app, named);
        await withLine(app, installation.id, { signal, progress: terminal.progress }, async (opened) => {
          const line = await defineLine(opened);
          const plan = await planUndo(line);
          const kept = options.allTasks ? 0 : plan.touchedTasks;
          const going = plan.tasks + plan.touchedTasks - kept;
          const words =
            `${fieldsInWords(plan)} ${count(going, 'task')} ${going === 1 ? 'goes' : 'go'}; ` +
            `${count(kept, 'task')} that people completed or changed ${kept === 1 ? 'stays' : 'stay'}.${dealsInWords(plan)}`;
          if (options.dryRun) {
            terminal.result({ installation: installation.id, ...plan }, `This would happen: ${words}`);
            return;
          }
          if (!options.yes && !(await isConfirmed(`${installation.facts.title}: ${words} Go on? [y/N] `))) {
            terminal.result({ installation: installation.id, isDone: false }, 'Nothing was changed.');
            return;
          }
          const undone = await undo(line, { alsoTouchedTasks: options.allTasks });
          const lines = [
            `${undone.fieldsStay ? 'Emptied' : 'Took away'} ${count(undone.fields, 'field')}, took away ${count(undone.tasks, 'task')}; kept ${count(undone.keptTasks, 'task')}.${undone.deals + undone.keptDeals === 0 ? '' : ` Took away ${count(undone.deals, 'renewal deal')}, kept ${undone.keptDeals}.`}`,
            ...(undone.fieldsStay ? [STAYING] : []),
            ...undone.refused.map(({ what, message, remedy }) => `Not taken away: ${what}: ${message} ${remedy}`),
            'Nothing more is written until you approve again.',
          ];
          terminal.result({ installation: installation.id, isDone: true, ...undone }, lines.join('\n'));
          if (undone.refused.length > 0) process.exitCode = 1;
        });
      });
    });
}

const STAYING = 'The fields themselves stay until you uninstall the package that brought them.';

function dealsInWords({ deals, touchedDeals }: UndoPlan): string {
  if (deals + touchedDeals === 0) return '';
  return ` ${count(deals, 'renewal deal')} that nobody changed ${deals === 1 ? 'goes' : 'go'}; ${count(touchedDeals, 'other')} ${touchedDeals === 1 ? 'stays' : 'stay'}.`;
}

/** What becomes of fields and of what people entered in them: the two CRMs differ in both. */
function fieldsInWords({ fields, fieldsStay, peoplesFields }: UndoPlan): string {
  const names = peoplesFields.join(', ');
  if (fieldsStay) {
    const theirs = peoplesFields.length === 0 ? '' : ` What people entered stays as well, in ${names}.`;
    return `${count(fields.length, 'field')} of Holdfast are emptied on every record. ${STAYING}${theirs}`;
  }
  const theirs = peoplesFields.length === 0 ? '' : ` What people entered goes with them, in ${names}.`;
  return `${count(fields.length, 'field')} are deleted with their values.${theirs}`;
}
