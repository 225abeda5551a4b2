import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { compileCache } from '../../scripts/compile-cache.ts';

export const root = fileURLToPath(new URL('../../', import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string | Uint8Array;
  readonly cwd?: string;
  readonly node?: string;
}

/** The program as a user starts it, in its own process, with nothing of this machine's settings. */
export async function onlink(words: readonly string[], options: RunOptions = {}): Promise<Ended> {
  const child = start(words, options);
  const [stdout, stderr] = [textOf(child.stdout), textOf(child.stderr)];
  child.stdin?.end(options.input ?? '');
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  return { code, stdout: await stdout, stderr: await stderr };
}

export function start(words: readonly string[], { env, cwd, node }: RunOptions = {}): ChildProcess {
  const { PATH = '', SYSTEMROOT = '' } = process.env;
  return spawn(node ?? process.execPath, [`${root}src/main.ts`, ...words], {
    cwd: cwd ?? root,
    env: { PATH, SYSTEMROOT, HOME: '/nonexistent', LANG: 'C.UTF-8', ...compileCache, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
}

async function textOf(stream: NodeJS.ReadableStream | null): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream ?? []) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString();
}

/** The bundle of a scenario. */
export const bundle = (name: string): string => `${root}fixtures/scenarios/${name}/bundle`;
