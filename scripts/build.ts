import { chmod, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { bundleOptions } from './bundle.ts';

/*
 * `npm run build [-- DIR]`: the whole program as a few files in dist/, so that it starts quickly and runs where Node strips no
 * types (inside node_modules). Split at every dynamic import: the Azure SDK stays in files of its own, loaded only when
 * Azure is asked.
 */
const [out = 'dist'] = process.argv.slice(2);
// The names of the last build's pieces are not those of this one's.
await rm(join(out, 'chunks'), { recursive: true, force: true });
await build({
  ...bundleOptions,
  entryPoints: { onlink: 'src/main.ts' },
  outdir: out,
  outExtension: { '.js': '.mjs' },
  splitting: true,
  target: 'node22.18',
  chunkNames: 'chunks/[name]-[hash]',
});
await chmod(join(out, 'onlink.mjs'), 0o755);
