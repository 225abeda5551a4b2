import { delimiter } from 'node:path';
import { execa } from 'execa';

/** What an enclosed command left; `exitCode` is 128 + n when a signal ended it. */
export type Enclosed = { readonly exitCode: number; readonly stdout: string; readonly stderr: string };

/**
 * Runs this program again in namespaces of its own: network, processes, mounts, and as an ordinary user also users. Everything
 * a lab makes lives in there, its private keys on a memory disk; when the first process in there ends, however it ends, the
 * kernel takes all of it away. So a teardown can't be forgotten, and can't touch what the lab didn't make.
 */
export async function runEnclosed(argv: readonly string[], signal: AbortSignal, seconds: number): Promise<Enclosed> {
  const { PATH = '' } = process.env;
  const [unshare, ...flags] = unshareCommand();
  const result = await execa(unshare, [...flags, 'sh', '-c', prepare, 'lab', ...argv], {
    reject: false,
    // Held open and never written: its end tells the inside that the outside is gone, even by SIGKILL.
    stdin: 'pipe',
    cancelSignal: signal,
    timeout: seconds * 1000,
    // unshare waits out gentler signals; the death of unshare is what kills everything inside.
    killSignal: 'SIGKILL',
    env: { LC_ALL: 'C', PATH: [PATH, ...systemFolders].join(delimiter) },
  });
  const { stdout, stderr, exitCode } = result;
  return { exitCode: exitCode ?? 137, stdout, stderr: result.timedOut ? `${stderr}\nout of time` : stderr };
}

/** Half of what a lab needs lives here, off an ordinary user's path. */
export const systemFolders: readonly string[] = ['/usr/sbin', '/sbin'];

/** Where files of a lab lie, inside the enclosure only. */
export const scratch = '/run/onlink-lab';

/** iproute2 keeps its names in /run, xtables its lock, charon its socket: all of it private here. */
const prepare = `mount -t tmpfs -o mode=755 tmpfs /run && mkdir -m 700 ${scratch} && exec "$@"`;

function unshareCommand(): readonly [string, ...string[]] {
  const user = process.getuid?.() === 0 ? [] : ['--user', '--map-root-user'];
  return ['unshare', ...user, '--mount', '--net', '--pid', '--fork', '--kill-child=SIGKILL', '--mount-proc'];
}
