import { addresses, healthyRoutes, prefixes } from './addresses.ts';
import { broken, every, healthy, lost, silent, undetermined } from './expectations.ts';
import type { State } from './state.ts';
import type { Change, Tunnel } from './tunnel.ts';

const connected: Tunnel = { kind: 'openvpn', topology: 'subnet', push: healthyRoutes };
const withoutSpoke1: Tunnel = { ...connected, push: healthyRoutes.filter((prefix) => prefix !== prefixes.spoke1) };
const disconnected: Tunnel = { kind: 'none' };

const homeLanOverlaps: Change = { at: 'client', argv: ['ip', 'addr', 'add', '10.1.0.77/24', 'dev', 'wlan0'] };
const spoke1DropsReplies: Change = { at: 'spoke1', argv: ['ip', 'route', 'add', 'blackhole', prefixes.pool] };

const transitOff = { spoke1UsesRemoteGateways: false };
const propagationOff = { spoke1Propagation: false };

/** A working tunnel to a healthy gateway: everything else in the lab is told apart from this. */
const healthyState: State = {
  name: 'healthy',
  title: 'tunnel and Azure both in order',
  tunnel: connected,
  changes: [],
  estate: {},
  expected: healthy,
};

const spokeRemoteGatewayOff: State = {
  name: 'spoke-remote-gateway-off',
  title: "the spoke's half of the peering doesn't use the remote gateway, so its route is not pushed",
  tunnel: withoutSpoke1,
  changes: [],
  estate: transitOff,
  expected: broken(['spoke-remote-gateway-off'], {
    [prefixes.spoke1]: lost('offered', { offered: 'lost', active: 'lost' }),
  }),
  contrasts: [
    {
      label: 'tunnel-alone',
      tunnel: withoutSpoke1,
      changes: [],
      estate: {},
      // Azure offers it now and the session lacks it: OpenVPN learns its routes when it connects.
      expected: broken(['session-older-than-change'], {
        [prefixes.spoke1]: lost('active', { offered: 'held', active: 'lost' }),
      }),
    },
    {
      label: 'azure-alone',
      tunnel: connected,
      changes: [],
      estate: transitOff,
      // The machine's effective routes have lost the way back with the flag, whatever still answers in the lab.
      expected: broken(['spoke-remote-gateway-off'], {
        [prefixes.spoke1]: lost('offered', { offered: 'lost', active: 'held', returned: 'lost', delivered: 'held' }),
      }),
    },
  ],
};

const localNetworkOverlap: State = {
  name: 'local-network-overlap',
  title: 'the home LAN is 10.1.0.0/24, inside the spoke',
  tunnel: connected,
  changes: [homeLanOverlaps],
  estate: {},
  expected: broken(['local-network-overlap'], {
    [prefixes.spoke1]: lost('selected', { offered: 'held', active: 'held', selected: 'partial' }),
  }),
  contrasts: [
    { label: 'tunnel-alone', tunnel: connected, changes: [], estate: {}, expected: healthy },
    {
      label: 'azure-alone',
      tunnel: connected,
      changes: [homeLanOverlaps],
      estate: transitOff,
      expected: broken(
        ['spoke-remote-gateway-off'],
        { [prefixes.spoke1]: lost('offered', { offered: 'lost', selected: 'partial' }) },
        { mayFind: ['local-network-overlap'] },
      ),
    },
  ],
};

const returnPropagationDisabled: State = {
  name: 'return-propagation-disabled',
  title: "the spoke's route table doesn't let gateway routes in: replies have no way back",
  tunnel: connected,
  changes: [spoke1DropsReplies],
  estate: propagationOff,
  expected: broken(['return-propagation-disabled'], {
    [prefixes.spoke1]: lost('returned', { active: 'held', selected: 'held', returned: 'lost' }),
  }),
  contrasts: [
    {
      label: 'tunnel-alone',
      tunnel: connected,
      changes: [spoke1DropsReplies],
      estate: {},
      expected: undetermined({ [prefixes.spoke1]: { ...silent, rungs: { returned: 'held', delivered: 'unknown' } } }),
    },
    {
      label: 'azure-alone',
      tunnel: connected,
      changes: [],
      estate: propagationOff,
      expected: broken(['return-propagation-disabled'], {
        [prefixes.spoke1]: lost('returned', { returned: 'lost', delivered: 'held' }),
      }),
    },
  ],
};

const vpnNotConnected: State = {
  name: 'vpn-not-connected',
  title: 'the VPN client is not running',
  tunnel: disconnected,
  changes: [],
  estate: {},
  expected: broken(['vpn-not-connected'], every(lost('active'))),
  contrasts: [
    { label: 'tunnel-alone', tunnel: connected, changes: [], estate: {}, expected: healthy },
    {
      label: 'azure-alone',
      tunnel: disconnected,
      changes: [],
      estate: transitOff,
      expected: broken(['vpn-not-connected', 'spoke-remote-gateway-off'], {
        ...every(lost('active')),
        [prefixes.spoke1]: lost('offered'),
      }),
    },
  ],
};

/** The scenarios with both halves varied: what each half alone would show must differ. */
export const scenarios: readonly State[] = [
  healthyState,
  spokeRemoteGatewayOff,
  localNetworkOverlap,
  returnPropagationDisabled,
  vpnNotConnected,
];

/** The tunnel most states start from. */
export const openvpn = connected;

/** A route of the home LAN towards a neighbour that doesn't exist. */
export function clientRoute(...route: readonly string[]): Change {
  return { at: 'client', argv: ['ip', 'route', 'add', ...route] };
}

/** By way of the LAN's neighbour that doesn't exist. */
export const byNobody: readonly string[] = ['via', addresses.lanNobody, 'dev', 'wlan0'];
