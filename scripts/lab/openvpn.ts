import { readFile, writeFile } from 'node:fs/promises';
import { addresses } from './addresses.ts';
import { type Daemon, LabError, poll, run, startDaemon } from './hosts.ts';
import { gatewayName, type Pki } from './pki.ts';

/** An OpenVPN tunnel: how its addresses are laid out, what the gateway pushes, what the client's own file adds. */
export type OpenvpnTunnel = {
  readonly kind: 'openvpn';
  readonly topology: 'subnet' | 'net30' | 'p2p';
  readonly push: readonly string[];
  readonly clientLines?: readonly string[];
};

/** Connects and returns once the client says it is done. */
export async function connectOpenvpn(tunnel: OpenvpnTunnel, pki: Pki, directory: string): Promise<Daemon> {
  const shared = `${directory}/tls-auth.key`;
  await run(undefined, ['openvpn', '--genkey', 'secret', shared]);
  const server = `${directory}/openvpn-server.conf`;
  const client = `${directory}/vpnconfig.ovpn`;
  await writeFile(server, `${serverLines(tunnel, pki, shared).join('\n')}\n`);
  await writeFile(client, `${clientLines(tunnel, pki, shared).join('\n')}\n`);
  const daemon = startDaemon('gateway', ['openvpn', '--config', server], `${directory}/openvpn-server.log`);
  const log = `${directory}/openvpn-client.log`;
  startDaemon('client', ['openvpn', '--config', client], log);
  // 2026-11-22 10:00:00 Initialization Sequence Completed
  const connected = await poll(async () => ((await textOf(log)).includes('Sequence Completed') ? true : undefined), 20);
  if (connected === undefined) throw new LabError(`openvpn did not connect:\n${tail(await textOf(log))}`);
  return daemon;
}

function serverLines(tunnel: OpenvpnTunnel, pki: Pki, shared: string): readonly string[] {
  // In net30 every client owns a block of four, so that the second usable address of the first block is the client's.
  const first = tunnel.topology === 'net30' ? '172.16.50.128' : addresses.client;
  return [
    `local ${addresses.gatewayPublic}`,
    'port 443',
    'proto tcp-server',
    'dev tun',
    `topology ${tunnel.topology}`,
    'server 172.16.50.0 255.255.255.0 nopool',
    `ifconfig-pool ${first} 172.16.50.200${tunnel.topology === 'subnet' ? ' 255.255.255.0' : ''}`,
    'dh none',
    `tls-auth ${shared} 0`,
    'keepalive 10 60',
    ...ciphers,
    ...certificates(pki, 'gateway'),
    ...tunnel.push.map((prefix) => `push "route ${withMask(prefix)}"`),
  ];
}

/** As Azure's own vpnconfig.ovpn has it: no `topology`, the gateway pushes that. */
function clientLines(tunnel: OpenvpnTunnel, pki: Pki, shared: string): readonly string[] {
  return [
    'client',
    `remote ${addresses.gatewayPublic} 443`,
    `verify-x509-name ${gatewayName} name`,
    'remote-cert-tls server',
    'dev tun',
    'proto tcp',
    'resolv-retry infinite',
    'nobind',
    'tls-timeout 30',
    'tls-version-min 1.2',
    'key-direction 1',
    `tls-auth ${shared}`,
    ...ciphers,
    ...certificates(pki, 'client'),
    ...(tunnel.clientLines ?? []),
  ];
}

const ciphers: readonly string[] = [
  'auth SHA256',
  'cipher AES-256-GCM',
  'data-ciphers AES-256-GCM',
  'persist-key',
  'persist-tun',
  'verb 3',
];

function certificates(pki: Pki, who: 'gateway' | 'client'): readonly string[] {
  return [`ca ${pki.root}`, `cert ${pki.certificateOf(who)}`, `key ${pki.keyOf(who)}`];
}

/** `10.1.0.0/16` as OpenVPN writes it: `10.1.0.0 255.255.0.0`. */
function withMask(prefix: string): string {
  const [address = '', length = '32'] = prefix.split('/');
  const mask = [0, 8, 16, 24].map((start) => 256 - 2 ** (8 - Math.min(8, Math.max(0, Number(length) - start))));
  return `${address} ${mask.join('.')}`;
}

async function textOf(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(() => '');
}

function tail(text: string): string {
  return text.split('\n').slice(-20).join('\n');
}
