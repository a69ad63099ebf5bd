import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { DatasetError } from '../../../connectors/kit/sandbox/dataset-csv.ts';
import { loadFightChurn } from '../../../connectors/kit/sandbox/dataset.ts';
import type { WorldAccount } from '../../../connectors/kit/sandbox/world-model.ts';

/** Noon in New York on the day after tomorrow of the data's last full day: everything moves by one day. */
const now = '2024-01-03T17:00:00.000Z';

const ACCOUNTS = `account_id,channel,date_of_birth,state,signup_date,expected_users
0,web,2017-02-19,CA,2023-09-30,11
1,web,2018-10-20,,2022-01-25,8
2,appstore1,2013-03-13,NY,2022-12-30,1
`;
const SUBSCRIPTIONS = `account_id,plan,start_date,end_date,mrr,quantity,units,bill_period_months,discount
0,basic_mthly,2023-10-01,2023-11-01,200.0,10,users,1,0.0
0,meetings,2023-10-01,2023-11-01,300,5000,schedule_meeting,1,0.0
0,search_unlimited,2023-10-01,2023-11-01,200,5000,search,1,0.0
0,standard_mthly,2023-12-01,2024-01-01,275.0,25,users,1,0.45
0,basic_mthly,2023-11-01,2023-12-01,200.0,10,users,1,0.0
0,standard_mthly,2024-01-01,2024-02-01,275.0,25,users,1,0.45
1,starter_mthly,2022-01-25,2022-02-25,55.0,5,users,1,0.0
2,premier_annual,2022-12-31,2023-12-31,1250.0,100,users,12,0.0
2,premier_annual,2023-12-31,2024-12-31,1000.0,80,users,12,0.0
`;
const USAGE = `account_id,week_start,active_users,search
0,2023-12-18,9,0
0,2023-12-25,17,0
0,2024-01-01,3,0
`;

let folder = '';

function publish(files: Partial<Record<'account' | 'subscription' | 'weekly_usage', string>>): string {
  folder = mkdtempSync(join(tmpdir(), 'dataset-'));
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(folder, `crm5_s42_${name}.csv.gz`), gzipSync(text));
  }
  return folder;
}

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const published = { account: ACCOUNTS, subscription: SUBSCRIPTIONS, weekly_usage: USAGE };

async function load(files: Parameters<typeof publish>[0] = published): Promise<readonly WorldAccount[]> {
  return [...(await loadFightChurn(publish(files), now)).accounts];
}

async function refusal(files: Parameters<typeof publish>[0]): Promise<DatasetError> {
  const error: unknown = await load(files).catch((reason: unknown) => reason);
  if (error instanceof DatasetError) return error;
  throw new Error('the data set was not refused', { cause: error });
}

