import { z } from 'zod';
import { HoldfastError } from '../../errors.ts';
import { toText } from '../mapping/coerce.ts';
import type { Instant } from '../model/calendar-date.ts';
import { faultOfAmount, LONGEST_ID } from './bounds.ts';
import type { UsageConfiguration } from './configuration.ts';
import { domainOfEmail, hostOf, toDomain } from './domain.ts';
import { parseInstant, timeOfMessage } from './message-time.ts';
import { MESSAGE_TYPES } from './message.ts';
import type { GroupTraits, MessageType, MessageUsage, RefusedMessage, UsageMessage } from './message.ts';

/** Segment's limit of one message, in bytes of JSON. */
const MESSAGE_BYTES = 32 * 1024;

/** Names of events and features are cut to so many characters. */
const NAME_LENGTH = 100;

/** One message that speaks for a day: counts and lists of users instead of single events. */
export const SUMMARY_EVENT = 'Usage Summary';

const DAY_MS = 86_400_000;

export interface ParseOptions {
  readonly receivedAt: Instant;
  readonly configuration: UsageConfiguration;
  /** Makes a short hash (32 hexadecimal digits) of an id, always the same for the installation. */
  readonly hash: (id: string) => string;
}

export interface ParsedRequest {
  readonly messages: readonly UsageMessage[];
  /** Messages that were not taken; the others are fine. */
  readonly refused: readonly RefusedMessage[];
}

/**
 * Reads the body of a request of Segment's HTTP tracking API. `type` is the path's; null for a batch, whose messages name
 * theirs. Messages that only an anonymous visitor sent count for nobody and are left out, as are those that join two ids.
 *
 * Throws `input-invalid` for a body that is no request at all.
 */
export function parseRequest(type: MessageType | null, body: unknown, options: ParseOptions): ParsedRequest {
  const free = new Set(options.configuration.freeMailDomains);
  const { items, sentAt } = type === null ? openBatch(body) : { items: [body], sentAt: null };
  const messages: UsageMessage[] = [];
  const refused: RefusedMessage[] = [];
  for (const [index, item] of items.entries()) {
    const read = readMessage(type === null ? item : withType(item, type), sentAt, free, options);
    if ('why' in read) refused.push({ ...titleOf(index, item, type), ...read });
    else if (read.type !== 'alias' && (read.userKey !== null || read.groupId !== null)) messages.push(read);
  }
  return { messages, refused };
}

function readMessage(
  item: unknown,
  sentAt: Instant | null,
  free: ReadonlySet<string>,
  options: ParseOptions,
): UsageMessage | Pick<RefusedMessage, 'code' | 'why'> {
  if (isTooLarge(item)) return { code: 'message-invalid', why: 'The message is larger than 32 KB.' };
  try {
    const message = toMessage(messageSchema.parse(item), sentAt, free, options);
    return whyMisdated(message.at, options) ?? message;
  } catch (error) {
    if (error instanceof z.ZodError) return { code: 'message-invalid', why: inWords(error) };
    throw error;
  }
}

function openBatch(body: unknown): { readonly items: readonly unknown[]; readonly sentAt: Instant | null } {
  const parsed = batchSchema.safeParse(body);
  if (!parsed.success) {
    throw new HoldfastError({
      code: 'input-invalid',
      message: `The body is not a batch: ${inWords(parsed.error)}`,
      remedy: 'Send {"batch": [{"type": "track", "userId": "…", "event": "…"}, …]}.',
    });
  }
  return { items: parsed.data.batch, sentAt: parsed.data.sentAt ?? null };
}

function withType(body: unknown, type: MessageType): unknown {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new HoldfastError({
      code: 'input-invalid',
      message: 'The body is not a JSON object.',
      remedy: `Send one ${type} message: {"userId": "…", …}; many go to /v1/batch.`,
    });
  }
  const said: unknown = 'type' in body ? body.type : type;
  return said === type ? { ...body, type } : { ...body, type: `${String(said)} at /v1/${type}` };
}

