import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { row, toCompany } from '../support/sandbox-portal.ts';
import { openLog } from '../../src/log.ts';
import { draftConfiguration, publishDraft } from '../../src/install/configuration.ts';
import { followInstallation } from '../../src/jobs/follow.ts';
import type { Queue } from '../../src/ports/queue.ts';
import { cardSettings, cardView } from '../../src/server/card-view.ts';
import { startServer, type RunningServer } from '../../src/server/server.ts';
import {
  MONDAY,
  OAUTH_APP,
  openLineOffice,
  ourValues,
  PUBLIC_URL,
  type Customer,
  type LineOffice,
} from '../support/line-office.ts';
import { openSender, type Sending } from '../support/webhook-sender.ts';

let office: LineOffice;
let server: RunningServer;
let send: ReturnType<typeof openSender>;
const asked: string[] = [];
let sentAt = MONDAY;
let logged = '';

beforeAll(async () => {
  office = await openLineOffice();
  const queue: Queue = {
    request: (installation) => Promise.resolve(void asked.push(installation)),
    requestSoon: () => undefined,
    work: () => Promise.resolve(),
    depth: () => Promise.resolve({ waiting: 0, active: 0 }),
    stop: () => Promise.resolve(),
  };
  server = await startServer({
    ...office.app.serverParts(),
    log: openLog('info', { write: (line) => void (logged += line) }),
    queue,
    port: 0,
  });
  send = openSender(server, PUBLIC_URL, OAUTH_APP.clientSecret, () => sentAt);
});
beforeEach(() => {
  asked.length = 0;
  sentAt = MONDAY;
  logged = '';
});
afterAll(async () => {
  await server.stop();
  await office.close();
});

const COMPANIES = [
  { id: '1', name: 'Acme', renewalOn: '2026-04-10', arr: 50_000, csmId: '13' },
  { id: '2', name: 'Lead', status: 'Prospect' },
] as const;

/** A customer of whom Holdfast writes and reads everything. */
async function openCustomer(): Promise<Customer> {
  const customer = await office.connect(COMPANIES, {
    rest: {
      rows: [
        row('deals', '301', { dealname: 'Acme renewal', pipeline: 'renewals', dealstage: 'renewal-open' }),
        row('deals', '302', { dealname: 'Nobody’s', pipeline: 'default', dealstage: 'open' }),
      ],
      links: [toCompany(['deals', '301'], '1', true)],
    },
  });
  await customer.begin();
  return customer;
}

/** As HubSpot calls: with who looks at the card behind the address. */
const addressFor = (customer: Pick<Customer, 'installation'> | string, path: string): string => {
  const portalId = typeof customer === 'string' ? customer : customer.installation.crmAccountId;
  return `/cards/hubspot/${path}?userId=1013&portalId=${portalId}&userEmail=cleo%40us.example&appId=99`;
};
const ask = async (customer: Customer | string, path: string, sending: Sending = {}) => {
  const answer = await send(addressFor(customer, path), { method: 'GET', ...sending });
  const body: unknown = answer.type.includes('json') ? JSON.parse(answer.text) : {};
  return { ...answer, body: body as Readonly<Record<string, unknown>> };
};
const act = (customer: Customer | string, path: string, body: unknown) =>
  ask(customer, path, { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) });

