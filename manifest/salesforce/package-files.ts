import { scopes } from '../../connectors/salesforce/auth.ts';
import { WRITTEN_ENTITIES, type ConnectorMapping, type WriteField } from '../../src/core/mapping/mapping.ts';
import { toMetadataXml, type XmlElements } from './xml.ts';

/** Ours to name; an org's administrators see it in lists and setup. */
const APP = 'Holdfast';

/** Scopes as an authorization asks for them, and what metadata calls them. */
const SCOPE_NAMES: Readonly<Record<string, string>> = { api: 'Api', refresh_token: 'RefreshToken' };

/**
 * The files that follow from the mapping and the connector, by their path below `force-app/main/default`: each field of
 * the write-back, the two permission sets, and the external client app. The rest of the package is written by hand.
 */
export function generatePackage(mapping: ConnectorMapping): ReadonlyMap<string, string> {
  const fields = packagedFields(mapping);
  return new Map([
    ...fields.map(({ object, field }): [string, string] => [
      `objects/${object}/fields/${field.name}.field-meta.xml`,
      toMetadataXml('CustomField', fieldOf(field)),
    ]),
    [`permissionsets/${APP}_Integration.permissionset-meta.xml`, toMetadataXml('PermissionSet', integration(fields))],
    [`permissionsets/${APP}_Viewer.permissionset-meta.xml`, toMetadataXml('PermissionSet', viewer(fields))],
    [`externalClientApps/${APP}.eca-meta.xml`, toMetadataXml('ExternalClientApplication', clientApp())],
    [`extlClntAppOauthSettings/${APP}_OAuth.ecaOauth-meta.xml`, toMetadataXml('ExtlClntAppOauthSettings', oauth())],
  ]);
}

/**
 * The settings of the external client app that stay in the organization that owns it and are not packaged: where an
 * authorization comes back to, and what Salesforce demands of apps that several customers use (proof keys, refresh tokens
 * that rotate and end after 30 idle days, a secret with both).
 */
export function generateOwnerSettings(publicUrl: string): string {
  return toMetadataXml('ExtlClntAppGlobalOauthSettings', {
    callbackUrl: `${publicUrl}/oauth/salesforce`,
    externalClientApplication: APP,
    isConsumerSecretOptional: false,
    isEnforceRefreshTokenTTL: true,
    isPkceRequired: true,
    isRefreshTokenRotationEnabled: true,
    isSecretRequiredForRefreshToken: true,
    isSecretRequiredForTokenExchange: true,
    label: `${APP} Global OAuth`,
  });
}

/** A field of the package, and the object on which Salesforce defines it. */
export interface PackagedField {
  readonly object: string;
  readonly field: WriteField;
  /** Values are written by people; Holdfast only reads them. */
  readonly isFilledByPeople: boolean;
}

/** Every field that Holdfast writes or that people fill for it, in the mapping's order. */
export function packagedFields({ entities, writeBack }: ConnectorMapping): readonly PackagedField[] {
  return WRITTEN_ENTITIES.flatMap((section) =>
    writeBack[section].map((field) => ({
      object: section === 'task' ? 'Activity' : entities[section].object,
      field,
      isFilledByPeople: field.value === null,
    })),
  );
}

function fieldOf(field: WriteField): XmlElements {
  return {
    fullName: field.name,
    description: field.description,
    inlineHelpText: field.description,
    label: field.label,
    ...typeOf(field),
  };
}

/** Without history tracking: a score that moves every night would flood it. */
function typeOf(field: WriteField): XmlElements {
  const plain = { required: false };
  switch (field.type) {
    case 'text':
      return {
        ...(field.isUnique ? { caseSensitive: true, externalId: true } : {}),
        length: field.maxLength ?? 255,
        ...plain,
        type: 'Text',
        ...(field.isUnique ? { unique: true } : {}),
      };
    case 'long-text':
      return { length: Math.max(field.maxLength ?? 32_768, 256), type: 'LongTextArea', visibleLines: 4 };
    case 'number':
      return {
        precision: field.decimals === 0 ? 6 : 3 + field.decimals,
        ...plain,
        scale: field.decimals,
        type: 'Number',
      };
    case 'currency':
      return { precision: 18, ...plain, scale: 2, type: 'Currency' };
    case 'percent':
      return { precision: 5, ...plain, scale: 1, type: 'Percent' };
    case 'date':
      return { ...plain, type: 'Date' };
    case 'datetime':
      return { ...plain, type: 'DateTime' };
    case 'boolean':
      return { defaultValue: false, type: 'Checkbox' };
    case 'url':
      return { ...plain, type: 'Url' };
    case 'enumeration':
      return { ...plain, type: 'Picklist', valueSet: valueSet(field) };
    case 'multi-enumeration':
      return { ...plain, type: 'MultiselectPicklist', valueSet: valueSet(field), visibleLines: 4 };
    default:
      return field.type satisfies never;
  }
}

function valueSet(field: WriteField): XmlElements {
  return {
    restricted: true,
    valueSetDefinition: {
      sorted: false,
      value: field.options.map(({ value, label }) => ({ fullName: value, default: false, label })),
    },
  };
}

/**
 * Rights on our fields alone: Salesforce leaves rights on standard objects and user rights out of an installed package's
 * permission sets, so the setup guide and the connect page name those.
 */
function integration(fields: readonly PackagedField[]): XmlElements {
  return {
    description:
      'For the user that Holdfast is connected as: writes the fields that Holdfast fills and those that its cards set for people.',
    fieldPermissions: permissions(fields, () => true),
    hasActivationRequired: false,
    label: `${APP} Integration`,
  };
}

function viewer(fields: readonly PackagedField[]): XmlElements {
  return {
    description: 'For customer success managers: reads all that Holdfast writes, and fills what people fill.',
    fieldPermissions: permissions(fields, ({ isFilledByPeople }) => isFilledByPeople),
    hasActivationRequired: false,
    label: `${APP} Viewer`,
  };
}

function permissions(fields: readonly PackagedField[], isEditable: (field: PackagedField) => boolean): XmlElements[] {
  return fields
    .map((one) => ({
      editable: isEditable(one),
      field: `${accessObject(one.object)}.${one.field.name}`,
      readable: true,
    }))
    .toSorted((a, b) => (a.field < b.field ? -1 : 1));
}

/** Fields of tasks and events are defined on Activity, and opened on Task. */
function accessObject(object: string): string {
  return object === 'Activity' ? 'Task' : object;
}

function clientApp(): XmlElements {
  return {
    contactEmail: 'support@holdfast.example',
    description: 'Reads accounts, deals, contacts, contracts, cases and activities; writes Holdfast fields and tasks.',
    distributionState: 'Packaged',
    isProtected: false,
    label: APP,
  };
}

function oauth(): XmlElements {
  return {
    commaSeparatedOauthScopes: scopes.map(toScopeName).join(', '),
    externalClientApplication: APP,
    isFirstPartyAppEnabled: false,
    label: `${APP} OAuth`,
  };
}

function toScopeName(scope: string): string {
  const name = SCOPE_NAMES[scope];
  if (name !== undefined) return name;
  throw new TypeError(`The scope '${scope}' has no name in metadata: add it to SCOPE_NAMES`);
}
