import { effectiveRoute, effectiveSecurityGroup, nicId } from '../../scripts/scenarios/azure-machine.ts';
import { type EstateIds, type EstateSpec, routeTableRead, type SpokeSpec } from '../../scripts/scenarios/estate.ts';
import type { LinuxSpec } from '../../scripts/scenarios/linux-client.ts';
import type { Hops, WindowsSpec } from '../../scripts/scenarios/windows-client.ts';
import { arm } from '../../scripts/scenarios/wire.ts';
import { type Drawn, type DrawnSpoke, hostIn, type Kind } from './draw-estate.ts';

/** One thing that is broken: what it is in Azure or on the client, and what it makes of the rest. Named by its cause. */
export interface PlantedFault {
  /** The clients that it can happen to; all of them unless said. */
  readonly clients?: readonly Kind[];
  /** Estates that it can happen in; all of them unless said. */
  readonly fits?: (drawn: Drawn, spoke: DrawnSpoke) => boolean;
  /** Prefixes of the spoke that Azure gives no client because of it. */
  readonly withheld?: (spoke: DrawnSpoke) => readonly string[];
  /** Prefixes that lead into the tunnel, and Azure knows nothing of. */
  readonly added?: readonly string[];
  /** Prefixes that Azure gives, and this client has not. */
  readonly lacking?: (drawn: Drawn, spoke: DrawnSpoke) => readonly string[];
  readonly spoke?: (spoke: DrawnSpoke, ids: EstateIds) => Partial<SpokeSpec>;
  readonly gateway?: Partial<EstateSpec['gateway']>;
  readonly hub?: (ids: EstateIds, drawn: Drawn) => Partial<EstateSpec['hub']>;
  readonly machine?: (drawn: Drawn) => Partial<NonNullable<EstateSpec['machines']>[number]>;
  readonly documents?: (
    ids: EstateIds,
    spoke: DrawnSpoke,
    drawn: Drawn,
  ) => ReturnType<NonNullable<EstateSpec['extra']>>;
  readonly windows?: (drawn: Drawn, spoke: DrawnSpoke) => Partial<WindowsSpec>;
  readonly linux?: (drawn: Drawn, spoke: DrawnSpoke, routes: readonly string[]) => Partial<LinuxSpec>;
  /** What the targets answer because of it; one that is not named answers. */
  readonly hops?: { readonly spoke?: Hops; readonly spokes?: Hops; readonly hub?: Hops; readonly custom?: Hops };
}

const whole = ({ space }: DrawnSpoke) => space;
const lost = { spoke: 'lost-outside' } as const;
const nothingArrives = { hub: 'lost-outside', spokes: 'lost-outside', custom: 'lost-outside' } as const;
const linuxRoute = { type: 'unicast', table: 'main', protocol: 'static', scope: 'global', flags: [] };
const lan = { router: '192.168.29.1', address: '192.168.29.37' };
const machineOf = ({ space: [first = ''] }: DrawnSpoke) => hostIn(first, 1);
/** 10.7.1.4 → 10.7.1.0/24, or with another last number one of its neighbours. */
const around = (address: string) => address.replace(/\d+$/, '0/24');
const beside = (address: string, last: number) => address.replace(/\d+$/, String(last));
const gatewayTable = (ids: EstateIds) => ids.id('routeTables', 'rt-gateway');

/** A route table on the GatewaySubnet. */
const onGatewaySubnet = (properties: Parameters<typeof routeTableRead>[1]['properties'], more: object = {}) => ({
  hub: (ids: EstateIds, { hub: [range = ''] }: Drawn) => ({
    subnets: [
      { name: 'GatewaySubnet', prefix: range.replace(/\.0\.0\/\d+$/, '.1.0/27'), routeTable: gatewayTable(ids) },
      { name: 'shared', prefix: range.replace(/\.0\.0\/\d+$/, '.2.0/24') },
    ],
  }),
  documents: (ids: EstateIds) => [
    routeTableRead(ids.place, {
      name: 'rt-gateway',
      subnets: [`${ids.hub}/subnets/GatewaySubnet`],
      ...(properties !== undefined && { properties }),
      ...more,
    }),
  ],
});

