import type { Evidence, PrefixAt } from '../facts/origin.ts';
import { keyOf, nameOf, type ResourceId } from '../facts/resource-id.ts';
import type { Topology } from '../facts/topology.ts';
import { covers, intersect, isEmpty, setOf } from '../net/address-set.ts';
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
  return (vnet?.addressSpace ?? []).map((range) => ({
    prefix: range.prefix,
    expectation: 'must',
    reason: 'gateway-transit',
    owner: vnet?.name ?? nameOf(far.from),
    ...(vnet !== undefined && { vnet }),
    peering: { far },
    configured: { state: 'held', evidence: [listedAt(range, vnet?.name ?? '')] },
    offered,
  }));
}

/**
 * Clients are offered the snapshot the near half holds, not what the far VNet has now; a range that is in one and not
 * in the other waits for a sync. Where the snapshot is not told, the far VNet's own list stands in for it.
 * https://learn.microsoft.com/azure/virtual-network/update-virtual-network-peering-address-space
 */
function routesOf(peered: PeeredVNet, topology: Topology): readonly ExpectedRoute[] {
  const snapshot = peered.near.remoteAddressSpace;
  const now = [...(peered.vnet?.addressSpace ?? []), ...(peered.near.remoteVirtualNetworkAddressSpace ?? [])];
  const ranges = distinct([...(snapshot ?? []), ...now]);
  return ranges.map((range) => routeTo(range, peered, topology, snapshot, now));
}

function routeTo(
  range: PrefixAt,
  peered: PeeredVNet,
  topology: Topology,
  snapshot: readonly PrefixAt[] | undefined,
  now: readonly PrefixAt[],
): ExpectedRoute {
  const synced = snapshot === undefined || covers(setOf(snapshot.map(({ prefix }) => prefix)), setOf([range.prefix]));
  const base = {
    prefix: range.prefix,
    expectation: 'must' as const,
    owner: peered.vnet?.name ?? nameOf(peered.near.to),
    ...(peered.vnet !== undefined && { vnet: peered.vnet }),
    peering: { near: peered.near, ...(peered.far !== undefined && { far: peered.far }) },
  };
  const configured = { state: 'held' as const, evidence: [listedAt(range, base.owner)] };
  const offer = withFamily(offerOf(peered, topology), range, peered);
  if (synced) {
    const gone = peered.vnet !== undefined && !covers(setOf(now.map(({ prefix }) => prefix)), setOf([range.prefix]));
    return {
      ...base,
      reason: 'gateway-transit',
      configured,
      offered: offer,
      ...(gone && { expectation: 'may' as const }),
    };
  }
  const part = !isEmpty(intersect(setOf((snapshot ?? []).map(({ prefix }) => prefix)), setOf([range.prefix])));
  return {
    ...base,
    reason: 'unsynced-range',
    configured,
    offered: {
      state: part && offer.state === 'held' ? 'partial' : 'lost',
      evidence: [
        {
          says: `${nameOf(peered.near.from)}'s half ${peered.near.name} does not hold ${formatPrefix(range.prefix)} yet`,
          origin: peered.near.origin,
        },
        ...(offer.obstacles.length > 0 ? offer.evidence : []),
      ],
      obstacles: [{ kind: 'out-of-sync', peering: peered.near, range: range.prefix }, ...offer.obstacles],
    },
  };
}

/** A peering for IPv6 only carries no IPv4 route. */
function withFamily(
  offer: ExpectedRoute['offered'],
  { prefix }: PrefixAt,
  { near, far }: PeeredVNet,
): ExpectedRoute['offered'] {
  if (familyOfPrefix(prefix) === 6 || (near.onlyIPv6 !== true && far?.onlyIPv6 !== true)) return offer;
  return {
    state: 'lost',
    evidence: [{ says: `${near.name} peers IPv6 only`, origin: near.origin }],
    obstacles: [{ kind: 'ipv6-unsupported', resource: near.id }, ...offer.obstacles],
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
