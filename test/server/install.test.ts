import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requiredScopes } from '../../connectors/hubspot/scopes.ts';
import { purgeLost } from '../../src/install/retention.ts';
import { choiceOn } from '../support/consent-choice.ts';
import { openInstallOffice, type InstallOffice } from '../support/install-office.ts';
import type { Visited, Visitor } from '../support/visitor.ts';

let office: InstallOffice;
beforeAll(async () => {
  office = await openInstallOffice();
});
afterAll(() => office.close());

async function installHubSpot(visitor: Visitor): Promise<Visited> {
  return visitor.follow(choiceOn(await visitor.follow('/install/hubspot'), 'Connect app'));
}

describe('installing for HubSpot', () => {
  it('goes from the link through HubSpot’s consent to the overview, signed in', async () => {
    const page = await installHubSpot(office.openVisitor());
    expect(page).toMatchObject({ status: 200, url: `${office.url}/app` });
    expect(page.words).toContain('HubSpot account 4711');
    expect(page.words).toContain('admin@customer.example');
    expect(page.words).toContain('Holdfast reads your accounts now.');
  });

  it('writes nothing before the admin has seen the plan and approved it', async () => {
    const visitor = office.openVisitor();
    await installHubSpot(visitor);
    await office.work();
    const plan = await visitor.get('/app/plan');
    expect(plan.words).toContain('The first write waits for you.');
    expect(plan.words).toContain('fields to make');
    expect(office.hubspot.portal.customProperties('companies').join()).not.toContain('holdfast');
    const approved = await visitor.send('/app/approve');
    expect(approved).toMatchObject({ status: 303, location: `${office.url}/app?done=approved` });
    await office.work();
    expect(office.hubspot.portal.get('companies', '1')?.properties['holdfast_health_band']).toBeTruthy();
    expect((await visitor.get('/app')).words).not.toContain('Nothing is written yet');
  });

  it('again in the same account keeps its data and choices, and there is still one installation', async () => {
    const store = await office.tenant('hubspot');
    const before = await store.getInstallation();
    await installHubSpot(office.openVisitor());
    expect(await office.app.store.installations.list()).toHaveLength(1);
    expect(await store.getInstallation()).toEqual(before);
    expect(before.approvedAt).not.toBeNull();
  });

  it('ends with words and a way on when the admin refuses', async () => {
    const visitor = office.openVisitor();
    const page = await visitor.follow(choiceOn(await visitor.follow('/install/hubspot'), 'Cancel'));
    expect(page.status).toBe(400);
    expect(page.words).toContain('Nothing was connected');
    expect(page.text).toContain('href="/install/hubspot"');
  });

  it('ends with words when the code has expired meanwhile', async () => {
    const visitor = office.openVisitor();
    const consent = await visitor.follow('/install/hubspot');
    const back = await visitor.get(choiceOn(consent, 'Connect app'));
    office.clock.advance(2 * 60_000);
    const page = await visitor.get(back.location ?? '');
    expect(page.status).toBe(400);
    expect(page.words).toContain('HubSpot does not accept the authorization code');
    expect(page.words).toContain('Begin the installation again.');
  });

  it('takes each way back once only', async () => {
    const visitor = office.openVisitor();
    const consent = await visitor.follow('/install/hubspot');
    const back = await visitor.get(choiceOn(consent, 'Connect app'));
    expect((await visitor.get(back.location ?? '')).status).toBe(303);
    const again = await visitor.get(back.location ?? '');
    expect(again.status).toBe(400);
    expect(again.words).toContain('This link is not good any more');
  });

  it('refuses a way back that another browser began, that nobody began, or that is more than ten minutes old', async () => {
    const begun = office.openVisitor();
    const victim = office.openVisitor();
    await victim.follow('/install/hubspot');
    const back = await begun.get(choiceOn(await begun.follow('/install/hubspot'), 'Connect app'));
    const made = `/oauth/hubspot?code=code-1&state=${'x'.repeat(43)}`;
    const slow = office.openVisitor();
    const consent = await slow.follow('/install/hubspot');
    office.clock.advance(11 * 60_000);
    const late = await slow.get(choiceOn(consent, 'Connect app'));
    for (const page of [
      await victim.get(back.location ?? ''),
      await victim.get(made),
      await office.openVisitor().get('/oauth/hubspot?code=code-1'),
      await slow.get(late.location ?? ''),
    ]) {
      expect(page.status).toBe(400);
      expect(page.words).toContain('Nothing was connected or changed.');
    }
    expect([...victim.cookies.keys()]).toEqual(['holdfast-browser']);
  });

  it('refuses a state that was made for another CRM', async () => {
    const visitor = office.openVisitor();
    const consent = await visitor.follow('/install/hubspot');
    const state = new URL(consent.url).searchParams.get('state') ?? '';
    expect((await visitor.get(`/oauth/salesforce?code=x&state=${state}`)).status).toBe(400);
  });

  it('says so when this server has no app', async () => {
    const bare = await openInstallOffice({ isWithoutApps: true });
    try {
      const page = await bare.openVisitor().get('/install/hubspot');
      expect(page.status).toBe(409);
      expect(page.words).toContain('This server has no HubSpot app to install.');
      expect((await bare.openVisitor().get('/sign-in')).words).toContain('holdfast sign-in');
    } finally {
      await bare.close();
    }
  });
});

