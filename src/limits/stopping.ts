import { HoldfastError } from '../errors.ts';

/** The error of work that ends because it was told to. */
export function stopped(cause?: unknown): HoldfastError {
  return new HoldfastError({
    code: 'stopped',
    message: 'The work was stopped before it was done.',
    remedy: 'Nothing is lost: the next run goes on from the last stored page.',
    cause,
  });
}

/** Waits. Throws `stopped` at once when `signal` is or gets aborted. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(stopped());
      return;
    }
    const onAbort = (): void => {
      clearTimeout(timer);
      reject(stopped());
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', onAbort);
      resolve();
    }, ms);
    signal.addEventListener('abort', onAbort, { once: true });
  });
}

/**
 * Runs `work` with a signal of its own, which is aborted after `limitMs` or together with `signal`. Then it throws
 * `late()` or `stopped`, even if `work` does not heed its signal.
 */
export function withDeadline<T>(
  limitMs: number,
  signal: AbortSignal,
  late: () => Error,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  return new Promise<T>((resolve, reject) => {
    const giveUp = (error: Error): void => {
      reject(error);
      controller.abort(error);
    };
    const onAbort = (): void => giveUp(stopped());
    if (signal.aborted) {
      onAbort();
      return;
    }
    const timer = setTimeout(() => giveUp(late()), limitMs);
    signal.addEventListener('abort', onAbort, { once: true });
    work(controller.signal)
      .then(resolve, reject)
      .finally(() => {
        clearTimeout(timer);
        signal.removeEventListener('abort', onAbort);
      });
  });
}
