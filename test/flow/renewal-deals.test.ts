import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defineLine } from '../../src/flow/definitions.ts';
import type { DefinedLine } from '../../src/flow/line.ts';
import { planUndo, undo } from '../../src/flow/undo.ts';
import { draftConfiguration, publishDraft } from '../../src/install/configuration.ts';
import { withLine } from '../../src/jobs/run.ts';
import type { App } from '../../src/app.ts';
import type { Installation, TenantStore } from '../../src/ports/store.ts';
import { connectOrg, orgSignal, type CustomerOrg } from '../support/customer-org.ts';
import type { CustomerCompany } from '../support/customer-portal.ts';
import { openLineOffice, type Customer, type LineOffice } from '../support/line-office.ts';
import { ids, orgSeed, row } from '../support/sandbox-org.ts';

let office: LineOffice;
beforeAll(async () => {
  office = await openLineOffice();
});
afterAll(() => office.close());

/** Mid-market; the step R1 of its renewal is 120 days before the end, on 11 December, and so has long come. */
const acme: CustomerCompany = {
  id: '1',
  name: 'Acme',
  renewalOn: '2026-04-10',
  arr: 50_000,
  ownerId: '11',
  csmId: '13',
};

/** Its step R1 comes on 12 March, ten days from now. */
const bolt: CustomerCompany = { ...acme, name: 'Bolt', renewalOn: '2026-07-10' };

const askForDeals = async (store: TenantStore, { clock }: Pick<App, 'clock'>): Promise<void> => {
  const set = [{ path: 'renewals.openDeals', value: true }];
  await draftConfiguration(store, clock, { changes: null, set, unset: [], note: null, actor: 'ana' });
  await publishDraft(store, clock, { actor: 'ana', isUnseenAllowed: true });
};

/** A portal whose admin asked for renewal deals and approved the first write. */
async function connect(company: CustomerCompany): Promise<Customer> {
  const customer = await office.connect([company]);
  await askForDeals(customer.store, office.app);
  return customer;
}

const dealsIn = ({ portal }: Customer): readonly Readonly<Record<string, string>>[] =>
  portal.all('deals').map(({ id, properties }) => ({ ...properties, id }));

const onLine = <T>(customer: Pick<Customer, 'installation'>, work: (line: DefinedLine) => Promise<T>): Promise<T> =>
  withLine(
    office.app,
    customer.installation.id,
    { signal: new AbortController().signal, progress: () => undefined },
    async (line) => work(await defineLine(line)),
  );

