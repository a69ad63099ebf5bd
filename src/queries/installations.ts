import { readDailyCalls } from '../flow/daily-calls.ts';
import type { DailyCalls } from '../ports/daily-calls.ts';
import type { Installation, Run, Store } from '../ports/store.ts';

/** One connected CRM account. */
export interface InstallationLine {
  readonly installation: string;
  readonly connector: string;
  readonly account: string;
  readonly title: string;
  readonly status: Installation['status'];
  readonly statusReason: string | null;
  readonly awaitsApproval: boolean;
  /** What is used of the CRM's calls of the day, as the last run heard it. */
  readonly daily: DailyCalls | null;
  readonly lastRun: Pick<Run, 'kind' | 'stage' | 'startedAt' | 'finishedAt' | 'error'> | null;
}

/** Every installation, oldest first, with its newest run. */
export async function readInstallations(store: Store): Promise<readonly InstallationLine[]> {
  const lines: InstallationLine[] = [];
  for (const installation of await store.installations.list()) lines.push(await readInstallation(store, installation));
  return lines;
}

export async function readInstallation(store: Store, installation: Installation): Promise<InstallationLine> {
  const [run] = await store.of(installation.id).runs.recent(1);
  return {
    installation: installation.id,
    connector: installation.connector,
    account: installation.crmAccountId,
    title: installation.facts.title,
    status: installation.status,
    statusReason: installation.statusReason,
    awaitsApproval: installation.approvedAt === null,
    daily: await readDailyCalls(store.of(installation.id)),
    lastRun:
      run === undefined
        ? null
        : {
            kind: run.kind,
            stage: run.stage,
            startedAt: run.startedAt,
            finishedAt: run.finishedAt,
            error: run.error,
          },
  };
}
