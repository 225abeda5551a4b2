import { spawnSync } from 'node:child_process';

/** What `ip route get` answered: where the packet goes, or the kernel's words for why not. */
export type KernelAnswer =
  | {
      readonly kind: 'route';
      readonly type: string;
      readonly dev: string;
      readonly gateway: string | undefined;
      readonly table: string;
      readonly source: string | undefined;
    }
  | { readonly kind: 'refused'; readonly words: string };

/** A network namespace of the test's own. */
export interface Namespace {
  /** Runs `ip` in it and returns what it prints. */
  readonly ip: (...words: readonly string[]) => string;
  /** Runs many commands; those that fail are passed over. */
  readonly batch: (options: readonly string[], commands: readonly string[]) => { stdout: string; stderr: string };
  readonly remove: () => void;
}

/** Why no namespace can be made here; undefined: one can. */
export function whyNoNamespace(): string | undefined {
  if (process.platform !== 'linux') return `this is ${process.platform}, not Linux`;
  if (process.getuid?.() !== 0) return 'making a network namespace needs root';
  const name = `onlink-try-${process.pid}`;
  const made = spawnSync('ip', ['netns', 'add', name], { encoding: 'utf8' });
  if (made.error !== undefined) return `ip: ${made.error.message}`;
  if (made.status !== 0) return `ip netns add: ${made.stderr.trim()}`;
  const linked = spawnSync('ip', ['-n', name, 'link', 'add', 'v0', 'type', 'veth', 'peer', 'name', 'v1'], {
    encoding: 'utf8',
  });
  const tunnel = spawnSync('ip', ['-n', name, 'tuntap', 'add', 't0', 'mode', 'tun'], { encoding: 'utf8' });
  spawnSync('ip', ['netns', 'delete', name]);
  if (linked.status !== 0) return `veth: ${linked.stderr.trim()}`;
  return tunnel.status === 0 ? undefined : `tun: ${tunnel.stderr.trim()}`;
}

export function makeNamespace(name: string): Namespace {
  run(['netns', 'add', name]);
  return {
    ip: (...words) => run(['-n', name, ...words]),
    batch: (options, commands) => {
      const { stdout, stderr } = spawnSync('ip', ['-n', name, ...options, '-force', '-batch', '-'], {
        encoding: 'utf8',
        input: `${commands.join('\n')}\n`,
      });
      return { stdout, stderr };
    },
    remove: () => {
      run(['netns', 'delete', name]);
    },
  };
}

function run(words: readonly string[]): string {
  const { status, stdout, stderr, error } = spawnSync('ip', words, { encoding: 'utf8' });
  if (error !== undefined || status !== 0) throw new Error(`ip ${words.join(' ')}: ${error?.message ?? stderr}`);
  return stdout;
}

/** Asks `ip route get` for every address, in one process; `more` follows each address, as in `mark 0x10`. */
export function askKernel(
  namespace: Namespace,
  family: 4 | 6,
  addresses: readonly string[],
  more = '',
): readonly KernelAnswer[] {
  const { stdout, stderr } = namespace.batch(
    [`-${family}`, '-j'],
    addresses.map((address) => `route get ${address} ${more}`),
  );
  const refused = refusals(stderr);
  // Each answer is a list of its own: [{"dst":"10.1.2.3","dev":"v0", … }][{"dst": …
  const answers = JSON.parse(`[${stdout.replaceAll(/\]\s*\[(?=\{)/g, '],[')}]`) as Record<string, unknown>[][];
  let next = 0;
  return addresses.map((_, index) => {
    const words = refused.get(index + 1);
    if (words !== undefined) return { kind: 'refused', words };
    const answer = answers[next]?.[0] ?? {};
    next += 1;
    return readAnswer(answer);
  });
}

function readAnswer({
  type = 'unicast',
  dev,
  gateway,
  table = 'main',
  prefsrc,
}: Record<string, unknown>): KernelAnswer {
  return {
    kind: 'route',
    type: String(type),
    dev: String(dev),
    gateway: gateway === undefined ? undefined : String(gateway),
    table: String(table),
    source: prefsrc === undefined ? undefined : String(prefsrc),
  };
}

// RTNETLINK answers: No route to host
// Command failed -:17
function refusals(stderr: string): ReadonlyMap<number, string> {
  const found = stderr.matchAll(/^RTNETLINK answers: (.*)\nCommand failed -:(\d+)$/gm);
  return new Map([...found].map(([, words = '', line]) => [Number(line), words]));
}
