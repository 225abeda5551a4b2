import { describe, expect, test } from 'vitest';
import { effectiveRoute, effectiveRoutes } from '../../scripts/scenarios/azure-machine.ts';
import { peering, vnet } from '../../scripts/scenarios/azure-network.ts';
import { type EstateSpec, idsOf, routeTableRead, type SpokeSpec } from '../../scripts/scenarios/estate.ts';
import { arm, type Wire } from '../../scripts/scenarios/wire.ts';
import type { Capture } from '../../src/facts/capture.ts';
import { all, plain, told, windows } from '../diagnosis/conclude.ts';
import { cited, findingsOf } from './findings.ts';

/* A firewall forwards between clients and a spoke, and a peering drops what did not begin next door. */
const code = 'forwarded-traffic-blocked';
const ids = idsOf(plain);
const [spoke, pool] = ['10.21.0.0/16', '172.16.50.0/24'];
const [inHub, inSecurity] = ['10.20.4.4', '10.29.4.4'];
const table = (name: string) => ids.id('routeTables', name);
const half = (from: string, to: string) => `${ids.vnet(from)}/virtualNetworkPeerings/to-${to}`;

interface Route {
  readonly prefix: string;
  readonly by: string | undefined;
  readonly type?: string;
}
interface Paths {
  /** User routes of the GatewaySubnet, of the hub's other subnet, of the spoke's. */
  readonly there?: readonly Route[];
  readonly hub?: readonly Route[];
  readonly back?: readonly Route[];
  /** What wins on the spoke's machine. */
  readonly effective?: readonly Wire[];
  readonly spoke?: Partial<SpokeSpec>;
  readonly customRoutes?: readonly string[];
  /** Further VNets, before the others. */
  readonly besides?: readonly SpokeSpec[];
}

const routesOf = (routes: readonly Route[]) =>
  routes.map(({ prefix, by, type = 'VirtualAppliance' }, index) => ({
    name: `r${index}`,
    prefix,
    nextHopType: type,
    ...(by !== undefined && { nextHop: by }),
  }));

/** The plain estate with a security VNet beside the spoke. The hub's halves refuse what is forwarded; so does the spoke's. */
function estateOf({ there, hub, back, effective, customRoutes, besides = [], ...more }: Paths): EstateSpec {
  const named = { 'rt-gateway': there, 'rt-hub': hub, 'rt-spoke': back };
  const of = (name: keyof typeof named) => (named[name] === undefined ? {} : { routeTable: table(name) });
  return {
    ...plain,
    hub: {
      ...plain.hub,
      subnets: [
        { name: 'GatewaySubnet', prefix: '10.20.1.0/27', ...of('rt-gateway') },
        { name: 'shared', prefix: '10.20.2.0/24', ...of('rt-hub') },
      ],
    },
    gateway: { ...plain.gateway, ...(customRoutes !== undefined && { customRoutes }) },
    spokes: [
      ...besides,
      {
        name: 'spoke-app',
        space: [spoke],
        far: { allowForwardedTraffic: false },
        subnets: [{ name: 'app', prefix: '10.21.1.0/24', ...of('rt-spoke') }],
        ...more.spoke,
      },
      { name: 'security', space: ['10.29.0.0/16'] },
    ],
    machines:
      effective === undefined
        ? []
        : [{ name: 'app', address: '10.21.1.4', in: ['spoke-app', 'app'], routes: effective }],
    extra: ({ place }) =>
      Object.entries(named).flatMap(([name, routes]) =>
        routes === undefined ? [] : [routeTableRead(place, { name, routes: routesOf(routes) })],
      ),
  };
}
const capture = (paths: Paths, traces: object = {}): Capture => windows(estateOf(paths), { traces: { ...traces } });
const says = (of: Capture) => told(of, code).map((one) => one.says);
const halves = (of: Capture) => findingsOf(of, code).map(({ resource }) => resource);

