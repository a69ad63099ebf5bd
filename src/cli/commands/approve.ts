import type { Command } from 'commander';
import { approve } from '../../install/approve.ts';
import { chooseInstallation, command, withSession, type CommonOptions } from '../session.ts';
import { planInBrief } from '../words.ts';

interface Options extends CommonOptions {
  readonly plan?: string;
}

export function approveCommand(): Command {
  return command('approve', 'allow Holdfast to write what its plan shows, now and from now on')
    .argument('[installation]', 'its id, or the account id in the CRM; may be left out when there is only one')
    .option('--plan <mark>', 'approve only if the plan still has this mark')
    .action(async (named: string | undefined, options: Options) => {
      await withSession(options, async ({ app, terminal }) => {
        const installation = await chooseInstallation(app, named);
        const plan = await app.previewPlan(installation);
        terminal.say(planInBrief(plan, 3));
        const expected = options.plan ?? null;
        await approve(app.store.of(installation.id), app.clock, { digest: plan.digest, expected, actor: 'admin' });
        terminal.result(
          { installation: installation.id, approved: true, plan: plan.digest },
          `Approved plan ${plan.digest}. The next sync writes it; 'holdfast undo' takes everything away again.`,
        );
      });
    });
}
