import type { Migration } from 'kysely/migration';
import { start } from './0001-start.ts';
import { signals } from './0003-signals.ts';
import { plays } from './0004-plays.ts';
import { configuration } from './0005-configuration.ts';
import { history } from './0006-history.ts';
import { webhooks } from './0007-webhooks.ts';
import { signIn } from './0008-sign-in.ts';
import { renewalDeals } from './0009-renewal-deals.ts';
import { packedRows } from './0010-packed.ts';
import { fileRhythm } from './0011-file-rhythm.ts';
import { termSegments } from './0012-term-segments.ts';
import { foundByIndex } from './0013-found-by-index.ts';
import { disagreements } from './0014-disagreements.ts';
import { expansionsWon } from './0015-expansions-won.ts';
import { formerChampions } from './0016-former-champions.ts';
import { intake } from './0017-intake.ts';

/** Every migration, oldest first. A released one is never edited or renamed; a change of mind is a new one. */
export const migrations: Readonly<Record<string, Migration>> = {
  '0001-start': start,
  '0003-signals': signals,
  '0004-plays': plays,
  '0005-configuration': configuration,
  '0006-history': history,
  '0007-webhooks': webhooks,
  '0008-sign-in': signIn,
  '0009-renewal-deals': renewalDeals,
  '0010-packed': packedRows,
  '0011-file-rhythm': fileRhythm,
  '0012-term-segments': termSegments,
  '0013-found-by-index': foundByIndex,
  '0014-disagreements': disagreements,
  '0015-expansions-won': expansionsWon,
  '0016-former-champions': formerChampions,
  '0017-intake': intake,
};
