import { afterAll, beforeAll } from 'vitest';
import { openDatabase } from '../../src/store/database.ts';
import { makeDataFolder } from '../support/databases.ts';
import { describeStore } from './store-battery.ts';

let folder: Awaited<ReturnType<typeof makeDataFolder>>;
beforeAll(async () => {
  folder = await makeDataFolder();
});
afterAll(async () => {
  await folder.remove();
});

describeStore('the embedded store', () => openDatabase({ databaseUrl: null, dataDir: folder.path }));
