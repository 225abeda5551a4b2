import type { PrefixAt } from '../facts/origin.ts';
import { keyOf, nameOf, type ResourceId, sameResource } from '../facts/resource-id.ts';
import type { Gateway, Peering, Topology } from '../facts/topology.ts';
import { formatPrefix, overlaps } from '../net/prefix.ts';
import { ownGatewayOf } from './peering-offer.ts';
import { type Effect, type Refusal, refused } from './what-if-change.ts';
import { shortOf } from './what-if-target.ts';

/**
 * Why Azure would refuse the end state, where it would: only what the changes brought about counts, as a state that was
 * there before was once accepted.
 * https://learn.microsoft.com/azure/virtual-network/virtual-network-manage-peering#requirements-and-constraints
 */
export function refusalOf(before: Topology, after: Topology, effects: readonly Effect[]): Refusal | undefined {
  const known = new Set(complaintsOf(before));
  const fresh = complaintsOf(after).find((complaint) => !known.has(complaint)) ?? setAgain(after, effects);
  return fresh === undefined ? undefined : refused('azure', fresh);
}

/** A flag that is set now is checked now, even if it was set already. */
function setAgain(topology: Topology, effects: readonly Effect[]): string | undefined {
  return effects
    .filter(({ property, to }) => property === 'useRemoteGateways' && to === 'true')
    .flatMap(({ resource }) => topology.peerings.filter((half) => sameResource(half.id, resource)))
    .flatMap((half) => remoteGatewayComplaints(half, topology))[0];
}

function complaintsOf(topology: Topology): readonly string[] {
  return [
    ...topology.peerings
      .filter(({ useRemoteGateways }) => useRemoteGateways === true)
      .flatMap((half) => remoteGatewayComplaints(half, topology)),
    ...peeredOverlaps(topology),
    ...[...topology.gateways.values()].flatMap((gateway) => poolOverlaps(gateway, topology)),
  ];
}

function remoteGatewayComplaints(half: Peering, topology: Topology): readonly string[] {
  const name = shortOf(half.id);
  const back = topology.peerings.find(({ from, to }) => sameResource(from, half.to) && sameResource(to, half.from));
  const own = ownGatewayOf(half.from, topology);
  const others = topology.peerings.filter(
    (one) => one !== half && sameResource(one.from, half.from) && one.useRemoteGateways === true,
  );
  return [
    ...(own === undefined
      ? []
      : [`${name} cannot use remote gateways: ${nameOf(half.from)} has a gateway of its own, ${nameOf(own)}`]),
    ...(back === undefined && topology.peeringsReadOf.has(keyOf(half.to))
      ? [`${name} cannot use remote gateways: ${nameOf(half.to)} has no half of this peering`]
      : []),
    ...(back?.allowGatewayTransit === false
      ? [
          `${name} cannot use remote gateways while allowGatewayTransit is off on the other half, ${shortOf(back.id)}; set both: --set ${shortOf(back.id)}.allowGatewayTransit=true`,
        ]
      : []),
    ...others.map(
      (other) =>
        `${name} cannot use remote gateways: ${shortOf(other.id)} does already, and only one peering of a VNet may`,
    ),
    ...(hasGateway(half.to, topology) ? [] : [`${name} cannot use remote gateways: ${nameOf(half.to)} has no gateway`]),
  ];
}

/** Whether a gateway stands there; a VNet whose document was not read may have one. */
function hasGateway(id: ResourceId, topology: Topology): boolean {
  const vnet = topology.vnets.get(keyOf(id));
  if (vnet === undefined || ownGatewayOf(id, topology) !== undefined) return true;
  const gatewaySubnet = vnet.subnets.find(({ name }) => name.toLowerCase() === 'gatewaysubnet');
  // Subnets without their ip configurations, or none told at all: it can't be said.
  return vnet.subnets.length === 0 || gatewaySubnet !== undefined;
}

/** VNets that are peered, or peered with one and the same, may not share an address. */
function peeredOverlaps(topology: Topology): readonly string[] {
  return [...topology.vnets.values()].flatMap((vnet) => {
    const peers = topology.peerings
      .filter(({ from }) => sameResource(from, vnet.id))
      .map(({ to, remoteAddressSpace }) => ({
        name: nameOf(to),
        space: topology.vnets.get(keyOf(to))?.addressSpace ?? remoteAddressSpace ?? [],
      }));
    return [{ name: vnet.name, space: vnet.addressSpace }, ...peers].flatMap((one, index, all) =>
      all
        .slice(index + 1)
        .flatMap((other) => sharedBy(one, other, index === 0 ? '' : `, both peered with ${vnet.name}`)),
    );
  });
}

interface Space {
  readonly name: string;
  readonly space: readonly PrefixAt[];
}

function sharedBy(one: Space, other: Space, where: string): readonly string[] {
  return one.space.flatMap(({ prefix }) =>
    other.space
      .filter((range) => overlaps(range.prefix, prefix))
      .map(
        (range) =>
          `address spaces overlap: ${formatPrefix(prefix)} of ${one.name} and ${formatPrefix(range.prefix)} of ${other.name}${where}`,
      ),
  );
}

/** The pool may not meet the VNet, what is peered with it, a local network gateway, or another group's pool. */
function poolOverlaps(gateway: Gateway, topology: Topology): readonly string[] {
  const { pointToSite, homeVNet } = gateway;
  if (pointToSite === null) return [];
  const home = homeVNet === undefined ? undefined : topology.vnets.get(keyOf(homeVNet));
  const peers = topology.peerings.filter(({ from }) => sameResource(from, homeVNet));
  const sites = topology.connections
    .filter(({ gateway1, gateway2 }) => [gateway1, gateway2].some((id) => sameResource(id, gateway.id)))
    .flatMap(({ localNetworkGateway }) =>
      localNetworkGateway === undefined ? [] : (topology.localNetworkGateways.get(keyOf(localNetworkGateway)) ?? []),
    );
  const spaces: readonly Space[] = [
    ...(home === undefined ? [] : [{ name: home.name, space: home.addressSpace }]),
    ...peers.map(({ to, remoteAddressSpace }) => ({
      name: nameOf(to),
      space: topology.vnets.get(keyOf(to))?.addressSpace ?? remoteAddressSpace ?? [],
    })),
    ...sites.map(({ name, addressSpace }) => ({ name, space: addressSpace })),
    ...pointToSite.groups.map(({ name, pool }) => ({ name: `the pool of ${name}`, space: pool })),
  ];
  const pool = { name: `the client pool of ${gateway.name}`, space: pointToSite.pool };
  return spaces.flatMap((space) => sharedBy(pool, space, ''));
}
