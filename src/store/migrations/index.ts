import type { Migration } from 'kysely/migration';
import { start } from './0001-start.ts';

/** Every migration, oldest first. A released one is never edited or renamed; a change of mind is a new one. */
export const migrations: Readonly<Record<string, Migration>> = {
  '0001-start': start,
};
