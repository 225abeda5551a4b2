import type { Origin } from '../facts/origin.ts';
import { keyOf } from '../facts/resource-id.ts';
import type { EffectiveRoute, Subnet, Topology, VNet } from '../facts/topology.ts';
import { interfacesIn, vnetAround } from '../facts/topology-index.ts';
import { isAppliance } from '../ladder/appliance.ts';
import type { Ladder } from '../ladder/ladder.ts';
import { type Address, parseAddress } from '../net/address.ts';
import { containsAddress, containsPrefix, type Prefix } from '../net/prefix.ts';

/** A route that hands packets to an appliance: a firewall or another virtual machine that forwards. */
export interface ForwardingRoute {
  readonly prefix: Prefix;
  readonly nextHop: Address;
  readonly origin: Origin;
}

/** The appliance routes of some subnets of a VNet, by their route tables. */
export function applianceRoutesOf(
  vnet: VNet | undefined,
  isMeant: (subnet: Subnet) => boolean,
  { routeTables }: Topology,
): readonly ForwardingRoute[] {
  return (vnet?.subnets ?? [])
    .filter(isMeant)
    .flatMap(({ routeTable }) => (routeTable === undefined ? [] : (routeTables.get(keyOf(routeTable))?.routes ?? [])))
    .flatMap(({ prefix, nextHop = '', nextHopType, origin }) =>
      prefix === undefined || !isAppliance(nextHopType)
        ? []
        : hopsOf(nextHop.split(/,\s*/)).map((hop) => ({ prefix, nextHop: hop, origin })),
    );
}

/** The appliance routes that win the pool on the machines of a prefix: no other route there is as narrow. */
export function winningApplianceRoutes(
  { vnet, prefix }: { readonly vnet: VNet; readonly prefix: Prefix },
  pool: Prefix,
  topology: Topology,
): readonly ForwardingRoute[] {
  return interfacesIn(topology, vnet.id)
    .filter(({ addresses }) => addresses.some(({ address }) => containsAddress(prefix, address)))
    .flatMap(({ id }) => winnerOf(pool, topology.effectiveRoutes.get(keyOf(id)) ?? []))
    .filter(({ row }) => isAppliance(row.nextHopType))
    .flatMap(({ row, prefix: taken }) =>
      hopsOf(row.nextHops).map((nextHop) => ({ prefix: taken, nextHop, origin: row.at })),
    );
}

const hopsOf = (texts: readonly string[]): readonly Address[] => texts.flatMap((text) => parseAddress(text) ?? []);

/** The narrowest route around a prefix; among equals a user's beats the system's. */
function winnerOf(wanted: Prefix, rows: readonly EffectiveRoute[]) {
  const isUser = ({ source }: EffectiveRoute): number => Number(source.toLowerCase() === 'user');
  return rows
    .filter(({ state }) => state.toLowerCase() !== 'invalid')
    .flatMap((row) =>
      row.prefixes.filter((prefix) => containsPrefix(prefix, wanted)).map((prefix) => ({ row, prefix })),
    )
    .toSorted((one, other) => other.prefix.length - one.prefix.length || isUser(other.row) - isUser(one.row))
    .slice(0, 1);
}

/** The VNet that a ladder's prefix belongs to: told by the model, or by the VNet that lists a range around it. */
export function vnetOf({ origin, prefix }: Ladder, topology: Topology): VNet | undefined {
  const told = origin.kind === 'expected' ? origin.route.vnet : undefined;
  return told ?? vnetAround(prefix, topology);
}

/** Whether a user route is as narrow as a prefix that Azure routes by itself: a wider one loses to it. */
export const takesFrom = (route: ForwardingRoute, prefix: Prefix): boolean => containsPrefix(prefix, route.prefix);
