import {
  address,
  checkbox,
  currency,
  date,
  datetime,
  int,
  longText,
  number,
  percent,
  picklist,
  reference,
  text,
} from '../field-definition.ts';
import { defineObject, idField, isDeletedField, ownerField, stampFields } from '../object-definition.ts';
import type { ObjectDefinition } from '../object-definition.ts';

const read = { access: 'read' } as const;

export const FORECAST_CATEGORIES = ['Omitted', 'Pipeline', 'Best Case', 'Commit', 'Closed'];

/** A stage as the org's setup has it. */
export interface StageSetup {
  readonly name: string;
  readonly isClosed: boolean;
  readonly isWon: boolean;
  /** 0 to 100. */
  readonly probability: number;
  readonly forecastCategory: string;
}

const open = (name: string, probability: number, forecastCategory = 'Pipeline'): StageSetup => ({
  name,
  isClosed: false,
  isWon: false,
  probability,
  forecastCategory,
});

/** The stages of a new org, in the order in which opportunities pass them. */
export const opportunityStages: readonly StageSetup[] = [
  open('Prospecting', 10),
  open('Qualification', 10),
  open('Needs Analysis', 20),
  open('Value Proposition', 50),
  open('Id. Decision Makers', 60),
  open('Perception Analysis', 70),
  open('Proposal/Price Quote', 75),
  open('Negotiation/Review', 90, 'Best Case'),
  { name: 'Closed Won', isClosed: true, isWon: true, probability: 100, forecastCategory: 'Closed' },
  { name: 'Closed Lost', isClosed: true, isWon: false, probability: 0, forecastCategory: 'Omitted' },
];

export const opportunity: ObjectDefinition = defineObject(
  'Opportunity',
  '006',
  'Opportunity',
  [
    idField('Opportunity'),
    isDeletedField(),
    reference('AccountId', 'Account ID', ['Account'], { childRelationshipName: 'Opportunities' }),
    checkbox('IsPrivate', 'Private'),
    text('Name', 'Name', 120, { required: true, isName: true }),
    longText('Description', 'Description'),
    picklist(
      'StageName',
      'Stage',
      opportunityStages.map(({ name }) => name),
      { required: true },
    ),
    currency('Amount', 'Amount'),
    percent('Probability', 'Probability (%)', [3, 0], { defaultedOnCreate: true }),
    currency('ExpectedRevenue', 'Expected Amount', read),
    number('TotalOpportunityQuantity', 'Quantity', [16, 2]),
    date('CloseDate', 'Close Date', { required: true }),
    picklist('Type', 'Opportunity Type', [
      'Existing Customer - Upgrade',
      'Existing Customer - Replacement',
      'Existing Customer - Downgrade',
      'New Customer',
    ]),
    text('NextStep', 'Next Step', 255),
    picklist('LeadSource', 'Lead Source', ['Web', 'Phone Inquiry', 'Partner Referral', 'Purchased List', 'Other']),
    checkbox('IsClosed', 'Closed', read),
    checkbox('IsWon', 'Won', read),
    picklist(
      'ForecastCategory',
      'Forecast Category',
      ['Omitted', 'Pipeline', 'BestCase', 'MostLikely', 'Forecast', 'Closed'],
      { ...read, length: 40, isRestricted: true, nillable: false },
    ),
    picklist('ForecastCategoryName', 'Forecast Category', FORECAST_CATEGORIES, {
      isRestricted: true,
      defaultedOnCreate: true,
    }),
    checkbox('HasOpportunityLineItem', 'Has Line Item', read),
    reference('ContractId', 'Contract ID', ['Contract']),
    ownerField(),
    ...stampFields(),
    date('LastActivityDate', 'Last Activity', read),
    datetime('LastStageChangeDate', 'Last Stage Change Date', read),
    int('FiscalQuarter', 'Fiscal Quarter', { ...read, partOf: 'Fiscal' }),
    int('FiscalYear', 'Fiscal Year', { ...read, partOf: 'Fiscal' }),
    text('Fiscal', 'Fiscal Period', 6, read),
    datetime('LastViewedDate', 'Last Viewed Date', read),
    datetime('LastReferencedDate', 'Last Referenced Date', read),
  ],
  { labelPlural: 'Opportunities' },
);

