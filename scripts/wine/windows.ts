import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { nodeBinary } from '../node-binary.ts';
import { networkOfItsOwn, widePath } from './requirements.ts';
import { putTool } from './tools.ts';

/** A Windows of its own under Wine: a drive, a network with nobody else on it, and the bundled program installed. */
export interface Windows {
  /** Where drive C: lies for us. */
  readonly drive: string;
  readonly run: (args: readonly string[], env?: Readonly<Record<string, string>>) => Promise<Ran>;
  /** Ends everything that was started in it, and takes the drive away. */
  readonly end: () => Promise<void>;
}

/** How a program under Wine ended. */
export interface Ran {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly seconds: number;
}

/** Node 22 is the last that starts under Debian's Wine; its pipes to child processes work there from 22.23. */
const nodeVersion = '22.23.3';

/** Addresses that answer: the loopback device has them all, and no other device is there. */
const addresses = ['172.16.50.130', '192.168.29.37', '10.1.0.4'];

/** Makes a Windows. The program lies in `C:\Program Files\onlink`. */
export async function startWindows(): Promise<Windows> {
  const folder = await mkdtemp(join(tmpdir(), 'onlink-wine-'));
  const network = await startNetwork();
  const wine = wineIn(folder, network);
  const drive = join(folder, 'prefix', 'drive_c');
  const end = async () => {
    await wine('wineserver', ['-k', '-w']);
    const ended = once(network, 'exit');
    network.kill('SIGKILL');
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await must(wine('wineboot', ['--init']));
    await must(wine('winecfg', ['-v', 'win10']));
    await execa(process.execPath, ['scripts/build.ts', join(drive, 'Program Files', 'onlink')]);
    for (const tool of ['route', 'tracert', 'powershell', 'ipconfig', 'netsh', 'chcp']) await putTool(drive, tool);
  } catch (error) {
    await end();
    throw error;
  }
  return { drive, run: (args, env = {}) => runNode(wine, folder, args, env), end };
}

type Output = number | 'ignore';
type Wine = (file: string, args: readonly string[], output?: readonly [Output, Output]) => Promise<number | null>;

function wineIn(folder: string, network: ChildProcess): Wine {
  const user = process.getuid?.() === 0 ? [] : ['--user', '--preserve-credentials'];
  const inside = ['--target', `${network.pid}`, '--net', ...user];
  const env = {
    PATH: widePath(),
    HOME: folder,
    LC_ALL: 'C.UTF-8',
    WINEPREFIX: join(folder, 'prefix'),
    WINEDEBUG: '-all',
    // Neither .NET nor a browser is asked for; of the tools Wine has itself, ours are meant.
    WINEDLLOVERRIDES: 'mscoree=;mshtml=;winemenubuilder.exe=;chcp.com,ipconfig.exe,netsh.exe=n',
    NODE_SKIP_PLATFORM_CHECK: '1',
  };
  return async (file, args, [stdout, stderr] = ['ignore', 'ignore']) => {
    // Wine's programs can't write to our pipes.
    const stdio = ['ignore', stdout, stderr] satisfies StdioOptions;
    const child = spawn('nsenter', [...inside, file, ...args], { cwd: folder, stdio, env, timeout: 120_000 });
    const [exitCode] = await once(child, 'exit');
    return exitCode;
  };
}

async function runNode(
  wine: Wine,
  folder: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Ran> {
  const work = await mkdtemp(join(folder, 'run-'));
  await writeFile(join(work, 'plan.json'), JSON.stringify({ args, env }));
  const [stdout, stderr] = await Promise.all([open(join(work, 'stdout'), 'w'), open(join(work, 'stderr'), 'w')]);
  const started = performance.now();
  const node = resolve(await nodeBinary('win-x64', nodeVersion));
  const exitCode = await wine(
    'wine',
    [
      node,
      '--disable-warning=ExperimentalWarning',
      windowsPath(resolve('scripts/wine/start.ts')),
      windowsPath(join(work, 'plan.json')),
    ],
    [stdout.fd, stderr.fd],
  );
  const seconds = (performance.now() - started) / 1000;
  await Promise.all([stdout.close(), stderr.close()]);
  const [out, err] = await Promise.all(['stdout', 'stderr'].map((name) => readFile(join(work, name), 'utf8')));
  return { exitCode, stdout: out ?? '', stderr: err ?? '', seconds };
}

/** The path of one of our files for a program under Wine: drive Z: is the whole disk. */
export function windowsPath(path: string): string {
  return `Z:${resolve(path).replaceAll('/', '\\')}`;
}

/** A network that ends with its first process, whose stdin we hold: it cannot outlive us. */
async function startNetwork(): Promise<ChildProcess> {
  const lay = ['ip link set lo up', ...addresses.map((address) => `ip address add ${address}/32 dev lo`)];
  const script = `${lay.join(' && ')} && echo laid && exec cat`;
  const network = spawn('unshare', [...networkOfItsOwn(), 'sh', '-c', script], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { PATH: widePath() },
  });
  const laid = await Promise.race([once(network.stdout, 'data'), once(network, 'exit')]);
  if (`${laid[0]}`.trim() !== 'laid') throw new Error('the network for Wine could not be laid');
  return network;
}

async function must(running: Promise<number | null>): Promise<void> {
  const exitCode = await running;
  if (exitCode !== 0) throw new Error(`a step of making the Windows ended with ${exitCode}`);
}

/** Takes a user's folder: the environment Windows gives to that user's programs. */
export async function userFolder(drive: string, name: string): Promise<Readonly<Record<string, string>>> {
  const home = `C:\\users\\${name}`;
  await mkdir(join(drive, 'users', name, 'AppData', 'Local', 'Temp'), { recursive: true });
  const temp = `${home}\\AppData\\Local\\Temp`;
  const folders = { APPDATA: `${home}\\AppData\\Roaming`, LOCALAPPDATA: `${home}\\AppData\\Local` };
  return { USERNAME: name, USERPROFILE: home, ...folders, TEMP: temp, TMP: temp };
}
