import {
  checkbox,
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

const read = { access: 'read' } as const;
const list = { length: 40 } as const;

/** What activities can be about. */
const WHAT = ['Account', 'Asset', 'Case', 'Contract', 'Opportunity'];

/** A status of tasks or cases as the org's setup has it. */
export interface StatusSetup {
  readonly name: string;
  readonly isClosed: boolean;
  readonly isDefault: boolean;
}

export const taskStatuses: readonly StatusSetup[] = [
  { name: 'Not Started', isClosed: false, isDefault: true },
  { name: 'In Progress', isClosed: false, isDefault: false },
  { name: 'Completed', isClosed: true, isDefault: false },
  { name: 'Waiting on someone else', isClosed: false, isDefault: false },
  { name: 'Deferred', isClosed: false, isDefault: false },
];

export const taskPriorities = ['High', 'Normal', 'Low'];

export const caseStatuses: readonly StatusSetup[] = [
  { name: 'New', isClosed: false, isDefault: true },
  { name: 'Working', isClosed: false, isDefault: false },
  { name: 'Escalated', isClosed: false, isDefault: false },
  { name: 'Closed', isClosed: true, isDefault: false },
];

export const supportCase: ObjectDefinition = defineObject('Case', '500', 'Case', [
  idField('Case'),
  isDeletedField(),
  reference('MasterRecordId', 'Master Record ID', ['Case'], read),
  text('CaseNumber', 'Case Number', 30, { ...read, isName: true, nillable: false, made: 'by-numbering' }),
  reference('ContactId', 'Contact ID', ['Contact'], { childRelationshipName: 'Cases' }),
  reference('AccountId', 'Account ID', ['Account'], { childRelationshipName: 'Cases' }),
  reference('AssetId', 'Asset ID', ['Asset'], { childRelationshipName: 'Cases' }),
  reference('ParentId', 'Parent Case ID', ['Case'], { childRelationshipName: 'Cases' }),
  text('SuppliedName', 'Name', 80),
  defineField('SuppliedEmail', 'Email Address', 'email', { length: 80 }),
  picklist('Type', 'Case Type', ['Mechanical', 'Electrical', 'Electronic', 'Structural', 'Other'], list),
  picklist(
    'Status',
    'Status',
    caseStatuses.map(({ name }) => name),
    { ...list, preset: 'New' },
  ),
  picklist(
    'Reason',
    'Case Reason',
    ['Installation', 'Equipment Complexity', 'Performance', 'Breakdown', 'Equipment Design', 'Feedback', 'Other'],
    list,
  ),
  picklist('Origin', 'Case Origin', ['Phone', 'Email', 'Web'], list),
  text('Subject', 'Subject', 255),
  picklist('Priority', 'Priority', ['High', 'Medium', 'Low'], { ...list, preset: 'Medium' }),
  longText('Description', 'Description'),
  checkbox('IsClosed', 'Closed', read),
  datetime('ClosedDate', 'Closed Date', read),
  checkbox('IsEscalated', 'Escalated'),
  ownerField(['Group', 'User']),
  ...stampFields(),
  datetime('LastViewedDate', 'Last Viewed Date', read),
  datetime('LastReferencedDate', 'Last Referenced Date', read),
]);

function activityFields(label: string, subjects: readonly string[]): readonly FieldDefinition[] {
  return [
    idField(label),
    reference('WhoId', 'Name ID', ['Contact', 'Lead'], { childRelationshipName: `${label}s` }),
    reference('WhatId', 'Related To ID', WHAT, { childRelationshipName: `${label}s` }),
    defineField('Subject', 'Subject', 'combobox', { length: 255, values: subjects, isName: true }),
    longText('Description', 'Description'),
    reference('AccountId', 'Account ID', ['Account'], read),
    checkbox('IsArchived', 'Archived', read),
    isDeletedField(),
    datetime('ReminderDateTime', 'Reminder Date/Time'),
    checkbox('IsReminderSet', 'Reminder Set'),
    checkbox('IsRecurrence', 'Create Recurring Series', { access: 'create' }),
    ...stampFields(),
  ];
}

export const task: ObjectDefinition = defineObject('Task', '00T', 'Task', [
  ...activityFields('Task', ['Call', 'Email', 'Send Letter', 'Send Quote', 'Other']),
  date('ActivityDate', 'Due Date Only'),
  picklist(
    'Status',
    'Status',
    taskStatuses.map(({ name }) => name),
    { length: 40, preset: 'Not Started', nillable: false },
  ),
  picklist('Priority', 'Priority', taskPriorities, { length: 40, preset: 'Normal', nillable: false }),
  checkbox('IsHighPriority', 'High Priority', read),
  reference('OwnerId', 'Assigned To ID', ['Group', 'User'], { nillable: false, defaultedOnCreate: true }),
  picklist('Type', 'Type', ['Call', 'Meeting', 'Other'], { length: 40 }),
  checkbox('IsClosed', 'Closed', read),
  int('CallDurationInSeconds', 'Call Duration'),
  picklist('CallType', 'Call Type', ['Internal', 'Inbound', 'Outbound'], { length: 40 }),
  text('CallDisposition', 'Call Result', 255),
  picklist('TaskSubtype', 'Task Subtype', ['Task', 'Email', 'ListEmail', 'Cadence', 'Call'], {
    access: 'create',
    length: 40,
    isRestricted: true,
    preset: 'Task',
  }),
  datetime('CompletedDateTime', 'Completed Date', read),
]);

export const event: ObjectDefinition = defineObject('Event', '00U', 'Event', [
  ...activityFields('Event', ['Call', 'Email', 'Meeting', 'Send Letter/Quote', 'Other']),
  text('Location', 'Location', 255),
  checkbox('IsAllDayEvent', 'All-Day Event'),
  datetime('ActivityDateTime', 'Due Date Time'),
  date('ActivityDate', 'Due Date Only'),
  int('DurationInMinutes', 'Duration'),
  datetime('StartDateTime', 'Start Date Time'),
  datetime('EndDateTime', 'End Date Time'),
  reference('OwnerId', 'Assigned To ID', ['Calendar', 'User'], { nillable: false, defaultedOnCreate: true }),
  checkbox('IsPrivate', 'Private'),
  picklist('ShowAs', 'Show Time As', ['Busy', 'OutOfOffice', 'Free'], {
    length: 40,
    preset: 'Busy',
    isRestricted: true,
  }),
  checkbox('IsChild', 'Is Child', read),
  checkbox('IsGroupEvent', 'Is Group Event', read),
]);

/** Further people of an activity: beside the first one, which is its `WhoId`. */
function relation(activity: 'Task' | 'Event', keyPrefix: string): ObjectDefinition {
  return defineObject(
    `${activity}Relation`,
    keyPrefix,
    `${activity} Relation`,
    [
      idField(`${activity} Relation`),
      reference(`${activity}Id`, `${activity} ID`, [activity], {
        access: 'create',
        required: true,
        childRelationshipName: `${activity}Relations`,
      }),
      reference('RelationId', 'Relation ID', ['Contact', ...WHAT], { access: 'create', required: true }),
      checkbox('IsWhat', 'Is What', read),
      reference('AccountId', 'Account ID', ['Account'], read),
      ...stampFields(),
      isDeletedField(),
    ],
    { undeletable: false },
  );
}

export const taskRelation: ObjectDefinition = relation('Task', '0RT');
export const eventRelation: ObjectDefinition = relation('Event', '0RE');
