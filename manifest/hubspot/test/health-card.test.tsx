import {
  Alert,
  Button,
  DateInput,
  Form,
  Link,
  LoadingButton,
  LoadingSpinner,
  Select,
  StatusTag,
  TextArea,
} from '@hubspot/ui-extensions';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { answerAbout, writtenOnCompany, writtenOnDeal } from './a-company.ts';
import { NOW, openCard } from './open-card.tsx';

beforeEach(() => {
  vi.useFakeTimers({ now: NOW, toFake: ['Date'] });
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const shown = { body: answerAbout() };

describe("a customer success manager who opens a company's card", () => {
  it('sees that it is loading, and no number meanwhile', async () => {
    const card = openCard('companies', [shown]);
    expect(card.find(LoadingSpinner).props.label).toBe('Loading customer health');
    expect(card.words()).toEqual(['Loading customer health']);
    await loaded(card);
  });

  it('sees the score, its band and trend, how far it can be trusted, and why it is what it is', async () => {
    const card = await loaded(openCard('companies', [shown]));
    expect(card.calls).toEqual([
      { url: 'https://app.holdfast.example/cards/hubspot/companies/17', method: 'GET', body: null },
    ]);
    expect(card.find(StatusTag).props.variant).toBe('success');
    expect(card.words()).toEqual([
      'Health',
      '71',
      '−6 points in 28 days',
      'Churn risk',
      'Low',
      'Green',
      'Declining',
      'Usage is strong; two tickets are open for long.',
      'Confidence: high · 86 % of the measures are known · 12 % probability of churn in 90 days · churn model: calibrating',
      'Unvalidated: 7 of 20 losses seen',
      'Why',
      'Active users (+12.4 points): 46 of 50 seats were used in the last 28 days',
      'usage, 1 Mar 2026, 09:00',
      'Open tickets (−8 points): 2 tickets are open for more than 7 days',
      'support',
      'What changed in 28 days',
      'Open tickets (−6 points): 2 tickets were opened on 10 February',
      'Next renewal',
      'Status',
      'In window',
      'Decided by',
      '31 May 2026',
      'Ends on',
      '30 Jun 2026',
      'Next action',
      'Agree on the goals of the next term by 20 Mar 2026',
      'Expansion',
      'Warm (64 of 100): 92 % of the seats are used',
      'Open tasks',
      'Prepare the renewal of Acme',
      'Due 16 Mar 2026, Kim Lee',
      'Scored on 2 Mar 2026, 10:00. The oldest input is of 27 Feb 2026, 07:30.',
      'Set your pulse',
      'Set the band by hand',
    ]);
    expect(card.find(Link).props.href).toBe('https://app.hubspot.com/contacts/1/record/0-27/5');
  });

  it('tells the score with the companies below it apart from its own', async () => {
    const group = { score: 56, band: 'yellow', own: { score: 78.2, band: 'green' } };
    const card = await loaded(openCard('companies', [{ body: answerAbout(group) }]));
    expect(card.words()).toContain('56');
    expect(card.find(StatusTag).props.variant).toBe('warning');
    expect(card.words()).toContain(
      'Own score 78, green; the score above is with the companies below it. Confidence, reasons, churn, renewal and expansion are of this company alone.',
    );
  });

  it('says over how many days its figures are told, as the admin set them', async () => {
    const body = answerAbout({ spans: { trendDays: 21, moverDays: 14, churnDays: 60 } });
    const words = (await loaded(openCard('companies', [{ body }]))).words();
    expect(words).toContain('−6 points in 21 days');
    expect(words).toContain('What changed in 14 days');
    expect(words.join(' ')).toContain('12 % probability of churn in 60 days');
  });

  it('reads the days of a renewal as the same days wherever the account is', async () => {
    const card = openCard('companies', [shown]);
    card.mocks.context.portal.timezone = 'America/Los_Angeles';
    await loaded(card);
    expect(card.words()).toContain('30 Jun 2026');
  });

  it('is told what is not known instead of being shown a number', async () => {
    const card = await loaded(
      openCard('companies', [
        {
          body: answerAbout({
            score: null,
            band: 'grey',
            trend: null,
            change28d: null,
            confidence: 'none',
            reason: null,

            drivers: [],
            movers: [],
            churn: {
              probability: null,
              risk: null,
              status: null,
            },

            renewal: null,
            expansion: null,
            openTasks: [],
            oldestInputAt: null,
          }),
        },
      ]),
    );
    const words = card.words();
    expect(words).toEqual(
      expect.arrayContaining([
        '–',
        'Unknown',
        'Grey (too little is known)',
        'Too little is known to say why.',
        'None.',
      ]),
    );
    expect(words).toContain('No renewal date is known for this customer.');
    expect(words.filter((word) => /null|undefined|NaN/.test(word))).toEqual([]);
  });

  it('is shown a word that the card does not know yet as our server says it', async () => {
    const card = await loaded(openCard('companies', [{ body: answerAbout({ band: 'amber', trend: 'volatile' }) }]));
    expect(card.words()).toEqual(expect.arrayContaining(['amber', 'volatile']));
  });

  it('is warned when the score is more than two days old', async () => {
    const card = await loaded(openCard('companies', [{ body: answerAbout({ scoredAt: '2026-02-27T09:00:00Z' }) }]));
    expect(card.find(Alert).props).toMatchObject({ title: 'This score is old', variant: 'warning' });
    expect(card.words()).toContain("It was made on 27 Feb 2026, 10:00. Ask your admin to look at Holdfast's settings.");
  });

  it('sees a band that somebody set by hand beside what the records say', async () => {
    const override = { band: 'red', reason: 'New management', until: '2026-04-01', by: 'kim@acme.example' };
    const card = await loaded(openCard('companies', [{ body: answerAbout({ override }) }]));
    expect(card.find(Alert).props.title).toBe('Band set by hand: Red until 1 Apr 2026');
    expect(card.words()).toContain('New management Set by kim@acme.example. The records alone say Green.');
    expect(card.find(StatusTag).props.variant).toBe('danger');
  });
});

describe('a card on a renewal deal', () => {
  it('says first when and how the renewal is decided, and leads to the company', async () => {
    const card = await loaded(openCard('deals', [shown]));
    expect(card.calls[0]?.url).toBe('https://app.holdfast.example/cards/hubspot/deals/17');
    expect(card.words().slice(0, 7)).toEqual([
      'Next renewal',
      'Status',
      'In window',
      'Decided by',
      '31 May 2026',
      'Ends on',
      '30 Jun 2026',
    ]);
    expect(card.words().filter((word) => word === 'Next renewal')).toHaveLength(1);
    expect(card.findAll(Link).at(-1)?.props.href).toBe('https://app.hubspot.com/contacts/1/record/0-2/17');
  });
});

describe('while Holdfast is out of reach', () => {
  it.each([
    ['no answer comes', 'out of reach'],
    ['a gateway answers', { status: 502, body: '<html>' }],
    ['an answer makes no sense', { body: { hello: 'world' } }],
  ] as const)('the card shows what was last written on the company, and as of when: %s', async (_, answer) => {
    const card = await loaded(openCard('companies', [answer], writtenOnCompany));
    expect(card.find(Alert).props.title).toMatch(/ This is as of 1 Mar 2026, 10:00\.$/);
    expect(card.words().slice(2)).toEqual([
      'Health score',
      '71.4',
      'Health band',
      'Green',
      'Health trend (28 days)',
      'Declining',
      'Why this health score',
      'Usage is strong; two tickets are open for long.',
      'Churn risk',
      'Low',
      'Model status',
      'Calibrating',
      'Next renewal date',
      '30 Jun 2026',
      'Decision date',
      '31 May 2026',
      'Renewal status',
      'In window',
      'Scored at',
      '1 Mar 2026, 10:00',
      'Try again',
    ]);
  });

  it('the card of a deal shows what was last written on the deal', async () => {
    const card = await loaded(openCard('deals', ['out of reach'], writtenOnDeal));
    expect(card.words().slice(2)).toEqual([
      'Account health band',
      'Red',
      'Primary risk reason',
      'Adoption',
      'Renewal probability',
      '62 %',
      'Renewal type',
      'Renews by itself',
      'Decision date',
      '31 May 2026',
      'Holdfast updated',
      '1 Mar 2026, 10:00',
      'Try again',
    ]);
  });

  it('says so plainly where nothing was ever written', async () => {
    const card = await loaded(openCard('companies', ['out of reach']));
    expect(card.words()).toEqual([
      'Holdfast could not be reached.',
      'Try again in a few minutes.',
      'Nothing is written on this record that could be shown meanwhile.',
      'Try again',
    ]);
  });

  it('"Try again" brings the whole card back', async () => {
    const card = await loaded(openCard('companies', ['out of reach', shown], writtenOnCompany));
    card.find(Button).trigger('onClick');
    await card.waitFor(() => expect(card.words()).toContain('Next renewal'));
  });
});

it("a company that is nobody's customer is explained in our server's words", async () => {
  const body = { title: 'Acme is not scored.', remedy: 'Set its lifecycle stage to Customer.' };
  const card = await loaded(openCard('companies', [{ status: 404, body }], writtenOnCompany));
  expect(card.words()).toEqual(['Acme is not scored.', 'Set its lifecycle stage to Customer.', 'Look again']);
});

describe('setting the pulse', () => {
  it('is sent with its note; the person is told, and the card shows the new state', async () => {
    const card = await loaded(openCard('companies', [shown, { body: {} }, { body: answerAbout({ pulse: 2 }) }]));
    press(card, 'Set your pulse');
    card.find(Select).props.onChange?.('2');
    card.find(TextArea).props.onChange?.('  Our champion is quiet. ');
    card.find(Form).trigger('onSubmit');
    await card.waitFor(() => expect(card.words()).toContain('Your pulse: 2'));
    expect(card.calls[1]).toEqual({
      url: 'https://app.holdfast.example/cards/hubspot/companies/17/pulse',
      method: 'POST',
      body: { pulse: 2, note: 'Our champion is quiet.' },
    });
    expect(card.mocks.actions.addAlert.calls).toMatchObject([[{ type: 'success' }]]);
    expect(card.mocks.actions.refreshObjectProperties.called).toBe(true);
  });

  it('is not sent before one is chosen', async () => {
    const card = await loaded(openCard('companies', [shown]));
    press(card, 'Set your pulse');
    card.find(Form).trigger('onSubmit');
    await card.waitFor(() => expect(card.words()).toContain('Choose how the account feels to you.'));
    expect(card.calls).toHaveLength(1);
  });
});

describe('setting the band by hand', () => {
  it('takes a band, a reason, a note and a last day, thirty days ahead unless told', async () => {
    const card = await loaded(openCard('companies', [shown, { body: {} }, shown]));
    press(card, 'Set the band by hand');
    expect(card.find(DateInput).props).toMatchObject({
      value: { year: 2026, month: 3, date: 1 },
      min: { year: 2026, month: 2, date: 3 },
      max: { year: 2026, month: 4, date: 31 },
    });
    expect(card.findAll(Select).at(-1)?.props.options).toEqual([
      { label: 'Price', value: 'price' },
      { label: 'Known plan', value: 'known_plan' },
    ]);
    fill(card, { band: 'red', reason: 'known_plan', note: 'They were bought.' });
    card.find(Form).trigger('onSubmit');
    await card.waitFor(() => expect(card.calls).toHaveLength(3));
    expect(card.calls[1]).toEqual({
      url: 'https://app.holdfast.example/cards/hubspot/companies/17/override',
      method: 'POST',
      body: { band: 'red', reason: 'known_plan', note: 'They were bought.', until: '2026-04-01' },
    });
  });

  it('is said not to count where the record gives no reason that is known, with what to write; it can be set anew', async () => {
    const overrideProblem = "The band set by hand is not used: it has no reason. Write it as 'Price: your note'.";
    const card = await loaded(openCard('companies', [{ body: answerAbout({ overrideProblem }) }]));
    expect(card.find(Alert).props).toMatchObject({ title: 'A band set by hand does not count', variant: 'warning' });
    expect(card.words()).toEqual(
      expect.arrayContaining([overrideProblem, 'Set the band by hand', 'Take back the band set by hand']),
    );
    expect(card.find(StatusTag).props.variant).toBe('success');
  });

  it.each([
    ['Choose the band.', { reason: 'other', note: 'x' }],
    ['Choose a reason.', { band: 'red', note: 'x' }],
    ['Write in a note what others should know.', { band: 'red', reason: 'other', note: '  ' }],
    ['Choose a day from tomorrow to 90 days ahead.', { band: 'red', reason: 'other', note: 'x', until: '2026-06-01' }],
    ['Choose a day from tomorrow to 90 days ahead.', { band: 'red', reason: 'other', note: 'x', until: '2026-03-02' }],
  ])('says what is missing and sends nothing: %s', async (said, values) => {
    const card = await loaded(openCard('companies', [shown]));
    press(card, 'Set the band by hand');
    fill(card, values);
    card.find(Form).trigger('onSubmit');
    await card.waitFor(() => expect(card.find(Alert).props.title).toBe(said));
    expect(card.calls).toHaveLength(1);
  });

  it('keeps what was written when our server refuses, and gives its words', async () => {
    const refusal = { status: 403, body: { title: 'You may not do this.', remedy: 'Ask your admin for the role.' } };
    const card = await loaded(openCard('companies', [shown, refusal]));
    press(card, 'Set the band by hand');
    fill(card, { band: 'red', reason: 'other', note: 'They were bought.' });
    card.find(Form).trigger('onSubmit');
    await card.waitFor(() => expect(card.find(Alert).props.title).toBe('You may not do this.'));
    expect(card.words()).toContain('Ask your admin for the role.');
    expect(card.find(TextArea).props.value).toBe('They were bought.');
  });

  it('can be taken back, styled as the loss that it is', async () => {
    const override = { band: 'red', reason: 'New management', until: '2026-04-01', by: null };
    const card = await loaded(openCard('companies', [{ body: answerAbout({ override }) }, { body: {} }, shown]));
    expect(card.find(LoadingButton).props.variant).toBe('destructive');
    press(card, 'Take back the band set by hand');
    await card.waitFor(() => expect(card.maybeFind(Alert)).toBeNull());
    expect(card.calls[1]).toMatchObject({
      url: 'https://app.holdfast.example/cards/hubspot/companies/17/override/end',
      method: 'POST',
    });
  });
});

it('no state of the card has more than one primary button', async () => {
  const card = await loaded(openCard('companies', [shown]));
  const primaries = (): number =>
    [...card.findAll(Button), ...card.findAll(LoadingButton)].filter((one) => one.props.variant === 'primary').length;
  expect(primaries()).toBe(0);
  for (const label of ['Set your pulse', 'Set the band by hand']) {
    press(card, label);
    expect(primaries()).toBe(1);
    press(card, 'Cancel');
  }
});

type Card = ReturnType<typeof openCard>;

async function loaded(card: Card): Promise<Card> {
  await card.waitFor(() => expect(card.maybeFind(LoadingSpinner)).toBeNull());
  return card;
}

function press(card: Card, label: string): void {
  const buttons = [...card.findAll(Button), ...card.findAll(LoadingButton)];
  const button = buttons.find((one) => one.text === label);
  if (button === undefined)
    throw new Error(`No button says '${label}', but: ${buttons.map((one) => one.text).join(', ')}`);
  button.trigger('onClick');
}

/** Fills the form for the band, as far as `values` go. */
function fill(
  card: Card,
  values: {
    readonly band?: string;
    readonly reason?: string;
    readonly note?: string;
    readonly until?: string;
  },
): void {
  if (values.band !== undefined) card.find(Select, { name: 'band' }).props.onChange?.(values.band);
  if (values.reason !== undefined) card.find(Select, { name: 'reason' }).props.onChange?.(values.reason);
  if (values.note !== undefined) card.find(TextArea).props.onChange?.(values.note);
  if (values.until === undefined) return;
  const [year = 0, month = 0, date = 0] = values.until.split('-').map(Number);
  card.find(DateInput).props.onChange?.({ year, month: month - 1, date });
}
