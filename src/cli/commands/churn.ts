import type { Command } from 'commander';
import type { App } from '../../app.ts';
import { acknowledgeChurnModel, trainChurn } from '../../flow/train-churn.ts';
import { trainExpansion } from '../../flow/train-expansion.ts';
import { withLine } from '../../jobs/run.ts';
import type { Installation } from '../../ports/store.ts';
import { readChurnStatus, type ChurnStatus } from '../../queries/churn-status.ts';
import { readExpansionStatus, type ExpansionStatus } from '../../queries/expansion-status.ts';
import { churnInWords } from '../churn-in-words.ts';
import { expansionInWords } from '../expansion-in-words.ts';
import { chooseInstallation, command, withSession, type CommonOptions } from '../session.ts';

const ANY = 'its id, or the account id in the CRM; may be left out when there is only one';

export function churnCommand(): Command {
  return command(
    'churn',
    'what chances of churn and expansion go by, whether scores are validated on your own renewals, and whose calls came true',
  )
    .argument('[installation]', ANY)
    .enablePositionalOptions()
    .action(async (named: string | undefined, options: CommonOptions) => {
      await withSession(options, async ({ app, terminal }) => {
        const status = await statusOf(app, await chooseInstallation(app, named));
        terminal.result(status, inWords(status));
      });
    })
    .addCommand(trainCommand())
    .addCommand(acknowledgeCommand());
}

function trainCommand(): Command {
  return command(
    'train',
    'learn now from all terms that were decided and expansions that were won, instead of next month',
  )
    .argument('[installation]', ANY)
    .action(async (named: string | undefined, options: CommonOptions) => {
      await withSession(options, async ({ app, terminal, signal }) => {
        const installation = await chooseInstallation(app, named);
        await withLine(app, installation.id, { signal, progress: terminal.progress }, async (line) => {
          await trainChurn(line);
          await trainExpansion(line);
        });
        const status = await statusOf(app, installation);
        terminal.result(status, inWords(status));
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
        terminal.result(status, inWords(status));
      });
    });
}

/** What `churn` prints as JSON: the state of churn, and that of expansion under its name. */
interface Chances extends ChurnStatus {
  readonly expansion: ExpansionStatus;
}

async function statusOf(app: App, { id }: Installation): Promise<Chances> {
  const store = app.store.of(id);
  const { churn, expansion } = await app.configurationOf(store);
  return { ...(await readChurnStatus(store, churn)), expansion: await readExpansionStatus(store, expansion) };
}

const inWords = (status: Chances): string => `${churnInWords(status)}\n\n${expansionInWords(status.expansion)}`;
