import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { calendarDate } from '../../src/core/model/calendar-date.ts';
import { toAccountId, toTermId } from '../../src/core/model/ids.ts';
import { choiceOn } from '../support/consent-choice.ts';
import { openInstallOffice, type InstallOffice } from '../support/install-office.ts';
import type { Visited, Visitor } from '../support/visitor.ts';

let office: InstallOffice;
let admin: Visitor;
beforeAll(async () => {
  office = await openInstallOffice();
  admin = office.openVisitor();
  await signIn(admin, 'install');
  await office.work();
});
afterAll(() => office.close());

async function signIn(visitor: Visitor, way: 'install' | 'sign-in'): Promise<Visited> {
  return visitor.follow(choiceOn(await visitor.follow(`/${way}/hubspot`), 'Connect app'));
}

async function signInAs(email: string, userId: number): Promise<Visitor> {
  office.hubspot.app.signInAs({ userId, email });
  const visitor = office.openVisitor();
  await signIn(visitor, 'sign-in');
  office.hubspot.app.signInAs({ userId: 1, email: 'admin@customer.example' });
  return visitor;
}

const hubspotId = 'hubspot-4711';

describe('who is not signed in', () => {
  it('is asked to, and then comes to the page that was wanted', async () => {
    const visitor = office.openVisitor();
    const wanted = `/accounts/${hubspotId}/1`;
    const asked = await visitor.get(wanted);
    expect(asked.location).toBe(`${office.url}/sign-in?next=${encodeURIComponent(wanted)}`);
    const page = await visitor.get(asked.location ?? '');
    const way = /href="(\/sign-in\/hubspot[^"]*)"/.exec(page.text)?.[1] ?? '';
    const consent = await visitor.follow(way.replaceAll('&amp;', '&'));
    expect((await visitor.follow(choiceOn(consent, 'Connect app'))).url).toBe(`${office.url}${wanted}`);
  });

  it.each([
    '//evil.example',
    'https://evil.example',
    '/\\evil.example',
    '/app/..\\evil',
    '/oauth/hubspot',
    '/application',
  ])('is never led to %s afterwards', async (next) => {
    const visitor = office.openVisitor();
    const consent = await visitor.follow(`/sign-in/hubspot?next=${encodeURIComponent(next)}`);
    expect((await visitor.follow(choiceOn(consent, 'Connect app'))).url).toBe(`${office.url}/app`);
  });

  it('sees nothing and changes nothing', async () => {
    const visitor = office.openVisitor();
    for (const path of ['/app', '/app/plan', '/app/accounts.csv', `/accounts/${hubspotId}/1`]) {
      const page = await visitor.get(path);
      expect(page).toMatchObject({ status: 303, text: expect.not.stringContaining('Acme') });
    }
    expect((await visitor.post('/app/pause', {})).location).toBe(`${office.url}/sign-in`);
    expect((await (await office.tenant('hubspot')).getInstallation()).status).toBe('active');
  });

  it('cannot come in by signing in with an account that is not connected', async () => {
    const other = await openInstallOffice({ portalId: 9_999 });
    try {
      const visitor = other.openVisitor();
      const page = await visitor.follow(choiceOn(await visitor.follow('/sign-in/hubspot'), 'Connect app'));
      expect(page.status).toBe(404);
      expect(page.words).toContain('HubSpot account 9999 is not connected');
    } finally {
      await other.close();
    }
  });
});

