import { az, groupFlags } from '../diagnosis/commands.ts';
import { defineCause } from '../diagnosis/define-cause.ts';
import { gathered } from '../diagnosis/evidence.ts';
import { list } from '../diagnosis/wording.ts';
import { keyOf, sameResource } from '../facts/resource-id.ts';
import type { Gateway, Topology } from '../facts/topology.ts';
import type { Ladder } from '../ladder/ladder.ts';
import { isPrivate } from '../net/private-range.ts';
import { homeOf } from '../situation/situation.ts';
import { askedEvidence, isPresent, ladderEvidence } from './asked.ts';
import { hasAnswer, ownAsked } from './own-answers.ts';

/** The target is known only to the ExpressRoute gateway beside the VPN gateway. */
export const expressrouteTransit = defineCause({
  code: 'expressroute-transit',
  number: 'C18',
  title: 'The target is behind ExpressRoute',
  severity: 'info',
  about:
    "The prefix is known to the ExpressRoute gateway of the same VNet, not to the VPN gateway. Point-to-Site clients land on the VPN gateway, and the two exchange routes only by a Route Server with branch-to-branch on. Microsoft's documents say that this does not cover Point-to-Site; users and employees report that it works. So it may work, and it is not promised.",
  helpUrl: 'https://learn.microsoft.com/azure/route-server/route-server-faq',
  needs: ['ladders', 'endpoint', 'topology', 'situation', 'context'],
  detect: ({ ladders, endpoint, topology, situation, context }) => {
    const [circuit] = expressRouteGateways(homeOf(endpoint), topology);
    const [first, ...rest] = ladders.filter(
      (ladder) =>
        isBehind(ladder, circuit, topology) &&
        (ownAsked(ladder, ladders, situation.asked).length > 0 || isPresent(ladder)) &&
        !hasAnswer(ladder, ladders, context),
    );
    if (first === undefined || circuit === undefined) return [];
    const found = [first, ...rest];
    const told = found.every(({ reason }) => reason === 'expressroute');
    return [
      {
        confidence: told ? 'proven' : 'likely',
        summary: told
          ? `${list(found)} is known only to the ExpressRoute gateway ${circuit.name}; VPN clients are not promised a way there.`
          : `${list(found)} is listed nowhere that was read; it may be behind the ExpressRoute gateway ${circuit.name}, whose routes were not read.`,
        rung: 'offered',
        resource: circuit.id,
        evidence: gathered(
          { says: circuit.name, origin: circuit.origin },
          [{ says: `${circuit.name} is an ExpressRoute gateway`, origin: circuit.origin }],
          ladderEvidence(first),
          askedEvidence(ownAsked(first, ladders, situation.asked)),
        ),
        explains: found,
        fixes: [
          {
            by: 'network-admin',
            role: 'Network Contributor on the VNet of both gateways',
            commands: [
              az(
                'network',
                'routeserver',
                'update',
                ...groupFlags(circuit.id),
                '-n',
                'ROUTE-SERVER',
                '--allow-b2b-traffic',
                'true',
              ),
            ],
            steps: [
              'Put a Route Server into the VNet of both gateways and let it exchange routes between branches. Documented as not meant for Point-to-Site, reported as working.',
              'On premises, let the client pool be a prefix that ExpressRoute may carry.',
            ],
            disrupts: 'routing between the VPN gateway and ExpressRoute',
            verify: az(
              'network',
              'vnet-gateway',
              'list-learned-routes',
              ...groupFlags(endpoint.gateway.id),
              '-n',
              endpoint.gateway.name,
              '-o',
              'table',
            ).command,
          },
        ],
      },
    ];
  },
});

/** The ExpressRoute gateways that stand in the VNet of the VPN gateway. */
export function expressRouteGateways(home: string | undefined, { gateways }: Topology): readonly Gateway[] {
  return [...gateways.values()].filter(
    ({ gatewayType, homeVNet }) => gatewayType?.toLowerCase() === 'expressroute' && sameResource(homeVNet, home),
  );
}

/** Learned by it; or listed nowhere, while what it learned was not read. */
function isBehind({ reason, prefix }: Ladder, circuit: Gateway | undefined, { learnedRoutes }: Topology): boolean {
  if (reason === 'expressroute') return true;
  return reason === 'asked-for' && circuit !== undefined && !learnedRoutes.has(keyOf(circuit.id)) && isPrivate(prefix);
}
