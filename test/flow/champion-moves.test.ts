import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { picklist } from '../../connectors/salesforce/sandbox/field-definition.ts';
import { accountInWords } from '../../src/cli/account-in-words.ts';
import { movesInWords } from '../../src/cli/moves-in-words.ts';
import type { Assessment } from '../../src/core/model/assessment.ts';
import { toAccountId } from '../../src/core/model/ids.ts';
import { parseOverride } from '../../src/core/mapping/override.ts';
import type { App } from '../../src/app.ts';
import { chooseMapping } from '../../src/flow/choose-mapping.ts';
import { withLine } from '../../src/jobs/run.ts';
import type { Installation, TenantStore } from '../../src/ports/store.ts';
import { getAccount } from '../../src/queries/accounts.ts';
import { listChampionMoves, readChampionMoves, type ChampionMoves } from '../../src/queries/champion-moves.ts';
import { accountPage } from '../../src/server/pages/account-page.ts';
import { connectOrg } from '../support/customer-org.ts';
import { knownCompany } from '../support/known-company.ts';
import { openLineOffice, type Customer, type LineOffice } from '../support/line-office.ts';
import { ids, orgSeed, row } from '../support/sandbox-org.ts';

/** Acme's champion. */
const KIM = '211';
const DAY_MS = 86_400_000;

let office: LineOffice;
beforeAll(async () => {
  office = await openLineOffice();
});
afterAll(() => office.close());

/** Acme and Bolt are customers, Globex is not yet. */
async function connect(): Promise<Customer> {
  const [acme, bolt] = [knownCompany('1'), knownCompany('2')];
  const customer = await office.connect(
    [
      { id: '1', name: 'Acme', renewalOn: '2026-12-10', arr: 50_000, ownerId: '11' },
      { id: '2', name: 'Bolt', renewalOn: '2026-12-10', arr: 50_000, ownerId: '13' },
      { id: '3', name: 'Globex', status: 'Prospect', ownerId: '14' },
    ],
    {
      rest: {
        rows: [...(acme.rows ?? []), ...(bolt.rows ?? [])],
        links: [...(acme.links ?? []), ...(bolt.links ?? [])],
      },
    },
  );
  for (const [name, label] of [
    ['contact_status', 'Status'],
    ['works_now_at', 'Works now at'],
  ] as const) {
    const groupName = 'contactinformation';
    customer.portal.defineProperty('contacts', {
      name,
      label,
      groupName,
      type: 'string',
      fieldType: 'text',
      options: [],
    });
  }
  await customer.sync();
  return customer;
}

/** Kim's record goes over to another company; the next day everything is read. */
async function move({ portal, ...customer }: Customer, from: string, to: string | null): Promise<void> {
  portal.unlink('contacts', KIM, 'companies', from);
  if (to !== null) portal.link('contacts', KIM, 'companies', to, true);
  customer.clock.advance(DAY_MS);
  await customer.sync('full');
}

interface Connected {
  readonly store: TenantStore;
  readonly installation: Installation;
}

const listed = async ({ store, installation }: Connected, app: App = office.app, top = 20): Promise<ChampionMoves> =>
  listChampionMoves(store, await app.compiledMappingOf(installation), top);

/** `Kim: Acme until 2026-03-03, now Globex (Dan Example)`, the newest first. */
const told = async (customer: Connected, app?: App): Promise<readonly string[]> =>
  (await listed(customer, app)).moves.map(
    ({ name, from, untilOn, to, owner }) =>
      `${name ?? '–'}: ${from.name ?? '–'} until ${untilOn}, now ${to.name ?? '–'} (${owner ?? '–'})`,
  );

/** What the command and the page of an account say of moves. */
async function saidOf({ store, installation }: Connected, named: string): Promise<readonly string[]> {
  const detail = await getAccount(store, named, () => '');
  const moves = await readChampionMoves(store, await office.app.compiledMappingOf(installation), detail.account);
  const page = accountPage({ at: (path) => path, session: null }, 'Customer', detail, moves);
  const lines = accountInWords(detail, moves)
    .split('\n')
    .filter((line) => /^Kim, .*(is now at|works here now)/.test(line));
  for (const line of lines) expect(page).toContain(line);
  if (lines.length === 0) expect(page).not.toContain('Champions who moved');
  return lines;
}

async function choose(customer: Customer, override: unknown): Promise<void> {
  const mapping = parseOverride(override);
  const request = { signal: new AbortController().signal, progress: () => undefined, mapping };
  await withLine(office.app, customer.installation.id, request, (line) => chooseMapping(line, mapping));
}

async function assessmentsOf({ store }: Customer): Promise<readonly (Assessment | undefined)[]> {
  const accounts = ['1', '2'].map(toAccountId);
  const stored = await store.assessments.get(accounts);
  return accounts.map((account) => stored.get(account)?.assessment);
}

