import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter } from 'node:path';
import { runEnclosed, systemFolders } from './enclosure.ts';
import { charonPaths } from './strongswan.ts';
import type { Tunnel } from './tunnel.ts';

/** Why a lab can't run here, one sentence each; an empty list means it can. */
export async function missingHere(kinds: readonly Tunnel['kind'][]): Promise<readonly string[]> {
  if (process.platform !== 'linux') return [`the lab needs Linux; this is ${process.platform}`];
  const commands = commandsFor(kinds).filter(({ command }) => !onPath(command));
  const missing = commands.map(({ command, debian }) => `${command} is not installed (Debian package ${debian})`);
  if (kinds.includes('ikev2') && !charonPaths.some((path) => existsSync(path))) {
    missing.push('charon is not installed (Debian package strongswan-charon)');
  }
  const device = kinds.some((kind) => kind !== 'none') ? tunDeviceFault() : undefined;
  if (device !== undefined) missing.push(device);
  return missing.length > 0 ? missing : await namespaceFault();
}

const always = [
  ['unshare', 'util-linux'],
  ['mount', 'mount'],
  ['ip', 'iproute2'],
  ['sysctl', 'procps'],
  ['iptables', 'iptables'],
  ['openssl', 'openssl'],
  ['traceroute', 'traceroute'],
  ['ping', 'iputils-ping'],
] as const;

function commandsFor(kinds: readonly Tunnel['kind'][]): readonly { command: string; debian: string }[] {
  const needed: (readonly [string, string])[] = [...always];
  if (kinds.includes('openvpn')) needed.push(['openvpn', 'openvpn']);
  if (kinds.includes('ikev2')) needed.push(['swanctl', 'strongswan-swanctl']);
  return needed.map(([command, debian]) => ({ command, debian }));
}

function onPath(command: string): boolean {
  const { PATH = '' } = process.env;
  const folders = [...PATH.split(delimiter), ...systemFolders];
  return folders.some((folder) => existsSync(`${folder}/${command}`));
}

function tunDeviceFault(): string | undefined {
  const device = '/dev/net/tun';
  if (!existsSync(device)) return `${device} does not exist (as root: mknod ${device} c 10 200)`;
  try {
    accessSync(device, constants.R_OK | constants.W_OK);
    return undefined;
  } catch {
    return `${device} is not writable for this user`;
  }
}

async function namespaceFault(): Promise<readonly string[]> {
  const trial = await runEnclosed(['ip', 'netns', 'add', 'trial'], new AbortController().signal, 10);
  if (trial.exitCode === 0) return [];
  const who = process.getuid?.() === 0 ? 'root may not' : 'an ordinary user may not (no user namespaces?)';
  return [`${who} make network namespaces here: ${trial.stderr.trim().split('\n')[0] ?? ''}`];
}
