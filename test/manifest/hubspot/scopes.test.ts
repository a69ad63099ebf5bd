import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { optionalScopes, requiredScopes, scopes } from '../../../connectors/hubspot/scopes.ts';
import type { CustomerCompany } from '../../support/customer-portal.ts';
import { openLineOffice, ourValues, type LineOffice } from '../../support/line-office.ts';
import { row, toCompany } from '../../support/sandbox-portal.ts';

let office: LineOffice;
beforeAll(async () => {
  office = await openLineOffice();
});
afterAll(() => office.close());

const acme: CustomerCompany = { id: '1', name: 'Acme', renewalOn: '2026-04-10', arr: 50_000, csmId: '13' };

/** A customer with one record of every kind. */
const rest = {
  rows: [
    row('deals', '5', {
      dealname: 'Renewal',
      pipeline: 'renewals',
      dealstage: 'renewal-open',
      closedate: '2026-04-10',
    }),
    row('contacts', '6', { email: 'kim@acme.example', firstname: 'Kim', hs_buying_role: 'CHAMPION' }),
    row('tickets', '7', { subject: 'It is slow', hs_pipeline: '0', hs_pipeline_stage: '1' }),
    ...['calls', 'emails', 'meetings', 'notes'].map((object) =>
      row(object, '8', { hs_timestamp: '2026-02-20T10:00:00Z' }),
    ),
  ],
  links: [
    toCompany(['deals', '5'], '1', true),
    toCompany(['contacts', '6'], '1', true),
    toCompany(['tickets', '7'], '1', true),
    ...['calls', 'emails', 'meetings', 'notes'].map((object) => toCompany([object, '8'], '1')),
  ],
};

/** Connects an account that grants just `granted`, and lets Holdfast work for a day. */
async function workWith(granted: readonly string[]) {
  const customer = await office.connect([acme], { grantedScopes: granted, rest });
  const { portal, sandbox } = customer;
  // With all that an admin can choose: what is asked for must be needed by somebody.
  await customer.store.settings.put('write-back', { fields: 'extended' });
  let failure: unknown = null;
  try {
    await customer.begin();
    portal.edit('deals', '5', { dealstage: 'renewal-won' });
    portal.edit('companies', '1', { name: 'Acme Holding' });
    await customer.nextDay();
  } catch (error) {
    failure = error;
  }
  // Everything else than a missing scope leaves another mark.
  const refused = sandbox.calls.recent.filter(({ status }) => status === 403).map(({ purpose }) => purpose);
  return { portal, refused, failure };
}

describe('the scopes that the app asks for', () => {
  it('are the ones of the developer project, each once', async () => {
    const path = new URL('../../../manifest/hubspot/src/app/app-hsmeta.json', import.meta.url);
    const { auth } = JSON.parse(await readFile(path, 'utf8')).config;
    expect(auth.requiredScopes).toEqual(requiredScopes);
    expect(auth.optionalScopes).toEqual(optionalScopes);
    expect(auth.conditionallyRequiredScopes).toEqual([]);
    expect(new Set([...requiredScopes, ...optionalScopes]).size).toBe(scopes.length);
  });

  it('are enough: with all of them, no call of a working day is refused, and everything is written', async () => {
    const { portal, refused, failure } = await workWith([...requiredScopes, ...optionalScopes]);
    expect(failure).toBeNull();
    expect(refused).toEqual([]);
    expect(ourValues(portal, '1')).toHaveProperty('holdfast_health_band');
    expect(portal.get('deals', '5')?.properties).toHaveProperty('holdfast_decision_date');
    expect(portal.all('tasks').length).toBeGreaterThan(0);
  });

  it('are enough without the optional ones, but for what those open', async () => {
    const { portal, refused, failure } = await workWith(requiredScopes);
    expect(failure).toBeNull();
    expect(new Set(refused.map((purpose) => /\b(?:tickets|contacts)\b/.exec(purpose)?.[0] ?? purpose))).toEqual(
      new Set(['tickets', 'contacts']),
    );
    expect(ourValues(portal, '1')).toHaveProperty('holdfast_health_band');
  });

  it.each(scopes.filter(({ name }) => name !== 'oauth'))(
    'hold nothing idle: without $name HubSpot refuses calls that Holdfast makes, on $objects alone',
    async ({ name, objects }) => {
      const granted = [...requiredScopes, ...optionalScopes].filter((one) => one !== name);
      const { refused, failure } = await workWith(granted);
      const opened = refused.filter((purpose) => objects.some((object) => purpose.includes(object)));
      expect(opened.length).toBeGreaterThan(0);
      expect(refused).toEqual(opened);
      if (failure !== null) expect(failure).toMatchObject({ code: 'permission-missing' });
    },
  );

  it('begin with the one without which no account is connected at all', async () => {
    const granted = scopes.map(({ name }) => name).filter((name) => name !== 'oauth');
    const connecting = office.connect([acme], { grantedScopes: granted });
    await expect(connecting).rejects.toMatchObject({ code: 'permission-missing', scope: 'oauth' });
  });
});
