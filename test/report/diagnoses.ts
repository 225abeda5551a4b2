import type { Diagnosis } from '../../src/diagnosis/diagnosis.ts';
import type { Finding } from '../../src/diagnosis/finding.ts';
import type { Evidence } from '../../src/facts/origin.ts';
import type { Route } from '../../src/facts/route.ts';
import type { Peering, VNet } from '../../src/facts/topology.ts';
import type { Ladder, Part } from '../../src/ladder/ladder.ts';
import { type RungState, rungNames } from '../../src/ladder/rung.ts';
import type { ExpectedRoute, Obstacle } from '../../src/model/expected-route.ts';
import { address } from '../../src/net/address.ts';
import { setOf, subtract } from '../../src/net/address-set.ts';
import { formatPrefix, prefix } from '../../src/net/prefix.ts';

const group = '/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/rg-net/providers/Microsoft.Network';
const gatewayId = `${group}/virtualNetworkGateways/vpngw-hub`;

const states: Readonly<Record<string, RungState>> = {
  h: 'held',
  l: 'lost',
  p: 'partial',
  u: 'unknown',
  n: 'not-applicable',
};

export interface Sketch {
  readonly prefix: string;
  readonly owner: string;
  /** A letter a rung: held, lost, partial, unknown, not applicable. */
  readonly rungs: string;
  readonly verdict: Ladder['verdict'];
  readonly lostAt?: Ladder['lostAt'];
  readonly reason?: ExpectedRoute['reason'];
  readonly expectation?: Ladder['expectation'];
  readonly obstacle?: 'remote-gateways-off' | 'hub-transit-off';
  /** A more specific route that wins part of it. */
  readonly shadow?: string;
}

/** A ladder from a sketch of it. */
export function ladder(sketch: Sketch): Ladder {
  const { owner, rungs, verdict, lostAt = null, reason = 'gateway-transit', expectation = 'must' } = sketch;
  const expected = routeOf(sketch, reason, expectation);
  const isActive = rungs[4] === 'h';
  return {
    prefix: expected.prefix,
    origin:
      reason === 'stray' ? { kind: 'stray', route: tunnelRoute(sketch.prefix) } : { kind: 'expected', route: expected },
    owner,
    reason,
    expectation,
    verdict,
    lostAt,
    rungs: rungNames.map((rung, index) => {
      const state = states[rungs[index] ?? 'u'] ?? 'unknown';
      return {
        rung,
        state,
        evidence: state === 'unknown' || state === 'not-applicable' ? [] : [evidenceFor(sketch, rung)],
      };
    }),
    tunnelRoutes: isActive ? [tunnelRoute(sketch.prefix)] : [],
    parts: partsOf(sketch, isActive),
  };
}

function routeOf(
  { prefix: text, owner, obstacle }: Sketch,
  reason: ExpectedRoute['reason'],
  expectation: ExpectedRoute['expectation'],
): ExpectedRoute {
  const vnet = vnetCalled(owner);
  return {
    prefix: prefix(text),
    expectation,
    reason,
    owner,
    vnet,
    configured: { state: 'held', evidence: [] },
    offered: {
      state: obstacle === undefined ? 'held' : 'lost',
      evidence: [],
      obstacles: obstacle === undefined ? [] : [obstacleOf(obstacle, vnet)],
    },
  };
}

function evidenceFor({ prefix: text, owner }: Sketch, rung: string): Evidence {
  return rung === 'active' || rung === 'selected'
    ? {
        says: `${text} at ${rung}`,
        origin: { artifact: 'windows-route-print', line: 21 },
        quote: '10.1.0.0  255.255.0.0  On-link  172.16.50.130  43',
      }
    : { says: `${text} of ${owner} at ${rung}`, origin: { artifact: 'arm:003', pointer: '/properties' } };
}

function tunnelRoute(text: string, name = '172.16.50.130'): Route {
  return {
    prefix: prefix(text),
    via: { kind: 'on-link' },
    type: 'unicast',
    interface: name,
    metric: 43,
    table: 'main',
    origin: { artifact: 'windows-route-print', line: 21 },
  };
}

