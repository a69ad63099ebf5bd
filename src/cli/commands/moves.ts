import type { Command } from 'commander';
import { listChampionMoves } from '../../queries/champion-moves.ts';
import { movesInWords } from '../moves-in-words.ts';
import { chooseInstallation, command, wholeNumber, withSession, type CommonOptions } from '../session.ts';

interface Options extends CommonOptions {
  readonly top: number;
}

export function movesCommand(): Command {
  return command('moves', 'champions who work at another company now: who, from where, where to, and whose it is')
    .argument('[installation]', 'its id, or the account id in the CRM; may be left out when there is only one')
    .option('--top <number>', 'how many are listed, those who left last first', wholeNumber(1), 20)
    .action(async (named: string | undefined, options: Options) => {
      await withSession(options, async ({ app, terminal }) => {
        const installation = await chooseInstallation(app, named);
        const mapping = await app.compiledMappingOf(installation);
        const found = await listChampionMoves(app.store.of(installation.id), mapping, options.top);
        terminal.result({ installation: installation.id, ...found }, movesInWords(found));
      });
    });
}
