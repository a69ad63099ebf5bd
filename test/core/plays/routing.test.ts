import { describe, expect, it } from 'vitest';
import type { Owner } from '../../../src/core/model/records.ts';
import { routeEscalation, routeTask } from '../../../src/core/plays/routing.ts';
import { account, deal } from '../renewals/builders.ts';

const owner = (id: string, isActive = true): readonly [string, Owner] => [
  id,
  { id, name: id.toUpperCase(), email: null, isActive, timeZone: null },
];
const renewalDeal = deal('open', 'renewal', '2026-03-31', { ownerId: 'rep' });
const routing = (...owners: (readonly [string, Owner])[]) => ({ owners: new Map(owners), fallbackOwnerId: 'team' });

describe('a task goes', () => {
  it('to the CSM for relationship steps, and to the owner of the renewal deal for commercial ones', () => {
    const all = routing(owner('csm'), owner('rep'), owner('owner'), owner('team'));
    expect(routeTask('csm', account(), renewalDeal, all)).toEqual({ ownerId: 'csm', note: null });
    expect(routeTask('account-manager', account(), renewalDeal, all)).toEqual({ ownerId: 'rep', note: null });
  });

  it('past whoever has left, is not set or is not known, and says why', () => {
    expect(routeTask('csm', account(), null, routing(owner('csm', false), owner('owner'), owner('team')))).toEqual({
      ownerId: 'owner',
      note: "Assigned to the account's owner: the account's CSM (CSM) is no longer active, the owner of the renewal deal is not set.",
    });
    expect(routeTask('csm', account({ csmId: null }), renewalDeal, routing(owner('team'))).ownerId).toBe('team');
  });

  it('to nobody when nobody is left', () => {
    const nobody = routeTask('csm', account(), null, { owners: new Map(), fallbackOwnerId: null });
    expect(nobody.ownerId).toBeNull();
    expect(nobody.note).toMatch(/^Nobody is assigned: the account's CSM is not a user of the CRM/);
  });
});

describe('a task of a role that no record names goes', () => {
  it('to whom the admin named, else to the people of the account, and says so', () => {
    const all = { ...routing(owner('csm'), owner('fin')), roleOwners: new Map([['finance' as const, 'fin']]) };
    expect(routeTask('finance', account(), null, all)).toEqual({ ownerId: 'fin', note: null });
    expect(routeTask('support', account(), null, all)).toEqual({
      ownerId: 'csm',
      note: "Assigned to the account's CSM: support is not set.",
    });
  });

  it('to the owner of the renewal deal first where sales operations would check the deal', () => {
    const all = routing(owner('csm'), owner('rep'), owner('ops'));
    const named = { ...all, roleOwners: new Map([['sales-ops' as const, 'ops']]) };
    expect(routeTask('sales-ops', account(), renewalDeal, named)).toEqual({ ownerId: 'ops', note: null });
    expect(routeTask('sales-ops', account(), renewalDeal, all)).toEqual({
      ownerId: 'rep',
      note: 'Assigned to the owner of the renewal deal: sales operations is not set.',
    });
    expect(routeTask('sales-ops', account(), null, all).ownerId).toBe('csm');
  });

  it('to the manager of the CSM where the CRM names one', () => {
    const [id, csm] = owner('csm');
    const owners = new Map([[id, { ...csm, managerId: 'boss' }], owner('boss'), owner('lead')]);
    const named = { owners, fallbackOwnerId: null, roleOwners: new Map([['manager' as const, 'lead']]) };
    expect(routeTask('manager', account(), null, named)).toEqual({ ownerId: 'boss', note: null });
    expect(routeTask('manager', account({ csmId: null }), null, named).ownerId).toBe('lead');
  });
});

describe('word that nobody has begun with a task goes', () => {
  const led = (id: string, managerId: string): readonly [string, Owner] => {
    const [, known] = owner(id);
    return [id, { ...known, managerId }];
  };
  const named = { fallbackOwnerId: 'team', roleOwners: new Map([['manager' as const, 'lead']]) };

  it('to the manager of whoever has the task', () => {
    const owners = new Map([led('csm', 'boss'), led('fin', 'cfo'), owner('boss'), owner('cfo')]);
    expect(routeEscalation('fin', account(), { ...named, owners })).toEqual({ ownerId: 'cfo', note: null });
    expect(routeEscalation('csm', account(), { ...named, owners })).toEqual({ ownerId: 'boss', note: null });
  });

  it('past a manager who has left to the next one that there is', () => {
    const owners = new Map([led('csm', 'old'), owner('old', false), led('owner', 'boss'), owner('boss')]);
    const expected =
      "Assigned to the manager of the account's owner: the manager of the account's CSM (OLD) is no longer active.";
    expect(routeEscalation('csm', account(), { ...named, owners })).toEqual({ ownerId: 'boss', note: expected });
    expect(routeTask('manager', account(), null, { ...named, owners })).toEqual({ ownerId: 'boss', note: expected });
  });

  it('to whom the admin named where the CRM knows no managers, and else to the fallback owner', () => {
    const owners = new Map([owner('csm'), owner('owner'), owner('lead'), owner('team')]);
    expect(routeEscalation('csm', account(), { ...named, owners }).ownerId).toBe('lead');
    expect(routeEscalation('csm', account(), { owners, fallbackOwnerId: 'team' }).ownerId).toBe('team');
  });

  it('never to whoever has the task: rather to nobody, and it says how to name somebody', () => {
    const owners = new Map([led('csm', 'csm'), owner('owner')]);
    const routing = routeEscalation('csm', account(), { owners, fallbackOwnerId: 'csm' });
    expect(routing.ownerId).toBeNull();
    expect(routing.note).toMatch(/^Nobody is assigned: .*the fallback owner has the first task\./);
    expect(routing.note).toMatch('Name somebody: holdfast plays --owner manager=…');
  });
});
