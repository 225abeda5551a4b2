import type { PrefixAt } from '../facts/origin.ts';
import { keyOf, nameOf, type ResourceId, sameResource } from '../facts/resource-id.ts';
import type { Gateway, Peering, Topology } from '../facts/topology.ts';
import { peeringBetween, peeringsFrom } from '../facts/topology-index.ts';
import { containsPrefix, formatPrefix, overlaps } from '../net/prefix.ts';
import { siteConnections } from './gateway-ties.ts';
import { ownGatewayOf } from './peering-offer.ts';
import { type Effect, type Refusal, refused } from './what-if-change.ts';
import { ruleName, shortOf } from './what-if-target.ts';

/**
 * Why Azure would refuse the end state, where it would: only what the changes brought about counts, as a state that was
 * there before was once accepted.
 * https://learn.microsoft.com/azure/virtual-network/virtual-network-manage-peering#requirements-and-constraints
 */
export function refusalOf(before: Topology, after: Topology, effects: readonly Effect[]): Refusal | undefined {
  const known = new Set(complaintsOf(before));
  const why = setNow(after, effects) ?? complaintsOf(after).find((complaint) => !known.has(complaint));
  return why === undefined ? undefined : refused('azure', why);
}

/** A flag that is set now is checked now, even if it was set already. */
function setNow(topology: Topology, effects: readonly Effect[]): string | undefined {
  const set = effects.filter(({ property }) => property === 'useRemoteGateways').map(({ resource }) => resource);
  return topology.peerings
    .filter(({ id, useRemoteGateways }) => useRemoteGateways === true && set.includes(id))
    .flatMap((half) => remoteGatewayComplaints(half, topology))[0];
}

function complaintsOf(topology: Topology): readonly string[] {
  return [
    ...topology.peerings
      // What is left of a peering whose other half was deleted keeps its flag, and uses nothing.
      .filter(({ useRemoteGateways, state }) => useRemoteGateways === true && state !== 'Disconnected')
      .flatMap((half) => remoteGatewayComplaints(half, topology)),
    ...peeredOverlaps(topology),
    ...[...topology.gateways.values()].flatMap((gateway) => poolOverlaps(gateway, topology)),
    ...subnetsOutside(topology),
    ...samePriorities(topology),
  ];
}

function remoteGatewayComplaints(half: Peering, topology: Topology): readonly string[] {
  const name = shortOf(half.id);
  const back = peeringBetween(topology, half.to, half.from);
  const own = ownGatewayOf(half.from, topology);
  const others = peeringsFrom(topology, half.from).filter((one) => one !== half && one.useRemoteGateways === true);
  return [
    ...(own === undefined ? [] : [`${nameOf(half.from)} has a gateway of its own, ${nameOf(own)}`]),
    ...(back === undefined && topology.peeringsReadOf.has(keyOf(half.to))
      ? [`${nameOf(half.to)} has no half of this peering`]
      : []),
    ...(back?.allowGatewayTransit === false
      ? [
          `allowGatewayTransit is off on the other half; set both on, --set ${shortOf(back.id)}.allowGatewayTransit=true, or this one off, --set ${name}.useRemoteGateways=false`,
        ]
      : []),
    ...others.map((other) => `${shortOf(other.id)} does already, and only one peering of a VNet may`),
    ...(mayHaveGateway(half.to, topology) ? [] : [`${nameOf(half.to)} has no gateway`]),
  ].map((why) => `${name} cannot use remote gateways: ${why}`);
}

/** Whether a gateway may stand there. Without its subnets, or its GatewaySubnet's ip configurations, it can't be said. */
function mayHaveGateway(id: ResourceId, topology: Topology): boolean {
  const subnets = topology.vnets.get(keyOf(id))?.subnets ?? [];
  return (
    subnets.length === 0 ||
    subnets.some(({ name }) => name.toLowerCase() === 'gatewaysubnet') ||
    ownGatewayOf(id, topology) !== undefined
  );
}

