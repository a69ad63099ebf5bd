import type { Secret } from '../../../connectors/contract/auth.ts';
import type { ChangeNotice, IncomingRequest, WebhookReader } from '../../../connectors/contract/webhooks.ts';
import type { InstallationId } from '../../core/model/ids.ts';
import type { Clock } from '../../ports/clock.ts';
import type { NoticedRecord, Store } from '../../ports/store.ts';
import { groupWrites } from './group-writes.ts';

/** A CRM may send 150 deliveries a second; stored one by one they would wait for each other. */
const GATHER_MS = 10;

/** One CRM's deliveries. */
export interface NoticeSource {
  /** The connector's id. */
  readonly connector: string;
  readonly reader: WebhookReader;
  /** What the CRM signs with. */
  readonly secret: Secret;
  /** Is the field filled by us alone, so that its change is our own doing? */
  isOurs(object: string, field: string): boolean;
}

/** What became of one delivery. Only of `stored` is anything kept. */
export type ReceivedNotices =
  | { readonly outcome: 'forged' | 'stale' | 'unreadable' }
  | {
      readonly outcome: 'stored';
      /** Installations that something was told of. */
      readonly installations: readonly InstallationId[];
      /** Events that lead to a look, those that were our own doing, and those of accounts that are not connected. */
      readonly events: { readonly kept: number; readonly own: number; readonly unknown: number };
    };

/**
 * Takes in the deliveries of one CRM. When it answers `stored`, all that matters in the delivery survives this process.
 * A delivery that comes twice changes nothing: what is kept is which records are to be looked at again.
 */
export function openNoticeReceiver(
  parts: { readonly store: Store; readonly clock: Clock },
  source: NoticeSource,
): (request: IncomingRequest) => Promise<ReceivedNotices> {
  const write = groupWrites(
    (notices: readonly (NoticedRecord & { readonly crmAccountId: string })[]) =>
      parts.store.notices.add(source.connector, notices, parts.clock.now()),
    GATHER_MS,
  );
  return async (request) => {
    const genuineness = source.reader.verify(request, source.secret, parts.clock.now());
    if (genuineness !== 'genuine') return { outcome: genuineness };
    const notices = source.reader.read(request.body);
    if (notices === null) return { outcome: 'unreadable' };
    const foreign = notices.filter((notice) => !isOwnDoing(source, notice));
    const own = notices.length - foreign.length;
    if (foreign.length === 0) return { outcome: 'stored', installations: [], events: { kept: 0, own, unknown: 0 } };
    const known = await write(foreign.flatMap(toRows));
    const kept = foreign.filter(({ crmAccountId }) => known.has(crmAccountId));
    return {
      outcome: 'stored',
      installations: [...new Set(kept.flatMap(({ crmAccountId }) => known.get(crmAccountId) ?? []))],
      events: { kept: kept.length, own, unknown: foreign.length - kept.length },
    };
  };
}

/** The law's demand to forget somebody is never our own doing, whatever it says of its source. */
function isOwnDoing(source: NoticeSource, { kind, records, field, isOwn }: ChangeNotice): boolean {
  if (kind === 'erased') return false;
  if (field === null) return isOwn;
  return isOwn || records.every(({ object }) => source.isOurs(object, field));
}

function toRows({ crmAccountId, kind, records }: ChangeNotice): (NoticedRecord & { readonly crmAccountId: string })[] {
  return records.map(({ object, id }) => ({ crmAccountId, object, id, erases: kind === 'erased' }));
}
