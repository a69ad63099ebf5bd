import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Secret } from '../../connectors/contract/auth.ts';
import type { RawValue } from '../../connectors/contract/record.ts';
import { assess } from '../../src/core/assess.ts';
import { defaultConfiguration } from '../../src/core/configuration.ts';
import { outcomeOf } from '../../src/core/outcome.ts';
import { toBookEntry } from '../../src/core/book/entry.ts';
import type { Assessment, Band } from '../../src/core/model/assessment.ts';
import { calendarDate, instantOn } from '../../src/core/model/calendar-date.ts';
import type { AccountExpansions } from '../../src/core/expansion/won-expansions.ts';
import type { FeatureSnapshot, TermOutcome } from '../../src/core/churn/features.ts';
import { type AccountId, toAccountId, toHoldfastKey, toTermId } from '../../src/core/model/ids.ts';
import type { LedgerDeal, LedgerTask } from '../../src/core/plan/step.ts';
import { defaultUsageConfiguration } from '../../src/core/usage/configuration.ts';
import { keysOfWorkspace } from '../../src/core/usage/match.ts';
import type { UsageMessage } from '../../src/core/usage/message.ts';
import type { FormerChampion } from '../../src/core/people/former-champions.ts';
import type { Disagreement, DisagreementChange, EndOfDisagreement } from '../../src/core/scoring/disagreement.ts';
import type { PlayRun, Snooze } from '../../src/core/plays/play-run.ts';
import type {
  AssessedInput,
  ConfigurationContent,
  BegunConsent,
  ImportedFact,
  IncomingRecord,
  Installation,
  Intake,
  InputStore,
  ListedAccount,
  Person,
  PageOutcome,
  Problem,
  Run,
  Store,
  TenantStore,
} from '../../src/ports/store.ts';
import type { Database } from '../../src/store/database.ts';
import { makeKey, parseKeychain } from '../../src/store/sealed.ts';
import { resealSecrets } from '../../src/store/secrets.ts';
import { openStore } from '../../src/store/store.ts';
import { account, healthyCustomer } from '../core/scoring/account-builder.ts';
import { usageViewOn } from '../support/usage-view.ts';

const MONDAY = '2026-03-02T09:00:00.000Z';
const TUESDAY = '2026-03-03T09:00:00.000Z';
const WEDNESDAY = '2026-03-04T09:00:00.000Z';

const FACTS: Installation['facts'] = {
  accountId: '4242',
  title: 'Tailspin Toys',
  timeZone: 'America/New_York',
  currency: 'USD',
  currencies: ['USD', 'EUR'],
  webHost: 'app.hubspot.com',
  kind: 'standard',
};

