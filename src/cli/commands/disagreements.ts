import type { Command } from 'commander';
import { readDisagreements } from '../../queries/disagreements.ts';
import { disagreementsInWords } from '../disagreements-in-words.ts';
import { chooseInstallation, command, wholeNumber, withSession, type CommonOptions } from '../session.ts';

interface Options extends CommonOptions {
  readonly reason?: string;
  readonly open: boolean;
  readonly top: number;
}

export function disagreementsCommand(): Command {
  return command('disagreements', 'where people set another band than the score, why, and who was right')
    .argument('[installation]', 'its id, or the account id in the CRM; may be left out when there is only one')
    .option('--reason <code>', 'list those with this reason: price')
    .option('--open', 'list those that still stand against the score', false)
    .option('--top <number>', 'how many are listed, the newest first', wholeNumber(1), 20)
    .action(async (named: string | undefined, options: Options) => {
      await withSession(options, async ({ app, terminal }) => {
        const installation = await chooseInstallation(app, named);
        const filter = { code: options.reason ?? null, openOnly: options.open, top: options.top };
        const found = await readDisagreements(app.store.of(installation.id), filter);
        terminal.result({ installation: installation.id, ...found }, disagreementsInWords(found));
      });
    });
}
