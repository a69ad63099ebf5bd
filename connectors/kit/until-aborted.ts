/**
 * The work's own outcome, or a rejection with `signal.reason` as soon as the signal is aborted. `abandon` is then called
 * with what the work still brings, so that it can be closed; what it still throws is dropped, since nobody waits for it.
 */
export async function untilAborted<T>(
  work: Promise<T>,
  signal: AbortSignal,
  abandon: (late: T) => Promise<void> = async () => {},
): Promise<T> {
  const aborted = Promise.withResolvers<never>();
  const onAbort = (): void => {
    work.then(abandon).catch(() => {});
    aborted.reject(signal.reason);
  };
  if (signal.aborted) onAbort();
  else signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
