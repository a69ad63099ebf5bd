import { spawn } from 'node:child_process';
import { on, once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { openBrowser } from '../../test/support/browser.ts';

/** Pictures for the listing, of the pages as an admin of the demo's customer sees them. HubSpot takes eight at most. */
const pictures: readonly { readonly name: string; readonly open: (page: Page, url: string) => Promise<unknown> }[] = [
  { name: '1-overview', open: (page, url) => page.goto(`${url}/app`) },
  { name: '2-account', open: (page) => page.locator('table a').first().click() },
  { name: '3-accounts', open: (page) => page.getByRole('link', { name: 'Accounts' }).click() },
  { name: '4-access', open: (page) => page.getByRole('link', { name: 'Access' }).click() },
];

// What listings show: 1280 × 800, twice as fine.
const size = { viewport: { width: 1280, height: 800 }, deviceScaleFactor: 2 };
const startsWithinMs = 300_000;

const folder = new URL('screenshots/', import.meta.url);
const dataDir = await mkdtemp(join(tmpdir(), 'holdfast-pictures-'));
const demo = spawn(process.execPath, [fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url)), 'demo'], {
  env: { ...process.env, HOLDFAST_DATA_DIR: dataDir },
  stdio: ['ignore', 'ignore', 'pipe'],
});
try {
  const url = await addressOf(AbortSignal.timeout(startsWithinMs));
  const browser = await openBrowser();
  try {
    await mkdir(folder, { recursive: true });
    const page = await (await browser.newContext(size)).newPage();
    await page.goto(`${url}/install/hubspot`);
    await page.getByRole('link', { name: 'Connect app' }).click();
    for (const { name, open } of pictures) {
      await open(page, url);
      await page.waitForLoadState('networkidle');
      await page.screenshot({ path: fileURLToPath(new URL(`${name}.png`, folder)) });
    }
  } finally {
    await browser.close();
  }
} finally {
  demo.kill('SIGTERM');
  if (demo.exitCode === null) await once(demo, 'exit');
  await rm(dataDir, { recursive: true, force: true });
}

/** Where the demo serves, once it has read, scored and written. */
async function addressOf(signal: AbortSignal): Promise<string> {
  let said = '';
  for await (const chunk of on(demo.stderr.setEncoding('utf8'), 'data', { signal, close: ['end'] })) {
    said += String(chunk[0]);
    const served = /Going on as a service: (http:\/\/localhost:\d+)/.exec(said)?.[1];
    if (served === undefined) continue;
    // Nobody listens from now on; a full pipe would hold the demo up.
    demo.stderr.resume();
    return served;
  }
  throw new Error('The demo ended before it served its pages. Is its port taken?');
}
