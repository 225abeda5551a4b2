import type { PrefixAt } from '../facts/origin.ts';
import { keyOf, type ResourceId } from '../facts/resource-id.ts';
import type { Gateway, Topology } from '../facts/topology.ts';
import type { Address } from '../net/address.ts';
import { containsAddress, containsPrefix, familyOfPrefix, formatPrefix, type Prefix } from '../net/prefix.ts';
import { type Endpoint, type Pool, poolsOf, protocolsOf } from './endpoint.ts';
import { expectBranches } from './expect-branches.ts';
import { expectHub } from './expect-hub.ts';
import { type AskedFor, askedForOnly, secondHops, unpeered } from './expect-never.ts';
import { expectPeered, listedAt } from './expect-peered.ts';
import type { ExpectedRoute } from './expected-route.ts';

/**
 * What a client of this gateway must, may and must not have, each with the rule that says so. Derived from
 * https://learn.microsoft.com/azure/vpn-gateway/vpn-gateway-about-point-to-site-routing; where that text contradicts
 * itself or others the answer is `may`.
 *
 * `pools` are those that the client's address may come from; `asked` and `present` (prefixes with a route into the
 * tunnel) decide which of the networks that no client gets are worth a word.
 */
export function expectRoutes(
  topology: Topology,
  endpoint: Endpoint,
  client: { readonly pools: readonly Pool[]; readonly asked: readonly AskedFor[]; readonly present: readonly Prefix[] },
): readonly ExpectedRoute[] {
  const offered =
    endpoint.kind === 'hub-gateway' ? expectHub(topology, endpoint.gateway) : expectVNets(topology, endpoint.gateway);
  const pool = client.pools.flatMap(({ prefixes, group }) => prefixes.map((range) => poolRoute(range, group)));
  const known = merged([...offered.map((route) => ofFamily(route, endpoint, topology)), ...pool]);
  const home = endpoint.kind === 'hub-gateway' ? undefined : endpoint.gateway.homeVNet;
  const others = home === undefined ? [] : secondHops(topology, home, known);
  const never = merged([...known, ...others, ...unpeered(topology, endpoint, [...known, ...others], client)]);
  return merged([...never, ...askedForOnly(never, client.asked)]);
}

function expectVNets(topology: Topology, gateway: Gateway): readonly ExpectedRoute[] {
  const { homeVNet: home } = gateway;
  return [
    ...(home === undefined ? [] : [...expectHome(topology, home), ...expectPeered(topology, home)]),
    ...customRoutes(gateway.customRoutes),
    ...expectBranches(topology, gateway),
  ];
}

/**
 * IPv6 goes to clients only by IKEv2 or OpenVPN, from a pool that has an IPv6 range, and not from Basic or Virtual WAN.
 * https://learn.microsoft.com/azure/vpn-gateway/point-to-site-about
 */
function ofFamily(route: ExpectedRoute, endpoint: Endpoint, topology: Topology): ExpectedRoute {
  if (familyOfPrefix(route.prefix) === 4 || carriesIPv6(endpoint, topology)) return route;
  const { id, origin } = endpoint.gateway;
  return {
    ...route,
    expectation: 'never',
    offered: {
      state: 'lost',
      evidence: [{ says: `${endpoint.gateway.name} carries no IPv6 to clients`, origin }],
      obstacles: [{ kind: 'ipv6-unsupported', resource: id }],
    },
  };
}

function carriesIPv6(endpoint: Endpoint, topology: Topology): boolean {
  if (endpoint.kind === 'hub-gateway' || endpoint.gateway.sku?.toLowerCase() === 'basic') return false;
  const protocols = protocolsOf(endpoint, topology) ?? ['IkeV2'];
  return (
    protocols.some((name) => name.toLowerCase() !== 'sstp') &&
    poolsOf(endpoint).some(({ prefixes }) => prefixes.some(({ prefix }) => familyOfPrefix(prefix) === 6))
  );
}