const inAzure = {
  'spoke-remote-gateway-off': { withheld: whole, spoke: () => ({ far: { useRemoteGateways: false } }), hops: lost },
  'hub-transit-off': { withheld: whole, spoke: () => ({ near: { allowGatewayTransit: false } }), hops: lost },
  'peering-disconnected': {
    withheld: whole,
    spoke: () => ({ near: { peeringState: 'Disconnected' }, far: null }),
    hops: lost,
  },
  'peering-half-missing': {
    withheld: whole,
    spoke: () => ({ near: { peeringState: 'Initiated' }, far: null }),
    hops: lost,
  },
  'peering-access-off': {
    spoke: () => ({ far: { allowVirtualNetworkAccess: false } }),
    hops: { spoke: 'silent' },
  },
  'peering-out-of-sync': {
    fits: (_, { space }) => space.length > 1,
    withheld: ({ space }) => space.slice(1),
    spoke: ({ space }) => ({
      near: { peeringSyncLevel: 'RemoteNotInSync', remoteAddressSpace: { addressPrefixes: space.slice(0, 1) } },
      far: { peeringSyncLevel: 'LocalNotInSync' },
    }),
  },
  'spoke-has-own-gateway': {
    withheld: whole,
    spoke: ({ space: [first = ''] }, ids) => ({
      far: { useRemoteGateways: false },
      subnets: [
        { name: 'app', prefix: around(hostIn(first, 1)).replace('/24', '/26') },
        {
          name: 'GatewaySubnet',
          prefix: `${beside(hostIn(first, 1), 128)}/27`,
          properties: {
            ipConfigurations: [{ id: `${ids.id('virtualNetworkGateways', 'their-own')}/ipConfigurations/default` }],
          },
        },
      ],
    }),
    hops: lost,
  },
  'return-propagation-disabled': { machine: () => ({ disabled: true }), hops: { spoke: 'silent' } },
  'return-route-overridden': {
    machine: ({ pool }) => ({ user: [effectiveRoute(pool, 'None', { source: 'User', name: 'drop' })] }),
    hops: { spoke: 'silent' },
  },
  'nsg-denies-pool': {
    documents: (ids, spoke, { pool }) => {
      const nic = nicId({ ...ids.place, group: 'rg-workloads' }, `vm-${spoke.name}`);
      const group = ids.id('networkSecurityGroups', 'nsg-app');
      const rules = [{ name: 'no-vpn', priority: 200, access: 'Deny', source: pool } as const];
      const expanded = { VirtualNetwork: [...spoke.space, pool] };
      const value = [effectiveSecurityGroup({ group, nic, rules, expanded })];
      return [arm('networkInterfaces.listEffectiveNetworkSecurityGroups', nic, { value })];
    },
    hops: { spoke: 'silent' },
  },
  'peering-route-disabled': { ...onGatewaySubnet({ disablePeeringRoute: 'All' }), hops: { spokes: 'silent' } },
  'gateway-subnet-route-table': {
    ...onGatewaySubnet(undefined, { disableBgpRoutePropagation: true }),
    hops: { hub: 'silent', spokes: 'silent', custom: 'silent' },
  },
  'gateway-not-ready': { gateway: { properties: { provisioningState: 'Failed' } } },
} satisfies Readonly<Record<string, PlantedFault>>;

