import type { Evidence } from '../facts/origin.ts';
import type { RouteTableResource } from '../facts/topology.ts';
import type { Prefix } from '../net/prefix.ts';
import { RouteTable } from '../net/route-table.ts';
import { byAppliance, isAppliance } from './appliance.ts';
import type { ClimbContext } from './context.ts';

/** Whether a next hop is the VPN gateway, as effective routes and route tables spell it. */
export function isGateway(nextHopType: string): boolean {
  return nextHopType.toLowerCase() === 'virtualnetworkgateway';
}

/** Where replies to a part of the pool go. */
interface Leading {
  readonly leads: 'to-gateway' | 'elsewhere' | 'unknown';
  readonly evidence: readonly Evidence[];
}

type UserRoute = RouteTableResource['routes'][number];

interface Entry {
  readonly prefix: Prefix;
  readonly metric: number;
  readonly leading: () => Leading;
}

/**
 * What a route table says of replies to the pool, part by part: the most specific user route decides, or the pool's own
 * route, which the gateway propagates; of equal ones the user's.
 */
export function tableLeads(
  table: RouteTableResource,
  pool: Prefix,
  target: Prefix,
  context: ClimbContext,
): readonly Leading[] {
  const own = table.routes.flatMap((route): readonly Entry[] => {
    const { prefix } = route;
    if (prefix === undefined) return [];
    const isWider = prefix.length < pool.length;
    const leading = () => (isWider ? byWiderRoute(route, table) : byUserRoute(route, table, target, context));
    return [{ prefix, metric: 0, leading }];
  });
  const propagated: readonly Entry[] =
    table.disableBgpRoutePropagation === true ? [] : [{ prefix: pool, metric: 1, leading: () => letThrough(table) }];
  return new RouteTable([...own, ...propagated]).slices(pool).map(({ route }) => route?.leading() ?? keptOut(table));
}

// Where the table does not tell, propagation is on: that is the property's default.
function letThrough({ name, origin, disableBgpRoutePropagation }: RouteTableResource): Leading {
  const says =
    disableBgpRoutePropagation === undefined
      ? `${name} does not turn the gateway's routes off`
      : `${name} lets the gateway's routes through`;
  return { leads: 'to-gateway', evidence: [{ says, origin }] };
}

function keptOut({ name, origin }: RouteTableResource): Leading {
  const says = `${name} has disableBgpRoutePropagation on: no gateway route is left`;
  return { leads: 'elsewhere', evidence: [{ says, origin }] };
}

/** Wins only where the gateway's route is kept out; whether a reserved range's None bites before it, no table tells. */
function byWiderRoute({ destination, nextHopType, origin }: UserRoute, table: RouteTableResource): Leading {
  if (!isGateway(nextHopType) && !isAppliance(nextHopType)) return keptOut(table);
  const says = `${table.name}: only ${destination} is left for the pool, to ${nextHopType}`;
  return { leads: 'unknown', evidence: [{ says, origin }] };
}

function byUserRoute(
  { destination, nextHopType, nextHop, origin }: UserRoute,
  table: RouteTableResource,
  target: Prefix,
  context: ClimbContext,
): Leading {
  if (isGateway(nextHopType))
    return { leads: 'to-gateway', evidence: [{ says: `${table.name} sends the pool to the gateway`, origin }] };
  const here = { says: `${table.name}: ${destination} goes to ${[nextHopType, nextHop].join(' ').trim()}`, origin };
  if (!isAppliance(nextHopType)) return { leads: 'elsewhere', evidence: [here] };
  const { leads, evidence } = byAppliance((nextHop ?? '').split(/,\s*/), target, context);
  return { leads, evidence: [here, ...evidence] };
}
