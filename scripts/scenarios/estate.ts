import { effectiveRoutes, nic, nicId, routeTable } from './azure-machine.ts';
import {
  type GatewaySpec,
  gateway,
  peering,
  publicIp,
  type SubnetSpec,
  serverOf,
  vnet,
  vnetId,
} from './azure-network.ts';
import { vpnSettings } from './profiles.ts';
import { arm, type BundleArtifact, guid, networkId, type Place, type Wire } from './wire.ts';

export interface SpokeSpec {
  readonly name: string;
  readonly space: readonly string[];
  readonly subnets?: readonly SubnetSpec[];
  /** Overrides of the half in the hub; null: it does not exist. */
  readonly near?: Wire | null;
  /** Overrides of the half in the spoke; null: it does not exist. */
  readonly far?: Wire | null;
  readonly properties?: Wire;
  readonly place?: Place;
  /** Not captured: nobody read it. */
  readonly unread?: boolean;
  /** Further halves that live in the spoke. */
  readonly peerings?: readonly Wire[];
}

interface MachineSpec {
  readonly name: string;
  readonly address: string;
  /** The VNet's name, and the subnet's in it. */
  readonly in: readonly [vnet: string, subnet: string];
  readonly user?: readonly Wire[];
  /** Propagation is off on its subnet. */
  readonly disabled?: boolean;
  /** The whole of its effective routes, where the usual ones won't do; null: not captured. */
  readonly routes?: readonly Wire[] | null;
  readonly properties?: Wire;
}

export interface EstateSpec {
  readonly subscription?: string;
  readonly group?: string;
  readonly hub: {
    readonly name: string;
    readonly space: readonly string[];
    readonly subnets?: readonly SubnetSpec[];
    readonly properties?: Wire;
  };
  readonly spokes?: readonly SpokeSpec[];
  readonly gateway: Omit<GatewaySpec, 'home'>;
  readonly machines?: readonly MachineSpec[];
  /** What the gateway propagates to the NICs; the pool unless said. */
  readonly propagated?: readonly string[];
  /** Routes of a profile generated now; null: none was asked for. */
  readonly issued?: readonly string[] | null;
  readonly extra?: (ids: EstateIds) => readonly BundleArtifact[];
}

/** The names of what an estate is made of. */
export interface EstateIds {
  readonly place: Place;
  readonly gateway: string;
  readonly server: string;
  readonly hub: string;
  readonly vnet: (name: string) => string;
  readonly subnet: (vnet: string, subnet: string) => string;
  readonly id: (type: string, name: string, ...children: readonly string[]) => string;
}

/** The names of the estate that a spec makes. */
export function idsOf(
  spec: Pick<EstateSpec, 'subscription' | 'group' | 'hub' | 'gateway'> & { readonly spokes?: readonly SpokeSpec[] },
): EstateIds {
  const place = {
    subscription: spec.subscription ?? guid('subscription', spec.hub.name),
    group: spec.group ?? 'rg-connectivity',
  };
  const vnetCalled = (name: string) =>
    vnetId(place, (spec.spokes ?? []).find((spoke) => spoke.name === name) ?? { name });
  return {
    place,
    gateway: networkId(place, 'virtualNetworkGateways', spec.gateway.name),
    server: serverOf(spec.gateway.name),
    hub: vnetId(place, { name: spec.hub.name }),
    vnet: vnetCalled,
    subnet: (home, subnet) => `${vnetCalled(home)}/subnets/${subnet}`,
    id: (type, name, ...children) => networkId(place, type, name, ...children),
  };
}

/** A gateway in a hub, spokes peered with it, machines in them: all that a capture reads of it, consistent with itself. */
export function estate(spec: EstateSpec): readonly BundleArtifact[] {
  const ids = idsOf(spec);
  const spokes = spec.spokes ?? [];
  const { issued = issuedOf(spec) } = spec;
  return [
    arm(
      'virtualNetworkGateways.get',
      ids.gateway,
      gateway(ids.place, { bgpPeeringAddress: bgpAddress(spec), ...spec.gateway, home: ids.hub }),
    ),
    arm(
      'publicIPAddresses.get',
      ids.id('publicIPAddresses', `${spec.gateway.name}-pip`),
      publicIp(ids.place, `${spec.gateway.name}-pip`, spec.gateway.publicAddress),
    ),
    arm('virtualNetworks.get', ids.hub, hubDocument(spec, ids)),
    ...spokes
      .filter(({ unread }) => unread !== true)
      .map((spoke) => arm('virtualNetworks.get', ids.vnet(spoke.name), spokeDocument(spoke, spec, ids))),
    ...(spec.machines ?? []).flatMap((machine) => machineDocuments(machine, spec, ids)),
    ...(issued === null
      ? []
      : [
          vpnSettings({
            server: ids.server,
            routes: issued,
            pool: spec.gateway.pool,
            gateway: ids.gateway,
            ...(spec.gateway.protocols !== undefined && { protocols: spec.gateway.protocols }),
          }),
        ]),
    ...(spec.extra?.(ids) ?? []),
  ];
}

/** What a client of it should have: hub, spokes that share the gateway, custom routes, pool. */
export function issuedOf({
  hub,
  spokes = [],
  gateway: { customRoutes = [], pool },
}: Pick<EstateSpec, 'hub' | 'spokes' | 'gateway'>): readonly string[] {
  return [...hub.space, ...spokes.filter(isShared).flatMap(snapshotOf), ...customRoutes, ...pool];
}

