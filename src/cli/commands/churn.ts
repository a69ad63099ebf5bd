import type { Command } from 'commander';
import type { App } from '../../app.ts';
import { acknowledgeChurnModel, trainChurn } from '../../flow/train-churn.ts';
import { withLine } from '../../jobs/run.ts';
import type { Installation } from '../../ports/store.ts';
import { readChurnStatus, type ChurnStatus } from '../../queries/churn-status.ts';
import { churnInWords } from '../churn-in-words.ts';
import { chooseInstallation, command, withSession, type CommonOptions } from '../session.ts';

const ANY = 'its id, or the account id in the CRM; may be left out when there is only one';

export function churnCommand(): Command {
  return command('churn', 'what churn probabilities go by, and whether scores are validated on your own renewals')
    .argument('[installation]', ANY)
    .enablePositionalOptions()
    .action(async (named: string | undefined, options: CommonOptions) => {
      await withSession(options, async ({ app, terminal }) => {
        const status = await statusOf(app, await chooseInstallation(app, named));
        terminal.result(status, churnInWords(status));
      });
    })
    .addCommand(trainCommand())
    .addCommand(acknowledgeCommand());
}

function trainCommand(): Command {
  return command('train', 'learn now from all terms that were decided, instead of next month')
    .argument('[installation]', ANY)
    .action(async (named: string | undefined, options: CommonOptions) => {
      await withSession(options, async ({ app, terminal, signal }) => {
        const installation = await chooseInstallation(app, named);
        await withLine(app, installation.id, { signal, progress: terminal.progress }, trainChurn);
        const status = await statusOf(app, installation);
        terminal.result(status, churnInWords(status));
      });
    });
}

function acknowledgeCommand(): Command {
  return command('acknowledge', 'use a model although it tells losses better than it should be able to')
    .argument('[installation]', ANY)
    .action(async (named: string | undefined, options: CommonOptions) => {
      await withSession(options, async ({ app, terminal }) => {
        const installation = await chooseInstallation(app, named);
        await acknowledgeChurnModel(app.store.of(installation.id), app.clock, 'admin');
        const status = await statusOf(app, installation);
        terminal.result(status, churnInWords(status));
      });
    });
}

async function statusOf(app: App, { id }: Installation): Promise<ChurnStatus> {
  const store = app.store.of(id);
  return readChurnStatus(store, (await app.configurationOf(store)).churn);
}
