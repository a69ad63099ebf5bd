import { Command } from 'commander';
import { HoldfastError } from '../../errors.ts';
import { command, withSession, type CommonOptions } from '../session.ts';

export function connectCommand(): Command {
  // Without options of its own: they would be taken from the commands below it.
  const connect = new Command('connect')
    .description('connect a CRM account')
    .addHelpText(
      'after',
      '\nFor an app that is installed through OAuth, use the install link of the server (holdfast serve) instead.',
    );
  connect.addCommand(
    command('hubspot', 'connect a HubSpot account by the access token in HUBSPOT_ACCESS_TOKEN').action(
      async (options: CommonOptions) => {
        await withSession(options, async ({ app, config, terminal, signal }) => {
          const { accessToken } = config.hubspot;
          if (accessToken === null) {
            throw new HoldfastError({
              code: 'config-invalid',
              message: 'HUBSPOT_ACCESS_TOKEN is not set.',
              remedy: 'In HubSpot, make an app with static auth and put its access token into this variable.',
            });
          }
          const installation = await app.connectWithToken('hubspot', accessToken, signal);
          terminal.result(
            {
              installation: installation.id,
              connector: installation.connector,
              account: installation.crmAccountId,
              title: installation.facts.title,
              timeZone: installation.facts.timeZone,
              currency: installation.facts.currency,
              status: installation.status,
            },
            [
              `Connected ${installation.facts.title} (${installation.crmAccountId}) as installation ${installation.id}.`,
              `Next: holdfast sync ${installation.id}, then holdfast plan ${installation.id} to see what would be written.`,
            ].join('\n'),
          );
        });
      },
    ),
  );
  return connect;
}
