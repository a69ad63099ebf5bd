import { scopes as hubspotScopes, type Scope } from '../../connectors/hubspot/scopes.ts';
import { scopes as salesforceScopes } from '../../connectors/salesforce/auth.ts';

/** What each scope of Salesforce is for; the list itself is the connector's. */
const salesforcePurposes: Readonly<Record<string, string>> = {
  api: 'Reads accounts, opportunities, contracts, contacts, cases, activities and users through the data APIs, and writes the fields and tasks of the package, within the rights of the user who connects.',
  refresh_token: 'Stays connected without a person: access tokens end, and are renewed.',
};

interface SharedObject {
  readonly object: string;
  readonly reads: boolean;
  readonly writes: boolean;
}

/** `scopes.md`: every scope and what for, and the table of shared data that the listing asks for. */
export function scopesPage(): string {
  return `# Scopes and shared data

Made from the connectors by \`node manifest/hubspot/generate.ts\`. A test lets Holdfast work for a day with just these scopes, and
once more with each of HubSpot's left out: without any one of them HubSpot refuses calls.

## HubSpot: scopes

| scope | | what for | without it |
| --- | --- | --- | --- |
${hubspotScopes.map((scope) => `| \`${scope.name}\` | ${scope.need} | ${scope.purpose} | ${scope.without} |`).join('\n')}

## HubSpot: shared data

| object | direction | note |
| --- | --- | --- |
${sharedObjects().map(toRow).join('\n')}

## Salesforce: scopes

| scope | what for |
| --- | --- |
${salesforceScopes.map((scope) => `| \`${scope}\` | ${purposeOf(scope)} |`).join('\n')}
`;
}

function purposeOf(scope: string): string {
  const purpose = salesforcePurposes[scope];
  if (purpose === undefined)
    throw new Error(`manifest/listing/scopes-page.ts does not say what the scope ${scope} is for.`);
  return purpose;
}

function sharedObjects(): readonly SharedObject[] {
  const objects = new Set(hubspotScopes.flatMap((scope) => scope.objects));
  return [...objects].map((object) => {
    const opening = hubspotScopes.filter((scope) => scope.objects.includes(object));
    const opens = (what: readonly Scope['opens'][]): boolean => opening.some((scope) => what.includes(scope.opens));
    // The one scope of tickets opens both; Holdfast only reads them.
    return { object, reads: opens(['reading', 'reading and writing']), writes: opens(['writing']) };
  });
}

const notes: Readonly<Record<string, string>> = {
  companies: "Written are the app's own properties alone (`holdfast_…`).",
  contacts: "Written are the app's own properties alone (`holdfast_…`), where the admin has chosen them.",
  deals: "Written are the app's own properties alone (`holdfast_…`).",
  tasks: 'Opened and closed are tasks of the app alone.',
  tickets: 'Read only, although the scope would open writing.',
  owners: 'Names and e-mail addresses of users.',
};

function toRow({ object, reads, writes }: SharedObject): string {
  const direction = reads && writes ? 'both' : reads ? 'HubSpot → Holdfast' : 'Holdfast → HubSpot';
  return `| ${object} | ${direction} | ${notes[object] ?? 'Read are when they took place, their kind and whom they were with; not their text.'} |`;
}
