import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Secret } from '../../connectors/contract/auth.ts';
import type { Config } from '../config.ts';
import { HoldfastError } from '../errors.ts';
import { makeKey, parseKeychain } from '../store/sealed.ts';
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
  try {
    if (!existsSync(file)) {
      mkdirSync(config.dataDir, { recursive: true, mode: 0o700 });
      writeFileSync(file, `${makeKey()}\n`, { mode: 0o600, flag: 'wx' });
      terminal.say(`Made a key for sealing tokens: ${file}. For production set HOLDFAST_SECRET_KEY instead.`);
    }
    return toKey(readFileSync(file, 'utf8').trim(), file);
  } catch (error) {
    if (error instanceof HoldfastError) throw error;
    throw new HoldfastError({
      code: 'config-invalid',
      message: `The key file ${file} cannot be made or read: ${error instanceof Error ? error.message : String(error)}.`,
      remedy:
        'Give this user the right to write there, set HOLDFAST_DATA_DIR to a folder where it may, or set HOLDFAST_SECRET_KEY.',
      cause: error,
    });
  }
}

function toKey(text: string, file: string): Secret {
  try {
    parseKeychain(text);
    return new Secret(text);
  } catch (error) {
    throw new HoldfastError({
      code: 'config-invalid',
      message: `The key in ${file} is damaged: it is not 32 bytes in base64 or hex.`,
      remedy:
        'Put the file back from a backup. If there is none, delete it and connect every account again: without the key their tokens cannot be opened.',
      cause: error,
    });
  }
}
