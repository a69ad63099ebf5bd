import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { runHoldfast, type Finished } from '../support/run-holdfast.ts';

async function folder(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'demo-'));
  onTestFinished(() => rm(made, { recursive: true }));
  return made;
}

async function demo(...options: readonly string[]): Promise<Finished> {
  const dataDir = await folder();
  return runHoldfast(['demo', '--once', '--quiet', '--json', ...options], { HOLDFAST_DATA_DIR: dataDir });
}

/** Accounts as `sf data export tree` writes them: one with a won deal, and one without. */
async function treesOfAnOrg(): Promise<string> {
  const place = await folder();
  const tree = (type: string, ...records: readonly object[]) =>
    JSON.stringify({
      records: records.map((record, index) => ({
        attributes: { type, referenceId: `${type}Ref${index + 1}` },
        ...record,
      })),
    });
  const won = {
    Name: 'Deal',
    AccountId: '@AccountRef1',
    StageName: 'Closed Won',
    CloseDate: '2025-12-22',
    Amount: 9_000,
  };
  await writeFile(join(place, 'Accounts.json'), tree('Account', { Name: 'Acme' }, { Name: 'Bolt' }));
  await writeFile(join(place, 'Opportunities.json'), tree('Opportunity', won));
  return place;
}

describe('the demo', () => {
  it('runs HubSpot and Salesforce side by side: both carry scores and tasks, and a sync after that writes nothing', async () => {
    const { json } = await demo('--accounts', '20');
    const nothing = { fields: 0, records: 0, tasksOpened: 0, tasksMoved: 0, tasksClosed: 0, refused: 0 };
    const installation = (connector: string) => ({
      connector,
      usage: { workspaces: expect.any(Number), unmatched: 1 },
      runs: [
        { awaitsApproval: true, writes: nothing },
        { writes: { refused: 0 }, calls: { general: expect.any(Number) } },
        { writes: nothing },
      ],
    });
    expect(json).toMatchObject({ installations: [installation('hubspot'), installation('salesforce')] });
    const both = z
      .object({ inSandbox: z.object({ accountsWithBand: z.number(), tasksOfHoldfast: z.number() }) })
      .array()
      .parse(json['installations']);
    const [inPortal, inOrg] = both.map(({ inSandbox }) => inSandbox);
    expect(inPortal?.accountsWithBand).toBeGreaterThan(10);
    expect(inPortal?.tasksOfHoldfast).toBeGreaterThan(5);
    expect(inOrg).toEqual(inPortal);
  });

  it('loads sObject trees into Salesforce alone', async () => {
    const { json } = await demo('--dataset', await treesOfAnOrg());
    expect(json).toMatchObject({
      installations: [{ connector: 'salesforce', book: { records: { Account: 2, Opportunity: 1 } } }],
    });
  });

  it('does not load sObject trees into HubSpot, and says so', async () => {
    const { code, json } = await demo('--crm', 'hubspot', '--dataset', await treesOfAnOrg());
    expect(code).toBe(1);
    expect(json).toMatchObject({ error: { code: 'input-invalid', message: expect.stringContaining('sObject trees') } });
  });
});
