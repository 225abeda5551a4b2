import type { Evidence } from '../facts/origin.ts';
import type { RouteTableResource } from '../facts/topology.ts';
import { containsPrefix, overlaps, type Prefix } from '../net/prefix.ts';
import { byAppliance, isAppliance } from './appliance.ts';
import type { ClimbContext } from './context.ts';

/** Whether a next hop is the VPN gateway, as effective routes and route tables spell it. */
export function isGateway(nextHopType: string): boolean {
  return nextHopType.toLowerCase() === 'virtualnetworkgateway';
}

/** What a route table says of replies to the pool: the most specific user route first, then propagation. */
export function tableLeads(
  table: RouteTableResource,
  pool: Prefix,
  target: Prefix,
  context: ClimbContext,
): { readonly leads: 'to-gateway' | 'elsewhere' | 'unknown'; readonly evidence: readonly Evidence[] } {
  const specific = table.routes.filter((route) => route.prefix !== undefined && overlaps(route.prefix, pool));
  const winning = specific.filter(
    (route) => route.prefix !== undefined && (route.prefix.length >= pool.length || containsPrefix(pool, route.prefix)),
  );
  const astray = winning.find(({ nextHopType }) => !isGateway(nextHopType));
  if (astray !== undefined) {
    const here = {
      says: `${table.name}: ${astray.destination} goes to ${astray.nextHopType}${astray.nextHop === undefined ? '' : ` ${astray.nextHop}`}`,
      origin: astray.origin,
    };
    if (!isAppliance(astray.nextHopType)) return { leads: 'elsewhere', evidence: [here] };
    const { leads, evidence } = byAppliance((astray.nextHop ?? '').split(/,\s*/), target, context);
    return { leads, evidence: [here, ...evidence] };
  }
  if (winning.some(({ prefix }) => prefix !== undefined && containsPrefix(prefix, pool)))
    return {
      leads: 'to-gateway',
      evidence: [{ says: `${table.name} sends the pool to the gateway`, origin: winning[0]?.origin ?? table.origin }],
    };
  if (table.disableBgpRoutePropagation === true) {
    const wide = specific.find(({ nextHopType }) => isGateway(nextHopType) || isAppliance(nextHopType));
    if (wide !== undefined)
      return {
        leads: 'unknown',
        evidence: [
          {
            says: `${table.name}: only ${wide.destination} is left for the pool, to ${wide.nextHopType}`,
            origin: wide.origin,
          },
        ],
      };
    return {
      leads: 'elsewhere',
      evidence: [
        { says: `${table.name} has disableBgpRoutePropagation on: no gateway route is left`, origin: table.origin },
      ],
    };
  }
  return {
    leads: 'to-gateway',
    evidence: [{ says: `${table.name} lets the gateway's routes through`, origin: table.origin }],
  };
}
