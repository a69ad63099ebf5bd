import { defineConfig } from 'vitest/config';

const root = new URL('..', import.meta.url).pathname;

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
          globalSetup: ['test/support/one-server.ts'],
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
      'manifest/hubspot/vitest.config.ts',
    ],
  },
});
