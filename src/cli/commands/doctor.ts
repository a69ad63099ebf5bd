import type { Command } from 'commander';
import { examine } from '../../queries/doctor.ts';
import { chooseInstallation, command, withSession, type CommonOptions } from '../session.ts';
import { count, dailyInWords, lackingInWords } from '../words.ts';

export function doctorCommand(): Command {
  return command('doctor', 'look for what is wrong: database, access, data freshness, refused changes')
    .argument('[installation]', 'its id, or the account id in the CRM; all of them when left out')
    .action(async (named: string | undefined, options: CommonOptions) => {
      await withSession(options, async ({ app, terminal }) => {
        const chosen =
          named === undefined ? await app.store.installations.list() : [await chooseInstallation(app, named)];
        const report = await examine(app.store, chosen, app.clock.now(), app.scopesOf);
        const lines = [`Database: ${report.database}.`];
        if (chosen.length === 0)
          lines.push("No CRM account is connected yet: 'holdfast connect hubspot' or 'holdfast connect salesforce'.");
        for (const one of report.installations) {
          lines.push('', `${one.title} (${one.installation}): ${one.status}`);
          for (const source of one.sources) lines.push(`  ${source.object}: ${source.words}`);
          for (const { kind, words } of one.signals) lines.push(`  ${kind}: ${words}`);
          lines.push(
            `  API calls in 24 h: ${one.calls.map(({ bucket, calls }) => `${calls} ${bucket}`).join(', ') || 'none'}; rate-limited ${one.rateLimited}, failed ${one.failed}`,
          );
          if (one.daily !== null) lines.push(`  Calls of the day, at ${one.daily.at}: ${dailyInWords(one.daily)}.`);
          for (const { name, without } of one.ungranted) lines.push(`  Not granted: ${name}. ${without}`);
          lines.push(...lackingInWords(one.lacking, 20).map((line) => `  ${line}`));
          if (one.problems.length > 0) lines.push(`  ${count(one.problems.length, 'open problem')}:`);
          else if (one.lacking.length === 0) lines.push('  No open problems.');
          for (const problem of one.problems.slice(0, 20)) {
            const where = [problem.object, problem.field, problem.crmId].filter((part) => part !== '').join(' ');
            lines.push(`  - ${where}: ${problem.message} ${problem.remedy}`);
          }
          if (one.problems.length > 20) lines.push(`  and ${one.problems.length - 20} more (--json lists all)`);
        }
        terminal.result(report, lines.join('\n'));
        if (!report.isWell) process.exitCode = 1;
      });
    });
}
