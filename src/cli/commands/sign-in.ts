import type { Command } from 'commander';
import { chooseInstallation, command, withSession, type CommonOptions } from '../session.ts';

/** Whoever runs the service may see the pages of every installation; this is how the audit log knows them. */
const OPERATOR = { userId: 'operator', name: 'operator of the service', role: 'admin' } as const;

export function signInCommand(): Command {
  return command('sign-in', 'make a link that signs you in to the admin pages once, within two minutes')
    .argument('[installation]', 'its id, or the account id in the CRM; may be left out when there is only one')
    .action(async (named: string | undefined, options: CommonOptions) => {
      await withSession(options, async ({ app, terminal }) => {
        const { id } = await chooseInstallation(app, named);
        const url = await app.signInLink(id, OPERATOR);
        terminal.result({ installation: id, url }, url);
      });
    });
}
