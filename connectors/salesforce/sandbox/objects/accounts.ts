import {
  address,
  checkbox,
  currency,
  date,
  datetime,
  defineField,
  int,
  longText,
  picklist,
  reference,
  text,
} from '../field-definition.ts';
import type { FieldDefinition } from '../field-definition.ts';
import { defineObject, idField, isDeletedField, ownerField, stampFields } from '../object-definition.ts';
import type { ObjectDefinition } from '../object-definition.ts';

const LEAD_SOURCES = ['Web', 'Phone Inquiry', 'Partner Referral', 'Purchased List', 'Other'];
const SALUTATIONS = ['Mr.', 'Ms.', 'Mrs.', 'Dr.', 'Prof.'];
// prettier-ignore
const INDUSTRIES = [
  'Agriculture', 'Apparel', 'Banking', 'Biotechnology', 'Chemicals', 'Communications', 'Construction', 'Consulting',
  'Education', 'Electronics', 'Energy', 'Engineering', 'Entertainment', 'Environmental', 'Finance', 'Food & Beverage',
  'Government', 'Healthcare', 'Hospitality', 'Insurance', 'Machinery', 'Manufacturing', 'Media', 'Not For Profit',
  'Recreation', 'Retail', 'Shipping', 'Technology', 'Telecommunications', 'Transportation', 'Utilities', 'Other',
];

const read = { access: 'read' } as const;
const email = (name: string, label: string): FieldDefinition => defineField(name, label, 'email', { length: 80 });
const phone = (name: string, label: string): FieldDefinition => defineField(name, label, 'phone', { length: 40 });

export const account: ObjectDefinition = defineObject(
  'Account',
  '001',
  'Account',
  [
    idField('Account'),
    isDeletedField(),
    reference('MasterRecordId', 'Master Record ID', ['Account'], read),
    text('Name', 'Account Name', 255, { required: true, isName: true, partOf: 'Name' }),
    picklist('Type', 'Account Type', [
      'Prospect',
      'Customer - Direct',
      'Customer - Channel',
      'Channel Partner / Reseller',
      'Installation Partner',
      'Technology Partner',
      'Other',
    ]),
    reference('ParentId', 'Parent Account ID', ['Account'], { childRelationshipName: 'ChildAccounts' }),
    ...address('Billing', 'Billing'),
    ...address('Shipping', 'Shipping'),
    phone('Phone', 'Account Phone'),
    phone('Fax', 'Account Fax'),
    text('AccountNumber', 'Account Number', 40),
    defineField('Website', 'Website', 'url', { length: 255 }),
    text('Sic', 'SIC Code', 20),
    picklist('Industry', 'Industry', INDUSTRIES),
    currency('AnnualRevenue', 'Annual Revenue', { scale: 0 }),
    int('NumberOfEmployees', 'Employees'),
    picklist('Ownership', 'Ownership', ['Public', 'Private', 'Subsidiary', 'Other']),
    text('TickerSymbol', 'Ticker Symbol', 20),
    longText('Description', 'Account Description'),
    picklist('Rating', 'Account Rating', ['Hot', 'Warm', 'Cold']),
    text('Site', 'Account Site', 80),
    ownerField(),
    ...stampFields(),
    date('LastActivityDate', 'Last Activity', read),
    datetime('LastViewedDate', 'Last Viewed Date', read),
    datetime('LastReferencedDate', 'Last Referenced Date', read),
    picklist('AccountSource', 'Account Source', LEAD_SOURCES),
  ],
  { mergeable: true },
);

/** What an account has on top when the org sells to people as well as to companies. */
export const personAccountFields: readonly FieldDefinition[] = [
  text('LastName', 'Last Name', 80, { partOf: 'Name' }),
  text('FirstName', 'First Name', 40, { partOf: 'Name' }),
  picklist('Salutation', 'Salutation', SALUTATIONS, { length: 40, partOf: 'Name' }),
  reference('PersonContactId', 'Contact ID', ['Contact'], read),
  checkbox('IsPersonAccount', 'Is Person Account', read),
  email('PersonEmail', 'Email'),
  text('PersonTitle', 'Title', 80),
  phone('PersonMobilePhone', 'Mobile'),
];

export const contact: ObjectDefinition = defineObject(
  'Contact',
  '003',
  'Contact',
  [
    idField('Contact'),
    isDeletedField(),
    reference('MasterRecordId', 'Master Record ID', ['Contact'], read),
    reference('AccountId', 'Account ID', ['Account'], { childRelationshipName: 'Contacts' }),
    text('LastName', 'Last Name', 80, { required: true, partOf: 'Name' }),
    text('FirstName', 'First Name', 40, { partOf: 'Name' }),
    picklist('Salutation', 'Salutation', SALUTATIONS, { length: 40, partOf: 'Name' }),
    text('Name', 'Full Name', 121, { ...read, isName: true, nillable: false }),
    ...address('Mailing', 'Mailing'),
    phone('Phone', 'Business Phone'),
    phone('Fax', 'Business Fax'),
    phone('MobilePhone', 'Mobile Phone'),
    reference('ReportsToId', 'Reports To ID', ['Contact']),
    email('Email', 'Email'),
    text('Title', 'Title', 128),
    text('Department', 'Department', 80),
    picklist('LeadSource', 'Lead Source', LEAD_SOURCES),
    date('Birthdate', 'Birthdate'),
    longText('Description', 'Contact Description'),
    ownerField(),
    checkbox('HasOptedOutOfEmail', 'Email Opt Out'),
    ...stampFields(),
    date('LastActivityDate', 'Last Activity', read),
    datetime('LastViewedDate', 'Last Viewed Date', read),
    datetime('LastReferencedDate', 'Last Referenced Date', read),
    text('EmailBouncedReason', 'Email Bounced Reason', 255),
    datetime('EmailBouncedDate', 'Email Bounced Date'),
    checkbox('IsEmailBounced', 'Is Email Bounced', { ...read, defaultedOnCreate: true }),
  ],
  { mergeable: true },
);

export const isPersonAccountOfContact: FieldDefinition = checkbox('IsPersonAccount', 'Is Person Account', read);

export const accountContactRelation: ObjectDefinition = defineObject(
  'AccountContactRelation',
  '07k',
  'Account Contact Relationship',
  [
    idField('Account Contact Relationship'),
    reference('AccountId', 'Account ID', ['Account'], {
      access: 'create',
      required: true,
      childRelationshipName: 'AccountContactRelations',
    }),
    reference('ContactId', 'Contact ID', ['Contact'], {
      access: 'create',
      required: true,
      childRelationshipName: 'AccountContactRelations',
    }),
    defineField('Roles', 'Roles', 'multipicklist', {
      length: 4_099,
      values: ['Business User', 'Decision Maker', 'Economic Buyer', 'Executive Sponsor', 'Influencer', 'Other'],
    }),
    checkbox('IsDirect', 'Direct', read),
    checkbox('IsActive', 'Active', { preset: true }),
    date('StartDate', 'Start Date'),
    date('EndDate', 'End Date'),
    ...stampFields(),
    isDeletedField(),
  ],
  { undeletable: false },
);