describe('the published accounts of a CRM product', () => {
  it('become customers with their plan, seats, ARR and renewal date, the last full day being yesterday', async () => {
    const [monthly] = await load();
    expect(monthly).toMatchObject({
      name: expect.stringMatching(/ #0$/),
      region: 'CA',
      status: 'customer',
      segment: 'smb',
      termStartOn: '2024-01-02',
      renewalOn: '2024-02-02',
      termMonths: 1,
      arr: 3_300,
      seatsPurchased: 25,
      seatsUsed: 17,
    });
  });

  it('become former customers when their last plan has ended, and keep blank states blank', async () => {
    const [, churned] = await load();
    expect(churned).toMatchObject({
      status: 'former',
      region: null,
      renewalOn: '2022-02-26',
      arr: null,
      seatsUsed: null,
    });
  });

  it('have one deal for each thing that was sold, however many months it was paid for', async () => {
    const [monthly, , annual] = await load();
    const sold = (account: WorldAccount | undefined) =>
      account?.deals.map(({ kind, outcome, arr, seats, termStartOn, termEndOn }) => [
        kind,
        outcome,
        arr,
        seats,
        termStartOn,
        termEndOn,
      ]);
    expect(sold(monthly)).toEqual([
      ['new', 'won', 2_400, 10, '2023-10-02', null],
      ['upsell', 'won', 3_300, 25, '2023-12-02', null],
    ]);
    expect(sold(annual)).toEqual([
      ['new', 'won', 15_000, 100, '2023-01-01', '2024-01-01'],
      ['renewal', 'won', 12_000, 80, '2024-01-01', '2025-01-01'],
    ]);
  });

  it('can do without the usage file', async () => {
    const [monthly] = await load({ account: ACCOUNTS, subscription: SUBSCRIPTIONS });
    expect(monthly).toMatchObject({ seatsPurchased: 25, seatsUsed: null });
  });

  it('use the product as published: weeks spread over their days, whole events that add up, nobody by name', async () => {
    const [workspace] = [
      ...(await loadFightChurn(publish({ ...published, weekly_usage: USAGE.replace(',9,0', ',9,8') }), now)).usage,
    ];
    const days = [...(workspace?.days ?? [])];
    expect(workspace).toMatchObject({ accountKey: 1, name: expect.stringMatching(/ #0$/) as string });
    expect(days.map(({ users }) => users)).toEqual([6, 9, 6, 11, 17, 11]);
    expect(days.slice(0, 3).map(({ features }) => features['search'])).toEqual([2, 3, 3]);
    expect(days.map(({ on }) => new Date(on).getUTCDay())).toEqual(
      days.map((_, index) => new Date(days[0]?.on ?? '').getUTCDay() + (index % 3) * 2).map((day) => day % 7),
    );
  });

  it('belong to owners who are there', async () => {
    const world = await loadFightChurn(publish(published), now);
    const active = new Set(world.owners.filter(({ isArchived }) => !isArchived).map(({ key }) => key));
    expect([...world.accounts].every(({ ownerKey }) => ownerKey !== null && active.has(ownerKey))).toBe(true);
  });
});

describe('a data set that is not as it was published', () => {
  it('is refused when the folder is not there, with the file that was looked for and where to find it', async () => {
    const error: unknown = await loadFightChurn('/nowhere/at-all', now).catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      message: 'there is no file /nowhere/at-all/crm5_s42_account.csv.gz',
      remedy: expect.stringContaining('Give the folder'),
    });
  });

  it('is refused when a file is missing', async () => {
    expect((await refusal({ account: ACCOUNTS })).message).toContain('crm5_s42_subscription.csv.gz');
  });

  it('is refused when a column is missing, with its name and those that are there', async () => {
    const error = await refusal({ ...published, subscription: SUBSCRIPTIONS.replace('end_date', 'ends') });
    expect(error.message).toBe(
      "crm5_s42_subscription.csv.gz has no column 'end_date'; it has account_id, plan, start_date, ends, mrr, quantity, units, bill_period_months, discount",
    );
  });

  it.each([
    ['a quoted cell', 'basic_mthly', '"basic"', 'line 2: there is a quotation mark'],
    [
      'a day that does not exist',
      '2024-02-01',
      '2024-02-31',
      "column 'end_date' holds '2024-02-31', which is not a date",
    ],
    ['a price in words', ',55.0,', ',cheap,', "line 8: column 'mrr' holds 'cheap', which is not a number"],
    ['a line cut short', ',users,1,0.0\n2', '\n2', 'line 8: there are 6 cells where the first line names 9 columns'],
    [
      'a plan of nobody',
      '\n1,starter',
      '\n99,starter',
      'a plan of account 99, which crm5_s42_account.csv.gz does not have',
    ],
  ])('is refused for %s, with the place', async (_, there, instead, message) => {
    const error = await refusal({ ...published, subscription: SUBSCRIPTIONS.replace(there, instead) });
    expect(error.message).toContain(message);
    expect(error.remedy).not.toBe('');
  });

  it('is refused when a file is empty, unpacked or cut short', async () => {
    expect((await refusal({ ...published, account: '' })).message).toBe('crm5_s42_account.csv.gz is empty');

    publish(published);
    const path = join(folder, 'crm5_s42_account.csv.gz');
    const broken = async (bytes: Uint8Array): Promise<unknown> => {
      writeFileSync(path, bytes);
      return loadFightChurn(folder, now).catch((reason: unknown) => reason);
    };
    const message = expect.stringContaining('is not a whole gzip file');
    expect(await broken(Buffer.from(ACCOUNTS))).toMatchObject({ name: 'DatasetError', message });
    expect(await broken(gzipSync(ACCOUNTS).subarray(0, 60))).toMatchObject({ name: 'DatasetError', message });
  });
});

// The whole data set is published elsewhere and not part of the project; where it lies beside it, it is read too.
const whole = fileURLToPath(new URL('../../../../shared/data/fight-churn-crm', import.meta.url));
if (existsSync(whole)) {
  describe('the whole published data set', () => {
    it('gives 5,088 accounts, of whom 1,079 have churned, with what they bought and nothing of the catalogue', async () => {
      const accounts = [...(await loadFightChurn(whole, now)).accounts];
      const deals = accounts.flatMap((account) => account.deals);
      expect(accounts).toHaveLength(5_088);
      expect(accounts.filter(({ status }) => status === 'former')).toHaveLength(1_079);
      expect(accounts.filter(({ region }) => region === null)).toHaveLength(567);
      expect(deals).toHaveLength(10_523);
      expect(deals.some(({ name }) => /meetings|search_unlimited/.test(name))).toBe(false);
      const customers = accounts.filter(({ status }) => status === 'customer');
      expect(customers.every(({ renewalOn }) => renewalOn !== null && renewalOn > '2024-01-02')).toBe(true);
    });
  });
}