interface Space {
  readonly name: string;
  readonly space: readonly PrefixAt[];
}

/** What a VNet is peered with, and the addresses there: as it has them now, or as they were when it was peered. */
function peersOf(vnet: ResourceId, topology: Topology): readonly Space[] {
  return peeringsFrom(topology, vnet).map(({ to, remoteAddressSpace = [] }) => ({
    name: nameOf(to),
    space: topology.vnets.get(keyOf(to))?.addressSpace ?? remoteAddressSpace,
  }));
}

/** VNets that are peered, or peered with one and the same, may not share an address. */
function peeredOverlaps(topology: Topology): readonly string[] {
  return [...topology.vnets.values()].flatMap(({ id, name, addressSpace }) => {
    const peers = peersOf(id, topology);
    return [
      ...peers.flatMap((peer) => sharedBy({ name, space: addressSpace }, peer)),
      ...peers.flatMap((one, index) =>
        peers
          .slice(index + 1)
          .flatMap((other) => sharedBy(one, other).map((shared) => `${shared}, both peered with ${name}`)),
      ),
    ];
  });
}

function sharedBy(one: Space, other: Space): readonly string[] {
  return one.space.flatMap(({ prefix }) =>
    other.space
      .filter((range) => overlaps(range.prefix, prefix))
      .map(
        (range) =>
          `address spaces overlap: ${formatPrefix(prefix)} of ${one.name} and ${formatPrefix(range.prefix)} of ${other.name}`,
      ),
  );
}

/** The pool may not meet the VNet, what is peered with it, a local network gateway, or another group's pool. */
function poolOverlaps({ id, name, homeVNet, pointToSite }: Gateway, topology: Topology): readonly string[] {
  if (pointToSite === null) return [];
  const sites = siteConnections(id, topology).flatMap(({ localNetworkGateway }) =>
    [...topology.localNetworkGateways.values()].filter((site) => sameResource(site.id, localNetworkGateway)),
  );
  const own = [...topology.vnets.values()].filter((vnet) => sameResource(vnet.id, homeVNet));
  const spaces: readonly Space[] = [
    ...[...own, ...sites].map(({ name: owner, addressSpace }) => ({ name: owner, space: addressSpace })),
    ...(homeVNet === undefined ? [] : peersOf(homeVNet, topology)),
    ...pointToSite.groups.map(({ name: group, pool }) => ({ name: `the pool of ${group}`, space: pool })),
  ];
  const pool = { name: `the client pool of ${name}`, space: pointToSite.pool };
  return spaces.flatMap((space) => sharedBy(pool, space));
}

/** A range cannot be taken from a VNet while a subnet lies in it. */
function subnetsOutside(topology: Topology): readonly string[] {
  return [...topology.vnets.values()].flatMap(({ name, addressSpace, subnets }) =>
    subnets.flatMap((subnet) =>
      subnet.prefixes
        .filter((prefix) => !addressSpace.some((range) => containsPrefix(range.prefix, prefix)))
        .map(
          (prefix) => `subnet ${subnet.name}, ${formatPrefix(prefix)}, would lie outside the address space of ${name}`,
        ),
    ),
  );
}

/** Rules of one group may not have the same priority and direction. */
function samePriorities(topology: Topology): readonly string[] {
  return [...topology.securityGroups.values(), ...[...topology.effectiveSecurityGroups.values()].flat()].flatMap(
    ({ name, rules }) =>
      [...Map.groupBy(rules, ({ direction, priority }) => `${direction.toLowerCase()} priority ${priority}`)]
        .map(([place, same]) => ({ place, names: [...new Set(same.map(ruleName))] }))
        .filter(({ names }) => names.length > 1)
        .map(({ place, names }) => `rules ${names.join(' and ')} of ${name} would all have ${place}`),
  );
}
