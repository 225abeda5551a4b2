import { setPeeringFlag, showPeering } from '../diagnosis/commands.ts';
import { defineCause } from '../diagnosis/define-cause.ts';
import { gathered } from '../diagnosis/evidence.ts';
import { list } from '../diagnosis/wording.ts';
import { keyOf, nameOf, type ResourceId, sameResource } from '../facts/resource-id.ts';
import type { Peering, Subnet, Topology } from '../facts/topology.ts';
import { peeringBetween, vnetHolding } from '../facts/topology-index.ts';
import type { Ladder } from '../ladder/ladder.ts';
import { formatAddress } from '../net/address.ts';
import { formatPrefix, overlaps, type Prefix } from '../net/prefix.ts';
import { homeOf } from '../situation/situation.ts';
import { applianceRoutesOf, type ForwardingRoute, takesFrom, vnetOf, winningApplianceRoutes } from './forwarders.ts';
import { hasAnswer } from './own-answers.ts';

/** A firewall forwards between VNets, and a peering refuses what it forwards. */
export const forwardedTrafficBlocked = defineCause({
  code: 'forwarded-traffic-blocked',
  number: 'C06',
  title: 'The peering refuses traffic that a firewall forwards',
  severity: 'error',
  about:
    'A user route sends packets between clients and the target by a firewall or another appliance, and the half of the peering that would take them in has allowForwardedTraffic off: it drops every packet that did not begin in the peered VNet. The flag matters only there; the VPN gateway itself is no such forwarder, and without an appliance in the path the flag is of no account.',
  helpUrl: 'https://learn.microsoft.com/azure/virtual-network/virtual-network-manage-peering',
  needs: ['ladders', 'topology', 'situation', 'context'],
  dependsOn: ['peering-access-off', 'peering-disconnected', 'peering-half-missing'],
  detect: ({ ladders, topology, situation, context }) => {
    const home = homeOf(situation.endpoint);
    if (home === undefined) return [];
    const pools = situation.pools.flatMap(({ prefixes }) => prefixes.map(({ prefix }) => prefix));
    const silent = ladders.filter((ladder) => !hasAnswer(ladder, ladders, context));
    return refusals(silent, home, pools, topology).map(({ half, route, ladders: stopped }) => ({
      confidence: 'proven',
      summary: `${list(stopped)} is reached by ${formatAddress(route.nextHop)}, and the peering ${half.name} of ${nameOf(half.from)} drops what is forwarded.`,
      rung: 'returned',
      resource: half.id,
      property: 'allowForwardedTraffic',
      expected: 'true',
      actual: 'false',
      evidence: gathered({ says: half.name, origin: half.origin }, [
        { says: `${nameOf(half.from)}'s half ${half.name}: allowForwardedTraffic is false`, origin: half.origin },
        {
          says: `a user route sends ${formatPrefix(route.prefix)} to ${formatAddress(route.nextHop)}`,
          origin: route.origin,
        },
      ]),
      explains: stopped,
      fixes: [
        {
          by: 'network-admin',
          role: `Network Contributor on ${nameOf(half.from)}`,
          commands: setPeeringFlag(half.id, 'allowForwardedTraffic', true),
          steps: [`Or take the user route out, so that ${formatPrefix(route.prefix)} goes by the gateway directly.`],
          verify: showPeering(half.id, 'allowForwardedTraffic'),
        },
      ],
    }));
  },
});

interface Refusal {
  readonly half: Peering;
  readonly route: ForwardingRoute;
  readonly ladders: readonly Ladder[];
}

function refusals(
  ladders: readonly Ladder[],
  home: ResourceId,
  pools: readonly Prefix[],
  topology: Topology,
): readonly Refusal[] {
  const found = ladders
    .filter(({ expectation, reason }) => expectation !== 'never' && reason !== 'pool')
    .flatMap((ladder) => refusing(ladder, home, pools, topology).map((one) => ({ ...one, ladder })));
  return [...Map.groupBy(found, ({ half }) => keyOf(half.id)).values()].flatMap((alike) => {
    const [first] = alike;
    return first === undefined ? [] : [{ ...first, ladders: [...new Set(alike.map(({ ladder }) => ladder))] }];
  });
}

/** The way there: gateway, appliance, target. The way back: target, appliance, gateway. */
function refusing(
  ladder: Ladder,
  home: ResourceId,
  pools: readonly Prefix[],
  topology: Topology,
): readonly { readonly half: Peering; readonly route: ForwardingRoute }[] {
  const target = vnetOf(ladder, topology);
  if (target === undefined) return [];
  const peered = peeringBetween(topology, home, target.id) !== undefined;
  const own = topology.vnets.get(keyOf(home));
  const there = applianceRoutesOf(own, isGatewaySubnet, topology).filter((route) =>
    peered ? takesFrom(route, ladder.prefix) : overlaps(route.prefix, ladder.prefix),
  );
  const isInside = (subnet: Subnet) =>
    !isGatewaySubnet(subnet) && subnet.prefixes.some((range) => overlaps(range, ladder.prefix));
  const tables = applianceRoutesOf(target, isInside, topology);
  const back = pools.flatMap((pool) => [
    ...tables.filter((route) => takesFrom(route, pool)),
    ...winningApplianceRoutes({ vnet: target, prefix: ladder.prefix }, pool, topology),
  ]);
  return [...there.map((route) => ({ route, to: target.id })), ...back.map((route) => ({ route, to: home }))].flatMap(
    ({ route, to }) => {
      const middle = vnetHolding(route.nextHop, topology);
      if (middle === undefined || sameResource(middle.id, to)) return [];
      const half = peeringBetween(topology, to, middle.id);
      return half?.allowForwardedTraffic === false ? [{ half, route }] : [];
    },
  );
}

const isGatewaySubnet = ({ name }: Subnet): boolean => name.toLowerCase() === 'gatewaysubnet';
