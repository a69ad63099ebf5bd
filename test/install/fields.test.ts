import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defineLine } from '../../src/flow/definitions.ts';
import { dropFields } from '../../src/flow/drop-fields.ts';
import { changeFields, type FieldChange } from '../../src/install/fields.ts';
import { withLine } from '../../src/jobs/run.ts';
import { readFields } from '../../src/queries/fields.ts';
import { hubspotMapping } from '../mappings/hubspot-files.ts';
import type { CustomerCompany } from '../support/customer-portal.ts';
import { openLineOffice, ourValues, type Customer, type LineOffice } from '../support/line-office.ts';
import { row, toCompany } from '../support/sandbox-portal.ts';

let office: LineOffice;
beforeAll(async () => {
  office = await openLineOffice();
});
afterAll(() => office.close());

const mapping = hubspotMapping();
const acme: CustomerCompany = { id: '1', name: 'Acme', renewalOn: '2026-06-15', arr: 50_000, csmId: '13' };
/** A champion who answered, and the open renewal of the contract. */
const rest = {
  rows: [
    row('contacts', '21', { email: 'kim@acme.example', firstname: 'Kim', hs_buying_role: 'CHAMPION' }),
    row('contacts', '22', { email: 'lee@acme.example', firstname: 'Lee' }),
    row('deals', '31', {
      dealname: 'Acme Renewal 2026',
      pipeline: 'renewals',
      dealstage: 'renewal-open',
      amount: '50000',
      closedate: '2026-06-15T00:00:00Z',
      dealtype: 'existingbusiness',
    }),
    row('emails', '51', {
      hs_timestamp: '2026-02-20T09:00:00.000Z',
      hs_email_direction: 'INCOMING_EMAIL',
      hs_email_status: 'SENT',
    }),
  ],
  links: [
    ...['21', '22'].map((id) => toCompany(['contacts', id], '1', true)),
    toCompany(['deals', '31'], '1', true),
    toCompany(['emails', '51'], '1'),
    { fromObject: 'emails', fromId: '51', toObject: 'contacts', toId: '21', isPrimary: false },
  ],
};

const choose = ({ store }: Customer, change: Partial<FieldChange>) =>
  changeFields(store, office.app.clock, mapping, { set: null, add: [], remove: [], ...change, actor: 'admin' });

