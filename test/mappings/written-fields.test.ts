import { describe, expect, it } from 'vitest';
import type { WrittenEntity } from '../../src/core/mapping/mapping.ts';
import { findOwnField } from '../../src/core/mapping/own-fields.ts';
import { snoozeFieldsOf } from '../../src/core/mapping/task-words.ts';
import { defaultOverrideReasons } from '../../src/core/scoring/override-reasons.ts';
import { mappingOf } from './mapping-files.ts';

/** Every field that Holdfast brings: HubSpot's name and type, Salesforce's, and whether it is in the core set. */
interface Expected {
  readonly label: string;
  readonly hubspot: readonly [name: string, type: string];
  readonly salesforce: readonly [name: string, type: string];
  readonly core?: true;
  /** People fill it; it is never written. */
  readonly people?: true;
  readonly unique?: true;
  readonly options?: readonly string[];
}

const BANDS = ['green', 'yellow', 'red', 'grey'];
const CALLS = ['good', 'at_risk', 'monitor'];
const REASONS = [
  'payment',
  'closure',
  'onboarding',
  'adoption',
  'value',
  'product_gap',
  'support',
  'relationship',
  'price',
  'competitor',
  'strategy_change',
  'budget',
  'merger',
  'bad_fit',
  'unknown',
];

/** A field of the same type in both CRMs. */
const both = (
  label: string,
  type: string,
  hubspot: string,
  salesforce: string,
  more: Partial<Expected> = {},
): Expected => ({ label, hubspot: [hubspot, type], salesforce: [salesforce, type], ...more });
const choice = (
  label: string,
  hubspot: string,
  salesforce: string,
  options: readonly string[],
  more: Partial<Expected> = {},
): Expected => both(label, 'enumeration', hubspot, salesforce, { options, ...more });
/** A long text in HubSpot, at most 255 characters in Salesforce. */
const reason = (label: string, hubspot: string, salesforce: string, more: Partial<Expected> = {}): Expected => ({
  label,
  hubspot: [hubspot, 'long-text'],
  salesforce: [salesforce, 'text'],
  ...more,
});
const core = { core: true } as const;
const people = { people: true } as const;

