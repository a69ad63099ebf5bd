import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { accountInWords, accountsInWords, recomputedInWords } from '../../src/cli/account-in-words.ts';
import { historyInWords } from '../../src/cli/history-in-words.ts';
import { toAccountId } from '../../src/core/model/ids.ts';
import { getAccount, listAccounts } from '../../src/queries/accounts.ts';
import { readBook } from '../../src/queries/book.ts';
import { findHistory } from '../../src/queries/history.ts';
import { recompute } from '../../src/queries/recompute.ts';
import { cardView } from '../../src/server/card-view.ts';
import { accountPage } from '../../src/server/pages/account-page.ts';
import { historyPage } from '../../src/server/pages/history-page.ts';
import { startServer, type RunningServer } from '../../src/server/server.ts';
import type { CustomerCompany } from '../support/customer-portal.ts';
import { knownCompany } from '../support/known-company.ts';
import {
  MONDAY,
  OAUTH_APP,
  openLineOffice,
  ourValues,
  PUBLIC_URL,
  type Customer,
  type LineOffice,
} from '../support/line-office.ts';
import { row, toCompany } from '../support/sandbox-portal.ts';
import { openSender } from '../support/webhook-sender.ts';

let office: LineOffice;
let server: RunningServer;
beforeAll(async () => {
  office = await openLineOffice();
  server = await startServer({ ...office.app.serverParts(), queue: null, port: 0 });
});
afterAll(async () => {
  await server.stop();
  await office.close();
});

const GLOBEX = toAccountId('1');
const FRANCE = toAccountId('2');

/** Globex does well; most of the group's revenue is in Globex France, which does not; Solo stands alone. */
async function openGroup(others: readonly CustomerCompany[] = []): Promise<Customer> {
  const known = ['1', '2', '3'].map(knownCompany);
  const urgent = ['91', '92', '93', '94'].map((id) =>
    row(
      'tickets',
      id,
      { subject: 'Nothing works', hs_pipeline: '0', hs_pipeline_stage: '1', hs_ticket_priority: 'URGENT' },
      MONDAY - 20 * 86_400_000,
    ),
  );
  const customer = await office.connect(
    [
      { id: '1', name: 'Globex', arr: 20_000, ownerId: '11', renewalOn: '2026-12-31' },
      { id: '2', name: 'Globex France', arr: 90_000, ownerId: '11', more: { hs_parent_company_id: '1' } },
      { id: '3', name: 'Solo', arr: 20_000, ownerId: '11', renewalOn: '2026-12-31' },
      ...others,
    ],
    {
      rest: {
        rows: [...known.flatMap(({ rows = [] }) => rows), ...urgent],
        links: [
          ...known.flatMap(({ links = [] }) => links),
          ...urgent.map(({ id }) => toCompany(['tickets', id], '2', true)),
        ],
      },
    },
  );
  await customer.begin();
  for (const [id, pulse] of [
    ['1', 5],
    ['2', 1],
    ['3', 5],
  ] as const) {
    await onCard(customer, `${id}/pulse`, { pulse });
  }
  await customer.sync('daily');
  return customer;
}

const api = async (customer: Customer, path = ''): Promise<Readonly<Record<string, unknown>>> => {
  const answer = await fetch(`http://localhost:${server.port}/api/installations/${customer.installation.id}${path}`);
  return z.record(z.string(), z.unknown()).parse(await answer.json());
};
/** What the card answers, when somebody opens it or says something on it. */
const onCard = async ({ installation: { crmAccountId }, clock }: Customer, path: string, said?: object) => {
  const send = openSender(server, PUBLIC_URL, OAUTH_APP.clientSecret, clock.now);
  const by = `userId=1013&portalId=${crmAccountId}&userEmail=cleo%40us.example&appId=99`;
  const sending = said === undefined ? { method: 'GET' } : { body: JSON.stringify(said) };
  return cardView.parse(JSON.parse((await send(`/cards/hubspot/companies/${path}?${by}`, sending)).text));
};
const detailOf = ({ store }: Customer, id = '1') =>
  getAccount(store, id, (account) => `https://crm.example/${account}`);
const lineOf = async ({ store }: Customer, id = GLOBEX) =>
  (await listAccounts(store, 10)).find(({ account }) => account === id);
const daysOf = async ({ store, clock }: Customer) =>
  findHistory(store, GLOBEX, null, new Date(clock.now()).toISOString());

