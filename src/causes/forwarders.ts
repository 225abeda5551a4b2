import type { Origin } from '../facts/origin.ts';
import { keyOf, type ResourceId, type Topology, type VNet } from '../facts/topology.ts';
import { interfacesIn, vnetAround } from '../facts/topology-index.ts';
import type { Ladder } from '../ladder/ladder.ts';
import { type Address, parseAddress } from '../net/address.ts';
import { overlaps, type Prefix } from '../net/prefix.ts';

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

/** The appliance routes that a VNet's machines show in effect. */
export function effectiveApplianceRoutesOf(vnet: VNet, topology: Topology): readonly ForwardingRoute[] {
  return interfacesIn(topology, vnet.id)
    .flatMap(({ id }) => topology.effectiveRoutes.get(keyOf(id)) ?? [])
    .filter(({ nextHopType, state }) => /^VirtualAppliance/i.test(nextHopType) && state.toLowerCase() !== 'invalid')
    .flatMap(({ prefixes, nextHops, at }) =>
      prefixes.flatMap((prefix) =>
        nextHops.flatMap((text) => {
          const nextHop = parseAddress(text);
          return nextHop === undefined ? [] : [{ prefix, nextHop, origin: at, table: undefined }];
        }),
      ),
    );
}

/** The VNet that a ladder's prefix belongs to: told by the model, or by the VNet that lists a range around it. */
export function vnetOf({ origin, prefix }: Ladder, topology: Topology): VNet | undefined {
  const told = origin.kind === 'expected' ? origin.route.vnet : undefined;
  return told ?? vnetAround(prefix, topology);
}

/** Whether a route takes any of a prefix. */
export const takes = (route: ForwardingRoute, prefix: Prefix): boolean => overlaps(route.prefix, prefix);