describe('the choice of fields', () => {
  it('begins with the short list, and says of every field where it is and who fills it', async () => {
    const customer = await office.connect([acme], { rest });
    await customer.begin();
    const { set, changedAt, fields } = await readFields(customer.store, mapping);
    expect({ set, changedAt }).toEqual({ set: 'core', changedAt: null });
    const line = (name: string) => fields.find((field) => `${field.object}.${field.name}` === name);
    expect(line('companies.holdfast_health_score')).toMatchObject({
      isWanted: true,
      exists: true,
      filledBy: 'Holdfast',
      writtenWhen: 'it moves by 2',
    });
    expect(line('deals.holdfast_csm_call')).toMatchObject({ isWanted: false, exists: false, filledBy: 'people' });
  });

  it('makes and fills what is added once its plan is approved, and nothing before', async () => {
    const customer = await office.connect([acme], { rest });
    const { portal, store, sync, plan, approve } = customer;
    await customer.begin();
    await choose(customer, { add: ['holdfast_model_version', 'holdfast_record_url', 'holdfast_csm_call'] });
    await sync();
    expect(portal.customProperties('companies')).not.toContain('holdfast_model_version');
    const { tally } = await plan();
    expect(tally).toMatchObject({ fieldsToProvision: 3, recordsToUpdate: 1 });
    await approve();
    await sync();
    const { id } = await store.getInstallation();
    expect(ourValues(portal, '1')).toMatchObject({
      holdfast_model_version: 'HF-Health v1 / default 1',
      holdfast_record_url: `http://localhost:3000/accounts/${id}/1`,
    });
    expect(portal.customProperties('deals')).toContain('holdfast_csm_call');
  });

  it('empties what is taken off, and leaves the field there', async () => {
    const customer = await office.connect([acme], { rest });
    const { portal, sync, approve } = customer;
    await customer.begin();
    expect(ourValues(portal, '1')['holdfast_next_renewal_date']).toBe('2026-06-15');
    await choose(customer, { remove: ['holdfast_next_renewal_date'] });
    await approve();
    await sync();
    expect(ourValues(portal, '1')['holdfast_next_renewal_date'] ?? '').toBe('');
    expect(portal.customProperties('companies')).toContain('holdfast_next_renewal_date');
    await choose(customer, { set: 'core' });
    await approve();
    await sync();
    expect(ourValues(portal, '1')['holdfast_next_renewal_date']).toBe('2026-06-15');
  });

  it('takes a field away with its values where the admin wants that, and fills it when it comes back', async () => {
    const customer = await office.connect([acme], { rest });
    const { portal, installation, sync, approve } = customer;
    await customer.begin();
    await choose(customer, { remove: ['companies.holdfast_decision_date'] });
    const signal = new AbortController().signal;
    const dropped = await withLine(office.app, installation.id, { signal, progress: () => undefined }, async (line) =>
      dropFields(await defineLine(line), ['companies.holdfast_decision_date']),
    );
    expect(dropped).toEqual({ done: ['companies.holdfast_decision_date'], refused: [] });
    expect(portal.customProperties('companies')).not.toContain('holdfast_decision_date');
    expect(portal.customProperties('deals')).toContain('holdfast_decision_date');
    await choose(customer, { add: ['companies.holdfast_decision_date'] });
    await sync('full');
    await approve();
    await sync('full');
    expect(ourValues(portal, '1')['holdfast_decision_date']).toBe('2026-06-15');
  });

  it('refuses a field that does not exist and one that is on several objects, naming what was meant', async () => {
    const customer = await office.connect([acme]);
    await expect(choose(customer, { add: ['holdfast_csm_puls'] })).rejects.toThrow(/Did you mean 'holdfast_csm_pulse'/);
    await expect(choose(customer, { add: ['holdfast_decision_date'] })).rejects.toMatchObject({
      remedy: expect.stringContaining('companies.holdfast_decision_date, deals.holdfast_decision_date'),
    });
  });
});

describe('with all fields', () => {
  it('deals, contacts and companies show what is known of them, and a second run writes nothing', async () => {
    const customer = await office.connect([acme], { rest });
    const { portal, sync } = customer;
    await choose(customer, { set: 'extended' });
    expect((await customer.begin()).writes.refused).toBe(0);
    expect(portal.get('contacts', '21')?.properties).toMatchObject({
      holdfast_stakeholder_role: 'champion',
      holdfast_stakeholder_status: 'active',
      holdfast_last_two_way_at: '2026-02-20T09:00:00Z',
    });
    expect(portal.get('contacts', '22')?.properties).not.toHaveProperty('holdfast_stakeholder_role');
    expect(portal.get('deals', '31')?.properties).toMatchObject({
      holdfast_renewal_step: 'R2',
      holdfast_next_action: 'Review value with champion and sponsor',
      holdfast_next_action_due: '2026-03-17',
    });
    expect(portal.get('deals', '31')?.properties['holdfast_key'] ?? '').toBe('');
    expect((await sync('daily')).writes).toMatchObject({ records: 0, fields: 0, refused: 0 });
  });

  it('a contact that loses its role shows nothing of ours any more', async () => {
    const customer = await office.connect([acme], { rest });
    const { portal, sync } = customer;
    await choose(customer, { set: 'extended' });
    await customer.begin();
    portal.edit('contacts', '21', { hs_buying_role: '' });
    await sync();
    const { properties } = portal.get('contacts', '21') ?? { properties: {} };
    expect(Object.entries(properties).filter(([name, value]) => name.startsWith('holdfast_') && value !== '')).toEqual(
      [],
    );
  });
});
