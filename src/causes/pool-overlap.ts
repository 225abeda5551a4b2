import { defineCause } from '../diagnosis/define-cause.ts';
import { gathered } from '../diagnosis/evidence.ts';
import type { Command } from '../diagnosis/finding.ts';
import type { ClientView } from '../facts/client.ts';
import type { Origin, PrefixAt } from '../facts/origin.ts';
import { keyOf, nameOf, type ResourceId, sameResource } from '../facts/resource-id.ts';
import type { Route } from '../facts/route.ts';
import type { Topology } from '../facts/topology.ts';
import type { ClimbContext } from '../ladder/context.ts';
import type { Ladder } from '../ladder/ladder.ts';
import { type Endpoint, idOf, type Pool, poolsOf } from '../model/endpoint.ts';
import { containsPrefix, formatPrefix, overlaps, type Prefix } from '../net/prefix.ts';
import { homeOf } from '../situation/situation.ts';
import { answers, isPresent } from './asked.ts';
import { dropsClients, gatewayVariable, showGateway, updateGateway } from './gateway-commands.ts';
import { isGatewaysOwn, poolProperty, poolText } from './pool-owner.ts';

/** The addresses that clients are given are in use elsewhere. */
export const poolOverlap = defineCause({
  code: 'pool-overlap',
  number: 'C28',
  title: 'The client address pool overlaps another network',
  severity: 'error',
  about:
    "The pool must not overlap the gateway's VNet, a VNet peered with it, a site behind it or the network the client sits in. Where it does, replies to clients are taken for local traffic, or the client takes its own network for the tunnel. A site's range that is merely wider than the pool is worth a word, and a fault only when the site does not answer. On the client's side it is a warning: most traffic still works.",
  helpUrl: 'https://learn.microsoft.com/azure/vpn-gateway/vpn-gateway-vpn-faq',
  needs: ['endpoint', 'topology', 'ladders', 'context'],
  detect: ({ endpoint, topology, ladders, context }) => {
    const pools = poolsOf(endpoint).flatMap((pool) => pool.prefixes.map((at) => ({ ...at, pool })));
    const isOwn = (pool: Pool) => isGatewaysOwn(endpoint, pool);
    const used = [...azureRanges(endpoint, topology, ladders), ...localRanges(context)];
    return pools.flatMap((one) =>
      used
        .filter((range) => overlaps(one.prefix, range.prefix))
        .map((range) => ({
          severity: severityOf(one.prefix, range),
          confidence: 'proven' as const,
          summary: `The client pool ${formatPrefix(one.prefix)} overlaps ${formatPrefix(range.prefix)} of ${range.name}.`,
          rung: 'configured' as const,
          resource: idOf(endpoint),
          property: poolProperty(endpoint, one.pool),
          expected: `a pool outside ${formatPrefix(range.prefix)}`,
          actual: formatPrefix(one.prefix),
          evidence: gathered({ says: 'the pool', origin: one.origin }, [
            { says: `${formatPrefix(one.prefix)} is the client address pool`, origin: one.origin },
            { says: `${formatPrefix(range.prefix)} belongs to ${range.name}`, origin: range.origin },
          ]),
          prefixes: [one.prefix, range.prefix],
          explains: ladders.filter(
            (ladder) =>
              ladder.verdict === 'broken' && overlaps(ladder.prefix, one.prefix) && ladder.lostAt !== 'offered',
          ),
          fixes: [
            {
              by: 'network-admin' as const,
              role: `Network Contributor on ${nameOf(idOf(endpoint))}`,
              commands: isOwn(one.pool) ? setPool(idOf(endpoint), [...keptOf(one.pool, one.prefix), 'NEW-POOL']) : [],
              steps: [
                `Put a free range in the place of ${isOwn(one.pool) ? 'NEW-POOL' : `${formatPrefix(one.prefix)} in ${poolText(one.pool)}`}.`,
                'Everybody needs a new client package afterwards.',
              ],
              disrupts: dropsClients,
              ...(endpoint.kind === 'vnet-gateway' && {
                verify: showGateway(idOf(endpoint), poolProperty(endpoint, one.pool)),
              }),
            },
          ],
        })),
    );
  },
});

interface Used {
  readonly kind: 'vnet' | 'site' | 'silent-site' | 'local';
  readonly name: string;
  readonly prefix: Prefix;
  readonly origin: Origin;
}

