import type { OrgState } from './org-state.ts';
import { refuse, refuseMissing } from './refusal.ts';
import { toWireTime } from './wire-time.ts';

export type JobState = 'Open' | 'UploadComplete' | 'InProgress' | 'JobComplete' | 'Failed' | 'Aborted';

/** What jobs of both kinds have. */
export interface BulkJob {
  readonly id: string;
  readonly object: string;
  readonly operation: string;
  readonly createdById: string;
  readonly createdAt: number;
  state: JobState;
  /** How often its state is still told as being worked on. */
  pollsLeft: number;
  /** Why it failed, or null. */
  errorMessage: string | null;
  processed: number;
  failed: number;
}

const KEPT_MS = 7 * 86_400_000;

/** Jobs by id. Salesforce forgets them after seven days. */
export class BulkJobs<Job extends BulkJob> {
  readonly #org: OrgState;
  readonly #jobs = new Map<string, Job>();

  constructor(org: OrgState) {
    this.#org = org;
  }

  add(job: Job): void {
    this.#jobs.set(job.id, job);
  }

  get(id: string): Job {
    const job = this.#jobs.get(id);
    if (job === undefined || job.createdAt + KEPT_MS < this.#org.now()) throw refuseMissing();
    return job;
  }

  remove(id: string): void {
    this.#jobs.delete(this.get(id).id);
  }
}

/** The state as the next question finds it: work takes some questions, then it is done. */
export function advance(job: BulkJob): void {
  if (job.state !== 'UploadComplete' && job.state !== 'InProgress') return;
  if (job.pollsLeft <= 0) {
    job.state = job.errorMessage === null ? 'JobComplete' : 'Failed';
    return;
  }
  job.pollsLeft -= 1;
  job.state = 'InProgress';
}

export function toJobBody(job: BulkJob, version: string): Record<string, unknown> {
  const at = toWireTime(job.createdAt);
  return {
    id: job.id,
    operation: job.operation,
    object: job.object,
    createdById: job.createdById,
    createdDate: at,
    systemModstamp: at,
    state: job.state,
    concurrencyMode: 'Parallel',
    contentType: 'CSV',
    apiVersion: Number(version),
    lineEnding: 'LF',
    columnDelimiter: 'COMMA',
    ...(job.errorMessage !== null && job.state === 'Failed' ? { errorMessage: job.errorMessage } : {}),
  };
}

export function requireBulkApi(org: OrgState): void {
  if (org.features.bulkApi) return;
  throw refuse(403, 'FEATURENOTENABLED', 'Bulk API is not enabled for this organization');
}

export function requireState(job: BulkJob, state: JobState): void {
  if (job.state === state) return;
  throw refuse(400, 'INVALIDJOBSTATE', `Job ${job.id} is in state ${job.state}, not ${state}`);
}
