import { PGlite } from '@electric-sql/pglite';
import { HoldfastError } from '../errors.ts';

type RawOptions = Parameters<PGlite['execProtocolRawStream']>[1];

/**
 * The database's pages that PostgreSQL itself holds. It asks for 128 MB, all of which a large book fills; the operating system
 * holds the same pages once more, and gives them back when others need room.
 */
const SHARED_BUFFERS = '32MB';

/**
 * PGlite that knows when PostgreSQL inside it has died (a PANIC: above all a full disk while it writes its log). PGlite itself
 * goes on as if nothing had happened: the query is never answered, and the next one loops without end.
 */
export class WatchedPGlite extends PGlite {
  #hasAborted = false;
  #death: HoldfastError | null = null;

  /** Opens the files in `path`, which are made when there are none. */
  static async open(path: string): Promise<WatchedPGlite> {
    const pglite = new WatchedPGlite(path, {
      startParams: [...PGlite.defaultStartParams, '-c', `shared_buffers=${SHARED_BUFFERS}`],
    });
    await pglite.waitReady;
    pglite.Module.onAbort = () => {
      pglite.#hasAborted = true;
    };
    return pglite;
  }

  override async execProtocolRawStream(message: Uint8Array, options: RawOptions): Promise<void> {
    if (this.#death !== null) throw this.#death;
    let last: Uint8Array = new Uint8Array();
    await super.execProtocolRawStream(message, {
      ...options,
      onRawData: (bytes) => {
        last = bytes;
        options.onRawData(bytes);
      },
    });
    if (!this.#hasAborted) return;
    // The fields of an ErrorResponse (PostgreSQL's protocol, 54.8): a letter, the text, a zero.
    const answer = Buffer.from(last).toString('utf8');
    const field = (letter: string): string => new RegExp(`\0${letter}([^\0]*)\0`).exec(answer)?.[1] ?? '';
    this.#die(field('C'), field('M'));
  }

  #die(code: string, message: string): never {
    const isFull = code === '53100' || message.includes('No space left on device');
    this.#death = new HoldfastError({
      code: isFull ? 'disk-full' : 'database-unreachable',
      message: `The embedded database stopped: ${message === '' ? 'it gave no reason' : message}.`,
      remedy: isFull
        ? 'Free space on the disk of the data folder and start again: what was acknowledged is safe, the rest is read again.'
        : 'Start again. If it stops again, put the newest backup in its place.',
    });
    throw this.#death;
  }
}
