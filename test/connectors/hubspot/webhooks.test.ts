import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Secret } from '../../../connectors/contract/auth.ts';
import type { IncomingRequest } from '../../../connectors/contract/webhooks.ts';
import { webhooks } from '../../../connectors/hubspot/webhooks.ts';

const SECRET = 'yyyyyyyy-yyyy-yyyy-yyyy-yyyyyyyyyyyy';
const MOMENT = 1_764_000_000_000;
const NOW = new Date(MOMENT).toISOString();

const DELIVERY = {
  method: 'POST',
  url: 'https://api.holdfast.example/hooks/hubspot?x=a%2Fb%3Ac%20d',
  body: new TextEncoder().encode('{"é":"1"}'),
  headers: {
    'x-hubspot-signature-v3': 'YhTOsnqZW2V0KQVoT3wxLRJ4qgaS0ImrVZPYv0j552I=',
    'x-hubspot-request-timestamp': String(MOMENT),
  },
} satisfies IncomingRequest;

const CARD = {
  method: 'GET',
  url: 'https://api.holdfast.example/card?portalId=1&email=a%40b.co',
  body: new Uint8Array(),
  headers: {
    'x-hubspot-signature-v3': '89YyFXX6Ooe5/bT/GlfoD9uYRpnLBAQ4W3GsCGDeMQE=',
    'x-hubspot-request-timestamp': String(MOMENT),
  },
} satisfies IncomingRequest;

const verify = (request: IncomingRequest, now = NOW, secret = SECRET) =>
  webhooks.verify(request, new Secret(secret), now);
const later = (ms: number): string => new Date(MOMENT + ms).toISOString();

describe('HubSpot’s signature', () => {
  it('is recognised on the known examples', () => {
    expect(verify(DELIVERY)).toBe('genuine');
    expect(verify(CARD)).toBe('genuine');
  });

  it('does not depend on how the escapes are spelled, and knows no fragment', () => {
    expect(verify({ ...DELIVERY, url: DELIVERY.url.replace('%2F', '%2f').replace('%3A', ':') })).toBe('genuine');
    expect(verify({ ...DELIVERY, url: `${DELIVERY.url}#top` })).toBe('genuine');
  });

  it.each([
    ['a changed byte in the body', { ...DELIVERY, body: new TextEncoder().encode('{"é":"2"}') }],
    ['the same body spelled otherwise', { ...DELIVERY, body: new TextEncoder().encode('{"\\u00e9":"1"}') }],
    ['a cut body', { ...DELIVERY, body: DELIVERY.body.subarray(0, 4) }],
    ['another method', { ...DELIVERY, method: 'PUT' }],
    ['another host', { ...DELIVERY, url: DELIVERY.url.replace('api.', 'evil.') }],
    ['an escape undone that stays', { ...DELIVERY, url: DELIVERY.url.replace('%20', ' ') }],
    ['another timestamp', withHeaders({ 'x-hubspot-request-timestamp': String(MOMENT + 1) })],
    ['no timestamp', withHeaders({ 'x-hubspot-request-timestamp': undefined })],
    ['a timestamp that is none', withHeaders({ 'x-hubspot-request-timestamp': `${MOMENT}.0` })],
    ['no signature', withHeaders({ 'x-hubspot-signature-v3': undefined })],
    ['two signatures', withHeaders({ 'x-hubspot-signature-v3': [DELIVERY.headers['x-hubspot-signature-v3']] })],
    ['an empty signature', withHeaders({ 'x-hubspot-signature-v3': '' })],
    [
      'a longer signature',
      withHeaders({ 'x-hubspot-signature-v3': `${DELIVERY.headers['x-hubspot-signature-v3']}AAAA` }),
    ],
    [
      'a signature with rubbish in it',
      withHeaders({ 'x-hubspot-signature-v3': `!${DELIVERY.headers['x-hubspot-signature-v3']}` }),
    ],
  ])('is not believed with %s', (_, request: IncomingRequest) => {
    expect(verify(request)).toBe('forged');
  });

  it('is not believed under another secret', () => {
    expect(verify(DELIVERY, NOW, `${SECRET}x`)).toBe('forged');
  });

  it('holds for five minutes, before and after', () => {
    expect(verify(DELIVERY, later(300_000))).toBe('genuine');
    expect(verify(DELIVERY, later(-300_000))).toBe('genuine');
    expect(verify(DELIVERY, later(300_001))).toBe('stale');
    expect(verify(DELIVERY, later(-300_001))).toBe('stale');
    // Whoever has no secret is not told how old the request is.
    expect(verify({ ...DELIVERY, method: 'PUT' }, later(300_001))).toBe('forged');
  });

  it('holds for any bytes as they are, and for none that differ', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.nat(), fc.integer({ min: 1, max: 255 }), (body, at, change) => {
        const signature = createHmac('sha256', SECRET)
          .update('POSThttps://holdfast.example/webhooks/hubspot')
          .update(body)
          .update(String(MOMENT))
          .digest('base64');
        const request = {
          method: 'POST',
          url: 'https://holdfast.example/webhooks/hubspot',
          body,
          headers: { 'x-hubspot-signature-v3': signature, 'x-hubspot-request-timestamp': String(MOMENT) },
        };
        expect(verify(request)).toBe('genuine');
        const other = body.length === 0 ? new Uint8Array([change]) : body.slice();
        if (body.length > 0) other[at % body.length] = ((other[at % body.length] ?? 0) + change) % 256;
        expect(verify({ ...request, body: other })).toBe('forged');
      }),
    );
  });
});

