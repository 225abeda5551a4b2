import type { BuildOptions } from 'esbuild';

/** What every bundle of the program has in common: `src/main.ts` with all it imports, for Node. */
export const bundleOptions = {
  bundle: true,
  format: 'esm',
  platform: 'node',
  minifySyntax: true,
  // Less to read at each start; names stay, so that a stack still tells something.
  minifyWhitespace: true,
  legalComments: 'linked',
  // Packages written for CommonJS ask for `require` at run time.
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
} as const satisfies BuildOptions;