function partsOf({ prefix: text, shadow }: Sketch, isActive: boolean): readonly Part[] {
  const whole = setOf([prefix(text)]);
  const won = (name: string, route: string): Part['decision'] => {
    const winner = tunnelRoute(route, name);
    return { outcome: { kind: 'route', route: winner, nextHops: [winner] }, doubts: [] };
  };
  if (!isActive) return [{ space: whole, decision: { outcome: { kind: 'none' }, doubts: [] }, intoTunnel: false }];
  if (shadow === undefined) return [{ space: whole, decision: won('172.16.50.130', text), intoTunnel: true }];
  const inside = setOf([prefix(shadow)]);
  return [
    { space: subtract(whole, inside), decision: won('172.16.50.130', text), intoTunnel: true },
    { space: inside, decision: won('192.168.29.37', shadow), intoTunnel: false },
  ];
}

function vnetCalled(name: string): VNet {
  return {
    id: `${group}/virtualNetworks/${name}`,
    name,
    addressSpace: [],
    subnets: [],
    dnsServers: [],
    summarizedGatewayPrefixes: [],
    peeringsListed: true,
    origin: { artifact: 'arm:003' },
  };
}

function obstacleOf(kind: 'remote-gateways-off' | 'hub-transit-off', spoke: VNet): Obstacle {
  const hub = `${group}/virtualNetworks/vnet-hub`;
  const [from, to] = kind === 'remote-gateways-off' ? [spoke.id, hub] : [hub, spoke.id];
  const peering: Peering = {
    id: `${from}/virtualNetworkPeerings/one`,
    name: 'one',
    from,
    to,
    state: 'Connected',
    syncLevel: 'FullyInSync',
    allowVirtualNetworkAccess: true,
    allowForwardedTraffic: true,
    allowGatewayTransit: kind !== 'hub-transit-off',
    useRemoteGateways: kind !== 'remote-gateways-off',
    remoteAddressSpace: undefined,
    remoteVirtualNetworkAddressSpace: undefined,
    peerCompleteVnets: true,
    localSubnetNames: [],
    remoteSubnetNames: [],
    onlyIPv6: undefined,
    provisioningState: 'Succeeded',
    origin: { artifact: 'arm:003', pointer: '/properties/virtualNetworkPeerings/0' },
  };
  return { kind, peering };
}

const hub = ladder({ prefix: '10.0.0.0/16', owner: 'vnet-hub', reason: 'home-vnet', rungs: 'hhhhhhhh', verdict: 'ok' });
const pool = ladder({
  prefix: '172.16.50.0/24',
  owner: 'client pool',
  reason: 'pool',
  rungs: 'hhhhhhnu',
  verdict: 'undetermined',
});

export const healthy: Diagnosis = {
  takenAt: '2026-11-22T10:00:00Z',
  platform: 'windows',
  verdict: 'ok',
  headline: 'Every network this VPN should reach is reached: 10.0.0.0/16 (vnet-hub), 10.1.0.0/16 (spoke1).',
  tunnel: {
    interface: 'vnet-hub',
    address: address('172.16.50.130'),
    protocol: 'ikev2',
    client: 'windows-native',
    evidence: [],
  },
  gateway: { id: gatewayId, name: 'vpngw-hub' },
  candidates: [],
  ladders: [hub, ladder({ prefix: '10.1.0.0/16', owner: 'spoke1', rungs: 'hhuhhhhh', verdict: 'ok' }), pool],
  findings: [],
  unexplained: [],
  assumptions: [],
  notChecked: [],
  problems: [],
  notes: [
    {
      says: 'On-link on a tunnel adapter means: into the tunnel',
      origin: { artifact: 'windows-route-print', line: 21 },
    },
  ],
};

const missing = ladder({
  prefix: '10.2.0.0/16',
  owner: 'spoke2',
  rungs: 'hllllnhu',
  verdict: 'broken',
  lostAt: 'offered',
  obstacle: 'remote-gateways-off',
});

