import { checkbox, currency, date, number, picklist, reference, text } from '../field-definition.ts';
import type { FieldDefinition } from '../field-definition.ts';
import { defineObject, idField, isDeletedField, ownerField, stampFields } from '../object-definition.ts';
import type { ObjectDefinition } from '../object-definition.ts';

/** One line of a contract in Salesforce CPQ. Amendments are lines of their own, with negative quantities too. */
export const cpqSubscription: ObjectDefinition = defineObject('SBQQ__Subscription__c', 'a0F', 'Subscription', [
  idField('Subscription'),
  isDeletedField(),
  text('Name', 'Subscription #', 80, { access: 'read', isName: true, nillable: false, made: 'by-numbering' }),
  reference('SBQQ__Account__c', 'Account', ['Account'], { childRelationshipName: 'SBQQ__Subscriptions__r' }),
  reference('SBQQ__Contract__c', 'Contract', ['Contract'], { childRelationshipName: 'SBQQ__Subscriptions__r' }),
  text('SBQQ__ProductName__c', 'Product Name', 255),
  number('SBQQ__Quantity__c', 'Quantity', [10, 2]),
  number('SBQQ__RenewalQuantity__c', 'Renewal Quantity', [10, 2]),
  currency('SBQQ__NetPrice__c', 'Net Unit Price'),
  date('SBQQ__StartDate__c', 'Start Date', { access: 'read', made: 'by-formula' }),
  date('SBQQ__EndDate__c', 'End Date', { access: 'read', made: 'by-formula' }),
  date('SBQQ__SubscriptionStartDate__c', 'Subscription Start Date'),
  date('SBQQ__SubscriptionEndDate__c', 'Subscription End Date'),
  date('SBQQ__TerminatedDate__c', 'Terminated Date'),
  ownerField(),
  ...stampFields(),
]);

/** What CPQ adds to the standard objects. */
export const cpqFields: Readonly<Record<string, readonly FieldDefinition[]>> = {
  Account: [picklist('SBQQ__RenewalModel__c', 'Renewal Model', ['Contract Based', 'Asset Based'])],
  Contract: [
    checkbox('SBQQ__RenewalForecast__c', 'Renewal Forecast'),
    checkbox('SBQQ__RenewalQuoted__c', 'Renewal Quoted'),
    reference('SBQQ__RenewalOpportunity__c', 'Renewal Opportunity', ['Opportunity']),
    reference('SBQQ__Opportunity__c', 'Opportunity', ['Opportunity']),
    number('SBQQ__RenewalTerm__c', 'Renewal Term', [4, 0]),
  ],
  Opportunity: [
    checkbox('SBQQ__Renewal__c', 'Renewal'),
    checkbox('SBQQ__Contracted__c', 'Contracted'),
    reference('SBQQ__RenewedContract__c', 'Renewed Contract', ['Contract']),
  ],
};
