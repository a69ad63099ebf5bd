import type { Command } from 'commander';
import { HoldfastError } from '../../errors.ts';
import { getAccount, listAccounts } from '../../queries/accounts.ts';
import { readChampionMoves } from '../../queries/champion-moves.ts';
import { recompute } from '../../queries/recompute.ts';
import { readVerdict } from '../../queries/validation.ts';
import { accountInWords, accountsInWords, recomputedInWords } from '../account-in-words.ts';
import { findHistory } from '../../queries/history.ts';
import { historyInWords } from '../history-in-words.ts';
import { chooseInstallation, command, wholeNumber, withSession, type CommonOptions } from '../session.ts';

interface Options extends CommonOptions {
  readonly top: number;
  readonly recompute: boolean;
  readonly at?: string;
  readonly history: boolean;
  readonly since?: string;
}

export function scoreCommand(): Command {
  return command('score', 'show scores and why: of the book, or of one account')
    .argument('[installation]', 'its id, or the account id in the CRM; may be left out when there is only one')
    .argument('[account]', "the account's id in the CRM, or a part of its name")
    .option('--top <number>', 'how many accounts are listed', wholeNumber(1), 20)
    .option('--recompute', 'compute the account once more from what it was computed from, and compare', false)
    .option('--at <day>', 'with --recompute: as it was on a day, 2026-03-01')
    .option('--history', 'how the account was scored day by day, by its id also one that left', false)
    .option('--since <day>', 'the first day of the history: 2026-01-01 (default: three months ago)')
    .action(async (named: string | undefined, account: string | undefined, options: Options) => {
      await withSession(options, async ({ app, terminal }) => {
        const installation = await chooseInstallation(app, named);
        const store = app.store.of(installation.id);
        if ((options.recompute && account === undefined) || (options.at !== undefined && !options.recompute)) {
          throw new HoldfastError({
            code: 'input-invalid',
            message: 'It is not said what to compute once more.',
            remedy: 'Write: holdfast score <installation> <account> --recompute [--at 2026-03-01]',
          });
        }
        if (account === undefined) {
          const accounts = await listAccounts(store, options.top);
          const validation = await readVerdict(store);
          terminal.result(
            { installation: installation.id, validation, accounts },
            accountsInWords(accounts, validation),
          );
          return;
        }
        if (options.history || options.since !== undefined) {
          const history = await findHistory(store, account, options.since ?? null, app.clock.now());
          terminal.result({ installation: installation.id, ...history }, historyInWords(history));
          return;
        }
        const found = await getAccount(store, account, app.recordUrl(installation));
        if (options.recompute) {
          const again = await recompute(store, found.account, options.at ?? null);
          terminal.result(
            { installation: installation.id, ...again },
            recomputedInWords(found.name, again, found.shown.own !== null),
          );
          if (!again.isSame) process.exitCode = 1;
          return;
        }
        const moves = await readChampionMoves(store, await app.compiledMappingOf(installation), found.account);
        terminal.result({ installation: installation.id, ...found, moves }, accountInWords(found, moves));
      });
    });
}