describe('a card', () => {
  it('shows on a company and on its deals what Holdfast knows of the company', async () => {
    const customer = await openCustomer();
    const answer = await ask(customer, 'companies/1');
    expect(answer.status).toBe(200);
    const view = cardView.parse(answer.body);
    expect(view.account).toMatchObject({ id: '1', name: 'Acme', url: expect.stringContaining('/0-2/1') });
    expect(view.drivers.length).toBeGreaterThan(0);
    expect(view.drivers.every(({ because, points }) => because !== '' && Number.isFinite(points))).toBe(true);
    expect(view.reason).not.toBe('');
    expect(view.renewal).toMatchObject({ endsOn: '2026-04-10', nextAction: expect.any(String) });
    expect(view.openTasks.length).toBeGreaterThan(0);
    expect(view.openTasks[0]).toMatchObject({ owner: 'Cleo Example', url: expect.stringContaining('/0-27/') });
    expect(view.band).toBe(ourValues(customer.portal, '1')['holdfast_health_band']);
    expect(view).toMatchObject({ override: null, pulse: null });
    expect(view.validation).toEqual({ verdict: 'unvalidated', lacking: ['0 of 20 losses seen'] });
    expect((await ask(customer, 'deals/301')).body).toEqual(answer.body);
  });

  it.each([
    ['companies/2', 'This company has no score yet.', 'Only customers are scored'],
    ['companies/777', 'This company has no score yet.', 'Only customers are scored'],
    ['deals/302', 'This deal belongs to no company.', 'Associate it'],
    ['deals/777', 'Holdfast does not know this record yet.', 'quarter of an hour'],
    ['contacts/1', 'Holdfast does not know this record yet.', ''],
  ])('on %s says what it cannot show, and why', async (path, title, remedy) => {
    const customer = await openCustomer();
    const answer = await ask(customer, path);
    expect(answer).toMatchObject({ status: 404, type: expect.stringContaining('application/problem+json') });
    expect(answer.body).toMatchObject({ title, remedy: expect.stringContaining(remedy) });
  });

  it('never shows what is another customer’s', async () => {
    const acme = await openCustomer();
    const bolt = await office.connect([{ id: '9', name: 'Bolt', arr: 1_000 }]);
    await bolt.sync();
    expect((await ask(bolt, 'companies/1')).status).toBe(404);
    expect((await ask(acme, 'companies/9')).status).toBe(404);
    expect((await ask(bolt, 'companies/9')).status).toBe(200);
  });

  it('takes the account from the signed address and never from the body', async () => {
    const acme = await openCustomer();
    const bolt = await office.connect([{ id: '9', name: 'Bolt', arr: 1_000 }]);
    await bolt.begin();
    const answer = await act(bolt, 'companies/1/pulse', { pulse: 1, portalId: acme.installation.crmAccountId });
    expect(answer.status).toBe(400);
    expect((await act(bolt, 'companies/1/pulse', { pulse: 1 })).status).toBe(404);
    expect(acme.portal.get('companies', '1')?.properties['holdfast_csm_pulse']).toBeUndefined();
  });

  it('tells the settings page how the connection is', async () => {
    const customer = await openCustomer();
    const settings = cardSettings.parse((await ask(customer, 'settings')).body);
    expect(settings).toEqual({
      status: 'active',
      lastRunAt: new Date(MONDAY).toISOString(),
      problems: [],
      adminUrl: expect.stringContaining(`${PUBLIC_URL}/sign-in/`),
    });
    await customer.store.updateInstallation({ status: 'paused', statusReason: 'Half of the companies are gone.' });
    expect((await ask(customer, 'settings')).body).toMatchObject({
      status: 'paused',
      problems: ['Half of the companies are gone.'],
    });
  });

  it('gives each who asks a link of their own, which makes nobody an admin who is none', async () => {
    const customer = await openCustomer();
    const linkOf = async () => new URL(cardSettings.parse((await ask(customer, 'settings')).body).adminUrl).pathname;
    const [first, second] = [await linkOf(), await linkOf()];
    expect(first).not.toBe(second);
    const answer = await send(first, { method: 'GET', headers: { 'content-type': '' } });
    expect(answer.status).toBeLessThan(400);
    expect(await customer.store.people.find('1013')).toMatchObject({ name: 'cleo@us.example', role: 'viewer' });
  });
});

