import { configDefaults, defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // These build, install and need Wine: vitest.release.config.ts.
    exclude: [...configDefaults.exclude, 'test/package/**', 'test/wine/**'],
    testTimeout: 30_000,
  },
});