function isTooLarge(item: unknown): boolean {
  const json = JSON.stringify(item);
  // A character is at most three bytes for each of its UTF-16 units.
  return json.length * 3 > MESSAGE_BYTES && new TextEncoder().encode(json).length > MESSAGE_BYTES;
}

function whyMisdated(at: Instant, { receivedAt, configuration }: ParseOptions) {
  const aheadMs = Date.parse(at) - Date.parse(receivedAt);
  if (aheadMs > configuration.aheadDays * DAY_MS) {
    const why = `It is dated ${at}, more than ${configuration.aheadDays} day(s) ahead of our clock (${receivedAt}).`;
    return { code: 'date-ahead', why } as const;
  }
  if (-aheadMs > configuration.retentionDays * DAY_MS) {
    const why = `It is dated ${at}; usage is kept for ${configuration.retentionDays} days.`;
    return { code: 'date-too-old', why } as const;
  }
  return null;
}

const TOO_LONG = `is longer than ${LONGEST_ID} characters`;
const textOrNumber = z.union([z.string(), z.number()], { error: 'must be text or a number' }).nullish();
const idText = z
  .string()
  .refine((value) => value.length <= LONGEST_ID, TOO_LONG)
  .transform((value) => (value === '' ? null : value));
const toIdText = (value: string | number | null | undefined): string => toText(String(value ?? ''));
const id = textOrNumber.transform(toIdText).pipe(idText);
/** Products put what they like there: only text and numbers are ids. */
const looseId = textOrNumber.catch(null).transform(toIdText).pipe(idText);
const text = z
  .string()
  .transform(toText)
  .nullish()
  .catch(null)
  .transform((value) => (value === undefined || value === '' ? null : value));
/** An e-mail address, a domain or a web address. */
const address = text.refine((value) => value === null || hostOf(value).length <= LONGEST_ID, TOO_LONG);
const instant = z.string().transform((value, context): Instant => {
  const read = parseInstant(value);
  if (read !== null) return read;
  context.addIssue({ code: 'custom', message: `'${value}' is not an instant such as 2026-03-01T12:00:00.000Z.` });
  return z.NEVER;
});
const count = z.unknown().transform((value, context): number => {
  const fault = faultIn(value);
  if (typeof value === 'number' && fault === null) return value;
  context.addIssue({ code: 'custom', message: fault ?? '' });
  return z.NEVER;
});
/** Why something is no amount; null when it is one. */
function faultIn(value: unknown): string | null {
  if (typeof value !== 'number') return 'is not a number';
  const fault = faultOfAmount(value);
  return fault === null ? null : `is ${value}, ${fault}`;
}
const name = z
  .string()
  .transform(toName)
  .refine((value) => value !== '', 'must not be empty');
/** Cut without leaving half a character. */
function toName(text: string): string {
  return toText(text).slice(0, NAME_LENGTH).toWellFormed();
}

/** Read by hand: a day's summary has dozens of them, and a request thousands. */
const amounts = z.unknown().transform((value, context): Readonly<Record<string, number>> => {
  const wrong = (words: string): never => {
    context.addIssue({ code: 'custom', message: words });
    return z.NEVER;
  };
  if (value === undefined || value === null) return {};
  if (typeof value !== 'object' || Array.isArray(value)) return wrong('is not an object of amounts');
  const read: [string, number][] = [];
  for (const [key, amount] of Object.entries(value)) {
    const fault = faultIn(amount);
    if (typeof amount !== 'number' || fault !== null) return wrong(`'${key}' ${fault ?? ''}`);
    const title = toName(key);
    if (title !== '') read.push([title, amount]);
  }
  return Object.fromEntries(read);
});
const userIds = z.array(z.union([z.string(), z.number()]).transform(String));

/**
 * Of what products send, only what is read is looked at: their own properties and traits may be anything. A summary is our
 * own form, so there every number is checked.
 */
const trackProperties = z.looseObject({
  feature: name.optional().catch(undefined),
  keyAction: z.boolean().optional().catch(undefined),
  metered: amounts.default({}),
  levels: amounts.default({}),
});

