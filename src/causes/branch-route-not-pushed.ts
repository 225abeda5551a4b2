import { powershellWord } from '../diagnosis/commands.ts';
import { defineCause } from '../diagnosis/define-cause.ts';
import { gathered } from '../diagnosis/evidence.ts';
import type { Fix } from '../diagnosis/finding.ts';
import { list } from '../diagnosis/wording.ts';
import { nameOf } from '../facts/resource-id.ts';
import type { Gateway, Topology } from '../facts/topology.ts';
import { type Ladder, rungOf, stateOf } from '../ladder/ladder.ts';
import { siteConnections, tieOf } from '../model/gateway-ties.ts';
import { formatPrefix } from '../net/prefix.ts';
import type { Situation } from '../situation/situation.ts';
import { askedEvidence, askedIn } from './asked.ts';
import { addCustomRoutes, dropsClients, showGateway } from './gateway-commands.ts';

/** What lies behind the gateway's connections is not handed to this kind of client. */
export const branchRouteNotPushed = defineCause({
  code: 'branch-route-not-pushed',
  number: 'C17',
  title: 'Routes of sites and of BGP are not handed to this kind of client',
  severity: 'info',
  about:
    "The gateway knows the prefix from a site's local network gateway or by BGP. A native Windows client is never given such prefixes, and other clients only where the gateway learned them by BGP. That is documented and no fault; the same prefix as a custom route of the gateway is handed to everybody.",
  helpUrl: 'https://learn.microsoft.com/azure/vpn-gateway/vpn-gateway-about-point-to-site-routing',
  needs: ['ladders', 'endpoint', 'topology', 'situation', 'tunnel'],
  detect: ({ ladders, endpoint, topology, situation, tunnel }) => {
    if (endpoint.kind !== 'vnet-gateway') return [];
    const { gateway } = endpoint;
    const missing = ladders.filter((ladder) => isWithheld(ladder, gateway, topology, situation));
    const [first] = missing;
    if (first === undefined) return [];
    const windows = situation.traits.client === 'windows-native';
    return [
      {
        confidence: 'proven',
        summary: `${list(missing)} is known to the gateway, but ${windows ? 'native Windows clients are not given what lies behind its connections' : 'a connection without BGP is not handed to clients'}.`,
        rung: 'offered',
        resource: gateway.id,
        property: 'customRoutes',
        evidence: gathered(
          { says: gateway.name, origin: gateway.origin },
          missing.flatMap((ladder) => rungOf(ladder, 'configured').evidence).slice(0, 4),
          askedEvidence(missing.flatMap((ladder) => askedIn(ladder, situation.asked))),
        ),
        explains: missing,
        fixes: fixesFor(missing, gateway, windows ? (tunnel.connection?.name ?? tunnel.interface) : undefined),
      },
    ];
  },
});

function isWithheld(ladder: Ladder, gateway: Gateway, topology: Topology, { traits, asked }: Situation): boolean {
  if (ladder.expectation !== 'may' || stateOf(ladder, 'active') !== 'lost') return false;
  // With BGP a local network gateway lists the router's own address and nothing else: no network of anybody's.
  if (ladder.reason === 'branch' && ladder.prefix.length === 32) return false;
  const known =
    ladder.reason === 'branch' ||
    ladder.reason === 'bgp' ||
    (ladder.reason === 'vnet-to-vnet' && hasBgp(ladder, gateway, topology));
  if (!known) return false;
  if (traits.client === 'windows-native') return true;
  const fixed =
    ladder.reason === 'branch' && siteConnections(gateway.id, topology).every(({ enableBgp }) => enableBgp === false);
  return fixed && askedIn(ladder, asked).length > 0;
}

/** Without BGP the pool is unknown at the far end, and a route would not help. */
function hasBgp({ origin }: Ladder, gateway: Gateway, topology: Topology): boolean {
  const tie = origin.kind === 'expected' ? tieOf(origin.route.vnet, gateway.id, topology) : undefined;
  return tie?.connections.every(({ enableBgp }) => enableBgp === true) === true;
}

function fixesFor(missing: readonly Ladder[], gateway: Gateway, connection: string | undefined): readonly Fix[] {
  const prefixes = missing.map(({ prefix }) => prefix);
  return [
    {
      by: 'network-admin',
      role: `Network Contributor on ${nameOf(gateway.id)}`,
      commands: addCustomRoutes(gateway.id, gateway.customRoutes, prefixes),
      steps: [
        'Custom routes are replaced as a whole: the command carries those that exist.',
        'Then everybody needs a new client package, or must reconnect where routes are pushed.',
        'The site must know the way back to the client pool, by BGP or by a route of its own.',
      ],
      disrupts: dropsClients,
      verify: showGateway(gateway.id, 'customRoutes'),
    },
    ...(connection === undefined
      ? []
      : [
          {
            by: 'user' as const,
            commands: prefixes.slice(0, 8).map((prefix) => ({
              shell: 'powershell' as const,
              command: `Add-VpnConnectionRoute -ConnectionName ${powershellWord(connection)} -DestinationPrefix ${formatPrefix(prefix)} -PassThru`,
            })),
            steps: [
              'Or add the route on this computer alone, and reconnect. By IKEv2 the gateway must also have a traffic selector for it.',
            ],
            verify: 'onlink',
          },
        ]),
  ];
}
