import { describe, expect, test } from 'vitest';
import { type EstateSpec, idsOf, routeTableRead } from '../../scripts/scenarios/estate.ts';
import type { BundleArtifact, Wire } from '../../scripts/scenarios/wire.ts';
import { conclude, linux, plain } from '../diagnosis/conclude.ts';
import { rungText } from './rung-text.ts';

/* The way back where no NIC of the spoke runs: its subnet's route table, and the appliance that it may name. */
const ids = idsOf(plain);
const [spoke, pool, lower, upper] = ['10.21.0.0/16', '172.16.50.0/24', '172.16.50.0/25', '172.16.50.128/25'] as const;
const firewall = '10.20.9.4';

type Machine = NonNullable<EstateSpec['machines']>[number];
type Row = readonly [prefix: string, nextHopType: string, nextHop?: string];
interface Spoke {
  readonly rows?: readonly Row[];
  readonly disabled?: boolean;
  readonly properties?: object;
}

const table = (name: string, rows: readonly Row[], more: object = {}): BundleArtifact =>
  routeTableRead(ids.place, {
    name,
    routes: rows.map(([prefix, nextHopType, nextHop], index) => ({
      name: `r${index}`,
      prefix,
      nextHopType,
      ...(nextHop !== undefined && { nextHop }),
    })),
    ...more,
  });

function estateWith({ rows, disabled = false, properties }: Spoke, more: Partial<EstateSpec> = {}): EstateSpec {
  const subnets = [{ name: 'app', prefix: '10.21.1.0/24', routeTable: ids.id('routeTables', 'rt-app') }];
  const own =
    rows === undefined
      ? []
      : [table('rt-app', rows, { disableBgpRoutePropagation: disabled, ...(properties && { properties }) })];
  return {
    ...plain,
    spokes: [{ name: 'spoke-app', space: [spoke], subnets }],
    machines: [],
    ...more,
    extra: (all) => [...own, ...(more.extra?.(all) ?? [])],
  };
}

const back = (estate: EstateSpec) => rungText(linux(estate, { traces: {} }), 'returned', spoke);

describe('replies to the pool', () => {
  test.each<[string, readonly Row[], string]>([
    ['find the gateway by its own route', [], "held | rt-app lets the gateway's routes through"],
    [
      'are not taken by a wider route: the longest prefix decides',
      [['172.16.0.0/12', 'VirtualAppliance', firewall]],
      "held | rt-app lets the gateway's routes through",
    ],
    [
      'are not taken by a route to elsewhere, nor by a service tag',
      [
        ['10.0.0.0/8', 'None'],
        ['Storage', 'Internet'],
      ],
      "held | rt-app lets the gateway's routes through",
    ],
    ['are led there by a user route', [[pool, 'VirtualNetworkGateway']], 'held | rt-app sends the pool to the gateway'],
    [
      'are led there by narrower routes than the one to an appliance',
      [
        [pool, 'VirtualAppliance', firewall],
        [lower, 'VirtualNetworkGateway'],
        [upper, 'VirtualNetworkGateway'],
      ],
      'held | rt-app sends the pool to the gateway | rt-app sends the pool to the gateway',
    ],
    ['are dropped', [[pool, 'None']], 'lost | rt-app: 172.16.50.0/24 goes to None'],
    [
      'are dropped in part',
      [[upper, 'None']],
      "partial | rt-app: 172.16.50.128/25 goes to None | rt-app lets the gateway's routes through",
    ],
    [
      'go to an appliance whose address is not told',
      [[pool, 'VirtualAppliance']],
      'lost | rt-app: 172.16.50.0/24 goes to VirtualAppliance | the GatewaySubnet has no route table: the way there does not pass the appliance',
    ],
  ])('%s', (_, rows, says) => {
    expect(back(estateWith({ rows }))).toBe(says);
  });

  test('cannot be told where the route table was not read; one that does not tell propagation has it on, as is the default', () => {
    expect(back(estateWith({}))).toBe('unknown | route table rt-app was not read');
    const untold = { rows: [], properties: { disableBgpRoutePropagation: undefined } };
    expect(back(estateWith(untold))).toBe("held | rt-app does not turn the gateway's routes off");
  });
});