/** What every database must do. `openDatabase` is called once and answers an empty one. */
export function describeStore(title: string, openDatabase: () => Promise<Database>): void {
  describe(title, () => {
    const oldKey = makeKey();
    let database: Database;
    let store: Store;
    let customers = 0;

    /** A customer of its own for each test. */
    const newCustomer = async (): Promise<TenantStore> => {
      customers += 1;
      const crmAccountId = `${70_000 + customers}`;
      const { id } = await store.installations.register({
        connector: 'hubspot',
        crmAccountId,
        baseUrl: 'https://api.example',
        facts: FACTS,
        at: MONDAY,
      });
      return store.of(id);
    };

    beforeAll(async () => {
      database = await openDatabase();
      store = openStore(database, parseKeychain(oldKey));
    });
    afterAll(async () => {
      await store.close();
    });

    describe('versions of the configuration', () => {
      it('are none at first: the defaults are in force', async () => {
        const { configurations } = await newCustomer();
        expect(await configurations.numberInForce()).toBe(0);
        expect(await configurations.list()).toEqual([]);
        expect(await configurations.findDraft()).toBeNull();
        expect(await configurations.get(1)).toBeNull();
        expect(await configurations.dropDraft()).toBe(false);
      });

      it('have one draft, which is replaced and can be dropped', async () => {
        const { configurations } = await newCustomer();
        await configurations.putDraft(content(80));
        await configurations.notePreview({ at: MONDAY, accounts: 12, changing: 3 });
        await configurations.putDraft(content(85, TUESDAY));
        const { at, ...kept } = content(85, TUESDAY);
        const draft = { ...kept, number: 1, state: 'draft', createdAt: at, publishedAt: null, preview: null };
        expect(await configurations.list()).toEqual([draft]);
        expect(await configurations.findDraft()).toEqual(draft);
        expect(await configurations.numberInForce()).toBe(0);
        expect(await configurations.dropDraft()).toBe(true);
        expect(await configurations.list()).toEqual([]);
      });

      it('are published one after the other; the earlier ones stay as they were', async () => {
        const { configurations } = await newCustomer();
        await configurations.putDraft(content(80));
        const preview = { at: MONDAY, accounts: 12, changing: 3 };
        await configurations.notePreview(preview);
        expect(await configurations.publish(content(80))).toBe(1);
        expect(await configurations.findDraft()).toBeNull();
        expect(await configurations.publish(content(85, TUESDAY))).toBe(2);
        expect(await configurations.numberInForce()).toBe(2);
        const { at, ...first } = content(80);
        expect(await configurations.get(1)).toEqual({
          ...first,
          number: 1,
          state: 'retired',
          createdAt: at,
          publishedAt: at,
          preview,
        });
        expect((await configurations.list()).map(({ number, state }) => [number, state])).toEqual([
          [2, 'published'],
          [1, 'retired'],
        ]);
      });

      it("are one's own, and are forgotten with the installation", async () => {
        const [one, other] = [await newCustomer(), await newCustomer()];
        await one.configurations.publish(content(80));
        await one.configurations.putDraft(content(85));
        expect(await other.configurations.list()).toEqual([]);
        expect(await other.configurations.numberInForce()).toBe(0);
        await one.forget();
        expect(await one.configurations.list()).toEqual([]);
      });
    });

    describe('what scores were computed from', () => {
      it('comes back as it was, of the newest day or an earlier one', async () => {
        const { inputs } = await newCustomer();
        const [first, second] = [kept('1', '2026-03-02', true), kept('1', '2026-03-05', true, 'Acme\u0000 \ud800 Ltd')];
        await putInputs(inputs, [first, kept('2', '2026-03-02', true)]);
        await putInputs(inputs, [second]);
        const id = toAccountId('1');
        expect(await inputs.days(id)).toEqual(['2026-03-02', '2026-03-05']);
        expect(await inputs.get(id, null)).toEqual({
          on: '2026-03-05',
          snapshot: second.snapshot,
          outcome: second.outcome,
        });
        expect(await inputs.get(id, calendarDate('2026-03-04'))).toEqual({
          on: '2026-03-02',
          snapshot: first.snapshot,
          outcome: first.outcome,
        });
        expect(await inputs.get(id, calendarDate('2026-03-01'))).toBeNull();
        expect(await inputs.get(toAccountId('3'), null)).toBeNull();
      });

      it('tells what was read of an account last, unless it was touched or is not assessed any more', async () => {
        const { inputs, assessments, records } = await newCustomer();
        const assess = async (id: string, on: string): Promise<void> =>
          await assessments.put([assessed(id, 'green', 80, on)]);
        const problem = {
          object: 'companies',
          field: 'renewalOn',
          property: 'renewal_date',
          id: '1',
          message: 'Not a day.',
          remedy: 'Write a day.',
          entity: 'account' as const,
          value: 'next autumn',
        };
        const read = kept('1', '2026-03-02', true);
        await putInputs(inputs, [{ ...read, problems: [problem] }, kept('2', '2026-03-02', true)]);
        const id = toAccountId('1');
        expect((await inputs.facts([id])).size).toBe(0);
        await assess('1', '2026-03-02');
        await assess('2', '2026-03-02');
        const first = (await inputs.facts([id, toAccountId('3')])).get(id)?.();
        expect(first?.facts.account).toEqual(read.snapshot.account);
        expect(first?.problems).toEqual([problem]);
        await putInputs(inputs, [
          { ...kept('1', '2026-03-03', false, 'never looked at'), keptAs: first?.keptAs ?? null },
        ]);
        await assess('1', '2026-03-03');
        const again = await inputs.facts([id, toAccountId('2'), toAccountId('3')]);
        expect([...again.keys()].toSorted()).toEqual(['1', '2']);
        expect(again.get(id)?.()).toEqual(first);
        expect((await inputs.get(id, null))?.snapshot).toMatchObject({
          today: '2026-03-03',
          account: { name: 'Acme' },
        });
        expect((await inputs.get(id, null))?.snapshot).not.toHaveProperty('problems');
        await records.touch([id], MONDAY);
        await assessments.drop([toAccountId('2')]);
        expect((await inputs.facts([id, toAccountId('2')])).size).toBe(0);
      });

      it('is forgotten where an earlier day brought no change, and replaced within a day', async () => {
        const { inputs } = await newCustomer();
        await putInputs(inputs, [kept('1', '2026-03-02', true)]);
        await putInputs(inputs, [kept('1', '2026-03-03', false)]);
        await putInputs(inputs, [kept('1', '2026-03-04', true)]);
        await putInputs(inputs, [kept('1', '2026-03-04', false, 'Acme Ltd')]);
        await putInputs(inputs, [kept('1', '2026-03-05', false)]);
        const id = toAccountId('1');
        expect(await inputs.days(id)).toEqual(['2026-03-02', '2026-03-04', '2026-03-05']);
        expect((await inputs.get(id, calendarDate('2026-03-04')))?.snapshot.account.name).toBe('Acme Ltd');
      });

      it('is kept so long, and an account that others are like stays whole', async () => {
        const [one, other] = [await newCustomer(), await newCustomer()];
        await putInputs(other.inputs, [kept('1', '2026-03-02', true)]);
        await putInputs(one.inputs, [kept('1', '2026-03-02', true), kept('2', '2026-03-02', true)]);
        await putInputs(one.inputs, [kept('1', '2026-03-09', true)]);
        await one.inputs.prune(calendarDate('2026-03-09'));
        expect(await one.inputs.days(toAccountId('1'))).toEqual(['2026-03-09']);
        expect((await one.inputs.get(toAccountId('1'), null))?.snapshot.account.name).toBe('Acme');
        expect(await one.inputs.get(toAccountId('2'), null)).toBeNull();
        await one.inputs.drop([toAccountId('1')]);
        expect(await one.inputs.get(toAccountId('1'), null)).toBeNull();
        expect(await other.inputs.days(toAccountId('1'))).toEqual(['2026-03-02']);
        await other.forget();
        expect(await other.inputs.days(toAccountId('1'))).toEqual([]);
      });
    });

    describe('installations', () => {
      const register = (crmAccountId: string, title: string, at: string): Promise<Installation> =>
        store.installations.register({
          connector: 'salesforce',
          crmAccountId,
          baseUrl: `https://${title}.example`,
          facts: { ...FACTS, title },
          at,
        });

      it('an account that is connected twice is one installation, with the newest facts', async () => {
        const first = await register('00D1', 'Contoso', MONDAY);
        const again = await register('00D1', 'Contoso Ltd', TUESDAY);
        expect(again).toEqual({
          ...first,
          baseUrl: 'https://Contoso Ltd.example',
          facts: { ...FACTS, title: 'Contoso Ltd' },
        });
        expect(first).toMatchObject({ status: 'active', approvedAt: null, createdAt: MONDAY });
      });

      it('is found by its id, by the account in the CRM, and by a beginning that fits one alone', async () => {
        const fabrikam = await register('00D200', 'Fabrikam', MONDAY);
        const litware = await register('00D201', 'Litware', TUESDAY);
        expect(await store.installations.find(fabrikam.id)).toEqual(fabrikam);
        expect(await store.installations.find('00D201')).toEqual(litware);
        expect(await store.installations.find('salesforce-00D200')).toEqual(fabrikam);
        expect(await store.installations.find('00D20')).toBeNull();
        expect(await store.installations.find('')).toBeNull();
        const listed = (await store.installations.list()).map(({ id }) => id);
        expect(listed.indexOf(fabrikam.id)).toBeLessThan(listed.indexOf(litware.id));
      });

      it('an account id that begins another one is still found', async () => {
        const short = await register('77', 'Short', MONDAY);
        await register('771', 'Long', MONDAY);
        expect(await store.installations.find('77')).toEqual(short);
      });

      it('remembers that it was paused, and who approved what', async () => {
        const customer = await newCustomer();
        await customer.updateInstallation({ status: 'paused', statusReason: 'the token was revoked' });
        await customer.updateInstallation({ approvedAt: TUESDAY, approvedPlan: 'sha256:abc' });
        expect(await customer.getInstallation()).toMatchObject({
          status: 'paused',
          statusReason: 'the token was revoked',
          approvedAt: TUESDAY,
          approvedPlan: 'sha256:abc',
        });
      });

      it('a forgotten installation leaves no row behind, and asking for it says so', async () => {
        const customer = await newCustomer();
        await fillEveryTable(store, customer);
        await customer.forget();
        await expect(customer.getInstallation()).rejects.toMatchObject({ code: 'installation-unknown' });
        for (const table of await tablesOf(database)) {
          const rows = await database.inInstallation(customer.id, (scope) =>
            scope
              .selectFrom(`holdfast.${table}` as 'holdfast.record')
              .selectAll()
              .execute(),
          );
          expect({ table, rows }).toEqual({ table, rows: [] });
        }
      });
    });

    describe('isolation', () => {
      const tables = (): Promise<readonly string[]> => tablesOf(database);

      it('binds every table, and the owner of the tables too', async () => {
        const { rows } = await database.executeSql(
          `select relname from pg_class where relnamespace = 'holdfast'::regnamespace and relkind = 'r'
             and relname not like 'migration%' and not (relrowsecurity and relforcerowsecurity)`,
        );
        expect(rows).toEqual([]);
        expect(await tables()).toEqual(expect.arrayContaining(['play_run', 'usage_month', 'write_key']));
      });

      it('shows a customer its own rows alone, even to a query that asks for all', async () => {
        const ours = await newCustomer();
        const neighbour = await newCustomer();
        await fillEveryTable(store, ours);
        await fillEveryTable(store, neighbour);
        for (const table of await tables()) {
          const owners = await ours.whileHeld('a test', () =>
            database.inInstallation(
              ours.id,
              async (scope) =>
                await scope
                  .selectFrom(`holdfast.${table}` as 'holdfast.record')
                  .select('installation_id')
                  .distinct()
                  .execute(),
            ),
          );
          expect({ table, owners: owners?.value }).toEqual({ table, owners: [{ installation_id: ours.id }] });
        }
      });

      it('refuses a row that is written in the name of a neighbour', async () => {
        const ours = await newCustomer();
        const neighbour = await newCustomer();
        const write = database.inInstallation(ours.id, (scope) =>
          scope
            .insertInto('holdfast.setting')
            .values({ installation_id: neighbour.id, name: 'budget', setting: '1' })
            .execute(),
        );
        await expect(write).rejects.toThrow(/row-level security/);
      });

      it('cannot change or delete a row of a neighbour', async () => {
        const ours = await newCustomer();
        const neighbour = await newCustomer();
        await neighbour.settings.put('budget', 1);
        await database.inInstallation(ours.id, async (scope) => {
          await scope.updateTable('holdfast.setting').set({ setting: '2' }).execute();
          await scope.deleteFrom('holdfast.setting').execute();
          await scope.deleteFrom('holdfast.installation').execute();
        });
        expect(await neighbour.settings.get('budget')).toBe(1);
      });

      it('lets the list of installations see nothing but installations', async () => {
        await fillEveryTable(store, await newCustomer());
        for (const table of (await tables()).filter((name) => name !== 'installation')) {
          const rows = await database.inRegistry((scope) =>
            scope
              .selectFrom(`holdfast.${table}` as 'holdfast.record')
              .selectAll()
              .execute(),
          );
          expect({ table, rows }).toEqual({ table, rows: [] });
        }
      });

      it('lets what takes in notices see nothing but those and the list of installations', async () => {
        await fillEveryTable(store, await newCustomer());
        for (const table of await tables()) {
          if (table === 'installation' || table === 'noticed_record') continue;
          const rows = await database.inIntake((scope) =>
            scope
              .selectFrom(`holdfast.${table}` as 'holdfast.record')
              .selectAll()
              .execute(),
          );
          expect({ table, rows }).toEqual({ table, rows: [] });
        }
        const renamed = await database.inIntake((scope) =>
          scope.updateTable('holdfast.installation').set({ status: 'lost' }).executeTakeFirst(),
        );
        expect(renamed.numUpdatedRows).toBe(0n);
      });
    });

    describe('people', () => {
      it('are known by their id in the CRM, under their newest name and role', async () => {
        const { people } = await newCustomer();
        await people.put(CLEO);
        await people.put({ ...CLEO, role: 'admin' });
        expect(await people.find('13')).toEqual({ ...CLEO, role: 'admin' });
        expect(await people.find('14')).toBeNull();
      });

      it('keep their sessions until they end, or rest for too long', async () => {
        const { people } = await newCustomer();
        for (const hash of ['a', 'b', 'c']) await people.beginSession({ ...CLEO, hash, at: MONDAY });
        await people.markSeen('b', WEDNESDAY);
        expect(await people.findSession('b')).toEqual({ ...CLEO, hash: 'b', beganAt: MONDAY, seenAt: WEDNESDAY });
        await people.endSession('c');
        expect(await people.endSessions(TUESDAY)).toBe(1);
        expect(await people.findSession('a')).toBeNull();
        expect(await people.endSessions(null)).toBe(1);
        expect(await people.findSession('b')).toBeNull();
      });

      it('use a link once, before it ends', async () => {
        const { people } = await newCustomer();
        await people.putLink('good', TUESDAY, MONDAY);
        await people.putLink('late', TUESDAY, MONDAY);
        expect(await people.takeLink('good', MONDAY)).toBe(true);
        expect(await people.takeLink('good', MONDAY)).toBe(false);
        expect(await people.takeLink('late', TUESDAY)).toBe(false);
      });
    });

    describe('a consent that was begun', () => {
      const begun: BegunConsent = {
        stateHash: 'state',
        connector: 'salesforce',
        purpose: 'install',
        browserHash: 'browser',
        loginUrl: 'https://acme.my.salesforce.com',
        verifier: 'a-verifier-that-nobody-may-read',
        goTo: '/app',
        expiresAt: TUESDAY,
      };

      it('is handed out once, before it ends', async () => {
        await store.consents.put(begun, MONDAY);
        expect(await store.consents.take('state', MONDAY)).toEqual(begun);
        expect(await store.consents.take('state', MONDAY)).toBeNull();
        await store.consents.put(begun, MONDAY);
        expect(await store.consents.take('state', TUESDAY)).toBeNull();
      });

      it('hides its verifier, and itself from every installation', async () => {
        await store.consents.put({ ...begun, stateHash: 'hidden' }, MONDAY);
        const rows = await database.inRegistry((scope) => scope.selectFrom('holdfast.consent').selectAll().execute());
        expect(rows).toHaveLength(1);
        expect(JSON.stringify(rows)).not.toContain('nobody-may-read');
        const { id } = await newCustomer();
        const seen = await database.inInstallation(id, (scope) =>
          scope.selectFrom('holdfast.consent').selectAll().execute(),
        );
        expect(seen).toEqual([]);
      });
    });

    describe('one worker at a time', () => {
      it('turns a second worker away while the first one works, and lets it in afterwards', async () => {
        const customer = await newCustomer();
        const first = await customer.whileHeld('worker 1', async () => {
          expect(await customer.whileHeld('worker 2', () => Promise.resolve('in'))).toBeNull();
          return 'done';
        });
        expect(first).toEqual({ value: 'done' });
        expect(await customer.whileHeld('worker 2', () => Promise.resolve('in'))).toEqual({ value: 'in' });
      });

      it('ends the hold when the work fails', async () => {
        const customer = await newCustomer();
        const failing = customer.whileHeld('worker 1', () => Promise.reject(new Error('the CRM is down')));
        await expect(failing).rejects.toThrow('the CRM is down');
        expect(await customer.whileHeld('worker 2', () => Promise.resolve('in'))).toEqual({ value: 'in' });
      });

      it('gives the hold of a dead worker to the next one, and tells the first one if it was not dead after all', async () => {
        const customer = await newCustomer();
        const first = customer.whileHeld('worker 1', async () => {
          await database.inInstallation(customer.id, (scope) =>
            scope
              .updateTable('holdfast.hold')
              .set({ expires_at: new Date(MONDAY) })
              .execute(),
          );
          return await customer.whileHeld('worker 2', async () => 'took over');
        });
        // Worker 2 has finished when worker 1 looks for its own hold, which is gone.
        await expect(first).rejects.toMatchObject({ code: 'installation-busy' });
      });
    });

    describe('secrets', () => {
      it('come back as they were put, and do not show in the table', async () => {
        const customer = await newCustomer();
        await customer.secrets.put('refresh', new Secret('na1-secret-väl'));
        expect((await customer.secrets.get('refresh'))?.reveal()).toBe('na1-secret-väl');
        const stored = await database.inInstallation(customer.id, (scope) =>
          scope.selectFrom('holdfast.secret').selectAll().execute(),
        );
        expect(JSON.stringify(stored)).not.toContain('na1-secret');
        await customer.secrets.drop('refresh');
        expect(await customer.secrets.get('refresh')).toBeNull();
      });

      it('are the same for all who make one at the same moment', async () => {
        const { secrets } = await newCustomer();
        const made = ['first', 'second', 'third', 'fourth'].map((salt) => secrets.putFirst('salt', new Secret(salt)));
        const shown = (await Promise.all(made)).map((secret) => secret.reveal());
        expect(new Set(shown).size).toBe(1);
        expect((await secrets.get('salt'))?.reveal()).toBe(shown[0]);
      });

      it('survive a new key in front of the old one, and after resealing the old one can go', async () => {
        const customer = await newCustomer();
        await customer.secrets.put('refresh', new Secret('kept'));
        const newKey = makeKey();
        const both = parseKeychain(`${newKey},${oldKey}`);
        expect((await openStore(database, both).of(customer.id).secrets.get('refresh'))?.reveal()).toBe('kept');
        const alone = openStore(database, parseKeychain(newKey)).of(customer.id);
        await expect(alone.secrets.get('refresh')).rejects.toMatchObject({ code: 'secret-unreadable' });
        expect(await resealSecrets(database, both)).toBeGreaterThan(0);
        expect(await resealSecrets(database, both)).toBe(0);
        expect((await alone.secrets.get('refresh'))?.reveal()).toBe('kept');
        // Back, for the tests that share this database.
        await resealSecrets(database, parseKeychain(`${oldKey},${newKey}`));
      });
    });

    describe('records', () => {
      it('a page counts what is new, what changed and what did not', async () => {
        const { records } = await newCustomer();
        expect(await put(records, [deal('1'), deal('2')])).toEqual(outcome({ inserted: 2 }));
        const again = [deal('1'), deal('2', { inputs: { amount: '900' }, modifiedAt: TUESDAY }), deal('3')];
        expect(await put(records, again)).toEqual(outcome({ inserted: 1, updated: 1, unchanged: 1 }));
        expect(await records.count()).toEqual(new Map([['deals', { alive: 3, deleted: 0 }]]));
      });

      it('comes back as it was stored, instants to the millisecond', async () => {
        const { records } = await newCustomer();
        await put(records, [deal('1', { shown: { holdfast_health: '80' }, modifiedAt: '2026-03-02T09:00:00.123Z' })]);
        expect(await records.byIds('deals', ['1', 'none'])).toEqual([
          {
            raw: {
              object: 'deals',
              id: '1',
              fields: { amount: '100', holdfast_health: '80' },
              links: { companies: ['c1'] },
              createdAt: MONDAY,
              modifiedAt: '2026-03-02T09:00:00.123Z',
              deleted: false,
              mergedIds: [],
            },
            inputs: { amount: '100' },
            shown: { holdfast_health: '80' },
            accountId: 'c1',
            contactId: null,
            observedAt: WEDNESDAY,
            deletedAt: null,
            mergedInto: null,
          },
        ]);
      });

      it('keeps odd characters, and what PostgreSQL cannot hold does not refuse the page', async () => {
        const { records } = await newCustomer();
        const odd = { name: 'A\u0000B \ud83d\ude80 \ud83d "\\u0000" 日本' };
        await put(records, [deal('1', { inputs: odd }), deal('2')]);
        const [stored] = await records.byIds('deals', ['1']);
        expect(stored?.inputs).toEqual({ name: 'AB \ud83d\ude80 \ufffd "\\u0000" 日本' });
        expect(await put(records, [deal('1', { inputs: odd })])).toEqual(outcome({ unchanged: 1 }));
      });

      it('an older version changes nothing, however late it comes', async () => {
        const { records } = await newCustomer();
        await put(records, [deal('1', { inputs: { amount: '900' }, modifiedAt: TUESDAY })]);
        const late = deal('1', { inputs: { amount: '100' }, modifiedAt: MONDAY, accountId: 'c9' });
        expect(await put(records, [late])).toEqual(outcome({ unchanged: 1 }));
        const [stored] = await records.byIds('deals', ['1']);
        expect(stored).toMatchObject({ inputs: { amount: '900' }, accountId: 'c1', raw: { modifiedAt: TUESDAY } });
      });

      it('a record that comes twice in a page counts once, as its newest version', async () => {
        const { records } = await newCustomer();
        const newest = deal('1', { inputs: { amount: '900' }, modifiedAt: TUESDAY });
        expect(await put(records, [newest, deal('1')])).toEqual(outcome({ inserted: 1 }));
        expect((await records.byIds('deals', ['1']))[0]?.inputs).toEqual({ amount: '900' });
      });

      it('ends up the same in whatever order and pages the versions of a record arrive', async () => {
        const versions = fc.uniqueArray(
          fc.record({
            id: fc.constantFrom('1', '2', '3'),
            minute: fc.integer({ min: 10, max: 59 }),
            amount: fc.nat({ max: 3 }),
            account: fc.constantFrom('c1', 'c2', null),
          }),
          { minLength: 1, maxLength: 12, selector: ({ id, minute }) => `${id} ${minute}` },
        );
        const pages = versions.chain((all) =>
          fc.tuple(
            fc.constant(all),
            fc.shuffledSubarray(all, { minLength: all.length, maxLength: all.length }),
            fc.integer({ min: 1, max: all.length }),
          ),
        );
        await fc.assert(
          fc.asyncProperty(pages, async ([all, shuffled, size]) => {
            const { records } = await newCustomer();
            const incoming = shuffled.map(({ id, minute, amount, account }) =>
              deal(id, { inputs: { amount: String(amount) }, modifiedAt: at(minute), accountId: account }),
            );
            for (let from = 0; from < incoming.length; from += size) {
              await put(records, incoming.slice(from, from + size));
            }
            const newest = new Map(all.toSorted((a, b) => a.minute - b.minute).map((version) => [version.id, version]));
            const stored = await records.page('deals', null, 10);
            expect(
              stored.map(({ raw, inputs, accountId }) => [raw.id, raw.modifiedAt, inputs['amount'], accountId]),
            ).toEqual(
              [...newest.values()]
                .toSorted((a, b) => a.id.localeCompare(b.id))
                .map(({ id, minute, amount, account }) => [id, at(minute), String(amount), account]),
            );
          }),
          { numRuns: 20 },
        );
      });

      it('stores the checkpoint with the page, or neither', async () => {
        const customer = await newCustomer();
        await put(customer.records, [deal('1')], { checkpoint: { cursor: 'after 1' } });
        const broken = put(customer.records, [deal('2'), deal('3', { modifiedAt: 'not an instant' })], {
          checkpoint: { cursor: 'after 3' },
        });
        await expect(broken).rejects.toThrow(/not an instant/);
        expect(await customer.checkpoints.get('deals:all')).toEqual({ cursor: 'after 1' });
        expect(await customer.records.byIds('deals', ['2'])).toEqual([]);
      });

      it('links that were not read stay, and so does the account that they lead to', async () => {
        const { records } = await newCustomer();
        await put(records, [deal('1', { links: { companies: ['c1'], contacts: ['p1'] }, contactId: 'p1' })]);
        const searched = deal('1', { links: {}, accountId: null, modifiedAt: TUESDAY, inputs: { amount: '5' } });
        expect(await put(records, [searched])).toEqual(outcome({ updated: 1 }));
        const [stored] = await records.byIds('deals', ['1']);
        expect(stored).toMatchObject({ accountId: 'c1', contactId: 'p1', inputs: { amount: '5' } });
        expect(stored?.raw.links).toEqual({ companies: ['c1'], contacts: ['p1'] });
      });

      it('links that were read and are gone take the record off its account', async () => {
        const { records } = await newCustomer();
        await put(records, [deal('1')]);
        await put(records, [deal('1', { links: { companies: [] }, accountId: null })]);
        expect((await records.byIds('deals', ['1']))[0]?.accountId).toBeNull();
      });

      it('links that change without the record are noticed', async () => {
        const { records } = await newCustomer();
        await put(records, [deal('1'), deal('2')]);
        await untouchAll(records);
        const links = new Map([
          ['1', ['c7', 'c8']],
          ['2', ['c1']],
          ['unknown', ['c1']],
        ]);
        expect(await records.storeLinks('deals', 'companies', links, WEDNESDAY, 'account')).toBe(1);
        expect((await records.byIds('deals', ['1']))[0]).toMatchObject({
          accountId: 'c7',
          raw: { links: { companies: ['c7', 'c8'] } },
        });
        expect(await touchedAccounts(records)).toEqual(['c1', 'c7']);
        await records.storeLinks('deals', 'contacts', new Map([['2', ['p4']]]), WEDNESDAY, 'contact');
        expect((await records.byIds('deals', ['2']))[0]).toMatchObject({ accountId: 'c1', contactId: 'p4' });
        expect(await records.storeLinks('deals', 'contacts', new Map([['1', []]]), WEDNESDAY, 'contact')).toBe(0);
      });

      it('pages come in the order of ids as text, and hold the living alone', async () => {
        const { records } = await newCustomer();
        await put(
          records,
          ['10', '9', 'a', 'B', '100', '2'].map((id) => deal(id)),
        );
        await records.markDeleted('deals', ['9'], WEDNESDAY);
        const first = await records.page('deals', null, 3);
        const rest = await records.page('deals', '100', 10);
        expect(first.map(({ raw }) => raw.id)).toEqual(['10', '100', '2']);
        expect(rest.map(({ raw }) => raw.id)).toEqual(['2', 'B', 'a']);
      });

      it('more records than a statement takes are one page all the same', async () => {
        const { records } = await newCustomer();
        const many = Array.from({ length: 2_345 }, (_, index) => deal(String(index), { accountId: `c${index % 7}` }));
        expect(await put(records, many)).toEqual(outcome({ inserted: 2_345 }));
        expect(await touchedAccounts(records)).toHaveLength(7);
      });
    });

    describe('deleted, restored and merged records', () => {
      it('a deleted record keeps its content and counts as deleted once', async () => {
        const { records } = await newCustomer();
        await put(records, [deal('1')]);
        const archived = deal('1', { inputs: {}, links: {}, accountId: null, deleted: true, modifiedAt: TUESDAY });
        expect(await put(records, [archived])).toEqual(outcome({ deleted: 1 }));
        expect(await put(records, [archived])).toEqual(outcome({ unchanged: 1 }));
        expect((await records.byIds('deals', ['1']))[0]).toMatchObject({
          inputs: { amount: '100' },
          accountId: 'c1',
          deletedAt: WEDNESDAY,
        });
        expect(await records.deletedSince('deals', WEDNESDAY, null, 10)).toEqual(['1']);
        expect(await records.deletedSince('deals', '2026-03-05T00:00:00.000Z', null, 10)).toEqual([]);
      });

      it('one that comes back alive is restored', async () => {
        const { records } = await newCustomer();
        await put(records, [deal('1'), deal('2')]);
        expect(await records.markDeleted('deals', ['1', '2', 'unknown'], WEDNESDAY)).toBe(2);
        expect(await records.markDeleted('deals', ['1'], WEDNESDAY)).toBe(0);
        expect(await put(records, [deal('1')])).toEqual(outcome({ updated: 1 }));
        expect(await records.markRestored('deals', ['1', '2'], WEDNESDAY)).toBe(1);
        expect(await records.count()).toEqual(new Map([['deals', { alive: 2, deleted: 0 }]]));
      });

      it('a merged account takes its deals along, and does not come back by a late page', async () => {
        const { records } = await newCustomer();
        await put(records, [company('c1'), company('c2')]);
        await put(records, [
          deal('1', { accountId: 'c1', links: { companies: ['c1', 'c5'] } }),
          deal('2', { accountId: 'c2' }),
        ]);
        await put(records, [deal('3', { accountId: 'c5', links: { companies: ['c5', 'c1', 'c2'] } })]);
        await untouchAll(records);
        await put(records, [company('c2', { mergedIds: ['c1', 'never-seen'], modifiedAt: TUESDAY })]);
        expect((await records.byIds('companies', ['c1']))[0]).toMatchObject({ mergedInto: 'c2', deletedAt: WEDNESDAY });
        expect((await records.byIds('deals', ['1']))[0]).toMatchObject({
          accountId: 'c2',
          raw: { links: { companies: ['c2', 'c5'] } },
        });
        expect((await records.byIds('deals', ['3']))[0]).toMatchObject({
          accountId: 'c5',
          raw: { links: { companies: ['c5', 'c2'] } },
        });
        expect(await touchedAccounts(records)).toEqual(['c1', 'c2', 'c5']);
        expect(await records.deletedSince('companies', MONDAY, null, 10)).toEqual([]);

        expect(await put(records, [company('c1')])).toEqual(outcome({ unchanged: 1 }));
        expect((await records.byIds('companies', ['c1']))[0]?.mergedInto).toBe('c2');
      });

      it('a deal whose account was merged before we ever saw it follows too', async () => {
        const { records } = await newCustomer();
        await put(records, [deal('1', { accountId: 'c1' })]);
        await put(records, [company('c2', { mergedIds: ['c1'] })]);
        expect((await records.byIds('deals', ['1']))[0]?.accountId).toBe('c2');
      });

      it('a merged contact takes its calls along', async () => {
        const { records } = await newCustomer();
        await put(records, [contact('p1', 'c1'), contact('p2', 'c2')]);
        await put(records, [call('1', 'p1')]);
        await put(records, [contact('p2', 'c2', { mergedIds: ['p1'], modifiedAt: TUESDAY })]);
        expect((await records.byIds('calls', ['1']))[0]?.contactId).toBe('p2');
        const found = await records.byAccounts(['calls'], [toAccountId('c2')]);
        expect(found.get(toAccountId('c2'))?.get('calls')).toHaveLength(1);
      });
    });

    describe('records by account', () => {
      it('finds what belongs to an account by its own link or through its contact', async () => {
        const { records } = await newCustomer();
        await put(records, [company('c1'), company('c2'), company('c3')]);
        await put(records, [contact('p1', 'c1'), contact('p2', 'c2')]);
        await put(records, [
          deal('1', { accountId: 'c1' }),
          deal('2', { accountId: 'c2' }),
          deal('3', { accountId: 'c9' }),
        ]);
        await put(records, [call('1', 'p1'), call('2', 'p2', 'c1'), call('3', 'p9')]);
        await records.markDeleted('deals', ['2'], WEDNESDAY);
        const found = await records.byAccounts(['companies', 'deals', 'calls'], ['c1', 'c2', 'c3'].map(toAccountId));
        const ids = (account: string): unknown =>
          Object.fromEntries(
            [...(found.get(toAccountId(account)) ?? [])].map(([object, all]) => [object, all.map(({ raw }) => raw.id)]),
          );
        expect(ids('c1')).toEqual({ companies: ['c1'], deals: ['1'], calls: ['1', '2'] });
        expect(ids('c2')).toEqual({ companies: ['c2'], deals: [], calls: [] });
        expect(ids('c3')).toEqual({ companies: ['c3'], deals: [], calls: [] });
      });

      it('finds those that show something of ours: text, a figure or a yes in one of the fields asked for', async () => {
        const { records } = await newCustomer();
        const showing = (id: string, shown: IncomingRecord['shown'], accountId = 'c1') => ({
          ...deal(id, { accountId }),
          shown,
        });
        await put(records, [
          showing('1', { step: 'R4', other: null }),
          showing('2', { step: null, other: 'x' }),
          showing('3', { step: '', late: 0, mark: 'false' }),
          showing('4', { step: '', mark: false }),
          showing('5', { mark: true }),
          showing('6', { step: 'R5' }, 'c2'),
          showing('7', { step: 'R5' }),
          showing('8', {}),
        ]);
        await records.markDeleted('deals', ['7'], WEDNESDAY);
        const found = async (object: string, accounts: readonly string[]) =>
          (await records.showing(object, accounts.map(toAccountId), ['step', 'late', 'mark'])).map(({ raw }) => raw.id);
        expect(await found('deals', ['c1'])).toEqual(['1', '3', '5']);
        expect(await found('deals', ['c1', 'c2', 'c3'])).toEqual(['1', '3', '5', '6']);
        expect(await found('tasks', ['c1'])).toEqual([]);
        await records.markWritten('deals', '1', { step: null }, null);
        expect((await records.showing('deals', [toAccountId('c1')], ['step'])).map(({ raw }) => raw.id)).toEqual([]);
        const { records: elsewhere } = await newCustomer();
        expect(await elsewhere.showing('deals', [toAccountId('c1')], ['step'])).toEqual([]);
      });

      it('does not take a deal for a contact because it has the same number', async () => {
        const { records } = await newCustomer();
        await put(records, [deal('5', { accountId: 'c1' })]);
        await put(records, [call('1', '5')]);
        const found = await records.byAccounts(['calls'], [toAccountId('c1')]);
        expect(found.get(toAccountId('c1'))?.get('calls')).toEqual([]);
      });
    });

    describe('accounts to assess again', () => {
      it('are those that a change concerns: the old account and the new', async () => {
        const { records } = await newCustomer();
        await put(records, [deal('1'), deal('2', { accountId: 'c2' })]);
        await untouchAll(records);
        await put(records, [deal('1', { accountId: 'c3', modifiedAt: TUESDAY }), deal('2', { accountId: 'c2' })]);
        expect(await touchedAccounts(records)).toEqual(['c1', 'c3']);
      });

      it('include the account of the contact that an activity is linked to', async () => {
        const { records } = await newCustomer();
        await put(records, [contact('p1', 'c1'), contact('p2', 'c2')]);
        await put(records, [call('1', 'p1')]);
        await untouchAll(records);
        await put(records, [call('1', 'p2', null, { modifiedAt: TUESDAY })]);
        expect(await touchedAccounts(records)).toEqual(['c1', 'c2']);
      });

      it('are not those where nothing but our own fields changed', async () => {
        const { records } = await newCustomer();
        await put(records, [deal('1')]);
        await untouchAll(records);
        const ours = deal('1', { shown: { holdfast_health: '80' }, modifiedAt: TUESDAY });
        expect(await put(records, [ours])).toEqual(outcome({ unchanged: 1 }));
        await records.markWritten('deals', '1', { holdfast_health: '81' }, WEDNESDAY);
        expect(await touchedAccounts(records)).toEqual([]);
        expect((await records.byIds('deals', ['1']))[0]?.shown).toEqual({ holdfast_health: '81' });
      });

      it('are not those of objects that no score looks at', async () => {
        const { records } = await newCustomer();
        await put(records, [deal('1')], { touches: false });
        expect(await touchedAccounts(records)).toEqual([]);
      });

      it('come longest waiting first, and one that is touched again meanwhile stays', async () => {
        const { records } = await newCustomer();
        await records.touch([toAccountId('late')], TUESDAY);
        await records.touch([toAccountId('early')], MONDAY);
        await records.touch([toAccountId('early')], WEDNESDAY);
        expect(await records.touched(10)).toEqual([
          { accountId: 'early', touchedAt: WEDNESDAY },
          { accountId: 'late', touchedAt: TUESDAY },
        ]);
        await records.untouch([
          { accountId: toAccountId('early'), touchedAt: TUESDAY },
          { accountId: toAccountId('late'), touchedAt: TUESDAY },
        ]);
        expect(await touchedAccounts(records)).toEqual(['early']);
      });

      it('are marked and taken away by many at once, in any order, without waiting for each other for ever', async () => {
        const { records } = await newCustomer();
        const accounts = Array.from({ length: 100 }, (_, index) => toAccountId(`c${index}`));
        await records.touch(accounts, MONDAY);
        const turns = Array.from({ length: 15 }, (_, index) => [
          records.touch(index % 2 === 0 ? accounts : accounts.toReversed(), TUESDAY),
          records.untouch(accounts.toReversed().map((accountId) => ({ accountId, touchedAt: MONDAY }))),
        ]);
        await Promise.all(turns.flat());
        expect(await touchedAccounts(records)).toEqual(accounts.toSorted());
      });

      it('keep what is told of them at the very instant of what is being assessed', async () => {
        const { records } = await newCustomer();
        const accounts = ['a', 'b'].map(toAccountId);
        await records.touch(accounts, MONDAY);
        const assessed = await records.touched(10);
        await records.touch([toAccountId('a')], MONDAY);
        await records.untouch(assessed);
        expect(await touchedAccounts(records)).toEqual(['a']);
        await records.untouch(await records.touched(10));
        expect(await touchedAccounts(records)).toEqual([]);
      });
    });

    describe('our own fields', () => {
      it('what we wrote stands until the CRM shows something newer', async () => {
        const { records } = await newCustomer();
        const shownAs = (health: string, modifiedAt: string): IncomingRecord =>
          deal('1', { shown: { holdfast_health: health, holdfast_band: 'green' }, modifiedAt });
        await put(records, [shownAs('60', MONDAY)]);
        await records.markWrittenMany('deals', [{ id: '1', shown: { holdfast_health: '80' }, modifiedAt: TUESDAY }]);
        await put(records, [shownAs('60', MONDAY)]);
        expect((await records.byIds('deals', ['1']))[0]?.shown).toEqual({
          holdfast_health: '80',
          holdfast_band: 'green',
        });
        await put(records, [shownAs('12', WEDNESDAY)]);
        expect((await records.byIds('deals', ['1']))[0]?.shown).toEqual({
          holdfast_health: '12',
          holdfast_band: 'green',
        });
      });
    });

    describe('our own fields after they were taken away in the CRM', () => {
      it('are forgotten, and nothing else is', async () => {
        const { records } = await newCustomer();
        await put(records, [deal('1', { shown: { holdfast_health: '80' } })]);
        await records.markWritten('deals', '1', { holdfast_health: '81' }, WEDNESDAY);
        await records.clearShown();
        expect((await records.byIds('deals', ['1']))[0]).toMatchObject({ shown: {}, inputs: { amount: '100' } });
        await put(records, [deal('1', { shown: { holdfast_health: '10' }, modifiedAt: TUESDAY })]);
        expect((await records.byIds('deals', ['1']))[0]?.shown).toEqual({ holdfast_health: '10' });
      });
    });

    describe('values of single fields that were taken away', () => {
      it('are forgotten, and those of others and of other objects stay', async () => {
        const { records } = await newCustomer();
        await put(records, [deal('1', { shown: { holdfast_a: '1', holdfast_b: '2' } })]);
        await records.clearShown({ object: 'deals', fields: ['holdfast_a', 'holdfast_c'] });
        await records.clearShown({ object: 'companies', fields: ['holdfast_b'] });
        expect((await records.byIds('deals', ['1']))[0]?.shown).toEqual({ holdfast_b: '2' });
      });
    });

    describe('a full walk', () => {
      it('tells which records it did not meet, leaving out those that came after it began', async () => {
        const { records } = await newCustomer();
        await put(records, [deal('1'), deal('2'), deal('3')], { at: MONDAY });
        await put(records, [deal('1')], { walk: 'walk 7', at: WEDNESDAY });
        await put(records, [deal('4')], { at: WEDNESDAY });
        expect(await records.unseen('deals', 'walk 7', TUESDAY, null, 10)).toEqual(['2', '3']);
        expect(await records.unseen('deals', 'walk 7', TUESDAY, '2', 10)).toEqual(['3']);
        expect(await records.unseen('deals', 'walk 8', TUESDAY, null, 1)).toEqual(['2']);
      });
    });

    describe('usage and other signals', () => {
      const VIEW = usageViewOn('2026-03-02');
      const usageOf = async ({ signals }: TenantStore, account: string, view = VIEW) =>
        (await signals.byAccounts([toAccountId(account)], view)).get(toAccountId(account))?.usage ?? null;

      it('are null as long as nothing was ever told, and nothing afterwards for an account that has none', async () => {
        const customer = await newCustomer();
        expect(await usageOf(customer, 'c1')).toBeNull();
        expect(await customer.signals.sources()).toEqual(new Map());
        await customer.signals.receive([tracked('ann', MONDAY, 'm1')], INTAKE);
        expect(await usageOf(customer, 'c1')).toMatchObject({
          days: [],
          users28d: 0,
          lastActiveAt: null,
          firstOn: null,
        });
        expect(await customer.signals.sources()).toEqual(new Map([['usage', { sentAt: MONDAY, file: null }]]));
      });

      it('count a message once by its id, in one request or in two, and every message without one', async () => {
        const customer = await newCustomer();
        const once = tracked('ann', MONDAY, 'm1');
        const { signals } = customer;
        expect(await signals.receive([once, once, tracked('bob', MONDAY, 'm2')], INTAKE)).toEqual({
          stored: 2,
          repeated: 1,
        });
        expect(await signals.receive([once], INTAKE)).toEqual({ stored: 0, repeated: 1 });
        const nameless = tracked('ann', MONDAY, null);
        expect(await signals.receive([nameless, nameless], INTAKE)).toEqual({ stored: 2, repeated: 0 });
        await signals.listAccounts([listed('acme')], MONDAY);
        const usage = await usageOf(customer, 'acme');
        expect(usage?.days).toMatchObject([{ on: '2026-03-02', events: 4, activeUsers: 2, features: { chart: 4 } }]);
      });

      it('count distinct users over two and four weeks, the four before, and a year ago', async () => {
        const customer = await newCustomer();
        const at = (day: string) => `${day}T15:00:00.000Z`;
        const messages = [
          ...['2026-03-01', '2026-02-20'].map((day) => tracked('ann', at(day), null)),
          tracked('bob', at('2026-02-05'), null),
          ...['2026-02-02', '2026-01-06'].map((day) => tracked('cleo', at(day), null)),
          ...['2025-02-10', '2025-02-20', '2025-01-20'].map((day) => tracked('dan', at(day), null)),
        ];
        for (const message of messages) await customer.signals.receive([message], INTAKE);
        await customer.signals.listAccounts([listed('acme')], MONDAY);
        expect(await usageOf(customer, 'acme')).toMatchObject({
          users14d: 1,
          users28d: 2,
          usersPrior28d: 1,
          users28dLastYear: 1,
          firstOn: '2025-01-20',
          lastActiveAt: at('2026-03-01'),
        });
      });

      it('count distinct users over the windows that a configuration names, and open as many days as it looks back', async () => {
        const customer = await newCustomer();
        const at = (day: string) => `${day}T15:00:00.000Z`;
        const days = ['2026-03-01', '2026-02-22', '2026-02-20', '2026-02-14', '2026-01-20', '2026-01-15', '2025-12-31'];
        for (const [index, day] of days.entries()) {
          await customer.signals.receive([tracked(`user ${index}`, at(day), null)], INTAKE);
        }
        await customer.signals.listAccounts([listed('acme')], MONDAY);
        const windows = { recentDays: 9, activeDays: 10, seasonWeeks: 6, seasonFromDays: 61 };
        const seen = await usageOf(customer, 'acme', { ...VIEW, days: 42, windows });
        expect(seen).toMatchObject({ users14d: 2, users28d: 2, usersPrior28d: 2, users28dLastYear: 1 });
        expect(seen?.days.map(({ on }) => on)).toEqual(['2026-01-20', ...days.slice(0, 4).reverse()].sort());
        const longer = { ...windows, seasonFromDays: 62 };
        expect(await usageOf(customer, 'acme', { ...VIEW, windows: longer })).toMatchObject({ users28dLastYear: null });
      });

      it("fall on the customer's day, not on that of Greenwich", async () => {
        const customer = await newCustomer();
        await customer.signals.receive([tracked('ann', '2026-03-02T02:00:00.000Z', null)], INTAKE);
        await customer.signals.listAccounts([listed('acme')], MONDAY);
        expect((await usageOf(customer, 'acme'))?.days.map(({ on }) => on)).toEqual(['2026-03-01']);
      });

      it('wait for their account, arrive when it is known, and go on when it is merged away', async () => {
        const customer = await newCustomer();
        const { signals, records } = customer;
        await signals.receive([tracked('ann', MONDAY, null)], INTAKE);
        await signals.importFacts([invoice('i1', 'group:acme')], { at: MONDAY, every: null });
        expect(await signals.unmatched(10)).toMatchObject([
          { workspaceId: 'group:acme', events: 1, facts: 1, candidates: [], keys: ['id:acme', 'external:acme'] },
        ]);

        expect(await signals.listAccounts([listed('c1', ['id:c1', 'external:acme'])], MONDAY)).toEqual(['c1']);
        expect(await signals.countUnmatched()).toBe(0);
        expect((await usageOf(customer, 'c1'))?.users28d).toBe(1);

        await signals.receive([tracked('bob', MONDAY, null)], INTAKE);
        expect((await records.touched(10)).map(({ accountId }) => accountId)).toEqual(['c1']);

        const merged = { recordId: 'c1', accountId: toAccountId('c2'), keys: ['id:c1'] };
        const survivor = listed('c2', ['id:c2', 'external:acme']);
        await signals.listAccounts([merged, survivor], TUESDAY);
        expect((await usageOf(customer, 'c2'))?.users28d).toBe(2);
        expect((await usageOf(customer, 'c1'))?.users28d).toBe(0);
        const invoices = (await signals.byAccounts([toAccountId('c2')], VIEW)).get(toAccountId('c2'))?.invoices;
        expect(invoices).toMatchObject([{ id: 'i1', accountId: 'c2', amount: { minor: 5_000, currency: 'EUR' } }]);
      });

      it('go to the account that is left, in whatever order and company merges are told', async () => {
        const chain = ['c1', 'c2', 'c3', 'c4'];
        const merge = (at: number) =>
          fc.record({
            recordId: fc.constant(`c${at}`),
            accountId: fc.constantFrom(...chain.slice(at).map(toAccountId)),
          });
        const merges = fc
          .tuple(merge(1), merge(2), merge(3), fc.array(fc.oneof(merge(1), merge(2), merge(3)), { maxLength: 3 }))
          .chain(([one, two, three, more]) => {
            const all = [one, two, three, ...more];
            return fc.tuple(
              fc.shuffledSubarray(all, { minLength: all.length }),
              fc.array(fc.boolean(), { minLength: all.length, maxLength: all.length }),
            );
          });
        await fc.assert(
          fc.asyncProperty(merges, async ([told, isTogether]) => {
            const customer = await newCustomer();
            const { signals } = customer;
            await signals.receive([tracked('ann', MONDAY, null, { groupId: 'c1' })], INTAKE);
            await signals.listAccounts(
              chain.map((id) => listed(id)),
              MONDAY,
            );
            let waiting = new Map<string, ListedAccount>();
            for (const [index, one] of told.entries()) {
              // A record is listed once at a time.
              if (isTogether[index] !== true || waiting.has(one.recordId)) {
                await signals.listAccounts([...waiting.values()], TUESDAY);
                waiting = new Map();
              }
              waiting.set(one.recordId, { ...one, keys: [`id:${one.recordId}`] });
            }
            await signals.listAccounts([...waiting.values()], TUESDAY);
            expect((await usageOf(customer, 'c4'))?.users28d).toBe(1);
          }),
          { numRuns: 30 },
        );
      });

      it('wait again when their account is gone, or when a second one makes it doubtful', async () => {
        const { signals } = await newCustomer();
        await signals.receive([tracked('ann', MONDAY, null)], INTAKE);
        const keys = ['external:acme'];
        await signals.listAccounts([listed('c1', keys)], MONDAY);
        await signals.listAccounts([listed('c2', keys)], MONDAY);
        expect(await signals.unmatched(10)).toMatchObject([{ candidates: ['c1', 'c2'] }]);
        await signals.listAccounts([{ recordId: 'c1', accountId: null, keys: [] }], MONDAY);
        expect(await signals.countUnmatched()).toBe(0);
        await signals.listAccounts([{ recordId: 'c2', accountId: null, keys: [] }], MONDAY);
        expect(await signals.unmatched(10)).toMatchObject([{ candidates: [] }]);
      });

      it("follow a person's word before anything else, until it is taken back", async () => {
        const customer = await newCustomer();
        const { signals } = customer;
        await signals.receive([tracked('ann', MONDAY, null)], INTAKE);
        await signals.listAccounts([listed('acme'), listed('c2')], MONDAY);
        expect(await signals.pin('group:acme', toAccountId('c2'), TUESDAY)).toBe('pinned');
        expect((await usageOf(customer, 'c2'))?.users28d).toBe(1);
        expect(await signals.pin('group:acme', toAccountId('nobody'), TUESDAY)).toBe('account-unknown');
        expect(await signals.pin('group:none', toAccountId('c2'), TUESDAY)).toBe('workspace-unknown');
        await signals.pin('group:acme', null, TUESDAY);
        expect((await usageOf(customer, 'acme'))?.users28d).toBe(1);
      });

      it('follow a user whose group becomes known later, with what the group was found by before', async () => {
        const customer = await newCustomer();
        const { signals } = customer;
        const group = { name: 'Acme', domain: 'acme.com', crmId: null, limits: { calls: 9 }, coreFeatures: ['chart'] };
        const introduced = tracked('zoe', MONDAY, null, { type: 'group', group, usage: null });
        await signals.listAccounts([listed('c1', ['domain:acme.com'])], MONDAY);
        await signals.receive([introduced], INTAKE);
        await signals.receive([tracked('ann', MONDAY, null, { groupId: null })], INTAKE);
        expect(await signals.countUnmatched()).toBe(1);
        const joins = tracked('ann', MONDAY, null, { type: 'identify', usage: null });
        await signals.receive([joins], INTAKE);
        expect(await usageOf(customer, 'c1')).toMatchObject({
          users28d: 1,
          limits: [{ metric: 'calls', limit: 9 }],
          coreFeatures: ['chart'],
        });
        await signals.receive([tracked('ann', MONDAY, null, { groupId: null })], INTAKE);
        expect(await usageOf(customer, 'c1')).toMatchObject({ users28d: 1, days: [{ events: 2 }] });
      });

      it('follow the group that a user was found to belong to, when its customer becomes known, or a person moves it', async () => {
        const customer = await newCustomer();
        const { signals } = customer;
        await signals.listAccounts([listed('501'), listed('502')], MONDAY);
        await signals.receive([tracked('ann', MONDAY, null, { groupId: null })], INTAKE);
        await signals.receive([tracked('ann', MONDAY, null, { type: 'identify', usage: null })], INTAKE);
        const known = { name: 'Acme', domain: null, crmId: '501', limits: {}, coreFeatures: null };
        // One line in the inbox for each customer, not for each of their users.
        expect((await signals.unmatched(10)).map(({ workspaceId }) => workspaceId)).toEqual(['group:acme']);
        expect(await signals.countUnmatched()).toBe(1);
        await signals.receive([tracked('zoe', MONDAY, null, { type: 'group', group: known, usage: null })], INTAKE);
        expect(await usageOf(customer, '501')).toMatchObject({ users28d: 1 });
        await signals.pin('group:acme', toAccountId('502'), TUESDAY);
        expect(await usageOf(customer, '502')).toMatchObject({ users28d: 1 });
        expect(await usageOf(customer, '501')).toMatchObject({ users28d: 0 });
        expect(await signals.countUnmatched()).toBe(0);
      });

      it('come from a file as often as one likes: the same days, replaced', async () => {
        const customer = await newCustomer();
        const { signals } = customer;
        const keys = ['id:acme'];
        const day = (on: string, users: number) => ({
          workspaceId: 'group:acme',
          keys,
          on: calendarDate(on),
          usage: { userCount: users, events: users * 2 },
          limits: { calls: 10 },
        });
        const days = [day('2026-02-27', 7), day('2026-03-01', 4)];
        await signals.importDays(days, { ...INTAKE, every: null });
        await signals.importDays(days, { ...INTAKE, every: null });
        await signals.importDays([day('2026-03-01', 5)], { ...INTAKE, every: null });
        await signals.listAccounts([listed('acme')], MONDAY);
        const usage = await usageOf(customer, 'acme');
        expect(usage?.days.map(({ on, activeUsers, events }) => [on, activeUsers, events])).toEqual([
          ['2026-02-27', 7, 14],
          ['2026-03-01', 5, 10],
        ]);
        expect(usage).toMatchObject({ users28d: 7, limits: [{ metric: 'calls', limit: 10 }] });
      });

      it('remember up to when files tell and how often they come, apart from what the API was told', async () => {
        const { signals } = await newCustomer();
        const day = (on: string) => {
          const usage = { userCount: 7 };
          return { workspaceId: 'group:acme', keys: ['id:acme'], on: calendarDate(on), usage, limits: {} };
        };
        await signals.importDays([day('2026-02-15')], { ...INTAKE, every: 'week' });
        await signals.importDays([day('2026-01-31')], { ...INTAKE, every: null });
        await signals.importFacts([invoice('i1', 'group:acme')], { at: MONDAY, every: null });
        await signals.receive([tracked('ann', MONDAY, 'm1')], INTAKE);
        // The day's end is that of the customer's time zone.
        const usage = {
          sentAt: MONDAY,
          file: { to: instantOn(calendarDate('2026-02-16'), 0, INTAKE.timeZone), every: 'week' },
        };
        const billing = { sentAt: null, file: { to: MONDAY, every: 'day' } };
        expect(await signals.sources()).toEqual(new Map(Object.entries({ usage, billing })));
        await signals.importDays([day('2026-03-02')], { ...INTAKE, every: 'month' });
        expect((await signals.sources()).get('usage')?.file).toEqual({ to: MONDAY, every: 'month' });
      });

      it('are forgotten when they are older than they are kept', async () => {
        const customer = await newCustomer();
        const { signals } = customer;
        await signals.receive([tracked('ann', '2025-01-10T12:00:00.000Z', 'm1'), tracked('ann', MONDAY, 'm2')], INTAKE);
        await signals.listAccounts([listed('acme')], MONDAY);
        await signals.prune(calendarDate('2026-03-10'), { usageDays: 400, messageDays: 7 });
        expect(await signals.receive([tracked('ann', MONDAY, 'm2')], INTAKE)).toEqual({ stored: 1, repeated: 0 });
        const rows = await database.inInstallation(customer.id, (scope) =>
          scope.selectFrom('holdfast.usage_month').select('month').execute(),
        );
        expect(rows).toEqual([{ month: '2026-03' }]);
      });

      it('are sent with write keys, of which only hashes are kept and each can be ended', async () => {
        const { signals } = await newCustomer();
        await signals.addKey({ hash: 'h1', hint: 'aaa', at: MONDAY });
        await signals.addKey({ hash: 'h2', hint: 'bbb', at: TUESDAY });
        expect(await signals.isKey('h1')).toBe(true);
        expect(await signals.revokeKeys('aaa', TUESDAY)).toBe(1);
        expect(await signals.isKey('h1')).toBe(false);
        expect(await signals.listKeys()).toEqual([{ hint: 'bbb', createdAt: TUESDAY }]);
        expect(await signals.revokeKeys(null, TUESDAY)).toBe(1);
      });
    });

    describe('assessments', () => {
      it('give the book what it needs of each account, page by page', async () => {
        const { assessments } = await newCustomer();
        const plain = assessed('c1', 'green', 82, '2026-03-02');
        const noticed: typeof plain = {
          ...plain,
          assessment: {
            ...plain.assessment,
            accountId: toAccountId('c2'),
            health: {
              ...plain.assessment.health,
              caps: [{ id: 'cancellation_notice', limit: 20, because: 'The customer gave notice.' }],
            },
            place: { parentId: toAccountId('c1'), ownerId: 'ana', revenue: { minor: 5_000, currency: 'EUR' } },
            standing: { savePriority: 3, isBeyondCapacity: true, isBeyondBest: false, rollUp: null },
          },
        };
        await assessments.put([plain, noticed]);
        const all = [plain, noticed].map(({ assessment, name }) => toBookEntry(assessment, name));
        expect(await assessments.bookEntries(null, 10)).toEqual(all);
        expect(await assessments.bookEntries(toAccountId('c1'), 10)).toEqual(all.slice(1));
        expect(await assessments.bookEntries(null, 1)).toEqual(all.slice(0, 1));
      });

      it('the newest of each account is kept, and a day is due once', async () => {
        const { assessments } = await newCustomer();
        await assessments.put([assessed('c1', 'green', 82, '2026-03-02')]);
        const [later, c2, c3] = ['c1', 'c2', 'c3'].map((id) => assessed(id, 'yellow', 64, '2026-03-03'));
        await assessments.put([later, c2, c3].filter((one) => one !== undefined));
        await assessments.put([assessed('c2', 'red', 31, '2026-03-02'), assessed('c3', 'red', 31, '2026-03-02')]);
        const found = await assessments.get(['c1', 'c2', 'c4'].map(toAccountId));
        expect([...found.keys()].toSorted()).toEqual(['c1', 'c2']);
        expect(found.get(toAccountId('c1'))).toEqual(assessed('c1', 'yellow', 64, '2026-03-03'));
        expect(await assessments.due(calendarDate('2026-03-03'), null, 10)).toEqual(['c2', 'c3']);
        expect(await assessments.due(calendarDate('2026-03-03'), toAccountId('c2'), 10)).toEqual(['c3']);
        expect((await assessments.page(toAccountId('c1'), 10)).map(({ assessment }) => assessment.accountId)).toEqual([
          'c2',
          'c3',
        ]);
        await assessments.drop([toAccountId('c2')]);
        expect(await assessments.page(null, 10)).toHaveLength(2);
      });

      it('sums up accounts per band and the median score per segment', async () => {
        const { assessments } = await newCustomer();
        await assessments.put([
          assessed('c1', 'green', 80, '2026-03-02', 'smb'),
          assessed('c2', 'red', 30, '2026-03-02', 'smb'),
          assessed('c3', 'grey', null, '2026-03-02', 'smb'),
          assessed('c4', 'green', 90, '2026-03-02', null),
        ]);
        expect(await assessments.summary()).toEqual({
          bands: { green: 2, yellow: 0, red: 1, grey: 1 },
          segments: new Map([
            ['', { scores: 1, median: 90 }],
            ['smb', { scores: 2, median: 55 }],
          ]),
        });
      });

      it('are counted in the bands that are shown, with accounts below them, and in the medians by themselves', async () => {
        const { assessments, history } = await newCustomer();
        const alone = assessed('c1', 'green', 82, '2026-03-02', 'mid');
        const rollUp = { method: 'mean', score: 56, band: 'yellow', accounts: 1, because: 'One below.' } as const;
        const standing = { savePriority: null, isBeyondCapacity: false, isBeyondBest: false, rollUp };
        await assessments.put([{ ...alone, assessment: { ...alone.assessment, standing } }]);
        expect(await assessments.summary()).toEqual({
          bands: { green: 0, yellow: 1, red: 0, grey: 0 },
          segments: new Map([['mid', { scores: 1, median: 82 }]]),
        });
        const day = calendarDate('2026-03-02');
        expect(await history.days(toAccountId('c1'), day, day)).toMatchObject([{ score: 56, band: 'yellow' }]);
      });
    });

    describe('history', () => {
      const dayOf = (day: string, score: number | null) =>
        assessed('c1', score === null ? 'grey' : 'green', score, day);
      const shown = async ({ history }: TenantStore, from: string, to: string): Promise<readonly string[]> => {
        const days = await history.days(toAccountId('c1'), calendarDate(from), calendarDate(to));
        return days.map(({ on, score }) => `${on} ${score}`);
      };

      it('is every day on which an account was scored, as it was last said that day', async () => {
        const customer = await newCustomer();
        for (const [day, score] of [
          ['2026-03-02', 80.4],
          ['2026-03-03', null],
          ['2026-03-05', 78.1],
        ] as const) {
          await customer.assessments.put([dayOf(day, 1), assessed('c2', 'red', 1, day)]);
          await customer.assessments.put([dayOf(day, score)]);
        }
        expect(await shown(customer, '2026-01-01', '2026-12-31')).toEqual([
          '2026-03-02 80.4',
          '2026-03-03 null',
          '2026-03-05 78.1',
        ]);
        expect(await shown(customer, '2026-03-03', '2026-03-04')).toEqual(['2026-03-03 null']);
        expect(await customer.history.firstDay()).toBe('2026-03-02');
        expect(await (await newCustomer()).history.firstDay()).toBeNull();
      });

      it('says of a day all that is asked later', async () => {
        const { assessments, history } = await newCustomer();
        const { assessment, ...rest } = dayOf('2026-03-02', 20);
        const health = {
          ...assessment.health,
          raw: 81.5,
          coverage: 0.615,
          confidence: 'medium' as const,
          caps: [{ id: 'cancellation_notice', limit: 20, because: 'The customer gave notice.' }],
        };
        const churn = { ...assessment.churn, probability90d: 0.1234 };
        const expansion = { ...assessment.expansion, score: 42.5 };
        await assessments.put([{ ...rest, assessment: { ...assessment, health, churn, expansion } }]);
        const [day] = await history.days(toAccountId('c1'), calendarDate('2026-03-02'), calendarDate('2026-03-02'));
        expect(day).toEqual({
          on: '2026-03-02',
          score: 20,
          raw: 81.5,
          band: 'green',
          coverage: 0.615,
          confidence: 'medium',
          churnProbability90d: 0.1234,
          expansion: 42.5,
          caps: ['cancellation_notice'],
          modelVersion: 'HF-Health v1 / default 1',
        });
      });

      it('is thinned out to the last day of each account in a month', async () => {
        const customer = await newCustomer();
        const days = ['2026-02-26', '2026-02-28', '2026-03-01', '2026-03-30', '2026-03-31'];
        for (const day of days) await customer.assessments.put([dayOf(day, 70), assessed('c2', 'red', 1, day)]);
        await customer.assessments.put([assessed('c3', 'red', 1, '2026-03-30')]);
        expect(await customer.history.thin(calendarDate('2026-02-26'))).toBe(2);
        expect(await customer.history.thin(calendarDate('2026-02-28'))).toBe(0);
        expect(await customer.history.thin(calendarDate('2026-03-01'))).toBe(2);
        // Of the third account this was the last day.
        expect(await customer.history.thin(calendarDate('2026-03-30'))).toBe(2);
        expect(await customer.history.thin(calendarDate('2026-03-31'))).toBe(0);
        expect(await shown(customer, '2026-01-01', '2026-12-31')).toEqual(['2026-02-28 70', '2026-03-31 70']);
      });

      it('keeps what was known of a term once a month, whatever is said later', async () => {
        const { history } = await newCustomer();
        await history.keepFeatures([known('c1', 't1', '2026-03-02', 80), known('c2', 't2', '2026-03-02', 50)]);
        await history.keepFeatures([known('c1', 't1', '2026-03-20', 20), known('c1', 't9', '2026-03-20', 20)]);
        await history.keepFeatures([known('c1', 't1', '2026-04-01', 30)]);
        const [c1, c2] = ['c1', 'c2'].map(toAccountId);
        if (c1 === undefined || c2 === undefined) throw new Error('there are two accounts');
        expect(await history.features([c1])).toEqual([
          known('c1', 't1', '2026-03-02', 80),
          known('c1', 't1', '2026-04-01', 30),
          known('c1', 't9', '2026-03-20', 20),
        ]);
        expect(await history.keptTerms('2026-03', [c1, c2, toAccountId('c3')])).toEqual(
          new Map([
            [c1, ['t1', 't9']],
            [c2, ['t2']],
          ]),
        );
        expect(await history.keptTerms('2026-05', [c1])).toEqual(new Map());
      });

      it('keeps what was known of an account without a term once a month as well', async () => {
        const { history } = await newCustomer();
        const c1 = toAccountId('c1');
        const without = (on: string, health: number): FeatureSnapshot => ({
          ...known('c1', 't1', on, health),
          termId: null,
          decisionOn: null,
        });
        await history.keepFeatures([without('2026-03-02', 80), known('c1', 't1', '2026-03-02', 80)]);
        await history.keepFeatures([without('2026-03-20', 20)]);
        expect(await history.features([c1])).toEqual([without('2026-03-02', 80), known('c1', 't1', '2026-03-02', 80)]);
        expect(await history.keptTerms('2026-03', [c1])).toEqual(new Map([[c1, [null, 't1']]]));
      });

      it('tells which terms were decided, account by account, as they were last seen', async () => {
        const { history } = await newCustomer();
        await history.putOutcomes([
          ended('c1', 't1', '2026-03-02', 'churned'),
          ended('c1', 't2', '2026-03-03', 'renewed'),
          ended('c2', 't1', '2026-03-02', 'churned'),
          ended('c3', 't1', '2026-03-02', 'superseded'),
          ended('c4', 't1', '2026-03-02', 'renewed'),
        ]);
        await history.putOutcomes([ended('c2', 't1', '2026-03-02', 'open')]);
        await history.putOutcomes([]);
        const decided = async (by: string, after: string | null, accounts: number) =>
          (await history.decidedTerms(calendarDate(by), after === null ? null : toAccountId(after), accounts)).map(
            ({ accountId, termId, decisionOn, isLost }) =>
              `${accountId} ${termId} ${decisionOn} ${isLost ? 'lost' : 'kept'}`,
          );
        expect(await decided('2026-03-03', null, 10)).toEqual([
          'c1 t1 2026-03-02 lost',
          'c1 t2 2026-03-03 kept',
          'c4 t1 2026-03-02 kept',
        ]);
        expect(await decided('2026-03-02', null, 10)).toEqual(['c1 t1 2026-03-02 lost', 'c4 t1 2026-03-02 kept']);
        expect(await decided('2026-03-03', null, 1)).toEqual(['c1 t1 2026-03-02 lost', 'c1 t2 2026-03-03 kept']);
        expect(await decided('2026-03-03', 'c1', 10)).toEqual(['c4 t1 2026-03-02 kept']);
      });

      it('keeps the day on which a term was first seen to be decided, until it is decided otherwise', async () => {
        const { history, disagreements } = await newCustomer();
        const seen = (outcome: 'open' | 'renewed' | 'churned', day: string) =>
          history.putOutcomes([{ ...ended('c1', 't1', '2026-03-02', outcome), seenOn: calendarDate(day) }]);
        await disagreements.put([begun('c1', '2026-03-10')]);
        const decided = async () => (await disagreements.list()).map((known) => known.outcome);
        await seen('renewed', '2026-03-04');
        await seen('renewed', '2026-03-20');
        expect(await decided()).toEqual([null]);
        await seen('churned', '2026-03-21');
        expect(await decided()).toEqual(['churned']);
      });

      it('counts decided terms by the segment that their account was in when they were decided', async () => {
        const { history } = await newCustomer();
        expect(await history.decidedBySegment()).toEqual(new Map());
        await history.putOutcomes([
          ended('c1', 't1', '2026-03-02', 'churned'),
          ended('c1', 't2', '2026-03-03', 'renewed'),
          ended('c2', 't1', '2026-03-02', 'open'),
          { ...ended('c3', 't1', '2026-03-02', 'renewed'), segment: 'smb' },
        ]);
        expect(await history.decidedBySegment()).toEqual(
          new Map([
            ['mid', { closed: 2, churned: 1 }],
            ['smb', { closed: 1, churned: 0 }],
          ]),
        );
      });
    });

    describe('expansions that were won', () => {
      const [c1, c2] = [toAccountId('c1'), toAccountId('c2')];
      const day = calendarDate('2026-03-31');
      const wins = (accountId: AccountId, won: Readonly<Record<string, string>>): AccountExpansions => ({
        accountId,
        won: Object.entries(won).map(([dealId, on]) => ({ dealId, wonOn: calendarDate(on) })),
        seenOn: calendarDate('2026-06-30'),
      });
      const scored = ({ assessments }: TenantStore, account: string, on: string, score: number) => {
        const { assessment, ...rest } = assessed(account, 'green', 80, on);
        return assessments.put([
          { ...rest, assessment: { ...assessment, expansion: { ...assessment.expansion, score } } },
        ]);
      };

      it('are counted by the score of the day before them, the days after it over', async () => {
        const customer = await newCustomer();
        for (const [account, score] of [
          ['c1', 29.6],
          ['c2', 30.4],
          ['c3', 0],
        ] as const)
          await scored(customer, account, '2026-03-31', score);
        expect(await customer.expansions.followed(day, 90)).toEqual([
          { score: 0, accounts: 1, won: 0 },
          { score: 30, accounts: 2, won: 0 },
        ]);
        // On the day itself, two within 90 days, one a day too late; and one of an account that was not scored.
        await customer.expansions.put([
          wins(c1, { d1: '2026-03-31', d2: '2026-04-01', d3: '2026-06-29' }),
          wins(c2, { d4: '2026-06-30' }),
          wins(toAccountId('c9'), { d5: '2026-04-02' }),
        ]);
        expect(await customer.expansions.followed(day, 90)).toEqual([
          { score: 0, accounts: 1, won: 0 },
          { score: 30, accounts: 2, won: 1 },
        ]);
        expect(await customer.expansions.followed(day, 91)).toMatchObject([{}, { score: 30, won: 2 }]);
        expect(await customer.expansions.countFollowing([day], 90)).toBe(2);
        expect(await customer.expansions.countFollowing([], 90)).toBe(0);
      });

      it('are what was said last of an account; several days that look ahead to one count it once', async () => {
        const customer = await newCustomer();
        await scored(customer, 'c1', '2026-02-28', 10);
        await scored(customer, 'c1', '2026-03-31', 10);
        const days = await customer.history.lastDays(calendarDate('2026-01-15'), calendarDate('2026-04-02'));
        expect(days).toEqual(['2026-02-28', '2026-03-31']);
        const count = () => customer.expansions.countFollowing(days, 90);
        await customer.expansions.put([wins(c1, { d1: '2026-04-10', d2: '2026-04-11' })]);
        await customer.expansions.put([wins(c1, { d1: '2026-04-10', d2: '2026-04-11' })]);
        expect(await count()).toBe(2);
        await customer.expansions.put([wins(c1, { d2: '2026-04-12' })]);
        expect(await count()).toBe(1);
        await customer.expansions.put([wins(c2, { d7: '2026-04-12' }), wins(c1, {})]);
        expect(await count()).toBe(0);
      });

      it('have a last day in each month in which anybody was scored', async () => {
        const { assessments, history } = await newCustomer();
        for (const on of ['2026-01-30', '2026-03-01', '2026-03-02', '2026-04-05']) {
          await assessments.put([assessed('c1', 'green', 80, on)]);
        }
        const within = (from: string, to: string) => history.lastDays(calendarDate(from), calendarDate(to));
        expect(await within('2026-01-31', '2026-03-01')).toEqual(['2026-01-30', '2026-03-02']);
        expect(await within('2026-04-01', '2026-12-01')).toEqual(['2026-04-05']);
      });
    });

    describe('disagreements of people with the score', () => {
      const c1 = toAccountId('c1');
      const end = (day: string, by: EndOfDisagreement) => ({ on: calendarDate(day), by });
      const shown = async ({ disagreements }: TenantStore): Promise<readonly string[]> =>
        (await disagreements.list()).map(
          ({ disagreement: { accountId, begunOn, band, end: over } }) =>
            `${accountId} ${begunOn} ${band}: ${over === null ? 'open' : `${over.by} ${over.on}`}`,
        );

      it('come back as they were put, the newest first, with the account’s name while it is scored', async () => {
        const customer = await newCustomer();
        await customer.assessments.put([assessed('c1', 'green', 80, '2026-03-02')]);
        const first = begun('c1', '2026-03-02', { note: `odd \u0000 ${'ü'.repeat(200)}` });
        const second = begun('c2', '2026-03-03', { by: null, computed: { band: 'grey', score: null } });
        await customer.disagreements.put([first, second]);
        const { disagreement } = first;
        expect(await customer.disagreements.list()).toEqual([
          { disagreement: second.disagreement, name: null, outcome: null },
          {
            disagreement: { ...disagreement, note: disagreement.note.replace('\u0000', '') },
            name: 'Account c1',
            outcome: null,
          },
        ]);
      });

      it('end once, and only the one that is open', async () => {
        const customer = await newCustomer();
        const ends = (day: string, by: EndOfDisagreement) =>
          customer.disagreements.put([{ kind: 'ended', accountId: c1, end: end(day, by) }]);
        await ends('2026-03-01', 'expired');
        await customer.disagreements.put([begun('c1', '2026-03-02'), begun('c2', '2026-03-02')]);
        await ends('2026-03-04', 'agreed');
        await ends('2026-03-05', 'taken-back');
        expect(await shown(customer)).toEqual(['c1 2026-03-02 red: agreed 2026-03-04', 'c2 2026-03-02 red: open']);
      });

      it('replace an open one of an earlier day, and one of the same day', async () => {
        const customer = await newCustomer();
        for (let times = 0; times < 2; times += 1) {
          await customer.disagreements.put([
            begun('c1', '2026-03-02'),
            begun('c1', '2026-03-05'),
            begun('c1', '2026-03-05', { band: 'green' }),
          ]);
        }
        expect(await shown(customer)).toEqual(['c1 2026-03-05 green: open', 'c1 2026-03-02 red: replaced 2026-03-05']);
      });

      it('may hold until another day, and be claimed by another hand', async () => {
        const customer = await newCustomer();
        await customer.disagreements.put([
          begun('c1', '2026-03-02'),
          { kind: 'restated', accountId: c1, untilOn: calendarDate('2026-05-01'), by: 'Bo' },
        ]);
        expect((await customer.disagreements.list())[0]?.disagreement).toMatchObject({
          untilOn: '2026-05-01',
          by: 'Bo',
          end: null,
        });
      });

      it('tell how the first term went that was decided on a later day', async () => {
        const customer = await newCustomer();
        await customer.disagreements.put([begun('c1', '2026-03-05'), begun('c2', '2026-03-05')]);
        await customer.history.putOutcomes([
          { ...ended('c1', 't0', '2026-03-01', 'churned'), seenOn: calendarDate('2026-03-05') },
          { ...ended('c1', 't1', '2026-03-01', 'renewed'), seenOn: calendarDate('2026-03-06') },
          { ...ended('c1', 't2', '2026-03-08', 'churned'), seenOn: calendarDate('2026-03-09') },
          { ...ended('c2', 't1', '2026-03-08', 'superseded'), seenOn: calendarDate('2026-03-09') },
        ]);
        expect((await customer.disagreements.list()).map(({ outcome }) => outcome)).toEqual(['renewed', null]);
      });
    });

    describe('champions who left', () => {
      it('are known by their account and the one that their record belongs to, those who left last first', async () => {
        const { formerChampions, records } = await newCustomer();
        const [first, last] = [former('c1', '21', '2026-03-02'), former('c1', '22', '2026-03-05')];
        await formerChampions.put([first, last]);
        await formerChampions.put([{ ...first, untilOn: calendarDate('2026-03-09') }]);
        expect(await formerChampions.list()).toEqual([last, first]);
        await put(records, [contact('21', 'c2')]);
        const of = (account: string) => formerChampions.ofAccount(toAccountId(account), 'contacts');
        expect(await of('c1')).toEqual([last, first]);
        expect(await of('c2')).toEqual([first]);
        expect(await of('c3')).toEqual([]);
      });

      it('are none any more once they are back, each at their own account', async () => {
        const { formerChampions } = await newCustomer();
        const [one, other] = [former('c1', '21', '2026-03-02'), former('c2', '21', '2026-03-02')];
        await formerChampions.put([one, other]);
        await formerChampions.drop([one, former('c3', '21', '2026-03-02')]);
        expect(await formerChampions.list()).toEqual([other]);
      });
    });

    it('remembers each renewal deal once, by account and by what became of it', async () => {
      const { dealLedger } = await newCustomer();
      await dealLedger.put([
        renewalDeal('d1', { state: 'creating' }),
        renewalDeal('d2', { accountId: toAccountId('c2') }),
      ]);
      await dealLedger.put([renewalDeal('d1', { crmId: '901' })]);
      expect(await dealLedger.byAccounts([toAccountId('c1')])).toEqual([renewalDeal('d1', { crmId: '901' })]);
      expect(await dealLedger.byState(['creating'], null, 10)).toEqual([]);
      expect(await dealLedger.byState(['open'], toHoldfastKey('d1'), 10)).toEqual([
        renewalDeal('d2', { accountId: toAccountId('c2') }),
      ]);
    });

    describe('the ledger of our tasks', () => {
      it('a task is found by its key, its account and the CRM’s id, as it was last put', async () => {
        const { ledger } = await newCustomer();
        await ledger.put([
          task('k1', { state: 'creating', crmId: null }),
          task('k2', { accountId: toAccountId('c2') }),
        ]);
        await ledger.put([task('k1', { crmId: '901' })]);
        expect(await ledger.get([toHoldfastKey('k1'), toHoldfastKey('none')])).toEqual([task('k1', { crmId: '901' })]);
        expect(await ledger.byAccounts([toAccountId('c2')])).toHaveLength(1);
        expect(await ledger.byCrmIds(['901'])).toEqual([task('k1', { crmId: '901' })]);
      });

      it('lists tasks by state, page by page', async () => {
        const { ledger } = await newCustomer();
        await ledger.put(['k3', 'k1', 'k2'].map((key) => task(key)));
        await ledger.put([task('k4', { state: 'deleted' })]);
        const first = await ledger.byState(['open', 'creating'], null, 2);
        const rest = await ledger.byState(['open', 'creating'], toHoldfastKey('k2'), 2);
        expect([...first, ...rest].map(({ key }) => key)).toEqual(['k1', 'k2', 'k3']);
        expect(await ledger.byState([], null, 2)).toEqual([]);
      });

      it('counts what an owner has open and got today, on the customer’s day', async () => {
        const { ledger } = await newCustomer();
        // Half past three in the morning of the 4th in London is still the 3rd in New York.
        const night = '2026-03-04T03:30:00.000Z';
        await ledger.put([
          task('k1', { createdAt: night }),
          task('k2', { createdAt: MONDAY }),
          task('k3', { createdAt: night, state: 'done' }),
          task('k4', { createdAt: MONDAY, state: 'closed', ownerId: 'bo' }),
          task('k5', { createdAt: night, ownerId: null }),
          task('k6', { createdAt: night, state: 'undone' }),
        ]);
        expect(await ledger.load(calendarDate('2026-03-03'), 'America/New_York')).toEqual(
          new Map([
            ['ana', { open: 2, today: 2 }],
            ['', { open: 1, today: 1 }],
          ]),
        );
      });
    });

    describe('runs, calls, problems, settings, definitions and the audit', () => {
      it('knows the last good run of a kind, and the one that is to go on: left behind by a killed process, or failed', async () => {
        const { runs } = await newCustomer();
        await runs.put(run('a', MONDAY, { finishedAt: MONDAY, stage: 'done', result: { b: 1, a: 2 } }));
        await runs.put(run('b', TUESDAY, { error: { code: 'unavailable', message: 'down', remedy: 'wait' } }));
        await runs.put(run('c', WEDNESDAY, {}));
        await runs.put(run('c', WEDNESDAY, { stage: 'assess' }));
        expect((await runs.lastGood('incremental'))?.id).toBe('a');
        expect(await runs.lastGood('full')).toBeNull();
        expect(await runs.unfinished()).toEqual(run('c', WEDNESDAY, { stage: 'assess' }));
        expect((await runs.recent(2)).map(({ id }) => id)).toEqual(['c', 'b']);
        expect(JSON.stringify((await runs.lastGood('incremental'))?.result)).toBe('{"b":1,"a":2}');
        await runs.put(run('c', WEDNESDAY, { finishedAt: WEDNESDAY, stage: 'done' }));
        expect((await runs.unfinished())?.id).toBe('b');
      });

      it('adds up calls per bucket and hour', async () => {
        const { calls } = await newCustomer();
        const count = { bucket: 'general', hour: MONDAY, calls: 10, rateLimited: 1, failed: 0 };
        await calls.add([count, { ...count, calls: 5 }, { ...count, bucket: 'search', hour: TUESDAY }]);
        await calls.add([{ ...count, hour: TUESDAY, calls: 1 }]);
        expect(await calls.since(MONDAY)).toEqual([
          { bucket: 'general', hour: MONDAY, calls: 16, rateLimited: 3, failed: 0 },
          { bucket: 'search', hour: TUESDAY, calls: 10, rateLimited: 1, failed: 0 },
        ]);
        expect(await calls.since(TUESDAY)).toHaveLength(2);
        expect(await calls.since(WEDNESDAY)).toEqual([]);
      });

      it('shows a problem once with a count, closes it when it stops, and opens it anew when it returns', async () => {
        const { problems } = await newCustomer();
        await problems.report([problem('1'), problem('1'), problem('2')], MONDAY);
        await problems.report([problem('1')], TUESDAY);
        expect(
          (await problems.list(10)).map(({ crmId, count, firstAt, lastAt }) => [crmId, count, firstAt, lastAt]),
        ).toEqual([
          ['1', 3, MONDAY, TUESDAY],
          ['2', 1, MONDAY, MONDAY],
        ]);
        await problems.closeOlder('write', TUESDAY);
        expect((await problems.list(10)).map(({ crmId }) => crmId)).toEqual(['1']);
        await problems.report([problem('2')], WEDNESDAY);
        expect((await problems.list(1))[0]).toEqual({
          ...problem('2'),
          firstAt: WEDNESDAY,
          lastAt: WEDNESDAY,
          count: 1,
        });
      });

      it('keeps settings, definitions and checkpoints by name', async () => {
        const { settings, definitions, checkpoints } = await newCustomer();
        expect(await settings.get('budget')).toBeNull();
        await settings.put('budget', { share: 0.5 });
        await settings.put('budget', { share: 0.7 });
        expect(await settings.get('budget')).toEqual({ share: 0.7 });
        await settings.drop('budget');
        expect(await settings.get('budget')).toBeNull();

        const definition = { fields: null, pipelines: [], readAt: MONDAY };
        await definitions.put('deals', definition);
        expect(await definitions.get('deals')).toEqual(definition);
        expect(await definitions.get('tickets')).toBeNull();
        expect([...(await definitions.list())]).toEqual([['deals', definition]]);

        await checkpoints.put('deals:all', { cursor: 'x' });
        await checkpoints.put('deals:all', { cursor: null });
        expect(await checkpoints.list()).toEqual(new Map([['deals:all', { cursor: null }]]));
        await checkpoints.drop('deals:all');
        expect(await checkpoints.get('deals:all')).toBeNull();
      });

      it('tells who did what, newest first', async () => {
        const { audit } = await newCustomer();
        await audit.add({ at: MONDAY, actor: 'ana@example.com', action: 'approve', details: { plan: 'abc' } });
        await audit.add({ at: TUESDAY, actor: 'holdfast', action: 'write', details: {} });
        expect(await audit.recent(5)).toEqual([
          { at: TUESDAY, actor: 'holdfast', action: 'write', details: {} },
          { at: MONDAY, actor: 'ana@example.com', action: 'approve', details: { plan: 'abc' } },
        ]);
      });
    });

    describe('notices of changes', () => {
      const notice = (crmAccountId: string, id: string, erases = false) => ({
        crmAccountId,
        object: 'contacts',
        id,
        erases,
      });

      it('of several customers are stored at once, each behind its wall; those of strangers are dropped', async () => {
        const [ours, neighbour] = [await newCustomer(), await newCustomer()];
        const [one, other] = [await ours.getInstallation(), await neighbour.getInstallation()];
        const known = await store.notices.add(
          'hubspot',
          [notice(one.crmAccountId, '1'), notice(other.crmAccountId, '2'), notice('1', '3')],
          MONDAY,
        );
        expect(Object.fromEntries(known)).toEqual({ [one.crmAccountId]: one.id, [other.crmAccountId]: other.id });
        expect(await ours.notices.page(null, 10)).toMatchObject([{ object: 'contacts', id: '1' }]);
        expect(await neighbour.notices.page(null, 10)).toMatchObject([{ object: 'contacts', id: '2' }]);
        expect(await store.notices.add('salesforce', [notice(one.crmAccountId, '4')], MONDAY)).toEqual(new Map());
      });

      it('wait once for each record since the first of them, until nothing newer came', async () => {
        const ours = await newCustomer();
        const { crmAccountId } = await ours.getInstallation();
        await store.notices.add('hubspot', [notice(crmAccountId, '1'), notice(crmAccountId, '1')], MONDAY);
        const seen = await ours.notices.page(null, 10);
        await store.notices.add('hubspot', [notice(crmAccountId, '1')], TUESDAY);
        expect(await ours.notices.summary()).toEqual({ count: 1, oldestAt: MONDAY });
        await ours.notices.settle(seen);
        expect(await ours.notices.isAnyWaiting()).toBe(true);
        await ours.notices.settle(await ours.notices.page(null, 10));
        expect(await ours.notices.isAnyWaiting()).toBe(false);
        expect(await ours.notices.summary()).toEqual({ count: 0, oldestAt: null });
      });

      it('that somebody is to be forgotten are not covered up by others', async () => {
        const ours = await newCustomer();
        const { crmAccountId } = await ours.getInstallation();
        await store.notices.add('hubspot', [notice(crmAccountId, '1', true)], MONDAY);
        await store.notices.add('hubspot', [notice(crmAccountId, '1')], TUESDAY);
        expect(await ours.notices.page(null, 10)).toEqual([]);
        expect(await ours.notices.toErase(10)).toMatchObject([{ object: 'contacts', id: '1', erases: true }]);
      });

      it('are walked through page by page', async () => {
        const ours = await newCustomer();
        const { crmAccountId } = await ours.getInstallation();
        const ids = Array.from({ length: 1_200 }, (_, index) => String(index));
        await store.notices.add(
          'hubspot',
          ids.map((id) => notice(crmAccountId, id)),
          MONDAY,
        );
        const found: string[] = [];
        for (let page = await ours.notices.page(null, 500); page.length > 0;) {
          found.push(...page.map(({ id }) => id));
          page = await ours.notices.page(page.at(-1) ?? null, 500);
        }
        expect(found).toEqual(ids.toSorted());
      });
    });

    describe('what plays remember', () => {
      it('is every firing of an account, the newest state of each, in the order of plays', async () => {
        const customer = await newCustomer();
        const [first, second] = [firing('c1', '04', 1), firing('c1', '04', 2, { state: 'watching', openedOn: null })];
        await customer.plays.put([second, firing('c1', '01', 1), first, firing('c2', '04', 1)]);
        const closed = {
          ...first,
          state: 'closed',
          closedOn: calendarDate('2026-03-09'),
          outcome: 'resolved',
        } as const;
        await customer.plays.put([first, closed]);
        expect(await customer.plays.byAccounts([toAccountId('c1')])).toEqual([firing('c1', '01', 1), closed, second]);
        expect(await customer.plays.byAccounts([])).toEqual([]);
      });

      it('tells by play what is open and what fired last', async () => {
        const customer = await newCustomer();
        await customer.plays.put([
          firing('c1', '04', 1, { state: 'closed' }),
          firing('c1', '04', 2, { openedOn: calendarDate('2026-05-01') }),
          firing('c2', '04', 1, { state: 'watching', openedOn: null }),
        ]);
        expect(await customer.plays.summary()).toEqual(
          new Map([['04', { open: 1, fired: 2, lastOpenedOn: '2026-05-01', outcomes: {}, arms: {} }]]),
        );
        expect((await customer.plays.recent(1)).map(({ occurrence }) => occurrence)).toEqual([2]);
        expect(await customer.plays.openAccounts(null, 10)).toEqual(['c1']);
        expect(await customer.plays.openAccounts(toAccountId('c1'), 10)).toEqual([]);
      });

      it('tells by play how firings ended, and of measured ones that began to act in which arm', async () => {
        const customer = await newCustomer();
        const ended = (account: string, play: string, change: Partial<PlayRun>) =>
          firing(account, play, 1, { state: 'closed', actedOn: calendarDate('2026-03-02'), ...change });
        await customer.plays.put([
          ended('c1', '04', { outcome: 'recovered', arm: 'treat', openedOn: calendarDate('2026-05-01') }),
          ended('c2', '04', { outcome: 'recovered', arm: 'treat' }),
          ended('c3', '04', { outcome: 'resolved', arm: 'holdout' }),
          ended('c4', '04', { outcome: 'expired', arm: 'treat', actedOn: null }),
          ended('c5', '04', { outcome: 'recovered' }),
          firing('c6', '04', 1, { arm: 'holdout' }),
          // Handed on from a company that was merged away: it ended there.
          ended('c7', '04', { outcome: 'dismissed', openedOn: null }),
          ended('c1', '09', { outcome: 'done' }),
        ]);
        expect(await customer.plays.summary()).toEqual(
          new Map([
            [
              '04',
              {
                open: 1,
                fired: 6,
                lastOpenedOn: '2026-05-01',
                outcomes: { expired: 1, recovered: 3, resolved: 1 },
                arms: { treat: { recovered: 2 }, holdout: { resolved: 1 } },
              },
            ],
            ['09', { open: 0, fired: 1, lastOpenedOn: '2026-03-02', outcomes: { done: 1 }, arms: {} }],
          ]),
        );
      });

      it('keeps one snooze per play and account, until its day or until it is woken', async () => {
        const customer = await newCustomer();
        await customer.plays.snooze(snooze('c1', '04', '2026-03-10'));
        await customer.plays.snooze(snooze('c1', '04', '2026-04-01'));
        await customer.plays.snooze(snooze('c2', '04', '2026-03-10'));
        const on = (today: string) => customer.plays.snoozes(calendarDate(today));
        expect((await on('2026-03-09')).map(({ accountId, untilOn }) => `${accountId} ${untilOn}`)).toEqual([
          'c1 2026-04-01',
          'c2 2026-03-10',
        ]);
        expect(await on('2026-03-10')).toHaveLength(1);
        expect(await customer.plays.wake(toAccountId('c1'), '04')).toBe(true);
        expect(await customer.plays.wake(toAccountId('c1'), '04')).toBe(false);
        expect(await on('2026-03-10')).toEqual([]);
      });

      it('keeps a snooze of the renewal cadence for each term, and wakes them together', async () => {
        const { plays } = await newCustomer();
        const [first, second] = ['account/c1/2026-06-30', 'account/c1/2026-12-31'].map(toTermId);
        if (first === undefined || second === undefined) throw new Error('there are two terms');
        await plays.snooze({ ...snooze('c1', '05', '2026-04-01'), termId: first });
        await plays.snooze({ ...snooze('c1', '05', '2026-05-01'), termId: second });
        await plays.snooze({ ...snooze('c1', '05', '2026-04-10'), termId: first });
        expect((await plays.snoozes(calendarDate('2026-03-09'))).map(({ untilOn }) => untilOn)).toEqual([
          '2026-04-10',
          '2026-05-01',
        ]);
        expect(await plays.wake(toAccountId('c1'), '05')).toBe(true);
        expect(await plays.snoozes(calendarDate('2026-03-09'))).toEqual([]);
      });

      it('finds the open tasks of one play', async () => {
        const customer = await newCustomer();
        await customer.ledger.put([
          task('b', { play: 'digest' }),
          task('a', { play: 'digest' }),
          task('c', { play: 'digest', state: 'done' }),
          task('d', { play: '05' }),
        ]);
        expect((await customer.ledger.openOf('digest')).map(({ key }) => key)).toEqual(['a', 'b']);
      });
    });

    describe('the job queue beside it', () => {
      it('may send several statements at once, and an error leaves no transaction open', async () => {
        const { rows } = await database.executeSql('begin; select 1 as one; select 2 as two; commit');
        expect(rows).toEqual([{ one: 1 }, { two: 2 }]);
        await expect(database.executeSql('begin; select 1/0; commit')).rejects.toThrow(/division by zero/);
        expect((await database.executeSql('select $1::integer as one', [1])).rows).toEqual([{ one: 1 }]);
        expect(await store.isReachable()).toBe(true);
      });
    });
  });
}

