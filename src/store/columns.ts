import { type RawBuilder, sql } from 'kysely';
import type { Scope } from './database.ts';

/**
 * The rows of a query, read column by column: each column comes as one JSON text, and values as JSON has them (instants and
 * dates as text, no `bigint`). For many small rows: the embedded database's answer is taken apart in JavaScript, field by
 * field, which took a third of the time that reading records took. `columns` are those that `query` selects; the
 * order of rows is the query's.
 */
export async function selectColumns<Row extends object>(
  scope: Scope,
  columns: readonly (keyof Row & string)[],
  query: RawBuilder<unknown>,
): Promise<readonly Row[]> {
  const gathered = columns.map((column) => sql`array_to_json(array_agg(${sql.ref(column)})) as ${sql.ref(column)}`);
  const { rows } = await sql<Readonly<Record<string, readonly unknown[] | null>>>`
    select ${sql.join(gathered)} from (${query}) as gathered
  `.execute(scope);
  const lists = columns.map((column) => [column, rows[0]?.[column] ?? []] as const);
  const count = lists[0]?.[1].length ?? 0;
  return Array.from(
    { length: count },
    (_, index) => Object.fromEntries(lists.map(([column, values]) => [column, values[index]])) as Row,
  );
}
