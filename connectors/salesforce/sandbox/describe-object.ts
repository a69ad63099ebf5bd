import type { FieldDefinition } from './field-definition.ts';
import type { ObjectDefinition } from './object-definition.ts';
import type { OrgState } from './org-state.ts';

const LONG_TEXT = 255;
const NUMBERS = ['int', 'double', 'currency', 'percent'];
const SOAP_TYPES: Readonly<Record<string, string>> = {
  id: 'tns:ID',
  reference: 'tns:ID',
  boolean: 'xsd:boolean',
  int: 'xsd:int',
  double: 'xsd:double',
  currency: 'xsd:double',
  percent: 'xsd:double',
  date: 'xsd:date',
  datetime: 'xsd:dateTime',
  address: 'urn:address',
};

/** What an object is, in the list of all objects and at the head of its own describe. */
export function describeHead(object: ObjectDefinition, version: string): Record<string, unknown> {
  const isRecord = object.createable;
  const root = `/services/data/v${version}/sobjects/${object.name}`;
  return {
    activateable: false,
    associateEntityType: null,
    associateParentEntity: null,
    createable: object.createable,
    custom: object.name.endsWith('__c'),
    customSetting: false,
    deepCloneable: false,
    deletable: object.deletable,
    deprecatedAndHidden: false,
    feedEnabled: isRecord,
    hasSubtypes: false,
    isInterface: false,
    isSubtype: false,
    keyPrefix: object.keyPrefix,
    label: object.label,
    labelPlural: object.labelPlural,
    layoutable: isRecord,
    mergeable: object.mergeable,
    mruEnabled: isRecord,
    name: object.name,
    queryable: true,
    replicateable: true,
    retrieveable: true,
    searchable: isRecord,
    triggerable: isRecord,
    undeletable: object.undeletable,
    updateable: object.updateable,
    urls: { rowTemplate: `${root}/{ID}`, describe: `${root}/describe`, sobject: root },
  };
}

/** An object with those of its fields that the integration user sees. */
export function describeObject(org: OrgState, object: ObjectDefinition, version: string): Record<string, unknown> {
  return {
    ...describeHead(object, version),
    actionOverrides: [],
    childRelationships: childRelationships(org, object),
    compactLayoutable: object.createable,
    defaultImplementation: null,
    extendedBy: null,
    extendsInterfaces: null,
    fields: org.schema.visibleFields(object).map((field) => describeField(field)),
    implementedBy: null,
    implementsInterfaces: null,
    listviewable: null,
    lookupLayoutable: null,
    namedLayoutInfos: [],
    networkScopeFieldName: null,
    recordTypeInfos: recordTypeInfos(org, object, version),
    searchLayoutable: object.createable,
    sobjectDescribeOption: 'FULL',
    supportedScopes: [{ label: `All ${object.labelPlural.toLowerCase()}`, name: 'everything' }],
  };
}

function childRelationships(org: OrgState, parent: ObjectDefinition): readonly unknown[] {
  return org.schema.visibleObjects().flatMap((child) =>
    org.schema
      .visibleFields(child)
      .filter((field) => field.referenceTo.includes(parent.name))
      .map((field) => ({
        cascadeDelete: !field.nillable,
        childSObject: child.name,
        deprecatedAndHidden: false,
        field: field.name,
        junctionIdListNames: [],
        junctionReferenceTo: [],
        relationshipName: field.childRelationshipName,
        restrictedDelete: false,
      })),
  );
}

function recordTypeInfos(org: OrgState, object: ObjectDefinition, version: string): readonly unknown[] {
  const own = org.seed.recordTypes.filter((type) => type.object === object.name);
  const info = (id: string, name: string, developerName: string, isDefault: boolean, isMaster: boolean) => ({
    active: true,
    available: true,
    defaultRecordTypeMapping: isDefault,
    developerName,
    master: isMaster,
    name,
    recordTypeId: id,
    urls: { layout: `/services/data/v${version}/sobjects/${object.name}/describe/layouts/${id}` },
  });
  const hasDefault = own.some(({ isDefault }) => isDefault);
  return [
    ...own.map(({ id, name, developerName, isDefault }) => info(id, name, developerName, isDefault, false)),
    info('012000000000000AAA', 'Master', 'Master', !hasDefault, true),
  ];
}

function describeField(field: FieldDefinition): Record<string, unknown> {
  const { type } = field;
  const isLong = type === 'textarea' && field.length > LONG_TEXT;
  const isCompound = type === 'address';
  const isNumber = NUMBERS.includes(type);
  const isMulti = type === 'multipicklist';
  const isPolymorphic = field.referenceTo.length > 1;
  const isText = !isNumber && !['boolean', 'date', 'datetime', 'address'].includes(type);
  return {
    aggregatable: !isLong && !isCompound && !isMulti && type !== 'boolean',
    aiPredictionField: false,
    autoNumber: field.made === 'by-numbering',
    byteLength: type === 'id' || type === 'reference' ? 18 : field.length * 3,
    calculated: field.made === 'by-formula',
    calculatedFormula: null,
    cascadeDelete: false,
    caseSensitive: false,
    compoundFieldName: field.partOf,
    controllerName: null,
    createable: field.createable,
    custom: field.name.endsWith('__c'),
    defaultValue: type === 'boolean' || type === 'picklist' ? field.preset : null,
    defaultValueFormula: null,
    defaultedOnCreate: field.defaultedOnCreate,
    dependentPicklist: false,
    deprecatedAndHidden: false,
    digits: type === 'int' ? 8 : 0,
    displayLocationInDecimal: false,
    encrypted: false,
    externalId: field.externalId,
    extraTypeInfo: isLong ? 'plaintextarea' : null,
    filterable: !isLong,
    filteredLookupInfo: null,
    formulaTreatNullNumberAsZero: false,
    groupable: isText && !isLong && !isMulti ? true : type === 'boolean' || type === 'date' || type === 'int',
    highScaleNumber: false,
    htmlFormatted: false,
    idLookup: type === 'id' || field.externalId,
    inlineHelpText: null,
    label: field.label,
    length: field.length,
    mask: null,
    maskType: null,
    name: field.name,
    nameField: field.isName,
    namePointing: isPolymorphic,
    nillable: field.nillable,
    permissionable: field.nillable && (field.createable || field.made === 'by-formula'),
    picklistValues: field.values.map(({ value, label, isDefault }) => ({
      active: true,
      defaultValue: isDefault,
      label,
      validFor: null,
      value,
    })),
    polymorphicForeignKey: isPolymorphic,
    precision: field.precision,
    queryByDistance: false,
    referenceTargetField: null,
    referenceTo: field.referenceTo,
    relationshipName: field.relationshipName,
    relationshipOrder: null,
    restrictedDelete: false,
    restrictedPicklist: field.isRestricted,
    scale: field.scale,
    searchPrefilterable: type === 'reference' && field.nillable,
    soapType: SOAP_TYPES[type] ?? 'xsd:string',
    sortable: !isLong && !isMulti && !isCompound,
    type,
    unique: field.unique,
    updateable: field.updateable,
    writeRequiresMasterRead: false,
  };
}