function withHeaders(headers: IncomingRequest['headers']): IncomingRequest {
  return { ...DELIVERY, headers: { ...DELIVERY.headers, ...headers } };
}

describe('a delivery', () => {
  const read = (events: unknown) => webhooks.read(new TextEncoder().encode(JSON.stringify(events)));
  const base = { eventId: 7, subscriptionId: 1, portalId: 4711, appId: 99, occurredAt: MOMENT, attemptNumber: 0 };
  const one = (event: object) => read([{ ...base, ...event }])?.[0];

  it('tells in the words of every CRM what to look at', () => {
    expect(
      one({ subscriptionType: 'object.propertyChange', objectId: 5, objectTypeId: '0-2', propertyName: 'name' }),
    ).toMatchObject({
      crmAccountId: '4711',
      kind: 'changed',
      records: [{ object: 'companies', id: '5' }],
      field: 'name',
      isOwn: false,
    });
  });

  it.each([
    ['object.creation', { objectId: 5, objectTypeId: '0-3' }, 'created', ['deals 5']],
    ['contact.creation', { objectId: 5 }, 'created', ['contacts 5']],
    ['object.deletion', { objectId: 5, objectTypeId: '0-5' }, 'deleted', ['tickets 5']],
    ['object.restore', { objectId: 5, objectTypeId: '0-1' }, 'restored', ['contacts 5']],
    ['object.creation', { objectId: 5, objectTypeId: '2-77' }, 'created', ['2-77 5']],
    [
      'object.merge',
      { objectId: 9, objectTypeId: '0-3', primaryObjectId: 5, mergedObjectIds: [6], newObjectId: 9 },
      'merged',
      ['deals 9', 'deals 5', 'deals 6'],
    ],
    [
      'object.associationChange',
      { associationType: 'COMPANY_TO_CONTACT', fromObjectId: 1, toObjectId: 2, associationRemoved: true },
      'linked',
      ['companies 1', 'contacts 2'],
    ],
    ['contact.privacyDeletion', { objectId: 5 }, 'erased', ['contacts 5']],
  ])('reads %s', (subscriptionType, event, kind, records) => {
    const notice = one({ subscriptionType, ...event });
    expect(notice?.kind).toBe(kind);
    expect(notice?.records.map(({ object, id }) => `${object} ${id}`)).toEqual(records);
  });

  it('knows what this very app has changed, and nobody else', () => {
    const event = { subscriptionType: 'object.creation', objectId: 5, objectTypeId: '0-2' };
    expect(one({ ...event, changeSource: 'INTEGRATION', sourceId: '99' })?.isOwn).toBe(true);
    expect(one({ ...event, changeSource: 'INTEGRATION', sourceId: '98' })?.isOwn).toBe(false);
    expect(one({ ...event, changeSource: 'CRM_UI', sourceId: '99' })?.isOwn).toBe(false);
    expect(one({ ...event, changeSource: 'INTEGRATION' })?.isOwn).toBe(false);
  });

  it('leaves out what it does not understand, and keeps the rest', () => {
    const known = { ...base, subscriptionType: 'object.creation', objectId: 5, objectTypeId: '0-2' };
    const odd = [
      null,
      'text',
      {},
      { ...known, subscriptionType: 'object.somethingNew' },
      { ...known, objectTypeId: '0-999' },
      { ...known, objectId: undefined },
    ];
    expect(read([...odd, known])).toHaveLength(1);
    expect(read(odd)).toEqual([]);
  });

  it.each([
    ['cut off', '[{"eventId":1,'],
    ['no JSON', '<events/>'],
    ['no list', '{"eventId":1}'],
    ['empty', ''],
    ['no text', Buffer.from([0x5b, 0xff, 0x5d])],
  ])('is none when it is %s', (_, body) => {
    expect(webhooks.read(Buffer.from(body))).toBeNull();
  });
});

describe('who calls from a card', () => {
  it('is what HubSpot has added to the address', () => {
    const url =
      'https://h.example/cards/hubspot/companies/5?userId=12&portalId=4711&userEmail=ana%40us.example&appId=99';
    expect(webhooks.findCaller(url)).toEqual({ crmAccountId: '4711', userId: '12', email: 'ana@us.example' });
  });

  it.each([
    ['no account', 'https://h.example/cards?userId=12'],
    ['no user', 'https://h.example/cards?portalId=4711'],
    ['two accounts', 'https://h.example/cards?portalId=1&userId=12&portalId=4711'],
    ['no query', 'https://h.example/cards'],
  ])('is nobody with %s', (_, url) => {
    expect(webhooks.findCaller(url)).toBeNull();
  });
});
