import { describe, expect, it } from 'vitest';
import { defaultUsageConfiguration } from '../../../src/core/usage/configuration.ts';
import type { MessageType } from '../../../src/core/usage/message.ts';
import { parseRequest } from '../../../src/core/usage/parse-request.ts';

const LONG = 'x'.repeat(300);
const NOON = '2026-03-02T12:00:00.000Z';
const configuration = { ...defaultUsageConfiguration, keyActions: ['Report Sent'] };

const parse = (type: MessageType | null, body: unknown) =>
  parseRequest(type, body, { receivedAt: NOON, configuration, hash: (id) => `#${id}` });

const parseOne = (type: MessageType, body: object) => {
  const { messages, refused } = parse(type, body);
  expect(refused).toEqual([]);
  return messages[0];
};

const whyRefused = (type: MessageType, body: object): string | undefined => parse(type, body).refused[0]?.why;

describe('a message of a product', () => {
  it('tracks what a user did: an event of that name, now', () => {
    expect(parseOne('track', { userId: 'ann', event: 'Chart Drawn', messageId: 'm-1' })).toMatchObject({
      messageKey: '#m-1',
      at: NOON,
      userKey: '#ann',
      usage: { events: 1, userKeys: ['#ann'], features: { 'Chart Drawn': 1 }, keyActions: 0 },
    });
  });

  it('is a key action when the configuration says so, or the message itself', () => {
    expect(parseOne('track', { userId: 'ann', event: 'Report Sent' })?.usage).toMatchObject({ keyActions: 1 });
    const said = { userId: 'ann', event: 'Chart Drawn', properties: { keyAction: true } };
    expect(parseOne('track', said)?.usage).toMatchObject({ keyActions: 1, keyUserKeys: ['#ann'] });
  });

  it('names the feature whose gate was met', () => {
    const gated = { userId: 'ann', event: 'Feature Gated', properties: { feature: 'SSO' } };
    expect(parseOne('track', gated)?.usage).toMatchObject({ gate: 'SSO', features: {} });
  });

  it('tells of a visit of the prices, by name, path or address', () => {
    expect(parseOne('page', { userId: 'ann', name: 'Pricing' })?.usage?.pricingVisits).toBe(1);
    const page = { userId: 'ann', properties: { path: '/settings/billing' } };
    expect(parseOne('page', page)?.usage?.pricingVisits).toBe(1);
    expect(parseOne('page', { userId: 'ann', name: 'Home' })?.usage).toMatchObject({ events: 1, pricingVisits: 0 });
  });

  it('speaks for a whole day as a summary, users by id or as a number', () => {
    const properties = { users: ['ann', 'bob'], features: { chart: 5, 'Report Sent': 2 }, metered: { calls: 40 } };
    const summary = { event: 'Usage Summary', context: { groupId: 'acme' }, properties };
    expect(parseOne('track', summary)).toMatchObject({
      userKey: null,
      groupId: 'acme',
      usage: { events: 7, keyActions: 2, userKeys: ['#ann', '#bob'], metered: { calls: 40 } },
    });
    const counted = { ...summary, properties: { activeUsers: 12 } };
    expect(parseOne('track', counted)?.usage).toMatchObject({ userCount: 12, userKeys: [] });
  });

  it("tells the user's domain, but never a free mail provider's", () => {
    expect(parseOne('identify', { userId: '7', traits: { email: 'Ann@Acme.com' } })?.userDomain).toBe('acme.com');
    expect(parseOne('track', { userId: 'ann@acme.com', event: 'x' })?.userDomain).toBe('acme.com');
    expect(parseOne('identify', { userId: '7', traits: { email: 'ann@gmail.com' } })?.userDomain).toBeNull();
    const group = { userId: '7', groupId: 'g', traits: { domain: 'gmail.com', name: 'Ann' } };
    expect(parseOne('group', group)?.group).toMatchObject({ domain: null, name: 'Ann' });
  });

  it('may carry properties and traits of any kind that are none of ours', () => {
    const odd = { feature: 7, keyAction: 'yes', count: -3, users: 'many', price: { nested: [null] } };
    expect(parseOne('track', { userId: 'ann', event: 'x', properties: odd })?.usage).toMatchObject({ events: 1 });
    expect(parseOne('identify', { userId: 'ann', traits: { email: 7, name: [] } })).toMatchObject({ userKey: '#ann' });
  });

  it('may name a web page in the place of a domain, and odd things in the place of ids', () => {
    const traits = { website: `https://acme.com/?${LONG}`, crmId: { value: LONG } };
    expect(parseOne('group', { userId: '7', groupId: 'g', traits })?.group).toMatchObject({
      domain: 'acme.com',
      crmId: null,
    });
    const context = { groupId: [LONG], traits: LONG };
    expect(parseOne('track', { userId: '7', event: 'x', context })).toMatchObject({ groupId: null, userDomain: null });
  });

  it('of a visitor who is not signed in counts for nobody, except within a group', () => {
    expect(parse('page', { anonymousId: 'a-1', name: 'Home' })).toEqual({ messages: [], refused: [] });
    const inGroup = { anonymousId: 'a-1', event: 'x', context: { groupId: 'acme' } };
    expect(parseOne('track', inGroup)).toMatchObject({ userKey: '#a-1', groupId: 'acme' });
  });
});