/** One row at least in every table but `hold`, whose row lives only while work goes on. */
/** Those whose rows belong to installations. */
async function tablesOf(database: Database): Promise<readonly string[]> {
  const { rows } = await database.executeSql(
    `select table_name from information_schema.columns
     where table_schema = 'holdfast' and column_name = 'installation_id' order by 1`,
  );
  return rows.map((row) => String(Object(row).table_name));
}

async function fillEveryTable(store: Store, customer: TenantStore): Promise<void> {
  await customer.secrets.put('refresh', new Secret('s'));
  await put(customer.records, [company('c1')]);
  await customer.definitions.put('deals', { fields: null, pipelines: [], readAt: MONDAY });
  await customer.assessments.put([assessed('c1', 'green', 80, '2026-03-02')]);
  await putInputs(customer.inputs, [kept('c1', '2026-03-02', true)]);
  await customer.configurations.putDraft(content(80));
  await customer.history.keepFeatures([known('c1', 't1', '2026-03-02', 80)]);
  await customer.history.putOutcomes([ended('c1', 't1', '2026-03-02', 'renewed')]);
  await customer.disagreements.put([begun('c1', '2026-03-02')]);
  const [wonOn, accountId] = [calendarDate('2026-03-01'), toAccountId('c1')];
  await customer.expansions.put([{ accountId, won: [{ dealId: 'd1', wonOn }], seenOn: wonOn }]);
  await customer.formerChampions.put([former('c1', '21', '2026-03-02')]);
  await customer.ledger.put([task('k1')]);
  await customer.dealLedger.put([renewalDeal('d1')]);
  await customer.plays.put([firing('c1', '04', 1)]);
  await customer.plays.snooze(snooze('c1', '04', '2026-04-01'));
  await customer.runs.put(run('a', MONDAY, {}));
  await customer.calls.add([{ bucket: 'general', hour: MONDAY, calls: 1, rateLimited: 0, failed: 0 }]);
  await customer.problems.report([problem('1')], MONDAY);
  await customer.settings.put('budget', 1);
  await customer.audit.add({ at: MONDAY, actor: 'ana', action: 'connect', details: {} });
  await customer.signals.receive([tracked('ann', MONDAY, 'm1')], INTAKE);
  await customer.signals.importFacts([invoice('i1', 'group:acme')], { at: MONDAY, every: null });
  await customer.signals.listAccounts([listed('c1')], MONDAY);
  await customer.signals.addKey({ hash: 'h', hint: 'abc', at: MONDAY });
  await customer.people.put(CLEO);
  await customer.people.beginSession({ ...CLEO, hash: 'session', at: MONDAY });
  await customer.people.putLink('link', TUESDAY, MONDAY);
  const { crmAccountId } = await customer.getInstallation();
  await store.notices.add('hubspot', [{ crmAccountId, object: 'contacts', id: '9', erases: false }], MONDAY);
  const stranger = { object: 'contacts', ids: ['404'], emails: [], names: [], userKeys: [] };
  await customer.erasures.erase({ ...stranger, hashes: ['0'.repeat(32)] }, MONDAY);
}

