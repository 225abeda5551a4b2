import { existsSync } from 'node:fs';
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { addresses } from './addresses.ts';
import { attempt, type HostName, LabError, type Outcome, poll, run, startDaemon } from './hosts.ts';
import { clientName, gatewayName, type Pki } from './pki.ts';

/** An IKEv2 tunnel by strongSwan with its ESP in user space; the client asks for everything, the gateway narrows to these. */
export type IkeTunnel = {
  readonly kind: 'ikev2';
  readonly selectors: readonly string[];
  /** The gateway accepts the client but no selector of it: IKE is up, the address is given, and there is no tunnel. */
  readonly childRefused?: boolean;
};

/** Where Debian and its kin keep the daemon; it isn't on the path. */
export const charonPaths: readonly string[] = ['/usr/lib/ipsec/charon', '/usr/libexec/ipsec/charon'];

type Side = 'gateway' | 'client';
const plugins =
  'random nonce aes sha1 sha2 hmac kdf pem pkcs1 pkcs8 x509 revocation constraints pubkey openssl gcm curve25519 ' +
  'kernel-libipsec kernel-netlink socket-default vici updown';

/** Brings both daemons up and asks for the child tunnel. With selectors the gateway won't grant, IKE stays up without a child. */
export async function connectIke(tunnel: IkeTunnel, pki: Pki, directory: string): Promise<void> {
  await lendAddresses(tunnel.selectors);
  for (const side of ['gateway', 'client'] as const) {
    await writeConfiguration(side, tunnel, pki, directory);
    if (side === 'client') await putInPlace(directory);
    await startCharon(side, directory);
    const loaded = await swanctl(side, directory, ['--load-all']);
    if (loaded.exitCode !== 0) throw new LabError(`swanctl --load-all on ${side}: ${loaded.stdout}${loaded.stderr}`);
  }
  await swanctl('client', directory, ['--initiate', '--child', 'net', '--timeout', '10']);
  const sas = await swanctl('client', directory, ['--list-sas']);
  const asWanted =
    sas.stdout.includes('ESTABLISHED') && sas.stdout.includes('INSTALLED') !== (tunnel.childRefused ?? false);
  if (!asWanted) throw new LabError(`IKE is not as it should be:\n${sas.stdout}${sas.stderr}`);
}

/** kernel-libipsec refuses a policy whose local selector holds no address of this host, even where it installs no route. */
async function lendAddresses(selectors: readonly string[]): Promise<void> {
  const ownedAlready = ['10.0.0.0/16', '0.0.0.0/0'];
  for (const prefix of selectors.filter((one) => !ownedAlready.includes(one))) {
    const [network = ''] = prefix.split('/');
    const [a, b, c, d] = network.split('.');
    const lent = d === '0' ? `${a}.${b}.255.254` : `${a}.${b}.${c}.${Number(d) + 1}`;
    await run(undefined, ['ip', '-n', 'gateway', 'addr', 'replace', `${lent}/32`, 'dev', 'lo']);
  }
}

async function writeConfiguration(side: Side, tunnel: IkeTunnel, pki: Pki, directory: string): Promise<void> {
  const home = `${directory}/swanctl-${side}`;
  for (const folder of ['x509', 'x509ca', 'private']) await mkdir(`${home}/${folder}`, { recursive: true });
  await copyFile(pki.root, `${home}/x509ca/root.crt`);
  await copyFile(pki.certificateOf(side), `${home}/x509/${side}.crt`);
  await copyFile(pki.keyOf(side), `${home}/private/${side}.key`);
  await writeFile(`${home}/swanctl.conf`, side === 'gateway' ? gatewayConnections(tunnel) : clientConnections);
  await writeFile(
    `${directory}/strongswan-${side}.conf`,
    `charon {
  load = ${plugins}
  install_virtual_ip = yes
  plugins {
    vici { socket = unix://${viciSocket(side, directory)} }
    kernel-libipsec { allow_peer_ts = yes }
  }
}
`,
  );
}

function gatewayConnections(tunnel: IkeTunnel): string {
  const refusal = tunnel.childRefused === true ? '\n      remote_ts = 10.254.254.254/32' : '';
  return `connections {
  p2s {
    version = 2
    local_addrs = ${addresses.gatewayPublic}
    pools = p2s
    encap = yes
    local { auth = pubkey
      certs = gateway.crt
      id = ${gatewayName} }
    remote { auth = pubkey
      cacerts = root.crt }
    children { net { local_ts = ${tunnel.selectors.join(',')}${refusal} } }
  }
}
pools { p2s { addrs = ${addresses.client}-172.16.50.200 } }
`;
}

const clientConnections = `connections {
  azure {
    version = 2
    remote_addrs = ${addresses.gatewayPublic}
    vips = 0.0.0.0
    encap = yes
    local { auth = pubkey
      certs = client.crt
      id = ${clientName} }
    remote { auth = pubkey
      id = ${gatewayName} }
    children { net { remote_ts = 0.0.0.0/0
      start_action = none } }
  }
}
`;

/** The client's configuration stands where its tools look for it. The mount is the enclosure's: the machine's own stays. */
async function putInPlace(directory: string): Promise<void> {
  if (existsSync('/etc/swanctl'))
    await run(undefined, ['mount', '--bind', `${directory}/swanctl-client`, '/etc/swanctl']);
}

async function startCharon(side: Side, directory: string): Promise<void> {
  const charon = charonPaths.find((path) => existsSync(path)) ?? 'charon';
  const env = { STRONGSWAN_CONF: `${directory}/strongswan-${side}.conf` };
  const socket = viciSocket(side, directory);
  startDaemon(
    hostOf(side),
    ['sh', '-c', ownPidFile, 'charon', charon, `${directory}/charon-${side}.pid`],
    `${directory}/charon-${side}.log`,
    env,
  );
  const listening = await poll(async () => (existsSync(socket) ? true : undefined), 10);
  if (listening === undefined) throw new LabError(`charon on ${side} does not listen at ${socket}`);
}

/** charon's pid file has one fixed place, and a second charon that finds it gives up: each gets a file of its own mounted there. */
const ownPidFile = 'touch "$2" /run/charon.pid && mount --bind "$2" /run/charon.pid && exec "$1"';

/** The client's socket is where swanctl looks by default, as on a laptop: onlink asks there. */
function viciSocket(side: Side, directory: string): string {
  return side === 'client' ? '/run/charon.vici' : `${directory}/gateway.vici`;
}

function hostOf(side: Side): HostName {
  return side;
}

async function swanctl(side: Side, directory: string, argv: readonly string[]): Promise<Outcome> {
  const env = {
    STRONGSWAN_CONF: `${directory}/strongswan-${side}.conf`,
    SWANCTL_DIR: `${directory}/swanctl-${side}`,
  };
  return attempt(hostOf(side), ['swanctl', ...argv, '--uri', `unix://${viciSocket(side, directory)}`], { env });
}