const FIELDS: Readonly<Record<WrittenEntity, readonly Expected[]>> = {
  account: [
    both('Health score', 'number', 'holdfast_health_score', 'Holdfast_Health_Score__c', core),
    choice('Health band', 'holdfast_health_band', 'Holdfast_Health_Band__c', BANDS, core),
    choice(
      'Health trend (28 days)',
      'holdfast_health_trend',
      'Holdfast_Health_Trend__c',
      ['improving', 'stable', 'declining', 'sharp_decline'],
      core,
    ),
    both('Health change (28 days)', 'number', 'holdfast_health_delta_28d', 'Holdfast_Health_Delta_28d__c'),
    reason('Why this health score', 'holdfast_health_reason', 'Holdfast_Health_Reason__c', core),
    both('Health drivers', 'long-text', 'holdfast_health_drivers', 'Holdfast_Health_Drivers__c'),
    choice(
      'Score confidence',
      'holdfast_health_confidence',
      'Holdfast_Health_Confidence__c',
      ['high', 'medium', 'low', 'none'],
      core,
    ),
    both('Data coverage', 'percent', 'holdfast_data_coverage', 'Holdfast_Data_Coverage__c'),
    both('Scoring profile', 'text', 'holdfast_health_profile', 'Holdfast_Health_Profile__c'),
    both('Score limits in force', 'multi-enumeration', 'holdfast_active_caps', 'Holdfast_Active_Caps__c', {
      options: [
        'cancellation_notice',
        'champion_departed',
        'zero_usage',
        'urgent_ticket',
        'escalation',
        'overdue',
        'low_coverage',
      ],
    }),
    both('Usage score', 'number', 'holdfast_usage_score', 'Holdfast_Usage_Score__c'),
    both('Relationship score', 'number', 'holdfast_relationship_score', 'Holdfast_Relationship_Score__c'),
    both('Support score', 'number', 'holdfast_support_score', 'Holdfast_Support_Score__c'),
    both('Sentiment score', 'number', 'holdfast_sentiment_score', 'Holdfast_Sentiment_Score__c'),
    both('Commercial score', 'number', 'holdfast_commercial_score', 'Holdfast_Commercial_Score__c'),
    both('Outcome score', 'number', 'holdfast_outcome_score', 'Holdfast_Outcome_Score__c'),
    both(
      'Churn probability (90 days)',
      'percent',
      'holdfast_churn_probability_90d',
      'Holdfast_Churn_Prob_90d__c',
      core,
    ),
    choice('Churn risk', 'holdfast_churn_risk', 'Holdfast_Churn_Risk__c', ['high', 'medium', 'low', 'unknown'], core),
    choice('Model status', 'holdfast_churn_model_status', 'Holdfast_Churn_Model_Status__c', [
      'cold_start',
      'calibrating',
      'validated',
      'degraded',
    ]),
    both('ARR at risk', 'currency', 'holdfast_arr_at_risk', 'Holdfast_ARR_At_Risk__c'),
    both('Save priority', 'number', 'holdfast_save_priority', 'Holdfast_Save_Priority__c'),
    choice('Primary risk reason', 'holdfast_risk_reason', 'Holdfast_Risk_Reason__c', REASONS),
    both('Next renewal date', 'date', 'holdfast_next_renewal_date', 'Holdfast_Next_Renewal_Date__c', core),
    both('Decision date', 'date', 'holdfast_decision_date', 'Holdfast_Decision_Date__c', core),
    choice('Renewal status', 'holdfast_renewal_status', 'Holdfast_Renewal_Status__c', [
      'not_due',
      'in_window',
      'on_track',
      'late',
      'at_risk',
      'renewed',
      'lost',
    ]),
    both('Expansion score', 'number', 'holdfast_expansion_score', 'Holdfast_Expansion_Score__c', core),
    choice('Expansion readiness', 'holdfast_expansion_band', 'Holdfast_Expansion_Band__c', [
      'hot',
      'warm',
      'cold',
      'blocked',
    ]),
    reason('Expansion reason or blocker', 'holdfast_expansion_reason', 'Holdfast_Expansion_Reason__c'),
    both('Expected expansion value', 'currency', 'holdfast_expected_expansion_value', 'Holdfast_Expected_Expansion__c'),
    both('Seat utilisation', 'percent', 'holdfast_seat_utilization', 'Holdfast_Seat_Utilization__c'),
    choice('Champion status', 'holdfast_champion_status', 'Holdfast_Champion_Status__c', [
      'active',
      'quiet',
      'departed',
      'replaced',
      'unknown',
    ]),
    both('Last two-way contact', 'datetime', 'holdfast_last_customer_contact', 'Holdfast_Last_Customer_Contact__c'),
    choice('Manual band', 'holdfast_override_band', 'Holdfast_Override_Band__c', ['green', 'yellow', 'red'], people),
    both('Manual band until', 'date', 'holdfast_override_until', 'Holdfast_Override_Until__c', people),
    both('Manual band by', 'text', 'holdfast_override_by', 'Holdfast_Override_By__c', people),
    both('Manual band because', 'text', 'holdfast_override_reason', 'Holdfast_Override_Reason__c', people),
    choice('CSM pulse', 'holdfast_csm_pulse', 'Holdfast_CSM_Pulse__c', ['1', '2', '3', '4', '5'], people),
    both('Open play', 'text', 'holdfast_open_play', 'Holdfast_Open_Play__c'),
    both('In this band since', 'date', 'holdfast_band_since', 'Holdfast_Band_Since__c'),
    both('Scored at', 'datetime', 'holdfast_last_scored_at', 'Holdfast_Last_Scored_At__c', core),
    both('Oldest input as of', 'datetime', 'holdfast_data_as_of', 'Holdfast_Data_As_Of__c', core),
    both('Model version', 'text', 'holdfast_model_version', 'Holdfast_Model_Version__c'),
    both('Open in Holdfast', 'url', 'holdfast_record_url', 'Holdfast_Record_URL__c'),
  ],
  deal: [
    both('Holdfast key', 'text', 'holdfast_key', 'Holdfast_Key__c', { core: true, unique: true }),
    both('Term', 'text', 'holdfast_term_id', 'Holdfast_Term_Id__c', core),
    both('Prior contract', 'text', 'holdfast_prior_contract_id', 'Holdfast_Prior_Contract__c'),
    choice(
      'Renewal type',
      'holdfast_renewal_type',
      'Holdfast_Renewal_Type__c',
      ['manual', 'auto_renew', 'multi_year', 'co_term', 'monthly'],
      core,
    ),
    both('Decision date', 'date', 'holdfast_decision_date', 'Holdfast_Decision_Date__c', core),
    both('Paper deadline', 'date', 'holdfast_paper_deadline', 'Holdfast_Paper_Deadline__c'),
    both('Renewal target ARR', 'currency', 'holdfast_target_arr', 'Holdfast_Target_ARR__c', core),
    both('Renewal probability', 'percent', 'holdfast_renewal_probability', 'Holdfast_Renewal_Probability__c', core),
    both('Expected renewal ARR', 'currency', 'holdfast_forecast_amount', 'Holdfast_Forecast_Amount__c'),
    choice(
      'Suggested forecast category',
      'holdfast_suggested_category',
      'Holdfast_Suggested_Category__c',
      ['omitted', 'pipeline', 'best_case', 'most_likely', 'commit', 'closed'],
      core,
    ),
    choice('CSM call', 'holdfast_csm_call', 'Holdfast_CSM_Call__c', CALLS, people),
    choice('Final call', 'holdfast_final_call', 'Holdfast_Final_Call__c', CALLS, people),
    both('System and CSM disagree', 'boolean', 'holdfast_call_disagreement', 'Holdfast_Call_Disagreement__c'),
    choice(
      'Current step',
      'holdfast_renewal_step',
      'Holdfast_Renewal_Step__c',
      ['R0', 'R1', 'R2', 'R3', 'R4', 'R5', 'R6', 'R7', 'R8', 'R9', 'A1', 'A2'],
      core,
    ),
    both('Late steps', 'number', 'holdfast_steps_late', 'Holdfast_Steps_Late__c'),
    both('Next action', 'text', 'holdfast_next_action', 'Holdfast_Next_Action__c'),
    both('Next action due', 'date', 'holdfast_next_action_due', 'Holdfast_Next_Action_Due__c'),
    both('Health 90 days before', 'number', 'holdfast_health_at_t90', 'Holdfast_Health_At_T90__c'),
    choice('Account health band', 'holdfast_account_health_band', 'Holdfast_Account_Health_Band__c', BANDS),
    choice('Primary risk reason', 'holdfast_risk_reason', 'Holdfast_Risk_Reason__c', REASONS),
    choice(
      'Outcome',
      'holdfast_renewal_outcome',
      'Holdfast_Renewal_Outcome__c',
      ['renewed_flat', 'renewed_up', 'renewed_down', 'churned', 'superseded'],
      core,
    ),
    choice('Timing', 'holdfast_on_time', 'Holdfast_On_Time__c', ['early', 'on_time', 'late']),
    choice('Churn type', 'holdfast_churn_type', 'Holdfast_Churn_Type__c', [
      'involuntary',
      'avoidable',
      'inevitable',
      'unknown',
    ]),
    choice('Churn reason', 'holdfast_churn_reason', 'Holdfast_Churn_Reason__c', REASONS),
    choice('Expansion type', 'holdfast_expansion_type', 'Holdfast_Expansion_Type__c', [
      'seats',
      'usage',
      'tier',
      'cross_sell',
      'price',
    ]),
    both('Evidence', 'long-text', 'holdfast_expansion_evidence', 'Holdfast_Expansion_Evidence__c'),
    both('Created by Holdfast', 'boolean', 'holdfast_created', 'Holdfast_Created__c'),
    both('Holdfast updated', 'datetime', 'holdfast_updated_at', 'Holdfast_Updated_At__c', core),
  ],
  task: [
    both('Holdfast key', 'text', 'holdfast_key', 'Holdfast_Key__c', core),
    both('Play', 'text', 'holdfast_play', 'Holdfast_Play__c', core),
    both('Step', 'text', 'holdfast_step', 'Holdfast_Step__c', core),
    both('Snooze until', 'date', 'holdfast_snooze_until', 'Holdfast_Snooze_Until__c', people),
    both('Snooze because', 'text', 'holdfast_snooze_reason', 'Holdfast_Snooze_Reason__c', people),
    choice('Outcome', 'holdfast_outcome', 'Holdfast_Outcome__c', [
      'resolved',
      'recovered',
      'done',
      'dismissed',
      'superseded',
      'snoozed',
      'switched-off',
      'expired',
      'left',
    ]),
  ],
  contact: [
    choice('Stakeholder role', 'holdfast_stakeholder_role', 'Holdfast_Stakeholder_Role__c', [
      'champion',
      'exec_sponsor',
      'economic_buyer',
      'admin',
      'user',
      'billing',
    ]),
    choice('Stakeholder status', 'holdfast_stakeholder_status', 'Holdfast_Stakeholder_Status__c', [
      'active',
      'quiet',
      'departed',
      'unknown',
    ]),
    both('Last two-way contact', 'datetime', 'holdfast_last_two_way_at', 'Holdfast_Last_Two_Way_At__c'),
  ],
};