describe('the pages', () => {
  it.each([
    '/app',
    '/app/plan',
    '/app/accounts',
    '/app/disagreements',
    '/app/moves',
    '/app/check',
    '/app/access',
    '/app/settings',
    `/accounts/${hubspotId}/1`,
  ])('show %s with nothing unescaped, no script, and headers that keep it so', async (path) => {
    const { status, text, headers } = await admin.get(path);
    expect(status).toBe(200);
    expect(text).not.toContain('<b>AG</b>');
    expect(text).not.toMatch(/<script|\son\w+=|style="/i);
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
  });

  it('show one account with its score, why, what changed and what to do', async () => {
    const { words } = await admin.get(`/accounts/${hubspotId}/1`);
    expect(words).toContain('Acme &amp; Söhne');
    expect(words).toContain('Why this score');
    expect(words).toContain('What to do');
    expect(words).toContain('decides; ends 2026-04-10');
  });

  it('show how an account was judged day by day', async () => {
    expect((await admin.get(`/accounts/${hubspotId}/1`)).text).toContain('href="1/history"');
    const { words } = await admin.get(`/accounts/${hubspotId}/1/history?since=2026-01-01`);
    expect(words).toContain('Acme &amp; Söhne over time');
    expect(words).toContain('Every day since 2026-01-01');
    expect((await admin.get(`/accounts/${hubspotId}/77/history`)).status).toBe(404);
  });

  it.each(['/app', '/app/accounts', `/accounts/${hubspotId}/1`])(
    'say on %s beside the scores that they are not validated, and what is lacking',
    async (path) => {
      expect((await admin.get(path)).words).toContain('Unvalidated: 0 of 20 losses seen');
    },
  );

  it('list the bands that people set by hand, all or some of them, with what came of each', async () => {
    const { disagreements, history } = await office.tenant('hubspot');
    const page = async (query = ''): Promise<string> => (await admin.get(`/app/disagreements${query}`)).words;
    expect(await page()).toContain('Nobody has set a band by hand yet.');
    const acme = {
      accountId: toAccountId('1'),
      band: 'red',
      code: 'price',
      note: 'A <i>tenth</i> off.',
      by: 'Cleo',
    } as const;
    const computed = { band: 'yellow', score: 61.4 } as const;
    const days = { begunOn: calendarDate('2026-02-03'), untilOn: calendarDate('2026-03-05') };
    const bolt = { ...acme, accountId: toAccountId('2'), code: 'gone_reason', note: 'Other.', by: null } as const;
    const end = { on: calendarDate('2026-02-20'), by: 'agreed' } as const;
    await disagreements.put([
      { kind: 'begun', disagreement: { ...acme, ...days, computed, end: null } },
      { kind: 'begun', disagreement: { ...bolt, ...days, computed, end } },
    ]);
    const decided = { termId: toTermId('t1'), decisionOn: calendarDate('2026-02-27'), segment: 'mid' } as const;
    await history.putOutcomes([
      { accountId: acme.accountId, outcome: 'churned', seenOn: decided.decisionOn, ...decided },
    ]);
    const all = await page();
    expect(all).toMatch(/2 2 worse 1 not settled yet 1 the score came to say the same 1 : 0/);
    expect(all).toMatch(
      /2026-02-03 Acme &amp; Söhne yellow 61 red Price: A &lt;i&gt;tenth&lt;\/i&gt; off\. Cleo until 2026-03-05 person churned/,
    );
    expect(all).toMatch(/yellow 61 red gone_reason: Other\. score agreed on 2026-02-20 –/);
    const open = await page('?open=yes');
    expect(open).toContain('1 in all, the newest first.');
    expect(open).not.toContain('Other.');
    expect(await page('?reason=gone_reason')).not.toContain('tenth');
    expect((await admin.get('/app/disagreements?reason=prize')).status).toBe(400);
  });

  it('list the champions who moved, for whoever sells where they are now', async () => {
    const { records, formerChampions } = await office.tenant('hubspot');
    const page = async (): Promise<string> => (await admin.get('/app/moves')).words;
    expect(await page()).toContain('No champion is known to have gone to another company.');
    const at = new Date(office.clock.now()).toISOString();
    const fields = { firstname: 'Kim', lastname: '<i>Ray</i>' };
    const raw = { object: 'contacts', id: '21', fields, links: { companies: ['2'] }, createdAt: at, modifiedAt: at };
    const record = { raw: { ...raw, deleted: false, mergedIds: [] }, inputs: fields, shown: {}, contactId: null };
    await records.storePage({
      object: 'contacts',
      records: [{ ...record, accountId: toAccountId('2') }],
      walk: null,
      stream: 'contacts:found',
      checkpoint: { at },
      touches: false,
      at,
    });
    const accountId = toAccountId('1');
    await formerChampions.put([{ accountId, contactId: '21', untilOn: calendarDate('2026-02-27') }]);
    expect(await page()).toContain(
      '2026-02-27 Kim &lt;i&gt;Ray&lt;/i&gt; Acme &amp; Söhne Bolt &lt;b&gt;AG&lt;/b&gt; –',
    );
    expect((await admin.get('/app/moves')).text).toContain('/record/0-2/2"');
    const { words } = await admin.get(`/accounts/${hubspotId}/1`);
    expect(words).toContain(
      'Kim &lt;i&gt;Ray&lt;/i&gt;, champion here until 2026-02-27, is now at Bolt &lt;b&gt;AG&lt;/b&gt;.',
    );
  });

  it('give every score as a file, in which no cell is a formula', async () => {
    const { headers, text } = await admin.get('/app/accounts.csv');
    expect(headers.get('content-disposition')).toContain('holdfast-accounts.csv');
    expect(text.split('\n')[0]).toContain('account,name,score,band');
    expect(text.split('\n')[0]).toContain('arrAtRisk,currency');
    expect(text).toContain('Acme & Söhne');
  });

  it('say of an account of others the same as of none', async () => {
    const others = await admin.get('/accounts/hubspot-12/1');
    expect(others.status).toBe(404);
    expect((await admin.get('/accounts/nothing/1')).words).toBe(others.words);
    expect((await admin.get(`/accounts/${hubspotId}/77`)).status).toBe(404);
  });

  it('refuse to approve a plan that is no longer the one that was looked at', async () => {
    await admin.get('/app/plan');
    const page = await admin.send('/app/approve', { plan: 'another' });
    expect(page.status).toBe(409);
    expect(page.words).toContain('The plan is no longer another');
    expect((await (await office.tenant('hubspot')).getInstallation()).approvedAt).toBeNull();
  });

  it('pause and go on, with the name of who did it', async () => {
    await admin.get('/app/settings');
    await admin.send('/app/pause');
    const store = await office.tenant('hubspot');
    expect(await store.getInstallation()).toMatchObject({
      status: 'paused',
      statusReason: 'Paused by admin@customer.example.',
    });
    await admin.get('/app/settings');
    await admin.send('/app/resume');
    expect((await store.getInstallation()).status).toBe('active');
    expect((await store.audit.recent(2)).map(({ action, actor }) => [action, actor])).toEqual([
      ['resumed', 'admin@customer.example'],
      ['paused', 'admin@customer.example'],
    ]);
  });
});

describe('forms', () => {
  it('are refused when another page made them', async () => {
    const guesses: readonly Record<string, string>[] = [{}, { token: '' }, { token: 'x'.repeat(43) }];
    for (const fields of guesses) {
      const page = await admin.post('/app/pause', fields);
      expect(page.status).toBe(403);
    }
    expect((await (await office.tenant('hubspot')).getInstallation()).status).toBe('active');
  });

  it('are good in their own session alone', async () => {
    const other = office.openVisitor();
    await signIn(other, 'sign-in');
    const token = /name="token"\s+value="([^"]+)"/.exec((await admin.get('/app/settings')).text)?.[1] ?? '';
    expect((await other.post('/app/pause', { token })).status).toBe(403);
  });
});

