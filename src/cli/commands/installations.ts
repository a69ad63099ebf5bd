import type { Command } from 'commander';
import { readInstallations } from '../../queries/installations.ts';
import { command, withSession, type CommonOptions } from '../session.ts';
import { table } from '../terminal.ts';
import { dailyInWords } from '../words.ts';

export function installationsCommand(): Command {
  return command('installations', 'list the connected CRM accounts').action(async (options: CommonOptions) => {
    await withSession(options, async ({ app, terminal }) => {
      const installations = await readInstallations(app.store);
      const text =
        installations.length === 0
          ? "No CRM account is connected yet. Begin with 'holdfast connect hubspot' or 'holdfast connect salesforce'."
          : table(
              ['installation', 'account', 'title', 'status', 'writing', 'last run', 'calls of the day'],
              installations.map((one) => [
                one.installation,
                `${one.connector} ${one.account}`,
                one.title,
                one.statusReason === null ? one.status : `${one.status}: ${one.statusReason}`,
                one.awaitsApproval ? 'awaits approval' : 'approved',
                one.lastRun === null ? 'never' : `${one.lastRun.kind} ${one.lastRun.startedAt}`,
                one.daily === null ? '' : dailyInWords(one.daily),
              ]),
            );
      terminal.result({ installations }, text);
    });
  });
}