describe('an install that HubSpot’s marketplace began', () => {
  const code = (): Promise<string> =>
    office.hubspot.app.consent({ clientId: 'holdfast', redirectUri: `${office.url}/oauth/hubspot` });

  it('connects, and goes back to the page that HubSpot named', async () => {
    const returnUrl = `${office.hubspot.url}/integrations-settings/installed?x=1`;
    const visitor = office.openVisitor();
    const page = await visitor.get(`/oauth/hubspot?code=${await code()}&returnUrl=${encodeURIComponent(returnUrl)}`);
    expect(page).toMatchObject({ status: 303, location: returnUrl });
    expect((await (await office.tenant('hubspot')).getInstallation()).status).toBe('active');
    // Anybody may send such a link to anybody: it signs nobody in.
    expect([...visitor.cookies.keys()]).toEqual([]);
  });

  it.each([
    'https://evil.example/',
    'https://hubspot.com.evil.example/',
    'https://evilhubspot.com/',
    'http://app.hubspot.com/',
    'https://app.hubspot.com:8443/',
    'https://me@app.hubspot.com/',
    'javascript:alert(1)',
    '//evil.example',
    'not an address',
  ])('goes nowhere when it is to return to %s, and leaves the code unused', async (returnUrl) => {
    const given = await code();
    const page = await office
      .openVisitor()
      .get(`/oauth/hubspot?code=${given}&returnUrl=${encodeURIComponent(returnUrl)}`);
    expect(page).toMatchObject({ status: 400, location: null });
    expect(page.words).toContain('This link leads astray');
    const good = encodeURIComponent('https://app.hubspot.com/');
    const unused = await office.openVisitor().get(`/oauth/hubspot?code=${given}&returnUrl=${good}`);
    expect(unused).toMatchObject({ status: 303, location: 'https://app.hubspot.com/' });
  });

  it('asks for our state first and takes it back with the code, where HubSpot wants partners to sign people in', async () => {
    const visitor = office.openVisitor();
    const returnUrl = encodeURIComponent('https://app-eu1.hubspot.com/install?step=2');
    const first = await visitor.get(`/oauth/hubspot?step=authorize&returnUrl=${returnUrl}`);
    const state = new URL(first.location ?? '').searchParams.get('state') ?? '';
    expect(new URL(first.location ?? '').host).toBe('app-eu1.hubspot.com');
    const last = `/oauth/hubspot?step=finalize&code=${await code()}&state=${state}&returnUrl=${returnUrl}`;
    expect((await office.openVisitor().get(last)).status).toBe(400);
    const anew = await visitor.get(`/oauth/hubspot?step=authorize&returnUrl=${returnUrl}`);
    const fresh = new URL(anew.location ?? '').searchParams.get('state') ?? '';
    const done = await visitor.get(last.replace(state, fresh));
    expect(done).toMatchObject({ status: 303, location: decodeURIComponent(returnUrl) });
  });

  it('shows who uses a server behind TLS cookies that no other host can set, and that HubSpot’s frame may bring', async () => {
    const secure = await openInstallOffice({ publicUrl: 'https://holdfast.example' });
    try {
      const returnUrl = encodeURIComponent('https://app.hubspot.com/');
      const framed = await secure.openVisitor().get(`/oauth/hubspot?step=authorize&returnUrl=${returnUrl}`);
      expect(framed.headers.get('set-cookie')).toMatch(
        /^__Host-holdfast-browser=[\w-]{43}; Max-Age=600; Path=\/; Expires=[^;]+; HttpOnly; Secure; SameSite=None$/,
      );
      const plain = await secure.openVisitor().get('/install/hubspot');
      expect(plain.headers.get('set-cookie')).toMatch(/; HttpOnly; Secure; SameSite=Lax$/);
    } finally {
      await secure.close();
    }
  });
});