describe('with propagation off, replies', () => {
  const off = 'rt-app has disableBgpRoutePropagation on: no gateway route is left';

  test.each<[string, readonly Row[], string]>([
    ['find no gateway', [], `lost | ${off}`],
    [
      'find it by a route of the pool',
      [[pool, 'VirtualNetworkGateway']],
      'held | rt-app sends the pool to the gateway',
    ],
    [
      'find it by the two halves of the pool',
      [
        [lower, 'VirtualNetworkGateway'],
        [upper, 'VirtualNetworkGateway'],
      ],
      'held | rt-app sends the pool to the gateway | rt-app sends the pool to the gateway',
    ],
    [
      'find it to one half of the pool',
      [[lower, 'VirtualNetworkGateway']],
      `partial | ${off} | rt-app sends the pool to the gateway`,
    ],
    ['do not find it by way of the internet', [['0.0.0.0/0', 'Internet']], `lost | ${off}`],
    [
      "may find it by a default through an appliance: whether a reserved range's None bites, no table tells",
      [['0.0.0.0/0', 'VirtualAppliance', firewall]],
      'unknown | rt-app: only 0.0.0.0/0 is left for the pool, to VirtualAppliance',
    ],
    [
      'may find it by a default to the gateway',
      [['0.0.0.0/0', 'VirtualNetworkGateway']],
      'unknown | rt-app: only 0.0.0.0/0 is left for the pool, to VirtualNetworkGateway',
    ],
  ])('%s', (_, rows, says) => {
    expect(back(estateWith({ rows, disabled: true }))).toBe(says);
  });

  test('and the halves of the pool led back to it, nobody is told a fault', () => {
    const rows: readonly Row[] = [
      [lower, 'VirtualNetworkGateway'],
      [upper, 'VirtualNetworkGateway'],
    ];
    expect(conclude(linux(estateWith({ rows, disabled: true }), { traces: {} }))).toMatchObject({
      errors: [],
      warnings: [],
      prefixes: { [spoke]: 'must ok -' },
    });
  });
});

