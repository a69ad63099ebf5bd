import type { Access, PullPage, PullRequest } from '../contract/connector.ts';
import { OWNERS, factsOf } from './objects.ts';
import { pullOwners } from './owners.ts';
import { pullChanged } from './pull-changed.ts';
import { pullListed } from './pull-listed.ts';

/** Chooses the way in which HubSpot gives these records. */
export function pull(access: Access, request: PullRequest): AsyncGenerator<PullPage> {
  if (request.object === OWNERS) return pullOwners(access, request);
  const { scope } = request;
  if (scope.kind === 'changed') return pullChanged(access, request, scope);
  const isListed = scope.kind === 'all' || factsOf(request.object).listsArchived;
  return isListed ? pullListed(access, request) : pullNothing();
}

async function* pullNothing(): AsyncGenerator<PullPage> {
  yield { records: [], cursor: null, total: 0 };
}