function expectHome(topology: Topology, homeVNet: ResourceId): readonly ExpectedRoute[] {
  const vnet = topology.vnets.get(keyOf(homeVNet));
  if (vnet === undefined) return [];
  return vnet.addressSpace.map((range) => ({
    prefix: range.prefix,
    expectation: 'must',
    reason: 'home-vnet',
    owner: vnet.name,
    vnet,
    configured: { state: 'held', evidence: [listedAt(range, vnet.name)] },
    offered: {
      state: 'held',
      evidence: [{ says: `${vnet.name} holds the gateway`, origin: range.origin }],
      obstacles: [],
    },
  }));
}

function customRoutes(ranges: readonly PrefixAt[]): readonly ExpectedRoute[] {
  return ranges.map(({ prefix, origin }) => {
    const evidence = [{ says: `${formatPrefix(prefix)} is a custom route of the gateway`, origin }];
    return {
      prefix,
      expectation: 'must',
      reason: 'custom-route',
      owner: 'custom route',
      configured: { state: 'held', evidence },
      offered: { state: 'held', evidence, obstacles: [] },
    };
  });
}

function poolRoute({ prefix, origin }: PrefixAt, group: string | null): ExpectedRoute {
  const evidence = [
    { says: `${formatPrefix(prefix)} is the client address pool${group === null ? '' : ` of ${group}`}`, origin },
  ];
  return {
    prefix,
    expectation: 'must',
    reason: 'pool',
    owner: 'client pool',
    configured: { state: 'held', evidence },
    offered: { state: 'held', evidence, obstacles: [] },
  };
}

/**
 * One entry a prefix. A custom route carries a prefix that its peering withholds; otherwise the first rule that speaks
 * of a prefix has the word, and later ones add that they list it too.
 */
function merged(routes: readonly ExpectedRoute[]): readonly ExpectedRoute[] {
  const result = new Map<string, ExpectedRoute>();
  const custom = routes.filter(({ reason, prefix }) => reason === 'custom-route' && prefix.length > 1);
  for (const route of routes) {
    const key = formatPrefix(route.prefix);
    const first = result.get(key);
    result.set(key, first === undefined ? withCustomRoute(route, custom) : joined(first, route));
  }
  return [...result.values()];
}

function joined(first: ExpectedRoute, second: ExpectedRoute): ExpectedRoute {
  if (second.expectation === 'never') return first;
  if (first.expectation === 'never') return second;
  const evidence = [
    ...first.configured.evidence,
    ...second.configured.evidence.filter(({ says }) => !first.configured.evidence.some((known) => known.says === says)),
  ];
  return {
    ...first,
    expectation: first.expectation === 'must' || second.expectation === 'must' ? 'must' : 'may',
    configured: { ...first.configured, evidence },
  };
}

function withCustomRoute(route: ExpectedRoute, custom: readonly ExpectedRoute[]): ExpectedRoute {
  if (route.offered.state === 'held' || route.expectation !== 'must') return route;
  const carrier = custom.find(({ prefix }) => containsPrefix(prefix, route.prefix));
  if (carrier === undefined) return route;
  return {
    ...route,
    offered: {
      state: 'held',
      evidence: [...carrier.offered.evidence, ...route.offered.evidence],
      obstacles: route.offered.obstacles,
    },
  };
}

/** The pools that a client with these tunnel addresses may have been given one of: its own, or all where it isn't told. */
export function poolsFor(endpoint: Endpoint, tunnel: Address | undefined): readonly Pool[] {
  const pools = poolsOf(endpoint);
  if (tunnel === undefined) return pools;
  const own = pools.filter(({ prefixes }) => prefixes.some(({ prefix }) => containsAddress(prefix, tunnel)));
  return own.length > 0 ? own.map((pool) => ownRanges(pool, tunnel)) : pools;
}

/** Of several ranges in one pool the client's own, and those of the other family. */
function ownRanges(pool: Pool, tunnel: Address): Pool {
  return {
    ...pool,
    prefixes: pool.prefixes.filter(
      ({ prefix }) => containsAddress(prefix, tunnel) || typeof prefix.first !== typeof tunnel,
    ),
  };
}
