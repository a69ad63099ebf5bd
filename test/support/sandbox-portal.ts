import { onTestFinished } from 'vitest';
import { startHubSpotSandbox } from '../../connectors/hubspot/sandbox/index.ts';
import type { HubSpotSandbox, HubSpotSandboxOptions } from '../../connectors/hubspot/sandbox/index.ts';
import type { PortalSeed, SeedLink, SeedRow } from '../../connectors/hubspot/sandbox/portal-seed.ts';

export const portalToken = 'token-of-a-private-app';

/** Noon, UTC, of the day on which the sandbox portals of the tests stand. */
export const portalNow = Date.UTC(2026, 2, 2, 12);

export const salesPipeline = {
  id: 'default',
  label: 'Sales',
  stages: [
    { id: 'open', label: 'Open', metadata: { isClosed: 'false', probability: '0.4' } },
    { id: 'closedwon', label: 'Closed won', metadata: { isClosed: 'true', probability: '1.0' } },
  ],
};

export const supportPipeline = {
  id: '0',
  label: 'Support',
  stages: [
    { id: '1', label: 'New', metadata: { ticketState: 'OPEN' } },
    { id: '4', label: 'Closed', metadata: { ticketState: 'CLOSED' } },
  ],
};

/** A record that was last changed a day before the portal's now, unless told. */
export function row(
  object: string,
  id: string,
  properties: Readonly<Record<string, string>> = {},
  updatedAt = portalNow - 86_400_000,
): SeedRow {
  return { object, id, properties, createdAt: updatedAt, updatedAt, archivedAt: null };
}

/** A link of `from` to its company: `['deals', '7']`. */
export function toCompany(from: readonly [object: string, id: string], companyId: string, isPrimary = false): SeedLink {
  return { fromObject: from[0], fromId: from[1], toObject: 'companies', toId: companyId, isPrimary };
}

export function portalSeed(rows: Iterable<SeedRow>, links: Iterable<SeedLink> = []): PortalSeed {
  return {
    facts: {
      portalId: 4711,
      timeZone: 'Europe/Berlin',
      companyCurrency: 'EUR',
      additionalCurrencies: ['USD'],
      uiDomain: 'app-eu1.hubspot.com',
      accountType: 'STANDARD',
    },
    owners: [
      {
        id: '11',
        userId: 1011,
        email: 'ana@us.example',
        firstName: 'Ana',
        lastName: 'Ruiz',
        type: 'PERSON',
        archived: false,
      },
      {
        id: '12',
        userId: 1012,
        email: 'bo@us.example',
        firstName: 'Bo',
        lastName: 'Lund',
        type: 'PERSON',
        archived: true,
      },
    ],
    pipelines: { deals: [salesPipeline], tickets: [supportPipeline] },
    properties: {
      companies: [
        {
          name: 'renewal_date',
          label: 'Renewal date',
          groupName: 'contract',
          type: 'date',
          fieldType: 'date',
          options: [],
        },
        {
          name: 'products',
          label: 'Products',
          groupName: 'contract',
          type: 'enumeration',
          fieldType: 'checkbox',
          options: [
            { label: 'Core', value: 'core' },
            { label: 'Plus', value: 'plus' },
          ],
        },
      ],
    },
    rows,
    links,
  };
}

export interface Spoken {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The parsed JSON body; an empty object when there was none. */
  readonly body: SpokenBody;
}

/** The parts of HubSpot's answers that the tests look at. */
export interface SpokenBody {
  readonly id: string;
  readonly total: number;
  readonly message: string;
  readonly category: string;
  readonly subCategory: string;
  readonly policyName: string;
  readonly status: string;
  readonly properties: Readonly<Record<string, string | null>>;
  readonly associations?: Readonly<Record<string, { results: { id: string; type: string }[]; paging?: Paging }>>;
  readonly results: readonly SpokenResult[];
  readonly numErrors: number;
  readonly errors: readonly { code: string; category: string; context: Readonly<Record<string, readonly string[]>> }[];
  readonly paging?: Paging;
}

interface Paging {
  readonly next: { readonly after: string };
}

interface SpokenResult {
  readonly id: string;
  readonly name: string;
  readonly properties: Readonly<Record<string, string | null>>;
  readonly associations?: SpokenBody['associations'];
  readonly objectWriteTraceId?: string;
  readonly archived: boolean;
  readonly from: { readonly id: string };
  readonly to: readonly {
    readonly toObjectId: string;
    readonly associationTypes: readonly { readonly typeId: number }[];
  }[];
  readonly paging?: Paging;
}

export interface OpenPortal {
  readonly sandbox: HubSpotSandbox;
  readonly get: (path: string) => Promise<Spoken>;
  readonly post: (path: string, body: unknown) => Promise<Spoken>;
  readonly send: (method: string, path: string, body?: unknown, token?: string) => Promise<Spoken>;
}

/** A portal that is closed when the test ends. Its clock stands at `portalNow` and its calls are not limited, unless told. */
export async function openPortal(options: Partial<HubSpotSandboxOptions> = {}): Promise<OpenPortal> {
  const sandbox = await startHubSpotSandbox({
    seed: portalSeed([]),
    now: () => portalNow,
    limits: null,
    staticTokens: [portalToken],
    ...options,
  });
  onTestFinished(() => sandbox.close());
  const send = async (method: string, path: string, body?: unknown, token = portalToken): Promise<Spoken> => {
    const answer = await fetch(`${sandbox.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    const isJson = answer.headers.get('content-type')?.includes('json') === true;
    const parsed: unknown = isJson ? JSON.parse(text) : {};
    return { status: answer.status, headers: answer.headers, text, body: parsed as SpokenBody };
  };
  return { sandbox, send, get: (path) => send('GET', path), post: (path, body) => send('POST', path, body) };
}
