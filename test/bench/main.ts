import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { table } from '../../src/cli/terminal.ts';
import { isMet, ratioOf, type Bench, type Figure } from './bench.ts';
import { bulk } from './bulk.ts';
import { calls } from './calls.ts';
import { limits } from './limits.ts';
import { rescore } from './rescore.ts';
import { scoring } from './scoring.ts';
import { throughput } from './throughput.ts';
import { webhooks } from './webhooks.ts';

/**
 * `npm run bench`, `npm run bench -- calls limits`, `npm run bench -- --quick`: measures, prints a table, and exits with 1
 * when a goal is missed. Full-size figures are kept in `results.json`; quick ones are too rough to keep.
 */
const BENCHES: readonly Bench[] = [calls, bulk, limits, throughput, scoring, rescore, webhooks];
const RESULTS = new URL('results.json', import.meta.url);

const { values, positionals } = parseArgs({
  options: { quick: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const unknown = positionals.filter((name) => !BENCHES.some((bench) => bench.name === name));
if (unknown.length > 0) {
  const known = BENCHES.map(({ name }) => name).join(', ');
  process.stderr.write(`There is no bench '${unknown.join("', '")}'. Known are: ${known}.\n`);
  process.exit(2);
}

const chosen = BENCHES.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
const measured = new Map<string, readonly Figure[]>();
for (const bench of chosen) {
  process.stderr.write(`${bench.name} …\n`);
  measured.set(bench.name, await bench.run({ isQuick: values.quick }));
}
const figures = [...measured.values()].flat();
process.stdout.write(`${table(['bench', 'figure', 'goal', 'ratio', 'beside it'], figures.map(toRow))}\n`);
if (!values.quick) keep();
if (!figures.every(isMet)) process.exitCode = 1;

function toRow(figure: Figure): readonly string[] {
  const ratio = ratioOf(figure);
  return [
    figure.what,
    `${toText(figure.figure)} ${figure.unit}`,
    goalInWords(figure),
    ratio === null ? '' : ratio.toFixed(2),
    [...(isMet(figure) ? [] : ['MISSED']), ...(figure.beside === '' ? [] : [figure.beside])].join('; '),
  ];
}

function goalInWords({ goal }: Figure): string {
  if (goal === null) return '';
  return 'atMost' in goal ? `≤ ${toText(goal.atMost)}` : `≥ ${toText(goal.atLeast)}`;
}

function toText(figure: number): string {
  return figure.toLocaleString('en-US', { maximumFractionDigits: figure >= 100 ? 0 : figure >= 10 ? 1 : 2 });
}

/** Benches that were not measured this time keep their earlier figures. */
function keep(): void {
  const on = {
    at: new Date().toISOString(),
    node: process.version,
    machine: `${process.platform} ${process.arch}, ${availableParallelism()} cores`,
    loadAverage: loadavg()[0],
  };
  const fresh = [...measured].map(([name, own]) => [name, { ...on, figures: own.map(toKept) }] as const);
  const all = { ...readKept(), ...Object.fromEntries(fresh) };
  const ordered = BENCHES.flatMap(({ name }) => (name in all ? [[name, all[name]] as const] : []));
  writeFileSync(RESULTS, `${JSON.stringify(Object.fromEntries(ordered), null, 2)}\n`);
}

function toKept(figure: Figure): object {
  return { ...figure, figure: Number(figure.figure.toPrecision(4)), ratio: ratioOf(figure), isMet: isMet(figure) };
}

function readKept(): Readonly<Record<string, unknown>> {
  try {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(readFileSync(RESULTS, 'utf8')));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {};
    throw error;
  }
}
