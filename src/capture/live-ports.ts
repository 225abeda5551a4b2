import { lookup } from 'node:dns/promises';
import { readdir } from 'node:fs/promises';
import { arch, homedir, networkInterfaces, release, version } from 'node:os';
import { join } from 'node:path';
import type { Unanswered } from '../facts/capture.ts';
import { findTool } from './find-tool.ts';
import { readPlain } from './inside.ts';
import type { FileList, LookupAnswer, Ports } from './ports.ts';
import { readInterfaces } from './read-interfaces.ts';
import { type CommandAnswer, runCommand } from './run-command.ts';
import { tcpConnect } from './tcp-connect.ts';
import { UserError } from './user-error.ts';

/** This machine. `self` is how this program starts itself: see `readInterfaces`. */
export function livePorts(self: readonly [string, ...string[]]): Ports {
  if (process.platform !== 'win32' && process.platform !== 'linux') {
    throw new UserError(`onlink asks Windows and Linux; this system is ${process.platform} (replay works anywhere)`);
  }
  return {
    platform: process.platform === 'win32' ? 'windows' : 'linux',
    now: () => new Date(),
    find: findTool,
    run: runCommand,
    tcpConnect,
    interfaces: (signal) => listInterfaces(self, signal),
    lookup: lookUp,
    host: describeHost,
    places: livePlaces(),
    list: listFiles,
    readFile: readClientFile,
  };
}

// What Node itself knows is less, but is there when the richer list hangs or is blocked.
async function listInterfaces(
  self: readonly [string, ...string[]],
  signal: AbortSignal | undefined,
): Promise<CommandAnswer> {
  const rich = await readInterfaces(self, signal);
  if (rich.outcome.kind === 'answered' && rich.outcome.exitCode === 0) return rich;
  const why =
    rich.outcome.kind === 'unanswered' ? rich.outcome.message : (rich.stderr ?? `exit code ${rich.outcome.exitCode}`);
  const bytes = new TextEncoder().encode(`${JSON.stringify(networkInterfaces())}\n`);
  return {
    ...rich,
    outcome: { kind: 'answered', bytes, exitCode: 0 },
    stderr: `Node's own list, for the fuller one failed: ${why}`,
  };
}

function describeHost(): Readonly<Record<string, unknown>> {
  const { locale } = Intl.DateTimeFormat().resolvedOptions();
  const windows = process.platform === 'win32';
  return {
    platform: windows ? 'windows' : 'linux',
    osVersion: windows ? `${version()} ${release()}` : release(),
    ...(windows && { build: release().split('.').slice(2).join('.') }),
    architecture: arch(),
    locale,
    ...(process.getuid !== undefined && { uid: process.getuid() }),
  };
}

function livePlaces(): Ports['places'] {
  const { APPDATA, LOCALAPPDATA, ProgramData, ProgramFiles } = process.env;
  if (process.platform !== 'win32') return { etc: '/etc', varLog: '/var/log', home: homedir() };
  return {
    home: homedir(),
    ...(APPDATA !== undefined && { appData: APPDATA }),
    ...(LOCALAPPDATA !== undefined && { localAppData: LOCALAPPDATA }),
    ...(ProgramData !== undefined && { programData: ProgramData }),
    ...(ProgramFiles !== undefined && { programFiles: ProgramFiles }),
  };
}

async function lookUp(name: string): Promise<LookupAnswer> {
  try {
    const found = await lookup(name, { all: true, order: 'verbatim' });
    return { name, addresses: found.map(({ address }) => address) };
  } catch (error) {
    return { name, addresses: [], error: codeOf(error) };
  }
}

// Keys and certificates: closed to most, and no profile lies there.
const keyFolders = /^(?:private|rsa|ecdsa|bliss|pubkey|pkcs\d+|x509\w*|easy-rsa|pki)$/i;

async function listFiles(folder: string, names: RegExp, depth: number): Promise<FileList> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    const sorted = entries.sort((a, b) => (a.name < b.name ? -1 : 1));
    const files = sorted
      .filter((entry) => !entry.isDirectory() && names.test(entry.name))
      .map(({ name }) => join(folder, name));
    const folders = depth === 0 ? [] : sorted.filter((entry) => entry.isDirectory() && !keyFolders.test(entry.name));
    const below = await Promise.all(folders.map(({ name }) => listFiles(join(folder, name), names, depth - 1)));
    // A closed folder does not hide the rest, and what may be in it is not absent.
    const closed = below.find((one) => one.closed !== undefined)?.closed;
    return { paths: [...files, ...below.flatMap(({ paths }) => paths)], ...(closed !== undefined && { closed }) };
  } catch (error) {
    const why = unread(error, folder);
    return { paths: [], ...(why.code !== 'absent' && { closed: why }) };
  }
}

async function readClientFile(path: string): Promise<Uint8Array | Unanswered> {
  try {
    return readPlain(path);
  } catch (error) {
    return unread(error instanceof UserError ? (error.cause ?? error) : error, path);
  }
}

function unread(error: unknown, path: string): Unanswered {
  const code = codeOf(error);
  if (code === 'ENOENT' || code === 'ENOTDIR') return failed('absent', `${path} does not exist`);
  if (code === 'EACCES' || code === 'EPERM') return failed('not-permitted', `${path}: no permission to read it`);
  return failed('not-run', `${path}: ${error instanceof Error ? error.message : code}`);
}

function failed(code: string, message: string): Unanswered {
  return { kind: 'unanswered', status: null, code, message };
}

function codeOf(error: unknown): string {
  return error instanceof Error ? ((error as NodeJS.ErrnoException).code ?? error.name) : String(error);
}
