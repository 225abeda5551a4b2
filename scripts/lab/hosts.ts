import { createWriteStream } from 'node:fs';
import { execa } from 'execa';

/** A machine of the lab; each is a network namespace. */
export type HostName = 'client' | 'internet' | 'gateway' | 'fabric' | 'hub' | 'spoke1' | 'spoke2' | 'storage';

export const hostNames: readonly HostName[] = [
  'client',
  'internet',
  'gateway',
  'fabric',
  'hub',
  'spoke1',
  'spoke2',
  'storage',
];

/** What a command left behind. */
export type Outcome = { readonly exitCode: number; readonly stdout: string; readonly stderr: string };

const commandTimeout = 60_000;

/** A command of the lab failed that a lab can't do without. */
export class LabError extends Error {}

/** Runs a command on a host and tells how it ended, whatever that was. */
export async function attempt(
  host: HostName | undefined,
  argv: readonly string[],
  options: { input?: string; env?: Readonly<Record<string, string>>; timeout?: number } = {},
): Promise<Outcome> {
  const [file = '', ...rest] = host === undefined ? argv : onHost(host, argv);
  const result = await execa(file, rest, {
    reject: false,
    timeout: options.timeout ?? commandTimeout,
    input: options.input ?? '',
    env: { LC_ALL: 'C', ...options.env },
  });
  return {
    exitCode: result.exitCode ?? -1,
    stdout: result.stdout,
    stderr: result.stderr || (result.originalMessage ?? ''),
  };
}

/** Runs a command on a host; the lab ends when it fails. */
export async function run(
  host: HostName | undefined,
  argv: readonly string[],
  options: { input?: string; env?: Readonly<Record<string, string>> } = {},
): Promise<string> {
  const { exitCode, stdout, stderr } = await attempt(host, argv, options);
  if (exitCode === 0) return stdout;
  throw new LabError(`${host ?? 'lab'}: ${argv.join(' ')}: exit ${exitCode}: ${stderr.trim().slice(0, 800)}`);
}

/** A process that goes on until the lab ends or somebody stops it. */
export type Daemon = {
  readonly pid: number | undefined;
  readonly log: string;
  readonly hasEnded: () => boolean;
};

/** Starts a daemon on a host, its output in a log file. `ip netns exec` replaces itself, so the process id is the daemon's own. */
export function startDaemon(
  host: HostName,
  argv: readonly string[],
  log: string,
  env: Readonly<Record<string, string>> = {},
): Daemon {
  const [file = '', ...rest] = onHost(host, argv);
  const child = execa(file, rest, {
    reject: false,
    all: true,
    buffer: false,
    stdin: 'ignore',
    env: { LC_ALL: 'C', ...env },
  });
  child.all.pipe(createWriteStream(log));
  let ended = false;
  void child.then(() => {
    ended = true;
  });
  return { pid: child.pid, log, hasEnded: () => ended };
}

function onHost(host: HostName, argv: readonly string[]): readonly string[] {
  return ['ip', 'netns', 'exec', host, ...argv];
}

/** Asks again and again until the answer is there; undefined when time is up. */
export async function poll<T>(ask: () => Promise<T | undefined>, seconds: number): Promise<T | undefined> {
  const deadline = Date.now() + seconds * 1000;
  while (Date.now() < deadline) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await new Promise((resolve) => setTimeout(resolve, 40));
  }
  return undefined;
}
