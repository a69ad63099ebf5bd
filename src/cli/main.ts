import { Command, CommanderError } from 'commander';
import { describeError } from '../jobs/run.ts';
import { approveCommand } from './commands/approve.ts';
import { configCommand } from './commands/config.ts';
import { churnCommand } from './commands/churn.ts';
import { connectCommand } from './commands/connect.ts';
import { demoCommand } from './commands/demo.ts';
import { disagreementsCommand } from './commands/disagreements.ts';
import { doctorCommand } from './commands/doctor.ts';
import { fieldsCommand } from './commands/fields.ts';
import { importCommand } from './commands/import.ts';
import { inboxCommand } from './commands/inbox.ts';
import { installationsCommand } from './commands/installations.ts';
import { mappingCommand } from './commands/mapping.ts';
import { movesCommand } from './commands/moves.ts';
import { planCommand } from './commands/plan.ts';
import { playsCommand } from './commands/plays.ts';
import { scoreCommand } from './commands/score.ts';
import { serveCommand } from './commands/serve.ts';
import { signInCommand } from './commands/sign-in.ts';
import { syncCommand } from './commands/sync.ts';
import { undoCommand } from './commands/undo.ts';
import { uninstallCommand } from './commands/uninstall.ts';
import { usageKeyCommand } from './commands/usage-key.ts';

const program = new Command('holdfast')
  .description('Customer success inside the CRM you already use.')
  .version('0.1.0')
  // Otherwise a command with commands of its own takes away their --json.
  .enablePositionalOptions()
  .showHelpAfterError("Run 'holdfast --help' to see what there is.")
  .addHelpText(
    'after',
    `
Environment:
  DATABASE_URL            a PostgreSQL server (15 or newer); without it, an embedded database in the data folder
  HOLDFAST_DATA_DIR       the data folder (default .holdfast)
  HOLDFAST_SECRET_KEY     32 bytes in base64 or hex, for sealing tokens; several with commas while changing keys
  HOLDFAST_PUBLIC_URL     where browsers reach this server (default http://localhost:PORT)
  HOLDFAST_PROXIES        how many proxies stand before the server (default 0)
  HOLDFAST_RETENTION_DAYS days for which the data of an uninstalled account is kept (default 30)
  HOLDFAST_LOG_LEVEL      info, warn, error or silent
  HOLDFAST_CALL_SHARE     percent of a CRM's daily API calls that Holdfast may use (default 10)
  HOLDFAST_CALL_FLOOR     percent of them that are left to other apps, whoever used the rest (default 20)
  PORT                    of the web server (default 3000)
  HUBSPOT_ACCESS_TOKEN    for 'connect hubspot'
  HUBSPOT_CLIENT_ID, HUBSPOT_CLIENT_SECRET   of your HubSpot app, for OAuth
  HUBSPOT_API_URL, HUBSPOT_APP_URL           any HubSpot-shaped server (default HubSpot's)
  SALESFORCE_INSTANCE_URL, SALESFORCE_ACCESS_TOKEN   for 'connect salesforce', until the token ends
  SALESFORCE_CLIENT_ID, SALESFORCE_CLIENT_SECRET     of your Salesforce app, for OAuth; an app may have no secret
  SALESFORCE_JWT_USERNAME, SALESFORCE_JWT_KEY        with SALESFORCE_CLIENT_ID: a user and a private key in PEM form,
                          for 'connect salesforce' without a token
  SALESFORCE_LOGIN_URL    https://test.salesforce.com for a sandbox org, or any Salesforce-shaped server
                          (default https://login.salesforce.com)`,
  );

for (const add of [
  demoCommand,
  serveCommand,
  connectCommand,
  installationsCommand,
  syncCommand,
  planCommand,
  approveCommand,
  scoreCommand,
  disagreementsCommand,
  movesCommand,
  churnCommand,
  playsCommand,
  configCommand,
  fieldsCommand,
  undoCommand,
  uninstallCommand,
  signInCommand,
  mappingCommand,
  usageKeyCommand,
  importCommand,
  inboxCommand,
  doctorCommand,
]) {
  program.addCommand(add());
}

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exit(error.exitCode);
  const told = describeError(error);
  process.stderr.write(`\n${told.message}\n${told.remedy}\n`);
  if (told.code === 'unexpected' && error instanceof Error) process.stderr.write(`${error.stack ?? ''}\n`);
  if (process.argv.includes('--json')) process.stdout.write(`${JSON.stringify({ error: told })}\n`);
  process.exitCode = 1;
}
