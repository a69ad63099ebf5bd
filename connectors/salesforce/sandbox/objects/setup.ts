import {
  checkbox,
  datetime,
  defineField,
  int,
  longText,
  number,
  percent,
  picklist,
  reference,
  text,
} from '../field-definition.ts';
import type { FieldDefinition } from '../field-definition.ts';
import { defineObject, idField, stampFields } from '../object-definition.ts';
import type { ObjectDefinition } from '../object-definition.ts';
import { FORECAST_CATEGORIES } from './sales.ts';

const setup = { kind: 'setup' } as const;
const smallSetup = { kind: 'setup', isInBulkApi: false } as const;

export const user: ObjectDefinition = defineObject(
  'User',
  '005',
  'User',
  [
    idField('User'),
    text('Username', 'Username', 80, { required: true }),
    text('LastName', 'Last Name', 80, { required: true }),
    text('FirstName', 'First Name', 40),
    text('Name', 'Full Name', 121, { access: 'read', isName: true, nillable: false }),
    text('Title', 'Title', 80),
    text('Department', 'Department', 80),
    defineField('Email', 'Email', 'email', { length: 128, required: true }),
    text('Alias', 'Alias', 8),
    checkbox('IsActive', 'Active'),
    picklist('UserType', 'User Type', ['Standard', 'AutomatedProcess', 'Guest', 'CspLitePortal'], {
      access: 'read',
      length: 40,
    }),
    text('TimeZoneSidKey', 'Time Zone', 40),
    text('LocaleSidKey', 'Locale', 40),
    text('LanguageLocaleKey', 'Language', 40),
    reference('ManagerId', 'Manager ID', ['User']),
    ...stampFields(),
  ],
  setup,
);

/** Queues are groups. */
export const group: ObjectDefinition = defineObject(
  'Group',
  '00G',
  'Group',
  [
    idField('Group'),
    text('Name', 'Name', 40, { isName: true, required: true }),
    text('DeveloperName', 'Developer Name', 80),
    picklist('Type', 'Type', ['Regular', 'Queue'], { length: 40 }),
    ...stampFields(),
  ],
  setup,
);

export const recordType: ObjectDefinition = defineObject(
  'RecordType',
  '012',
  'Record Type',
  [
    idField('Record Type'),
    text('Name', 'Name', 80, { isName: true, required: true }),
    text('DeveloperName', 'Record Type Name', 80),
    text('NamespacePrefix', 'Namespace Prefix', 15),
    longText('Description', 'Description', 255),
    text('SobjectType', 'SObject Type Name', 40),
    checkbox('IsActive', 'Active'),
    checkbox('IsPersonType', 'Is Person Type'),
    ...stampFields(),
  ],
  setup,
);

export const organization: ObjectDefinition = defineObject(
  'Organization',
  '00D',
  'Organization',
  [
    idField('Organization'),
    text('Name', 'Name', 80, { isName: true, required: true }),
    text('Country', 'Country', 80),
    text('DefaultLocaleSidKey', 'Locale', 40),
    text('TimeZoneSidKey', 'Time Zone', 40),
    text('LanguageLocaleKey', 'Language', 40),
    int('FiscalYearStartMonth', 'Fiscal Year Starts In'),
    checkbox('UsesStartDateAsFiscalYearName', 'Fiscal Year Name by Start'),
    text('OrganizationType', 'Edition', 40),
    text('NamespacePrefix', 'Namespace Prefix', 15),
    text('InstanceName', 'Instance Name', 5),
    checkbox('IsSandbox', 'Is Sandbox'),
    datetime('TrialExpirationDate', 'Trial Expiration Date'),
    ...stampFields(),
  ],
  setup,
);

/** Only there in orgs with several currencies. */
export const currencyType: ObjectDefinition = defineObject(
  'CurrencyType',
  '01L',
  'Currency Type',
  [
    idField('Currency Type'),
    text('IsoCode', 'Currency ISO Code', 3, { required: true }),
    number('ConversionRate', 'Conversion Rate', [12, 6]),
    int('DecimalPlaces', 'Decimal Places'),
    checkbox('IsActive', 'Active'),
    checkbox('IsCorporate', 'Corporate'),
    ...stampFields(),
  ],
  smallSetup,
);

function values(name: string, keyPrefix: string, label: string, more: readonly FieldDefinition[]): ObjectDefinition {
  return defineObject(
    name,
    keyPrefix,
    label,
    [
      idField(label),
      text('MasterLabel', 'Master Label', 255),
      text('ApiName', 'API Name', 255),
      int('SortOrder', 'Sort Order'),
      ...more,
      ...stampFields(),
    ],
    smallSetup,
  );
}

const isDefault = checkbox('IsDefault', 'Default');
const isClosed = checkbox('IsClosed', 'Closed');

export const taskStatus: ObjectDefinition = values('TaskStatus', '01E', 'Task Status Value', [isDefault, isClosed]);

export const taskPriority: ObjectDefinition = values('TaskPriority', '01K', 'Task Priority Value', [
  isDefault,
  checkbox('IsHighPriority', 'High Priority'),
]);

export const caseStatus: ObjectDefinition = values('CaseStatus', '01C', 'Case Status Value', [isDefault, isClosed]);

export const opportunityStage: ObjectDefinition = values('OpportunityStage', '01J', 'Opportunity Stage', [
  checkbox('IsActive', 'Is Active'),
  isClosed,
  checkbox('IsWon', 'Won'),
  percent('DefaultProbability', 'Default Probability', [3, 0]),
  picklist('ForecastCategoryName', 'Forecast Category Name', FORECAST_CATEGORIES, { length: 40 }),
]);
