import { addRoute, groupOf, listRoutes, powershellWord } from '../diagnosis/commands.ts';
import { defineCause } from '../diagnosis/define-cause.ts';
import { gathered } from '../diagnosis/evidence.ts';
import type { Command } from '../diagnosis/finding.ts';
import { list } from '../diagnosis/wording.ts';
import type { Origin } from '../facts/origin.ts';
import { keyOf, nameOf, type ResourceId } from '../facts/resource-id.ts';
import type { Topology } from '../facts/topology.ts';
import type { ClimbContext } from '../ladder/context.ts';
import type { Ladder } from '../ladder/ladder.ts';
import { type ReturnWitness, returnWitnesses } from '../ladder/returned.ts';
import { type Pool, poolsOf } from '../model/endpoint.ts';
import { containsPrefix, formatPrefix, overlaps, type Prefix } from '../net/prefix.ts';
import { returning } from './way-back.ts';

/** The way back was made for one pool, and this client is of another. */
export const groupPoolNotRouted = defineCause({
  code: 'group-pool-not-routed',
  number: 'C47',
  title: "The way back is made for another group's pool",
  severity: 'error',
  about:
    "The gateway hands addresses out of several pools, by user group. User routes on the target's side name one of them, not the one this client's address is from: users of the other groups are served, this one is not. Told from C31 and C35 by the route that stands for the other pool.",
  helpUrl: 'https://learn.microsoft.com/azure/vpn-gateway/point-to-site-user-groups-create',
  needs: ['ladders', 'endpoint', 'topology', 'situation', 'context'],
  detect: ({ ladders, endpoint, topology, situation, context }) => {
    const mine = prefixesOf(situation.pools);
    const all = prefixesOf(poolsOf(endpoint));
    const [own] = situation.pools.flatMap(({ prefixes }) => prefixes);
    if (own === undefined) return [];
    const pool = own.prefix;
    return oneSided(ladders, mine, all, topology, context).map(({ table, route, ladders: cut }) => ({
      confidence: 'proven',
      summary: `Replies from ${list(cut)} are routed for ${formatPrefix(route.prefix)}, not for ${formatPrefix(pool)}, which this computer's address is from.`,
      rung: 'returned',
      ...(table !== undefined && { resource: table }),
      property: 'routes',
      expected: `a route for ${formatPrefix(pool)} like the one for ${formatPrefix(route.prefix)}`,
      actual: formatPrefix(route.prefix),
      evidence: gathered(
        { says: 'the pools', origin: endpoint.gateway.origin },
        [{ says: `a user route for ${formatPrefix(route.prefix)}, another group's pool`, origin: route.origin }],
        cut
          .flatMap((ladder) =>
            ladder.rungs.filter(({ rung }) => rung === 'returned').flatMap(({ evidence }) => evidence),
          )
          .slice(0, 2),
        [{ says: `${formatPrefix(pool)} is the pool of this computer's group`, origin: own.origin }],
      ),
      explains: cut,
      fixes: [
        {
          by: 'network-admin',
          role:
            table === undefined
              ? "Network Contributor on the route table of the target's subnet"
              : `Network Contributor on ${nameOf(table)}`,
          commands: table === undefined ? [] : routeCommands(table, pool, route),
          steps: [
            `Name ${formatPrefix(pool)} wherever ${formatPrefix(route.prefix)} is named: user routes, security groups, and the selectors of sites.`,
          ],
          ...(table !== undefined && {
            verify: listRoutes(table),
          }),
        },
      ],
    }));
  },
});

const prefixesOf = (pools: readonly Pool[]): readonly Prefix[] =>
  pools.flatMap(({ prefixes }) => prefixes.map(({ prefix }) => prefix));

interface OtherRoute {
  readonly prefix: Prefix;
  readonly nextHopType: string;
  readonly nextHop: string | undefined;
  readonly origin: Origin;
}

interface Cut {
  readonly table: ResourceId | undefined;
  readonly route: OtherRoute;
  readonly ladders: readonly Ladder[];
}

function oneSided(
  ladders: readonly Ladder[],
  mine: readonly Prefix[],
  all: readonly Prefix[],
  topology: Topology,
  context: ClimbContext,
): readonly Cut[] {
  const meant = ({ prefix }: OtherRoute) =>
    all.some((pool) => containsPrefix(prefix, pool)) && !mine.some((pool) => overlaps(prefix, pool));
  const cuts = returning(ladders).flatMap((ladder) =>
    witnessesOf(ladder, context).flatMap((witness) => {
      const route = routesAt(witness, topology).find(meant);
      return route === undefined ? [] : [{ ladder, route, table: witness.table?.id ?? witness.subnet?.routeTable }];
    }),
  );
  const byTable = Map.groupBy(cuts, ({ table }) => (table === undefined ? '' : keyOf(table)));
  return [...byTable.values()].flatMap((found) => {
    const [first] = found;
    return first === undefined ? [] : [{ ...first, ladders: [...new Set(found.map(({ ladder }) => ladder))] }];
  });
}

/** The places whose replies do not find the gateway. */
function witnessesOf(
  { origin, prefix }: ReturnType<typeof returning>[number],
  context: ClimbContext,
): readonly ReturnWitness[] {
  const { vnet } = origin.route;
  return vnet === undefined ? [] : returnWitnesses(vnet, prefix, context).filter(({ leads }) => leads === 'elsewhere');
}

/** The user routes that stand where replies begin, by a gateway or an appliance. */
function routesAt({ nic, table }: ReturnWitness, { effectiveRoutes }: Topology): readonly OtherRoute[] {
  const routes =
    nic === undefined
      ? (table?.routes ?? []).flatMap(({ prefix, ...route }) => (prefix === undefined ? [] : [{ ...route, prefix }]))
      : (effectiveRoutes.get(keyOf(nic.id)) ?? [])
          .filter(({ source }) => source.toLowerCase() === 'user')
          .flatMap(({ prefixes, nextHopType, nextHops, at }) =>
            prefixes.map((prefix) => ({ prefix, nextHopType, nextHop: nextHops[0], origin: at })),
          );
  return routes.filter(({ nextHopType }) => /^(virtualnetworkgateway|virtualappliance)/i.test(nextHopType));
}

function routeCommands(table: ResourceId, pool: Prefix, { nextHopType, nextHop }: OtherRoute): readonly Command[] {
  const name = powershellWord(nameOf(table));
  return [
    addRoute(table, 'vpn-clients-of-group', formatPrefix(pool), nextHopType, nextHop),
    {
      shell: 'powershell',
      command: `Get-AzRouteTable -ResourceGroupName ${powershellWord(groupOf(table))} -Name ${name} | Add-AzRouteConfig -Name vpn-clients-of-group -AddressPrefix ${formatPrefix(pool)} -NextHopType ${nextHopType}${nextHop === undefined ? '' : ` -NextHopIpAddress ${nextHop}`} | Set-AzRouteTable`,
    },
  ];
}
