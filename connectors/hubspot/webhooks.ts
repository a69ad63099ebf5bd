import { z } from 'zod';
import type { ChangeNotice, CrmCaller, WebhookReader } from '../contract/webhooks.ts';
import { findObject } from './objects.ts';
import { verifySignature } from './signature.ts';

const id = z.union([z.number(), z.string()]).transform(String);

/**
 * What is used of an event. HubSpot's older subscriptions say `contact.propertyChange` and name no type of object, the newer
 * ones `object.propertyChange` with `objectTypeId`; some say `eventType` for `subscriptionType`.
 */
const event = z.object({
  portalId: id,
  appId: id.optional(),
  subscriptionType: z.string().optional(),
  eventType: z.string().optional(),
  objectId: id.optional(),
  objectTypeId: z.string().optional(),
  propertyName: z.string().optional(),
  changeSource: z.string().nullish(),
  sourceId: z.string().nullish(),
  primaryObjectId: id.optional(),
  mergedObjectIds: z.array(id).optional(),
  newObjectId: id.nullish(),
  associationType: z.string().optional(),
  fromObjectId: id.optional(),
  toObjectId: id.optional(),
});
type WireEvent = z.infer<typeof event>;

const KINDS: Readonly<Record<string, ChangeNotice['kind']>> = {
  creation: 'created',
  propertyChange: 'changed',
  deletion: 'deleted',
  restore: 'restored',
  merge: 'merged',
  associationChange: 'linked',
  // HubSpot sends a deletion of the contact beside it, in any order.
  privacyDeletion: 'erased',
};

export const webhooks: WebhookReader = {
  verify: (request, secret, now) => verifySignature(request, secret, Date.parse(now)),
  read: readNotices,
  findCaller,
};

function readNotices(body: Uint8Array): readonly ChangeNotice[] | null {
  const list = z.array(z.unknown()).safeParse(parseJson(body));
  if (!list.success) return null;
  return list.data.flatMap((one) => {
    // One event of a new kind must not refuse the ninety-nine others.
    const parsed = event.safeParse(one);
    const notice = parsed.success ? toNotice(parsed.data) : null;
    return notice ?? [];
  });
}

function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch (error) {
    // Both say the same to the caller: this is no delivery.
    if (error instanceof SyntaxError || error instanceof TypeError) return null;
    throw error;
  }
}

function toNotice(wire: WireEvent): ChangeNotice | null {
  const type = wire.subscriptionType ?? wire.eventType ?? '';
  const [subject = '', happened = ''] = type.split('.');
  const kind = KINDS[happened];
  if (kind === undefined) return null;
  const object = findObject(wire.objectTypeId ?? subject);
  const records = kind === 'linked' ? linkedRecords(wire) : recordsOf(object, wire);
  if (records.length === 0) return null;
  return {
    crmAccountId: wire.portalId,
    kind,
    records,
    field: wire.propertyName ?? null,
    isOwn: wire.changeSource === 'INTEGRATION' && wire.appId !== undefined && wire.sourceId === wire.appId,
  };
}

function recordsOf(object: string | null, wire: WireEvent): ChangeNotice['records'] {
  if (object === null) return [];
  const ids = [wire.newObjectId, wire.primaryObjectId, ...(wire.mergedObjectIds ?? []), wire.objectId];
  return [...new Set(ids)].flatMap((one) => (one === undefined || one === null ? [] : [{ object, id: one }]));
}

/** `COMPANY_TO_CONTACT`, from one to the other. */
function linkedRecords({ associationType, fromObjectId, toObjectId }: WireEvent): ChangeNotice['records'] {
  const [from = '', to = ''] = (associationType ?? '').toLowerCase().split('_to_');
  const ends = [
    { object: findObject(from), id: fromObjectId },
    { object: findObject(to), id: toObjectId },
  ];
  return ends.flatMap(({ object, id: end }) => (object === null || end === undefined ? [] : [{ object, id: end }]));
}

/** HubSpot itself appends who calls to the address before it signs it. */
function findCaller(url: string): CrmCaller | null {
  const query = URL.parse(url)?.searchParams;
  const portalIds = query?.getAll('portalId') ?? [];
  const userIds = query?.getAll('userId') ?? [];
  const [crmAccountId] = portalIds;
  const [userId] = userIds;
  // A page may put its own query in front of HubSpot's: what is said twice is not believed.
  if (portalIds.length !== 1 || userIds.length !== 1 || crmAccountId === undefined || userId === undefined) return null;
  const emails = query?.getAll('userEmail') ?? [];
  return { crmAccountId, userId, email: emails.length === 1 ? (emails[0] ?? '') : '' };
}
