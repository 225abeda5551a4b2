import { addRoute, listRoutes } from '../diagnosis/commands.ts';
import { gathered } from '../diagnosis/evidence.ts';
import type { Command, Fix } from '../diagnosis/finding.ts';
import type { Evidence } from '../facts/origin.ts';
import { keyOf, nameOf, type ResourceId } from '../facts/resource-id.ts';
import type { RouteTableResource, Subnet } from '../facts/topology.ts';
import { applianceNic, isAppliance } from '../ladder/appliance.ts';
import type { ClimbContext } from '../ladder/context.ts';
import type { Ladder } from '../ladder/ladder.ts';
import { type ReturnWitness, returnWitnesses } from '../ladder/returned.ts';
import { formatPrefix, overlaps, type Prefix } from '../net/prefix.ts';

/** A user route that takes the client pool elsewhere, as the places that show it have it. */
export interface Override {
  readonly nextHopType: string;
  readonly nextHops: readonly string[];
  /** The table to change, where it is known. */
  readonly table: ResourceId | undefined;
  readonly destination: string;
  readonly witnesses: readonly ReturnWitness[];
  readonly ladders: readonly Ladder[];
}

/** Ladders whose way back can be judged: a VNet of Azure that clients should or may reach. */
export function returning(
  ladders: readonly Ladder[],
): readonly (Ladder & { readonly origin: Extract<Ladder['origin'], { readonly kind: 'expected' }> })[] {
  return ladders.filter(
    (ladder): ladder is Ladder & { readonly origin: Extract<Ladder['origin'], { readonly kind: 'expected' }> } =>
      ladder.origin.kind === 'expected' && ladder.origin.route.vnet !== undefined && ladder.expectation !== 'never',
  );
}

/** User routes that win the pool somewhere and do not lead to the gateway, each with all it cuts off. */
export function overridesOf(ladders: readonly Ladder[], context: ClimbContext): readonly Override[] {
  const takings = returning(ladders).flatMap((ladder) =>
    witnessesOf(ladder, context).flatMap((witness) => {
      const taken = overrideIn(witness, context);
      return taken === undefined ? [] : [{ ...taken, witness, ladder }];
    }),
  );
  return [
    ...Map.groupBy(
      takings,
      ({ table, destination, nextHops }) => `${table?.toLowerCase()} ${destination} ${nextHops.join()}`,
    ).values(),
  ].flatMap((alike) => {
    const [first] = alike;
    if (first === undefined) return [];
    return [
      {
        ...first,
        witnesses: alike.map(({ witness }) => witness),
        ladders: [...new Set(alike.map(({ ladder }) => ladder))],
      },
    ];
  });
}

/** What each place of a ladder's VNet says of the way back. */
export function witnessesOf(
  ladder: ReturnType<typeof returning>[number],
  context: ClimbContext,
): readonly ReturnWitness[] {
  const { vnet } = ladder.origin.route;
  return vnet === undefined ? [] : returnWitnesses(vnet, ladder.prefix, context);
}

/**
 * The gateway's routes are kept out of the subnet: no route of the pool's own length is left, and whatever is wider (a
 * reserved range's None, a default route) takes the replies.
 */
export function isCutOff({ leads, route, nic, table, subnet }: ReturnWitness, context: ClimbContext): boolean {
  if (leads !== 'elsewhere') return false;
  const pools = poolsOf(context);
  const own = table ?? tableOf(subnet, context);
  if (nic === undefined) return own?.disableBgpRoutePropagation === true && userRouteAt(own, pools) === undefined;
  const off = route?.disableBgpRoutePropagation ?? own?.disableBgpRoutePropagation;
  const isUser = route?.source.toLowerCase() === 'user';
  const specific = isUser && route.prefixes.some((prefix) => takesPool(prefix, pools));
  // Where the flag was not told, a table that nobody read is what keeps them out most of the time.
  return (off === true || (off === undefined && subnet?.routeTable !== undefined)) && !specific;
}

