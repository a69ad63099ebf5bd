import { dayText } from '../core/measures/wording.ts';
import { dayOf, type CalendarDate, type Instant } from '../core/model/calendar-date.ts';
import type { HealthConfiguration } from '../core/scoring/configuration.ts';
import type { ImportKind } from '../core/usage/import-columns.ts';
import { freshnessOf, nextFileAt, staleAfterMs, type Rhythm, type SourceIntake } from '../core/usage/rhythm.ts';
import type { SignalSource, TenantStore } from '../ports/store.ts';

/** What is known from elsewhere than the CRM, how fresh it is, and when more is to come. */
export interface SignalSourceLine {
  readonly kind: ImportKind;
  readonly knownTo: Instant;
  /** How often its files come; null where none has come. */
  readonly every: Rhythm | null;
  /** By when the next file should be there; null where none has come. */
  readonly nextFileOn: CalendarDate | null;
  /** The day on which it goes stale, or went; null for what never does. */
  readonly staleOn: CalendarDate | null;
  readonly isStale: boolean;
  readonly words: string;
}

/** Those that ever told anything, by kind; days are the customer's. */
export async function readSignalSources(
  store: TenantStore,
  { freshDays }: Pick<HealthConfiguration, 'freshDays'>,
  now: Instant,
): Promise<readonly SignalSourceLine[]> {
  const { timeZone } = (await store.getInstallation()).facts;
  const lines = [...(await store.signals.sources())].flatMap(([source, intake]) => {
    const { readAt, ...freshness } = freshnessOf(intake, timeZone);
    if (readAt === null) return [];
    const afterMs = staleAfterMs({ readAt, ...freshness }, freshDays[source]);
    const line = {
      kind: KINDS[source],
      knownTo: readAt,
      every: intake.file?.every ?? null,
      nextFileOn: intake.file === null ? null : dayOf(nextFileAt(intake.file, timeZone), timeZone),
      staleOn: afterMs === null ? null : dayOf(new Date(afterMs).toISOString(), timeZone),
      isStale: afterMs !== null && Date.parse(now) > afterMs,
    };
    return [{ ...line, words: inWords(line, intake, dayOf(now, timeZone)) }];
  });
  return lines.sort((a, b) => (a.kind < b.kind ? -1 : 1));
}

const KINDS: Readonly<Record<SignalSource, ImportKind>> = {
  usage: 'usage',
  surveys: 'surveys',
  billing: 'invoices',
  milestones: 'milestones',
};

const FILES: Readonly<Record<Rhythm, string>> = {
  day: 'daily files',
  week: 'weekly files',
  month: 'monthly files',
  quarter: 'quarterly files',
};

function inWords(line: Omit<SignalSourceLine, 'words'>, { sentAt, file }: SourceIntake, today: CalendarDate): string {
  const ways = [...(sentAt === null ? [] : ['the API']), ...(file === null ? [] : [FILES[file.every]])];
  const { nextFileOn, staleOn, isStale } = line;
  const isDue = nextFileOn !== null && nextFileOn < today;
  return [
    `known up to ${line.knownTo} by ${ways.join(' and ')}`,
    ...(nextFileOn === null ? [] : [`next file ${isDue ? 'was ' : ''}expected by ${dayText(nextFileOn, today)}`]),
    ...(staleOn === null
      ? []
      : [`stale ${isStale ? 'since' : 'from'} ${dayText(staleOn, today)}${isStale ? '' : ' on'}`]),
  ].join('; ');
}
