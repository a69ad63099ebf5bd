import { checkbox, currency, date, datetime, number, picklist, reference, text } from './field-definition.ts';
import type { FieldDefinition } from './field-definition.ts';

/** Not a checkbox: a checkbox cannot say that nobody knows. */
const autoRenew = picklist('Auto_Renew__c', 'Auto-Renew', ['Yes', 'No']);
const noticeDays = number('Notice_Period_Days__c', 'Notice Period (Days)', [4, 0]);
const arr = currency('ARR__c', 'ARR');
const startDate = date('Contract_Start_Date__c', 'Contract Start Date');

const accountFields: readonly FieldDefinition[] = [
  picklist('Segment__c', 'Segment', ['Enterprise', 'Mid-Market', 'SMB']),
  reference('Customer_Success_Manager__c', 'Customer Success Manager', ['User']),
  arr,
  number('Seats_Purchased__c', 'Seats Purchased', [8, 0]),
  number('Seats_Used__c', 'Seats Used', [8, 0]),
  date('Cancellation_Notice_Date__c', 'Cancellation Notice Received'),
  number('Days_Overdue__c', 'Oldest Invoice Overdue (Days)', [5, 0]),
];

/** What an account carries in an org that keeps no contracts. */
const termFieldsOfAccount: readonly FieldDefinition[] = [
  startDate,
  date('Renewal_Date__c', 'Renewal Date'),
  number('Contract_Term_Months__c', 'Contract Term (Months)', [4, 0]),
  autoRenew,
  noticeDays,
];

/** What the admin of the sandbox org has added, by where the org keeps its terms. */
export function customFields(termsIn: 'contracts' | 'accounts'): Readonly<Record<string, readonly FieldDefinition[]>> {
  return {
    Account: termsIn === 'accounts' ? [...accountFields, ...termFieldsOfAccount] : accountFields,
    Contact: [
      picklist('Stakeholder_Role__c', 'Stakeholder Role', [
        'Champion',
        'Executive Sponsor',
        'Economic Buyer',
        'Admin',
        'User',
        'Billing',
      ]),
      checkbox('No_Longer_at_Company__c', 'No Longer at Company'),
      datetime('Last_Reply_Date__c', 'Last Reply'),
    ],
    Opportunity: [
      startDate,
      date('Contract_End_Date__c', 'Contract End Date'),
      arr,
      number('Seats__c', 'Seats', [8, 0]),
      autoRenew,
      noticeDays,
      text('Loss_Reason__c', 'Loss Reason', 255),
    ],
    Contract: [autoRenew, noticeDays],
    Case: [number('CSAT__c', 'CSAT (1–5)', [1, 0])],
    Activity: [
      picklist('Direction__c', 'Direction', ['Inbound', 'Outbound']),
      picklist('Meeting_Outcome__c', 'Meeting Outcome', ['Completed', 'No Show', 'Canceled', 'Scheduled']),
    ],
  };
}

/** Values that the admin added to Salesforce's own picklists. */
export const addedPicklistValues: Readonly<Record<string, readonly string[]>> = {
  'Account.Type': ['Former Customer'],
  'Opportunity.Type': ['Renewal'],
  'Case.Priority': ['Urgent'],
  'Case.Type': ['Product', 'Billing', 'Feature Request', 'General'],
  'Task.Type': ['Email', 'Note'],
};