describe('roles', () => {
  it('let whoever installed it act, and others of the account look', async () => {
    const viewer = await signInAs('cleo@customer.example', 13);
    const page = await viewer.get('/app/settings');
    expect(page.words).toContain('cleo@customer.example, viewer');
    expect(page.text).not.toContain('action="/app/pause"');
    const token = /name="token"\s+value="([^"]+)"/.exec(page.text)?.[1] ?? '';
    const refused = await viewer.post('/app/pause', { token });
    expect(refused.status).toBe(403);
    expect(refused.words).toContain('Only an admin can do this.');
    const again = office.openVisitor();
    await signIn(again, 'sign-in');
    expect((await again.get('/app')).words).not.toContain('viewer');
  });
});

describe('a session', () => {
  it('ends twelve hours after it was last used', async () => {
    const visitor = office.openVisitor();
    await signIn(visitor, 'sign-in');
    for (let hours = 0; hours < 20; hours += 10) {
      office.clock.advance(10 * 3_600_000);
      expect((await visitor.get('/app')).status).toBe(200);
    }
    office.clock.advance(12 * 3_600_000 + 1_000);
    expect((await visitor.get('/app')).status).toBe(303);
    await signIn(admin, 'sign-in');
  });

  it('ends by signing out, also for who has kept the cookie', async () => {
    const visitor = office.openVisitor();
    await signIn(visitor, 'sign-in');
    const kept = new Map(visitor.cookies);
    await visitor.get('/app');
    await visitor.send('/sign-out');
    const thief = office.openVisitor();
    for (const [name, value] of kept) (thief.cookies as Map<string, string>).set(name, value);
    expect((await thief.get('/app')).status).toBe(303);
  });

  it('ends for everybody when an admin says so', async () => {
    const visitor = office.openVisitor();
    await signIn(visitor, 'sign-in');
    await admin.get('/app/settings');
    await admin.send('/app/sign-everybody-out');
    expect((await visitor.get('/app')).status).toBe(303);
    await signIn(admin, 'sign-in');
  });

  it('is nothing that can be changed or made up', async () => {
    const visitor = office.openVisitor();
    await signIn(visitor, 'sign-in');
    const cookie = visitor.cookies.get('holdfast-session') ?? '';
    const at = Math.floor(cookie.length / 2);
    for (const forged of ['', 'x', `${cookie.slice(0, at)}${cookie[at] === 'A' ? 'B' : 'A'}${cookie.slice(at + 1)}`]) {
      const forger = office.openVisitor();
      (forger.cookies as Map<string, string>).set('holdfast-session', forged);
      expect((await forger.get('/app')).status).toBe(303);
    }
  });

  it('opens the JSON API for its own installation, and for no other', async () => {
    const own = JSON.parse((await admin.get(`/api/installations/${hubspotId}`)).text) as Record<string, unknown>;
    expect(own['installation']).toBe(hubspotId);
    const salesforce = office.openVisitor();
    const consent = await salesforce.follow(`/install/salesforce?login=${encodeURIComponent(office.salesforce.url)}`);
    await salesforce.follow(choiceOn(consent, 'Allow'));
    for (const path of ['', '/accounts', '/plan', '/runs']) {
      expect((await salesforce.get(`/api/installations/${hubspotId}${path}`)).status).toBe(404);
    }
    const listed = JSON.parse((await salesforce.get('/api/installations')).text) as { installations: unknown[] };
    expect(listed.installations).toMatchObject([{ connector: 'salesforce' }]);
  });
});

