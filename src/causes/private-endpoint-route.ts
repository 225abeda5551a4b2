import { afterwards } from '../diagnosis/client-steps.ts';
import { az, groupFlags } from '../diagnosis/commands.ts';
import { type Detected, defineCause } from '../diagnosis/define-cause.ts';
import { gathered } from '../diagnosis/evidence.ts';
import { nameOf, sameResource } from '../facts/resource-id.ts';
import type { RouteTableResource, VNet } from '../facts/topology.ts';
import { peeringsFrom } from '../facts/topology-index.ts';
import { applianceRoutes, gatewaySubnetOf } from '../ladder/appliance.ts';
import type { ClimbContext } from '../ladder/context.ts';
import { type Ladder, rungOf, stateOf } from '../ladder/ladder.ts';
import { type Address, formatAddress } from '../net/address.ts';
import { containsAddress, containsPrefix, formatPrefix, hostPrefix, samePrefix } from '../net/prefix.ts';
import { homeOf } from '../situation/situation.ts';
import { customRoutesCommand } from './custom-routes.ts';
import { type EndpointAddress, endpointAddresses } from './private-endpoints.ts';

/** A private endpoint goes its own way: past the appliance, or without a route here. */
export const privateEndpointRoute = defineCause({
  code: 'private-endpoint-route',
  number: 'C38',
  title: 'A private endpoint does not follow the routes around it',
  severity: 'warning',
  about:
    "A private endpoint puts a /32 route (InterfaceEndpoint) into its VNet and those peered with it. It beats a wider user route, so traffic passes the firewall by, unless network policies are on for the endpoint's subnet and the user route is specific enough. And an endpoint in a VNet that clients are not given needs a route of its own on the client: it may answer even where transit is off, since the gateway's VNet knows its /32.",
  helpUrl: 'https://learn.microsoft.com/azure/private-link/disable-private-endpoint-network-policy',
  needs: ['ladders', 'context', 'topology', 'situation'],
  dependsOn: [],
  detect: ({ ladders, context, topology, situation }) => {
    const endpoints = endpointAddresses(topology);
    return [
      ...endpoints.flatMap((one) => pastAppliance(one, ladders, context)),
      ...endpoints
        .filter(({ address }) => situation.asked.some((asked) => asked.address === address))
        .flatMap((one) => withoutRoute(one, ladders, context)),
    ];
  },
});

const enforcing = /^(routetableenabled|enabled)$/i;

/** The GatewaySubnet sends the range to an appliance; the endpoint's own /32 is more specific and ignores it. */
function pastAppliance(
  { endpoint, address, place }: EndpointAddress,
  ladders: readonly Ladder[],
  context: ClimbContext,
): readonly Detected[] {
  const table = gatewaySubnetOf(context)?.table;
  const policies = place?.subnet.privateEndpointNetworkPolicies;
  if (typeof table !== 'object' || place === undefined || policies === undefined || enforcing.test(policies)) return [];
  const { subnet, vnet } = place;
  const taken = isNear(vnet, context) ? takingRoute(table, address, vnet) : undefined;
  if (taken === undefined) return [];
  const hop = taken.nextHop ?? taken.nextHopType;
  const text = formatAddress(address);
  return [
    {
      confidence: 'proven',
      summary: `Traffic to the private endpoint ${endpoint.name} (${text}) passes the appliance ${hop} by: its own /32 route is more specific.`,
      rung: 'returned',
      prefixes: [hostPrefix(address)],
      resource: subnet.id,
      property: 'privateEndpointNetworkPolicies',
      expected: 'RouteTableEnabled',
      actual: policies,
      evidence: gathered(
        {
          says: `${subnet.name}: privateEndpointNetworkPolicies is ${policies}`,
          origin: subnet.origin,
        },
        [
          {
            says: `${subnet.name}: privateEndpointNetworkPolicies is ${policies}`,
            origin: subnet.origin,
          },
          {
            says: `${table.name} of the GatewaySubnet: ${taken.destination} goes to ${hop}`,
            origin: taken.origin,
          },
        ],
      ),
      explains: ladders.filter(
        ({ prefix, verdict }) => verdict === 'broken' && containsAddress(prefix, address) && prefix.length > 1,
      ),
      fixes: [
        {
          by: 'network-admin',
          role: `Network Contributor on ${nameOf(subnet.id)}`,
          commands: [
            az(
              'network',
              'vnet',
              'subnet',
              'update',
              ...groupFlags(subnet.id),
              '--vnet-name',
              nameOf(vnet.id),
              '-n',
              subnet.name,
              '--private-endpoint-network-policies',
              'RouteTableEnabled',
            ),
          ],
          steps: [
            'An older CLI takes Enabled instead.',
            "The user route must then be at least as specific as the VNet's range.",
          ],
          disrupts: 'flows to the private endpoints of this subnet',
          verify: az(
            'network',
            'vnet',
            'subnet',
            'show',
            ...groupFlags(subnet.id),
            '--vnet-name',
            nameOf(vnet.id),
            '-n',
            subnet.name,
            '--query',
            'privateEndpointNetworkPolicies',
          ).command,
        },
      ],
    },
  ];
}

