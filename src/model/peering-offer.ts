import type { Evidence } from '../facts/origin.ts';
import { ancestorOf, keyOf, nameOf, type ResourceId, sameResource } from '../facts/resource-id.ts';
import type { Peering, Subnet, Topology, VNet } from '../facts/topology.ts';
import { peeringBetween, peeringsFrom } from '../facts/topology-index.ts';
import type { ExpectedRoute, Obstacle } from './expected-route.ts';

type Offered = ExpectedRoute['offered'];

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
      const obstacles: readonly Obstacle[] = listed ? [{ kind, peering: far }] : [unread(home)];
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
  const named = near?.peerCompleteVnets === false ? near.remoteSubnetNames : (far?.localSubnetNames ?? []);
  if (named.length === 0) return [];
  const peered = new Set(named.map((name) => name.toLowerCase()));
  return (vnet?.subnets ?? []).filter(
    ({ name }) => !peered.has(name.toLowerCase()) && name.toLowerCase() !== 'gatewaysubnet',
  );
}

/** A fact that says no outweighs one that was not read; subnet peering alone lets a part through. */
function offeredState(obstacles: readonly Obstacle[]): 'held' | 'partial' | 'lost' | 'unknown' {
  if (obstacles.some(({ kind }) => kind !== 'unread' && kind !== 'subnet-peering')) return 'lost';
  if (obstacles.some(({ kind }) => kind === 'unread')) return 'unknown';
  return obstacles.length > 0 ? 'partial' : 'held';
}

function nearObstacles(near: Peering): readonly Obstacle[] {
  return [
    ...stateObstacles(near),
    ...(near.allowGatewayTransit === false ? [{ kind: 'hub-transit-off', peering: near } as const] : []),
    ...(near.allowGatewayTransit === undefined ? [unread(near.id)] : []),
    ...(near.peerCompleteVnets === false ? [{ kind: 'subnet-peering', peering: near } as const] : []),
  ];
}

function farObstacles({ near, far, farListed }: PeeredVNet, topology: Topology): readonly Obstacle[] {
  if (far === undefined) {
    if (farListed) return [{ kind: 'half-missing', peering: near }];
    const refusal = topology.unread.find(
      ({ resource }) => resource !== undefined && sameResource(ancestorOf(resource, 'virtualNetworks'), near.to),
    );
    return [{ kind: 'unread', resource: near.to, unread: refusal }];
  }
  const own = far.useRemoteGateways === false ? ownGatewayOf(near.to, topology) : undefined;
  return [
    ...stateObstacles(far),
    ...(own !== undefined ? [{ kind: 'own-gateway', peering: far, gateway: own } as const] : []),
    ...(far.useRemoteGateways === false && own === undefined
      ? [{ kind: 'remote-gateways-off', peering: far } as const]
      : []),
    ...(far.useRemoteGateways === undefined ? [unread(far.id)] : []),
    ...(far.peerCompleteVnets === false && near.peerCompleteVnets !== false
      ? [{ kind: 'subnet-peering', peering: far } as const]
      : []),
  ];
}

function stateObstacles(half: Peering): readonly Obstacle[] {
  return [
    ...(half.state === undefined ? [unread(half.id)] : []),
    ...(half.state !== undefined && half.state !== 'Connected'
      ? [{ kind: 'not-connected', peering: half } as const]
      : []),
    ...(half.allowVirtualNetworkAccess === false ? [{ kind: 'access-off', peering: half } as const] : []),
  ];
}

function unread(resource: ResourceId): Obstacle {
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

function offerEvidence({ near, far }: PeeredVNet, obstacles: readonly Obstacle[]): readonly Evidence[] {
  const told = obstacles.flatMap(obstacleEvidence);
  if (told.length > 0) return told;
  return [
    {
      says: `${nameOf(near.from)}'s half ${near.name}: peeringState Connected, allowGatewayTransit true`,
      origin: near.origin,
    },
    ...(far === undefined
      ? []
      : [
          {
            says: `${nameOf(far.from)}'s half ${far.name}: peeringState Connected, useRemoteGateways true`,
            origin: far.origin,
          },
        ]),
  ];
}

/** An obstacle as a sentence with the place it was read at. */
function obstacleEvidence(obstacle: Obstacle): readonly Evidence[] {
  switch (obstacle.kind) {
    case 'hub-transit-off':
      return [flag(obstacle.peering, 'allowGatewayTransit is false')];
    case 'remote-gateways-off':
      return [flag(obstacle.peering, 'useRemoteGateways is false')];
    case 'access-off':
      return [flag(obstacle.peering, 'allowVirtualNetworkAccess is false')];
    case 'not-connected':
      return [flag(obstacle.peering, `peeringState is ${obstacle.peering.state}`)];
    case 'half-missing':
      return [flag(obstacle.peering, `${nameOf(obstacle.peering.to)} has no peering back`)];
    case 'own-gateway':
      return [
        flag(
          obstacle.peering,
          `${nameOf(obstacle.peering.from)} has a gateway of its own, ${nameOf(obstacle.gateway)}`,
        ),
      ];
    case 'out-of-sync':
      return [
        flag(obstacle.peering, `remoteAddressSpace lacks the range: ${obstacle.peering.syncLevel ?? 'not in sync'}`),
      ];
    case 'subnet-peering':
      return [flag(obstacle.peering, `only subnets ${list(obstacle.peering.remoteSubnetNames)} are peered`)];
    case 'unread':
      return obstacle.unread === undefined
        ? []
        : [
            {
              says: `${nameOf(obstacle.resource)} could not be read: ${obstacle.unread.why.code}`,
              origin: obstacle.unread.origin,
            },
          ];
    case 'not-propagated':
    case 'ipv6-unsupported':
    case 'default-route-off':
      return [];
  }
}

const flag = (peering: Peering, says: string): Evidence => ({
  says: `${nameOf(peering.from)}'s half ${peering.name}: ${says}`,
  origin: peering.origin,
});

const list = (names: readonly string[]): string => (names.length === 0 ? 'of a list' : names.join(', '));
