import { describe, expect, test } from 'vitest';
import { analyze } from '../../src/analyze.ts';
import type { Capture } from '../../src/facts/capture.ts';
import { formatAddress } from '../../src/net/address.ts';
import { type Change, conclude, linux, plain } from './conclude.ts';

type Printed = readonly [source: string, text: string];

/* Of Linux and macOS table main alone, as `ip route` and `netstat -rn` print it, names few of the host's own addresses. */
const only =
  (...printed: readonly Printed[]): Change =>
  (artifacts) => [
    ...artifacts.filter(({ half }) => half === 'azure'),
    ...printed.map(([source, text]) => ({ id: source, source, half: 'client' as const, text, exitCode: 0 })),
  ];
const of = (...printed: readonly Printed[]) => linux(plain, {}, only(...printed));
const withoutAzure = (capture: Capture): Capture => ({
  ...capture,
  artifacts: capture.artifacts.filter(({ half }) => half === 'client'),
});
const addressOf = (capture: Capture): string | undefined => {
  const address = analyze(capture).tunnel?.address;
  return address === undefined ? undefined : formatAddress(address);
};

const openVpn = `default via 192.168.88.1 dev wlp2s0 proto dhcp metric 600
10.20.0.0/16 via 172.16.50.1 dev tun0
10.21.0.0/16 via 172.16.50.1 dev tun0
192.168.88.0/24 dev wlp2s0 proto kernel scope link src 192.168.88.21 metric 600
`;
const netstat = `Kernel IP routing table
Destination     Gateway         Genmask         Flags   MSS Window  irtt Iface
0.0.0.0         192.168.88.1    0.0.0.0         UG        0 0          0 wlp2s0
10.20.0.0       172.16.50.1     255.255.0.0     UG        0 0          0 tun0
10.21.0.0       172.16.50.1     255.255.0.0     UG        0 0          0 tun0
172.16.50.0     0.0.0.0         255.255.255.0   U         0 0          0 tun0
192.168.88.0    0.0.0.0         255.255.255.0   U         0 0          0 wlp2s0
`;
const proc = `Iface	Destination	Gateway 	Flags	RefCnt	Use	Metric	Mask		MTU	Window	IRTT
wlp2s0	00000000	0158A8C0	0003	0	0	600	00000000	0	0	0
tun0	0000140A	013210AC	0003	0	0	0	0000FFFF	0	0	0
tun0	0000150A	013210AC	0003	0	0	0	0000FFFF	0	0	0
tun0	003210AC	00000000	0001	0	0	0	00FFFFFF	0	0	0
`;
// charon keeps its routes in table 220, and puts its address on the device of the LAN.
const lanAlone = `default via 192.168.88.1 dev wlp2s0 proto dhcp src 192.168.88.21 metric 600
192.168.88.0/24 dev wlp2s0 proto kernel scope link src 192.168.88.21 metric 600
`;
const lanAddress = `2: wlp2s0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP group default qlen 1000
    link/ether a4:34:d9:12:34:56 brd ff:ff:ff:ff:ff:ff
    inet 192.168.88.21/24 brd 192.168.88.255 scope global dynamic wlp2s0
`;
const policies = ['10.20.0.0/16', '10.21.0.0/16', '172.16.50.0/24']
  .map(
    (to) => `src 172.16.50.2/32 dst ${to} 
	dir out priority 371327 ptype main 
	tmpl src 192.168.88.21 dst 20.50.7.1
		proto esp reqid 1 mode tunnel
`,
  )
  .join('');
const macOs = `Routing tables

Internet:
Destination        Gateway            Flags        Netif Expire
default            192.168.88.1       UGScg          en0
10.20/16           172.16.50.2        UGSc         utun4
10.21/16           172.16.50.2        UGSc         utun4
172.16.50/24       172.16.50.2        UGSc         utun4
172.16.50.2        172.16.50.2        UH           utun4
192.168.88         link#4             UCS            en0      !
`;

