/**
 * JSON Schemas (2020-12) of the files of a developer project, as far as this one uses them: HubSpot publishes its own only
 * to an account. Shapes from HubSpot's pages on app configuration, webhooks, app cards and settings (platform 2026.09).
 * They are strict: a key that is not here is a mistake.
 */
const address = { type: 'string', format: 'uri', pattern: '^https://' };
const addresses = { type: 'array', items: address, uniqueItems: true };
const scopeNames = { type: 'array', items: { type: 'string', pattern: '^[a-z][a-z0-9._-]*$' }, uniqueItems: true };
const entrypoint = (folder: string): object => ({ type: 'string', pattern: `^/app/${folder}/[A-Za-z0-9_-]+\\.tsx$` });

function closed(required: Readonly<Record<string, object>>, optional: Readonly<Record<string, object>> = {}): object {
  return {
    type: 'object',
    properties: { ...required, ...optional },
    required: Object.keys(required),
    additionalProperties: false,
  };
}

/** `hsproject.json`. A beta of the platform is not for listed apps. */
export const projectSchema = closed({
  name: { type: 'string', minLength: 1 },
  srcDir: { type: 'string', minLength: 1 },
  platformVersion: { type: 'string', pattern: '^\\d{4}\\.\\d{2}$' },
});

/** Every `*-hsmeta.json`, before its `config`. */
export const metaFileSchema = closed({
  uid: { type: 'string', pattern: '^[A-Za-z0-9_.-]{1,64}$' },
  type: { enum: ['app', 'card', 'settings', 'webhooks'] },
  config: { type: 'object' },
});

/** `src/hsprofile.*.json`. */
export const profileSchema = closed({
  accountId: { type: 'integer', minimum: 1 },
  variables: { type: 'object', additionalProperties: { type: ['string', 'number', 'boolean'] } },
});

const appConfig = closed({
  name: { type: 'string', minLength: 1, maxLength: 200 },
  description: { type: 'string', minLength: 1, maxLength: 8192 },
  distribution: { const: 'marketplace' },
  auth: closed({
    // A listed app may not be connected in another way.
    type: { const: 'oauth' },
    redirectUrls: { ...addresses, minItems: 1 },
    requiredScopes: { ...scopeNames, contains: { const: 'oauth' } },
    optionalScopes: scopeNames,
    conditionallyRequiredScopes: scopeNames,
  }),
  permittedUrls: closed({ fetch: addresses, iframe: addresses, img: addresses }),
  support: closed(
    { supportEmail: { type: 'string', format: 'email' }, documentationUrl: address, supportUrl: address },
    { supportPhone: { type: 'string', pattern: '^\\+\\d{7,15}$' } },
  ),
});

const cardConfig = closed(
  {
    name: { type: 'string', minLength: 1 },
    location: { enum: ['crm.record.tab', 'crm.record.sidebar', 'crm.preview', 'helpdesk.sidebar'] },
    entrypoint: entrypoint('cards'),
    objectTypes: {
      type: 'array',
      items: { enum: ['companies', 'contacts', 'deals', 'tickets'] },
      minItems: 1,
      uniqueItems: true,
    },
  },
  { description: { type: 'string' } },
);

const settingsConfig = closed({ entrypoint: entrypoint('settings') });

const objectType = { enum: ['company', 'contact', 'deal', 'ticket'] };
const active = { type: 'boolean' };

const webhooksConfig = closed({
  // HubSpot takes more than 5 deliveries at once only.
  settings: closed({ targetUrl: address, maxConcurrentRequests: { type: 'integer', minimum: 6 } }),
  subscriptions: closed({
    crmObjects: {
      type: 'array',
      // What an app may have in all.
      maxItems: 1000,
      uniqueItems: true,
      items: {
        anyOf: [
          closed({
            subscriptionType: {
              enum: [
                'object.creation',
                'object.deletion',
                'object.merge',
                'object.restore',
                'object.associationChange',
              ],
            },
            objectType,
            active,
          }),
          closed({
            subscriptionType: { const: 'object.propertyChange' },
            objectType,
            propertyName: { type: 'string', pattern: '^[a-z0-9_]+$' },
            active,
          }),
        ],
      },
    },
    hubEvents: {
      type: 'array',
      contains: { properties: { subscriptionType: { const: 'contact.privacyDeletion' }, active: { const: true } } },
      items: closed({ subscriptionType: { enum: ['contact.privacyDeletion'] }, active }),
    },
  }),
});

/** The `config` of each type of component, after the variables of a profile were put in. */
export const configSchemas: Readonly<Record<string, object>> = {
  app: appConfig,
  card: cardConfig,
  settings: settingsConfig,
  webhooks: webhooksConfig,
};