describe('the moment of a message', () => {
  const at = (times: object, batchSentAt?: string): string | undefined => {
    const body = { batch: [{ type: 'track', userId: 'ann', event: 'x', ...times }], sentAt: batchSentAt };
    return parse(null, body).messages[0]?.at;
  };

  it('is what it says, when it does not say when it was sent', () => {
    expect(at({ timestamp: '2026-02-01T10:00:00+01:00' })).toBe('2026-02-01T09:00:00.000Z');
  });

  it('is put right by the clock of the sender: ten minutes before sending is ten minutes before receipt', () => {
    const wrongClock = { timestamp: '2020-01-01T00:00:00Z', sentAt: '2020-01-01T00:10:00Z' };
    expect(at(wrongClock)).toBe('2026-03-02T11:50:00.000Z');
    expect(at({ timestamp: '2020-01-01T00:00:00Z' }, '2020-01-01T00:10:00Z')).toBe('2026-03-02T11:50:00.000Z');
  });

  it('is believed as it is when somebody on the way has put it right', () => {
    const relayed = {
      originalTimestamp: '2020-01-01T00:00:00Z',
      timestamp: '2026-03-01T08:00:00Z',
      sentAt: '2020-01-01T00:00:01Z',
    };
    expect(at(relayed)).toBe('2026-03-01T08:00:00.000Z');
  });
});

describe('a message is refused, with what is wrong', () => {
  it.each<[string, MessageType, object, string]>([
    ['nobody is named', 'track', { event: 'x' }, 'userId: is missing'],
    ['the event has no name', 'track', { userId: 'ann' }, 'event: is missing'],
    ['a group has no id', 'group', { userId: 'ann' }, 'groupId: is missing'],
    ['a day has no offset', 'track', { userId: 'ann', event: 'x', timestamp: '2026-03-01T10:00:00' }, 'timestamp: '],
    ['it says another type than its address', 'track', { type: 'page', userId: 'ann' }, 'page at /v1/track'],
    [
      'a count is negative',
      'track',
      { event: 'Usage Summary', context: { groupId: 'g' }, properties: { features: { chart: -1 } } },
      "features: 'chart' is -1, which is negative.",
    ],
    [
      'a number of users is negative',
      'track',
      { event: 'Usage Summary', context: { groupId: 'g' }, properties: { activeUsers: -4 } },
      'activeUsers: is -4, which is negative.',
    ],
    ['an id is longer than any', 'group', { userId: 'a', groupId: LONG }, 'groupId: is longer than 256 characters.'],
    [
      'the id of its group is',
      'track',
      { userId: 'a', event: 'x', context: { groupId: LONG } },
      'context.groupId: is longer',
    ],
    [
      'the id in the CRM is',
      'group',
      { userId: 'a', groupId: 'g', traits: { crmId: LONG } },
      'traits.crmId: is longer',
    ],
    [
      'a domain is',
      'group',
      { userId: 'a', groupId: 'g', traits: { website: `https://${LONG}.com/` } },
      'traits.website: is longer',
    ],
    [
      'an e-mail address is',
      'identify',
      { userId: 'a', traits: { email: `a@${LONG}.com` } },
      'traits.email: is longer',
    ],
    [
      'an e-mail address in its context is',
      'track',
      { userId: 'a', event: 'x', context: { traits: { email: `a@${LONG}.com` } } },
      'context.traits.email: is longer',
    ],
    [
      'an amount has no end',
      'track',
      { userId: 'a', event: 'x', properties: { metered: { calls: Number.POSITIVE_INFINITY } } },
      "metered: 'calls' is Infinity, which is more than 1,000,000,000,000,000.",
    ],
    [
      'a number of events is more than anybody can mean',
      'track',
      { event: 'Usage Summary', context: { groupId: 'g' }, properties: { events: 1e308 } },
      'events: is 1e+308, which is more than',
    ],
    [
      'its features together are, although none of them is',
      'track',
      { event: 'Usage Summary', context: { groupId: 'g' }, properties: { features: { a: 9e14, b: 9e14 } } },
      'events: is 1800000000000000, which is more than',
    ],
    [
      'it is dated next week',
      'track',
      { userId: 'a', event: 'x', timestamp: '2026-03-09T12:00:00Z' },
      'more than 1 day',
    ],
    [
      'it is older than usage is kept',
      'track',
      { userId: 'a', event: 'x', timestamp: '2024-03-09T12:00:00Z' },
      '400 days',
    ],
    [
      'it is larger than 32 KB',
      'track',
      { userId: 'a', event: 'x', properties: { text: 'é'.repeat(20_000) } },
      '32 KB',
    ],
  ])('when %s', (_, type, body, words) => {
    expect(whyRefused(type, body)).toContain(words);
  });

  it('when its type is none that is read; the others of the batch are taken all the same', () => {
    const batch = [
      { type: 'track', userId: 'ann', event: 'x' },
      { type: 'teleport', userId: 'ann', messageId: 'm-2' },
      'not a message',
    ];
    const { messages, refused } = parse(null, { batch });
    expect(messages).toHaveLength(1);
    expect(refused.map(({ index, messageId }) => [index, messageId])).toEqual([
      [1, 'm-2'],
      [2, null],
    ]);
    expect(refused[1]?.why).toBe('It is not a JSON object.');
    expect(refused[0]?.why).toContain("'teleport' is not one of identify, group, track, page, screen");
  });

  it('together with all others when the body is no batch at all', () => {
    expect(() => parse(null, { events: [] })).toThrow(/not a batch/);
    expect(() => parse('track', [])).toThrow(/not a JSON object/);
  });
});