const CLEO: Person = { userId: '13', name: 'cleo@tailspin.example', role: 'viewer' };
const content = (green: number, at = MONDAY): ConfigurationContent => ({
  changes: { health: { bands: { green } } },
  whole: { health: { bands: { green, yellow: 50 } } },
  note: `Green from ${green}`,
  by: 'ana',
  at,
});

const kept = (id: string, today: string, isChange: boolean, name = 'Acme'): AssessedInput => {
  const snapshot = healthyCustomer({
    account: { ...account({ name }), id: toAccountId(id) },
    today: calendarDate(today),
    asOf: `${today}T09:00:00.000Z`,
  });
  const assessment = assess(snapshot, defaultConfiguration);
  return { snapshot, assessment, outcome: outcomeOf(assessment), isChange, problems: [], keptAs: null };
};

/** What was known of a term on a day. */
function known(account: string, term: string, day: string, health: number): FeatureSnapshot {
  return {
    accountId: toAccountId(account),
    on: calendarDate(day),
    knownAt: `${day}T12:00:00.000Z`,
    termId: toTermId(term),
    decisionOn: calendarDate('2026-06-30'),
    segment: 'mid',
    baseRate: 0.15,
    health,
    delta28d: null,
    effects: ['overdue'],
    measures: { C1: { value: 40, score: 33 } },
    revenue: { minor: 5_000, currency: 'EUR' },
    probabilityAtDecision: 0.2,
    modelVersion: 'HF-Health v1 / default 1',
  };
}

