import { InvalidArgumentError, type Command } from 'commander';
import { toAccountId, type AccountId } from '../../core/model/ids.ts';
import { matchByHand } from '../../flow/intake/match-by-hand.ts';
import { readInbox, type Inbox } from '../../queries/inbox.ts';
import { chooseInstallation, command, withSession, wholeNumber, type CommonOptions } from '../session.ts';
import { clip, table } from '../terminal.ts';
import { count } from '../words.ts';

interface Options extends CommonOptions {
  readonly top: number;
  readonly match?: { readonly workspaceId: string; readonly account: AccountId | null };
}

export function inboxCommand(): Command {
  return command('inbox', 'usage and imported rows whose account is not known, and messages that were refused')
    .argument('[installation]', 'its id, or the account id in the CRM; may be left out when there is only one')
    .option('--top <number>', 'how many workspaces are listed', wholeNumber(1), 20)
    .option('--match <workspace=account>', 'say whose a workspace is; without an account, take that back', parseMatch)
    .action(async (named: string | undefined, options: Options) => {
      await withSession(options, async ({ app, terminal }) => {
        const installation = await chooseInstallation(app, named);
        const store = app.store.of(installation.id);
        if (options.match !== undefined) await matchByHand(store, options.match, app.clock.now(), 'person');
        const inbox = await readInbox(store, options.top);
        terminal.result({ installation: installation.id, ...inbox }, inWords(inbox));
      });
    });
}

function parseMatch(text: string): Options['match'] {
  const cut = text.lastIndexOf('=');
  if (cut < 1) throw new InvalidArgumentError('Write it as workspace=account, for instance group:acme-17=1042.');
  const account = text.slice(cut + 1);
  return { workspaceId: text.slice(0, cut), account: account === '' ? null : toAccountId(account) };
}

function inWords({ unmatched, unmatchedCount, refused }: Inbox): string {
  const lines = [
    unmatchedCount === 0
      ? 'Everything that was told found its account.'
      : `${count(unmatchedCount, 'workspace')} without an account; what they tell is kept and counts once theirs is known.`,
  ];
  if (unmatched.length > 0) {
    lines.push(
      table(
        ['workspace', 'name', 'events', 'rows', 'last', 'why'],
        unmatched.map(({ workspaceId, name, events, facts, lastAt, candidates }) => [
          clip(workspaceId, 40),
          clip(name ?? '', 30),
          events,
          facts,
          lastAt.slice(0, 10),
          candidates.length === 0 ? 'no account has its id or domain' : `several do: ${candidates.join(', ')}`,
        ]),
      ),
      "Say whose one is with: holdfast inbox --match '<workspace>=<account id>'",
    );
  }
  for (const { message, remedy, count: times, lastAt } of refused) {
    lines.push(`Refused ${count(times, 'time')}, last ${lastAt}: ${message} ${remedy}`);
  }
  return lines.join('\n');
}