const isShared = ({ near, far }: SpokeSpec): boolean =>
  near !== null &&
  far !== null &&
  near?.['allowGatewayTransit'] !== false &&
  far?.['useRemoteGateways'] !== false &&
  (near?.['peeringState'] ?? 'Connected') === 'Connected' &&
  (far?.['peeringState'] ?? 'Connected') === 'Connected';

function snapshotOf({ near, space }: SpokeSpec): readonly string[] {
  const snapshot = near?.['remoteAddressSpace'] as { readonly addressPrefixes: readonly string[] } | undefined;
  return snapshot?.addressPrefixes ?? space;
}

/** The usual GatewaySubnet of a hub: the last /27 of its first range's first /24 but one, `10.0.1.0/27` in 10.0.0.0/16. */
function gatewaySubnet({ space }: EstateSpec['hub']): SubnetSpec {
  const [a, b] = (space[0] ?? '10.0.0.0/16').split('.');
  return { name: 'GatewaySubnet', prefix: `${a}.${b}.1.0/27` };
}

function bgpAddress({ hub }: EstateSpec): string {
  return gatewaySubnet(hub).prefix.replace(/0\/27$/, '30');
}

function hubDocument(spec: EstateSpec, ids: EstateIds): Wire {
  const { hub, spokes = [] } = spec;
  const subnets = hub.subnets ?? [
    { name: 'shared', prefix: gatewaySubnet(hub).prefix.replace(/\.1\.0\/27$/, '.2.0/24') },
  ];
  const own = gatewaySubnet(hub);
  const used = { ipConfigurations: [{ id: `${ids.gateway}/ipConfigurations/default` }] };
  const withGateway = subnets.some(({ name }) => name === 'GatewaySubnet')
    ? subnets
    : [{ ...own, properties: used }, ...subnets];
  const halves = spokes
    .filter(({ near }) => near !== null)
    .map((spoke) =>
      peering({
        from: ids.hub,
        to: ids.vnet(spoke.name),
        remoteSpace: spoke.space,
        properties: { allowGatewayTransit: true, ...spoke.near },
      }),
    );
  return vnet(ids.place, {
    name: hub.name,
    space: hub.space,
    subnets: withGateway,
    peerings: halves,
    ...(hub.properties !== undefined && { properties: hub.properties }),
  });
}

function spokeDocument(spoke: SpokeSpec, { hub }: EstateSpec, ids: EstateIds): Wire {
  const from = ids.vnet(spoke.name);
  const far =
    spoke.far === null
      ? []
      : [
          peering({
            from,
            to: ids.hub,
            remoteSpace: hub.space,
            properties: { useRemoteGateways: true, allowForwardedTraffic: true, ...spoke.far },
          }),
        ];
  return vnet(ids.place, { ...spoke, subnets: subnetsOf(spoke), peerings: [...far, ...(spoke.peerings ?? [])] });
}

function subnetsOf({ subnets, space }: SpokeSpec): readonly SubnetSpec[] {
  if (subnets !== undefined) return subnets;
  return space.map((prefix, index) => {
    const [address = '', length = '16'] = prefix.split('/');
    const [a, b, c, d] = address.split('.').map(Number);
    return {
      name: index === 0 ? 'app' : `app${index + 1}`,
      prefix: Number(length) <= 16 ? `${a}.${b}.1.0/24` : `${a}.${b}.${c}.${d}/${Math.max(Number(length), 26)}`,
    };
  });
}

function machineDocuments(machine: MachineSpec, spec: EstateSpec, ids: EstateIds): readonly BundleArtifact[] {
  const [home, subnet] = machine.in;
  const place = { ...ids.place, group: 'rg-workloads' };
  const { name, address, properties } = machine;
  const document = nic(place, {
    name,
    address,
    subnet: ids.subnet(home, subnet),
    ...(properties !== undefined && { properties }),
  });
  const rows = machine.routes === undefined ? usualRoutes(machine, spec) : machine.routes;
  const id = nicId(place, name);
  return [
    arm('networkInterfaces.get', id, document),
    ...(rows === null ? [] : [arm('networkInterfaces.getEffectiveRouteTable', id, { value: rows })]),
  ];
}

/** In the hub: its peered VNets. In a spoke: the hub, and the pool where it uses the gateway. */
function usualRoutes(
  { in: [home], user, disabled }: MachineSpec,
  { hub, spokes = [], gateway: { pool, publicAddress, groups = [] }, propagated }: EstateSpec,
): readonly Wire[] {
  const spoke = spokes.find(({ name }) => name === home);
  const shared = spoke === undefined || isShared(spoke);
  const connected = (one: SpokeSpec) => one.near !== null && one.far !== null;
  const peered = spoke === undefined ? spokes.filter(connected).flatMap(({ space }) => space) : hub.space;
  return effectiveRoutes({
    local: spoke?.space ?? hub.space,
    peered: spoke !== undefined && !connected(spoke) ? [] : peered,
    gateway: shared ? (propagated ?? [...pool, ...groups.flatMap((group) => group.pool)]) : [],
    gatewayAddress: publicAddress,
    ...(user !== undefined && { user }),
    ...(disabled !== undefined && { disabled }),
  });
}

/** A route table's document, as an artifact. */
export function routeTableRead(place: Place, spec: Parameters<typeof routeTable>[1]): BundleArtifact {
  return arm('routeTables.get', networkId(place, 'routeTables', spec.name), routeTable(place, spec));
}