describe.each(['hubspot', 'salesforce'] as const)('the fields that Holdfast brings to %s', (crm) => {
  const mapping = mappingOf(crm);

  it.each(Object.keys(FIELDS) as WrittenEntity[])('on every %s are these, as both CRMs have them', (entity) => {
    const brought = mapping.writeBack[entity].map((field) => ({
      name: field.name,
      type: field.type,
      label: field.label,
      core: field.isCore,
      unique: field.isUnique,
      // What has no value is marked as people's: the parser refuses a field that has neither.
      people: field.value === null,
      options: field.options.map(({ value }) => value),
    }));
    const expected = FIELDS[entity].map((field) => ({
      name: field[crm][0],
      type: field[crm][1],
      label: field.label,
      core: field.core ?? false,
      unique: field.unique ?? false,
      people: field.people ?? false,
      options: field.options ?? [],
    }));
    const byName = (a: { readonly name: string }, b: { readonly name: string }) => (a.name < b.name ? -1 : 1);
    expect(brought.sort(byName)).toEqual(expected.sort(byName));
  });

  it('are at most 14 on a company in the core set', () => {
    expect(mapping.writeBack.account.filter(({ isCore }) => isCore).length).toBeLessThanOrEqual(14);
  });

  it('tell whoever sets a band by hand which reasons there are, and in which form', () => {
    const field = mapping.writeBack.account.find(({ label }) => label === 'Manual band because');
    const titles = defaultOverrideReasons.map(({ title }) => title);
    expect(field?.description).toContain(` ${titles.join(', ')}.`);
    expect(field?.description).toContain("'Price: they want a tenth off'");
  });

  it('hold shares as the CRM counts them', () => {
    const shares = [...mapping.writeBack.account, ...mapping.writeBack.deal].filter(({ type }) => type === 'percent');
    expect(new Set(shares.map(({ scale }) => scale))).toEqual(new Set([crm === 'hubspot' ? 'fraction' : 'percent']));
  });

  it('hold what a person puts off a renewal by, under names that can be chosen', () => {
    const [object, until, because] =
      crm === 'hubspot'
        ? ['tasks', 'holdfast_snooze_until', 'holdfast_snooze_reason']
        : ['Task', 'Holdfast_Snooze_Until__c', 'Holdfast_Snooze_Reason__c'];
    const named = snoozeFieldsOf(mapping);
    expect(named).toEqual([`${object}.${until}`, `${object}.${because}`]);
    expect(named.map((name) => findOwnField(mapping, name))).toEqual(named);
  });

  it('never make a write by a moment alone, but for that of a contact who answered, whose other values do not move', () => {
    const all = Object.values(mapping.writeBack).flatMap((fields) => (Array.isArray(fields) ? fields : []));
    const moments = all.filter(({ type, value }) => type === 'datetime' && value !== null);
    expect(moments.length).toBeGreaterThan(4);
    const named = moments.filter(({ writeWhen }) => writeWhen !== 'stamp').map(({ value }) => value);
    expect(named).toEqual(['stakeholder.lastTwoWayAt']);
  });
});

