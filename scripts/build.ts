import { chmod, rm } from 'node:fs/promises';
import { build } from 'esbuild';

/*
 * `npm run build`: the whole program as a few files in dist/, so that it starts quickly and runs where Node strips no
 * types (inside node_modules). Split at every dynamic import: the Azure SDK stays in files of its own, loaded only when
 * Azure is asked.
 */
await rm('dist', { recursive: true, force: true });
await build({
  entryPoints: { onlink: 'src/main.ts' },
  outdir: 'dist',
  outExtension: { '.js': '.mjs' },
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node22.18',
  minifySyntax: true,
  legalComments: 'linked',
  chunkNames: 'chunks/[name]-[hash]',
  // Packages written for CommonJS ask for `require` and `__filename` at run time.
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
});
await chmod('dist/onlink.mjs', 0o755);
