import { defineCause } from '../diagnosis/define-cause.ts';
import { gathered } from '../diagnosis/evidence.ts';
import type { Fix } from '../diagnosis/finding.ts';
import { prefixList } from '../diagnosis/wording.ts';
import type { Evidence, PrefixAt } from '../facts/origin.ts';
import { nameOf } from '../facts/resource-id.ts';
import type { Gateway, RouteTableResource } from '../facts/topology.ts';
import { gatewaySubnetOf, isAppliance } from '../ladder/appliance.ts';
import type { ClimbContext } from '../ladder/context.ts';
import { mayBeAzures, overlapsPublic } from '../model/public-ranges.ts';
import { covers, setOf } from '../net/address-set.ts';
import { containsPrefix, formatPrefix, type Prefix, prefix, samePrefix } from '../net/prefix.ts';
import { customRoutesCommand } from './custom-routes.ts';

/** Internet traffic is sent to a gateway that does not pass it on. */
export const internetThroughGateway = defineCause({
  code: 'internet-through-gateway',
  number: 'C22',
  title: 'Internet traffic is sent into a VPN that drops it',
  severity: 'warning',
  about:
    "A VPN gateway passes nothing on to the internet: custom routes work for targets on Azure's side only. With 0.0.0.0/0, its two halves, or a public range that is not Azure's among the custom routes, or with a client that sends everything into the tunnel, those packets vanish at the gateway. Virtual WAN with a firewall, or a forced tunnel to a site, is another matter.",
  helpUrl: 'https://learn.microsoft.com/azure/vpn-gateway/azure-vpn-client-optional-configurations',
  needs: ['endpoint', 'context', 'situation'],
  dependsOn: ['vpn-not-connected'],
  detect: ({ endpoint, context }) => {
    // A hub may pass it on, by a firewall or a route of its default table.
    if (endpoint.kind !== 'vnet-gateway') return [];
    const { gateway } = endpoint;
    const further = waysOn(gateway, context);
    if (further === 'some') return [];
    const advertised = gateway.customRoutes.filter(({ prefix: range }, _, all) => isInternet(range, all));
    const own = advertised.length > 0 ? [] : forcedHere(context);
    const evidence: readonly Evidence[] = [
      ...advertised.map(({ prefix: range, origin }) => ({
        says: `${formatPrefix(range)} is a custom route of the gateway`,
        origin,
      })),
      ...own,
    ];
    const [first] = evidence;
    if (first === undefined) return [];
    const prefixes = advertised.length > 0 ? advertised.map(({ prefix: range }) => range) : [prefix('0.0.0.0/0')];
    const wide = prefixes.some(({ length }) => length <= 1);
    return [
      {
        confidence: wide && further === 'none' ? 'proven' : 'likely',
        summary: `${prefixList(prefixes)} is sent into the VPN, and the gateway passes nothing on to the internet: those packets are lost.`,
        rung: 'delivered',
        prefixes,
        ...(advertised.length > 0 && {
          resource: gateway.id,
          property: 'customRoutes',
          expected: "prefixes of Azure's side only",
          actual: advertised.map(({ prefix: range }) => formatPrefix(range)).join(', '),
        }),
        evidence: gathered(first, evidence),
        fixes: fixesFor(gateway, advertised),
      },
    ];
  },
});

/** A default route, both of its halves, or a public range outside of Azure's. */
function isInternet(range: Prefix, all: readonly PrefixAt[]): boolean {
  if (range.length === 1) return covers(setOf(all.map((one) => one.prefix)), setOf([prefix('0.0.0.0/0')]));
  return overlapsPublic(range) && (range.length < 8 || !mayBeAzures(range));
}

/** Whether the gateway can pass it on: to a site it is forced to, or by the GatewaySubnet's own default to an appliance. */
function waysOn(gateway: Gateway, context: ClimbContext): 'some' | 'none' | 'unread' {
  const own = gatewaySubnetOf(context);
  if (gateway.gatewayDefaultSite !== undefined) return 'some';
  if (own === undefined || own.table === 'unread') return 'unread';
  const routes = own.table === 'none' ? [] : own.table.routes;
  const isDefault = ({ prefix: range, nextHopType }: RouteTableResource['routes'][number]) =>
    range !== undefined && range.length <= 1 && isAppliance(nextHopType);
  return routes.some(isDefault) ? 'some' : 'none';
}

/** Nobody advertised it, and this client sends everything into the tunnel by its own setting. */
function forcedHere({ tunnelSpace, client, forwarding, situation }: ClimbContext): readonly Evidence[] {
  const all = prefix('0.0.0.0/0');
  const wide = tunnelSpace.routes.filter(({ prefix: range }) => containsPrefix(all, range) && range.length <= 1);
  if (!covers(setOf(wide.map((route) => route.prefix)), setOf([all]))) return [];
  const wins = forwarding
    .across(all)
    .some(
      ({ decision }) =>
        tunnelSpace.contains(decision) && decision.outcome.kind === 'route' && wide.includes(decision.outcome.route),
    );
  if (!wins) return [];
  const name = situation.tunnel?.connection?.name;
  const settings = [
    ...(client.phonebook ?? [])
      .filter((entry) => entry.remoteDefaultGateway === true && (name === undefined || entry.name === name))
      .map(({ origin }) => ({ says: 'the phonebook entry uses the default gateway of the remote network', origin })),
    ...(client.connections ?? [])
      .filter((one) => one.splitTunneling === false && one.connected !== false)
      .map(({ origin }) => ({ says: 'split tunneling is off', origin })),
    ...(client.openVpn?.redirectGateway === true
      ? [{ says: 'redirect-gateway was pushed', origin: client.openVpn.origin }]
      : []),
  ];
  return [
    ...wide
      .slice(0, 2)
      .map(({ prefix: range, origin }) => ({ says: `${formatPrefix(range)} leads into the tunnel and wins`, origin })),
    ...settings,
  ];
}

function fixesFor(gateway: Gateway, advertised: readonly PrefixAt[]): readonly Fix[] {
  const user: Fix = {
    by: 'client-owner',
    commands: [],
    steps: [
      'Exclude it on the clients: <excluderoutes> in azurevpnconfig.xml, split tunneling on in a native connection.',
      'To carry internet traffic all the same, put a firewall behind the gateway, or use Virtual WAN with one.',
    ],
    disrupts: 'this connection, for a moment',
    verify: 'onlink',
  };
  if (advertised.length === 0) return [user];
  const gone = (range: Prefix) => advertised.some((one) => samePrefix(one.prefix, range));
  return [
    user,
    {
      by: 'network-admin',
      role: `Network Contributor on ${nameOf(gateway.id)}`,
      commands: customRoutesCommand(gateway, { remove: gone }),
      steps: [
        'The command carries the custom routes that stay: Azure replaces the list. Clients renew their profile or reconnect afterwards.',
      ],
      disrupts: 'everybody connected to the gateway: updating it drops Point-to-Site sessions',
      verify: 'onlink',
    },
  ];
}
