import { keyOf, nameOf, sameResource } from '../facts/resource-id.ts';
import type { Peering, Topology, VNet } from '../facts/topology.ts';
import { type Change, isRefusal, type Refusal, refused } from './what-if-change.ts';
import { findTarget, shortOf, type Target, targetsOf } from './what-if-target.ts';
import { flagOf, imagined, listed } from './what-if-values.ts';

/** A topology after one change, with the change in words. */
export interface Changed {
  readonly topology: Topology;
  readonly from: string;
  readonly to: string;
  /** VNets whose machines get other routes by it. */
  readonly rerouted: readonly string[];
}

const flags = [
  'useRemoteGateways',
  'allowGatewayTransit',
  'allowVirtualNetworkAccess',
  'allowForwardedTraffic',
] as const;

/** Sets one flag of one half. */
export function setPeeringFlag(
  topology: Topology,
  { id }: Target,
  change: Change,
  flag: (typeof flags)[number],
): Changed | Refusal {
  const value = flagOf(change);
  if (typeof value !== 'boolean') return value;
  const half = topology.peerings.find((one) => sameResource(one.id, id));
  return {
    topology: replaceHalf(topology, id, (one) => ({ ...one, [flag]: value })),
    from: String(half?.[flag] ?? 'not told'),
    to: String(value),
    rerouted: half === undefined ? [] : [half.from, half.to],
  };
}

/** `sync=true`: the half takes over what the far VNet has now. */
export function syncPeering(topology: Topology, { id }: Target, change: Change): Changed | Refusal {
  const value = flagOf(change);
  if (typeof value !== 'boolean') return value;
  if (!value) return refused('onlink', `${change.text}: a sync cannot be undone; only true`);
  const half = topology.peerings.find((one) => sameResource(one.id, id));
  const now =
    half === undefined
      ? undefined
      : (topology.vnets.get(keyOf(half.to))?.addressSpace ?? half.remoteVirtualNetworkAddressSpace);
  if (half === undefined || now === undefined)
    return refused(
      'onlink',
      `${change.text}: the address space of ${half === undefined ? id : nameOf(half.to)} was not read`,
    );
  return {
    topology: replaceHalf(topology, id, (one) => ({
      ...one,
      syncLevel: 'FullyInSync',
      remoteAddressSpace: now,
      remoteVirtualNetworkAddressSpace: now,
    })),
    from: listed(half.remoteAddressSpace ?? []),
    to: listed(now),
    rerouted: [half.from, half.to],
  };
}

/** `remove=true` on one half: the other one is then Disconnected. */
export function removePeering(topology: Topology, { id }: Target, change: Change): Changed | Refusal {
  const value = flagOf(change);
  if (typeof value !== 'boolean') return value;
  const half = topology.peerings.find((one) => sameResource(one.id, id));
  if (!value || half === undefined) return refused('onlink', `${change.text}: only true removes`);
  const rest = topology.peerings.filter((one) => one !== half);
  return {
    topology: {
      ...topology,
      peerings: rest.map((one) =>
        sameResource(one.from, half.to) && sameResource(one.to, half.from) ? { ...one, state: 'Disconnected' } : one,
      ),
    },
    from: half.state ?? 'not told',
    to: 'removed',
    rerouted: [half.from, half.to],
  };
}

/** `VNET1.peer=VNET2`: both halves as Azure creates them, without transit; a half that waits for its other becomes Connected. */
export function addPeering(topology: Topology, { id }: Target, change: Change): Changed | Refusal {
  const pair = vnetPair(topology, id, change);
  if (isRefusal(pair)) return pair;
  const [one, other] = pair;
  const halves = [halfOf(topology, one, other), halfOf(topology, other, one)];
  if (halves.some((half) => half?.state === 'Disconnected'))
    return refused(
      'azure',
      `${change.text}: a half of this peering is Disconnected; Azure wants both halves deleted before it is made again`,
    );
  if (halves.every((half) => half !== undefined))
    return refused('azure', `${change.text}: ${one.name} and ${other.name} are peered already`);
  const made = [halves[0] ?? newHalf(one, other), halves[1] ?? newHalf(other, one)];
  return {
    topology: {
      ...topology,
      peerings: [
        ...topology.peerings.filter((half) => !halves.includes(half)),
        ...made.map((half) => ({ ...half, state: 'Connected', syncLevel: 'FullyInSync' })),
      ],
    },
    from: halves.some((half) => half !== undefined) ? 'one half' : 'not peered',
    to: `peered by ${made.map((half) => shortOf(half.id)).join(' and ')}`,
    rerouted: [one.id, other.id],
  };
}

/** `VNET1.unpeer=VNET2`: both halves gone. */
export function removePeerings(topology: Topology, { id }: Target, change: Change): Changed | Refusal {
  const pair = vnetPair(topology, id, change);
  if (isRefusal(pair)) return pair;
  const [one, other] = pair;
  const halves = [halfOf(topology, one, other), halfOf(topology, other, one)].filter((half) => half !== undefined);
  if (halves.length === 0) return refused('onlink', `${change.text}: ${one.name} and ${other.name} are not peered`);
  return {
    topology: { ...topology, peerings: topology.peerings.filter((half) => !halves.includes(half)) },
    from: `peered by ${halves.map((half) => shortOf(half.id)).join(' and ')}`,
    to: 'not peered',
    rerouted: [one.id, other.id],
  };
}

function vnetPair(topology: Topology, id: string, change: Change): readonly [VNet, VNet] | Refusal {
  const other = findTarget({ ...change, resource: change.value.trim() }, targetsOf(topology), ['vnet']);
  if (isRefusal(other)) return other;
  const [a, b] = [topology.vnets.get(keyOf(id)), topology.vnets.get(keyOf(other.id))];
  if (a === undefined || b === undefined) return refused('onlink', `${change.text}: a VNet was not read`);
  return a === b ? refused('azure', `${change.text}: a VNet cannot be peered with itself`) : [a, b];
}

function halfOf(topology: Topology, from: VNet, to: VNet): Peering | undefined {
  return topology.peerings.find((half) => sameResource(half.from, from.id) && sameResource(half.to, to.id));
}

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

function replaceHalf(topology: Topology, id: string, change: (half: Peering) => Peering): Topology {
  return { ...topology, peerings: topology.peerings.map((half) => (sameResource(half.id, id) ? change(half) : half)) };
}