export const opportunityContactRole: ObjectDefinition = defineObject(
  'OpportunityContactRole',
  '00K',
  'Opportunity Contact Role',
  [
    idField('Contact Role'),
    reference('OpportunityId', 'Opportunity ID', ['Opportunity'], {
      access: 'create',
      required: true,
      childRelationshipName: 'OpportunityContactRoles',
    }),
    reference('ContactId', 'Contact ID', ['Contact'], {
      required: true,
      childRelationshipName: 'OpportunityContactRoles',
    }),
    picklist(
      'Role',
      'Role',
      [
        'Business User',
        'Decision Maker',
        'Economic Buyer',
        'Economic Decision Maker',
        'Evaluator',
        'Executive Sponsor',
        'Influencer',
        'Technical Buyer',
        'Other',
      ],
      { length: 40 },
    ),
    checkbox('IsPrimary', 'Primary'),
    ...stampFields(),
    isDeletedField(),
  ],
  { labelPlural: 'Opportunity Contact Role', undeletable: false },
);

/** Contract statuses with the fixed code that Salesforce puts each of them under. */
export const contractStatuses: Readonly<Record<string, string>> = {
  Draft: 'Draft',
  'In Approval Process': 'InApproval',
  Activated: 'Activated',
  Expired: 'Expired',
  Terminated: 'Terminated',
};

export const contract: ObjectDefinition = defineObject('Contract', '800', 'Contract', [
  idField('Contract'),
  isDeletedField(),
  reference('AccountId', 'Account ID', ['Account'], { required: true, childRelationshipName: 'Contracts' }),
  picklist('OwnerExpirationNotice', 'Owner Expiration Notice', ['15', '30', '45', '60', '90', '120'], { length: 40 }),
  date('StartDate', 'Contract Start Date'),
  date('EndDate', 'Contract End Date'),
  ...address('Billing', 'Billing'),
  int('ContractTerm', 'Contract Term'),
  ownerField(),
  picklist('Status', 'Status', Object.keys(contractStatuses), { length: 40, preset: 'Draft', nillable: false }),
  picklist('StatusCode', 'Status Category', Object.values(contractStatuses), {
    ...read,
    length: 40,
    isRestricted: true,
    nillable: false,
  }),
  date('CustomerSignedDate', 'Customer Signed Date'),
  date('CompanySignedDate', 'Company Signed Date'),
  longText('SpecialTerms', 'Special Terms', 4_000),
  longText('Description', 'Description'),
  datetime('ActivatedDate', 'Activated Date'),
  text('ContractNumber', 'Contract Number', 30, { ...read, isName: true, nillable: false, made: 'by-numbering' }),
  ...stampFields(),
  date('LastActivityDate', 'Last Activity', read),
]);

export const asset: ObjectDefinition = defineObject('Asset', '02i', 'Asset', [
  idField('Asset'),
  isDeletedField(),
  reference('ContactId', 'Contact ID', ['Contact'], { childRelationshipName: 'Assets' }),
  reference('AccountId', 'Account ID', ['Account'], { childRelationshipName: 'Assets' }),
  text('Name', 'Asset Name', 255, { required: true, isName: true }),
  text('SerialNumber', 'Serial Number', 80),
  date('InstallDate', 'Install Date'),
  date('PurchaseDate', 'Purchase Date'),
  date('UsageEndDate', 'Usage End Date'),
  picklist('Status', 'Status', ['Shipped', 'Installed', 'Registered', 'Obsolete', 'Purchased'], { length: 40 }),
  currency('Price', 'Price'),
  number('Quantity', 'Quantity', [10, 2]),
  longText('Description', 'Description'),
  checkbox('IsCompetitorProduct', 'Competitor Asset'),
  ownerField(),
  ...stampFields(),
]);
