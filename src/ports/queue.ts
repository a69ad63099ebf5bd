import type { InstallationId } from '../core/model/ids.ts';

/** Background work, one job at a time per installation. */
export interface Queue {
  /** Asks for a run of the installation's line. A second request while one waits changes nothing. */
  request(installation: InstallationId): Promise<void>;
  /** The same within ten seconds: at once, unless one was asked for so short ago. For what comes many times a second. */
  requestSoon(installation: InstallationId): void;
  /** Works on requests until `stop`. `handle` answers true when there is more to do at once. */
  work(handle: (installation: InstallationId, signal: AbortSignal) => Promise<boolean>): Promise<void>;
  /** Jobs that wait and jobs under way. */
  depth(): Promise<{ readonly waiting: number; readonly active: number }>;
  /** Lets jobs under way end at their next stored page. */
  stop(): Promise<void>;
}
