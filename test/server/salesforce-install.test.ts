import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { choiceOn } from '../support/consent-choice.ts';
import { openInstallOffice, type InstallOffice } from '../support/install-office.ts';
import { ids } from '../support/sandbox-org.ts';
import type { Visited, Visitor } from '../support/visitor.ts';

let office: InstallOffice;
beforeAll(async () => {
  office = await openInstallOffice({ holdfastPackage: 'unassigned' });
});
afterAll(() => office.close());

async function toConsent(visitor: Visitor, way: 'install' | 'sign-in' = 'install'): Promise<Visited> {
  return visitor.follow(`/${way}/salesforce?login=${encodeURIComponent(office.salesforce.url)}`);
}

describe('installing for Salesforce', () => {
  it('asks first where the admin logs in', async () => {
    const page = await office.openVisitor().get('/install/salesforce');
    expect(page.status).toBe(200);
    for (const words of [
      'First install the Holdfast package',
      'login.salesforce.com',
      'test.salesforce.com',
      'My Domain',
    ]) {
      expect(page.words).toContain(words);
    }
  });

  it.each([
    ['https://acme.my.salesforce.com', 'https://acme.my.salesforce.com'],
    ['acme.my.salesforce.com', 'https://acme.my.salesforce.com'],
    [' https://ACME--uat.sandbox.my.salesforce.com/home/home.jsp ', 'https://acme--uat.sandbox.my.salesforce.com'],
    ['https://acme.lightning.force.com/lightning/page/home', 'https://acme.my.salesforce.com'],
    ['https://test.salesforce.com', 'https://test.salesforce.com'],
  ])('sends the admin who types %j to %s, with a proof', async (typed, login) => {
    const { status, location } = await office
      .openVisitor()
      .get(`/install/salesforce?login=${encodeURIComponent(typed)}`);
    const to = new URL(location ?? '');
    expect([status, to.origin, to.pathname]).toEqual([303, login, '/services/oauth2/authorize']);
    expect(to.searchParams.get('code_challenge')).toMatch(/^[\w-]{43}$/);
    expect(to.searchParams.get('code_challenge_method')).toBe('S256');
    expect(to.searchParams.get('scope')).toBe('api refresh_token');
  });

  it.each([
    'https://evil.example',
    'https://my.salesforce.com.evil.example',
    'https://evil.example/acme.my.salesforce.com',
    'https://acme.my.salesforce.com@evil.example',
    'https://acme.my.salesforce.com:8443',
    'http://acme.my.salesforce.com',
    'https://a.b.c.my.salesforce.com',
    'https://.my.salesforce.com',
    'https://acme.force.com.my.salesforce.com.',
    'https://127.0.0.1',
    'javascript:alert(1)',
    '<script>alert(1)</script>',
  ])('sends nobody, and no secret, to %s', async (typed) => {
    const page = await office.openVisitor().get(`/install/salesforce?login=${encodeURIComponent(typed)}`);
    expect(page).toMatchObject({ status: 400, location: null });
    expect(page.words).toContain('is not a login page of Salesforce');
    expect(page.text).not.toContain('<script');
  });

  it('connects the org by its id, and says exactly which fields Holdfast cannot write', async () => {
    const visitor = office.openVisitor();
    const page = await visitor.follow(choiceOn(await toConsent(visitor), 'Allow'));
    expect(page).toMatchObject({ status: 200, url: `${office.url}/app` });
    expect(page.words).toContain('Northwind GmbH');
    expect((await (await office.tenant('salesforce')).getInstallation()).crmAccountId).toMatch(/^00D\w{15}$/);
    const access = await visitor.get('/app/access');
    expect(access.words).toContain('Account.Holdfast_Health_Score__c');
    expect(access.words).toContain('permission set Holdfast_Integration');
    expect(access.words).toContain('Check again');
  });

  it('says after another look that all is ready once the admin has assigned the permission set', async () => {
    const ready = await openInstallOffice();
    try {
      const visitor = ready.openVisitor();
      const consent = await visitor.follow(`/install/salesforce?login=${encodeURIComponent(ready.salesforce.url)}`);
      await visitor.follow(choiceOn(consent, 'Allow'));
      expect((await visitor.get('/app/access')).words).toContain('None is missing.');
    } finally {
      await ready.close();
    }
  });

  it('ends with words when the admin denies', async () => {
    const visitor = office.openVisitor();
    const page = await visitor.follow(choiceOn(await toConsent(visitor), 'Deny'));
    expect(page.status).toBe(400);
    expect(page.words).toContain('was not allowed in Salesforce');
  });

  it('ends with words when the code has expired', async () => {
    const visitor = office.openVisitor();
    const back = await visitor.get(choiceOn(await toConsent(visitor), 'Allow'));
    await visitor.get(back.location ?? '');
    const consent = await toConsent(visitor);
    const state = new URL(consent.url).searchParams.get('state') ?? '';
    const used = new URL(back.location ?? '').searchParams.get('code') ?? '';
    const page = await visitor.get(`/oauth/salesforce?code=${encodeURIComponent(used)}&state=${state}`);
    expect(page.status).toBe(400);
    expect(page.words).toContain('Salesforce does not accept the authorization code');
  });
});

describe('signing in with Salesforce', () => {
  it('does not use up the connections of the org: signing in ten times leaves the first one good', async () => {
    const store = await office.tenant('salesforce');
    office.salesforce.app.signInAs(ids.user(2));
    for (let time = 0; time < 10; time += 1) {
      const visitor = office.openVisitor();
      const page = await visitor.follow(choiceOn(await toConsent(visitor, 'sign-in'), 'Allow'));
      expect(page.url).toBe(`${office.url}/app`);
      expect(page.words).toContain('ana.ruiz@us.example, viewer');
    }
    office.salesforce.app.expireAccessTokens();
    await office.work();
    expect((await store.getInstallation()).status).toBe('active');
  });
});
