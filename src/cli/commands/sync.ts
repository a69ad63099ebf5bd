import type { Command } from 'commander';
import { runInstallation } from '../../jobs/run.ts';
import { syncInWords } from '../words.ts';
import { chooseInstallation, command, withSession, type CommonOptions } from '../session.ts';

interface Options extends CommonOptions {
  readonly full: boolean;
  readonly acceptDeletions: boolean;
}

export function syncCommand(): Command {
  return command('sync', 'pull, score, plan and write one installation now')
    .argument('[installation]', 'its id, or the account id in the CRM; may be left out when there is only one')
    .option('--full', 'read every record again and find out what was deleted', false)
    .option('--accept-deletions', 'believe that records which were not found are really gone', false)
    .action(async (named: string | undefined, options: Options) => {
      await withSession(options, async ({ app, terminal, signal }) => {
        const installation = await chooseInstallation(app, named);
        const result = await runInstallation(app, installation.id, {
          kind: options.full ? 'full' : 'incremental',
          trigger: 'person',
          signal,
          acceptDeletions: options.acceptDeletions,
          progress: terminal.progress,
        });
        terminal.result(result, syncInWords(result));
      });
    });
}
