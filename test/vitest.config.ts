import { defineConfig } from 'vitest/config';

const root = new URL('..', import.meta.url).pathname;
const timeouts = { testTimeout: 300_000, hookTimeout: 300_000 };

/** Tests that put something in the place of what a process has once: its timers, or its way out to the network. */
const alone = [
  'test/limits/**/*.test.ts',
  'test/connectors/hubspot/{answers,oauth,provision,pull,write}.test.ts',
  'test/connectors/salesforce/{identity,oauth,org}.test.ts',
];

export default defineConfig({
  test: {
    root,
    pool: 'forks',
    maxWorkers: 2,
    projects: [
      {
        test: {
          name: 'holdfast',
          root,
          include: ['test/**/*.test.ts'],
          exclude: alone,
          globalSetup: ['test/support/one-server.ts'],
          // Files follow each other in one process: what they import is loaded, and made fast by the engine, once.
          isolate: false,
          ...timeouts,
        },
      },
      { test: { name: 'alone', root, include: alone, ...timeouts } },
      'manifest/hubspot/vitest.config.ts',
    ],
  },
});
