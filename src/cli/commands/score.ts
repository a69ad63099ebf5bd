import type { Command } from 'commander';
import { getAccount, listAccounts } from '../../queries/accounts.ts';
import { accountInWords, accountsInWords } from '../account-in-words.ts';
import { chooseInstallation, command, wholeNumber, withSession, type CommonOptions } from '../session.ts';

interface Options extends CommonOptions {
  readonly top: number;
}

export function scoreCommand(): Command {
  return command('score', 'show scores and why: of the book, or of one account')
    .argument('[installation]', 'its id, or the account id in the CRM; may be left out when there is only one')
    .argument('[account]', "the account's id in the CRM, or a part of its name")
    .option('--top <number>', 'how many accounts are listed', wholeNumber(1), 20)
    .action(async (named: string | undefined, account: string | undefined, options: Options) => {
      await withSession(options, async ({ app, terminal }) => {
        const installation = await chooseInstallation(app, named);
        const store = app.store.of(installation.id);
        if (account === undefined) {
          const accounts = await listAccounts(store, options.top);
          terminal.result({ installation: installation.id, accounts }, accountsInWords(accounts));
          return;
        }
        const found = await getAccount(store, account, app.recordUrl(installation));
        terminal.result({ installation: installation.id, ...found }, accountInWords(found));
      });
    });
}
