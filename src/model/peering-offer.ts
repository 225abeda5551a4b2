import type { Evidence } from '../facts/origin.ts';
import { ancestorOf, keyOf, nameOf, type ResourceId, sameResource } from '../facts/resource-id.ts';
import type { Peering, Subnet, Topology, VNet } from '../facts/topology.ts';
import { peeringBetween, peeringsFrom } from '../facts/topology-index.ts';
import type { ExpectedRoute, Obstacle } from './expected-route.ts';

type Offered = ExpectedRoute['offered'];

/** Those that stand in one half of a peering, or in what nobody read of it. */
type PeeringObstacle = Exclude<
  Obstacle,
  { readonly kind: 'out-of-sync' | 'ipv6-unsupported' | 'not-propagated' | 'default-route-off' }
>;

/** Both halves of a peering with the gateway's VNet. `far` is undefined where it wasn't read, or does not exist. */
export interface PeeredVNet {
  readonly near: Peering;
  readonly far: Peering | undefined;
  readonly vnet: VNet | undefined;
  /** The far VNet's list of peerings was read: a missing far half then does not exist. */
  readonly farListed: boolean;
}

export function peeredVNets(topology: Topology, home: ResourceId): readonly PeeredVNet[] {
  return peeringsFrom(topology, home).map((near) => ({
    near,
    far: peeringBetween(topology, near.to, home),
    vnet: topology.vnets.get(keyOf(near.to)),
    farListed: topology.peeringsReadOf.has(keyOf(near.to)),
  }));
}

/** A half that lives in another VNet and leads to the gateway's VNet, which has none of its own towards it. */
export interface OneSidedPeering {
  readonly far: Peering;
  readonly offered: Offered;
}

/** Halves without a counterpart. Where the gateway's VNet did not tell its peerings, that is no more than unread. */
export function oneSidedPeerings(topology: Topology, home: ResourceId): readonly OneSidedPeering[] {
  const near = new Set(peeringsFrom(topology, home).map(({ to }) => keyOf(to)));
  const listed = topology.peeringsReadOf.has(keyOf(home));
  return topology.peerings
    .filter(({ from, to }) => sameResource(to, home) && !near.has(keyOf(from)))
    .map((far) => {
      const kind = far.state === 'Disconnected' ? 'not-connected' : 'half-missing';
      const obstacles: readonly PeeringObstacle[] = listed ? [{ kind, peering: far }] : [unread(home)];
      return {
        far,
        offered: { state: offeredState(obstacles), evidence: obstacles.flatMap(obstacleEvidence), obstacles },
      };
    });
}

/**
 * Whether the peering lets the gateway's clients reach the far VNet: connected on both sides, transit allowed here,
 * remote gateways used there.
 * https://learn.microsoft.com/azure/vpn-gateway/vpn-gateway-peering-gateway-transit
 */
export function offerOf(peered: PeeredVNet, topology: Topology): Offered {
  const obstacles = [...nearObstacles(peered.near), ...farObstacles(peered, topology)];
  return { state: offeredState(obstacles), evidence: offerEvidence(peered, obstacles), obstacles };
}

/** The subnets of the far VNet that a subnet peering leaves out. Where neither half names any, none is known to be left out. */
export function unpeeredSubnets({
  near,
  far,
  vnet,
}: {
  readonly near?: Peering | undefined;
  readonly far?: Peering | undefined;
  readonly vnet: VNet | undefined;
}): readonly Subnet[] {
  const named = near?.peerCompleteVnets === false ? near.remoteSubnetNames : far?.localSubnetNames;
  const peered = new Set(named?.map((name) => name.toLowerCase()));
  if (vnet === undefined || peered.size === 0) return [];
  return vnet.subnets.filter(({ name }) => !peered.has(name.toLowerCase()) && name.toLowerCase() !== 'gatewaysubnet');
}

/** A fact that says no outweighs one that was not read; subnet peering alone lets a part through. */
function offeredState(obstacles: readonly PeeringObstacle[]): 'held' | 'partial' | 'lost' | 'unknown' {
  if (obstacles.some(({ kind }) => kind !== 'unread' && kind !== 'subnet-peering')) return 'lost';
  if (obstacles.some(({ kind }) => kind === 'unread')) return 'unknown';
  return obstacles.length > 0 ? 'partial' : 'held';
}

function nearObstacles(near: Peering): readonly PeeringObstacle[] {
  return [
    ...stateObstacles(near),
    ...(near.allowGatewayTransit === false ? [{ kind: 'hub-transit-off', peering: near } as const] : []),
    ...(near.allowGatewayTransit === undefined ? [unread(near.id)] : []),
    ...(near.peerCompleteVnets === false
      ? [{ kind: 'subnet-peering', peering: near, subnets: near.remoteSubnetNames } as const]
      : []),
  ];
}