describe('a link that signs in', () => {
  const person = { userId: '99', name: 'dan@customer.example', role: 'viewer' } as const;

  it('works once', async () => {
    const { id } = await office.tenant('hubspot');
    const link = await office.app.signInLink(id, person);
    const visitor = office.openVisitor();
    expect((await visitor.follow(link)).words).toContain('dan@customer.example, viewer');
    const again = await office.openVisitor().get(link);
    expect(again.status).toBe(400);
    expect(again.words).toContain('This link is not good any more');
  });

  it('works for two minutes, and is nothing that can be made up', async () => {
    const { id } = await office.tenant('hubspot');
    const link = await office.app.signInLink(id, person);
    office.clock.advance(121_000);
    expect((await office.openVisitor().get(link)).status).toBe(400);
    expect((await office.openVisitor().get('/sign-in/made-up')).status).toBe(400);
    // What a session's cookie holds is sealed for that use alone.
    expect((await office.openVisitor().get(`/sign-in/${admin.cookies.get('holdfast-session') ?? ''}`)).status).toBe(
      400,
    );
  });
});

describe('uninstalling from the pages', () => {
  it('takes away what was written, removes the app in HubSpot, ends every session and keeps the data for a while', async () => {
    const one = await openInstallOffice();
    try {
      const visitor = one.openVisitor();
      await signInAt(one, visitor);
      await one.work();
      await visitor.get('/app/plan');
      await visitor.send('/app/approve');
      await one.work();
      expect(one.hubspot.portal.get('companies', '1')?.properties['holdfast_health_band']).toBeTruthy();
      await visitor.get('/app/settings');
      expect((await visitor.send('/app/uninstall')).status).toBe(400);
      await visitor.get('/app/settings');
      const page = await visitor.send('/app/uninstall', { undo: 'yes', sure: 'yes' });
      expect(page.words).toContain('Holdfast is uninstalled');
      expect(one.hubspot.portal.customProperties('companies').join()).not.toContain('holdfast');
      expect(one.hubspot.calls.perPurpose).toMatchObject({ uninstall: 1 });
      const store = await one.tenant('hubspot');
      expect(await store.getInstallation()).toMatchObject({ status: 'lost', approvedAt: null });
      expect(await store.secrets.get('access-token')).toBeNull();
      expect(await store.secrets.get('refresh-token')).toBeNull();
      expect((await visitor.get('/app')).status).toBe(303);
    } finally {
      await one.close();
    }
  });

  it('takes Holdfast’s access to a Salesforce org back', async () => {
    const one = await openInstallOffice();
    try {
      const visitor = one.openVisitor();
      const consent = await visitor.follow(`/install/salesforce?login=${encodeURIComponent(one.salesforce.url)}`);
      await visitor.follow(choiceOn(consent, 'Allow'));
      const token = (await (await one.tenant('salesforce')).secrets.get('access-token'))?.reveal() ?? '';
      await visitor.get('/app/settings');
      await visitor.send('/app/uninstall', { sure: 'yes' });
      const answer = await fetch(`${one.salesforce.url}/services/oauth2/userinfo`, {
        headers: { authorization: `Bearer ${token}` },
      });
      expect(answer.status).toBe(403);
    } finally {
      await one.close();
    }
  });
});

async function signInAt(one: InstallOffice, visitor: Visitor): Promise<void> {
  await visitor.follow(choiceOn(await visitor.follow('/install/hubspot'), 'Connect app'));
  expect(one.url).not.toBe(office.url);
}

describe('too many visits', () => {
  it('of the pages that sign in are turned away, with words', async () => {
    const one = await openInstallOffice();
    try {
      const visitor = one.openVisitor();
      const statuses: number[] = [];
      for (let visit = 0; visit < 70; visit += 1) statuses.push((await visitor.get('/sign-in/made-up')).status);
      expect(new Set(statuses)).toEqual(new Set([400, 429]));
      expect((await visitor.get('/sign-in')).words).toContain('Too many visits at once');
      expect((await visitor.get('/healthz')).status).toBe(200);
    } finally {
      await one.close();
    }
  });
});
