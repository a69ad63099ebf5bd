import { startCrmProcess } from './crm-process.ts';
import { execFileSync } from 'node:child_process';
const accounts = Number(process.argv[2]);
const t = performance.now();
const crm = await startCrmProcess({ accounts, isLimited: false, latencyMs: null });
console.log('crm', performance.now() - t, crm.records, Object.values(crm.records).reduce((a,b)=>a+b,0));
console.log(execFileSync(process.execPath, [...process.argv.slice(3), new URL('throughput-main.ts', import.meta.url).pathname, crm.url]).toString());
console.log(await crm.readCounts());
await crm.close();
