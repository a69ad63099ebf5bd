import { chromium, type Browser } from 'playwright-core';

/**
 * A Chromium without a screen: the one at `CHROMIUM_PATH`, or the one that comes with the packages. It runs without the
 * kernel's sandbox, which containers do not have, and visits nothing but the pages of the tests.
 */
export async function openBrowser(): Promise<Browser> {
  const args = ['--no-sandbox', '--disable-background-networking'];
  const named = process.env['CHROMIUM_PATH'];
  if (named !== undefined && named !== '') return chromium.launch({ executablePath: named, args });
  // The package unpacks the libraries that Chromium needs only where it takes itself to be on such a machine.
  process.env['AWS_LAMBDA_JS_RUNTIME'] ??= 'nodejs24.x';
  const { default: packaged } = await import('@sparticuz/chromium');
  return chromium.launch({ executablePath: await packaged.executablePath(), args: [...packaged.args, ...args] });
}
