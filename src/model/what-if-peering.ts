import { keyOf, nameOf, type ResourceId } from '../facts/resource-id.ts';
import type { Peering, Topology, VNet } from '../facts/topology.ts';
import { peeringBetween } from '../facts/topology-index.ts';
import { type Change, isRefusal, type Refusal, refused } from './what-if-change.ts';
import { findTarget, shortOf } from './what-if-target.ts';
import { flagOf, imagined, listed } from './what-if-values.ts';

/** A topology after one change, with the change in words. */
export interface Changed {
  readonly topology: Topology;
  readonly from: string;
  readonly to: string;
  /** Resources whose machines may get another way to the client pool by it, those of their children included. */
  readonly rerouted: readonly ResourceId[] | 'everywhere';
}

/** Whose machines each flag of a half concerns. */
const concerned = {
  useRemoteGateways: ({ from }: Peering) => [from],
  allowGatewayTransit: ({ to }: Peering) => [to],
  allowVirtualNetworkAccess: ({ from, to }: Peering) => [from, to],
  allowForwardedTraffic: () => [],
};

/** Sets one flag of one half. */
export function setPeeringFlag(
  topology: Topology,
  half: Peering,
  change: Change,
  flag: keyof typeof concerned,
): Changed | Refusal {
  const value = flagOf(change);
  if (typeof value !== 'boolean') return value;
  return {
    topology: withHalf(topology, half, { ...half, [flag]: value }),
    from: String(half[flag] ?? 'not told'),
    to: String(value),
    rerouted: concerned[flag](half),
  };
}

/** `sync=true`: the half takes over what the far VNet has now. */
export function syncPeering(topology: Topology, half: Peering, change: Change): Changed | Refusal {
  const value = flagOf(change);
  if (typeof value !== 'boolean') return value;
  if (!value) return refused('onlink', `${change.text}: a sync cannot be undone; only true`);
  const now = topology.vnets.get(keyOf(half.to))?.addressSpace ?? half.remoteVirtualNetworkAddressSpace;
  if (now === undefined)
    return refused('onlink', `${change.text}: the address space of ${nameOf(half.to)} was not read`);
  return {
    topology: withHalf(topology, half, {
      ...half,
      syncLevel: 'FullyInSync',
      remoteAddressSpace: now,
      remoteVirtualNetworkAddressSpace: now,
    }),
    from: half.remoteAddressSpace === undefined ? 'not told' : listed(half.remoteAddressSpace),
    to: listed(now),
    rerouted: [],
  };
}

/** `remove=true` on one half: the other one is then Disconnected. */
export function removePeering(topology: Topology, half: Peering, change: Change): Changed | Refusal {
  const value = flagOf(change);
  if (typeof value !== 'boolean') return value;
  if (!value) return refused('onlink', `${change.text}: only true removes`);
  const other = peeringBetween(topology, half.to, half.from);
  const rest = topology.peerings.filter((one) => one !== half);
  return {
    topology: {
      ...topology,
      peerings: rest.map((one) => (one === other ? { ...one, state: 'Disconnected' } : one)),
    },
    from: half.state ?? 'not told',
    to: 'removed',
    rerouted: [half.from, half.to],
  };
}

/** `VNET1.peer=VNET2`: both halves as Azure creates them, without transit; a half that waits for its other becomes Connected. */
export function addPeering(topology: Topology, one: VNet, change: Change): Changed | Refusal {
  const other = farVNet(topology, one, change);
  if (isRefusal(other)) return other;
  const there = halvesBetween(topology, one, other);
  if (there.some(({ state }) => state === 'Disconnected'))
    return refused(
      'azure',
      `${change.text}: a half of this peering is Disconnected; Azure wants both halves deleted before it is made again`,
    );
  // A half is Connected where its other exists, even if nobody read that one.
  if (there.length === 2 || there.some(({ state }) => state === 'Connected'))
    return refused('azure', `${change.text}: ${one.name} and ${other.name} are peered already`);
  const made = [
    peeringBetween(topology, one.id, other.id) ?? newHalf(one, other),
    peeringBetween(topology, other.id, one.id) ?? newHalf(other, one),
  ];
  return {
    topology: {
      ...topology,
      peerings: [
        ...topology.peerings.filter((half) => !there.includes(half)),
        ...made.map((half) => ({ ...half, state: 'Connected', syncLevel: 'FullyInSync' })),
      ],
    },
    from: there.length === 1 ? 'one half' : 'not peered',
    to: `peered by ${namesOf(made)}`,
    rerouted: [one.id, other.id],
  };
}

/** `VNET1.unpeer=VNET2`: both halves gone. */
export function removePeerings(topology: Topology, one: VNet, change: Change): Changed | Refusal {
  const other = farVNet(topology, one, change);
  if (isRefusal(other)) return other;
  const there = halvesBetween(topology, one, other);
  if (there.length === 0) return refused('onlink', `${change.text}: ${one.name} and ${other.name} are not peered`);
  return {
    topology: { ...topology, peerings: topology.peerings.filter((half) => !there.includes(half)) },
    from: `peered by ${namesOf(there)}`,
    to: 'not peered',
    rerouted: [one.id, other.id],
  };
}

function farVNet(topology: Topology, near: VNet, change: Change): VNet | Refusal {
  const far = findTarget({ ...change, resource: change.value }, topology, 'vnet');
  return far === near ? refused('azure', `${change.text}: a VNet cannot be peered with itself`) : far;
}

function halvesBetween(topology: Topology, one: VNet, other: VNet): readonly Peering[] {
  return [peeringBetween(topology, one.id, other.id), peeringBetween(topology, other.id, one.id)].filter(
    (half) => half !== undefined,
  );
}

const namesOf = (halves: readonly Peering[]): string => halves.map(({ id }) => shortOf(id)).join(' and ');

function newHalf(from: VNet, to: VNet): Peering {
  const name = `${from.name}-to-${to.name}`;
  return {
    id: `${from.id}/virtualNetworkPeerings/${name}`,
    name,
    from: from.id,
    to: to.id,
    state: 'Connected',
    syncLevel: 'FullyInSync',
    allowVirtualNetworkAccess: true,
    allowForwardedTraffic: false,
    allowGatewayTransit: false,
    useRemoteGateways: false,
    remoteAddressSpace: to.addressSpace,
    remoteVirtualNetworkAddressSpace: to.addressSpace,
    peerCompleteVnets: true,
    localSubnetNames: [],
    remoteSubnetNames: [],
    onlyIPv6: undefined,
    provisioningState: 'Succeeded',
    origin: imagined,
  };
}

function withHalf(topology: Topology, before: Peering, after: Peering): Topology {
  return { ...topology, peerings: topology.peerings.map((half) => (half === before ? after : half)) };
}
