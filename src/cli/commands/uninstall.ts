import type { Command } from 'commander';
import { chooseInstallation, command, withSession, type CommonOptions } from '../session.ts';
import { isConfirmed } from '../terminal.ts';
import { count } from '../words.ts';

interface Options extends CommonOptions {
  readonly keepWritten: boolean;
  readonly yes: boolean;
}

export function uninstallCommand(): Command {
  return command(
    'uninstall',
    'leave a CRM account: take away what was written there, remove the app, forget its tokens',
  )
    .argument('[installation]', 'its id, or the account id in the CRM; may be left out when there is only one')
    .option('--keep-written', 'leave the fields and tasks that Holdfast wrote in the CRM', false)
    .option('--yes', 'do not ask', false)
    .addHelpText(
      'after',
      "\nTo keep the scores, save them first: 'holdfast score --json'. What Holdfast knows is deleted after HOLDFAST_RETENTION_DAYS.",
    )
    .action(async (named: string | undefined, options: Options) => {
      await withSession(options, async ({ app, config, terminal, signal }) => {
        const { id, facts } = await chooseInstallation(app, named);
        const written = options.keepWritten
          ? 'What Holdfast wrote there stays.'
          : 'What Holdfast wrote there goes too.';
        if (!options.yes && !(await isConfirmed(`${facts.title}: uninstall? ${written} Go on? [y/N] `))) {
          terminal.result({ installation: id, isDone: false }, 'Nothing was changed.');
          return;
        }
        const undone = await app.uninstall(id, {
          undoes: !options.keepWritten,
          actor: 'admin',
          signal,
          progress: terminal.progress,
        });
        const lines = [
          ...(undone === null
            ? []
            : [`Took away ${count(undone.fields, 'field')} and ${count(undone.tasks, 'task')}.`]),
          ...(undone?.refused ?? []).map(
            ({ what, message, remedy }) => `Not taken away: ${what}: ${message} ${remedy}`,
          ),
          `Uninstalled from ${facts.title}. Its data is kept for ${count(config.retentionDays, 'day')}, for when it comes back.`,
        ];
        terminal.result({ installation: id, isDone: true, undone }, lines.join('\n'));
      });
    });
}
