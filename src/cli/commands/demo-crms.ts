import { Secret, type OAuthApp, type Proof } from '../../../connectors/contract/auth.ts';
import type { Connector } from '../../../connectors/contract/connector.ts';
import { requiredScopes } from '../../../connectors/hubspot/scopes.ts';
import { hubspot } from '../../../connectors/hubspot/index.ts';
import { startHubSpotSandbox, type Portal } from '../../../connectors/hubspot/sandbox/index.ts';
import type { PortalSeed } from '../../../connectors/hubspot/sandbox/portal-seed.ts';
import { recordId } from '../../../connectors/hubspot/sandbox/seed-ids.ts';
import { salesforce } from '../../../connectors/salesforce/index.ts';
import { startSalesforceSandbox, type Org } from '../../../connectors/salesforce/sandbox/index.ts';
import type { OrgSeed } from '../../../connectors/salesforce/sandbox/org-seed.ts';
import { recordId as orgRecordId } from '../../../connectors/salesforce/sandbox/seed.ts';
import type { Config } from '../../config.ts';
import { HoldfastError } from '../../errors.ts';
import { makeProof } from '../../install/proof.ts';
import type { SeenAccount, SeenCrm } from '../book-in-words.ts';

/** A simulated CRM, to be installed in and to be looked at. */
export interface DemoCrm {
  readonly connector: Connector;
  readonly url: string;
  /** The app as it is registered there. */
  readonly app: OAuthApp;
  /** How the configuration names it, in place of what the environment says. */
  readonly settings: Partial<Pick<Config, 'hubspot' | 'salesforce'>>;
  /** Its id of the world's account with this key. */
  recordIdOf(accountKey: number): string;
  /** What stands in it now, whoever wrote it. */
  look(): SeenCrm;
  close(): Promise<void>;
}

/** What is unlikely to stand in a task that Holdfast did not make. */
const KEY = 'Holdfast key';

/** A portal of its own for the demo, on a free port, in which the app may be installed. */
export async function startHubSpot(seed: PortalSeed): Promise<DemoCrm> {
  const app = appOf(hubspot);
  const sandbox = await startHubSpotSandbox({
    seed,
    oauth: { ...registered(app), scopes: requiredScopes },
  });
  return {
    connector: hubspot,
    url: sandbox.url,
    app,
    settings: { hubspot: { apiUrl: sandbox.url, appUrl: sandbox.url, app, accessToken: null } },
    recordIdOf: (accountKey) => recordId(accountKey),
    look: () => lookAtPortal(sandbox.portal),
    close: () => sandbox.close(),
  };
}

/** The same for an org, in which the package is installed and its permission set assigned. */
export async function startSalesforce(seed: OrgSeed): Promise<DemoCrm> {
  const app = appOf(salesforce);
  const sandbox = await startSalesforceSandbox({ seed, oauth: registered(app) });
  return {
    connector: salesforce,
    url: sandbox.url,
    app,
    settings: { salesforce: { loginUrl: sandbox.url, app, signer: null, token: null } },
    recordIdOf: (accountKey) => orgRecordId('001', accountKey),
    look: () => lookAtOrg(sandbox.org),
    close: () => sandbox.close(),
  };
}

/** What the admin's browser does: opens the consent page, says yes, and is sent back with a code. */
export async function consent(crm: DemoCrm): Promise<{ readonly code: string; readonly proof: Proof | undefined }> {
  const { oauth, title } = crm.connector;
  const proof = oauth.needsProof === true ? makeProof() : undefined;
  const page = oauth.authorizeUrl({ ...crm.app, webUrl: crm.url }, 'demo', proof);
  const answer = await fetch(`${page}&approve=yes`, { redirect: 'manual' });
  const code = new URL(answer.headers.get('location') ?? crm.url).searchParams.get('code');
  if (code !== null) return { code, proof };
  throw new HoldfastError({
    code: 'input-invalid',
    message: `The simulated ${title} did not grant the app: it answered ${answer.status}.`,
    remedy: 'This is a fault in the demo: please report it.',
  });
}

function appOf({ id }: Connector): OAuthApp {
  return {
    clientId: 'holdfast-demo',
    clientSecret: new Secret('a-secret-of-the-sandbox-alone'),
    redirectUri: `http://localhost:3000/oauth/${id}`,
  };
}

/** The app as the sandbox checks it, as its CRM would. */
function registered({ clientId, clientSecret, redirectUri }: OAuthApp) {
  return { clientId, clientSecret: clientSecret.reveal(), redirectUris: [redirectUri] };
}

function lookAtPortal(portal: Portal): SeenCrm {
  const ours = portal
    .all('tasks')
    .filter(({ properties }) => isOurs(properties['holdfast_key'], properties['hs_task_body']));
  const perCompany = Map.groupBy(
    ours.flatMap((task) => portal.links('tasks', task.id, 'companies').map((companyId) => ({ companyId, task }))),
    ({ companyId }) => companyId,
  );
  const accounts = portal.all('companies').map(({ id, properties }): SeenAccount => {
    const tasks = (perCompany.get(id) ?? []).map(({ task }) => task);
    const isOpen = (task: (typeof ours)[number]): boolean => task.properties['hs_task_status'] !== 'COMPLETED';
    return {
      name: properties['name'] ?? '',
      ...told((field) => properties[`holdfast_${field}`]),
      openTasks: tasks.filter(isOpen).map((task) => task.properties['hs_task_subject'] ?? ''),
      tasks: tasks.length,
    };
  });
  return { accounts, tasks: ours.length };
}

function lookAtOrg(org: Org): SeenCrm {
  const ours = org.all('Task').filter(({ fields }) => isOurs(fields['Holdfast_Key__c'], fields['Description']));
  const perAccount = Map.groupBy(ours, ({ fields }) => fields['AccountId']);
  const accounts = org.all('Account').map(({ id, fields }): SeenAccount => {
    const tasks = perAccount.get(id) ?? [];
    return {
      name: textOf(fields['Name']) ?? '',
      ...told(
        (field) =>
          fields[
            `Holdfast_${field.replace(/(^|_)([a-z])/g, (_, gap: string, letter: string) => gap + letter.toUpperCase())}__c`
          ],
      ),
      openTasks: tasks
        .filter((task) => task.fields['Status'] !== 'Completed')
        .map((task) => textOf(task.fields['Subject']) ?? ''),
      tasks: tasks.length,
    };
  });
  return { accounts, tasks: ours.length };
}

type Shown = string | number | boolean | null | undefined;

/** What a CSM looks at first, read by the names that the fields have after each CRM's own prefix. */
function told(read: (field: string) => Shown): Omit<SeenAccount, 'name' | 'openTasks' | 'tasks'> {
  const text = (field: string): string | null => textOf(read(field));
  return {
    band: text('health_band'),
    score: text('health_score'),
    trend: text('health_trend'),
    change: text('health_delta_28d'),
    reason: text('health_reason'),
    decisionOn: text('decision_date'),
    expansionScore: text('expansion_score'),
    expansionBand: text('expansion_band'),
    expansionReason: text('expansion_reason'),
  };
}

function textOf(value: Shown): string | null {
  return value === undefined || value === null || value === '' ? null : String(value);
}

function isOurs(key: unknown, body: unknown): boolean {
  return (typeof key === 'string' && key !== '') || (typeof body === 'string' && body.includes(KEY));
}
