import { installedFolder } from '../../../test/support/installed-folder.ts';

/** Before the first card test: React and HubSpot's components are not among the packages of the server. */
export async function setup(): Promise<void> {
  await installedFolder(new URL('..', import.meta.url));
}
