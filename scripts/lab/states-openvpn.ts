import { addresses, prefixes } from './addresses.ts';
import { broken, every, healthy, lost, silent, undetermined } from './expectations.ts';
import { openvpn } from './scenarios.ts';
import type { Expected, Run, State } from './state.ts';
import type { Change } from './tunnel.ts';

/**
 * Packets go into the tunnel and not one comes out. Seen from here a gateway that drops everything and one that has died look
 * alike; where the device's counters are read they convict (bytes out, none in), where not there is only silence.
 */
const nothingComesBack: Expected = {
  verdict: ['broken', 'undetermined'],
  mustFind: [],
  mayFind: ['vpn-not-connected', 'guest-firewall-suspected'],
  prefixes: every({ verdict: ['broken', 'undetermined'], rungs: { active: 'held', selected: 'held' } }),
};

const nowhere = ['10.0.0.99', '10.1.0.99'];
const unprobed = { verdict: ['ok', 'undetermined'], lostAt: null } as const;

const onOpenvpn: Pick<Run, 'tunnel' | 'estate' | 'changes'> = { tunnel: openvpn, estate: {}, changes: [] };

/** The Linux client on OpenVPN in every state the tool has to tell apart. */
export const openvpnStates: readonly State[] = [
  { ...onOpenvpn, name: '01-healthy-subnet', title: 'topology subnet, four routes', expected: healthy },
  {
    ...onOpenvpn,
    name: '02-healthy-visible-hops',
    title: 'gateway and fabric show up in traces',
    hopsVisible: true,
    expected: healthy,
  },
  {
    ...onOpenvpn,
    name: '03-spoke2-return-missing',
    title: 'the second spoke drops what goes to the pool, and Azure knows of nothing',
    changes: [{ at: 'spoke2', argv: ['ip', 'route', 'add', 'blackhole', prefixes.pool] }],
    expected: undetermined({ [prefixes.spoke2]: { ...silent, rungs: { returned: 'held', delivered: 'unknown' } } }),
  },
  {
    ...onOpenvpn,
    name: '04-forward-drop',
    title: 'the gateway silently drops everything from the tunnel',
    changes: [forwardRule('-j', 'DROP')],
    expected: nothingComesBack,
  },
  {
    ...onOpenvpn,
    name: '05-forward-reject-admin',
    title: 'the gateway refuses three prefixes aloud',
    changes: [
      forwardRule('-d', prefixes.spoke1, '-j', 'REJECT', '--reject-with', 'icmp-admin-prohibited'),
      forwardRule('-d', prefixes.spoke2, '-j', 'REJECT', '--reject-with', 'icmp-net-unreachable'),
      forwardRule('-d', prefixes.storage, '-j', 'REJECT', '--reject-with', 'icmp-host-unreachable'),
    ],
    expected: broken([], {
      [prefixes.spoke1]: lost('delivered', { delivered: 'lost' }),
      [prefixes.spoke2]: lost('delivered', { delivered: 'lost' }),
      [prefixes.storage]: lost('delivered', { delivered: 'lost' }),
    }),
  },
  {
    ...onOpenvpn,
    name: '06-vm-does-not-exist',
    title: 'the machines asked for do not exist; the fabric says so, but late',
    targets: nowhere,
    // A router gives up on a machine after three tries: too late for a first, quick trace, in good time for a patient one.
    changes: ['hub1', 'spoke11'].map((device) => ({
      at: 'fabric',
      argv: ['ip', 'ntable', 'change', 'name', 'arp_cache', 'dev', device, 'retrans', '600'],
    })),
    expected: broken([], {
      [prefixes.hub]: lost('delivered'),
      [prefixes.spoke1]: lost('delivered'),
      [prefixes.spoke2]: unprobed,
      [prefixes.storage]: unprobed,
    }),
  },
  {
    ...onOpenvpn,
    name: '06-vm-does-not-exist-silent',
    title: 'the machines asked for do not exist and, as on Azure, nobody says so',
    targets: [addresses.hubVm, '10.1.0.99'],
    changes: [{ at: 'fabric', argv: ['iptables', '-A', 'OUTPUT', '-p', 'icmp', '-j', 'DROP'] }],
    // The hub answers, so that the tunnel's counters convict nobody.
    expected: undetermined({ [prefixes.spoke1]: silent, [prefixes.spoke2]: unprobed, [prefixes.storage]: unprobed }),
  },
  {
    ...onOpenvpn,
    name: '13-vm-filters-icmp',
    title: 'the hub machine drops ICMP and UDP but answers TCP',
    changes: ['icmp', 'udp'].map((protocol) => ({
      at: 'hub',
      argv: ['iptables', '-A', 'INPUT', '-p', protocol, '-j', 'DROP'],
    })),
    expected: { ...healthy, mayFind: ['guest-firewall-suspected'] },
  },
  {
    ...onOpenvpn,
    name: '14-stale-tunnel',
    title: "the gateway's process is stopped; device and routes remain",
    changes: [{ gatewayProcess: 'SIGSTOP' }],
    expected: nothingComesBack,
  },
  {
    ...onOpenvpn,
    name: '15-vpn-down',
    title: 'the client is not running: no device, no routes',
    tunnel: { kind: 'none' },
    expected: broken(['vpn-not-connected'], every(lost('active'))),
  },
  ...(['net30', 'p2p'] as const).map(
    (topology, index): State => ({
      ...onOpenvpn,
      name: `${16 + index}-healthy-${topology}`,
      title: `topology ${topology}`,
      tunnel: { ...openvpn, topology },
      expected: healthy,
    }),
  ),
  {
    ...onOpenvpn,
    name: '18-full-tunnel-def1',
    title: 'the client sends everything into the tunnel by two halves of the address space',
    tunnel: { ...openvpn, clientLines: ['redirect-gateway def1'] },
    // The two halves hold what Azure lists and much that it doesn't: worth a warning, no break.
    expected: { ...healthy, mayFind: ['stray-route', 'internet-through-gateway'] },
  },
  {
    ...onOpenvpn,
    name: '19-tun-down-linkdown',
    title: 'the Wi-Fi has lost its carrier under a tunnel that seems up',
    changes: [{ at: 'internet', argv: ['ip', 'link', 'set', 'lan0', 'down'] }],
    expected: nothingComesBack,
  },
];

function forwardRule(...match: readonly string[]): Change {
  return { at: 'gateway', argv: ['iptables', '-A', 'FORWARD', '-i', 'tun0', ...match] };
}
