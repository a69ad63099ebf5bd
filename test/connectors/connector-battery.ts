import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CrmSession, PullPage, PullScope } from '../../connectors/contract/connector.ts';
import { openCrmOffice, type CrmCustomer, type CrmOffice } from '../support/crm-office.ts';
import { openDirectAccess } from '../support/direct-access.ts';
import type { CrmKind } from '../support/simulated-crm.ts';

const HOUR_MS = 3_600_000;

/** What holds for every CRM: the same customers, the same acts of people, the same faults, and nothing but its own door. */
export function describeConnector(kind: CrmKind): void {
  const { title } = kind.connector;
  let office: CrmOffice;
  beforeAll(async () => {
    office = await openCrmOffice();
  });
  afterAll(() => office.close());

  const connect = (options: Parameters<CrmOffice['connect']>[1] = {}): Promise<CrmCustomer> =>
    office.connect(kind, options);
  const sessionOf = ({ crm }: CrmCustomer): CrmSession =>
    kind.connector.open(openDirectAccess(crm.url, { token: crm.token }));
  const pull = (
    customer: CrmCustomer,
    object: string,
    scope: PullScope,
    cursor: string | null = null,
  ): Promise<readonly PullPage[]> => {
    const { nameField, objects } = customer.crm;
    const fields = object === objects.account ? [nameField] : [];
    const links = object === objects.account ? [] : [objects.account];
    return Array.fromAsync(sessionOf(customer).pull({ object, fields, links, scope, cursor }));
  };
  const idsOf = (pages: readonly PullPage[]): readonly string[] =>
    pages.flatMap(({ records }) => records.map(({ id }) => id));
  const storedIds = async ({ store }: CrmCustomer, object: string): Promise<readonly string[]> =>
    (await store.records.page(object, null, 10_000)).map(({ raw }) => raw.id).sort();

  describe(`the account of ${title}`, () => {
    it('says whose it is, and what day it is there', async () => {
      const customer = await connect();
      const facts = await sessionOf(customer).whoAmI();
      expect(facts).toMatchObject({ timeZone: 'America/New_York', currency: 'USD' });
      expect(facts.currencies).toEqual(expect.arrayContaining(['USD', 'EUR']));
      expect(facts.accountId).not.toBe('');
    });

    it('has fields with types, and pipelines whose stages say how they end', async () => {
      const customer = await connect();
      const { nameField, objects } = customer.crm;
      const session = sessionOf(customer);
      const fields = await session.describe(objects.account);
      expect(fields.find(({ name }) => name === nameField)).toMatchObject({ type: 'text', readOnly: false });
      expect(fields.filter(({ type, options }) => type === 'enumeration' && options.length > 0)).not.toEqual([]);
      const stages = (await session.pipelines(objects.deal)).flatMap((pipeline) => pipeline.stages);
      expect(new Set(stages.map(({ outcome }) => outcome))).toEqual(new Set(['open', 'won', 'lost']));
      expect(await session.pipelines(objects.account)).toEqual([]);
    });
  });

  describe(`reading ${title}`, () => {
    it('gives every live record of an object once, and no other', async () => {
      const customer = await connect();
      for (const object of Object.values(customer.crm.objects)) {
        const ids = idsOf(await pull(customer, object, { kind: 'all' }));
        expect(ids.toSorted()).toEqual(customer.crm.ids(object).toSorted());
      }
    });

    it('goes on behind any page, in another process, as if nothing had happened', async () => {
      const customer = await connect({ pageRows: 10 });
      for (const object of Object.values(customer.crm.objects)) {
        const pages = await pull(customer, object, { kind: 'all' });
        expect(pages.length).toBeGreaterThan(2);
        for (const [place, { cursor }] of pages.slice(0, -1).entries()) {
          const rest = await pull(customer, object, { kind: 'all' }, cursor);
          expect(rest.flatMap(({ records }) => records)).toEqual(
            pages.slice(place + 1).flatMap(({ records }) => records),
          );
        }
      }
    });

    it('gives what changed in a window, and leaves out what did not', async () => {
      const customer = await connect();
      const { crm, clock } = customer;
      clock.advance(HOUR_MS);
      const since = new Date(clock.now()).toISOString();
      const [first = '', second = ''] = crm.ids(crm.objects.account);
      crm.rename(first, 'Renamed');
      clock.advance(60_000);
      crm.rename(second, 'Renamed too');
      const until = new Date(clock.now()).toISOString();
      clock.advance(HOUR_MS);
      const window = { kind: 'changed', since, until } as const;
      expect(idsOf(await pull(customer, crm.objects.account, window)).toSorted()).toEqual([first, second].toSorted());
      expect(idsOf(await pull(customer, crm.objects.deal, window))).toEqual([]);
    });

    it('gives all of many records that changed in the same moment, from any page on', async () => {
      const customer = await connect({ pageRows: 7 });
      const { crm, clock } = customer;
      clock.advance(HOUR_MS);
      const at = new Date(clock.now()).toISOString();
      const accounts = crm.ids(crm.objects.account);
      for (const id of accounts) crm.rename(id, `Renamed ${id}`);
      clock.advance(HOUR_MS);
      const window = { kind: 'changed', since: at, until: at } as const;
      const pages = await pull(customer, crm.objects.account, window);
      expect([...new Set(idsOf(pages))].toSorted()).toEqual(accounts.toSorted());
      expect(pages.length).toBeGreaterThan(2);
      for (const [place, { cursor }] of pages.slice(0, -1).entries()) {
        const rest = await pull(customer, crm.objects.account, window, cursor);
        const seen = [...idsOf(pages.slice(0, place + 1)), ...idsOf(rest)];
        expect([...new Set(seen)].toSorted()).toEqual(accounts.toSorted());
      }
    });

    it('lists what was deleted as deleted, or nothing', async () => {
      const customer = await connect();
      const { crm } = customer;
      const { contact } = crm.objects;
      const before = idsOf(await pull(customer, contact, { kind: 'archived' }));
      const [gone = ''] = crm.ids(contact);
      crm.remove(contact, gone);
      const pages = await pull(customer, contact, { kind: 'archived' });
      expect([[], [...before, gone].toSorted()]).toContainEqual(idsOf(pages).toSorted());
      expect(pages.flatMap(({ records }) => records).filter(({ deleted }) => !deleted)).toEqual([]);
    });

    it('gives records and links by id, and leaves out what is gone', async () => {
      const customer = await connect();
      const { crm } = customer;
      const { account, deal } = crm.objects;
      const session = sessionOf(customer);
      const pulled = (await pull(customer, deal, { kind: 'all' })).flatMap(({ records }) => records);
      const links = await session.links(
        deal,
        account,
        pulled.map(({ id }) => id),
      );
      expect(Object.fromEntries(links)).toEqual(
        Object.fromEntries(pulled.map((record) => [record.id, record.links[account]])),
      );
      const [gone = '', kept = ''] = crm.ids(account).toReversed();
      crm.remove(account, gone);
      crm.rename(kept, 'Kept');
      const found = await session.read(account, [gone, kept], [crm.nameField]);
      expect(found).toMatchObject([{ id: kept, fields: { [crm.nameField]: 'Kept' }, deleted: false }]);
    });
  });

  describe(`writing to ${title}`, () => {
    it('answers for each change in its place, and leaves the others alone when one record is gone', async () => {
      const customer = await connect();
      const { crm } = customer;
      const { account } = crm.objects;
      const ids = crm.ids(account).slice(0, 5);
      const [, , gone = ''] = ids;
      crm.remove(account, gone);
      const outcomes = await sessionOf(customer).write(
        ids.map((id) => ({ kind: 'update', object: account, id, fields: { [crm.nameField]: `Renamed ${id}` } })),
      );
      expect(outcomes).toMatchObject(
        ids.map((id) =>
          id === gone
            ? { ok: false, code: 'record-gone' }
            : { ok: true, id, fields: { [crm.nameField]: `Renamed ${id}` } },
        ),
      );
      const names = ids.filter((id) => id !== gone).map((id) => crm.theirValues(account, id)[crm.nameField]);
      expect(names).toEqual(ids.filter((id) => id !== gone).map((id) => `Renamed ${id}`));
    });

    it('takes as many calls as it said that it would', async () => {
      const customer = await connect();
      const { crm } = customer;
      const { account, contact } = crm.objects;
      const session = sessionOf(customer);
      // What a session has to know of an object before it writes, the line has always asked for already.
      await session.describe(account);
      const changes = crm.ids(account).map((id) => {
        return { kind: 'update', object: account, id, fields: { [crm.nameField]: `Renamed ${id}` } } as const;
      });
      const removals = crm.ids(contact).map((id) => ({ kind: 'archive', object: contact, id }) as const);
      for (const all of [changes, removals]) {
        crm.calls.reset();
        const outcomes = await session.write(all);
        expect(outcomes.filter(({ ok }) => !ok)).toEqual([]);
        expect(crm.calls.total).toBe(session.costOf(all));
      }
      expect(session.costOf([])).toBe(0);
    });

    it('makes the fields that are missing, or says of each why not, and has nothing left to make the second time', async () => {
      const customer = await connect();
      const session = sessionOf(customer);
      const specs = await customer.ownFields();
      const nameOf = ({ object, name }: { readonly object: string; readonly name: string }): string =>
        `${object}.${name}`;
      const missing = await session.missing(specs);
      const first = await session.provision(specs);
      expect([...first.done, ...first.existing, ...first.refused.map(nameOf)].toSorted()).toEqual(
        specs.map(nameOf).toSorted(),
      );
      expect([...first.done, ...first.refused.map(nameOf)].toSorted()).toEqual(missing.map(nameOf).toSorted());
      expect((await session.missing(specs)).map(nameOf)).toEqual(first.refused.map(nameOf));
      const second = await session.provision(specs);
      expect(second.done).toEqual([]);
      expect(second.existing.toSorted()).toEqual([...first.done, ...first.existing].toSorted());
    });
  });

  describe(`the line on ${title}`, () => {
    it('reads, waits for approval, writes, and then writes nothing more', async () => {
      const customer = await connect({ by: 'token' });
      const { crm } = customer;
      const before = crm.ids(crm.objects.account).map((id) => crm.theirValues(crm.objects.account, id));
      expect(await customer.sync()).toMatchObject({ awaitsApproval: true, writes: { records: 0, tasksOpened: 0 } });
      expect(crm.taskKeys()).toEqual([]);
      const plan = await customer.plan();
      await customer.approve();
      const { writes } = await customer.sync();
      const opened = plan.steps.filter((step) => step.kind === 'open-task');
      expect(writes).toMatchObject({ tasksOpened: opened.length, refused: 0 });
      expect(crm.taskKeys().toSorted()).toEqual(opened.map(({ key }) => key).toSorted());
      expect(opened.length).toBeGreaterThan(5);
      const scored = crm.ids(crm.objects.account).filter((id) => Object.keys(crm.ourValues(id)).length > 0);
      expect(scored.length).toBeGreaterThan(10);
      expect(crm.ids(crm.objects.account).map((id) => crm.theirValues(crm.objects.account, id))).toEqual(before);
      for (const kindOfRun of ['incremental', 'full'] as const) {
        expect(await customer.sync(kindOfRun)).toMatchObject({ writes: { records: 0, tasksOpened: 0, tasksMoved: 0 } });
      }
    });

    it('learns of deletions, and of what was restored', async () => {
      const customer = await connect();
      const { crm } = customer;
      const { account, contact, deal } = crm.objects;
      await customer.begin();
      const gone = [account, contact, deal].map((object) => [object, crm.ids(object)[0] ?? ''] as const);
      // What hangs on the account may go with it, so it is the last.
      for (const [object, id] of gone.toReversed()) if (crm.ids(object).includes(id)) crm.remove(object, id);
      await customer.nextDay();
      for (const [object] of gone) expect(await storedIds(customer, object)).toEqual(crm.ids(object).toSorted());
      crm.restore(account, gone[0]?.[1] ?? '');
      await customer.nextDay();
      for (const [object] of gone) expect(await storedIds(customer, object)).toEqual(crm.ids(object).toSorted());
      expect(crm.ids(account)).toContain(gone[0]?.[1]);
    });

    it('follows a merge to the account that stays, with all that belonged to the other', async () => {
      const customer = await connect();
      const { crm } = customer;
      const { account, deal } = crm.objects;
      await customer.begin();
      const [winner, loser] = [crm.idOf('account', 2), crm.idOf('account', 3)];
      const dealsOf = async (id: string): Promise<readonly string[]> =>
        (await customer.store.records.page(deal, null, 10_000))
          .filter(({ accountId }) => accountId === id)
          .map(({ raw }) => raw.id);
      const both = [...(await dealsOf(winner)), ...(await dealsOf(loser))];
      expect(await dealsOf(loser)).not.toEqual([]);
      customer.clock.advance(HOUR_MS);
      crm.mergeAccounts(winner, loser);
      await customer.nextDay();
      expect(await storedIds(customer, account)).toEqual(crm.ids(account).toSorted());
      expect((await dealsOf(winner)).toSorted()).toEqual(both.toSorted());
      const [merged] = await customer.store.records.byIds(account, [loser]);
      expect(merged).toMatchObject({ mergedInto: winner });
    });

    it('waits when it is told that it calls too fast, and counts that', async () => {
      const customer = await connect({ pageRows: 10 });
      const { crm } = customer;
      crm.failReading(crm.objects.contact, 'too-fast');
      expect(await customer.sync()).toMatchObject({ rateLimited: 1 });
      expect(crm.faults.happened).toBe(1);
      expect(await storedIds(customer, crm.objects.contact)).toEqual(crm.ids(crm.objects.contact).toSorted());
    });

    it('stops where the day’s calls are used up, and goes on behind the last stored page', async () => {
      const customer = await connect({ pageRows: 10 });
      const { crm } = customer;
      crm.failReading(crm.objects.contact, 'day-used-up');
      await expect(customer.sync()).rejects.toMatchObject({ code: 'quota-exhausted' });
      expect(await customer.store.getInstallation()).toMatchObject({ status: 'active' });
      await customer.sync();
      for (const object of Object.values(crm.objects)) {
        expect(await storedIds(customer, object)).toEqual(crm.ids(object).toSorted());
      }
    });

    it('renews a token that ends between two pages, and one that has ended meanwhile', async () => {
      const customer = await connect({ pageRows: 10 });
      const { crm } = customer;
      crm.failReading(crm.objects.contact, 'token-ends');
      await customer.begin();
      expect(crm.faults.happened).toBe(1);
      expect(await storedIds(customer, crm.objects.contact)).toEqual(crm.ids(crm.objects.contact).toSorted());
      crm.expireAccessTokens();
      expect(await customer.sync()).toMatchObject({ writes: { records: 0, tasksOpened: 0 } });
    });

    it('writes everything else when a rule of the admin refuses one record, and names that one', async () => {
      const customer = await connect({ refusedKey: 1 });
      const { crm } = customer;
      await customer.sync();
      const planned = (await customer.plan()).steps.filter((step) => step.kind === 'set-fields');
      await customer.approve();
      const { writes } = await customer.sync();
      expect(writes).toMatchObject({ records: planned.length - 1, refused: 1 });
      const refusedId = crm.idOf('account', 1);
      expect(crm.ourValues(refusedId)).toEqual({});
      const problems = (await customer.store.problems.list(100)).filter((problem) => problem.kind === 'write');
      expect(problems).toMatchObject([{ code: 'value-refused', crmId: refusedId }]);
      expect(problems[0]?.message).toContain('under audit');
      expect(await customer.sync()).toMatchObject({ writes: { records: 0, refused: 0 } });
    });

    it('makes no task twice when the answer to new tasks is lost', async () => {
      const customer = await connect();
      const { crm } = customer;
      await customer.sync();
      const planned = (await customer.plan()).steps.filter((step) => step.kind === 'open-task').map(({ key }) => key);
      await customer.approve();
      crm.loseAnswerToNewTasks();
      // Whether the connection's end is found out in this run or the next: afterwards all is there once.
      const first = await customer.sync().then(
        () => 'done',
        () => 'cut short',
      );
      expect(crm.faults.happened, first).toBe(1);
      await customer.sync();
      expect(crm.taskKeys().toSorted()).toEqual(planned.toSorted());
      expect(await customer.sync()).toMatchObject({ writes: { tasksOpened: 0, tasksMoved: 0, tasksClosed: 0 } });
    });

    it('takes away what it wrote, leaves what people made theirs, and may write again after a new approval', async () => {
      const customer = await connect();
      const { crm } = customer;
      const { account } = crm.objects;
      const before = crm.ids(account).map((id) => crm.theirValues(account, id));
      await customer.begin();
      const values = crm.ids(account).map((id) => crm.ourValues(id));
      const [mine = '', ...others] = crm.taskIds();
      crm.completeTask(mine);
      expect(await customer.undo()).toMatchObject({ tasks: others.length, keptTasks: 1, refused: [] });
      expect(crm.taskIds()).toEqual([mine]);
      expect(crm.ids(account).map((id) => crm.ourValues(id))).toEqual(crm.ids(account).map(() => ({})));
      expect(crm.ids(account).map((id) => crm.theirValues(account, id))).toEqual(before);
      expect(await customer.sync()).toMatchObject({ awaitsApproval: true, writes: { records: 0, tasksOpened: 0 } });
      const there = new Set((await sessionOf(customer).describe(account)).map(({ name }) => `${account}.${name}`));
      const toMake = (await customer.plan()).steps.filter((step) => step.kind === 'provision-field');
      expect(toMake.map(({ key }) => key).filter((key) => there.has(key))).toEqual([]);
      await customer.approve();
      expect(await customer.sync()).toMatchObject({ writes: { tasksOpened: others.length, refused: 0 } });
      expect(crm.ids(account).map((id) => crm.ourValues(id))).toEqual(values);
      expect(await customer.sync()).toMatchObject({ writes: { records: 0, tasksOpened: 0 } });
    });
  });
}
