import type { Origin } from '../facts/origin.ts';
import { keyOf, type ResourceId } from '../facts/resource-id.ts';
import type { EffectiveRoute, Topology, VNet } from '../facts/topology.ts';
import { interfacesIn, vnetAround } from '../facts/topology-index.ts';
import type { Ladder } from '../ladder/ladder.ts';
import { type Address, parseAddress } from '../net/address.ts';
import { containsPrefix, type Prefix } from '../net/prefix.ts';

/** A route that hands packets to an appliance: a firewall or another virtual machine that forwards. */
export interface ForwardingRoute {
  readonly prefix: Prefix;
  readonly nextHop: Address;
  readonly origin: Origin;
  /** The route table it stands in, where it is a table's. */
  readonly table: ResourceId | undefined;
}

/** The appliance routes of a subnet, by its route table. */
export function applianceRoutesOf(
  vnet: VNet | undefined,
  isMeant: (subnetName: string) => boolean,
  { routeTables }: Topology,
): readonly ForwardingRoute[] {
  return (vnet?.subnets ?? [])
    .filter(({ name, routeTable }) => routeTable !== undefined && isMeant(name.toLowerCase()))
    .flatMap(({ routeTable }) => routeTables.get(keyOf(routeTable ?? '')) ?? [])
    .flatMap(({ id, routes }) =>
      routes.flatMap(({ prefix, nextHop, nextHopType, origin }) => {
        const hop = nextHop === undefined ? undefined : parseAddress(nextHop);
        return prefix === undefined || hop === undefined || !/^VirtualAppliance/i.test(nextHopType)
          ? []
          : [{ prefix, nextHop: hop, origin, table: id }];
      }),
    );
}

/** The appliance routes that win a prefix on a VNet's machines: no other route there is as narrow. */
export function winningApplianceRoutes(vnet: VNet, wanted: Prefix, topology: Topology): readonly ForwardingRoute[] {
  return interfacesIn(topology, vnet.id).flatMap(({ id }) => {
    const winner = winnerOf(wanted, topology.effectiveRoutes.get(keyOf(id)) ?? []);
    if (winner === undefined || !/^VirtualAppliance/i.test(winner.row.nextHopType)) return [];
    return winner.row.nextHops.flatMap((text) => {
      const nextHop = parseAddress(text);
      return nextHop === undefined ? [] : [{ prefix: winner.prefix, nextHop, origin: winner.row.at, table: undefined }];
    });
  });
}

/** The narrowest route around a prefix; among equals a user's beats the system's. */
function winnerOf(wanted: Prefix, rows: readonly EffectiveRoute[]) {
  const isUser = ({ source }: EffectiveRoute): number => Number(source.toLowerCase() === 'user');
  const [first] = rows
    .filter(({ state }) => state.toLowerCase() !== 'invalid')
    .flatMap((row) =>
      row.prefixes.filter((prefix) => containsPrefix(prefix, wanted)).map((prefix) => ({ row, prefix })),
    )
    .toSorted((one, other) => other.prefix.length - one.prefix.length || isUser(other.row) - isUser(one.row));
  return first;
}

/** The VNet that a ladder's prefix belongs to: told by the model, or by the VNet that lists a range around it. */
export function vnetOf({ origin, prefix }: Ladder, topology: Topology): VNet | undefined {
  const told = origin.kind === 'expected' ? origin.route.vnet : undefined;
  return told ?? vnetAround(prefix, topology);
}

/** Whether a user route is as narrow as a prefix that Azure routes by itself: a wider one loses to it. */
export const takesFrom = (route: ForwardingRoute, prefix: Prefix): boolean => containsPrefix(prefix, route.prefix);