const transitOff: Finding = {
  code: 'spoke-remote-gateway-off',
  title: 'A peering of the spoke does not use the remote gateway',
  severity: 'error',
  confidence: 'proven',
  summary: '10.2.0.0/16 (spoke2) is not given to VPN clients: its side of the peering does not use the remote gateway.',
  rung: 'offered',
  prefixes: [missing.prefix],
  resource: `${group}/virtualNetworks/spoke2/virtualNetworkPeerings/to-hub`,
  property: 'useRemoteGateways',
  expected: 'true',
  actual: 'false',
  evidence: [
    {
      says: 'useRemoteGateways is false on the half of spoke2',
      origin: { artifact: 'arm:004', pointer: '/value/0/properties/useRemoteGateways' },
      quote: 'false',
    },
    { says: 'no route of this computer leads there', origin: { artifact: 'windows-route-print' } },
  ],
  explains: [missing],
  dependsOn: [],
  helpUrl: 'https://learn.microsoft.com/azure/vpn-gateway/vpn-gateway-peering-gateway-transit',
  fixes: [
    {
      by: 'network-admin',
      role: 'Network Contributor on spoke2',
      commands: [
        {
          shell: 'az',
          command:
            'az network vnet peering update --subscription 11111111-2222-3333-4444-555555555555 -g rg-net --vnet-name spoke2 -n to-hub --set useRemoteGateways=true',
        },
      ],
      steps: ['Then every Windows client needs a new VPN client package.'],
      disrupts: 'clients, until they have reconnected',
      verify: 'az network vnet peering show -g rg-net --vnet-name spoke2 -n to-hub --query useRemoteGateways',
    },
  ],
};

const accepted: Finding = {
  ...transitOff,
  code: 'nsg-denies-pool',
  title: 'A security group denies the client pool',
  severity: 'warning',
  summary: 'nsg-db denies 172.16.50.0/24 on port 1433.',
  rung: 'delivered',
  prefixes: [],
  explains: [],
  fixes: [],
  accepted: true,
};

export const spokeMissing: Diagnosis = {
  ...healthy,
  verdict: 'broken',
  headline: transitOff.summary,
  ladders: [...healthy.ladders, missing, ...alike(12)],
  findings: [transitOff, accepted],
};

/** Healthy spokes, all alike. */
function alike(count: number): readonly Ladder[] {
  return Array.from({ length: count }, (_, index) =>
    ladder({ prefix: `10.${index + 100}.0.0/16`, owner: `spoke${index + 100}`, rungs: 'hhhhhhhh', verdict: 'ok' }),
  );
}

const shadowed = ladder({
  prefix: '10.0.0.0/16',
  owner: 'vnet-hub',
  reason: 'home-vnet',
  rungs: 'hhhhhphu',
  verdict: 'broken',
  lostAt: 'selected',
  shadow: '10.0.64.0/24',
});

const overlap: Diagnosis = {
  ...healthy,
  platform: 'linux',
  verdict: 'broken',
  headline:
    'The local network 10.0.64.0/24 on eth0 uses addresses of 10.0.0.0/16 (vnet-hub), so packets for them stay here.',
  tunnel: {
    interface: 'tun0',
    address: address('172.16.50.130'),
    protocol: 'openvpn',
    client: 'openvpn',
    evidence: [],
  },
  ladders: [
    shadowed,
    ladder({
      prefix: '10.77.0.0/16',
      owner: 'unknown to Azure',
      reason: 'stray',
      expectation: 'never',
      rungs: 'luuhhhuu',
      verdict: 'not-expected',
      lostAt: 'configured',
    }),
  ],
  findings: [
    {
      code: 'local-network-overlap',
      title: 'A local network uses the same addresses as Azure',
      severity: 'error',
      confidence: 'likely',
      summary: 'The local network 10.0.64.0/24 on eth0 uses addresses of 10.0.0.0/16 (vnet-hub).',
      rung: 'selected',
      prefixes: [shadowed.prefix],
      expected: 'a route into the tunnel wins',
      actual: '10.0.64.0/24 on eth0 wins',
      evidence: [
        {
          says: '10.0.64.0/24 is on-link on eth0',
          origin: { artifact: 'linux-ip-route', line: 4 },
          quote: '10.0.64.0/24 dev eth0 proto kernel scope link src 10.0.64.9',
        },
      ],
      explains: [shadowed],
      dependsOn: ['class-based-route'],
      fixes: [{ by: 'user', commands: [], steps: ['Use another network.'] }],
    },
  ],
  unexplained: [prefix('10.9.0.0/16')],
};

