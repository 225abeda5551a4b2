import { addresses, healthySelectors, prefixes } from './addresses.ts';
import { broken, every, healthyByIke, lost, silent, undetermined } from './expectations.ts';
import { byNobody, clientRoute } from './scenarios.ts';
import type { Run, State } from './state.ts';
import type { Change, Tunnel } from './tunnel.ts';

const ike: Tunnel = { kind: 'ikev2', selectors: healthySelectors };
const onIke: Pick<Run, 'tunnel' | 'estate' | 'changes'> = {
  tunnel: ike,
  estate: { customRoutes: [prefixes.storageSelector] },
  changes: [],
};

/** The Linux client on strongSwan IKEv2. */
export const ikev2States: readonly State[] = [
  { ...onIke, name: '20-ike-libipsec-healthy', title: 'ESP in user space, table 220', expected: healthyByIke },
  {
    ...onIke,
    name: '21-ike-up-no-child-sa',
    title: 'IKE is up and the address is there, but the gateway granted no selector',
    tunnel: { kind: 'ikev2', selectors: healthySelectors, childRefused: true },
    expected: broken(['vpn-not-connected'], every(lost('active'), { ike: true }), { ike: true }),
  },
  {
    ...onIke,
    name: '22-ike-narrowed-spoke2-missing',
    title: 'the gateway narrowed to the hub and one spoke',
    tunnel: { kind: 'ikev2', selectors: [prefixes.hub, prefixes.spoke1] },
    expected: broken(
      [['ike-selector-missing', 'session-older-than-change']],
      { [prefixes.spoke2]: lost('active'), [prefixes.storageSelector]: lost('active') },
      { ike: true, mayFind: ['ike-selector-missing', 'session-older-than-change', 'custom-route-not-installed'] },
    ),
  },
  {
    ...onIke,
    name: '23-ike-full-tunnel',
    title: 'the gateway granted everything, and the packets of the tunnel itself go into the tunnel',
    tunnel: { kind: 'ikev2', selectors: ['0.0.0.0/0'] },
    // The route alone proves the loop; the counters, read once and early, say nothing of single prefixes.
    expected: broken(['vpn-not-connected'], every(silent, { ike: true }), {
      ike: true,
      mayFind: ['stray-route', 'internet-through-gateway', 'vpn-not-connected'],
    }),
  },
  {
    ...onIke,
    name: '24-ike-main-more-specific-does-not-shadow',
    title: 'a more specific LAN route in the main table, which is asked after table 220',
    changes: [clientRoute('10.1.0.0/24', ...byNobody)],
    expected: healthyByIke,
  },
  {
    name: '25-ike-netlink-like',
    title: 'what strongSwan with kernel ESP leaves, laid by hand: no tunnel device, only policies and a source address',
    tunnel: { kind: 'none' },
    estate: { session: 'IKEv2' },
    changes: kernelEspByHand(),
    // The other end doesn't exist, so nobody answers; by all that can be read the tunnel is in order.
    expected: undetermined(every(silent)),
  },
];

function kernelEspByHand(): readonly Change[] {
  const client = `${addresses.client}/32`;
  const inTunnel = [prefixes.hub, prefixes.spoke1, prefixes.spoke2, prefixes.storage];
  return [
    onClient('addr', 'add', client, 'dev', 'wlan0'),
    onClient('rule', 'add', 'pref', '220', 'lookup', '220'),
    ...inTunnel.flatMap((prefix) => [
      clientRoute(
        ...[prefix, 'via', addresses.lanGateway, 'dev', 'wlan0', 'proto', 'static'],
        ...['src', addresses.client, 'table', '220'],
      ),
      policy(client, prefix, 'out', addresses.clientLan, addresses.gatewayPublic),
      policy(prefix, client, 'in', addresses.gatewayPublic, addresses.clientLan),
    ]),
  ];
}

function policy(source: string, destination: string, direction: 'in' | 'out', from: string, to: string): Change {
  return onClient(
    ...['xfrm', 'policy', 'add', 'src', source, 'dst', destination, 'dir', direction, 'priority', '371327'],
    ...['tmpl', 'src', from, 'dst', to, 'proto', 'esp', 'reqid', '1', 'mode', 'tunnel'],
  );
}

function onClient(...argv: readonly string[]): Change {
  return { at: 'client', argv: ['ip', ...argv] };
}