function farObstacles({ near, far, farListed }: PeeredVNet, topology: Topology): readonly PeeringObstacle[] {
  if (far === undefined) {
    if (farListed) return [{ kind: 'half-missing', peering: near }];
    const refusal = topology.unread.find(({ resource }) =>
      sameResource(ancestorOf(resource ?? '', 'virtualNetworks'), near.to),
    );
    return [{ kind: 'unread', resource: near.to, unread: refusal }];
  }
  return [
    ...stateObstacles(far),
    ...useObstacles(far, topology),
    ...(far.peerCompleteVnets === false && near.peerCompleteVnets !== false
      ? [{ kind: 'subnet-peering', peering: far, subnets: far.localSubnetNames } as const]
      : []),
  ];
}

/** A VNet with a gateway of its own can't use another's, whether or not its half tells so. */
function useObstacles(far: Peering, topology: Topology): readonly PeeringObstacle[] {
  if (far.useRemoteGateways === true) return [];
  const own = ownGatewayOf(far.from, topology);
  if (own !== undefined) return [{ kind: 'own-gateway', peering: far, gateway: own }];
  return far.useRemoteGateways === false ? [{ kind: 'remote-gateways-off', peering: far }] : [unread(far.id)];
}

function stateObstacles(half: Peering): readonly PeeringObstacle[] {
  return [
    ...(half.state === undefined ? [unread(half.id)] : []),
    ...(half.state !== undefined && half.state !== 'Connected'
      ? [{ kind: 'not-connected', peering: half } as const]
      : []),
    ...(half.allowVirtualNetworkAccess === false ? [{ kind: 'access-off', peering: half } as const] : []),
  ];
}

function unread(resource: ResourceId): PeeringObstacle {
  return { kind: 'unread', resource, unread: undefined };
}

/** A gateway that stands in the VNet itself: it can't use another's. */
export function ownGatewayOf(vnet: ResourceId, topology: Topology): ResourceId | undefined {
  const known = [...topology.gateways.values()].find(({ homeVNet }) => sameResource(homeVNet, vnet));
  if (known !== undefined) return known.id;
  const gatewaySubnet = topology.vnets
    .get(keyOf(vnet))
    ?.subnets.find(({ name }) => name.toLowerCase() === 'gatewaysubnet');
  return gatewaySubnet?.ipConfigurations
    .map((id) => ancestorOf(id, 'virtualNetworkGateways'))
    .find((id) => id !== undefined);
}

/** What speaks against it; else what both halves say, as far as they do. */
function offerEvidence({ near, far }: PeeredVNet, obstacles: readonly PeeringObstacle[]): readonly Evidence[] {
  const told = obstacles.flatMap(obstacleEvidence);
  if (told.length > 0) return told;
  return [
    halfSays(near, `allowGatewayTransit ${near.allowGatewayTransit ?? 'not told'}`),
    ...(far === undefined ? [] : [halfSays(far, `useRemoteGateways ${far.useRemoteGateways ?? 'not told'}`)]),
  ];
}

const halfSays = (half: Peering, flagText: string): Evidence =>
  flag(half, `peeringState ${half.state ?? 'not told'}, ${flagText}`);

/** An obstacle as a sentence with the place it was read at. */
function obstacleEvidence(obstacle: PeeringObstacle): readonly Evidence[] {
  if (obstacle.kind !== 'unread') return [flag(obstacle.peering, obstacleText(obstacle))];
  const { resource, unread: refusal } = obstacle;
  if (refusal === undefined) return [];
  return [{ says: `${nameOf(resource)} could not be read: ${refusal.why.code}`, origin: refusal.origin }];
}

function obstacleText(obstacle: Exclude<PeeringObstacle, { readonly kind: 'unread' }>): string {
  const { from, to, state } = obstacle.peering;
  switch (obstacle.kind) {
    case 'hub-transit-off':
      return 'allowGatewayTransit is false';
    case 'remote-gateways-off':
      return 'useRemoteGateways is false';
    case 'access-off':
      return 'allowVirtualNetworkAccess is false';
    case 'not-connected':
      return `peeringState is ${state}`;
    case 'half-missing':
      return `${nameOf(to)} has no peering back`;
    case 'own-gateway':
      return `${nameOf(from)} has a gateway of its own, ${nameOf(obstacle.gateway)}`;
    case 'subnet-peering':
      return `only subnets ${obstacle.subnets.length === 0 ? 'of a list' : obstacle.subnets.join(', ')} are peered`;
  }
}

const flag = (peering: Peering, says: string): Evidence => ({
  says: `${nameOf(peering.from)}'s half ${peering.name}: ${says}`,
  origin: peering.origin,
});
