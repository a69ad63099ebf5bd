import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import { PortStream } from './port-stream.ts';

export interface ThreadStart {
  /** The folder of the database's files. */
  readonly path: string;
}

/** What the thread is asked for; see `ThreadedDatabase`. */
export type Asked =
  | { readonly what: 'connect'; readonly port: MessagePort }
  | { readonly what: 'serve'; readonly path: string }
  | { readonly what: 'stop-serving' | 'pause' | 'go-on' | 'close' };

/** `id` 0 says that the database is open. */
export interface Answer {
  readonly id: number;
  readonly error: unknown;
}

/** An embedded database on a thread of its own. */
export interface ThreadedDatabase {
  /** A new connection, for `pg`. */
  connect(): PortStream;
  /** Lets other processes in by a socket. */
  serve(path: string): Promise<void>;
  stopServing(): Promise<void>;
  /** Runs `work` while nobody uses the database. */
  whilePaused<T>(work: () => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** Opens the files in `path`, which are made when there are none. Throws what PGlite throws. */
export async function openThreaded(path: string): Promise<ThreadedDatabase> {
  const worker = new Worker(new URL('database-thread.ts', import.meta.url), {
    workerData: { path } satisfies ThreadStart,
    resourceLimits: { maxYoungGenerationSizeMb: 8 },
  });
  const waiting = new Map<number, { readonly resolve: () => void; readonly reject: (error: unknown) => void }>();
  let asked = 0;
  const hear = (id: number): Promise<void> =>
    new Promise((resolve, reject) => {
      waiting.set(id, { resolve, reject });
    });
  const ask = async (question: Asked, transferred: readonly MessagePort[] = []): Promise<void> => {
    asked += 1;
    const answer = hear(asked);
    worker.postMessage({ ...question, id: asked }, transferred);
    // While nothing is asked, the thread does not keep the process from ending.
    worker.ref();
    await answer.finally(() => {
      if (waiting.size === 0) worker.unref();
    });
  };
  worker.on('message', ({ id, error }: Answer) => {
    const one = waiting.get(id);
    waiting.delete(id);
    if (error === null) one?.resolve();
    else one?.reject(error);
  });
  const failAll = (error: unknown): void => {
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  worker.on('error', failAll);
  worker.on('exit', () => failAll(new Error('The thread of the embedded database has ended.')));
  await hear(0);
  worker.unref();
  return {
    connect() {
      const { port1, port2 } = new MessageChannel();
      const stream = new PortStream(port1);
      void ask({ what: 'connect', port: port2 }, [port2]).catch((error: unknown) => {
        stream.destroy(error instanceof Error ? error : new Error(String(error)));
      });
      return stream;
    },
    serve: (socket) => ask({ what: 'serve', path: socket }),
    stopServing: () => ask({ what: 'stop-serving' }),
    async whilePaused(work) {
      await ask({ what: 'pause' });
      try {
        return await work();
      } finally {
        await ask({ what: 'go-on' });
      }
    },
    async close() {
      await ask({ what: 'close' });
      await worker.terminate();
    },
  };
}
