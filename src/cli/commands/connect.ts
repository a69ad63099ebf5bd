import { Command } from 'commander';
import type { Config } from '../../config.ts';
import { HoldfastError } from '../../errors.ts';
import type { Installation } from '../../ports/store.ts';
import { command, withSession, type CommonOptions, type Session } from '../session.ts';
import type { Terminal } from '../terminal.ts';

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
      (options: CommonOptions) => withSession(options, async (session) => tell(session, await connectHubSpot(session))),
    ),
  );
  connect.addCommand(
    command(
      'salesforce',
      'connect a Salesforce org by SALESFORCE_INSTANCE_URL and SALESFORCE_ACCESS_TOKEN, or by the key in SALESFORCE_JWT_KEY',
    ).action((options: CommonOptions) =>
      withSession(options, async (session) => tell(session, await connectSalesforce(session))),
    ),
  );
  return connect;
}

function connectHubSpot({ app, config, signal }: Session): Promise<Installation> {
  const { accessToken } = config.hubspot;
  if (accessToken !== null) return app.connectWithToken('hubspot', accessToken, signal);
  throw unset(
    'HUBSPOT_ACCESS_TOKEN is not set.',
    'In HubSpot, make an app with static auth and put its access token into this variable.',
  );
}

/** The key goes first: an installation that signs in by itself lives on when an access token ends, after hours. */
function connectSalesforce({ app, config, signal }: Session): Promise<Installation> {
  const { token, signer }: Config['salesforce'] = config.salesforce;
  if (signer !== null) return app.connectWithSigner('salesforce', signal);
  if (token !== null) return app.connectWithToken('salesforce', token.accessToken, signal, token.instanceUrl);
  throw unset(
    'Neither SALESFORCE_ACCESS_TOKEN nor SALESFORCE_JWT_KEY is set.',
    'Set SALESFORCE_INSTANCE_URL and SALESFORCE_ACCESS_TOKEN to try it for some hours, or SALESFORCE_CLIENT_ID, SALESFORCE_JWT_USERNAME and SALESFORCE_JWT_KEY to stay connected.',
  );
}

function tell({ terminal }: { readonly terminal: Terminal }, installation: Installation): void {
  const { id, connector, crmAccountId, facts, status } = installation;
  terminal.result(
    {
      installation: id,
      connector,
      account: crmAccountId,
      title: facts.title,
      timeZone: facts.timeZone,
      currency: facts.currency,
      status,
    },
    [
      `Connected ${facts.title} (${crmAccountId}) as installation ${id}.`,
      `Next: holdfast sync ${id}, then holdfast plan ${id} to see what would be written.`,
    ].join('\n'),
  );
}

function unset(message: string, remedy: string): HoldfastError {
  return new HoldfastError({ code: 'config-invalid', message, remedy });
}
