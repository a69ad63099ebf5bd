import type pg from 'pg';

/**
 * A lost connection must not end the process, which is what Node does with an 'error' event that nobody listens to. Nothing is
 * lost by that: the query under way is refused with the same error, and the next one gets a new connection.
 */
export function outliveErrors(pool: pg.Pool): void {
  pool.on('error', () => undefined);
  // While a client is handed out, the pool itself does not listen to it.
  pool.on('connect', (client) => void client.on('error', () => undefined));
}
