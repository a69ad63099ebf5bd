import { writeFile } from 'node:fs/promises';
import { projectFiles } from './project.ts';

// Run by `node manifest/hubspot/generate.ts` after scopes, subscriptions or written properties have changed.
for (const [path, text] of await projectFiles()) {
  await writeFile(new URL(path, import.meta.url), text);
}