describe('on the way there', () => {
  const there = [{ prefix: spoke, by: inHub }];

  test('the spoke’s half drops what a firewall in the hub forwards', () => {
    const of = capture({ there });
    expect(told(of, code)).toEqual([
      {
        says: `error proven ${spoke}`,
        actual: 'false',
        commands: [
          expect.stringMatching(
            /^az network vnet peering update .*--vnet-name spoke-app -n to-vnet-hub --set allowForwardedTraffic=true$/,
          ),
          expect.stringContaining('$p.AllowForwardedTraffic = $true'),
        ],
      },
    ]);
    expect(findingsOf(of, code).map(cited)).toEqual([
      ["spoke-app's half to-vnet-hub: allowForwardedTraffic is false", `a user route sends ${spoke} to ${inHub}`],
    ]);
  });

  test('any of several firewalls that share the load', () => {
    expect(
      says(capture({ there: [{ prefix: spoke, by: `10.99.1.4, ${inHub}`, type: 'VirtualApplianceEcmp' }] })),
    ).toEqual([`error proven ${spoke}`]);
  });

  test.each<[string, Capture]>([
    ['the spoke answers all the same', capture({ there }, { '10.21.1.4': 'answers' })],
    ['one machine answers all the same', capture({ there }, { '10.21.1.4': 'answers', '10.21.1.5': 'silent' })],
    ['the half takes in what is forwarded', capture({ there, spoke: { far: { allowForwardedTraffic: true } } })],
    ['the firewall stands in the spoke itself', capture({ there: [{ prefix: spoke, by: '10.21.9.4' }] })],
    ['nobody knows where the firewall stands', capture({ there: [{ prefix: spoke, by: '10.99.1.4' }] })],
    ['the route names no hop', capture({ there: [{ prefix: spoke, by: undefined }] })],
    ['the route leads nowhere', capture({ there: [{ prefix: spoke, by: undefined, type: 'None' }] })],
    [
      'the route is one to the gateway, whatever hop is left in it',
      capture({ there: [{ prefix: spoke, by: inHub, type: 'VirtualNetworkGateway' }] }),
    ],
    ['the route is for a service', capture({ there: [{ prefix: 'Storage', by: inHub }] })],
    [
      'the route is wider than the peering’s own, which wins',
      capture({ there: [{ prefix: '10.0.0.0/8', by: inHub }] }),
    ],
    ['the route stands in another subnet of the hub', capture({ hub: there })],
    ['the table was not read', windows({ ...estateOf({ there }), extra: () => [] })],
  ])('nothing is dropped where %s', (_, of) => {
    expect(says(of)).toEqual([]);
  });

  describe('to a VNet that only the spoke is peered with', () => {
    const far = '10.30.0.0/16';
    const beyond = (routes: readonly Route[], customRoutes: readonly string[]) => {
      const of = estateOf({ there: routes, customRoutes });
      const document = vnet(ids.place, {
        name: 'far',
        space: [far],
        subnets: [{ name: 'app', prefix: '10.30.1.0/24' }],
        peerings: [peering({ from: ids.vnet('far'), to: ids.vnet('spoke-app'), remoteSpace: [spoke] })],
      });
      const out = peering({ from: ids.vnet('spoke-app'), to: ids.vnet('far'), remoteSpace: [far] });
      const [first, ...rest] = of.spokes ?? [];
      const spokes = first === undefined ? [] : [{ ...first, peerings: [out] }, ...rest];
      return windows({
        ...of,
        spokes,
        extra: (all) => [...(of.extra?.(all) ?? []), arm('virtualNetworks.get', ids.vnet('far'), document)],
      });
    };

    test.each([
      ['a route of its own', far],
      ['a wider route: there is no peering’s own that wins', '10.0.0.0/8'],
    ])('the far half drops what comes by %s', (_, prefix) => {
      const of = beyond([{ prefix, by: '10.21.9.4' }], [far]);
      expect(says(of)).toEqual([`error proven ${far}`]);
      expect(halves(of)).toEqual([half('far', 'spoke-app')]);
    });

    test('nothing is amiss where no client is to get there', () => {
      expect(says(beyond([{ prefix: far, by: '10.21.9.4' }], []))).toEqual([]);
    });
  });
});

