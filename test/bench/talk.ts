import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** A conversation with a child process. */
export interface Talk {
  say(message: string): void;
  /** The next message. Throws when the child ends without one. */
  hear(): Promise<unknown>;
  /** Lets go of the child and waits until it has ended. */
  dismiss(): Promise<void>;
}

export function talkTo(child: ChildProcess): Talk {
  const exit = once(child, 'exit');
  return {
    say: (message) => child.send(message),
    hear: async () => {
      const settled = new AbortController();
      const message = once(child, 'message', { signal: settled.signal }).then(([first]: unknown[]) => first);
      message.catch(() => 'no longer waited for');
      try {
        return await Promise.race([
          message,
          exit.then(([code]) => {
            throw new Error(`A process of the bench ended early, with code ${String(code)}; its output is above.`);
          }),
        ]);
      } finally {
        settled.abort();
      }
    },
    dismiss: async () => {
      if (child.connected) child.disconnect();
      await exit;
    },
  };
}
