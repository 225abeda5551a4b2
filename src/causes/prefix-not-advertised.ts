import { defineCause } from '../diagnosis/define-cause.ts';
import { gathered } from '../diagnosis/evidence.ts';
import type { Evidence } from '../facts/origin.ts';
import { keyOf, nameOf } from '../facts/resource-id.ts';
import type { Topology } from '../facts/topology.ts';
import type { ClimbContext } from '../ladder/context.ts';
import type { Ladder } from '../ladder/ladder.ts';
import { unreadListings } from '../ladder/strays.ts';
import { containsPrefix, formatPrefix, type Prefix, prefix, samePrefix } from '../net/prefix.ts';
import { isPrivate } from '../net/private-range.ts';
import { allRoutes } from '../situation/own-addresses.ts';
import { homeOf } from '../situation/situation.ts';
import { answers, askedEvidence, askedIn } from './asked.ts';
import { expressRouteGateways } from './expressroute-transit.ts';
import { addCustomRoutes, dropsClients, showGateway } from './gateway-commands.ts';

/** The target is in nothing the gateway hands out: no VNet, no peering, no site, no BGP, no custom route. */
export const prefixNotAdvertised = defineCause({
  code: 'prefix-not-advertised',
  number: 'C20',
  title: 'Nothing that the gateway hands out covers the target',
  severity: 'info',
  about:
    'A private address was asked for that is in no VNet, no peering, no site, no learned route and no custom route of the gateway. It may be a range behind an appliance (SD-WAN, a firewall, another cloud) that only user routes know: then it has to be a custom route, and the appliance needs the way back. A warning where a route in Azure does know the range. Silent where something that could list it was not read.',
  helpUrl: 'https://learn.microsoft.com/azure/vpn-gateway/vpn-gateway-p2s-advertise-custom-routes',
  needs: ['ladders', 'endpoint', 'topology', 'situation', 'context'],
  dependsOn: ['local-network-overlap'],
  detect: ({ ladders, endpoint, topology, situation, context }) => {
    if (endpoint.kind !== 'vnet-gateway' || unreadListings(context).length > 0) return [];
    const { gateway } = endpoint;
    const unsure = expressRouteGateways(homeOf(endpoint), topology).some(
      ({ id }) => !topology.learnedRoutes.has(keyOf(id)),
    );
    return unsure
      ? []
      : ladders
          .filter((ladder) => isUnknown(ladder, context))
          .map((ladder) => {
            const known = knownBy(ladder.prefix, topology);
            const [first] = known;
            const advertised = first?.prefix ?? ladder.prefix;
            return {
              severity: first === undefined ? ('info' as const) : ('warning' as const),
              confidence: first === undefined ? ('likely' as const) : ('proven' as const),
              summary:
                first === undefined
                  ? `Nothing the gateway hands out covers ${formatPrefix(ladder.prefix)}, and nothing that was read lists it.`
                  : `${formatPrefix(ladder.prefix)} is in ${formatPrefix(first.prefix)}, which a user route knows and the gateway does not hand out.`,
              rung: 'offered' as const,
              resource: gateway.id,
              property: 'customRoutes',
              expected: formatPrefix(advertised),
              actual:
                gateway.customRoutes.length === 0
                  ? 'none'
                  : gateway.customRoutes.map((range) => formatPrefix(range.prefix)).join(', '),
              evidence: gathered(
                { says: `${gateway.name} hands out no such prefix`, origin: gateway.origin },
                known.map(({ evidence }) => evidence).slice(0, 3),
                askedEvidence(askedIn(ladder, situation.asked)),
                [{ says: `${gateway.name} has no custom route for it`, origin: gateway.origin }],
              ),
              explains: [ladder],
              fixes: [
                {
                  by: 'network-admin' as const,
                  role: `Network Contributor on ${nameOf(gateway.id)}`,
                  commands: addCustomRoutes(gateway.id, gateway.customRoutes, [advertised]),
                  steps: [
                    'Only if the address is reached through Azure. Custom routes are replaced as a whole: the command carries those that exist.',
                    'The appliance needs a route to the client pool, and GatewaySubnet a user route to the appliance.',
                    'Then everybody needs a new client package, or must reconnect where routes are pushed.',
                  ],
                  disrupts: dropsClients,
                  verify: showGateway(gateway.id, 'customRoutes'),
                },
              ],
            };
          });
  },
});

/** A private address, not of this host's own networks, that brought no answer. */
function isUnknown(ladder: Ladder, { client, situation }: ClimbContext): boolean {
  if (ladder.reason !== 'asked-for' || !isPrivate(ladder.prefix) || answers(ladder)) return false;
  const own = allRoutes(client).some(
    (route) =>
      route.via.kind === 'on-link' &&
      route.prefix.length > 1 &&
      containsPrefix(route.prefix, ladder.prefix) &&
      situation.tunnel?.handles.has(route.interface) !== true,
  );
  return !own && ladder.parts.every(({ intoTunnel }) => !intoTunnel);
}

const reserved: readonly Prefix[] = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10'].map(prefix);

/** User routes to an appliance that hold the address, narrower than the private ranges themselves. */
function knownBy(
  wanted: Prefix,
  { routeTables, effectiveRoutes }: Topology,
): readonly { readonly prefix: Prefix; readonly evidence: Evidence }[] {
  const meant = (one: Prefix) =>
    one.length > 1 && containsPrefix(one, wanted) && !reserved.some((range) => samePrefix(range, one));
  const tables = [...routeTables.values()].flatMap(({ name, routes }) =>
    routes.flatMap(({ prefix: range, nextHopType, nextHop, origin }) =>
      range !== undefined && meant(range) && /^virtualappliance/i.test(nextHopType)
        ? [
            {
              prefix: range,
              evidence: { says: `${name} sends ${formatPrefix(range)} to ${nextHop ?? nextHopType}`, origin },
            },
          ]
        : [],
    ),
  );
  const nics = [...effectiveRoutes.values()].flat().flatMap(({ prefixes, source, nextHopType, at }) =>
    prefixes.flatMap((range) =>
      source.toLowerCase() === 'user' && meant(range) && /^virtualappliance/i.test(nextHopType)
        ? [
            {
              prefix: range,
              evidence: {
                says: `a machine's effective route sends ${formatPrefix(range)} to ${nextHopType}`,
                origin: at,
              },
            },
          ]
        : [],
    ),
  );
  return [...tables, ...nics];
}
