import { createHmac } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PortalChange, PortalState } from './portal-state.ts';

export interface WebhookSubscription {
  /** The address that HubSpot knows and signs. */
  readonly url: string;
  /** Where that leads to, when a proxy stands in between; `url` unless told. */
  readonly behindProxy?: string;
  readonly clientSecret: string;
  readonly appId: number;
}

/** HubSpot sends changes as they happen, without promise of order, and tries again when the answer is not 2xx. */
export interface SandboxWebhooks {
  /** Changes from now on are sent to `url`. There is one subscription: a second replaces the first. */
  subscribe(subscription: WebhookSubscription): void;
  unsubscribe(): void;
  /** Resolves when every change so far was delivered or given up. */
  settled(): Promise<void>;
  /** Requests that were answered with 2xx, and those that were given up after the last try. */
  readonly delivered: number;
  readonly givenUp: number;
}

const mostEvents = 100;
const answerWithinMs = 5_000;
/** HubSpot spreads ten tries over a day; here the waits are short, so that a test sees them through. */
const waitsMs = [20, 50, 100];

export function createWebhooks(portal: PortalState): SandboxWebhooks & { close(): void } {
  let subscription: WebhookSubscription | null = null;
  let queue: Record<string, unknown>[] = [];
  let delivery: Promise<void> | null = null;
  let events = 0;
  let [delivered, givenUp] = [0, 0];
  const stopped = new AbortController();

  const deliverQueue = async (): Promise<void> => {
    // A moment for more changes to join the batch.
    await sleep(5, undefined, { ref: false });
    for (;;) {
      const batch = queue.slice(0, mostEvents);
      queue = queue.slice(mostEvents);
      if (batch.length === 0 || subscription === null || stopped.signal.aborted) break;
      if (await deliverBatch(subscription, batch, portal.now, stopped.signal)) delivered += 1;
      else givenUp += 1;
    }
    delivery = null;
  };

  portal.onChange((change) => {
    if (subscription === null) return;
    events += 1;
    queue.push({
      eventId: events,
      subscriptionId: 1,
      portalId: portal.facts.portalId,
      appId: subscription.appId,
      occurredAt: portal.now(),
      attemptNumber: 0,
      changeSource: change.author,
      ...(change.author === 'INTEGRATION' ? { sourceId: String(subscription.appId) } : {}),
      ...toEvent(change),
    });
    delivery ??= deliverQueue();
  });

  return {
    subscribe(next) {
      subscription = next;
    },
    unsubscribe() {
      subscription = null;
      queue = [];
    },
    settled: () => delivery ?? Promise.resolve(),
    get delivered() {
      return delivered;
    },
    get givenUp() {
      return givenUp;
    },
    close() {
      stopped.abort();
    },
  };
}

function toEvent(change: PortalChange): Record<string, unknown> {
  switch (change.kind) {
    case 'creation':
    case 'deletion':
    case 'restore':
      return {
        subscriptionType: `object.${change.kind}`,
        objectId: Number(change.record.id),
        objectTypeId: change.record.type.typeId,
      };
    case 'privacyDeletion':
      return { subscriptionType: 'contact.privacyDeletion', objectId: Number(change.record.id) };
    case 'propertyChange':
      return {
        subscriptionType: 'object.propertyChange',
        objectId: Number(change.record.id),
        objectTypeId: change.record.type.typeId,
        propertyName: change.propertyName,
        propertyValue: change.propertyValue,
      };
    case 'merge':
      return {
        subscriptionType: 'object.merge',
        objectId: Number(change.survivor.id),
        objectTypeId: change.survivor.type.typeId,
        primaryObjectId: Number(change.primaryId),
        mergedObjectIds: [Number(change.mergedId)],
        newObjectId: Number(change.survivor.id),
      };
    case 'associationChange':
    default:
      return {
        subscriptionType: 'object.associationChange',
        objectTypeId: change.from.typeId,
        associationType: `${change.from.singular}_to_${change.to.singular}`.toUpperCase(),
        fromObjectId: Number(change.fromId),
        toObjectId: Number(change.toId),
        associationRemoved: change.removed,
        isPrimaryAssociation: change.isPrimary,
      };
  }
}

/** Tells whether it was taken in the end. */
async function deliverBatch(
  { url, behindProxy = url, clientSecret }: WebhookSubscription,
  batch: readonly Record<string, unknown>[],
  now: () => number,
  stopped: AbortSignal,
): Promise<boolean> {
  for (const [attemptNumber, waitMs] of [0, ...waitsMs].entries()) {
    await sleep(waitMs, undefined, { ref: false });
    const body = JSON.stringify(batch.map((event) => ({ ...event, attemptNumber })));
    const timestamp = String(now());
    const answer = await fetch(behindProxy, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'X-HubSpot-Request-Timestamp': timestamp,
        'X-HubSpot-Signature-v3': signatureV3(clientSecret, 'POST', url, body, timestamp),
      },
      body,
      signal: AbortSignal.any([stopped, AbortSignal.timeout(answerWithinMs)]),
    }).catch(() => null);
    // A connection that fails is tried again just as a refusal is.
    await answer?.body?.cancel();
    if (answer?.ok === true) return true;
  }
  return false;
}

const decoded: Readonly<Record<string, string>> = {
  '%3A': ':',
  '%2F': '/',
  '%3F': '?',
  '%40': '@',
  '%21': '!',
  '%24': '$',
  '%27': "'",
  '%28': '(',
  '%29': ')',
  '%2A': '*',
  '%2C': ',',
  '%3B': ';',
};

/** HubSpot's signature of a request, version 3: base64 of an HMAC over method, URI, body and timestamp (milliseconds). */
export function signatureV3(secret: string, method: string, uri: string, body: string, timestamp: string): string {
  // Only these escapes are undone before signing; all others, such as %20, stay.
  const signedUri = uri.replaceAll(/%[0-9A-F]{2}/gi, (escape) => decoded[escape.toUpperCase()] ?? escape);
  return createHmac('sha256', secret).update(`${method}${signedUri}${body}${timestamp}`, 'utf8').digest('base64');
}