describe('the deal of a renewal', () => {
  it('is opened by nobody unless the admin asks for it', async () => {
    const customer = await office.connect([acme]);
    await customer.begin();
    expect(dealsIn(customer)).toEqual([]);
  });

  it('is shown in the plan with its cost, then opened with name, day, amount, stage, owner and company', async () => {
    const customer = await connect(acme);
    await customer.sync();
    const plan = await customer.plan();
    expect(plan.tally.dealsToOpen).toBe(1);
    expect(plan.describe(5).join('\n')).toContain(
      '1 renewal deal to open\n  Acme – Renewal 2026-04-10: closes on 10 April 2026. No deal renews this term yet.',
    );
    await customer.approve();
    customer.sandbox.calls.reset();
    const { writes } = await customer.sync();
    expect(writes).toMatchObject({ dealsOpened: 1, refused: 0 });
    const [deal, ...more] = dealsIn(customer);
    expect(more).toEqual([]);
    expect(deal).toMatchObject({
      dealname: 'Acme – Renewal 2026-04-10',
      closedate: '2026-04-10T07:00:00Z',
      amount: '50000',
      pipeline: 'renewals',
      dealstage: 'renewal-open',
      hubspot_owner_id: '13',
      holdfast_key: plan.steps.find(({ kind }) => kind === 'open-deal')?.key,
      holdfast_term_id: 'account/1/2026-04-10',
    });
    expect(customer.portal.links('deals', deal?.id ?? '', 'companies')).toEqual(['1']);
    await customer.sync();
    const [shown] = dealsIn(customer);
    expect(shown).toMatchObject({ holdfast_decision_date: '2026-04-10', holdfast_renewal_type: 'manual' });
    expect((await customer.nextDay()).writes).toMatchObject({ dealsOpened: 0 });
    expect((await customer.sync('full')).writes).toMatchObject({ dealsOpened: 0, records: 0 });
  });

  it('comes on the day of step R1, not before', async () => {
    const customer = await connect(bolt);
    await customer.begin();
    expect((await customer.nextDay(9)).writes.dealsOpened).toBe(0);
    expect((await customer.nextDay(1)).writes.dealsOpened).toBe(1);
  });

  it('is that of a person where there is one, in whichever stage it is open', async () => {
    for (const closedate of ['2026-04-20', '2026-05-20', '2026-03-05']) {
      const customer = await connect(acme);
      customer.portal.create(
        'deals',
        { dealname: 'Acme again', pipeline: 'renewals', dealstage: 'renewal-open', closedate },
        { companies: ['1'] },
      );
      expect((await customer.begin()).writes, closedate).toMatchObject({ dealsOpened: 0 });
      await customer.nextDay();
      const [deal, ...more] = dealsIn(customer);
      expect(more).toEqual([]);
      expect(deal).toMatchObject({ dealname: 'Acme again', holdfast_term_id: 'account/1/2026-04-10' });
      expect(deal?.['holdfast_key'] ?? '').toBe('');
    }
  });

  it('is opened beside a deal that sells something else', async () => {
    const customer = await connect(acme);
    customer.portal.create(
      'deals',
      { dealname: 'More seats', pipeline: 'default', dealstage: 'open', closedate: '2026-04-10' },
      { companies: ['1'] },
    );
    expect((await customer.begin()).writes).toMatchObject({ dealsOpened: 1 });
  });

  it('is there once although the answer to its creation was lost', async () => {
    const customer = await connect(acme);
    await customer.sync();
    await customer.approve();
    customer.sandbox.faults.add({ kind: 'reset', afterWrite: true, match: { purpose: 'batch create deals' } });
    await customer.sync().catch(() => null);
    expect(customer.sandbox.faults.happened).toBe(1);
    await customer.sync();
    await customer.nextDay();
    expect(dealsIn(customer)).toHaveLength(1);
    expect(await customer.store.dealLedger.byState(['open'], null, 10)).toMatchObject([
      { crmId: dealsIn(customer)[0]?.id },
    ]);
  });

  it('stays away for the term once a person deleted it, also after the end date moved', async () => {
    const customer = await connect(acme);
    await customer.begin();
    await customer.sync();
    customer.portal.archive('deals', dealsIn(customer)[0]?.id ?? '');
    customer.portal.edit('companies', '1', { renewal_date: '2026-04-24' });
    const runs = [await customer.sync('full'), await customer.nextDay(), await customer.nextDay(10)];
    expect(runs.map(({ writes }) => writes.dealsOpened)).toEqual([0, 0, 0]);
    expect(dealsIn(customer)).toEqual([]);
    await onLine(customer, (line) => undo(line, { alsoTouchedTasks: false }));
    await customer.sync();
    await customer.approve();
    expect((await customer.sync()).writes.dealsOpened).toBe(0);
  });

  it('renews the term for which it was opened, in a portal without a pipeline for renewals too', async () => {
    const customer = await connect(acme);
    await customer.begin();
    await customer.sync();
    const [deal] = dealsIn(customer);
    customer.portal.edit('deals', deal?.id ?? '', { pipeline: 'default', dealstage: 'open' });
    await customer.sync();
    const stored = await customer.store.assessments.page(null, 1);
    expect(stored[0]?.assessment.renewal).toMatchObject({ status: 'on_track', next: { renewalDealId: deal?.id } });
  });

  it('is taken away by undo while nobody has touched it, and kept once a person moved it on', async () => {
    const untouched = await connect(acme);
    await untouched.begin();
    await untouched.sync();
    expect(await onLine(untouched, planUndo)).toMatchObject({ deals: 1, touchedDeals: 0 });
    const undone = await onLine(untouched, (line) => undo(line, { alsoTouchedTasks: false }));
    expect(undone).toMatchObject({ deals: 1, keptDeals: 0, refused: [] });
    expect(dealsIn(untouched)).toEqual([]);

    const touched = await connect(acme);
    await touched.begin();
    touched.portal.edit('deals', dealsIn(touched)[0]?.id ?? '', { amount: '60000' });
    expect(await onLine(touched, (line) => undo(line, { alsoTouchedTasks: false }))).toMatchObject({
      deals: 0,
      keptDeals: 1,
    });
    expect(dealsIn(touched)).toMatchObject([{ amount: '60000' }]);
  });
});

