import { Option, type Command } from 'commander';
import { openApp, type App } from '../../app.ts';
import { readConfig, requireForServe, type ServeConfig } from '../../config.ts';
import { defaultSchedule } from '../../jobs/schedule.ts';
import { startWorker, type Worker } from '../../jobs/worker.ts';
import { startServer, type RunningServer } from '../../server/server.ts';
import { command, type CommonOptions } from '../session.ts';
import { openTerminal, type Terminal } from '../terminal.ts';

interface Options extends CommonOptions {
  readonly role: 'all' | 'web' | 'worker';
}

export function serveCommand(): Command {
  return command('serve', 'run the service: web server, schedule and workers')
    .addOption(new Option('--role <role>', 'what this process does').choices(['all', 'web', 'worker']).default('all'))
    .action(async (options: Options) => {
      const config = requireForServe(readConfig(process.env));
      const terminal = openTerminal(options);
      const app = await openApp({ config, keys: config.secretKey, logLevel: config.logLevel ?? 'info' });
      try {
        await serve(app, config, options.role, terminal);
      } finally {
        await app.close();
      }
      app.log.info({}, 'stopped');
    });
}

/** Until a signal comes. Whatever was started is stopped, also when the rest could not be. */
async function serve(app: App, config: ServeConfig, role: Options['role'], terminal: Terminal): Promise<void> {
  const resealed = await app.resealSecrets();
  if (resealed > 0) app.log.info({ resealed }, 'secrets were sealed anew with the newest key');
  const queue = await app.openQueue({ supervises: role !== 'web' });
  let server: RunningServer | null = null;
  let worker: Worker | null = null;
  try {
    if (role !== 'worker') server = await startServer({ ...app.serverParts(), queue, port: config.port });
    if (role !== 'web') worker = await startWorker(app, queue, defaultSchedule, config.retentionDays);
    const port = server?.port ?? null;
    app.log.info({ role, port, store: app.store.title }, 'Holdfast is running');
    terminal.result(
      { role, port, store: app.store.title },
      port === null ? 'Working.' : `Listening on http://localhost:${port}`,
    );
    await untilStopped();
    app.log.info({}, 'stopping: work under way ends at its next stored page');
  } finally {
    await server?.stop();
    await (worker ?? queue).stop();
  }
}

/** Resolves at the first SIGINT or SIGTERM; a second one ends the process at once. */
export function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    let isAsked = false;
    const stop = (): void => {
      if (isAsked) process.exit(130);
      isAsked = true;
      resolve();
    };
    process.on('SIGINT', stop);
    process.on('SIGTERM', stop);
  });
}
