import ACCOUNT_SCORE from '@salesforce/schema/Account.Holdfast_Health_Score__c';
import ACCOUNT_BAND from '@salesforce/schema/Account.Holdfast_Health_Band__c';
import ACCOUNT_TREND from '@salesforce/schema/Account.Holdfast_Health_Trend__c';
import ACCOUNT_DELTA from '@salesforce/schema/Account.Holdfast_Health_Delta_28d__c';
import ACCOUNT_REASON from '@salesforce/schema/Account.Holdfast_Health_Reason__c';
import ACCOUNT_CONFIDENCE from '@salesforce/schema/Account.Holdfast_Health_Confidence__c';
import ACCOUNT_CHURN_RISK from '@salesforce/schema/Account.Holdfast_Churn_Risk__c';
import ACCOUNT_MODEL_STATUS from '@salesforce/schema/Account.Holdfast_Churn_Model_Status__c';
import ACCOUNT_RENEWS_ON from '@salesforce/schema/Account.Holdfast_Next_Renewal_Date__c';
import ACCOUNT_DECIDES_ON from '@salesforce/schema/Account.Holdfast_Decision_Date__c';
import ACCOUNT_RENEWAL_STATUS from '@salesforce/schema/Account.Holdfast_Renewal_Status__c';
import ACCOUNT_EXPANSION_BAND from '@salesforce/schema/Account.Holdfast_Expansion_Band__c';
import ACCOUNT_EXPANSION_REASON from '@salesforce/schema/Account.Holdfast_Expansion_Reason__c';
import ACCOUNT_CHAMPION from '@salesforce/schema/Account.Holdfast_Champion_Status__c';
import ACCOUNT_OPEN_PLAY from '@salesforce/schema/Account.Holdfast_Open_Play__c';
import ACCOUNT_SCORED_AT from '@salesforce/schema/Account.Holdfast_Last_Scored_At__c';
import ACCOUNT_OLDEST_INPUT_AT from '@salesforce/schema/Account.Holdfast_Data_As_Of__c';
import ACCOUNT_OVERRIDE_BAND from '@salesforce/schema/Account.Holdfast_Override_Band__c';
import ACCOUNT_OVERRIDE_UNTIL from '@salesforce/schema/Account.Holdfast_Override_Until__c';
import ACCOUNT_OVERRIDE_REASON from '@salesforce/schema/Account.Holdfast_Override_Reason__c';
import ACCOUNT_URL from '@salesforce/schema/Account.Holdfast_Record_URL__c';
import THEIR_SCORE from '@salesforce/schema/Opportunity.Account.Holdfast_Health_Score__c';
import THEIR_BAND from '@salesforce/schema/Opportunity.Account.Holdfast_Health_Band__c';
import THEIR_TREND from '@salesforce/schema/Opportunity.Account.Holdfast_Health_Trend__c';
import THEIR_DELTA from '@salesforce/schema/Opportunity.Account.Holdfast_Health_Delta_28d__c';
import THEIR_REASON from '@salesforce/schema/Opportunity.Account.Holdfast_Health_Reason__c';
import THEIR_CONFIDENCE from '@salesforce/schema/Opportunity.Account.Holdfast_Health_Confidence__c';
import THEIR_CHURN_RISK from '@salesforce/schema/Opportunity.Account.Holdfast_Churn_Risk__c';
import THEIR_MODEL_STATUS from '@salesforce/schema/Opportunity.Account.Holdfast_Churn_Model_Status__c';
import THEIR_RENEWS_ON from '@salesforce/schema/Opportunity.Account.Holdfast_Next_Renewal_Date__c';
import THEIR_DECIDES_ON from '@salesforce/schema/Opportunity.Account.Holdfast_Decision_Date__c';
import THEIR_RENEWAL_STATUS from '@salesforce/schema/Opportunity.Account.Holdfast_Renewal_Status__c';
import THEIR_EXPANSION_BAND from '@salesforce/schema/Opportunity.Account.Holdfast_Expansion_Band__c';
import THEIR_EXPANSION_REASON from '@salesforce/schema/Opportunity.Account.Holdfast_Expansion_Reason__c';
import THEIR_CHAMPION from '@salesforce/schema/Opportunity.Account.Holdfast_Champion_Status__c';
import THEIR_OPEN_PLAY from '@salesforce/schema/Opportunity.Account.Holdfast_Open_Play__c';
import THEIR_SCORED_AT from '@salesforce/schema/Opportunity.Account.Holdfast_Last_Scored_At__c';
import THEIR_OLDEST_INPUT_AT from '@salesforce/schema/Opportunity.Account.Holdfast_Data_As_Of__c';
import THEIR_OVERRIDE_BAND from '@salesforce/schema/Opportunity.Account.Holdfast_Override_Band__c';
import THEIR_OVERRIDE_UNTIL from '@salesforce/schema/Opportunity.Account.Holdfast_Override_Until__c';
import THEIR_OVERRIDE_REASON from '@salesforce/schema/Opportunity.Account.Holdfast_Override_Reason__c';
import THEIR_URL from '@salesforce/schema/Opportunity.Account.Holdfast_Record_URL__c';
import OPPORTUNITY_NEXT_ACTION from '@salesforce/schema/Opportunity.Holdfast_Next_Action__c';
import OPPORTUNITY_NEXT_ACTION_DUE from '@salesforce/schema/Opportunity.Holdfast_Next_Action_Due__c';
import OPPORTUNITY_PROBABILITY from '@salesforce/schema/Opportunity.Holdfast_Renewal_Probability__c';
import OPPORTUNITY_CATEGORY from '@salesforce/schema/Opportunity.Holdfast_Suggested_Category__c';
import OPPORTUNITY_STEP from '@salesforce/schema/Opportunity.Holdfast_Renewal_Step__c';
import OPPORTUNITY_RENEWAL_TYPE from '@salesforce/schema/Opportunity.Holdfast_Renewal_Type__c';

