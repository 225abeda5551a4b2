import type { Evidence, PrefixAt } from '../facts/origin.ts';
import { keyOf, nameOf, type ResourceId } from '../facts/resource-id.ts';
import type { Topology } from '../facts/topology.ts';
import { type AddressSet, covers, intersect, isEmpty, setOf } from '../net/address-set.ts';
import { familyOfPrefix, formatPrefix } from '../net/prefix.ts';
import type { ExpectedRoute } from './expected-route.ts';
import { type OneSidedPeering, offerOf, oneSidedPeerings, type PeeredVNet, peeredVNets } from './peering-offer.ts';

/** Routes of the VNets peered directly with the gateway's VNet. */
export function expectPeered(topology: Topology, home: ResourceId): readonly ExpectedRoute[] {
  return [
    ...peeredVNets(topology, home).flatMap((peered) => routesOf(peered, topology)),
    ...oneSidedPeerings(topology, home).flatMap((one) => oneSidedRoutes(one, topology)),
  ];
}

/** Half a peering connects nothing: the far VNet asked for it, and the gateway's VNet has no half of it. */
function oneSidedRoutes({ far, offered }: OneSidedPeering, topology: Topology): readonly ExpectedRoute[] {
  const vnet = topology.vnets.get(keyOf(far.from));
  if (vnet === undefined) return [];
  return vnet.addressSpace.map((range) => ({
    prefix: range.prefix,
    expectation: 'must',
    reason: 'gateway-transit',
    owner: vnet.name,
    vnet,
    peering: { far },
    configured: { state: 'held', evidence: [listedAt(range, vnet.name)] },
    offered,
  }));
}

/**
 * Clients are offered the snapshot the near half holds, not what the far VNet has now; a range that is in one and not
 * in the other waits for a sync. Where the snapshot is not told, the far VNet's own list stands in for it.
 * https://learn.microsoft.com/azure/virtual-network/update-virtual-network-peering-address-space
 */
function routesOf(peered: PeeredVNet, topology: Topology): readonly ExpectedRoute[] {
  const { near, vnet } = peered;
  const now = [...(vnet?.addressSpace ?? []), ...(near.remoteVirtualNetworkAddressSpace ?? [])];
  const snapshot = near.remoteAddressSpace ?? now;
  const spaces = { snapshot: spaceOf(snapshot), now: spaceOf(now) };
  return distinct([...snapshot, ...now]).map((range) => routeTo(range, peered, topology, spaces));
}

const spaceOf = (ranges: readonly PrefixAt[]): AddressSet => setOf(ranges.map(({ prefix }) => prefix));

function routeTo(
  range: PrefixAt,
  peered: PeeredVNet,
  topology: Topology,
  { snapshot, now }: { readonly snapshot: AddressSet; readonly now: AddressSet },
): ExpectedRoute {
  const { near, far, vnet } = peered;
  const owner = vnet?.name ?? nameOf(near.to);
  const asked = setOf([range.prefix]);
  const offer = withFamily(offerOf(peered, topology), range, peered);
  const base = {
    prefix: range.prefix,
    owner,
    ...(vnet !== undefined && { vnet }),
    peering: { near, ...(far !== undefined && { far }) },
    configured: { state: 'held' as const, evidence: [listedAt(range, owner)] },
  };
  if (covers(snapshot, asked)) {
    const gone = vnet !== undefined && !covers(now, asked);
    return { ...base, expectation: gone ? 'may' : 'must', reason: 'gateway-transit', offered: offer };
  }
  const says = `${nameOf(near.from)}'s half ${near.name} does not hold ${formatPrefix(range.prefix)} yet`;
  const part = !isEmpty(intersect(snapshot, asked)) && offer.state !== 'lost';
  return {
    ...base,
    expectation: 'must',
    reason: 'unsynced-range',
    offered: {
      state: part ? 'partial' : 'lost',
      evidence: [{ says, origin: near.origin }, ...(offer.obstacles.length > 0 ? offer.evidence : [])],
      obstacles: [{ kind: 'out-of-sync', peering: near, range: range.prefix }, ...offer.obstacles],
    },
  };
}

/** A peering for IPv6 only carries no IPv4 route. */
function withFamily(
  offer: ExpectedRoute['offered'],
  { prefix }: PrefixAt,
  { near, far }: PeeredVNet,
): ExpectedRoute['offered'] {
  const half = [near, far].find((one) => one?.onlyIPv6 === true);
  if (half === undefined || familyOfPrefix(prefix) === 6) return offer;
  return {
    state: 'lost',
    evidence: [{ says: `${half.name} peers IPv6 only`, origin: half.origin }],
    obstacles: [{ kind: 'ipv6-unsupported', resource: half.id }, ...offer.obstacles],
  };
}

export function listedAt({ prefix, origin }: PrefixAt, owner: string): Evidence {
  return { says: `${formatPrefix(prefix)} is address space of ${owner}`, origin };
}

/** The first mention of each range; a range told twice is one range. */
function distinct(ranges: readonly PrefixAt[]): readonly PrefixAt[] {
  const first = new Map<string, PrefixAt>();
  for (const range of ranges) if (!first.has(formatPrefix(range.prefix))) first.set(formatPrefix(range.prefix), range);
  return [...first.values()];
}
