import { Agent, request } from 'node:http';
import { createHmac } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { startHoldfast, type Running } from './run-holdfast.ts';

/** `holdfast serve` as a process of its own, behind a public address that leads to it. */
export interface Served {
  readonly port: number;
  /** Ends it as a power cut would, if it is still there. */
  kill(): Promise<void>;
  /** Asks it to end, and waits for that. */
  stop(): Promise<void>;
}

export const SERVED_URL = 'https://holdfast.example';
const CLIENT_SECRET = 'secret-of-the-app';

export async function serveHoldfast(role: 'all' | 'web', env: Readonly<Record<string, string>>): Promise<Served> {
  const running: Running = startHoldfast(['serve', '--json', '--role', role], {
    HOLDFAST_PUBLIC_URL: SERVED_URL,
    HUBSPOT_CLIENT_ID: 'holdfast',
    HUBSPOT_CLIENT_SECRET: CLIENT_SECRET,
    PORT: '0',
    ...env,
  });
  const line: unknown = JSON.parse(await running.firstLine());
  if (typeof line !== 'object' || line === null || !('port' in line) || typeof line.port !== 'number') {
    throw new Error(`the server did not say where it listens: ${JSON.stringify(line)}`);
  }
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    running.child.kill(signal);
    await running.finished();
  };
  return { port: line.port, kill: () => end('SIGKILL'), stop: () => end('SIGTERM') };
}

/** One delivery of HubSpot's, signed and ready to be sent. */
export interface Delivery {
  readonly body: string;
  readonly ids: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
}

/** A delivery about records of one object; `at` is when it is signed, in epoch milliseconds. */
export function toDelivery(
  portalId: string,
  object: 'companies' | 'contacts',
  ids: readonly string[],
  at: number,
): Delivery {
  const body = JSON.stringify(
    ids.map((id, index) => ({
      eventId: Number(id) * 1_000 + index,
      subscriptionId: 1,
      portalId: Number(portalId),
      appId: 99,
      occurredAt: at,
      attemptNumber: 0,
      subscriptionType: 'object.propertyChange',
      objectId: Number(id),
      objectTypeId: { companies: '0-2', contacts: '0-1' }[object],
      propertyName: 'name',
      propertyValue: `Name ${index}`,
      changeSource: 'CRM_UI',
    })),
  );
  const signature = createHmac('sha256', CLIENT_SECRET)
    .update(`POST${SERVED_URL}/webhooks/hubspot${body}${at}`)
    .digest('base64');
  const headers = {
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(body)),
    'x-hubspot-request-timestamp': String(at),
    'x-hubspot-signature-v3': signature,
  };
  return { body, ids, headers };
}

export interface Answered {
  /** Null where the connection broke. */
  readonly status: number | null;
  readonly tookMs: number;
}

/** Sends deliveries, so many a second whether they are answered or not. Answers in their order. */
export async function sendAtRate(
  served: Served,
  deliveries: readonly Delivery[],
  perSecond: number,
  onAnswer: (answered: Answered, delivery: Delivery) => void = () => undefined,
): Promise<readonly Answered[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const beganAt = performance.now();
  const sent: Promise<Answered>[] = [];
  for (const [index, delivery] of deliveries.entries()) {
    const waitMs = beganAt + (index * 1_000) / perSecond - performance.now();
    if (waitMs > 0) await sleep(waitMs);
    const answer = post(served.port, agent, delivery);
    sent.push(answer);
    void answer.then((answered) => onAnswer(answered, delivery));
  }
  const answers = await Promise.all(sent);
  agent.destroy();
  return answers;
}

function post(port: number, agent: Agent, { body, headers }: Delivery): Promise<Answered> {
  const beganAt = performance.now();
  const took = (): number => performance.now() - beganAt;
  return new Promise((resolve) => {
    const sent = request(
      { host: '127.0.0.1', port, path: '/webhooks/hubspot', method: 'POST', headers, agent },
      (response) => {
        response.resume();
        response.on('end', () => resolve({ status: response.statusCode ?? null, tookMs: took() }));
        response.on('error', () => resolve({ status: null, tookMs: took() }));
      },
    );
    sent.on('error', () => resolve({ status: null, tookMs: took() }));
    sent.end(body);
  });
}