/** The gateway's VNet has the endpoint's /32 where it holds the endpoint, or is peered with the VNet that does. */
function isNear({ id }: VNet, { topology, situation }: ClimbContext): boolean {
  const home = homeOf(situation.endpoint);
  return sameResource(id, home) || peeringsFrom(topology, home ?? '').some(({ to }) => sameResource(to, id));
}

/** The route that takes the endpoint's neighbours to an appliance: one that a VNet's own route does not beat. */
function takingRoute(table: RouteTableResource, address: Address, { addressSpace }: VNet) {
  const host = hostPrefix(address);
  // A user route of the very address wins over the endpoint's own.
  if (table.routes.some(({ prefix }) => prefix !== undefined && samePrefix(prefix, host))) return undefined;
  return applianceRoutes(table, host).find(
    ({ prefix }) => prefix !== undefined && addressSpace.some((range) => containsPrefix(range.prefix, prefix)),
  );
}

/** Somebody asked for it, and no route leads there. */
function withoutRoute(
  { endpoint, address, place }: EndpointAddress,
  ladders: readonly Ladder[],
  context: ClimbContext,
): readonly Detected[] {
  const [ladder] = ladders
    .filter(({ prefix }) => containsAddress(prefix, address))
    .toSorted((a, b) => b.prefix.length - a.prefix.length);
  if (ladder === undefined || stateOf(ladder, 'active') !== 'lost' || stateOf(ladder, 'offered') === 'held') return [];
  const { endpoint: gateway, traits } = context.situation;
  const text = formatAddress(address);
  return [
    {
      severity: 'info',
      confidence: 'likely',
      summary: `The private endpoint ${endpoint.name} (${text}) stands in ${place?.vnet.name ?? ladder.owner}, which this client has no route to; a custom route for it alone may be enough.`,
      rung: 'offered',
      prefixes: [hostPrefix(address)],
      expected: 'a route that holds it',
      actual: 'none',
      evidence: gathered(
        { says: `${text} is of the private endpoint ${endpoint.name}`, origin: endpoint.origin },
        [{ says: `${text} is of the private endpoint ${endpoint.name}`, origin: endpoint.origin }],
        rungOf(ladder, 'offered').evidence.slice(0, 2),
      ),
      fixes:
        gateway?.kind !== 'vnet-gateway'
          ? []
          : [
              {
                by: 'network-admin',
                role: `Network Contributor on ${nameOf(gateway.gateway.id)}`,
                commands: customRoutesCommand(gateway.gateway, {
                  add: [formatPrefix(hostPrefix(address))],
                }),
                steps: [
                  'The command carries the custom routes that are set now: Azure replaces the list.',
                  afterwards(traits),
                ],
                disrupts: 'everybody connected to the gateway: updating it drops Point-to-Site sessions',
                verify: 'onlink',
              },
            ],
    },
  ];
}
