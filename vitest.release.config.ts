import { defineConfig } from 'vitest/config';

/** What people install, tried as it is: `npm run test:package`, `npm run test:wine`. Slow, and one at a time. */
export default defineConfig({
  test: {
    include: ['test/package/**/*.test.ts', 'test/wine/**/*.test.ts'],
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 300_000,
  },
});