const onTheClient = {
  'client-profile-stale': { clients: ['windows'], lacking: (_, { space }) => space, hops: lost },
  'client-routes-not-installed': {
    clients: ['windows'],
    windows: ({ hub, spokes, custom, pool }) => ({
      routes: [],
      installed: [...hub, ...spokes.flatMap(whole), ...custom, pool],
    }),
    hops: nothingArrives,
  },
  'custom-route-not-installed': {
    clients: ['windows'],
    fits: ({ custom }) => custom.length > 0,
    lacking: ({ custom }) => custom,
    hops: { custom: 'lost-outside' },
  },
  'session-older-than-change': { clients: ['openvpn'], lacking: (_, { space }) => space, hops: lost },
  'ike-selector-missing': {
    clients: ['strongswan'],
    linux: (_, { space }, routes) => ({ remoteSelectors: routes.filter((one) => !space.includes(one)) }),
    hops: { spoke: 'silent' },
  },
  'local-network-overlap': {
    // Whoever dials by strongSwan asks table 220 before the LAN's.
    clients: ['windows', 'openvpn'],
    windows: (_, spoke) => {
      const mine = beside(machineOf(spoke), 77);
      return {
        extra: [
          { prefix: around(mine), interface: mine, metric: 281 },
          { prefix: `${mine}/32`, interface: mine, metric: 281 },
        ],
      };
    },
    linux: (_, spoke) => ({
      extraRoutes: [bridge(around(machineOf(spoke)), beside(machineOf(spoke), 77))],
      extraInterfaces: [bridgeInterface(beside(machineOf(spoke), 77))],
    }),
    hops: { spoke: 'silent' },
  },
  'manual-route-misdirected': {
    clients: ['windows'],
    windows: (_, spoke) => {
      const prefix = around(machineOf(spoke));
      const [address = ''] = prefix.split('/');
      const row = `${address.padStart(17)}${'255.255.255.0'.padStart(17)}${lan.router.padStart(17)}${'1'.padStart(8)}`;
      return { extra: [{ prefix, gateway: lan.router, interface: lan.address, metric: 26 }], persistent: [row] };
    },
    hops: lost,
  },
  'another-vpn-owns-route': {
    clients: ['windows'],
    windows: (_, spoke) => ({
      extra: [
        { prefix: around(machineOf(spoke)), interface: '10.212.134.200', metric: 6 },
        { prefix: '10.212.134.200/32', interface: '10.212.134.200', metric: 261 },
      ],
    }),
    hops: { spoke: 'silent' },
  },
  'policy-rule-bypass': {
    clients: ['openvpn', 'strongswan'],
    linux: (_, { space }) => ({
      extraRules: space.map((prefix) => {
        const [dst = '', length] = prefix.split('/');
        return { priority: 90, src: 'all', dst, dstlen: Number(length), table: '90' };
      }),
      extraRoutes: [{ ...linuxRoute, dst: 'default', gateway: '192.168.88.1', dev: 'wlp2s0', table: '90' }],
    }),
    hops: lost,
  },
  'local-route-discards': {
    clients: ['openvpn'],
    linux: (_, spoke) => ({
      extraRoutes: [{ ...linuxRoute, type: 'blackhole', dst: around(machineOf(spoke)) }],
    }),
    hops: { spoke: 'silent' },
  },
  'stray-route': { added: ['10.222.0.0/16'] },
} satisfies Readonly<Record<string, PlantedFault>>;

function bridge(dst: string, prefsrc: string) {
  return { ...linuxRoute, dst, prefsrc, dev: 'br-7', protocol: 'kernel', scope: 'link' };
}

function bridgeInterface(local: string) {
  const addr = { family: 'inet', local, prefixlen: 24, scope: 'global', label: 'br-7' };
  return {
    ...{ ifindex: 9, ifname: 'br-7', flags: ['BROADCAST', 'MULTICAST', 'UP'], mtu: 1500, operstate: 'UP' },
    ...{ link_type: 'ether', address: '02:42:8a:11:09:be', linkinfo: { info_kind: 'bridge' }, addr_info: [addr] },
  };
}

export const plantedFaults = { ...inAzure, ...onTheClient };

/** A fault, by the code of its cause. */
export type FaultName = keyof typeof plantedFaults;

/** The faults that can be planted in what was drawn. */
export function fittingFaults(drawn: Drawn): readonly FaultName[] {
  const spoke = drawn.spokes[drawn.victim];
  const all = Object.entries<PlantedFault>(plantedFaults) as readonly (readonly [FaultName, PlantedFault])[];
  return all
    .filter(
      ([, { clients = [drawn.kind], fits = () => true }]) =>
        clients.includes(drawn.kind) && spoke && fits(drawn, spoke),
    )
    .map(([name]) => name);
}
