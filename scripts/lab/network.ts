import { addresses, prefixes } from './addresses.ts';
import { type HostName, hostNames, run } from './hosts.ts';

type End = { readonly host: HostName; readonly device: string; readonly address: string };

/**
 *   client --LAN-- internet --WAN-- gateway --GatewaySubnet-- fabric -- hub, spoke1, spoke2
 *                      |                                         |
 *                      +------------- storage -------------------+
 *
 * The fabric is Azure's software network: the first address of every VNet subnet. Storage is reached over its backbone and,
 * as any public service, over the internet.
 */
const links: readonly (readonly [End, End])[] = [
  [end('client', 'wlan0', `${addresses.clientLan}/24`), end('internet', 'lan0', `${addresses.lanGateway}/24`)],
  [end('internet', 'wan0', '20.193.245.1/24'), end('gateway', 'pub0', `${addresses.gatewayPublic}/24`)],
  [end('gateway', 'gws0', `${addresses.gatewayInner}/27`), end('fabric', 'gws1', '10.0.1.1/27')],
  [end('fabric', 'hub1', '10.0.0.1/24'), end('hub', 'eth0', `${addresses.hubVm}/24`)],
  [end('fabric', 'spoke11', '10.1.0.1/24'), end('spoke1', 'eth0', `${addresses.spoke1Vm}/24`)],
  [end('fabric', 'spoke21', '10.10.0.1/24'), end('spoke2', 'eth0', `${addresses.spoke2Vm}/24`)],
  [end('fabric', 'backbone0', '169.254.9.1/30'), end('storage', 'backbone0', '169.254.9.2/30')],
  [end('internet', 'service0', '20.150.1.1/30'), end('storage', 'public0', '20.150.1.2/30')],
];

const routes: Readonly<Record<HostName, readonly string[]>> = {
  client: [`default via ${addresses.lanGateway} proto dhcp metric 600`],
  internet: [`${addresses.storage} via 20.150.1.2`],
  gateway: [
    'default via 20.193.245.1',
    ...[prefixes.hub, prefixes.spoke1, prefixes.spoke2, prefixes.storage].map((prefix) => `${prefix} via 10.0.1.1`),
  ],
  fabric: [`${prefixes.pool} via ${addresses.gatewayInner}`, `${addresses.storage} via 169.254.9.2`],
  hub: ['default via 10.0.0.1'],
  spoke1: ['default via 10.1.0.1'],
  spoke2: ['default via 10.10.0.1'],
  storage: ['default via 20.150.1.1', `${prefixes.pool} via 169.254.9.1`],
};

const routers: readonly HostName[] = ['internet', 'gateway', 'fabric'];
/** Neither Azure's gateway nor its fabric shows up in a trace. */
const hiddenRouters: readonly HostName[] = ['gateway', 'fabric'];

/** Lays the wires of the lab inside the enclosure this process lives in. Nothing leaves it, and it goes when the process goes. */
export async function bringUpNetwork(options: { readonly hopsVisible: boolean }): Promise<void> {
  await run(undefined, ['ip', '-batch', '-'], { input: lines(hostNames.map((host) => `netns add ${host}`)) });
  await run(undefined, ['ip', '-batch', '-'], {
    input: lines(
      links.map(([a, b]) => `link add ${a.device} netns ${a.host} type veth peer name ${b.device} netns ${b.host}`),
    ),
  });
  for (const host of hostNames) await configure(host);
  if (!options.hopsVisible) for (const host of hiddenRouters) await hideFromTraces(host);
}

async function configure(host: HostName): Promise<void> {
  const ends = links.flat().filter((one) => one.host === host);
  const settings = ['rp_filter=0', 'send_redirects=0'].map((setting) => `net.ipv4.conf.all.${setting}`);
  if (routers.includes(host)) settings.push('net.ipv4.ip_forward=1');
  // Linux answers a few ICMP errors a second; several probes at once would read that as silence.
  await run(host, ['sysctl', '-qw', ...settings, 'net.ipv4.icmp_ratelimit=0']);
  const commands = [
    'link set lo up',
    ...ends.flatMap(({ device, address }) => [`addr add ${address} dev ${device}`, `link set ${device} up`]),
    ...(host === 'storage' ? [`addr add ${addresses.storage}/32 dev lo`] : []),
    ...routes[host].map((route) => `route add ${route}`),
  ];
  await run(undefined, ['ip', '-n', host, '-batch', '-'], { input: lines(commands) });
}

/** Gives every packet back the hop the router is about to take from it. */
async function hideFromTraces(host: HostName): Promise<void> {
  await run(host, ['iptables', '-t', 'mangle', '-A', 'PREROUTING', '-j', 'TTL', '--ttl-inc', '1']);
}

function end(host: HostName, device: string, address: string): End {
  return { host, device, address };
}

function lines(commands: readonly string[]): string {
  return `${commands.join('\n')}\n`;
}