const undetermined: Diagnosis = {
  ...healthy,
  takenAt: null,
  verdict: 'undetermined',
  headline: '2 gateways could be the one; pick one by its flag.',
  tunnel: null,
  gateway: null,
  candidates: [
    { id: gatewayId, name: 'vpngw-hub', flag: '-g rg-net -n vpngw-hub', because: 'its pool holds the address' },
    { id: `${gatewayId}2`, name: 'vpngw-hub2', flag: '-g rg-net -n vpngw-hub2', because: 'its pool holds the address' },
  ],
  ladders: [
    ladder({ prefix: '10.1.0.0/16', owner: 'spoke1', rungs: 'uuuuuuuu', verdict: 'undetermined' }),
    ladder({ prefix: 'fd00:1234:5678:9abc::/64', owner: 'spoke1', rungs: 'huuuuuuu', verdict: 'undetermined' }),
  ],
  notes: [],
  assumptions: [{ code: 'ASSUME-DEFAULT-RULES', says: "the kernel's three default rules" }],
  notChecked: [{ code: 'AZURE', why: 'no Azure half: what this client should have is not known' }],
  problems: Array.from({ length: 12 }, (_, index) => ({
    origin: { artifact: 'windows-route-print', line: 40 + index },
    text: `10.9.0.0 255.0.255.${index}`,
    why: 'a mask with holes',
  })),
};

/** Every name is an attack on whoever shows it. */
const evil =
  '\u001b[31mred\u001b]0;title\u0007\u202e"><script>alert(1)</script><img src=x onerror=alert(2)>|`;]:::x\n%% click "end" =cmd()|&amp; ```';

const evilLadder = ladder({
  prefix: '10.3.0.0/16',
  owner: evil,
  rungs: 'hhhllnhu',
  verdict: 'broken',
  lostAt: 'installed',
});

export const hostile: Diagnosis = {
  ...healthy,
  verdict: 'broken',
  headline: `${evil} is lost`,
  tunnel: { interface: evil, address: address('172.16.50.130'), protocol: 'sstp', client: 'unknown', evidence: [] },
  gateway: { id: `${gatewayId}${evil}`, name: evil },
  candidates: [{ id: evil, name: evil, flag: evil, because: evil }],
  ladders: [hub, evilLadder],
  findings: [
    {
      ...transitOff,
      title: evil,
      summary: evil,
      prefixes: [evilLadder.prefix],
      resource: evil,
      property: evil,
      expected: evil,
      actual: evil,
      helpUrl: `javascript:alert(3)//${evil}`,
      evidence: [{ says: evil, origin: { artifact: evil, line: 1 }, quote: evil }],
      explains: [evilLadder],
      fixes: [
        {
          by: 'user',
          role: evil,
          commands: [{ shell: 'cmd', command: evil }],
          steps: [evil],
          disrupts: evil,
          verify: evil,
        },
      ],
    },
  ],
  assumptions: [{ code: evil, says: evil }],
  notChecked: [{ code: evil, why: evil }],
  problems: [{ origin: { artifact: evil, pointer: evil }, text: evil, why: evil }],
  notes: [{ says: evil, origin: { artifact: evil }, quote: evil }],
};

export const diagnoses = { healthy, 'spoke-missing': spokeMissing, overlap, undetermined, hostile };

/** Prefixes as every format writes them. */
export function prefixesIn({ ladders }: Diagnosis): readonly string[] {
  return ladders.map((one) => formatPrefix(one.prefix));
}
