import type { WorldUsageDay, WorldWorkspace } from '../../../connectors/kit/sandbox/world-usage.ts';
import type { Secret } from '../../../connectors/contract/auth.ts';
import type { World } from '../../../connectors/kit/sandbox/world.ts';
import { SUMMARY_EVENT } from '../../core/usage/parse-request.ts';
import { HoldfastError } from '../../errors.ts';

/** Below the API's limit of a request, with room for the last message. */
const BATCH_BYTES = 440_000;

/** Requests under way at once: one is stored while the next is written. */
const AT_ONCE = 2;

export interface SentUsage {
  readonly workspaces: number;
  readonly messages: number;
  readonly requests: number;
  readonly seconds: number;
}

/** Where a product sends to. */
export interface UsageTarget {
  /** Of Holdfast, without a trailing slash. */
  readonly url: string;
  readonly writeKey: Secret;
  readonly signal: AbortSignal;
}

/**
 * Sends usage as the product of the made-up business would, over HTTP: a `group` message that introduces each workspace and
 * a summary of each of its days. `crmIdOf` gives the CRM's id of an account that its domain cannot tell.
 */
export async function sendUsage(
  workspaces: Iterable<WorldWorkspace>,
  crmIdOf: (workspace: WorldWorkspace) => string | null,
  target: UsageTarget,
): Promise<SentUsage> {
  const began = performance.now();
  const sent = { workspaces: 0, messages: 0, requests: 0 };
  const underWay = new Set<Promise<void>>();
  let batch: string[] = [];
  let bytes = 0;
  const flush = async (): Promise<void> => {
    if (batch.length === 0) return;
    const body = `{"batch":[${batch.join(',')}]}`;
    batch = [];
    bytes = 0;
    sent.requests += 1;
    const request = post(target, body).finally(() => underWay.delete(request));
    underWay.add(request);
    if (underWay.size >= AT_ONCE) await Promise.race(underWay);
  };
  const send = async (message: object): Promise<void> => {
    const json = JSON.stringify(message);
    batch.push(json);
    bytes += Buffer.byteLength(json) + 1;
    sent.messages += 1;
    if (bytes > BATCH_BYTES) await flush();
  };
  for (const workspace of workspaces) {
    sent.workspaces += 1;
    await send(introduce(workspace, crmIdOf(workspace)));
    for (const day of workspace.days) await send(summarise(workspace, day));
  }
  await flush();
  await Promise.all(underWay);
  return { ...sent, seconds: Math.round((performance.now() - began) / 100) / 10 };
}

/**
 * Sends the usage of a world's customers, and of a trial that no CRM knows. Accounts are told by their domain, and where
 * several share one by the CRM's id, which `recordIdOf` gives for a key of the world.
 */
export function sendWorldUsage(
  world: World,
  recordIdOf: (accountKey: number) => string,
  target: UsageTarget,
): Promise<SentUsage> {
  const shared = sharedDomains(world);
  const crmIdOf = ({ accountKey, domain }: WorldWorkspace): string | null =>
    domain === null || shared.has(domain) ? recordIdOf(accountKey) : null;
  return sendUsage(withTrial(world), crmIdOf, target);
}

/** Domains that several accounts have: a workspace with one of them needs the CRM's id to be found. */
function sharedDomains(world: World): ReadonlySet<string> {
  const seen = new Set<string>();
  const shared = new Set<string>();
  for (const { domain } of world.accounts) {
    if (domain === null) continue;
    if (seen.has(domain)) shared.add(domain);
    seen.add(domain);
  }
  return shared;
}

/** Somebody tries the product whom no salesperson has met. */
function* withTrial(world: World): Generator<WorldWorkspace> {
  yield* world.usage;
  const on = world.now.slice(0, 10);
  const day = { on, users: ['trial-1'], keyUsers: [], keyActions: 0, features: { 'Dashboard Viewed': 3 }, metered: {} };
  yield {
    accountKey: 0,
    id: 'ws-trial',
    name: 'Nobody knows them yet',
    domain: 'trial.example',
    limits: {},
    coreFeatures: [],
    days: [{ ...day, pricingVisits: 1 }],
  };
}

function introduce({ id, name, domain, limits, coreFeatures }: WorldWorkspace, crmId: string | null): object {
  return {
    type: 'group',
    messageId: `${id}-group`,
    groupId: id,
    traits: { name, ...(crmId === null ? { domain } : { crmId }), limits, coreFeatures },
  };
}

function summarise({ id }: WorldWorkspace, day: WorldUsageDay): object {
  const { on, users, keyUsers, keyActions, features, metered, pricingVisits } = day;
  return {
    type: 'track',
    messageId: `${id}-${on}`,
    timestamp: `${on}T17:00:00.000Z`,
    event: SUMMARY_EVENT,
    context: { groupId: id },
    properties: {
      ...(typeof users === 'number' ? { activeUsers: users } : { users, keyUsers }),
      keyActions,
      features,
      metered,
      pricingVisits,
    },
  };
}

async function post({ url, writeKey, signal }: UsageTarget, body: string): Promise<void> {
  const answer = await fetch(`${url}/v1/batch`, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(`${writeKey.reveal()}:`).toString('base64')}`,
      'content-type': 'application/json',
    },
    body,
    signal,
  });
  const text = await answer.text();
  if (answer.ok) return;
  throw new HoldfastError({
    code: 'input-invalid',
    message: `The usage API refused the demo's usage: ${text.slice(0, 500)}`,
    remedy: 'This is a fault in the demo: please report it.',
  });
}