describe('the renewal opportunity of an org', () => {
  const customer = row('Account', ids.account(1), {
    Name: 'Acme',
    Type: 'Customer - Direct',
    OwnerId: ids.user(2),
    Renewal_Date__c: '2026-12-31',
  });

  async function connectAsking(options: { readonly cpq?: boolean } = {}): Promise<CustomerOrg> {
    const org = await connectOrg({ seed: orgSeed([customer], { features: { cpq: options.cpq ?? false } }) });
    await askForDeals(org.store, org.app);
    await org.sync();
    await org.approve();
    return org;
  }

  const opportunities = ({ sandbox }: CustomerOrg) =>
    sandbox.org.all('Opportunity').map(({ id, fields }) => ({ id, ...fields }));

  it('has what Salesforce asks for, is opened once, and is known for the renewal of its account', async () => {
    const org = await connectAsking();
    expect((await org.sync()).writes).toMatchObject({ dealsOpened: 1, refused: 0 });
    expect(opportunities(org)).toMatchObject([
      {
        Name: 'Acme – Renewal 2026-12-31',
        CloseDate: '2026-12-31',
        AccountId: ids.account(1),
        OwnerId: ids.user(2),
        IsClosed: false,
      },
    ]);
    org.wait(86_400_000);
    expect((await org.sync('daily')).writes).toMatchObject({ dealsOpened: 0 });
    const [stored] = await org.store.assessments.page(null, 1);
    expect(stored?.assessment.renewal.next?.renewalDealId).toBe(opportunities(org)[0]?.id);
  });

  it('is there once although the answer to its creation was lost', async () => {
    const org = await connectAsking();
    for (const purpose of ['create Opportunity', 'upsert Opportunity']) {
      org.sandbox.faults.add({ kind: 'reset', afterWrite: true, match: { purpose } });
    }
    await org.sync().catch(() => null);
    expect(org.sandbox.faults.happened).toBeGreaterThan(0);
    await org.sync().catch(() => null);
    org.wait(86_400_000);
    await org.sync('daily');
    expect(opportunities(org)).toHaveLength(1);
  });

  it('is left alone where a person opened one before', async () => {
    const org = await connectAsking();
    org.sandbox.org.create('Opportunity', {
      Name: 'Acme renewal',
      StageName: 'Prospecting',
      CloseDate: '2027-01-15',
      AccountId: ids.account(1),
    });
    expect((await org.sync()).writes).toMatchObject({ dealsOpened: 0 });
    expect(opportunities(org)).toMatchObject([{ Name: 'Acme renewal' }]);
  });

  it('is taken away by undo while nobody has touched it', async () => {
    const org = await connectAsking();
    await org.sync();
    const undone = await undoIn(org.app, org.installation);
    expect(undone).toMatchObject({ deals: 1, keptDeals: 0, refused: [] });
    expect(opportunities(org)).toEqual([]);
  });

  it('is left to Salesforce CPQ where that opens them, and the inbox says so', async () => {
    const org = await connectAsking({ cpq: true });
    expect((await org.sync()).writes).toMatchObject({ dealsOpened: 0 });
    expect(opportunities(org)).toEqual([]);
    const told = (await org.store.problems.list(100)).filter(({ kind }) => kind === 'renewal-deals');
    expect(told).toMatchObject([{ message: expect.stringContaining('Renewal Forecast of Salesforce CPQ') }]);
  });
});

async function undoIn(app: App, installation: Installation) {
  return withLine(app, installation.id, { signal: orgSignal, progress: () => undefined }, async (line) =>
    undo(await defineLine(line), { alsoTouchedTasks: false }),
  );
}