describe('what a person says on a card', () => {
  const follow = (customer: Customer) =>
    followInstallation(office.app, customer.installation.id, new AbortController().signal);
  const auditOf = async (customer: Customer) =>
    (await customer.store.audit.recent(20)).filter(({ action }) => /pulse|override/.test(action));

  it('stands on the record at once, in their name, counts in the next score, and is asked for now', async () => {
    const customer = await openCustomer();
    const answer = await act(customer, 'companies/1/pulse', { pulse: 2, note: 'They were cold on the phone.' });
    expect(answer.status).toBe(200);
    expect(cardView.parse(answer.body)).toMatchObject({ pulse: 2 });
    expect(customer.portal.get('companies', '1')?.properties['holdfast_csm_pulse']).toBe('2');
    expect(asked).toEqual([customer.installation.id]);
    expect(await auditOf(customer)).toMatchObject([
      {
        actor: 'cleo@us.example',
        action: 'pulse-set',
        details: { account: '1', pulse: 2, note: 'They were cold on the phone.' },
      },
    ]);
    await follow(customer);
    const view = cardView.parse((await ask(customer, 'companies/1')).body);
    expect(view.drivers.some(({ title }) => /pulse/i.test(title))).toBe(true);
  });

  it('may be another band than the computed one, for a time and with a reason, from a deal as well', async () => {
    const customer = await openCustomer();
    const before = cardView.parse((await ask(customer, 'companies/1')).body);
    const override = { band: 'green', reason: 'known_plan', note: 'They pay on Friday.', until: '2026-03-20' };
    expect((await act(customer, 'deals/301/override', override)).status).toBe(200);
    await follow(customer);
    const view = cardView.parse((await ask(customer, 'companies/1')).body);
    expect(view.band).toBe(before.band);
    expect(view.override).toEqual({
      band: 'green',
      reason: 'Known plan: They pay on Friday.',
      until: '2026-03-20',
      by: 'cleo@us.example',
    });
    expect(ourValues(customer.portal, '1')).toMatchObject({
      holdfast_health_band: 'green',
      holdfast_override_by: 'cleo@us.example',
    });

    expect((await act(customer, 'companies/1/override/end', {})).status).toBe(200);
    await follow(customer);
    expect(cardView.parse((await ask(customer, 'companies/1')).body).override).toBeNull();
    expect(ourValues(customer.portal, '1')['holdfast_health_band']).toBe(before.band);
    expect((await auditOf(customer)).map(({ action }) => action)).toEqual(['override-ended', 'override-set']);
  });

  it('is written on the record without a known reason, and the card says what to write instead', async () => {
    const customer = await openCustomer();
    const set = { band: 'red', reason: 'other', note: 'I feel so', until: '2026-03-20' };
    await act(customer, 'companies/1/override', set);
    customer.portal.edit('companies', '1', { holdfast_override_reason: 'I feel so' });
    await customer.sync();
    const view = cardView.parse((await ask(customer, 'companies/1')).body);
    expect(view.override).toBeNull();
    expect(view.overrideProblem).toMatch(/^The band set by hand is not used: .*'Relationship: your note'; the known/);
    expect(ourValues(customer.portal, '1')['holdfast_health_band']).toBe(view.band);

    const again = cardView.parse((await act(customer, 'companies/1/override', set)).body);
    expect(again).toMatchObject({ override: { band: 'red', reason: 'Other: I feel so' }, overrideProblem: null });
  });

  it('names one of the reasons that the admin lets people choose from, for as long as the admin allows', async () => {
    const customer = await openCustomer();
    const reasons = [{ code: 'board', title: 'Word from the board' }];
    const request = { set: [], unset: [], note: null, actor: 'ana' };
    const changes = { health: { override: { reasons, defaultDays: 10, longestDays: 20 } } };
    await draftConfiguration(customer.store, office.app.clock, { ...request, changes });
    await publishDraft(customer.store, office.app.clock, { actor: 'ana', isUnseenAllowed: true });
    const { overrideForm } = cardView.parse((await ask(customer, 'companies/1')).body);
    expect(overrideForm).toEqual({ reasons, usualDays: 10, longestDays: 20 });
    const set = { band: 'red', reason: 'board', note: 'They are sold.', until: '2026-03-20' };
    expect(await act(customer, 'companies/1/override', { ...set, reason: 'price' })).toMatchObject({
      status: 400,
      body: { title: "'reason' is none of board." },
    });
    expect(await act(customer, 'companies/1/override', { ...set, until: '2026-03-23' })).toMatchObject({
      status: 400,
      body: { title: expect.stringContaining('20 days from now') },
    });
    expect(await act(customer, 'companies/1/override', set)).toMatchObject({
      status: 200,
      body: { override: { reason: 'Word from the board: They are sold.' } },
    });
  });

  it('is not prolonged beyond its 90 days by the same words', async () => {
    const customer = await openCustomer();
    const set = { band: 'red', reason: 'other', note: 'They told me.', until: '2026-03-20' };
    await act(customer, 'companies/1/override', set);
    await follow(customer);
    await customer.nextDay(40);
    sentAt = customer.clock.now();
    expect(await act(customer, 'companies/1/override', { ...set, until: '2026-06-01' })).toMatchObject({
      status: 400,
      body: { title: expect.stringContaining('later than 2026-05-31, 90 days from 2026-03-02') },
    });
    const said = await act(customer, 'companies/1/override', { ...set, note: 'They wrote it.', until: '2026-06-01' });
    expect(said).toMatchObject({ status: 200, body: { override: { until: '2026-06-01' } } });
  });

  it('that arrives twice is done once', async () => {
    const customer = await openCustomer();
    await act(customer, 'companies/1/pulse', { pulse: 4 });
    const writes = customer.sandbox.calls.perPurpose['batch update companies'];
    const again = await act(customer, 'companies/1/pulse', { pulse: 4 });
    expect(again).toMatchObject({ status: 200, body: { pulse: 4 } });
    expect(customer.sandbox.calls.perPurpose['batch update companies']).toBe(writes);
    expect(await auditOf(customer)).toHaveLength(1);
  });

  it('waits for the admin’s approval like everything else that is written', async () => {
    const customer = await office.connect(COMPANIES);
    await customer.sync();
    const answer = await act(customer, 'companies/1/pulse', { pulse: 4 });
    expect(answer).toMatchObject({ status: 409, body: { remedy: expect.stringContaining('approve') } });
    expect(customer.portal.customProperties('companies')).not.toContain('holdfast_csm_pulse');
  });

  it('is told in HubSpot’s words when HubSpot refuses it', async () => {
    const customer = await office.connect(COMPANIES, {
      adminRule: (_object, properties) =>
        properties['holdfast_csm_pulse'] === '1' ? { property: 'industry', message: 'Industry is required' } : null,
    });
    await customer.begin();
    const answer = await act(customer, 'companies/1/pulse', { pulse: 1 });
    expect(answer).toMatchObject({ status: 400, body: { title: expect.stringContaining('Industry is required') } });
    expect(await auditOf(customer)).toEqual([]);
  });

  it('is not done while the installation rests', async () => {
    const customer = await openCustomer();
    await customer.store.updateInstallation({ status: 'paused', statusReason: 'x' });
    expect(await act(customer, 'companies/1/pulse', { pulse: 4 })).toMatchObject({ status: 409 });
  });

  const override = { band: 'red', reason: 'other', note: 'They told me.', until: '2026-03-31' };
  it.each<readonly [string, unknown, RegExp]>([
    ['pulse', { pulse: 0 }, /'pulse' is less than 1/],
    ['pulse', { pulse: 6 }, /'pulse' is more than 5/],
    ['pulse', { pulse: 2.5 }, /'pulse'/],
    ['pulse', { pulse: '4' }, /'pulse' is missing or of another type/],
    ['pulse', {}, /'pulse' is missing/],
    ['pulse', { pulse: 3, by: 'eve@us.example' }, /'by' is not known here/],
    ['pulse', 'pulse=3', /no JSON object/],
    ['pulse', '{"pulse": 3', /no JSON object/],
    ['pulse', '[3]', /no JSON object/],
    ['override', { ...override, band: 'grey' }, /'band' is none of green, yellow, red/],
    ['override', { ...override, reason: 'because' }, /'reason' is none of relationship, adoption/],
    ['override', { ...override, note: '  ' }, /'note' is empty/],
    ['override', { ...override, note: 'x'.repeat(201) }, /'note' is longer than 200/],
    ['override', { ...override, note: undefined }, /'note' is missing/],
    ['override', { ...override, until: '2026-03-01' }, /has passed/],
    ['override', { ...override, until: '2026-06-01' }, /later than 2026-05-31, 90 days/],
    ['override', { ...override, until: '31.03.2026' }, /not a day/],
    ['override', { ...override, score: 99 }, /'score' is not known here/],
    ['override/end', { now: true }, /'now' is not known here/],
  ])('as %s %j is refused, and says what is wrong', async (path, body, problem) => {
    const customer = bad ?? (bad = await openCustomer());
    const answer = await act(customer, `companies/1/${path}`, body);
    expect(answer).toMatchObject({ status: 400, body: { title: expect.stringMatching(problem) } });
    expect(asked).toEqual([]);
    expect(await auditOf(customer)).toEqual([]);
    expect(Object.keys(customer.portal.get('companies', '1')?.properties ?? {}).join()).not.toMatch(/pulse|override/);
  });
  let bad: Customer | null = null;
});