function ended(account: string, term: string, decisionOn: string, outcome: TermOutcome['outcome']): TermOutcome {
  return {
    accountId: toAccountId(account),
    termId: toTermId(term),
    decisionOn: calendarDate(decisionOn),
    outcome,
    segment: 'mid',
    seenOn: calendarDate('2026-03-03'),
  };
}

const INTAKE: Intake = { at: MONDAY, timeZone: 'America/New_York', configuration: defaultUsageConfiguration };

/** Users and messages are named by hashes of 32 digits. */
const hashed = (id: string): string => Buffer.from(id).toString('hex').padEnd(32, '0');

/** A user's one event in the group `acme`, by a user who was put there with it. */
function tracked(user: string, at: string, messageId: string | null, more: Partial<UsageMessage> = {}): UsageMessage {
  return {
    type: 'track',
    messageKey: messageId === null ? null : hashed(messageId),
    at,
    userKey: hashed(user),
    userDomain: null,
    department: null,
    groupId: 'acme',
    group: null,
    usage: {
      events: 1,
      keyActions: 0,
      userKeys: [hashed(user)],
      keyUserKeys: [],
      userCount: 0,
      features: { chart: 1 },
      metered: {},
      levels: {},
      gate: null,
      pricingVisits: 0,
    },
    ...more,
  };
}

