import { parentPort, workerData } from 'node:worker_threads';
import { setFlagsFromString } from 'node:v8';
import { PortStream } from './port-stream.ts';
import { serveClient, serveOverSocket, type Served } from './socket-server.ts';
import type { Answer, Asked, ThreadStart } from './threaded-database.ts';
import { WatchedPGlite } from './watched-pglite.ts';

/**
 * The thread that the embedded database runs on: its queries then take nobody else's turn. Everything that its own process or
 * another one asks comes as a connection, and has the one session to itself for the length of a query or a transaction.
 */

// PostgreSQL is compiled once, quickly, and not again with optimizations: of a function of it, that takes 600 MB and a second,
// and makes scoring, which is what takes time, a tenth faster at best.
setFlagsFromString('--no-wasm-tier-up');
setFlagsFromString('--no-wasm-dynamic-tiering');

if (parentPort === null) throw new Error('This file is a thread of Holdfast and is not run by itself.');
const port = parentPort;
const { path } = workerData as ThreadStart;

let turn = Promise.resolve();

/** Turns are had in the order in which they were asked for. */
const takeTurn = async (): Promise<() => void> => {
  const before = turn;
  const { promise, resolve } = Promise.withResolvers<void>();
  turn = promise;
  await before;
  return resolve;
};

const served: Served = { pglite: await WatchedPGlite.open(path), takeTurn };
let server: Awaited<ReturnType<typeof serveOverSocket>> | null = null;
let endTurn = (): void => undefined;

const answer = async (asked: Asked): Promise<void> => {
  switch (asked.what) {
    case 'connect':
      void serveClient(new PortStream(asked.port), served);
      return;
    case 'serve':
      server = await serveOverSocket(served, asked.path);
      return;
    case 'stop-serving':
      return await server?.close();
    case 'pause':
      endTurn = await takeTurn();
      return;
    case 'go-on':
      return endTurn();
    case 'close':
      return await served.pglite.close();
    default:
      return asked satisfies never;
  }
};

port.on('message', (asked: Asked & { readonly id: number }) => {
  const { id } = asked;
  void answer(asked).then(
    () => port.postMessage({ id, error: null } satisfies Answer),
    (error: unknown) => port.postMessage({ id, error } satisfies Answer),
  );
});
port.postMessage({ id: 0, error: null } satisfies Answer);
