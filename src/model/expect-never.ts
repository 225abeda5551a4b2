import type { Evidence, Origin, PrefixAt } from '../facts/origin.ts';
import { keyOf, nameOf, type ResourceId, sameResource } from '../facts/resource-id.ts';
import type { Peering, Topology, VNet } from '../facts/topology.ts';
import { peeringsFrom } from '../facts/topology-index.ts';
import type { Address } from '../net/address.ts';
import { type AddressSet, hasAddress, intersect, isEmpty, setOf } from '../net/address-set.ts';
import { containsAddress, hostPrefix, type Prefix } from '../net/prefix.ts';
import type { Endpoint } from './endpoint.ts';
import { listedAt } from './expect-peered.ts';
import type { ExpectedRoute } from './expected-route.ts';
import { openEnds, tiedGateways } from './gateway-ties.ts';

/** A destination somebody asked about, by `--target` or a probe, with the place it was asked. */
export interface AskedFor {
  readonly address: Address;
  readonly origin: Origin;
}

/** Two peering hops away: read, because a spoke names it, and never given to a client. */
export function secondHops(
  topology: Topology,
  home: ResourceId,
  expected: readonly ExpectedRoute[],
): readonly ExpectedRoute[] {
  const near = new Set(peeringsFrom(topology, home).map(({ to }) => keyOf(to)));
  const known = spaceOf(expected);
  const isBeyond = (id: ResourceId) => !near.has(keyOf(id)) && !sameResource(id, home);
  const hop = (half: Peering, id: ResourceId, snapshot: readonly PrefixAt[]) => {
    const vnet = topology.vnets.get(keyOf(id));
    return (vnet?.addressSpace ?? snapshot)
      .filter(({ prefix }) => !meets(known, prefix))
      .map((range) => ({ ...neverOf(range, vnet?.name ?? nameOf(id), 'second-hop', vnet), peering: { far: half } }));
  };
  // Either half tells it: the near VNet's, or the far one's own where the near one was not read.
  return topology.peerings.flatMap((half) => {
    if (near.has(keyOf(half.from)) && isBeyond(half.to)) return hop(half, half.to, half.remoteAddressSpace ?? []);
    return near.has(keyOf(half.to)) && isBeyond(half.from) ? hop(half, half.from, []) : [];
  });
}

/** VNets that were read and have no tie to the gateway's: told when asked for, or when a route leads there. */
export function unpeered(
  topology: Topology,
  endpoint: Endpoint,
  expected: readonly ExpectedRoute[],
  { asked, present }: { readonly asked: readonly AskedFor[]; readonly present: readonly Prefix[] },
): readonly ExpectedRoute[] {
  const known = spaceOf(expected);
  const led = setOf(present.filter(({ length }) => length > 1));
  const isMeant = (prefix: Prefix) =>
    asked.some(({ address }) => containsAddress(prefix, address)) || meets(led, prefix);
  const { id } = endpoint.gateway;
  const unread = unreadTie(endpoint, topology);
  return [...topology.vnets.values()].flatMap((vnet) =>
    vnet.addressSpace
      .filter(({ prefix }) => !meets(known, prefix) && isMeant(prefix))
      .map((range) => {
        const isLed = meets(led, range.prefix);
        const end =
          (isLed || hasGateway(vnet) ? unread : undefined) ??
          (isLed && hasGateway(vnet) ? beyond(id, topology) : undefined);
        return end === undefined ? neverOf(range, vnet.name, 'unpeered-vnet', vnet) : perhapsBehind(range, vnet, end);
      }),
  );
}

/** A VNet-to-VNet connection to a gateway that was not read, or connections that were not: any VNet may hang on them. */
function unreadTie({ kind, gateway: own }: Endpoint, topology: Topology): Evidence | undefined {
  const { id: gateway, name, origin } = own;
  if (kind === 'vnet-gateway' && own.homeVNet === undefined)
    return { says: `which VNet holds ${name} was not told`, origin };
  const refused = topology.unread.find(
    ({ operation, resource }) =>
      operation?.toLowerCase() === 'virtualnetworkgateways.listconnections' && sameResource(resource, gateway),
  );
  if (refused !== undefined) return { says: "the gateway's connections were not read", origin: refused.origin };
  const last = tiedGateways(gateway, topology)
    .find((tie) => !topology.gateways.has(keyOf(tie.gateway)))
    ?.path.at(-1);
  return last && { says: `the gateway at the other end of ${last.name} was not read`, origin: last.origin };
}

/** A chain of gateways that nobody followed to its end. */
function beyond(gateway: string, topology: Topology): Evidence | undefined {
  const last = openEnds(gateway, topology)[0]?.path.at(-1);
  return last && { says: `what lies beyond ${last.name} was not read`, origin: last.origin };
}

const hasGateway = ({ subnets }: VNet): boolean => subnets.some(({ name }) => name.toLowerCase() === 'gatewaysubnet');

/** A VNet that may hang on the gateway by connections that were not all read. */
function perhapsBehind(range: PrefixAt, vnet: VNet, unread: Evidence): ExpectedRoute {
  const evidence = [unread, listedAt(range, vnet.name)];
  return {
    prefix: range.prefix,
    expectation: 'may',
    reason: 'vnet-to-vnet',
    owner: vnet.name,
    vnet,
    configured: { state: 'unknown', evidence },
    offered: { state: 'unknown', evidence: [], obstacles: [] },
  };
}

const spaceOf = (routes: readonly ExpectedRoute[]): AddressSet => setOf(routes.map(({ prefix }) => prefix));

const meets = (space: AddressSet, prefix: Prefix): boolean => !isEmpty(intersect(space, setOf([prefix])));

function neverOf(
  range: PrefixAt,
  owner: string,
  reason: 'second-hop' | 'unpeered-vnet',
  vnet: VNet | undefined,
): ExpectedRoute {
  return {
    prefix: range.prefix,
    expectation: 'never',
    reason,
    owner,
    ...(vnet !== undefined && { vnet }),
    configured: { state: 'held', evidence: [listedAt(range, owner)] },
    offered: {
      state: 'lost',
      evidence: [
        {
          says:
            reason === 'second-hop' ? 'peering is not transitive' : `${owner} is not peered with the gateway's VNet`,
          origin: range.origin,
        },
      ],
      obstacles: [],
    },
  };
}

/** Destinations somebody asked about that no document lists at all. */
export function askedForOnly(known: readonly ExpectedRoute[], asked: readonly AskedFor[]): readonly ExpectedRoute[] {
  const space = spaceOf(known);
  return asked
    .filter(({ address }) => !hasAddress(space, address))
    .map(({ address, origin }) => {
      const evidence = [{ says: 'nothing that was read lists this address', origin }];
      return {
        prefix: hostPrefix(address),
        expectation: 'never',
        reason: 'asked-for',
        owner: 'asked for',
        configured: { state: 'lost', evidence },
        offered: { state: 'lost', evidence, obstacles: [] },
      };
    });
}
