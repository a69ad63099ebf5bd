import type { Command } from 'commander';
import { makeUsageKey, revokeUsageKeys } from '../../flow/intake/usage-keys.ts';
import { chooseInstallation, command, withSession, type CommonOptions } from '../session.ts';
import { count } from '../words.ts';

interface Options extends CommonOptions {
  readonly revoke?: string | true;
  readonly list: boolean;
}

export function usageKeyCommand(): Command {
  return command('usage-key', 'make a write key, with which a product sends usage to /v1 as to Segment')
    .argument('[installation]', 'its id, or the account id in the CRM; may be left out when there is only one')
    .option('--list', 'list the keys that are good', false)
    .option('--revoke [ending]', 'end the key with these last letters, or all keys')
    .action(async (named: string | undefined, options: Options) => {
      await withSession(options, async ({ app, config, terminal }) => {
        const installation = await chooseInstallation(app, named);
        const store = app.store.of(installation.id);
        if (options.list) {
          const keys = await store.signals.listKeys();
          const text = keys.map(({ hint, createdAt }) => `…${hint}  made ${createdAt}`).join('\n');
          terminal.result({ installation: installation.id, keys }, keys.length === 0 ? 'There is no write key.' : text);
          return;
        }
        if (options.revoke !== undefined) {
          const hint = options.revoke === true ? null : options.revoke;
          const ended = await revokeUsageKeys(store, hint, app.clock.now(), 'person');
          terminal.result({ installation: installation.id, ended }, `${count(ended, 'write key')} ended.`);
          return;
        }
        const { key } = await makeUsageKey(store, app.clock.now(), 'person');
        terminal.result(
          { installation: installation.id, writeKey: key.reveal(), url: `${config.publicUrl}/v1` },
          [
            `Write key of ${installation.facts.title}, shown this once: ${key.reveal()}`,
            `Point any Segment library or data platform at ${config.publicUrl}/v1, or try it:`,
            `  curl -u '${key.reveal()}:' ${config.publicUrl}/v1/track -H 'content-type: application/json' \\`,
            `    -d '{"userId":"ann@acme.com","event":"Report Sent","messageId":"try-1"}'`,
          ].join('\n'),
        );
      });
    });
}
