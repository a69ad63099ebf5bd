import type { LackingField } from '../../connectors/contract/connector.ts';
import type { Instant } from '../core/model/calendar-date.ts';
import { readInForce } from '../flow/configuration.ts';
import { readDailyCalls } from '../flow/daily-calls.ts';
import type { DailyCalls } from '../ports/daily-calls.ts';
import type { Installation, Problem, Store } from '../ports/store.ts';
import { readLacking } from './lacking.ts';
import type { ScopeLine } from './permissions.ts';
import { readSignalSources, type SignalSourceLine } from './signal-sources.ts';

/** Data older than this is called late: two missed incremental runs and some. */
const LATE_MS = 45 * 60_000;
const DAY_MS = 86_400_000;

export interface Examination {
  readonly database: string;
  /** False when something needs a person. */
  readonly isWell: boolean;
  readonly installations: readonly ExaminedInstallation[];
}

export interface ExaminedInstallation {
  readonly installation: string;
  readonly title: string;
  readonly status: string;
  readonly sources: readonly { readonly object: string; readonly readTo: Instant | null; readonly words: string }[];
  /** What comes from elsewhere than the CRM. */
  readonly signals: readonly SignalSourceLine[];
  readonly calls: readonly { readonly bucket: string; readonly calls: number }[];
  /** What is used of the CRM's calls of the day, as the last run heard it. */
  readonly daily: DailyCalls | null;
  readonly rateLimited: number;
  readonly failed: number;
  /** Fields of ours that the CRM lacks or does not let us write; not among the problems again. */
  readonly lacking: readonly LackingField[];
  /** Permissions that were not granted, with what therefore does not work. */
  readonly ungranted: readonly Pick<ScopeLine, 'name' | 'need' | 'without'>[];
  readonly problems: readonly (Problem & {
    readonly count: number;
    readonly firstAt: Instant;
    readonly lastAt: Instant;
  })[];
}

/** What the admin of an installation was asked for. */
export type ReadScopes = (installation: Installation) => Promise<readonly ScopeLine[]>;

/** Looks at everything that is stored about these installations. Calls nothing. */
export async function examine(
  store: Store,
  installations: readonly Installation[],
  now: Instant,
  scopesOf: ReadScopes,
): Promise<Examination> {
  const isReachable = await store.isReachable();
  const examined: ExaminedInstallation[] = [];
  for (const installation of installations) {
    examined.push(await examineOne(store, installation, now, await scopesOf(installation)));
  }
  return {
    database: `${store.title}, ${isReachable ? 'reachable' : 'not reachable'}`,
    isWell:
      isReachable &&
      installations.every(({ status }) => status === 'active') &&
      examined.every(
        ({ problems, lacking, ungranted }) =>
          problems.length + lacking.length === 0 && ungranted.every(({ need }) => need === 'optional'),
      ),
    installations: examined,
  };
}

async function examineOne(
  store: Store,
  installation: Installation,
  now: Instant,
  scopes: readonly ScopeLine[],
): Promise<ExaminedInstallation> {
  const tenant = store.of(installation.id);
  const checkpoints = await tenant.checkpoints.list();
  const configuration = await readInForce(tenant);
  const sources = [...checkpoints].flatMap(([stream, checkpoint]) => {
    const [object = '', kind] = stream.split(':');
    if (kind !== 'changed') return [];
    const readTo = checkpoint['readTo'];
    const at = typeof readTo === 'string' ? readTo : null;
    return [{ object, readTo: at, words: freshness(at, now) }];
  });
  const calls = await tenant.calls.since(new Date(Date.parse(now) - DAY_MS).toISOString());
  const perBucket = new Map<string, number>();
  for (const { bucket, calls: number } of calls) perBucket.set(bucket, (perBucket.get(bucket) ?? 0) + number);
  const reason = installation.statusReason === null ? '' : `: ${installation.statusReason}`;
  return {
    installation: installation.id,
    title: installation.facts.title,
    status: `${installation.status}${reason}; ${installation.approvedAt === null ? 'the first write awaits approval' : 'writing is approved'}`,
    sources: sources.sort((a, b) => (a.object < b.object ? -1 : 1)),
    signals: await readSignalSources(tenant, configuration.health, now),
    calls: [...perBucket].map(([bucket, number]) => ({ bucket, calls: number })),
    daily: await readDailyCalls(tenant),
    rateLimited: calls.reduce((sum, one) => sum + one.rateLimited, 0),
    failed: calls.reduce((sum, one) => sum + one.failed, 0),
    lacking: await readLacking(tenant),
    ungranted: scopes
      .filter(({ isGranted }) => isGranted === false)
      .map(({ name, need, without }) => ({ name, need, without })),
    problems: (await tenant.problems.list(1_000)).filter(({ kind }) => kind !== 'provision'),
  };
}

function freshness(readTo: Instant | null, now: Instant): string {
  if (readTo === null) return 'not read to the end yet';
  const minutes = Math.round((Date.parse(now) - Date.parse(readTo)) / 60_000);
  const age = minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
  return `read up to ${readTo} (${age} ago)${minutes * 60_000 > LATE_MS ? ', late' : ''}`;
}
