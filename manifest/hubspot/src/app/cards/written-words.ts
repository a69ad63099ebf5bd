// Made from mappings/hubspot/write-back.json by `node manifest/hubspot/generate.ts`: change it there.

/** A property that Holdfast writes, with the words that the record shows. */
export interface WrittenProperty {
  readonly name: string;
  readonly label: string;
  readonly type: string;
  /** For choices: the label of each stored value. */
  readonly options: Readonly<Record<string, string>>;
}

/** What a card shows while our server is out of reach, in this order. */
export const writtenProperties: Readonly<Record<'companies' | 'deals', readonly WrittenProperty[]>> = {
  companies: [
    { name: 'holdfast_health_score', label: 'Health score', type: 'number', options: {} },
    {
      name: 'holdfast_health_band',
      label: 'Health band',
      type: 'enumeration',
      options: { green: 'Green', yellow: 'Yellow', red: 'Red', grey: 'Grey (too little is known)' },
    },
    {
      name: 'holdfast_health_trend',
      label: 'Health trend (28 days)',
      type: 'enumeration',
      options: { improving: 'Improving', stable: 'Stable', declining: 'Declining', sharp_decline: 'Sharp decline' },
    },
    { name: 'holdfast_health_reason', label: 'Why this health score', type: 'long-text', options: {} },
    {
      name: 'holdfast_churn_risk',
      label: 'Churn risk',
      type: 'enumeration',
      options: { high: 'High', medium: 'Medium', low: 'Low', unknown: 'Unknown' },
    },
    {
      name: 'holdfast_churn_model_status',
      label: 'Model status',
      type: 'enumeration',
      options: { cold_start: 'Cold start', calibrating: 'Calibrating', validated: 'Validated', degraded: 'Degraded' },
    },
    { name: 'holdfast_next_renewal_date', label: 'Next renewal date', type: 'date', options: {} },
    { name: 'holdfast_decision_date', label: 'Decision date', type: 'date', options: {} },
    {
      name: 'holdfast_renewal_status',
      label: 'Renewal status',
      type: 'enumeration',
      options: {
        not_due: 'Not due',
        in_window: 'In window',
        on_track: 'On track',
        late: 'Late',
        at_risk: 'At risk',
        renewed: 'Renewed',
        lost: 'Lost',
      },
    },
    {
      name: 'holdfast_expansion_band',
      label: 'Expansion readiness',
      type: 'enumeration',
      options: { hot: 'Hot', warm: 'Warm', cold: 'Cold', blocked: 'Blocked' },
    },
    { name: 'holdfast_last_scored_at', label: 'Scored at', type: 'datetime', options: {} },
  ],
  deals: [
    {
      name: 'holdfast_account_health_band',
      label: 'Account health band',
      type: 'enumeration',
      options: { green: 'Green', yellow: 'Yellow', red: 'Red', grey: 'Grey (too little is known)' },
    },
    {
      name: 'holdfast_risk_reason',
      label: 'Primary risk reason',
      type: 'enumeration',
      options: {
        payment: 'Payment',
        closure: 'Business closed',
        onboarding: 'Onboarding',
        adoption: 'Adoption',
        value: 'Value',
        product_gap: 'Product gap',
        support: 'Quality and support',
        relationship: 'Relationship',
        price: 'Price',
        competitor: 'Competitor',
        strategy_change: 'Change of strategy',
        budget: 'Budget',
        merger: 'Merger or acquisition',
        bad_fit: 'Bad fit',
        unknown: 'Unknown',
      },
    },
    { name: 'holdfast_renewal_probability', label: 'Renewal probability', type: 'percent', options: {} },
    {
      name: 'holdfast_renewal_type',
      label: 'Renewal type',
      type: 'enumeration',
      options: {
        manual: 'Manual',
        auto_renew: 'Renews by itself',
        multi_year: 'Multi-year',
        co_term: 'Together with another',
        monthly: 'Monthly',
      },
    },
    { name: 'holdfast_decision_date', label: 'Decision date', type: 'date', options: {} },
    { name: 'holdfast_updated_at', label: 'Holdfast updated', type: 'datetime', options: {} },
  ],
};

type Words = Readonly<Record<string, string>>;

/** The words for each value that our server answers with. */
export const words: Readonly<
  Record<
    | 'band'
    | 'trend'
    | 'confidence'
    | 'churnRisk'
    | 'churnModel'
    | 'renewalStatus'
    | 'expansionBand'
    | 'pulse'
    | 'overrideBand',
    Words
  >
> = {
  band: { green: 'Green', yellow: 'Yellow', red: 'Red', grey: 'Grey (too little is known)' },
  trend: { improving: 'Improving', stable: 'Stable', declining: 'Declining', sharp_decline: 'Sharp decline' },
  confidence: { high: 'High', medium: 'Medium', low: 'Low', none: 'None' },
  churnRisk: { high: 'High', medium: 'Medium', low: 'Low', unknown: 'Unknown' },
  churnModel: { cold_start: 'Cold start', calibrating: 'Calibrating', validated: 'Validated', degraded: 'Degraded' },
  renewalStatus: {
    not_due: 'Not due',
    in_window: 'In window',
    on_track: 'On track',
    late: 'Late',
    at_risk: 'At risk',
    renewed: 'Renewed',
    lost: 'Lost',
  },
  expansionBand: { hot: 'Hot', warm: 'Warm', cold: 'Cold', blocked: 'Blocked' },
  pulse: { '1': '1 – at risk', '2': '2 – worried', '3': '3 – neutral', '4': '4 – good', '5': '5 – excellent' },
  overrideBand: { green: 'Green', yellow: 'Yellow', red: 'Red' },
};