function invoice(id: string, workspaceId: string): ImportedFact {
  return {
    kind: 'invoice',
    workspaceId,
    keys: keysOfWorkspace({ groupId: 'acme', crmId: null, domain: null, mailDomain: null }),
    fact: {
      id,
      amount: { minor: 5_000, currency: 'EUR' },
      issuedOn: null,
      dueOn: calendarDate('2026-02-01'),
      paidOn: null,
      failedAt: null,
    },
  };
}

const listed = (id: string, keys: readonly string[] = [`id:${id}`]): ListedAccount => ({
  recordId: id,
  accountId: toAccountId(id),
  keys,
});

interface RecordOptions {
  readonly inputs?: Readonly<Record<string, RawValue>>;
  readonly shown?: Readonly<Record<string, RawValue>>;
  readonly links?: Readonly<Record<string, readonly string[]>>;
  readonly accountId?: string | null;
  readonly contactId?: string | null;
  readonly modifiedAt?: string;
  readonly deleted?: boolean;
  readonly mergedIds?: readonly string[];
}

function record(object: string, id: string, options: RecordOptions): IncomingRecord {
  const { inputs = {}, shown = {}, links = {}, accountId = null, contactId = null } = options;
  return {
    raw: {
      object,
      id,
      fields: { ...inputs, ...shown },
      links,
      createdAt: MONDAY,
      modifiedAt: options.modifiedAt ?? MONDAY,
      deleted: options.deleted ?? false,
      mergedIds: options.mergedIds ?? [],
    },
    inputs,
    shown,
    accountId: accountId === null ? null : toAccountId(accountId),
    contactId,
  };
}

