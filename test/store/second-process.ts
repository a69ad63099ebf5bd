import { writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { toAccountId, toInstallationId } from '../../src/core/model/ids.ts';
import { openDatabase } from '../../src/store/database.ts';
import { makeKey, parseKeychain } from '../../src/store/sealed.ts';
import { openStore } from '../../src/store/store.ts';

/**
 * A process beside the test's own: `node second-process.ts <part> <data folder>`. Each line that it prints is something that
 * it has done and the database has acknowledged.
 */
const [, , part = '', dataDir = ''] = process.argv;
const installation = toInstallationId('hubspot-1');
const say = (line: string): void => void writeSync(1, `${line}\n`);

const database = await openDatabase({ databaseUrl: null, dataDir });
const store = openStore(database, parseKeychain(makeKey()));

const parts: Readonly<Record<string, () => Promise<void>>> = {
  /** Moves one unit at a time from one account to another, each move a transaction of several statements. */
  async 'move-units'() {
    for (let move = 0; move < 60; move++) {
      await database
        .inInstallation(installation, async (scope) => {
          const add = (name: string, units: number): Promise<unknown> =>
            sql`update holdfast.setting set setting = ((setting #>> '{}')::integer + ${units}::integer)::text::json where name = ${name}`.execute(
              scope,
            );
          await add('left', -1);
          if (move % 10 === 0) await sleep(1);
          await add('right', 1);
          if (move % 7 === 0) throw new Error('changed its mind');
        })
        .catch((error: Error) => {
          if (error.message !== 'changed its mind') throw error;
        });
    }
    say('done');
  },

  /** Stores pages until it is killed. */
  async 'store-pages'() {
    const at = '2026-03-02T09:00:00.000Z';
    const { id } = await store.installations.register({
      connector: 'hubspot',
      crmAccountId: '1',
      baseUrl: 'https://api.example',
      facts: {
        accountId: '1',
        title: 'T',
        timeZone: 'UTC',
        currency: 'EUR',
        currencies: [],
        webHost: 'h',
        kind: 'standard',
      },
      at,
    });
    for (let page = 0; ; page++) {
      await store.of(id).records.storePage({
        object: 'deals',
        records: Array.from({ length: 20 }, (_, index) => {
          const crmId = String(page * 20 + index);
          return {
            raw: {
              object: 'deals',
              id: crmId,
              fields: {},
              links: {},
              createdAt: at,
              modifiedAt: at,
              deleted: false,
              mergedIds: [],
            },
            inputs: { amount: '1' },
            shown: {},
            accountId: toAccountId('c1'),
            contactId: null,
          };
        }),
        walk: null,
        stream: 'deals:all',
        checkpoint: { page },
        touches: true,
        at,
      });
      say(String(page));
    }
  },

  /** Opens a transaction, changes something in it and then stays. */
  async 'stay-in-transaction'() {
    await database.inInstallation(installation, async (scope) => {
      await sql`update holdfast.setting set setting = '0' where name = 'left'`.execute(scope);
      say('in');
      await sleep(600_000);
    });
  },

  /** Has the database open until it is told to end. */
  async stay() {
    say('open');
    await sleep(600_000);
  },
};

await parts[part]?.();
await store.close();
