import { describe, expect, test } from 'vitest';
import { nicId } from '../../scripts/scenarios/azure-machine.ts';
import { type EstateSpec, estate, idsOf } from '../../scripts/scenarios/estate.ts';
import { type LinuxSpec, linuxClient } from '../../scripts/scenarios/linux-client.ts';
import { type WindowsSpec, windowsClient } from '../../scripts/scenarios/windows-client.ts';
import type { BundleArtifact } from '../../scripts/scenarios/wire.ts';
import { analyze } from '../../src/analyze.ts';
import type { Capture } from '../../src/facts/capture.ts';
import { rungOf } from '../../src/ladder/ladder.ts';
import type { RungName, RungState } from '../../src/ladder/rung.ts';
import { formatPrefix } from '../../src/net/prefix.ts';
import { captureOf } from '../capture-of.ts';

/* Row by row the table "The states of a rung": what each state of each rung means, shown on one estate. */
const spoke = '10.77.0.0/16';
const estateSpec: EstateSpec = {
  hub: { name: 'hub', space: ['10.76.0.0/16'] },
  spokes: [{ name: 'spoke', space: [spoke] }],
  gateway: { name: 'gw', pool: ['172.29.4.0/24'], publicAddress: '20.61.7.9' },
  machines: [{ name: 'vm', address: '10.77.1.4', in: ['spoke', 'app'] }],
};
const windowsSpec: WindowsSpec = {
  connection: 'hub',
  server: idsOf(estateSpec).server,
  tunnelAddress: '172.29.4.9',
  gatewayAddress: '20.61.7.9',
  routes: ['10.76.0.0/16', spoke, '172.29.4.0/24'],
};
const linuxSpec: LinuxSpec = {
  kind: 'openvpn',
  tunnelAddress: '172.29.4.9',
  server: windowsSpec.server,
  gatewayAddress: '20.61.7.9',
  routes: windowsSpec.routes,
};

const windows = (
  client: Partial<WindowsSpec> = {},
  azure: Partial<EstateSpec> = {},
  more: readonly BundleArtifact[] = [],
): Capture =>
  captureOf('windows', windowsClient({ ...windowsSpec, ...client }), estate({ ...estateSpec, ...azure }), more);
const linux = (client: Partial<LinuxSpec> = {}, azure: Partial<EstateSpec> = {}): Capture =>
  captureOf('linux', linuxClient({ ...linuxSpec, ...client }), estate({ ...estateSpec, ...azure }));
const without = (capture: Capture, ...sources: readonly string[]): Capture => ({
  ...capture,
  artifacts: capture.artifacts.filter(({ source }) => !sources.includes(source)),
});
const spokes = (change: Partial<NonNullable<EstateSpec['spokes']>[number]>): Partial<EstateSpec> => ({
  spokes: [{ name: 'spoke', space: [spoke], ...change }],
});
const machine = (change: Partial<NonNullable<EstateSpec['machines']>[number]>): Partial<EstateSpec> => ({
  machines: [{ name: 'vm', address: '10.77.1.4', in: ['spoke', 'app'], ...change }],
});

function stateIn(capture: Capture, rung: RungName, prefix = spoke): RungState | undefined {
  const ladder = analyze(capture).ladders.find((one) => formatPrefix(one.prefix) === prefix);
  return ladder === undefined ? undefined : rungOf(ladder, rung).state;
}

