import { Command, InvalidArgumentError } from 'commander';
import { openApp, type App } from '../app.ts';
import { readConfig, type Config } from '../config.ts';
import { HoldfastError } from '../errors.ts';
import type { Installation } from '../ports/store.ts';
import { readOrMakeKey } from './key-file.ts';
import { openTerminal, type Terminal } from './terminal.ts';

/** What every command takes. */
export interface CommonOptions {
  readonly json: boolean;
  readonly quiet: boolean;
}

/** A command with the options that every command has. */
export function command(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .option('--json', 'print the result as one JSON object on one line', false)
    .option('--quiet', 'say nothing about progress', false);
}

export interface Session {
  readonly app: App;
  readonly config: Config;
  readonly terminal: Terminal;
  /** Aborted by the first Ctrl-C; work ends at its next stored page. A second one ends the process. */
  readonly signal: AbortSignal;
}

/** Opens the app for one command and closes it, whatever happens. */
export async function withSession(options: CommonOptions, work: (session: Session) => Promise<void>): Promise<void> {
  const config = readConfig(process.env);
  const terminal = openTerminal(options);
  const keys = config.secretKey ?? readOrMakeKey(config, terminal);
  const app = await openApp({ config, keys, logLevel: config.logLevel ?? 'silent' });
  try {
    await work({ app, config, terminal, signal: stopSignal(terminal) });
  } finally {
    terminal.settle();
    await app.close();
  }
}

/** The installation that a person means: by id or the CRM's account id, or the only one there is. */
export async function chooseInstallation(app: App, named: string | undefined): Promise<Installation> {
  if (named !== undefined) {
    const found = await app.store.installations.find(named);
    if (found !== null) return found;
  }
  const all = await app.store.installations.list();
  const [only] = all;
  if (named === undefined && all.length === 1 && only !== undefined) return only;
  const known = all.map(({ id, facts }) => `${id} (${facts.title})`).join(', ');
  throw new HoldfastError({
    code: 'installation-unknown',
    message:
      named === undefined
        ? `Say which installation is meant: there are ${all.length}.`
        : `There is no installation '${named}'.`,
    remedy:
      known === ''
        ? "Connect one with 'holdfast connect hubspot' or 'holdfast connect salesforce'."
        : `Known are: ${known}.`,
  });
}

/** A whole number of at least `least`, for commander. */
export function wholeNumber(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < least)
      throw new InvalidArgumentError(`Give a whole number from ${least} on.`);
    return value;
  };
}

export function stopSignal(terminal: Terminal): AbortSignal {
  const controller = new AbortController();
  const stop = (): void => {
    if (controller.signal.aborted) process.exit(130);
    terminal.say('Stopping at the next stored page; press Ctrl-C again to stop at once.');
    controller.abort();
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  return controller.signal;
}
