import { mkdtempSync, rmSync } from 'node:fs';
import { openDatabase } from '../../src/store/database.ts';
import { openStore } from '../../src/store/store.ts';
import { parseKeychain } from '../../src/store/sealed.ts';
import { makeKey } from '../../src/store/sealed.ts';
const dir = mkdtempSync('/tmp/hf-');
const db = await openDatabase({ databaseUrl: null, dataDir: dir });
const store = openStore(db, parseKeychain(makeKey()));
const inst = await store.installations.register({ connector: 'x', crmAccountId: '1', baseUrl: 'http://x', facts: {} as never, at: new Date().toISOString() });
const t = store.of(inst.id);
const per = Number(process.argv[2] ?? 100);
let n = 0;
for (let k = 0; k < 5; k++) {
  const t0 = performance.now();
  for (let p = 0; p < 10000 / per; p++) {
    const records = Array.from({ length: per }, () => {
      n += 1;
      const inputs = Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`property_${i}`, i % 3 === 0 ? `value ${n} ${i}` : null]));
      const id = String(1000000 + n);
      return { raw: { object: 'emails', id, fields: inputs, links: { companies: [String(n % 500)], contacts: [String(n % 2000)] }, createdAt: '2026-01-01T00:00:00.000Z', modifiedAt: '2026-01-01T00:00:00.000Z', deleted: false, mergedIds: [] }, inputs, shown: {}, accountId: String(n % 500) as never, contactId: String(n % 2000) };
    });
    await t.records.storePage({ object: 'emails', records, walk: 'w', stream: 'emails:all', checkpoint: { a: p }, touches: true, at: new Date().toISOString() } as never);
  }
  (globalThis as any).showTimes?.();
  console.log(((10000 / (performance.now() - t0)) * 1000).toFixed(0), 'rows/s');
}
await store.close();
rmSync(dir, { recursive: true });