describe('on the way back', () => {
  const back = [{ prefix: pool, by: inSecurity }];
  const effective = (...user: readonly Wire[]) =>
    effectiveRoutes({ local: [spoke], peered: ['10.20.0.0/16'], gateway: [pool], gatewayAddress: '20.50.7.1', user });
  const by = (hop: string, prefix: string, more: Wire = {}) =>
    effectiveRoute(prefix, 'VirtualAppliance', { nextHopIpAddress: [hop], ...more });

  test.each<[string, Paths]>([
    ['by the spoke’s route table', { back }],
    ['by what wins on its machine', { effective: effective(by(inSecurity, pool)) }],
    ['by both, as one', { back, effective: effective(by(inSecurity, pool)) }],
    ['by a narrower route', { back: [{ prefix: '172.16.50.0/25', by: inSecurity }] }],
    [
      'by the narrowest of several on its machine',
      { effective: effective(by('10.21.9.4', '172.16.0.0/12'), by(inSecurity, pool), by('10.21.9.4', '172.0.0.0/8')) },
    ],
    [
      'by one of several hops on its machine',
      { effective: effective(effectiveRoute(pool, 'VirtualAppliance', { nextHopIpAddress: ['', inSecurity] })) },
    ],
  ])('the hub’s half drops what a firewall next door forwards, %s', (_, paths) => {
    const of = capture(paths);
    expect(says(of)).toEqual([`error proven ${spoke}`]);
    expect(halves(of)).toEqual([half('vnet-hub', 'security')]);
  });

  test.each<[string, Paths]>([
    ['a route wider than the gateway’s', { back: [{ prefix: '172.16.0.0/12', by: inSecurity }] }],
    ['a route for something else', { back: [{ prefix: '10.40.0.0/16', by: inSecurity }] }],
    ['a route for something else on its machine', { effective: effective(by(inSecurity, '10.40.0.0/26')) }],
    ['a wider route on its machine: the gateway’s wins', { effective: effective(by(inSecurity, '172.16.0.0/12')) }],
    ['a route that is not in effect', { effective: effective(by(inSecurity, pool, { state: 'Invalid' })) }],
    ['a route to the gateway', { effective: effective() }],
    ['a firewall in the hub', { back: [{ prefix: pool, by: inHub }] }],
  ])('nothing is dropped by %s', (_, paths) => {
    expect(says(capture(paths))).toEqual([]);
  });

  test('only the range of a VNet whose subnet has the route is told, and its machines', () => {
    const two = {
      space: [spoke, '10.22.0.0/16'],
      subnets: [
        { name: 'app', prefix: '10.21.1.0/24', routeTable: table('rt-spoke') },
        { name: 'db', prefix: '10.22.1.0/24' },
      ],
    };
    expect(says(capture({ back, spoke: two }))).toEqual([`error proven ${spoke}`]);
    const plainTable = { ...two, subnets: two.subnets.map(({ name, prefix }) => ({ name, prefix })) };
    expect(says(capture({ effective: effective(by(inSecurity, pool)), spoke: plainTable }))).toEqual([
      `error proven ${spoke}`,
    ]);
  });

  test('of two VNets with one range the one that clients get is told', () => {
    const copy = { name: 'copy', space: [spoke], near: null, far: null, subnets: [] };
    expect(halves(capture({ back, besides: [copy] }))).toEqual([half('vnet-hub', 'security')]);
  });

  test('all that one half drops is told at once', () => {
    expect(says(capture({ back, hub: back }))).toEqual([`error proven ${all[0]} ${spoke}`]);
  });

  test('a GatewaySubnet of the spoke’s own says nothing of its machines', () => {
    const subnets = [
      { name: 'GatewaySubnet', prefix: '10.21.0.0/27', routeTable: table('rt-spoke') },
      { name: 'app', prefix: '10.21.1.0/24' },
    ];
    expect(says(capture({ back, spoke: { subnets } }))).toEqual([]);
  });
});