/** A site that is wider than the pool does no harm as long as it answers: longer prefixes win. */
function severityOf(pool: Prefix, { kind, prefix }: Used): 'error' | 'warning' | 'info' {
  if (kind === 'site' && !containsPrefix(pool, prefix)) return 'info';
  return kind === 'local' ? 'warning' : 'error';
}

function azureRanges(endpoint: Endpoint, topology: Topology, ladders: readonly Ladder[]): readonly Used[] {
  const home = homeOf(endpoint);
  const tied = new Set(tiedVNets(endpoint, home, topology).map(keyOf));
  const vnets = [...topology.vnets.values()].filter(({ id }) => tied.has(keyOf(id)));
  const ofVNets = vnets.flatMap(({ name, addressSpace }) => addressSpace.map((at) => used('vnet', name, at)));
  // A peered VNet that was not read still shows its ranges in the half here.
  const ofHalves = topology.peerings
    .filter(({ from, to }) => sameResource(from, home) && !topology.vnets.has(keyOf(to)))
    .flatMap(({ to, remoteAddressSpace }) => (remoteAddressSpace ?? []).map((at) => used('vnet', nameOf(to), at)));
  const connected = new Set(
    topology.connections.flatMap(({ localNetworkGateway }) =>
      localNetworkGateway === undefined ? [] : [keyOf(localNetworkGateway)],
    ),
  );
  const ofSites = [...topology.localNetworkGateways.values()]
    .filter(({ id }) => connected.has(keyOf(id)))
    .flatMap(({ name, addressSpace }) =>
      addressSpace.map((at) => used(isSilent(at, ladders) ? 'silent-site' : 'site', name, at)),
    );
  return [...ofVNets, ...ofHalves, ...ofSites];
}

const used = (kind: Used['kind'], name: string, { prefix, origin }: PrefixAt): Used => ({ kind, name, prefix, origin });

function tiedVNets(
  endpoint: Endpoint,
  home: ResourceId | undefined,
  { peerings, hubConnections }: Topology,
): readonly ResourceId[] {
  if (endpoint.kind === 'hub-gateway')
    return hubConnections.flatMap(({ hub, remoteVNet }) =>
      remoteVNet !== undefined && sameResource(hub, endpoint.gateway.hub) ? [remoteVNet] : [],
    );
  return home === undefined
    ? []
    : [home, ...peerings.filter(({ from }) => sameResource(from, home)).map(({ to }) => to)];
}

/** Asked, sent into the tunnel, and no answer. */
function isSilent({ prefix }: PrefixAt, ladders: readonly Ladder[]): boolean {
  return ladders.some(
    (ladder) =>
      overlaps(ladder.prefix, prefix) &&
      ladder.reason === 'branch' &&
      isPresent(ladder) &&
      !answers(ladder) &&
      ladder.rungs.some(({ rung, evidence }) => rung === 'delivered' && evidence.length > 0),
  );
}

/** Networks this host is connected to by a link that is not the tunnel. */
function localRanges({ client, situation, tunnelSpace }: ClimbContext): readonly Used[] {
  if (situation.tunnel === undefined) return [];
  return (client.routes.v4 ?? [])
    .filter(
      (route) =>
        isConnected(route) &&
        !tunnelSpace.routes.includes(route) &&
        !situation.tunnel?.handles.has(route.interface) &&
        !isTunnel(route, client),
    )
    .map((route) => ({
      kind: 'local',
      name: `this computer's network on ${route.interface}`,
      prefix: route.prefix,
      origin: route.origin,
    }));
}

const isConnected = ({ prefix, via, type }: Route): boolean =>
  type === 'unicast' && via.kind === 'on-link' && prefix.length > 7 && prefix.length < 31;

function isTunnel({ interface: name }: Route, { interfaces }: ClientView): boolean {
  return interfaces.some((one) => (one.name === name || String(one.index) === name) && one.isTunnel === true);
}

/** The other ranges of a pool, which stay. */
function keptOf({ prefixes }: Pool, bad: Prefix): readonly string[] {
  return prefixes.filter(({ prefix }) => prefix !== bad).map(({ prefix }) => formatPrefix(prefix));
}

function setPool(gateway: ResourceId, ranges: readonly string[]): readonly Command[] {
  return [
    updateGateway(gateway, '--address-prefixes', ...ranges),
    {
      shell: 'powershell',
      command: `${gatewayVariable(gateway)}; Set-AzVirtualNetworkGateway -VirtualNetworkGateway $gw -VpnClientAddressPool ${ranges.join(',')}`,
    },
  ];
}
