/** What our server answers for a healthy company in the middle of its term; `changes` are what a test is about. */
export function answerAbout(changes: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> {
  return {
    account: { id: '17', name: 'Acme', url: 'https://app.hubspot.com/contacts/1/record/0-2/17' },
    score: 71.4,
    band: 'green',
    own: null,
    trend: 'declining',
    change28d: -6,
    spans: { trendDays: 28, moverDays: 28, churnDays: 90 },
    confidence: 'high',
    coverage: 0.86,
    validation: { verdict: 'unvalidated', lacking: ['7 of 20 losses seen'] },
    reason: 'Usage is strong; two tickets are open for long.',
    drivers: [
      {
        title: 'Active users',
        because: '46 of 50 seats were used in the last 28 days',
        points: 12.4,
        source: 'usage',
        at: '2026-03-01T08:00:00Z',
      },
      {
        title: 'Open tickets',
        because: '2 tickets are open for more than 7 days',
        points: -8,
        source: 'support',
        at: null,
      },
    ],
    movers: [{ title: 'Open tickets', because: '2 tickets were opened on 10 February', points: -6 }],
    churn: { probability: 0.12, risk: 'low', status: 'calibrating' },
    renewal: {
      endsOn: '2026-06-30',
      decidesOn: '2026-05-31',
      status: 'in_window',
      nextAction: 'Agree on the goals of the next term',
      nextActionOn: '2026-03-20',
    },
    expansion: { score: 64, band: 'warm', reason: '92 % of the seats are used' },
    openTasks: [
      {
        subject: 'Prepare the renewal of Acme',
        dueOn: '2026-03-16',
        owner: 'Kim Lee',
        url: 'https://app.hubspot.com/contacts/1/record/0-27/5',
      },
    ],
    scoredAt: '2026-03-02T09:00:00Z',
    oldestInputAt: '2026-02-27T06:30:00Z',
    override: null,
    overrideProblem: null,
    overrideForm: {
      reasons: [
        { code: 'price', title: 'Price' },
        { code: 'known_plan', title: 'Known plan' },
      ],
      usualDays: 30,
      longestDays: 90,
    },
    pulse: null,
    version: '3',
    ...changes,
  };
}

/** What Holdfast last wrote on the company, as HubSpot hands it to a card. */
export const writtenOnCompany: Readonly<Record<string, string | null>> = {
  holdfast_health_score: '71.4',
  holdfast_health_band: 'green',
  holdfast_health_trend: 'declining',
  holdfast_health_reason: 'Usage is strong; two tickets are open for long.',
  holdfast_churn_risk: 'low',
  holdfast_churn_model_status: 'calibrating',
  holdfast_next_renewal_date: '2026-06-30',
  holdfast_decision_date: '2026-05-31',
  holdfast_renewal_status: 'in_window',
  holdfast_expansion_band: null,
  holdfast_last_scored_at: '2026-03-01T09:00:00Z',
};

/** What Holdfast last wrote on a renewal deal. */
export const writtenOnDeal: Readonly<Record<string, string | null>> = {
  holdfast_account_health_band: 'red',
  holdfast_risk_reason: 'adoption',
  holdfast_renewal_probability: '0.62',
  holdfast_renewal_type: 'auto_renew',
  holdfast_decision_date: '1780185600000',
  holdfast_updated_at: '2026-03-01T09:00:00Z',
};