describe('a company with others below it', () => {
  it('has one score and one band, wherever people look', async () => {
    const customer = await openGroup();
    const shown = ourValues(customer.portal, '1');
    const band = shown['holdfast_health_band'];
    const score = Number(shown['holdfast_health_score']);
    const detail = await detailOf(customer);
    const own = detail.assessment.health;
    // Or nothing below could be mistaken for it.
    expect([own.band, own.score]).not.toEqual([band, score]);

    expect(await onCard(customer, '1')).toMatchObject({ score, band, own: { score: own.score, band: own.band } });
    expect(detail.shown).toMatchObject({ score, band });
    expect(await api(customer, '/accounts/1')).toMatchObject({ shown: { score, band } });
    const { accounts } = await api(customer, '/accounts');
    expect(accounts).toContainEqual(expect.objectContaining({ account: '1', score, band }));
    expect(await lineOf(customer)).toMatchObject({ score, band, ownScore: own.score, ownBand: own.band });
    expect((await daysOf(customer)).days.at(-1)).toMatchObject({ score, band, raw: own.raw });
  });

  it('is told apart, in words, from what it is by itself', async () => {
    const customer = await openGroup();
    const detail = await detailOf(customer);
    const { score, band } = detail.assessment.health;
    const words = `Own score ${score}, ${band}: `;
    const alone = 'Confidence, measures, churn, renewal and expansion are of this account alone.';
    const verdict = detail.validation;
    expect(ourValues(customer.portal, '1')['holdfast_health_reason']).toContain(words);
    expect((await onCard(customer, '1')).reason).toContain(words);
    const page = accountPage({ at: (path) => path, session: null }, 'Globex', detail, []);
    for (const text of [page, accountInWords(detail, [])]) {
      expect(text).toContain(words);
      expect(text).toContain(alone);
    }
    const line = await lineOf(customer);
    expect(accountsInWords(line === undefined ? [] : [line], verdict)).toContain(words);
    const history = await daysOf(customer);
    for (const text of [
      historyInWords(history),
      historyPage({ at: (path) => path, session: null }, 'Globex', history),
    ]) {
      expect(text).toContain('Band and score are with the accounts below it; all else is of this account alone.');
    }
    const again = await recompute(customer.store, GLOBEX, null);
    expect(again.isSame).toBe(true);
    expect(recomputedInWords('Globex', again, true)).toContain(`, by itself: ${score}, ${band}`);
    expect(accountInWords(await detailOf(customer, '3'), [])).not.toContain(alone);
  });

  it('is counted in the band that it shows, and the counts are those of the CRM', async () => {
    const customer = await openGroup();
    const inCrm = { green: 0, yellow: 0, red: 0, grey: 0 };
    for (const id of ['1', '2', '3']) {
      const band = z
        .enum(['green', 'yellow', 'red', 'grey'])
        .parse(ourValues(customer.portal, id)['holdfast_health_band']);
      inCrm[band] += 1;
    }
    expect((await readBook(customer.store, 10)).bands).toEqual(inCrm);
  });

  it('counts in the median of its segment as it is by itself', async () => {
    const customer = await openGroup();
    const own = await Promise.all(['1', '2', '3'].map(async (id) => (await detailOf(customer, id)).assessment.health));
    const { segments } = await customer.store.assessments.summary();
    const sorted = own.flatMap(({ score }) => score ?? []).sort((a, b) => a - b);
    expect([...segments.values()]).toEqual([{ scores: 3, median: sorted[1] }]);
  });

  it('has a history of what was shown, and goes on from itself the day after', async () => {
    const customer = await openGroup();
    const solo = async () => (await detailOf(customer, '3')).assessment.history;
    const globex = async () => (await detailOf(customer)).assessment.history;
    const shown: unknown[] = [];
    for (const day of [0, 1, 2]) {
      if (day > 0) await customer.nextDay();
      const { score, band } = (await detailOf(customer)).shown;
      shown.push([score, band]);
    }
    expect((await daysOf(customer)).days.map(({ score, band }) => [score, band])).toEqual(shown);
    // Solo is a twin with nothing below it: what Globex is by itself must not feel the group.
    expect((await globex()).ewma).toBe((await solo()).ewma);
    expect((await globex()).days).toEqual((await solo()).days);
  });

  it('is in its band since the group is, not since it was there by itself', async () => {
    const customer = await openGroup();
    await customer.nextDay();
    expect((await detailOf(customer)).shown.bandSinceOn).toBe('2026-03-02');
    customer.portal.edit('companies', '2', { hs_parent_company_id: '' });
    await customer.nextDay();
    const { shown, assessment } = await detailOf(customer);
    expect(shown).toMatchObject({
      score: assessment.health.score,
      bandSinceOn: assessment.health.bandSinceOn,
      own: null,
    });
    expect((await detailOf(customer, FRANCE)).shown.own).toBeNull();
  });

  it('keeps in its history what was shown yesterday while most of the book is scored today and it is not yet', async () => {
    const others = ['4', '5', '6'].map((id) => ({ id, name: `Other ${id}`, arr: 1_000 }));
    const customer = await openGroup(others);
    const yesterday = (await daysOf(customer)).days.at(-1);
    customer.clock.advance(86_400_000);
    for (const id of ['2', '3', '4', '5', '6']) customer.portal.edit('companies', id, { arr: '2000' });
    await customer.sync();
    expect((await daysOf(customer)).days).toEqual([yesterday]);
    await customer.sync('daily');
    const { score, band } = (await detailOf(customer)).shown;
    expect(score).toBeGreaterThan(yesterday?.score ?? 100);
    expect((await daysOf(customer)).days).toMatchObject([{}, { score, band }]);
  });
});
