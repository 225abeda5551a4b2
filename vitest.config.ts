import { availableParallelism } from 'node:os';
import { configDefaults, defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // These build, install and need Wine: vitest.release.config.ts.
    exclude: [...configDefaults.exclude, 'test/package/**', 'test/wine/**'],
    testTimeout: 30_000,
    // Many of them wait for a process of their own or for an answer: one worker on two cores left one idle.
    maxWorkers: Math.max(2, availableParallelism() - 1),
  },
});
