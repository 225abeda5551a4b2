import { fileURLToPath } from 'node:url';

/**
 * For the environment of each run of the program: Node keeps what it compiled. A start from the sources takes half the
 * time then, and tests and lab start it some hundred times.
 */
export const compileCache = {
  NODE_COMPILE_CACHE: fileURLToPath(new URL('../node_modules/.cache/onlink-compiled', import.meta.url)),
} as const;