const rows: readonly [RungName, RungState, string, Capture, string?][] = [
  ['configured', 'held', "a peered VNet's space", windows()],
  [
    'configured',
    'lost',
    'a route that nothing in Azure lists',
    windows({ routes: [...windowsSpec.routes, '10.99.0.0/16'] }),
    '10.99.0.0/16',
  ],
  [
    'configured',
    'unknown',
    'the same, and what could list it was refused',
    {
      ...windows({ routes: [...windowsSpec.routes, '10.99.0.0/16'] }),
      artifacts: [
        ...windows({ routes: [...windowsSpec.routes, '10.99.0.0/16'] }).artifacts,
        {
          id: 'arm:x',
          source: 'arm',
          half: 'azure',
          operation: 'virtualNetworkGateways.listConnections',
          resource: idsOf(estateSpec).gateway,
          outcome: { kind: 'unanswered', status: 403, code: 'AuthorizationFailed', message: '' },
        },
      ],
    },
    '10.99.0.0/16',
  ],
  ['offered', 'held', 'both halves say yes', windows()],
  ['offered', 'lost', 'a flag says no', windows({}, spokes({ far: { useRemoteGateways: false } }))],
  [
    'offered',
    'partial',
    'subnet peering',
    windows({}, spokes({ near: { peerCompleteVnets: false, remoteSubnetNames: ['app'] } })),
  ],
  ['offered', 'unknown', 'the far half was not read', windows({}, spokes({ unread: true }))],
  ['issued', 'held', 'a fresh profile lists it', windows()],
  ['issued', 'lost', 'a fresh profile lacks it', windows({}, { issued: ['10.76.0.0/16'] })],
  ['issued', 'partial', 'a fresh profile lists a half', windows({}, { issued: ['10.76.0.0/16', '10.77.0.0/17'] })],
  ['issued', 'unknown', 'no fresh profile', windows({}, { issued: null })],
  ['installed', 'held', 'routes.txt has it', windows()],
  ['installed', 'lost', 'routes.txt lacks it', windows({ installed: ['10.76.0.0/16'] })],
  ['installed', 'partial', 'routes.txt has a half', windows({ installed: ['10.76.0.0/16', '10.77.0.0/17'] })],
  ['installed', 'lost', 'there is no package, and nothing else carries routes', windows({ installed: null })],
  ['installed', 'unknown', 'nobody looked for the file', without(windows(), 'cmroute-routes')],
  ['installed', 'not-applicable', 'routes are pushed at connect', linux()],
  ['active', 'held', 'a route into the tunnel', windows()],
  [
    'active',
    'held',
    'two halves are the whole',
    windows({ routes: ['10.76.0.0/16', '10.77.0.0/17', '10.77.128.0/17'] }),
  ],
  ['active', 'partial', 'one half', windows({ routes: ['10.76.0.0/16', '10.77.0.0/17'] })],
  ['active', 'lost', 'none', windows({ routes: ['10.76.0.0/16'] })],
  ['active', 'unknown', 'no table was read', without(windows(), 'windows-route-print')],
  ['selected', 'held', 'it wins', windows()],
  [
    'selected',
    'partial',
    'a local network takes a part',
    windows({ extra: [{ prefix: '10.77.9.0/24', interface: '192.168.29.37', metric: 281 }] }),
  ],
  [
    'selected',
    'lost',
    'an equal prefix with a lower metric',
    windows({ extra: [{ prefix: spoke, interface: '192.168.29.37', metric: 11 }] }),
  ],
  [
    'selected',
    'partial',
    'this computer discards a part',
    linux({
      extraRoutes: [
        { type: 'blackhole', dst: '10.77.1.0/24', table: 'main', protocol: 'boot', scope: 'global', flags: [] },
      ],
    }),
  ],
  ['selected', 'not-applicable', 'there is none to choose', windows({ routes: ['10.76.0.0/16'] })],
  ['selected', 'unknown', 'the rules were not read', without(linux(), 'linux-ip-rule')],
  ['returned', 'held', "the NIC's routes lead the pool to the gateway", windows()],
  ['returned', 'lost', 'propagation is off', windows({}, machine({ disabled: true }))],
  [
    'returned',
    'unknown',
    'the NIC may not be read',
    {
      ...windows({}, machine({ routes: null })),
      artifacts: [
        ...windows({}, machine({ routes: null })).artifacts,
        {
          id: 'arm:y',
          source: 'arm',
          half: 'azure',
          operation: 'networkInterfaces.getEffectiveRouteTable',
          resource: nicId({ ...idsOf(estateSpec).place, group: 'rg-workloads' }, 'vm'),
          outcome: { kind: 'unanswered', status: 403, code: 'AuthorizationFailed', message: '' },
        },
      ],
    },
  ],
  ['returned', 'held', 'no NIC runs, and the subnet has no route table', windows({}, { machines: [] })],
  ['returned', 'not-applicable', 'no machine of Azure is behind it', windows(), '172.29.4.0/24'],
  ['delivered', 'held', 'the target answered through the tunnel', windows({ traces: { '10.77.1.4': 'answers' } })],
  ['delivered', 'lost', 'an error came back through the tunnel', linuxUnreachable()],
  [
    'delivered',
    'lost',
    'the answer came another way',
    windows({ routes: ['10.76.0.0/16'], traces: { '10.77.1.4': ['192.168.29.1', '10.77.1.4'] } }),
  ],
  [
    'delivered',
    'partial',
    'one target answers, another is unreachable',
    {
      ...linuxUnreachable(),
      artifacts: [
        ...linuxUnreachable().artifacts,
        ...captureOf('linux', linuxClient({ ...linuxSpec, traces: { '10.77.1.9': 'answers' } })).artifacts.filter(
          ({ target }) => target === '10.77.1.9',
        ),
      ],
    },
  ],
  ['delivered', 'unknown', 'silence', windows({ traces: { '10.77.1.4': 'silent' } })],
  ['delivered', 'unknown', 'nobody asked', windows()],
];

/** A trace on which the gateway itself reports that the host is unreachable. */
function linuxUnreachable(): Capture {
  const text = 'traceroute to 10.77.1.4 (10.77.1.4), 4 hops max, 60 byte packets\n 1  10.76.1.4  28.1 ms !H\n';
  const trace: BundleArtifact = {
    id: 'linux-traceroute:10.77.1.4',
    source: 'linux-traceroute',
    half: 'client',
    target: '10.77.1.4',
    text,
    exitCode: 0,
  };
  return captureOf('linux', linuxClient(linuxSpec), estate(estateSpec), [trace]);
}

describe('the states of a rung', () => {
  test.each(rows)('%s is %s: %s', (rung, state, _why, capture, prefix) => {
    expect(stateIn(capture, rung, prefix)).toBe(state);
  });

  test('every rung shows each of its states at least once', () => {
    const shown = new Set(rows.map(([rung, state]) => `${rung} ${state}`));
    const wanted = [
      'configured lost',
      'configured unknown',
      'offered partial',
      'issued partial',
      'installed not-applicable',
      'active partial',
      'selected unknown',
      'returned not-applicable',
      'delivered partial',
    ];
    expect(wanted.filter((one) => !shown.has(one))).toEqual([]);
  });
});
