import { readFile } from 'node:fs/promises';
import { format } from 'prettier';
import { z } from 'zod';
import { optionalScopes, requiredScopes } from '../../connectors/hubspot/scopes.ts';
import { PRIVACY_DELETION, subscribedType, subscriptions } from '../../connectors/hubspot/subscriptions.ts';
import { scopesPage } from '../listing/scopes-page.ts';

/** The name that HubSpot gives to our server's address, in these files and in `context.variables` of a card. */
const ADDRESS = '${HOLDFAST_URL}';

/**
 * Properties that a card shows while our server is out of reach, by object, in the order in which they are shown. Their
 * names and words come from what is written back.
 */
const shownProperties = {
  companies: [
    'holdfast_health_score',
    'holdfast_health_band',
    'holdfast_health_trend',
    'holdfast_health_reason',
    'holdfast_churn_risk',
    'holdfast_churn_model_status',
    'holdfast_next_renewal_date',
    'holdfast_decision_date',
    'holdfast_renewal_status',
    'holdfast_expansion_band',
    'holdfast_last_scored_at',
  ],
  deals: [
    'holdfast_account_health_band',
    'holdfast_risk_reason',
    'holdfast_renewal_probability',
    'holdfast_renewal_type',
    'holdfast_decision_date',
    'holdfast_updated_at',
  ],
} as const;

/**
 * The files of the developer project, and the listing's page of scopes, that are made from code: by path from this folder,
 * formatted as they are committed.
 * `node manifest/hubspot/generate.ts` writes them.
 */
export async function projectFiles(): Promise<ReadonlyMap<string, string>> {
  const json = { parser: 'json', printWidth: 120 } as const;
  const files = new Map<string, string>();
  for (const [path, content] of Object.entries(metaFiles)) {
    files.set(path, await format(JSON.stringify(content), json));
  }
  files.set(
    'src/app/cards/written-words.ts',
    await format(await writtenWords(), { parser: 'typescript', printWidth: 120, singleQuote: true }),
  );
  files.set('../listing/scopes.md', await format(scopesPage(), { parser: 'markdown', printWidth: 120 }));
  return files;
}

const metaFiles: Readonly<Record<string, object>> = {
  'hsproject.json': { name: 'holdfast', srcDir: 'src', platformVersion: '2026.09' },
  'src/app/app-hsmeta.json': {
    uid: 'holdfast',
    type: 'app',
    config: {
      name: 'Holdfast',
      description:
        'Customer health, churn risk, renewals and expansion, each with its reasons, on the records where customer success managers work.',
      distribution: 'marketplace',
      auth: {
        type: 'oauth',
        redirectUrls: [`${ADDRESS}/oauth/hubspot`],
        requiredScopes,
        optionalScopes,
        conditionallyRequiredScopes: [],
      },
      permittedUrls: { fetch: [ADDRESS], iframe: [], img: [] },
      support: {
        supportEmail: '${SUPPORT_EMAIL}',
        documentationUrl: '${DOCUMENTATION_URL}',
        supportUrl: '${SUPPORT_URL}',
      },
    },
  },
  'src/app/webhooks/webhooks-hsmeta.json': {
    uid: 'holdfast-webhooks',
    type: 'webhooks',
    config: {
      // HubSpot delivers this many requests at once for one account; 10 is its default.
      settings: { targetUrl: `${ADDRESS}/webhooks/hubspot`, maxConcurrentRequests: 10 },
      subscriptions: {
        crmObjects: subscriptions.map((subscription) => ({
          subscriptionType: `object.${subscription.event}`,
          objectType: subscribedType(subscription),
          ...(subscription.property === null ? {} : { propertyName: subscription.property }),
          active: true,
        })),
        hubEvents: [{ subscriptionType: PRIVACY_DELETION, active: true }],
      },
    },
  },
  'src/app/settings/settings-hsmeta.json': {
    uid: 'holdfast-settings',
    type: 'settings',
    config: { entrypoint: '/app/settings/settings-page.tsx' },
  },
  'src/app/cards/company-card-hsmeta.json': {
    uid: 'holdfast-company-card',
    type: 'card',
    config: {
      name: 'Customer health',
      description: 'Health, churn risk, renewal and expansion of this customer, and why.',
      location: 'crm.record.tab',
      entrypoint: '/app/cards/company-card.tsx',
      objectTypes: ['companies'],
    },
  },
  'src/app/cards/deal-card-hsmeta.json': {
    uid: 'holdfast-deal-card',
    type: 'card',
    config: {
      name: 'Renewal and health',
      description: 'The renewal that this deal belongs to, and the health of its customer.',
      location: 'crm.record.tab',
      entrypoint: '/app/cards/deal-card.tsx',
      objectTypes: ['deals'],
    },
  },
};

const fieldWords = z.object({
  name: z.string(),
  label: z.string(),
  type: z.string(),
  options: z.array(z.object({ value: z.string(), label: z.string() })).default([]),
});

const writeBack = z.object({ account: z.array(fieldWords), deal: z.array(fieldWords) });

type FieldWords = z.output<typeof fieldWords>;

/** The cards' words for what Holdfast writes: a module, because a card cannot reach outside its folder. */
async function writtenWords(): Promise<string> {
  const file = new URL('../../mappings/hubspot/write-back.json', import.meta.url);
  const written = writeBack.parse(JSON.parse(await readFile(file, 'utf8')));
  const shown = {
    companies: shownProperties.companies.map((name) => pick(written.account, name)),
    deals: shownProperties.deals.map((name) => pick(written.deal, name)),
  };
  const optionsOf = (name: string): Readonly<Record<string, string>> => pick(written.account, name).options;
  const words = {
    band: optionsOf('holdfast_health_band'),
    trend: optionsOf('holdfast_health_trend'),
    confidence: optionsOf('holdfast_health_confidence'),
    churnRisk: optionsOf('holdfast_churn_risk'),
    churnModel: optionsOf('holdfast_churn_model_status'),
    renewalStatus: optionsOf('holdfast_renewal_status'),
    expansionBand: optionsOf('holdfast_expansion_band'),
    pulse: optionsOf('holdfast_csm_pulse'),
    overrideBand: optionsOf('holdfast_override_band'),
  };
  return `// Made from mappings/hubspot/write-back.json by \`node manifest/hubspot/generate.ts\`: change it there.

/** A property that Holdfast writes, with the words that the record shows. */
export interface WrittenProperty {
  readonly name: string;
  readonly label: string;
  readonly type: string;
  /** For choices: the label of each stored value. */
  readonly options: Readonly<Record<string, string>>;
}

/** What a card shows while our server is out of reach, in this order. */
export const writtenProperties: Readonly<Record<'companies' | 'deals', readonly WrittenProperty[]>> = ${JSON.stringify(shown)};

type Words = Readonly<Record<string, string>>;

/** The words for each value that our server answers with. */
export const words: Readonly<Record<${Object.keys(words)
    .map((name) => JSON.stringify(name))
    .join('|')}, Words>> = ${JSON.stringify(words)};
`;
}

interface ShownProperty {
  readonly name: string;
  readonly label: string;
  readonly type: string;
  readonly options: Readonly<Record<string, string>>;
}

function pick(fields: readonly FieldWords[], name: string): ShownProperty {
  const field = fields.find((one) => one.name === name);
  if (field === undefined)
    throw new Error(`A card shows ${name}, which mappings/hubspot/write-back.json does not write.`);
  const options = Object.fromEntries(field.options.map((option) => [option.value, option.label]));
  return { name: field.name, label: field.label, type: field.type, options };
}
