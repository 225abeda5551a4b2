import { defineCause } from '../diagnosis/define-cause.ts';
import { gathered } from '../diagnosis/evidence.ts';
import { list } from '../diagnosis/wording.ts';
import { nameOf } from '../facts/resource-id.ts';
import type { Route } from '../facts/route.ts';
import type { ClimbContext } from '../ladder/context.ts';
import type { Ladder } from '../ladder/ladder.ts';
import { idOf } from '../model/endpoint.ts';
import { adapterName } from './adapters.ts';
import { customRoutesCommand } from './custom-routes.ts';
import { detoursOf } from './detours.ts';

/** The tunnel's default route is there, and the local one has the lower metric. */
export const defaultRouteLosesMetric = defineCause({
  code: 'default-route-loses-metric',
  number: 'C23',
  title: "The tunnel's default route loses to the local one",
  severity: 'error',
  about:
    "All traffic should go through the VPN, and the client has a default route for that, but the local network's default route has the lower metric (25 to 40 against 311 is typical of the Azure VPN Client), so nothing is forced into the tunnel. Two halves, 0.0.0.0/1 and 128.0.0.0/1, win over any default by their length; the Azure VPN Client from 2.1900:39.0 on does it by profile version 2.",
  helpUrl: 'https://learn.microsoft.com/azure/virtual-wan/how-to-forced-tunnel',
  needs: ['ladders', 'client', 'tunnel', 'context', 'situation'],
  dependsOn: ['vpn-not-connected'],
  detect: ({ ladders, client, tunnel, context, situation }) => {
    const [detour] = detoursOf('default', ladders, context);
    const winner = detour?.route ?? (isExpected(ladders) ? undefined : winningDefault(context));
    const loser = context.tunnelSpace.routes.find(
      ({ prefix }) => prefix.length === 0 && typeof prefix.first === typeof winner?.prefix.first,
    );
    if (winner === undefined || loser === undefined) return [];
    const taken = detour?.ladders ?? [];
    const version = client.profiles.find(({ kind, version: told }) => kind === 'azurevpn-xml' && told !== undefined);
    const { endpoint } = situation;
    return [
      {
        severity: taken.length > 0 ? 'error' : 'warning',
        confidence: 'proven',
        summary: `The default route into the tunnel (${metricOf(loser)}) loses to the one on ${adapterName(winner, client)} (${metricOf(winner)})${taken.length > 0 ? `: ${list(taken)} stays outside the VPN` : ''}.`,
        rung: 'selected',
        ...(endpoint !== undefined && { resource: idOf(endpoint) }),
        expected: `the default route on ${tunnel.interface} wins`,
        actual: `${adapterName(winner, client)} wins by metric`,
        evidence: gathered(
          { says: 'the winning default route', origin: winner.origin },
          [
            {
              says: `the default route on ${adapterName(winner, client)} has ${metricOf(winner)}, and wins`,
              origin: winner.origin,
            },
          ],
          [
            {
              says: `the default route into the tunnel has ${metricOf(loser)}`,
              origin: loser.origin,
            },
          ],
          version === undefined
            ? []
            : [{ says: `the profile is of version ${version.version}`, origin: version.origin }],
        ),
        explains: taken,
        fixes: [
          {
            by: 'client-owner',
            commands: [],
            steps: [
              'Azure VPN Client: use 2.1900:39.0 or newer, write <version>2</version> into azurevpnconfig.xml, and import it again.',
            ],
            disrupts: 'this connection, for a moment',
            verify: 'route print -4',
          },
          ...(endpoint?.kind !== 'vnet-gateway'
            ? []
            : [
                {
                  by: 'network-admin' as const,
                  role: `Network Contributor on ${nameOf(endpoint.gateway.id)}`,
                  commands: customRoutesCommand(endpoint.gateway, {
                    remove: (prefix) => prefix.length === 0,
                    add: ['0.0.0.0/1', '128.0.0.0/1'],
                  }),
                  steps: [
                    'Advertise two halves instead of one default route; then clients renew their profile or reconnect.',
                  ],
                  disrupts: 'everybody connected to the gateway: updating it drops Point-to-Site sessions',
                  verify: 'onlink',
                },
              ]),
        ],
      },
    ];
  },
});

const metricOf = ({ metric }: Route): string => `metric ${metric ?? 'not told'}`;

/** Azure gives this client a default route: what takes it away is then told for what it is. */
const isExpected = (ladders: readonly Ladder[]): boolean =>
  ladders.some(({ prefix, expectation }) => prefix.length === 0 && expectation !== 'never');

/** Nobody expects a default here, but the tunnel has one: whether it wins is asked of an address that only a default leads to. */
function winningDefault({ tunnelSpace, forwarding }: ClimbContext): Route | undefined {
  const own = tunnelSpace.routes.find(({ prefix }) => prefix.length === 0);
  if (own === undefined) return undefined;
  const [only, ...others] = forwarding
    .across(own.prefix)
    .flatMap(({ decision }) =>
      decision.outcome.kind === 'route' && decision.outcome.route.prefix.length === 0
        ? [{ decision, route: decision.outcome.route }]
        : [],
    );
  const isSure = only !== undefined && others.length === 0 && only.decision.doubts.length === 0;
  return isSure && !tunnelSpace.contains(only.decision) ? only.route : undefined;
}