const summaryProperties = z.looseObject({
  users: userIds.default([]),
  keyUsers: userIds.default([]),
  activeUsers: count.default(0),
  events: count.optional(),
  keyActions: count.optional(),
  features: amounts.default({}),
  metered: amounts.default({}),
  levels: amounts.default({}),
  pricingVisits: count.default(0),
});

const pageProperties = z.looseObject({ name: text, path: text, url: text });

const userTraits = z.looseObject({ email: address, department: text });

const traits = userTraits.extend({
  name: text,
  domain: address,
  website: address,
  crmId: looseId,
  limits: amounts.default({}),
  coreFeatures: z.array(name).optional(),
});

/** What passes messages on puts there what it likes. */
const looseUserTraits = z.record(z.string(), z.unknown()).nullish().catch(null).pipe(userTraits.nullish());

const messageSchema = z
  .looseObject(
    {
      type: z.enum(MESSAGE_TYPES, {
        error: (issue) => `'${String(issue.input)}' is not one of ${MESSAGE_TYPES.join(', ')}.`,
      }),
      messageId: id,
      userId: id,
      anonymousId: id,
      groupId: id,
      event: name.nullish(),
      name: text,
      timestamp: instant.nullish(),
      originalTimestamp: instant.nullish(),
      sentAt: instant.nullish(),
      properties: z.record(z.string(), z.unknown()).nullish(),
      traits: traits.nullish(),
      context: z.looseObject({ groupId: looseId, traits: looseUserTraits }).nullish(),
    },
    { error: 'It is not a JSON object.' },
  )
  .superRefine((message, context) => {
    const issue = (path: string, words: string): void => {
      context.addIssue({ code: 'custom', path: [path], message: words });
    };
    const groupId = message.groupId ?? message.context?.groupId ?? null;
    if (message.userId === null && message.anonymousId === null && groupId === null) {
      issue('userId', 'is missing: a message needs a userId, an anonymousId or a groupId.');
    }
    if (message.type === 'group' && message.groupId === null) issue('groupId', 'is missing.');
    if (message.type === 'track' && typeof message.event !== 'string') issue('event', 'is missing.');
    if (message.type === 'track' && message.event === SUMMARY_EVENT && groupId === null) {
      issue('context.groupId', 'is missing: a summary speaks for a group.');
    }
  });

const batchSchema = z.looseObject(
  { batch: z.array(z.unknown(), { error: 'is not a list of messages.' }), sentAt: instant.nullish() },
  { error: 'it is not a JSON object.' },
);

type Message = z.output<typeof messageSchema>;

function toMessage(
  message: Message,
  batchSentAt: Instant | null,
  free: ReadonlySet<string>,
  { receivedAt, configuration, hash }: ParseOptions,
): UsageMessage {
  const { type, userId, context } = message;
  const groupId = message.groupId ?? context?.groupId ?? null;
  // A visitor who is not signed in is somebody only within a group.
  const user = userId ?? (groupId === null ? null : message.anonymousId);
  const ofUser = type === 'group' ? context?.traits : (message.traits ?? context?.traits);
  const email = ofUser?.email ?? userId;
  const domain = email === null ? null : domainOfEmail(email);
  return {
    type,
    messageKey: message.messageId === null ? null : hash(message.messageId),
    at: timeOfMessage(
      {
        timestamp: message.timestamp ?? null,
        originalTimestamp: message.originalTimestamp ?? null,
        sentAt: message.sentAt ?? batchSentAt,
      },
      receivedAt,
    ),
    userKey: user === null ? null : hash(user),
    userDomain: domain === null || free.has(domain) ? null : domain,
    department: type === 'group' ? null : (ofUser?.department ?? null),
    groupId,
    group: type === 'group' ? toGroup(message.traits ?? null, free) : null,
    usage: toUsage(message, user === null ? null : hash(user), configuration, hash),
  };
}

