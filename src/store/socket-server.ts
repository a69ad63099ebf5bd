import { createServer, type Server, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { PGlite } from '@electric-sql/pglite';

/** What the embedded database is served with. */
export interface Served {
  readonly pglite: PGlite;
  /** Waits until nobody else uses the database; what it answers ends the turn. */
  readonly takeTurn: () => Promise<() => void>;
}

/** A client that is being served. */
interface ServedClient {
  /** It uses the database, and nobody else can. */
  hasTurn(): boolean;
  /** Resolves when the client is gone and has left nothing behind. */
  readonly gone: Promise<void>;
}

/** Codes in the place of a protocol version (PostgreSQL's protocol, 54.2 and 54.7). */
const PROTOCOL_3 = 196_608;
const CANCEL = 80_877_102;
const SSL = 80_877_103;
const GSS = 80_877_104;
const TERMINATE = 'X'.charCodeAt(0);

const SYNC = messageOf('S', '');
const ROLLBACK = messageOf('Q', 'rollback\0');
/** A client that stays silent in a transaction would stop everybody else; so long is it waited for. */
const SILENCE_MS = 30_000;

/** Serves an embedded database to other processes of this machine. `path` is the socket's. */
export async function serveOverSocket(served: Served, path: string): Promise<{ close(): Promise<void> }> {
  const clients = new Map<Socket, Promise<void>>();
  const server = createServer((socket) => {
    const client = serveClient(socket, served);
    clients.set(
      socket,
      client.gone.finally(() => clients.delete(socket)),
    );
    socket.setTimeout(SILENCE_MS, () => {
      if (client.hasTurn()) socket.destroy();
    });
  });
  await listen(server, path);
  server.unref();
  return {
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      const ended = [...clients.values()];
      for (const socket of clients.keys()) socket.destroy();
      await Promise.all([closed, ...ended]);
    },
  };
}

/**
 * Serves one client, in PostgreSQL's own protocol.
 *
 * The database has one session, which all clients share. Therefore a client has it to itself from the first message of a
 * query to the end of it, or of its transaction. `@electric-sql/pglite-socket` knows neither who else has something under
 * way nor which client a message came from while it waits, so it cannot be made to do that.
 */
export function serveClient(socket: Duplex, { pglite, takeTurn }: Served): ServedClient {
  let unread: Buffer = Buffer.alloc(0);
  let endTurn: (() => void) | null = null;
  let work: Promise<void> = Promise.resolve();
  let asked = 0;

  const answer = async (message: Buffer): Promise<void> => {
    endTurn ??= await takeTurn();
    if (socket.destroyed) return;
    await pglite.execProtocolRawStream(message, { onRawData: reply });
    const endsQuery = message[0] === 0 || message[0] === SYNC[0] || message[0] === ROLLBACK[0];
    if (endsQuery && !pglite.isInTransaction()) leave();
  };
  // The bytes are a view of the database's memory, which the next query overwrites: copied.
  const reply = (bytes: Uint8Array): void => void (socket.writable && socket.write(Buffer.from(bytes)));
  const leave = (): void => {
    endTurn?.();
    endTurn = null;
  };
  const next = (): Buffer | null => {
    // A client's first message has no type, and begins with the zero of its length.
    const lengthAt = unread[0] === 0 ? 0 : 1;
    if (unread.length < lengthAt + 4) return null;
    const length = lengthAt + unread.readInt32BE(lengthAt);
    if (unread.length < length) return null;
    const message = unread.subarray(0, length);
    unread = unread.subarray(length);
    return message;
  };

  socket.on('data', (chunk: Buffer) => {
    unread = unread.length === 0 ? chunk : Buffer.concat([unread, chunk]);
    for (let message = next(); message !== null; message = next()) {
      const current = message;
      const version = current[0] === 0 ? current.readInt32BE(4) : PROTOCOL_3;
      if (version === SSL || version === GSS) socket.write('N');
      else if (version === CANCEL || current[0] === TERMINATE) socket.end();
      else {
        // What is asked in one go is answered in one go: a message costs more than what most of them say.
        if (asked === 0) socket.cork();
        asked += 1;
        work = work
          .then(() => answer(current))
          .catch((error: Error) => {
            // The database itself broke down. Its last word goes out before the cut; its own process is told by what.
            socket.uncork();
            socket.destroy(error);
          })
          .finally(() => {
            asked -= 1;
            if (asked === 0) socket.uncork();
          });
      }
    }
  });
  // A cut connection is a client's end like any other; 'close' follows.
  socket.on('error', () => socket.destroy());
  const gone = new Promise<void>((resolve) => {
    socket.on('close', () => {
      void work
        .then(async () => {
          if (endTurn === null || !pglite.ready) return;
          await pglite.execProtocolRawStream(SYNC, { onRawData: () => undefined });
          if (pglite.isInTransaction()) await pglite.execProtocolRawStream(ROLLBACK, { onRawData: () => undefined });
        })
        .catch(() => {
          // A database that broke down has nothing to roll back.
        })
        .then(() => {
          leave();
          resolve();
        });
    });
  });
  return { hasTurn: () => endTurn !== null, gone };
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function messageOf(type: string, body: string): Buffer {
  const message = Buffer.alloc(5 + body.length);
  message.write(type, 0, 'latin1');
  message.writeInt32BE(4 + body.length, 1);
  message.write(body, 5, 'latin1');
  return message;
}