describe('replies that go to an appliance', () => {
  const toFirewall = { rows: [[pool, 'VirtualAppliance', firewall]] as const };
  const gatewaySubnet = {
    ...plain.hub,
    subnets: [
      { name: 'GatewaySubnet', prefix: '10.20.1.0/27', routeTable: ids.id('routeTables', 'rt-gw') },
      { name: 'shared', prefix: '10.20.2.0/24' },
      { name: 'firewalls', prefix: '10.20.9.0/24' },
    ],
  };
  const appliance = (forwards: boolean): Machine => ({
    name: 'fw',
    address: firewall,
    in: ['vnet-hub', 'firewalls'] as const,
    routes: null,
    properties: { enableIPForwarding: forwards },
  });
  const by = (rows: readonly Row[], ...machines: readonly Machine[]) =>
    back(estateWith(toFirewall, { hub: gatewaySubnet, machines, extra: () => [table('rt-gw', rows)] })).split(' | ');
  const sameWay: readonly Row[] = [[spoke, 'VirtualAppliance', firewall]];

  test('get to the gateway where the way there passes the same one', () => {
    const says = ['held', `rt-app: ${pool} goes to VirtualAppliance ${firewall}`];
    const same = `rt-gw of the GatewaySubnet uses the same appliance, ${firewall}`;
    expect(by(sameWay)).toEqual([...says, same]);
    expect(by(sameWay, appliance(true))).toEqual([...says, same]);
    expect(by([['10.21.1.0/24', 'virtualAppliance', firewall]])).toEqual([...says, same]);
  });

  test.each<[string, readonly Row[]]>([
    ['names no way there', []],
    ['sends other networks there', [['10.22.0.0/16', 'VirtualAppliance', firewall]]],
    ['sends the way there by another', [[spoke, 'VirtualAppliance', '10.20.9.5']]],
    ['sends the way there by an appliance without an address', [[spoke, 'VirtualAppliance']]],
    ['sends the way there by no appliance', [[spoke, 'VnetLocal', firewall]]],
    ["sends only a wider range by it: the peering's route wins", [['10.0.0.0/8', 'VirtualAppliance', firewall]]],
    ['has but a default by it, which a GatewaySubnet may not have', [['0.0.0.0/0', 'VirtualAppliance', firewall]]],
    ['has but a service tag by it', [['Storage', 'VirtualAppliance', firewall]]],
  ])('are dropped where the GatewaySubnet %s', (_, rows) => {
    expect(by(rows)).toEqual([
      'lost',
      `rt-app: ${pool} goes to VirtualAppliance ${firewall}`,
      `rt-gw of the GatewaySubnet does not send the way there by ${firewall}`,
    ]);
  });

  test('are dropped by one that does not forward, by whichever of its addresses it is named', () => {
    expect(by(sameWay, appliance(false)).at(-1)).toBe(
      'fw, the appliance, does not forward: enableIPForwarding is false',
    );
    const second = { ...appliance(false), address: '10.20.9.9', properties: severalAddresses(false) };
    expect(by(sameWay, second)[0]).toBe('lost');
  });

  test('cannot be told from a GatewaySubnet whose table was not read', () => {
    expect(back(estateWith(toFirewall, { hub: gatewaySubnet }))).toBe(
      `unknown | rt-app: ${pool} goes to VirtualAppliance ${firewall} | the GatewaySubnet's route table was not read: whether it uses ${firewall} too is not known`,
    );
  });

  const several = (name: string, prefix: string, ...hops: readonly string[]): BundleArtifact => {
    const nextHop = { nextHopIpAddresses: hops };
    const row = { name: 'ecmp', properties: { addressPrefix: prefix, nextHopType: 'VirtualApplianceEcmp', nextHop } };
    return table(name, [], { properties: { routes: [row] } });
  };
  const bySeveral = (there: BundleArtifact) => {
    const estate = estateWith(
      {},
      { hub: gatewaySubnet, extra: () => [several('rt-app', pool, '10.20.9.5', firewall), there] },
    );
    return back(estate).split(' | ');
  };

  test('of several equal ones get there where the way there passes just these', () => {
    expect(bySeveral(several('rt-gw', spoke, '10.20.9.5', firewall))[0]).toBe('held');
    expect(bySeveral(several('rt-gw', spoke, firewall, '10.20.9.5'))).toEqual([
      'held',
      `rt-app: ${pool} goes to VirtualApplianceEcmp 10.20.9.5, ${firewall}`,
      `rt-gw of the GatewaySubnet uses the same appliance, 10.20.9.5, ${firewall}`,
    ]);
  });

  test('of several equal ones may meet another than the way there did', () => {
    expect(bySeveral(table('rt-gw', sameWay))[0]).toBe('unknown');
    const estate = estateWith(toFirewall, {
      hub: gatewaySubnet,
      extra: () => [several('rt-gw', spoke, firewall, '10.20.9.5')],
    });
    expect(back(estate)).toMatch(/^unknown .*whether each flow meets the same one both ways is not known$/);
  });
});

/** The configurations of a NIC that has a second address, the firewall's. */
function severalAddresses(enableIPForwarding: boolean): Wire {
  const subnet = { id: ids.subnet('vnet-hub', 'firewalls') };
  const ipConfigurations = ['10.20.9.9', firewall].map((privateIPAddress, index) => ({
    name: `ipconfig${index}`,
    properties: { privateIPAddress, subnet, primary: index === 0 },
  }));
  return { enableIPForwarding, ipConfigurations };
}