describe('a field is written', () => {
  /** By entity and what it shows; a share in points, as HubSpot counts it in fractions. */
  const whenOf = (crm: 'hubspot' | 'salesforce') =>
    Object.fromEntries(
      (Object.keys(FIELDS) as WrittenEntity[]).flatMap((entity) =>
        mappingOf(crm).writeBack[entity].flatMap(({ value, type, scale, writeWhen: when }) => {
          if (value === null) return [];
          const isFraction = type === 'percent' && scale === 'fraction' && typeof when === 'object';
          const inPoints = isFraction && 'threshold' in when ? { threshold: when.threshold * 100 } : when;
          return [[`${entity} ${value}`, inPoints]];
        }),
      ),
    );

  it('for the same reason in both CRMs', () => {
    expect(whenOf('salesforce')).toEqual(whenOf('hubspot'));
  });

  it('when a band, a trend, a risk or a date is another, when a score moved by two, when the reasons are others', () => {
    const when = whenOf('hubspot');
    for (const name of ['health.band', 'health.trend', 'churn.risk', 'renewal.endOn', 'renewal.decisionOn']) {
      expect(when[`account ${name}`], name).toBe('changed');
    }
    for (const name of ['score', 'usage', 'relationship', 'support', 'sentiment', 'commercial', 'outcome']) {
      expect(when[`account health.${name}`], name).toEqual({ threshold: 2 });
    }
    expect(when['account health.reason']).toBe('reworded');
    expect(when['account asOf']).toBe('stamp');
    expect(when['account dataAsOf']).toBe('stamp');
  });
});
