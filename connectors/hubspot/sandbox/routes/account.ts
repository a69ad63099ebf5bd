import { compareIdsAsNumbers } from '../../../kit/sandbox/sorted-ids.ts';
import { getObjectType, objectTypes } from '../object-types.ts';
import type { PortalState } from '../portal-state.ts';
import type { SeedOwner } from '../portal-seed.ts';
import { refuseMissing } from '../refusal.ts';
import { parseAfter, parseFlag, parseLimit } from '../router.ts';
import type { Route } from '../router.ts';
import { toWireInstant } from '../wire-time.ts';

/** What a portal is, who works in it, which pipelines it has, and how much room is left. */
export function accountRoutes(portal: PortalState, customPropertyRoom: number): readonly Route[] {
  const { facts } = portal;
  return [
    {
      method: 'GET',
      path: '/account-info/:version/details',
      purpose: 'account details',
      bucket: 'general',
      query: [],
      scopes: () => [['oauth']],
      handle: () => ({
        status: 200,
        body: {
          portalId: facts.portalId,
          accountType: facts.accountType,
          timeZone: facts.timeZone,
          companyCurrency: facts.companyCurrency,
          additionalCurrencies: facts.additionalCurrencies,
          utcOffset: offsetOf(facts.timeZone, portal.now()),
          utcOffsetMilliseconds: offsetMs(facts.timeZone, portal.now()),
          uiDomain: facts.uiDomain,
          dataHostingLocation: 'eu1',
        },
      }),
    },
    {
      method: 'GET',
      path: '/crm/owners/:version',
      purpose: 'list owners',
      bucket: 'general',
      query: ['limit', 'after', 'archived', 'email'],
      scopes: () => [['crm.objects.owners.read']],
      handle: ({ query }) => {
        const limit = parseLimit(query, 500, 100);
        const after = parseAfter(query);
        const email = query.get('email');
        const archived = parseFlag(query, 'archived');
        const owners = portal
          .owners()
          .filter((owner) => owner.archived === archived && (email === null || owner.email === email))
          .toSorted((a, b) => compareIdsAsNumbers(a.id, b.id))
          .filter((owner) => after === null || compareIdsAsNumbers(owner.id, after) > 0);
        const page = owners.slice(0, limit);
        const last = page.at(-1);
        return {
          status: 200,
          body: {
            results: page.map(toOwner),
            ...(owners.length > limit && last !== undefined ? { paging: { next: { after: last.id } } } : {}),
          },
        };
      },
    },
    {
      method: 'GET',
      path: '/crm/owners/:version/:id',
      purpose: 'read owners',
      bucket: 'general',
      query: ['archived', 'idProperty'],
      scopes: () => [['crm.objects.owners.read']],
      handle: ({ params, query }) => {
        const archived = parseFlag(query, 'archived');
        const owner = portal.owners().find(({ id }) => id === params['id']);
        if (owner === undefined || owner.archived !== archived) throw refuseMissing('No owner has this id.');
        return { status: 200, body: toOwner(owner) };
      },
    },
    {
      method: 'GET',
      path: '/crm/pipelines/:version/:type',
      purpose: 'list pipelines :type',
      bucket: 'general',
      query: [],
      scopes: (params) => [getObjectType(params['type'] ?? '').schemaReadScopes],
      handle: ({ params }) => ({
        status: 200,
        body: {
          results: (portal.pipelines[getObjectType(params['type'] ?? '').name] ?? []).map((pipeline, position) => ({
            id: pipeline.id,
            label: pipeline.label,
            displayOrder: position,
            archived: false,
            createdAt: toWireInstant(0),
            updatedAt: toWireInstant(0),
            stages: pipeline.stages.map((stage, displayOrder) => ({
              ...stage,
              displayOrder,
              archived: false,
              createdAt: toWireInstant(0),
              updatedAt: toWireInstant(0),
            })),
          })),
        },
      }),
    },
    {
      method: 'GET',
      path: '/crm/limits/:version/custom-properties',
      purpose: 'property limits',
      bucket: 'general',
      query: [],
      scopes: () => [objectTypes.flatMap((type) => type.readScopes)],
      handle: () => ({
        status: 200,
        body: {
          byObjectType: objectTypes.map((type) => {
            const usage = portal.schema.customCount(type);
            return {
              objectTypeId: type.typeId,
              pluralLabel: type.name,
              singularLabel: type.singular,
              limit: customPropertyRoom,
              usage,
              percentage: Math.round((100 * usage) / customPropertyRoom),
            };
          }),
        },
      }),
    },
  ];
}

function toOwner(owner: SeedOwner): Record<string, unknown> {
  return {
    id: owner.id,
    email: owner.email,
    firstName: owner.firstName,
    lastName: owner.lastName,
    type: owner.type,
    // An archived owner has lost its user.
    userId: owner.archived ? null : owner.userId,
    userIdIncludingInactive: owner.userId,
    archived: owner.archived,
    createdAt: toWireInstant(0),
    updatedAt: toWireInstant(0),
  };
}

/** `+02:00` for a zone at a moment. */
function offsetOf(timeZone: string, atMs: number): string {
  const minutes = offsetMs(timeZone, atMs) / 60_000;
  const two = (value: number): string => String(Math.floor(Math.abs(value))).padStart(2, '0');
  return `${minutes < 0 ? '-' : '+'}${two(Math.abs(minutes) / 60)}:${two(Math.abs(minutes) % 60)}`;
}

function offsetMs(timeZone: string, atMs: number): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(atMs);
  const part = (type: string): number => Number(parts.find((one) => one.type === type)?.value);
  const local = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
  return local - Math.floor(atMs / 1_000) * 1_000;
}
