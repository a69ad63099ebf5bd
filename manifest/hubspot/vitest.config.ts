import { defineConfig } from 'vitest/config';

// Part of `npm test`: the root configuration names this file among its projects.
export default defineConfig({
  test: {
    name: 'hubspot cards',
    root: import.meta.dirname,
    include: ['test/**/*.test.tsx'],
    globalSetup: ['test/install.ts'],
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
