import type { Command } from 'commander';
import { snoozeFieldsOf } from '../../core/mapping/task-words.ts';
import { toAccountId } from '../../core/model/ids.ts';
import { changePlays, parseModeChange, parseRoleChange, snoozePlay, wakePlay } from '../../install/plays.ts';
import { getAccount } from '../../queries/accounts.ts';
import { readOwners } from '../../flow/judge.ts';
import { readPlays } from '../../queries/plays.ts';
import { playsInWords } from '../plays-in-words.ts';
import { chooseInstallation, command, wholeNumber, withSession, type CommonOptions } from '../session.ts';

interface Options extends CommonOptions {
  readonly set: readonly string[];
  readonly owner: readonly string[];
  readonly holdOut?: string;
  readonly firings: number;
}

interface SnoozeOptions extends CommonOptions {
  readonly installation?: string;
  readonly until: string;
  readonly reason: string;
}

interface WakeOptions extends CommonOptions {
  readonly installation?: string;
}

const collect = (value: string, all: readonly string[]): readonly string[] => [...all, value];

/** `01,13`; `none` for none. */
const toPlays = (text: string): readonly string[] =>
  text === 'none'
    ? []
    : text
        .split(',')
        .map((play) => play.trim())
        .filter((play) => play !== '');

export function playsCommand(): Command {
  return command(
    'plays',
    'list the plays with what each may do, how its firings ended and what that changed; set what they may do',
  )
    .argument('[installation]', 'its id, or the account id in the CRM; may be left out when there is only one')
    .option('--set <play=mode>', 'off, suggest or act: 04=act, all=suggest; may be given several times', collect, [])
    .option(
      '--owner <role=user>',
      "who does the tasks of a role: finance=ana@example.com; 'fallback=…' is who gets tasks that would be nobody's; may be given several times",
      collect,
      [],
    )
    .option('--hold-out <plays>', 'leave a share of the firings of these without tasks, to measure: 01,13, or none')
    .option('--firings <number>', 'how many of the last firings are listed', wholeNumber(0), 10)
    .enablePositionalOptions()
    .action(async (named: string | undefined, options: Options) => {
      await withSession(options, async ({ app, terminal }) => {
        const installation = await chooseInstallation(app, named);
        const store = app.store.of(installation.id);
        const modes = options.set.map(parseModeChange);
        const owners = await readOwners(store, await app.compiledMappingOf(installation));
        const roles = options.owner.map((text) => parseRoleChange(text, owners));
        const configuration = await app.configurationOf(store);
        const { plays } = configuration;
        const heldOut = options.holdOut === undefined ? undefined : toPlays(options.holdOut);
        if (modes.length + roles.length > 0 || heldOut !== undefined) {
          await changePlays(store, app.clock, plays, { modes, roles, heldOut, actor: 'admin' });
        }
        const list = await readPlays(store, configuration, owners, app.clock.now(), options.firings);
        terminal.result(list, playsInWords(list));
      });
    })
    .addCommand(snoozeCommand())
    .addCommand(wakeCommand());
}

function snoozeCommand(): Command {
  return command('snooze', 'silence a play on an account until a day, and others about the same matter')
    .argument('<account>', "the account's id in the CRM, or a part of its name")
    .argument('<play>', "the play's number: 04")
    .requiredOption('--until <day>', 'the first day on which it may speak again: 2026-05-01')
    .requiredOption('--reason <words>', 'why')
    .option('--installation <id>', 'its id, or the account id in the CRM')
    .action(async (account: string, play: string, options: SnoozeOptions) => {
      await withSession(options, async ({ app, terminal }) => {
        const installation = await chooseInstallation(app, options.installation);
        const store = app.store.of(installation.id);
        const { assessment, name } = await getAccount(store, account, app.recordUrl(installation));
        const { until, reason: because } = options;
        const snoozeFields = snoozeFieldsOf((await app.compiledMappingOf(installation)).mapping);
        const request = { assessment, play, until, because, actor: 'admin', snoozeFields };
        const snooze = await snoozePlay(store, app.clock, (await app.configurationOf(store)).plays, request);
        terminal.result(
          { installation: installation.id, snooze },
          `Play ${play} keeps silent on ${name ?? assessment.accountId} until ${snooze.untilOn}, unless a new limit on its score comes up.`,
        );
      });
    });
}

function wakeCommand(): Command {
  return command('wake', "end a snooze (empty 'Snooze until', too, where a person entered it on a task of a renewal)")
    .argument('<account>', "the account's id in the CRM")
    .argument('<play>', "the play's number: 04")
    .option('--installation <id>', 'its id, or the account id in the CRM')
    .action(async (account: string, play: string, options: WakeOptions) => {
      await withSession(options, async ({ app, terminal }) => {
        const installation = await chooseInstallation(app, options.installation);
        const store = app.store.of(installation.id);
        const isWoken = await wakePlay(store, app.clock, { account: toAccountId(account), play, actor: 'admin' });
        terminal.result(
          { installation: installation.id, isWoken },
          isWoken ? `Play ${play} may speak again on ${account}.` : `Play ${play} was not snoozed on ${account}.`,
        );
      });
    });
}
