import { az, groupFlags, groupOf, powershellWord } from '../diagnosis/commands.ts';
import { type Detected, defineCause } from '../diagnosis/define-cause.ts';
import { gathered } from '../diagnosis/evidence.ts';
import { list } from '../diagnosis/wording.ts';
import { keyOf, nameOf } from '../facts/resource-id.ts';
import type { RouteTableResource } from '../facts/topology.ts';
import { gatewaySubnetOf } from '../ladder/appliance.ts';
import type { ClimbContext } from '../ladder/context.ts';
import { type Ladder, stateOf } from '../ladder/ladder.ts';
import { covers, setOf } from '../net/address-set.ts';
import { containsPrefix, formatPrefix, overlaps } from '../net/prefix.ts';
import { answers } from './asked.ts';
import { returning } from './way-back.ts';

/** A route table takes the peering's own route away. */
export const peeringRouteDisabled = defineCause({
  code: 'peering-route-disabled',
  number: 'C36',
  title: "A route table takes the peering's route away",
  severity: 'error',
  about:
    "A peering gives each side a route to the other. A route table with disablePeeringRoute set to All removes it from its subnets, and a user route for the peered range to None or the internet overrides it: on the target's subnet the gateway's VNet is out of reach, on the GatewaySubnet the spoke is. The peering itself looks perfect.",
  helpUrl: 'https://learn.microsoft.com/azure/virtual-network/virtual-networks-udr-overview',
  needs: ['ladders', 'context', 'topology'],
  dependsOn: ['gateway-subnet-route-table'],
  detect: ({ ladders, context }) => [
    ...spokeTables(ladders, context).map(({ table, ladders: cut }) =>
      found(table, cut, `the subnets of ${list(cut)}`, true),
    ),
    ...hubTable(ladders, context),
  ],
});

interface Concerned {
  readonly table: RouteTableResource;
  readonly ladders: readonly Ladder[];
}

const isDisabled = ({ disablePeeringRoute }: RouteTableResource): boolean =>
  disablePeeringRoute?.toLowerCase() === 'all';

/** Tables of the targets' own subnets. */
function spokeTables(ladders: readonly Ladder[], { topology }: ClimbContext): readonly Concerned[] {
  const pairs = returning(ladders)
    .filter(({ reason }) => reason === 'gateway-transit' || reason === 'unsynced-range')
    .flatMap((ladder) =>
      (ladder.origin.route.vnet?.subnets ?? [])
        .filter(({ prefixes }) => prefixes.some((range) => overlaps(range, ladder.prefix)))
        .flatMap(({ routeTable }) =>
          routeTable === undefined ? [] : (topology.routeTables.get(keyOf(routeTable)) ?? []),
        )
        .filter(isDisabled)
        .map((table) => ({ table, ladder })),
    );
  return [...Map.groupBy(pairs, ({ table }) => table)].map(([table, alike]) => ({
    table,
    ladders: [...new Set(alike.map(({ ladder }) => ladder))],
  }));
}

/** The GatewaySubnet's own: without the peering's route, or with one to nowhere, the gateway does not find the spoke. */
function hubTable(ladders: readonly Ladder[], context: ClimbContext): readonly Detected[] {
  const table = gatewaySubnetOf(context)?.table;
  if (typeof table !== 'object') return [];
  const peered = returning(ladders).filter(({ reason }) => reason === 'gateway-transit');
  if (isDisabled(table)) {
    // Own routes for the spoke may stand in for the peering's.
    const own = setOf(
      table.routes.flatMap(({ prefix, nextHopType }) =>
        prefix === undefined || isNowhere(nextHopType) ? [] : [prefix],
      ),
    );
    const cut = peered.filter(({ prefix }) => !covers(own, setOf([prefix])));
    return cut.length === 0 ? [] : [found(table, cut, 'the GatewaySubnet', false)];
  }
  return table.routes
    .filter(({ nextHopType }) => isNowhere(nextHopType))
    .flatMap((route) => {
      // A wider route loses to the peering's.
      const cut = peered.filter(({ prefix }) => route.prefix !== undefined && containsPrefix(prefix, route.prefix));
      return cut.length === 0 ? [] : [overridden(table, route, cut)];
    });
}

const isNowhere = (nextHopType: string): boolean => /^(none|internet)$/i.test(nextHopType);

/** On the target's own subnet a NIC that still leads to the gateway shows that clients are served. */
function found(table: RouteTableResource, cut: readonly Ladder[], where: string, isTargets: boolean): Detected {
  const name = powershellWord(nameOf(table.id));
  return {
    severity: cut.every((ladder) => answers(ladder) || (isTargets && stateOf(ladder, 'returned') === 'held'))
      ? 'warning'
      : 'error',
    confidence: cut.some(answers) ? 'likely' : 'proven',
    summary: `${table.name} keeps peering routes out of ${where}: ${list(cut)} and the gateway's VNet do not find each other.`,
    rung: 'returned',
    resource: table.id,
    property: 'disablePeeringRoute',
    expected: 'None',
    actual: `${table.disablePeeringRoute}`,
    evidence: gathered({
      says: `${table.name}: disablePeeringRoute is ${table.disablePeeringRoute}`,
      origin: table.origin,
    }),
    explains: cut,
    fixes: [
      {
        by: 'network-admin',
        role: `Network Contributor on ${table.name}`,
        commands: [
          az(
            'network',
            'route-table',
            'update',
            ...groupFlags(table.id),
            '-n',
            nameOf(table.id),
            '--set',
            'disablePeeringRoute=None',
          ),
          {
            shell: 'powershell',
            command: `$rt = Get-AzRouteTable -ResourceGroupName ${powershellWord(groupOf(table.id))} -Name ${name}; $rt.DisablePeeringRoute = 'None'; Set-AzRouteTable -RouteTable $rt`,
          },
        ],
        steps: ['Or add a user route for the peered range that leads where it should.'],
        disrupts: 'routing of every subnet that uses the table',
        verify: az(
          'network',
          'route-table',
          'show',
          ...groupFlags(table.id),
          '-n',
          nameOf(table.id),
          '--query',
          'disablePeeringRoute',
        ).command,
      },
    ],
  };
}

function overridden(
  table: RouteTableResource,
  route: RouteTableResource['routes'][number],
  cut: readonly Ladder[],
): Detected {
  return {
    severity: cut.some(answers) ? 'warning' : 'error',
    confidence: 'proven',
    summary: `${table.name} of the GatewaySubnet sends ${route.destination} to ${route.nextHopType}: packets for ${list(cut)} end at the gateway.`,
    rung: 'returned',
    resource: table.id,
    property: 'routes',
    expected: `${cut.map(({ prefix }) => formatPrefix(prefix)).join(', ')} by the peering`,
    actual: `${route.destination} to ${route.nextHopType}`,
    evidence: gathered({
      says: `${table.name}: ${route.destination} goes to ${route.nextHopType}`,
      origin: route.origin,
    }),
    explains: cut,
    fixes: [
      {
        by: 'network-admin',
        role: `Network Contributor on ${table.name}`,
        commands: [
          az(
            'network',
            'route-table',
            'route',
            'delete',
            ...groupFlags(table.id),
            '--route-table-name',
            nameOf(table.id),
            '-n',
            route.name,
          ),
        ],
        steps: [],
        disrupts: 'everybody who reaches this range by the gateway',
        verify: az(
          'network',
          'route-table',
          'route',
          'list',
          ...groupFlags(table.id),
          '--route-table-name',
          nameOf(table.id),
          '-o',
          'table',
        ).command,
      },
    ],
  };
}