function toGroup(said: z.output<typeof traits> | null, free: ReadonlySet<string>): GroupTraits {
  const address = said?.domain ?? said?.website ?? null;
  const domain = address === null ? null : toDomain(address);
  return {
    name: said?.name ?? null,
    domain: domain === null || free.has(domain) ? null : domain,
    crmId: said?.crmId ?? null,
    limits: said?.limits ?? {},
    coreFeatures: said?.coreFeatures ?? null,
  };
}

const NO_USAGE: MessageUsage = {
  events: 0,
  keyActions: 0,
  userKeys: [],
  keyUserKeys: [],
  userCount: 0,
  features: {},
  metered: {},
  levels: {},
  gate: null,
  pricingVisits: 0,
};

/** What a summary does not say itself, made of its features. Each of them may be an amount that all together are not. */
const derivedSums = z.object({ events: count, keyActions: count });

/** Throws a `ZodError` for properties that cannot be what they say. */
function toUsage(
  message: Message,
  userKey: string | null,
  configuration: UsageConfiguration,
  hash: (id: string) => string,
): MessageUsage | null {
  const userKeys = userKey === null ? [] : [userKey];
  switch (message.type) {
    case 'identify':
    case 'group':
    case 'alias':
      return null;
    case 'page':
    case 'screen': {
      const said = pageProperties.parse(message.properties ?? {});
      const about = [message.name, said.name, said.path, said.url].join(' ').toLowerCase();
      const isPricing = configuration.pricingPages.some((word) => about.includes(word));
      return { ...NO_USAGE, events: 1, userKeys, pricingVisits: isPricing ? 1 : 0 };
    }
    case 'track':
      return message.event === SUMMARY_EVENT
        ? toSummary(message, configuration, hash)
        : toEvent(message, userKeys, configuration);
    default:
      return message.type satisfies never;
  }
}

function toEvent(message: Message, userKeys: readonly string[], configuration: UsageConfiguration): MessageUsage {
  const { feature, keyAction, metered, levels } = trackProperties.parse(message.properties ?? {});
  const event = message.event ?? '';
  const base = { ...NO_USAGE, events: 1, userKeys, metered, levels };
  if (configuration.gateEvents.includes(event)) return { ...base, gate: feature ?? event };
  const isKey = keyAction === true || configuration.keyActions.includes(event);
  return {
    ...base,
    features: { [feature ?? event]: 1 },
    keyActions: isKey ? 1 : 0,
    keyUserKeys: isKey ? userKeys : [],
  };
}

function toSummary(message: Message, { keyActions }: UsageConfiguration, hash: (id: string) => string): MessageUsage {
  const said = summaryProperties.parse(message.properties ?? {});
  const features = Object.entries(said.features);
  const sums = derivedSums.parse({
    events: said.events ?? sum(features),
    keyActions: said.keyActions ?? sum(features.filter(([feature]) => keyActions.includes(feature))),
  });
  return {
    ...sums,
    userKeys: said.users.map(hash),
    keyUserKeys: said.keyUsers.map(hash),
    userCount: said.activeUsers,
    features: said.features,
    metered: said.metered,
    levels: said.levels,
    gate: null,
    pricingVisits: said.pricingVisits,
  };
}

function sum(amounts: readonly (readonly [name: string, amount: number])[]): number {
  return amounts.reduce((total, [, amount]) => total + amount, 0);
}

function titleOf(index: number, item: unknown, type: MessageType | null) {
  const said = typeof item === 'object' && item !== null ? item : {};
  const own = 'messageId' in said && typeof said.messageId === 'string' ? said.messageId.slice(0, LONGEST_ID) : null;
  const event = 'event' in said && typeof said.event === 'string' ? said.event.slice(0, NAME_LENGTH) : null;
  return { index, messageId: own, type: type ?? ('type' in said ? String(said.type) : ''), event };
}

/** The first thing that is wrong, with where it is. */
function inWords(error: z.ZodError): string {
  const [issue] = error.issues;
  if (issue === undefined) return 'It cannot be read.';
  const path = issue.path.join('.');
  const words = path === '' ? issue.message : `${path}: ${issue.message}`;
  return words.endsWith('.') ? words : `${words}.`;
}
