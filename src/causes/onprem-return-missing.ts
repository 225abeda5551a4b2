import { az, groupFlags } from '../diagnosis/commands.ts';
import { defineCause } from '../diagnosis/define-cause.ts';
import { gathered } from '../diagnosis/evidence.ts';
import { list } from '../diagnosis/wording.ts';
import type { Evidence } from '../facts/origin.ts';
import { keyOf, nameOf } from '../facts/resource-id.ts';
import type { Connection, Gateway, Topology } from '../facts/topology.ts';
import { type Ladder, rungOf, stateOf } from '../ladder/ladder.ts';
import { siteConnections } from '../model/gateway-ties.ts';
import { containsPrefix, formatPrefix, overlaps, type Prefix } from '../net/prefix.ts';
import { isPresent } from './asked.ts';
import { hasAnswer, ownOutcomes } from './own-answers.ts';

/** The site does not know the way back to the client pool. */
export const onpremReturnMissing = defineCause({
  code: 'onprem-return-missing',
  number: 'C19',
  title: 'The site does not know the way back to VPN clients',
  severity: 'warning',
  about:
    "The client sends the site's prefix into the tunnel, the connection to the site stands, Azure answers, and the site alone is silent. Its device then lacks a route to the client pool, or its policy has no selector for it. Proven only where the routes that the gateway advertises, or the connection's traffic selectors, were read and lack the pool; else it is the likely reason.",
  helpUrl: 'https://learn.microsoft.com/azure/vpn-gateway/vpn-gateway-about-point-to-site-routing',
  needs: ['ladders', 'endpoint', 'topology', 'situation', 'context'],
  dependsOn: [
    'vpn-not-connected',
    'bgp-peer-down',
    'pool-overlap',
    'address-spaces-overlap',
    'local-network-overlap',
    'ike-selector-missing',
    'manual-route-misdirected',
  ],
  detect: ({ ladders, endpoint, topology, situation, context }) => {
    const isAnswering = (ladder: Ladder) => hasAnswer(ladder, ladders, context);
    if (
      endpoint.kind !== 'vnet-gateway' ||
      !ladders.some((ladder) => ladder.expectation === 'must' && ladder.reason !== 'pool' && isAnswering(ladder))
    )
      return [];
    const { gateway } = endpoint;
    const sites = sitesBehind(gateway, topology);
    const silent = ladders.filter(
      (ladder) => isSite(ladder, sites) && !isAnswering(ladder) && ownOutcomes(ladder, ladders, context).length > 0,
    );
    const [first] = silent;
    if (first === undefined) return [];
    const pools = situation.pools.flatMap(({ prefixes }) => prefixes.map(({ prefix }) => prefix));
    const connections = siteConnections(gateway.id, topology).filter((connection) =>
      leadsTo(connection, silent, topology),
    );
    if (
      connections.length > 0 &&
      connections.every(({ status }) => status !== undefined && status.toLowerCase() !== 'connected')
    )
      return [];
    const proof = proofOf(pools, connections, gateway, topology);
    return [
      {
        severity: proof.length > 0 && silent.some(({ verdict }) => verdict === 'broken') ? 'error' : 'warning',
        confidence: proof.length > 0 ? 'proven' : 'likely',
        summary: `${list(silent)} goes into the tunnel and stays silent while Azure answers: the site probably has no way back to ${pools.map(formatPrefix).join(', ')}.`,
        rung: 'returned',
        ...(connections[0] !== undefined && { resource: connections[0].id }),
        expected: `a route to ${pools.map(formatPrefix).join(', ')} at the site`,
        evidence: gathered(
          { says: gateway.name, origin: gateway.origin },
          proof,
          silent.flatMap((ladder) => rungOf(ladder, 'delivered').evidence).slice(0, 3),
          rungOf(first, 'active').evidence.slice(0, 1),
          rungOf(first, 'configured').evidence,
        ),
        explains: silent,
        fixes: [
          {
            by: 'network-admin',
            role: "whoever runs the site's VPN device",
            commands: [],
            steps: [
              `Add ${pools.map(formatPrefix).join(', ')} to the device's routes towards Azure, to its traffic selectors where it is policy-based, and to its firewall.`,
            ],
            disrupts: 'the connection, where selectors change',
            verify: az(
              'network',
              'vnet-gateway',
              'list-advertised-routes',
              ...groupFlags(gateway.id),
              '-n',
              nameOf(gateway.id),
              '--peer',
              topology.bgpPeers.get(keyOf(gateway.id))?.[0]?.neighbor ?? 'PEER',
              '-o',
              'table',
            ).command,
          },
        ],
      },
    ];
  },
});

/** What the documents say lies behind the gateway's connections to sites. */
function sitesBehind(gateway: Gateway, topology: Topology): readonly Prefix[] {
  return siteConnections(gateway.id, topology)
    .flatMap((connection) => siteOf(connection, topology)?.addressSpace ?? [])
    .map(({ prefix }) => prefix);
}

function siteOf({ localNetworkGateway: id }: Connection, { localNetworkGateways }: Topology) {
  return id === undefined ? undefined : localNetworkGateways.get(keyOf(id));
}

/** A site's prefix that goes into the tunnel; where Windows clients are sent there, a custom route of the gateway carries it. */
function isSite(ladder: Ladder, sites: readonly Prefix[]): boolean {
  const site =
    ladder.reason === 'branch' ||
    ladder.reason === 'bgp' ||
    (ladder.reason === 'custom-route' &&
      ladder.prefix.length > 1 &&
      sites.some((range) => containsPrefix(ladder.prefix, range) || containsPrefix(range, ladder.prefix)));
  return site && isPresent(ladder) && stateOf(ladder, 'selected') === 'held';
}

/** Whether a connection may lead to one of them: a site that nobody read, or that tells its prefixes by BGP, may. */
function leadsTo(connection: Connection, silent: readonly Ladder[], topology: Topology): boolean {
  const space = siteOf(connection, topology)?.addressSpace ?? [];
  return space.length === 0 || space.some(({ prefix }) => silent.some((ladder) => overlaps(ladder.prefix, prefix)));
}

/** What was read that should hold the pool and does not. */
function proofOf(
  pools: readonly Prefix[],
  connections: readonly Connection[],
  gateway: Gateway,
  { advertisedRoutes }: Topology,
): readonly Evidence[] {
  const advertised = advertisedRoutes.get(keyOf(gateway.id)) ?? [];
  const lacks = (ranges: readonly Prefix[]) =>
    pools.some((pool) => !ranges.some((range) => containsPrefix(range, pool) || containsPrefix(pool, range)));
  const [first] = advertised;
  return [
    ...(first !== undefined && lacks(advertised.map(({ prefix }) => prefix))
      ? [{ says: 'the routes that the gateway advertises lack the client pool', origin: first.at }]
      : []),
    ...connections
      .filter(
        ({ trafficSelectors }) => trafficSelectors.length > 0 && lacks(trafficSelectors.flatMap(({ local }) => local)),
      )
      .map((one) => ({
        says: `${one.name}: its traffic selectors lack the client pool`,
        origin: one.origin,
      })),
  ];
}