describe('a call that HubSpot has not signed for this account is refused, changes nothing and leaves no trace', () => {
  const pulse: Sending = { method: 'POST', body: '{"pulse":1}' };
  let customer: Customer;
  beforeAll(async () => {
    customer = await openCustomer();
  });

  it.each<readonly [string, number, string, (sending: Sending) => Sending]>([
    ['signed with another secret', 401, 'companies/1/pulse', (sending) => ({ ...sending, secret: 'guessed' })],
    ['not signed', 401, 'companies/1/pulse', (sending) => ({ ...sending, headers: { 'x-hubspot-signature-v3': '' } })],
    ['signed six minutes ago', 401, 'companies/1/pulse', (sending) => ({ ...sending, signedAt: MONDAY - 360_000 })],
    ['signed six minutes ahead', 401, 'companies/1/pulse', (sending) => ({ ...sending, signedAt: MONDAY + 360_000 })],
    [
      'signed for another path',
      401,
      'companies/1/pulse',
      (sending) => ({ ...sending, signedUrl: `${PUBLIC_URL}/cards/hubspot/companies/2/pulse` }),
    ],
    ['not signed, and to nowhere', 401, 'nothing/at/all', (sending) => ({ ...sending, secret: 'guessed' })],
    ['signed, and to nowhere', 404, 'nothing/at/all/there', (sending) => sending],
    [
      'larger than a card sends',
      413,
      'companies/1/pulse',
      (sending) => ({ ...sending, body: `{"pulse":1${' '.repeat(20_000)}}` }),
    ],
    ['packed', 415, 'companies/1/pulse', (sending) => ({ ...sending, headers: { 'content-encoding': 'gzip' } })],
  ])('%s → %i', async (_, status, path, change) => {
    const answer = await ask(customer, path, change(pulse));
    expect(answer).toMatchObject({ status, type: expect.stringContaining('application/problem+json') });
    expect(answer.text).not.toContain('Acme');
    expect(customer.portal.get('companies', '1')?.properties['holdfast_csm_pulse']).toBeUndefined();
    expect(asked).toEqual([]);
    expect(logged).toBe('');
  });

  it('from an account that is not connected', async () => {
    const answer = await ask('999', 'companies/1');
    expect(answer).toMatchObject({ status: 404, body: { title: 'Holdfast is not connected to this account.' } });
    // A part of the account's number is not its number.
    const { crmAccountId } = customer.installation;
    expect((await ask(crmAccountId.slice(0, -1), 'companies/1')).status).toBe(404);
  });

  it('from nobody', async () => {
    const path = `/cards/hubspot/companies/1?portalId=${customer.installation.crmAccountId}`;
    expect((await send(path, { method: 'GET' })).status).toBe(401);
    const twice = `${path}&userId=1&portalId=4711`;
    expect((await send(twice, { method: 'GET' })).status).toBe(401);
  });

  it('replayed within its time only does again what it did', async () => {
    const own = await openCustomer();
    const sending = { method: 'POST', body: '{"pulse":3}' };
    const answers = await Promise.all([1, 2, 3].map(() => ask(own, 'companies/1/pulse', sending)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(own.portal.get('companies', '1')?.properties['holdfast_csm_pulse']).toBe('3');
  });
});
