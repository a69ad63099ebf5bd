import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Browser, Page } from 'playwright-core';
import { openBrowser } from '../support/browser.ts';
import { openInstallOffice, type InstallOffice } from '../support/install-office.ts';
import { ids } from '../support/sandbox-org.ts';

let browser: Browser;
let office: InstallOffice;
beforeAll(async () => {
  browser = await openBrowser();
  office = await openInstallOffice();
});
afterAll(async () => {
  await browser.close();
  await office.close();
});

/** A browser of its own, whose pages may not report a refused script, style or form. */
async function openPage(): Promise<{ readonly page: Page; readonly complaints: readonly string[] }> {
  const page = await (await browser.newContext()).newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (/content security policy/i.test(message.text())) complaints.push(message.text());
  });
  return { page, complaints };
}

/** From the overview after the consent to the first write. */
async function approve(page: Page): Promise<void> {
  await office.work();
  // The overview looks again by itself every few seconds while Holdfast reads.
  await page.getByRole('link', { name: 'Overview' }).click();
  await page.getByRole('link', { name: 'See the plan' }).click();
  await page.getByRole('button', { name: 'Approve and write' }).click();
  await page.getByText('Approved. Holdfast writes it now.').waitFor();
  await office.work();
}

async function uninstall(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Settings' }).click();
  await page.getByLabel('Yes, uninstall it.').check();
  await page.getByRole('button', { name: 'Uninstall' }).click();
  await page.getByRole('heading', { name: 'Holdfast is uninstalled' }).waitFor();
}

describe('an admin', () => {
  it('installs Holdfast for HubSpot, approves the plan, finds the score on the company, and uninstalls it', async () => {
    const { page, complaints } = await openPage();
    const { portal } = office.hubspot;
    await page.goto(`${office.url}/install/hubspot`);
    await page.getByRole('link', { name: 'Connect app' }).click();
    await page.getByText('Holdfast reads your accounts now.').waitFor();
    await approve(page);
    const company = portal.get('companies', '1')?.properties ?? {};
    expect(company['holdfast_health_band']).toMatch(/^(green|yellow|red|grey)$/);

    await page.getByRole('link', { name: 'Accounts' }).click();
    await page.getByRole('link', { name: 'Acme & Söhne' }).click();
    await page.getByRole('heading', { name: 'Why this score' }).waitFor();
    expect(await page.locator('.head .pill').textContent()).toBe(company['holdfast_health_band']);

    await page.goto(`${office.url}/app`);
    await uninstall(page);
    expect(Object.keys(portal.get('companies', '1')?.properties ?? {}).join()).not.toContain('holdfast');
    expect(complaints).toEqual([]);
  });

  it('installs Holdfast for Salesforce by the address of the org, approves the plan, finds the score on the account', async () => {
    const { page, complaints } = await openPage();
    await page.goto(`${office.url}/install/salesforce`);
    await page.getByLabel('Or your own login address').fill(office.salesforce.url);
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.getByRole('link', { name: 'Allow' }).click();
    await page.getByText('Holdfast reads your accounts now.').waitFor();
    await page.getByRole('link', { name: 'Access' }).click();
    await page.getByText('None is missing.').waitFor();
    await approve(page);
    const account = office.salesforce.org.get(ids.account(1))?.fields ?? {};
    expect(account['Holdfast_Health_Band__c']).toMatch(/^(green|yellow|red|grey)$/i);

    await uninstall(page);
    const after = office.salesforce.org.get(ids.account(1))?.fields ?? {};
    expect(after['Holdfast_Health_Band__c'] ?? null).toBeNull();
    expect(complaints).toEqual([]);
  });

  it('is told in words when the consent was refused, and can begin again from there', async () => {
    const { page } = await openPage();
    await page.goto(`${office.url}/install/hubspot`);
    await page.getByRole('link', { name: 'Cancel' }).click();
    await page.getByRole('heading', { name: 'Nothing was connected' }).waitFor();
    await page.getByRole('link', { name: 'Install for HubSpot' }).click();
    await page.getByRole('link', { name: 'Connect app' }).waitFor();
  });
});