/** Whether propagation was read to be off, or only looks like it. */
export function isToldOff({ route, table, subnet }: ReturnWitness, context: ClimbContext): boolean {
  const own = table ?? tableOf(subnet, context);
  return (route?.disableBgpRoutePropagation ?? own?.disableBgpRoutePropagation) === true;
}

const tableOf = (subnet: Subnet | undefined, { topology }: ClimbContext): RouteTableResource | undefined =>
  topology.routeTables.get(keyOf(subnet?.routeTable ?? ''));

/** As specific as a pool that it touches, or more: then it wins over the gateway's own route. */
function takesPool(prefix: Prefix, pools: readonly Prefix[]): boolean {
  return pools.some((pool) => overlaps(prefix, pool) && prefix.length >= pool.length);
}

function userRouteAt(
  table: RouteTableResource,
  pools: readonly Prefix[],
): RouteTableResource['routes'][number] | undefined {
  return table.routes.find(
    ({ prefix, nextHopType }) =>
      prefix !== undefined && nextHopType.toLowerCase() !== 'virtualnetworkgateway' && takesPool(prefix, pools),
  );
}

function overrideIn(
  witness: ReturnWitness,
  context: ClimbContext,
): Pick<Override, 'nextHopType' | 'nextHops' | 'table' | 'destination'> | undefined {
  const { leads, route, table, subnet, nic } = witness;
  if (leads !== 'elsewhere' || isCutOff(witness, context)) return undefined;
  if (nic !== undefined) {
    if (route === undefined || route.source.toLowerCase() !== 'user') return undefined;
    return {
      nextHopType: route.nextHopType,
      nextHops: route.nextHops,
      table: subnet?.routeTable,
      destination: route.prefixes.map(formatPrefix).join(', '),
    };
  }
  const pools = poolsOf(context);
  const row = table && userRouteAt(table, pools);
  return (
    row && {
      nextHopType: row.nextHopType,
      nextHops: row.nextHop === undefined ? [] : row.nextHop.split(/,\s*/),
      table: table.id,
      destination: row.destination,
    }
  );
}

/** An appliance that is known to exist, so that a path by way of it is meant, and only half built. */
export function isMeantPath(
  { nextHopType, nextHops }: Pick<Override, 'nextHopType' | 'nextHops'>,
  context: ClimbContext,
): boolean {
  return isAppliance(nextHopType) && applianceNic(nextHops, context) !== undefined;
}

/** What the places that show the way back say of it, and what else bears on it. */
export function replyEvidence(
  witnesses: readonly ReturnWitness[],
  more: readonly Evidence[] = [],
): readonly [Evidence, ...Evidence[]] {
  const told = witnesses.flatMap(({ evidence }) => evidence).slice(0, 4);
  return gathered({ says: 'the way back', origin: { artifact: '' } }, told, more);
}

/** User routes that lead the pools back to the gateway. */
export function routesToGateway(table: ResourceId, context: ClimbContext): readonly Command[] {
  return poolsOf(context).map((pool, index) =>
    addRoute(table, `vpn-clients${index === 0 ? '' : `-${index + 1}`}`, formatPrefix(pool), 'VirtualNetworkGateway'),
  );
}

/** The same for the table that takes the pool elsewhere now. */
export function poolToGateway(table: ResourceId | undefined, context: ClimbContext): Fix {
  if (table === undefined)
    return {
      by: 'network-admin',
      commands: [],
      steps: [
        `In the route table of the target's subnet, lead ${poolsOf(context).map(formatPrefix).join(', ')} to the virtual network gateway.`,
      ],
    };
  return {
    by: 'network-admin',
    role: `Network Contributor on ${nameOf(table)}`,
    commands: routesToGateway(table, context),
    steps: ['A route of the same prefix exists? Then change that one: az network route-table route update.'],
    disrupts: 'flows of VPN clients that pass the present next hop',
    verify: listRoutes(table),
  };
}

const poolsOf = ({ situation }: ClimbContext): readonly Prefix[] =>
  situation.pools.flatMap(({ prefixes }) => prefixes.map(({ prefix }) => prefix));
