import type { Command } from 'commander';
import { chooseInstallation, command, wholeNumber, withSession, type CommonOptions } from '../session.ts';
import { planInWords } from '../words.ts';

interface Options extends CommonOptions {
  readonly first: number;
}

export function planCommand(): Command {
  return command('plan', 'show exactly what the next write would do, why, and what it costs; writes nothing')
    .argument('[installation]', 'its id, or the account id in the CRM; may be left out when there is only one')
    .option('--first <number>', 'how many steps of each kind are shown', wholeNumber(1), 10)
    .action(async (named: string | undefined, options: Options) => {
      await withSession(options, async ({ app, terminal }) => {
        const plan = await app.previewPlan(await chooseInstallation(app, named));
        terminal.result(plan, planInWords(plan, options.first));
      });
    });
}
