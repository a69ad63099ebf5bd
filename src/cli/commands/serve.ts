import { Option, type Command } from 'commander';
import { openApp } from '../../app.ts';
import { readConfig, requireForServe } from '../../config.ts';
import { startWorker } from '../../jobs/worker.ts';
import { startServer } from '../../server/server.ts';
import { command, type CommonOptions } from '../session.ts';
import { openTerminal } from '../terminal.ts';

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
      const resealed = await app.resealSecrets();
      if (resealed > 0) app.log.info({ resealed }, 'secrets were sealed anew with the newest key');
      const queue = await app.openQueue({ supervises: options.role !== 'web' });
      const worker = options.role === 'web' ? null : await startWorker(app, queue);
      const server =
        options.role === 'worker' ? null : await startServer({ ...app.serverParts(), queue, port: config.port });
      app.log.info({ role: options.role, port: server?.port ?? null, store: app.store.title }, 'Holdfast is running');
      terminal.result(
        { role: options.role, port: server?.port ?? null, store: app.store.title },
        server === null ? 'Working.' : `Listening on http://localhost:${server.port}`,
      );
      await untilStopped();
      app.log.info({}, 'stopping: work under way ends at its next stored page');
      await server?.stop();
      if (worker === null) await queue.stop();
      else await worker.stop();
      await app.close();
      app.log.info({}, 'stopped');
    });
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