const company = (id: string, options: RecordOptions = {}): IncomingRecord =>
  record('companies', id, { inputs: { name: id }, accountId: id, links: { contacts: [] }, ...options });

const contact = (id: string, account: string, options: RecordOptions = {}): IncomingRecord =>
  record('contacts', id, { accountId: account, links: { companies: [account] }, ...options });

const deal = (id: string, options: RecordOptions = {}): IncomingRecord => {
  const accountId = options.accountId === undefined ? 'c1' : options.accountId;
  return record('deals', id, {
    inputs: { amount: '100' },
    links: { companies: accountId === null ? [] : [accountId] },
    ...options,
    accountId,
  });
};

const call = (id: string, person: string, account: string | null = null, options: RecordOptions = {}): IncomingRecord =>
  record('calls', id, {
    links: { contacts: [person], companies: account === null ? [] : [account] },
    accountId: account,
    contactId: person,
    ...options,
  });

async function put(
  records: TenantStore['records'],
  page: readonly IncomingRecord[],
  options: {
    readonly at?: string;
    readonly walk?: string;
    readonly touches?: boolean;
    readonly checkpoint?: Readonly<Record<string, string>>;
  } = {},
): Promise<PageOutcome> {
  const object = page[0]?.raw.object ?? 'deals';
  return await records.storePage({
    object,
    records: page,
    walk: options.walk ?? null,
    stream: `${object}:all`,
    checkpoint: options.checkpoint ?? {},
    touches: options.touches ?? true,
    at: options.at ?? WEDNESDAY,
  });
}

