import type { OAuthApp } from '../../connectors/contract/auth.ts';
import type { InstallationId } from '../core/model/ids.ts';
import { defineLine } from '../flow/definitions.ts';
import { undo, type Undone } from '../flow/undo.ts';
import { uninstall } from '../install/uninstall.ts';
import { withLine, type LineRequest, type Runner } from './run.ts';

export interface UninstallRequest extends Pick<LineRequest, 'signal' | 'progress'> {
  /** Take away first what was written. */
  readonly undoes: boolean;
  readonly actor: string;
}

/**
 * Uninstalls alone, while no run is under way. Answers what was taken away before; null when that was not asked for.
 *
 * Errors: `installation-busy` when a run is under way.
 */
export async function uninstallInstallation(
  runner: Runner,
  id: InstallationId,
  app: OAuthApp | null,
  request: UninstallRequest,
): Promise<Undone | null> {
  return withLine(runner, id, request, async (line) => {
    const undone = request.undoes ? await undo(await defineLine(line), { alsoTouchedTasks: false }) : null;
    const { store, session, connector, clock } = line;
    const { baseUrl } = await store.getInstallation();
    await uninstall(
      { store, session, oauth: connector.oauth, app, baseUrl, clock, signal: line.signal },
      request.actor,
    );
    return undone;
  });
}
