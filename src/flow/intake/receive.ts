import type { UsageConfiguration } from '../../core/usage/configuration.ts';
import type { ReceivedRequest, RefusedMessage, UsageRequest } from '../../core/usage/message.ts';
import { parseRequest } from '../../core/usage/parse-request.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Problem, Store, TenantStore } from '../../ports/store.ts';
import { openPseudonyms } from './pseudonyms.ts';
import { findByUsageKey } from './usage-keys.ts';

export interface IntakeParts {
  readonly store: Store;
  readonly clock: Clock;
  configurationOf(store: TenantStore): Promise<UsageConfiguration>;
}

/** Refused messages of one request that the inbox names; more of the same would hide the rest. */
const NAMED = 20;

/**
 * Takes in one request of a product. All that can be read of it is stored when this returns; what was refused is named here
 * and in the error inbox. Null for a write key that is none.
 *
 * Throws `input-invalid` for a body that is no request at all.
 */
export async function receiveUsage(parts: IntakeParts, request: UsageRequest): Promise<ReceivedRequest | null> {
  const id = await findByUsageKey(parts.store, request.writeKey);
  if (id === null) return null;
  const store = parts.store.of(id);
  const receivedAt = parts.clock.now();
  const configuration = await parts.configurationOf(store);
  const hash = await openPseudonyms(store);
  const { messages, refused } = parseRequest(request.type, request.body, { receivedAt, configuration, hash });
  const { facts } = await store.getInstallation();
  const outcome = await store.signals.receive(messages, { at: receivedAt, timeZone: facts.timeZone, configuration });
  if (refused.length > 0) await store.problems.report(refused.slice(0, NAMED).map(toProblem), receivedAt);
  return { ...outcome, refused };
}

/** The kind of problem that a refused message is. */
export const USAGE_PROBLEM = 'usage';

const REMEDIES: Readonly<Record<RefusedMessage['code'], string>> = {
  'message-invalid': 'Mend the sender; what was refused can be sent again, it counts once.',
  'date-ahead': 'Set the clock of the sender right, and send it again.',
  'date-too-old': 'Import older usage only as far back as it is kept.',
};

function toProblem({ code, type, event, why }: RefusedMessage): Problem {
  return {
    kind: USAGE_PROBLEM,
    code,
    object: type.slice(0, 40),
    field: event ?? '',
    crmId: '',
    message: `A message${type === '' ? '' : ` of type '${type.slice(0, 40)}'`}${event === null ? '' : ` (${event})`} was refused: ${why}`,
    remedy: REMEDIES[code],
  };
}