describe('what was granted', () => {
  it('is compared with what was asked for, and what does not work therefore is named', async () => {
    const small = await openInstallOffice({ grantedScopes: requiredScopes });
    try {
      const visitor = small.openVisitor();
      await installHubSpot(visitor);
      const access = await visitor.get('/app/access');
      expect(access.words).toMatch(/tickets .*Not granted: The support part of health is left out/);
      expect(access.words).toContain('Holdfast makes the missing ones by itself');
      expect((await visitor.get('/app/check')).words).toMatch(/Not granted .*tickets/);
    } finally {
      await small.close();
    }
  });
});

describe('an account that uninstalled the app', () => {
  it('is called no more, keeps its data for the retention time, and finds its choices when it comes back', async () => {
    const one = await openInstallOffice();
    try {
      const visitor = one.openVisitor();
      await installHubSpot(visitor);
      await one.work();
      const store = await one.tenant('hubspot');
      await store.settings.put('write-back', { fields: 'extended' });
      one.hubspot.app.uninstall();
      await visitor.get('/app');
      await visitor.send('/app/sync');
      await expect(one.work()).rejects.toMatchObject({ code: 'access-revoked' });
      expect((await visitor.get('/app')).words).toContain('HubSpot no longer lets Holdfast in.');
      const calls = one.hubspot.calls.total;
      await visitor.get('/app/access');
      expect(one.hubspot.calls.total).toBe(calls);

      one.clock.advance(29 * 86_400_000);
      await purge(one);
      await installHubSpot(one.openVisitor());
      expect((await store.getInstallation()).status).toBe('active');
      expect(await store.settings.get('write-back')).toEqual({ fields: 'extended' });
      one.clock.advance(60 * 86_400_000);
      await purge(one);
      expect(await one.app.store.installations.list()).toHaveLength(1);
    } finally {
      await one.close();
    }
  });

  it('is forgotten altogether when the retention time is over', async () => {
    const one = await openInstallOffice();
    try {
      const visitor = one.openVisitor();
      await installHubSpot(visitor);
      one.hubspot.app.uninstall();
      await expect(one.work()).rejects.toMatchObject({ code: 'access-revoked' });
      one.clock.advance(30 * 86_400_000);
      await purge(one);
      expect(await one.app.store.installations.list()).toEqual([]);
      expect((await visitor.get('/app')).location).toContain('/sign-in');
    } finally {
      await one.close();
    }
  });
});

async function purge(one: InstallOffice): Promise<void> {
  await purgeLost(one.app, 30);
}
