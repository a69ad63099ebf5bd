import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { toInstallationId } from '../../src/core/model/ids.ts';
import type { Store, TenantStore } from '../../src/ports/store.ts';
import { openDatabase } from '../../src/store/database.ts';
import { makeKey, parseKeychain } from '../../src/store/sealed.ts';
import { openStore } from '../../src/store/store.ts';
import { makeReadyDataFolder } from '../support/ready-data-folder.ts';

const AT = '2026-03-02T09:00:00.000Z';
let folder: Awaited<ReturnType<typeof makeReadyDataFolder>>;
let children: ChildProcess[];

beforeEach(async () => {
  folder = await makeReadyDataFolder();
  children = [];
});
afterEach(async () => {
  await Promise.all(children.map((child) => kill(child)));
  await folder.remove();
});

const open = (dataDir = folder.path): ReturnType<typeof openDatabase> => openDatabase({ databaseUrl: null, dataDir });

/** Starts a process beside this one; `said` waits until it has printed so many lines. */
function start(part: string): {
  child: ChildProcess;
  lines: string[];
  said(count: number): Promise<void>;
  ended(): Promise<number | null>;
} {
  const script = fileURLToPath(new URL('second-process.ts', import.meta.url));
  const child = spawn(process.execPath, [script, part, folder.path], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  const exit = once(child, 'exit');
  const lines: string[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
  return {
    child,
    lines,
    said: async (count) => {
      await expect.poll(() => lines.length, { timeout: 40_000 }).toBeGreaterThanOrEqual(count);
    },
    ended: async () => {
      await exit;
      return child.exitCode;
    },
  };
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGKILL');
  await exit;
}

async function withUnits(store: Store): Promise<TenantStore> {
  const facts = {
    accountId: '1',
    title: 'T',
    timeZone: 'UTC',
    currency: 'EUR',
    currencies: [],
    webHost: 'h',
    kind: 'standard',
  };
  await store.installations.register({
    connector: 'hubspot',
    crmAccountId: '1',
    baseUrl: 'https://api.example',
    facts,
    at: AT,
  });
  const customer = store.of(toInstallationId('hubspot-1'));
  await customer.settings.put('left', 1_000);
  await customer.settings.put('right', 0);
  return customer;
}

describe('a second process on the same data folder', () => {
  it('works through the first one: nobody’s transaction sees or breaks another’s', async () => {
    const database = await open();
    const customer = await withUnits(openStore(database, parseKeychain(makeKey())));
    const others = [start('move-units'), start('move-units')];
    const running = Promise.all(others.map((other) => other.ended()));
    const looks = new AbortController();
    void running.finally(() => looks.abort());
    while (!looks.signal.aborted) {
      const units = await database.inInstallation(customer.id, async (scope) => {
        const rows = await scope.selectFrom('holdfast.setting').select('setting').execute();
        return rows.map((row) => Number(row.setting));
      });
      expect(units.reduce((sum, each) => sum + each, 0)).toBe(1_000);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await running).toEqual([0, 0]);
    // Of 60 moves a process makes, every seventh is taken back.
    expect(await customer.settings.get('right')).toBe(2 * (60 - 9));
    await database.close();
  });

  it('that is killed in the middle of a transaction leaves nothing behind and holds nobody up', async () => {
    const database = await open();
    const customer = await withUnits(openStore(database, parseKeychain(makeKey())));
    const other = start('stay-in-transaction');
    await other.said(1);
    const waiting = customer.settings.get('left');
    await kill(other.child);
    expect(await waiting).toBe(1_000);
    await database.close();
  });

  it('is told what happened when the first one dies', async () => {
    const holder = start('stay');
    await holder.said(1);
    const database = await open();
    expect(await database.isReachable()).toBe(true);
    await kill(holder.child);
    await expect(
      database.inRegistry((scope) => scope.selectFrom('holdfast.installation').selectAll().execute()),
    ).rejects.toMatchObject({
      code: 'database-unreachable',
      remedy: expect.stringContaining(`Process ${holder.child.pid} held the database and has ended`),
    });
    await database.close();
  });

  it('may be several at once, each of them an ordinary store', async () => {
    const holder = start('stay');
    await holder.said(1);
    const databases = await Promise.all([open(), open(), open()]);
    const customers = await Promise.all(
      databases.map((database) => withUnits(openStore(database, parseKeychain(makeKey())))),
    );
    expect(await Promise.all(customers.map((customer) => customer.settings.get('left')))).toEqual([
      1_000, 1_000, 1_000,
    ]);
    const [first] = databases;
    await expect(first?.executeSql('begin; select 1/0')).rejects.toThrow(/division by zero/);
    await expect(first?.executeSql('select $1::integer / 0', [1])).rejects.toThrow(/division by zero/);
    expect((await first?.executeSql('select 1 as one'))?.rows).toEqual([{ one: 1 }]);
    await Promise.all(databases.map((database) => database.close()));
  });

  it('is refused with the holder’s pid when the holder does not let it in', async () => {
    await putUpNotice({ pid: process.ppid, socketFolder: join(folder.path, 'nowhere') });
    await expect(open()).rejects.toMatchObject({
      code: 'database-in-use',
      message: expect.stringContaining(`process ${process.ppid}`),
      remedy: expect.stringContaining('HOLDFAST_DATA_DIR'),
    });
  });

  it('on another machine is refused while the holder there gives signs of life', async () => {
    await putUpNotice({ host: 'another-machine', socketFolder: join(folder.path, 'nowhere') });
    await expect(open()).rejects.toMatchObject({ code: 'database-in-use', context: { host: 'another-machine' } });
  });
});

describe('a data folder whose process was killed', () => {
  it('has every page that was acknowledged, and its checkpoint', async () => {
    const writer = start('store-pages');
    await writer.said(15);
    await kill(writer.child);
    const acknowledged = Number(writer.lines.at(-1));
    const store = openStore(await open(), parseKeychain(makeKey()));
    const customer = store.of(toInstallationId('hubspot-1'));
    const reached = Number((await customer.checkpoints.get('deals:all'))?.['page']);
    expect(reached).toBeGreaterThanOrEqual(acknowledged);
    expect((await customer.records.count()).get('deals')).toEqual({ alive: (reached + 1) * 20, deleted: 0 });
    await store.close();
  });

  it('is free again, even when its pid now belongs to another process', async () => {
    await putUpNotice({ pid: process.ppid, startedAt: 'long ago', socketFolder: join(folder.path, 'nowhere') });
    const database = await open();
    expect(await readdir(join(folder.path, 'holders'))).toHaveLength(1);
    await database.close();
    expect(await readdir(join(folder.path, 'holders'))).toEqual([]);
  });

  it('is not spoiled by a database that was only half made', async () => {
    await rm(join(folder.path, 'database'), { recursive: true });
    await mkdir(join(folder.path, 'database.part'));
    await writeFile(join(folder.path, 'database.part', 'PG_VERSION'), '18');
    const database = await open();
    expect(await database.isReachable()).toBe(true);
    await database.close();
  });
});

describe('a data folder', () => {
  it('keeps what was stored when it is opened again, and says where it is', async () => {
    const first = openStore(await open(), parseKeychain(makeKey()));
    await withUnits(first);
    expect(first).toMatchObject({ kind: 'embedded', title: `embedded, ${folder.path}` });
    await first.close();
    const again = openStore(await open(), parseKeychain(makeKey()));
    expect(await again.of(toInstallationId('hubspot-1')).settings.get('left')).toBe(1_000);
    await again.close();
  });

  it('may lie so deep that no socket fits in it', async () => {
    const deep = join(folder.path, 'd'.repeat(120));
    const database = await open(deep);
    const other = await open(deep);
    expect(await other.isReachable()).toBe(true);
    await other.close();
    await database.close();
  });

  it('that cannot be made says which folder and what to set', async () => {
    await writeFile(join(folder.path, 'file'), '');
    await expect(open(join(folder.path, 'file', 'data'))).rejects.toMatchObject({
      code: 'database-unreachable',
      message: expect.stringContaining(join(folder.path, 'file', 'data')),
      remedy: expect.stringContaining('HOLDFAST_DATA_DIR'),
    });
  });

  it('whose files are damaged says where the backups are', async () => {
    await rm(join(folder.path, 'database', 'global'), { recursive: true });
    await expect(open()).rejects.toMatchObject({
      code: 'database-unreachable',
      remedy: expect.stringContaining(join(folder.path, 'backups')),
    });
  });

  it('whose files are taken away while it is open ends with a word, not with silence', async () => {
    const database = await open();
    const other = await open();
    await rm(join(folder.path, 'database', 'pg_wal'), { recursive: true });
    const writing = other.executeSql('create table filler (text text); select pg_switch_wal(); checkpoint');
    await expect(writing).rejects.toThrow(/pg_wal/);
    const stopped = { code: 'database-unreachable', message: expect.stringContaining('pg_wal') };
    await expect(database.executeSql('select 1')).rejects.toMatchObject(stopped);
    await expect(database.inRegistry(() => Promise.resolve())).rejects.toMatchObject(stopped);
    expect(await database.isReachable()).toBe(false);
    await other.close();
    await database.close();
  });

  it('is backed up into copies that can take its place; the newest three are kept', async () => {
    const database = await open();
    const customer = await withUnits(openStore(database, parseKeychain(makeKey())));
    for (const day of ['01', '02', '03'])
      await mkdir(join(folder.path, 'backups', `2026-03-${day}T03-00-00.000Z`), { recursive: true });
    const copy = await database.writeBackup('2026-03-04T03:00:00.000Z');
    expect(await readdir(join(folder.path, 'backups'))).toEqual(
      ['02', '03', '04'].map((day) => `2026-03-${day}T03-00-00.000Z`),
    );
    await customer.settings.put('left', 99);
    await database.close();

    await rm(join(folder.path, 'database'), { recursive: true });
    await cp(copy ?? '', join(folder.path, 'database'), { recursive: true });
    const restored = openStore(await open(), parseKeychain(makeKey()));
    expect(await restored.of(customer.id).settings.get('left')).toBe(1_000);
    await restored.close();
  });
});

/** A notice as another process would put it up. */
async function putUpNotice(change: Readonly<Record<string, unknown>>): Promise<void> {
  await mkdir(join(folder.path, 'holders'), { recursive: true });
  const notice = { host: hostname(), pid: 1, startedAt: null, state: 'holding', socketFolder: null, ...change };
  await writeFile(join(folder.path, 'holders', 'other.json'), JSON.stringify(notice));
}