describe('a tunnel that was not found is not called down', () => {
  test.each<[string, string, string]>([
    ['OpenVPN, by netstat -rn', 'netstat-routes', netstat],
    ['OpenVPN, by /proc/net/route', 'linux-proc-route', proc],
    ['macOS, by netstat -rn', 'netstat-routes', macOs],
    ['strongSwan, by ip route', 'linux-ip-route', lanAlone],
  ])('%s', (_, source, text) => {
    const capture = of([source, text]);
    expect(conclude(capture)).toMatchObject({ errors: [], verdict: 'undetermined' });
    const active = analyze(capture).ladders[0]?.rungs.find(({ rung }) => rung === 'active');
    expect(active).toMatchObject({ state: 'unknown', evidence: [{ says: expect.stringContaining('no addresses') }] });
  });

  test('where no pool is known and nothing tells what kind of link a device is', () => {
    expect(conclude(withoutAzure(of(['linux-ip-route', openVpn]))).errors).toEqual([]);
  });
});

describe('it is called down where something would show it', () => {
  const down = { errors: ['vpn-not-connected'], verdict: 'broken' };

  test('a list of interfaces', () => {
    const capture = of(['linux-ip-route', lanAlone], ['linux-ip-addr', lanAddress]);
    expect(conclude(capture)).toMatchObject(down);
    expect(conclude(withoutAzure(capture))).toMatchObject(down);
  });

  test('table local', () => {
    const local = 'local 192.168.88.21 dev wlp2s0 table local proto kernel scope host src 192.168.88.21\n';
    expect(conclude(of(['linux-ip-route', lanAlone + local]))).toMatchObject(down);
  });

  test('charon, which has nothing to list', () => {
    expect(conclude(of(['linux-ip-route', lanAlone], ['linux-swanctl-sas', '']))).toMatchObject(down);
  });
});

test('an xfrm interface is a tunnel of IPsec, whatever its name', () => {
  const details = `${lanAddress}7: nm-xfrm-3187: <NOARP,UP,LOWER_UP> mtu 1400 qdisc noqueue state UNKNOWN group default qlen 1000
    link/none  promiscuity 0 minmtu 68 maxmtu 65535 
    xfrm if_id 0x2a numtxqueues 1 numrxqueues 1 gso_max_size 65536 gso_max_segs 65535 
    inet 172.16.50.2/32 scope global noprefixroute nm-xfrm-3187
`;
  const routes = ['10.20.0.0/16', '10.21.0.0/16', '172.16.50.0/24']
    .map((to) => `${to} dev nm-xfrm-3187 proto static scope link metric 50\n`)
    .join('');
  const capture = of(['linux-ip-route', lanAlone + routes], ['linux-ip-addr', details]);
  expect(analyze(capture).tunnel).toMatchObject({ client: 'strongswan', protocol: 'ikev2' });
  expect(conclude(capture).errors).toEqual([]);
});

test('what IPsec puts on the device of the LAN does not make a tunnel of that device', () => {
  const brief = `lo               UNKNOWN        127.0.0.1/8 ::1/128
wlp2s0           UP             192.168.88.21/24 172.16.50.2/32 fe80::a634:d9ff:fe12:3456/64
`;
  const capture = of(['linux-ip-route', lanAlone], ['linux-ip-addr', brief]);
  expect(addressOf(capture)).toBe('172.16.50.2');
  expect(conclude(capture)).toMatchObject({ errors: [], warnings: [] });
});

describe('the tunnel of IPsec is found without a list of interfaces', () => {
  test('by the sender whom IPsec policies name', () => {
    const capture = of(['linux-ip-route', lanAlone], ['linux-xfrm-policy', policies]);
    expect(addressOf(capture)).toBe('172.16.50.2');
    expect(conclude(capture).errors).toEqual([]);
  });

  test('but not by policies that are left over where the addresses are known', () => {
    const capture = of(['linux-ip-route', lanAlone], ['linux-xfrm-policy', policies], ['linux-ip-addr', lanAddress]);
    expect(conclude(capture).errors).toEqual(['vpn-not-connected']);
  });
});