const outcome = (counts: Partial<PageOutcome>): PageOutcome => ({
  inserted: 0,
  updated: 0,
  unchanged: 0,
  deleted: 0,
  ...counts,
});

const at = (minute: number): string => `2026-03-02T09:${minute}:00.000Z`;

async function touchedAccounts(records: TenantStore['records']): Promise<AccountId[]> {
  return (await records.touched(100)).map(({ accountId }) => accountId).toSorted();
}

async function untouchAll(records: TenantStore['records']): Promise<void> {
  await records.untouch(await records.touched(100));
}

function assessed(
  account: string,
  band: Band,
  score: number | null,
  day: string,
  segment: string | null = null,
): { assessment: Assessment; name: string; segment: string | null; on: ReturnType<typeof calendarDate> } {
  const on = calendarDate(day);
  const assessment: Assessment = {
    accountId: toAccountId(account),
    asOf: `${day}T12:00:00.000Z`,
    modelVersion: 'HF-Health v1 / default 1',
    dataAsOf: null,
    health: {
      score,
      raw: score,
      band,
      bandSinceOn: on,
      previousBand: null,
      trend: 'stable',
      delta28d: null,
      profile: 'smb',
      coverage: 1,
      confidence: 'high',
      dimensions: { support: 80 },
      caps: [],
      drivers: [],
      movers: [],
      reason: 'Support is calm.',
      override: null,
    },
    churn: {
      probability90d: null,
      interval90d: null,
      atDecision: null,
      risk: 'unknown',
      riskAlone: 'unknown',
      status: 'cold_start',
      arrAtRisk: null,
      saveValue: null,
      reason: null,
      because: [],
    },
    renewal: { terms: [], next: null, status: null, gaps: [] },
    expansion: { score: 0, band: 'cold', bandAlone: 'cold', signals: [], blocker: null, expectedValue: null },
    people: { champion: 'unknown', lastTwoWayAt: null },
    place: { parentId: null, ownerId: null, revenue: null },
    standing: null,
    history: {
      lastOn: on,
      ewma: score,
      band,
      bandSinceOn: on,
      daysWorse: 0,
      daysBetter: 0,
      days: [],
      lastGood: {},
    },
  };
  return { assessment, name: `Account ${account}`, segment, on };
}

const former = (account: string, contactId: string, day: string): FormerChampion => ({
  accountId: toAccountId(account),
  contactId,
  untilOn: calendarDate(day),
});

function begun(
  account: string,
  day: string,
  more: Partial<Disagreement> = {},
): Extract<DisagreementChange, { kind: 'begun' }> {
  return {
    kind: 'begun',
    disagreement: {
      accountId: toAccountId(account),
      begunOn: calendarDate(day),
      band: 'red',
      code: 'price',
      note: 'They want a tenth off.',
      by: 'ana@us.example',
      computed: { band: 'green', score: 81.4 },
      untilOn: calendarDate('2026-04-01'),
      end: null,
      ...more,
    },
  };
}

const renewalDeal = (key: string, changes: Partial<LedgerDeal> = {}): LedgerDeal => ({
  key: toHoldfastKey(key),
  accountId: toAccountId('c1'),
  termId: toTermId('account/c1/2026-12-31'),
  state: 'open',
  crmId: null,
  name: 'Acme – Renewal 2026-12-31',
  written: {},
  createdAt: MONDAY,
  updatedAt: MONDAY,
  ...changes,
});

function task(key: string, change: Partial<LedgerTask> = {}): LedgerTask {
  return {
    key: toHoldfastKey(key),
    accountId: toAccountId('c1'),
    termId: null,
    play: 'renewal',
    step: 'd90',
    state: 'open',
    crmId: `crm-${key}`,
    dueOn: calendarDate('2026-03-10'),
    ownerId: 'ana',
    subject: 'Prepare the renewal',
    written: { hs_task_status: 'NOT_STARTED' },
    isTouched: false,
    closedBecause: null,
    createdAt: MONDAY,
    updatedAt: MONDAY,
    ...change,
  };
}

function firing(account: string, play: string, occurrence: number, change: Partial<PlayRun> = {}): PlayRun {
  return {
    accountId: toAccountId(account),
    accountName: 'Contoso',
    play,
    occurrence,
    state: 'open',
    kind: 'risk',
    reason: 'adoption',
    about: null,
    role: null,
    termId: null,
    because: 'Health is red.',
    notes: [],
    firesSinceOn: null,
    overSinceOn: null,
    openedOn: calendarDate('2026-03-02'),
    actedOn: null,
    closedOn: null,
    outcome: null,
    closedBecause: null,
    wasWorked: false,
    atClose: null,
    restsUntilOn: null,
    ...change,
  };
}

function snooze(account: string, play: string, untilOn: string): Snooze {
  return {
    accountId: toAccountId(account),
    play,
    kind: 'risk',
    reason: null,
    untilOn: calendarDate(untilOn),
    because: 'They are on holiday.',
    by: 'ana',
    at: MONDAY,
    caps: [],
  };
}

function run(id: string, startedAt: string, change: Partial<Run>): Run {
  return {
    id,
    kind: 'incremental',
    trigger: 'schedule',
    stage: 'pull',
    startedAt,
    finishedAt: null,
    error: null,
    result: {},
    ...change,
  };
}

function problem(crmId: string): Problem {
  return {
    kind: 'write',
    code: 'value-refused',
    object: 'companies',
    field: 'holdfast_health',
    crmId,
    message: 'HubSpot refused 101',
    remedy: 'Tell us',
  };
}

async function putInputs(store: InputStore, inputs: readonly AssessedInput[]): Promise<void> {
  const gathering = store.gather();
  for (const input of inputs) gathering.add(input);
  await gathering.store();
}
