import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accountInWords } from '../../src/cli/account-in-words.ts';
import { draftConfiguration, publishDraft } from '../../src/install/configuration.ts';
import { getAccount } from '../../src/queries/accounts.ts';
import { accountPage } from '../../src/server/pages/account-page.ts';
import { knownCompany } from '../support/known-company.ts';
import { openLineOffice, type LineOffice } from '../support/line-office.ts';

let office: LineOffice;
beforeAll(async () => {
  office = await openLineOffice();
});
afterAll(() => office.close());

describe('an account, for a person who asks why', () => {
  it('says over how many days its figures are told, as the admin set them', async () => {
    const companies = [{ id: '1', name: 'Acme', arr: 50_000, renewalOn: '2026-12-30' }] as const;
    const customer = await office.connect(companies, { rest: knownCompany('1') });
    await customer.sync();
    expect((await getAccount(customer.store, 'Acme', () => '')).spans).toEqual({
      trendDays: 28,
      moverDays: 28,
      churnDays: 90,
    });
    const health = { trend: { days: 21 }, movers: { days: 14 } };
    const changes = { health, churn: { horizonDays: 60, intervalWidth: 1 } };
    const { clock } = office.app;
    await draftConfiguration(customer.store, clock, { changes, set: [], unset: [], note: null, actor: 'ana' });
    await publishDraft(customer.store, clock, { actor: 'ana', isUnseenAllowed: true });
    const detail = await getAccount(customer.store, 'Acme', () => '');
    expect(detail.spans).toEqual({ trendDays: 21, moverDays: 14, churnDays: 60 });
    expect(accountInWords(detail, [])).toMatch(/^Churn within 60 days: \S+, \S+ to \S+ in 68% of cases/m);
  });

  it('has each driver’s value, moment and source, and from where on it would be healthy or concerning', async () => {
    const companies = [{ id: '1', name: 'Acme', arr: 50_000, renewalOn: '2026-12-30' }] as const;
    const customer = await office.connect(companies, { rest: knownCompany('1') });
    await customer.sync();
    const { assessment, thresholds } = await getAccount(customer.store, 'Acme', () => '');
    expect(thresholds['R1']).toEqual({ sources: ['activities', 'contacts'], edges: { healthy: 30, concerning: 90 } });
    expect(thresholds['R4']).toEqual({ sources: ['activities', 'contacts'], edges: null });
    const read = assessment.health.drivers.filter(({ state }) => state === 'ok');
    expect(read.length).toBeGreaterThan(0);
    for (const { measure, value, at } of read) {
      expect(thresholds[measure]).toBeDefined();
      expect(value).not.toBeNull();
      expect(at).not.toBeNull();
    }
  });

  it('says why a band that was set by hand does not count, and what to write instead', async () => {
    const customer = await office.connect([{ id: '1', name: 'Acme', arr: 50_000 }], { rest: knownCompany('1') });
    await customer.store.settings.put('write-back', { fields: 'extended' });
    await customer.begin();
    customer.portal.edit('companies', '1', { holdfast_override_band: 'red', holdfast_override_reason: 'Price' });
    await customer.sync();
    const detail = await getAccount(customer.store, 'Acme', () => '');
    const said =
      /not used: its reason lacks a note\. Write it as .{1,5}Relationship: your note.{1,5}; the known reasons are Relationship, Adoption, .*Other\./;
    expect(accountInWords(detail, [])).toMatch(said);
    expect(accountPage({ at: (path) => path, session: null }, 'Customer', detail, [])).toMatch(said);
  });
});