/** What is shown, and where it stands when the page is an account's. */
export const ON_ACCOUNT = {
  score: ACCOUNT_SCORE,
  band: ACCOUNT_BAND,
  trend: ACCOUNT_TREND,
  delta: ACCOUNT_DELTA,
  reason: ACCOUNT_REASON,
  confidence: ACCOUNT_CONFIDENCE,
  churnRisk: ACCOUNT_CHURN_RISK,
  modelStatus: ACCOUNT_MODEL_STATUS,
  renewsOn: ACCOUNT_RENEWS_ON,
  decidesOn: ACCOUNT_DECIDES_ON,
  renewalStatus: ACCOUNT_RENEWAL_STATUS,
  expansionBand: ACCOUNT_EXPANSION_BAND,
  expansionReason: ACCOUNT_EXPANSION_REASON,
  champion: ACCOUNT_CHAMPION,
  openPlay: ACCOUNT_OPEN_PLAY,
  scoredAt: ACCOUNT_SCORED_AT,
  oldestInputAt: ACCOUNT_OLDEST_INPUT_AT,
  overrideBand: ACCOUNT_OVERRIDE_BAND,
  overrideUntil: ACCOUNT_OVERRIDE_UNTIL,
  overrideReason: ACCOUNT_OVERRIDE_REASON,
  url: ACCOUNT_URL,
};

/** The same on an opportunity's page: its account's health, and what its own renewal says. */
export const ON_OPPORTUNITY = {
  score: THEIR_SCORE,
  band: THEIR_BAND,
  trend: THEIR_TREND,
  delta: THEIR_DELTA,
  reason: THEIR_REASON,
  confidence: THEIR_CONFIDENCE,
  churnRisk: THEIR_CHURN_RISK,
  modelStatus: THEIR_MODEL_STATUS,
  renewsOn: THEIR_RENEWS_ON,
  decidesOn: THEIR_DECIDES_ON,
  renewalStatus: THEIR_RENEWAL_STATUS,
  expansionBand: THEIR_EXPANSION_BAND,
  expansionReason: THEIR_EXPANSION_REASON,
  champion: THEIR_CHAMPION,
  openPlay: THEIR_OPEN_PLAY,
  scoredAt: THEIR_SCORED_AT,
  oldestInputAt: THEIR_OLDEST_INPUT_AT,
  overrideBand: THEIR_OVERRIDE_BAND,
  overrideUntil: THEIR_OVERRIDE_UNTIL,
  overrideReason: THEIR_OVERRIDE_REASON,
  url: THEIR_URL,
  nextAction: OPPORTUNITY_NEXT_ACTION,
  nextActionDue: OPPORTUNITY_NEXT_ACTION_DUE,
  probability: OPPORTUNITY_PROBABILITY,
  category: OPPORTUNITY_CATEGORY,
  step: OPPORTUNITY_STEP,
  renewalType: OPPORTUNITY_RENEWAL_TYPE,
};
