import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Secret } from '../../connectors/contract/auth.ts';
import type { Config } from '../config.ts';
import { HoldfastError } from '../errors.ts';
import { makeKey } from '../store/sealed.ts';
import type { Terminal } from './terminal.ts';

const NAME = 'secret.key';

/**
 * The key of an embedded database that was never given one: kept beside it, readable by this user alone. With a
 * PostgreSQL server there is no such file: the key must come from the environment.
 */
export function readOrMakeKey(config: Pick<Config, 'dataDir' | 'databaseUrl'>, terminal: Terminal): Secret {
  if (config.databaseUrl !== null) {
    throw new HoldfastError({
      code: 'config-invalid',
      message: 'HOLDFAST_SECRET_KEY is not set. Tokens in the database are sealed with it.',
      remedy: 'Set it to the key that the other processes of this database use.',
    });
  }
  const file = join(config.dataDir, NAME);
  if (!existsSync(file)) {
    mkdirSync(config.dataDir, { recursive: true, mode: 0o700 });
    writeFileSync(file, `${makeKey()}\n`, { mode: 0o600, flag: 'wx' });
    terminal.say(`Made a key for sealing tokens: ${file}. For production set HOLDFAST_SECRET_KEY instead.`);
  }
  return new Secret(readFileSync(file, 'utf8').trim());
}