describe('a champion whose record goes over to another company', () => {
  it('is listed for sales, with the owner of the new company, whether that is a customer or not', async () => {
    const customer = await connect();
    expect(await listed(customer)).toEqual({ moves: [], isMore: false });
    await move(customer, '1', '3');
    expect(await listed(customer)).toEqual({
      moves: [
        {
          contact: KIM,
          name: 'Kim',
          from: { account: '1', name: 'Acme' },
          untilOn: '2026-03-03',
          to: { account: '3', name: 'Globex' },
          owner: 'Dan Example',
        },
      ],
      isMore: false,
    });
    await customer.nextDay();
    expect(await told(customer)).toEqual(['Kim: Acme until 2026-03-03, now Globex (Dan Example)']);
    expect(await listed(customer, office.app, 1)).toMatchObject({ moves: [{ contact: KIM }], isMore: false });
  });

  it('is told on both accounts: where they went, and what they were', async () => {
    const customer = await connect();
    expect(await saidOf(customer, 'Acme')).toEqual([]);
    await move(customer, '1', '2');
    expect(await saidOf(customer, 'Acme')).toEqual(['Kim, champion here until 2026-03-03, is now at Bolt.']);
    expect(await saidOf(customer, 'Bolt')).toEqual(['Kim, who was champion at Acme, works here now: new business.']);
  });

  it('has moved also where the old company stays linked, once the new one is the primary', async () => {
    const customer = await connect();
    customer.portal.link('contacts', KIM, 'companies', '3');
    await customer.nextDay();
    expect(await told(customer)).toEqual([]);
    customer.portal.link('contacts', KIM, 'companies', '3', true);
    customer.clock.advance(DAY_MS);
    await customer.sync('full');
    expect(await told(customer)).toEqual(['Kim: Acme until 2026-03-04, now Globex (Dan Example)']);
  });

  it('is found also when days pass between the two, and again when they go on', async () => {
    const customer = await connect();
    await move(customer, '1', null);
    expect(await told(customer)).toEqual([]);
    await move(customer, '1', '3');
    expect(await told(customer)).toEqual(['Kim: Acme until 2026-03-03, now Globex (Dan Example)']);
    await move(customer, '3', '2');
    expect(await told(customer)).toEqual(['Kim: Acme until 2026-03-03, now Bolt (Cleo Example)']);
    await move(customer, '2', '3');
    expect(await told(customer)).toEqual([
      'Kim: Bolt until 2026-03-06, now Globex (Dan Example)',
      'Kim: Acme until 2026-03-03, now Globex (Dan Example)',
    ]);
  });

  it('is forgotten as a move once they are back', async () => {
    const customer = await connect();
    await move(customer, '1', '3');
    expect(await customer.store.formerChampions.list()).toHaveLength(1);
    await move(customer, '3', '1');
    expect(await told(customer)).toEqual([]);
    expect(await customer.store.formerChampions.list()).toEqual([]);
  });

  it('counts in no score and no expansion, of neither account', async () => {
    const customer = await connect();
    await move(customer, '1', '2');
    expect(await told(customer)).toHaveLength(1);
    const withMove = await assessmentsOf(customer);
    await customer.store.formerChampions.drop([{ accountId: toAccountId('1'), contactId: KIM }]);
    await customer.store.records.touch(['1', '2'].map(toAccountId), office.app.clock.now());
    await customer.sync();
    expect(await told(customer)).toEqual([]);
    expect(await assessmentsOf(customer)).toEqual(withMove);
  });

  it('is told in words, a line each', async () => {
    const customer = await connect();
    expect(movesInWords(await listed(customer))).toBe('No champion is known to have gone to another company.');
    await move(customer, '1', '3');
    const lines = movesInWords(await listed(customer)).split('\n');
    expect(lines.map((line) => line.trimEnd().replaceAll(/ {2,}/g, ' | '))).toEqual([
      'until | champion | was at | is now at | owner there',
      '2026-03-03 | Kim | Acme | Globex | Dan Example',
    ]);
  });
});

describe('a champion who has left, of whom the CRM names the new company', () => {
  const leave = ({ portal }: Customer): void =>
    portal.edit('contacts', KIM, { contact_status: 'left', works_now_at: 'Initech' });

  it('is listed once an admin has said in which field, and nothing else changes by that', async () => {
    const customer = await connect();
    leave(customer);
    await customer.nextDay();
    expect(await told(customer)).toEqual([]);
    const without = await assessmentsOf(customer);
    await choose(customer, { contact: { newCompany: { from: ['works_now_at'] } } });
    await customer.sync('full');
    expect(await told(customer)).toEqual(['Kim: Acme until 2026-03-03, now Initech (–)']);
    expect(await saidOf(customer, 'Acme')).toEqual(['Kim, champion here until 2026-03-03, is now at Initech.']);
    expect(await assessmentsOf(customer)).toEqual(without);
  });
});

describe('a champion whose record goes away', () => {
  it.each([
    ['is deleted', ({ portal }: Customer) => portal.archive('contacts', KIM)],
    ['is merged into another one', ({ portal }: Customer) => void portal.merge('contacts', '212', KIM)],
  ])('has not moved when it %s', async (_, act) => {
    const customer = await connect();
    act(customer);
    customer.clock.advance(DAY_MS);
    await customer.sync('full', { acceptDeletions: true });
    expect(await told(customer)).toEqual([]);
    expect(await customer.store.formerChampions.list()).toEqual([]);
  });
});

describe('in an org of Salesforce', () => {
  it('a champion whose account is another one is listed with the owner of that', async () => {
    const account = (number: number, name: string, type: string) =>
      row('Account', ids.account(number), { Name: name, Type: type });
    const org = await connectOrg({
      seed: orgSeed(
        [
          account(1, 'Acme', 'Customer - Direct'),
          account(2, 'Globex', 'Prospect'),
          row('Contact', ids.contact(1), {
            AccountId: ids.account(1),
            LastName: 'Ray',
            Stakeholder_Role__c: 'Champion',
          }),
        ],
        { seed: { fields: { Contact: [picklist('Stakeholder_Role__c', 'Stakeholder Role', ['Champion'])] } } },
      ),
    });
    await org.sync();
    org.sandbox.org.edit(ids.contact(1), { AccountId: ids.account(2) });
    org.wait(DAY_MS);
    await org.sync('daily');
    expect(await told(org, org.app)).toEqual([
      expect.stringMatching(/^Ray: Acme until 2026-11-21, now Globex \(\S.*\)$/),
    ]);
  });
});
