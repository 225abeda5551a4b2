import type { Evidence } from '../facts/origin.ts';
import { keyOf, nameOf } from '../facts/resource-id.ts';
import type { NetworkInterface, RouteTableResource, Subnet } from '../facts/topology.ts';
import { formatAddress } from '../net/address.ts';
import { containsPrefix, overlaps, type Prefix } from '../net/prefix.ts';
import { homeOf } from '../situation/situation.ts';
import type { ClimbContext } from './context.ts';

/** The gateway's own subnet with its route table: `none` where it has none, `unread` where it was not read. */
export interface GatewaySubnet {
  readonly subnet: Subnet;
  readonly table: RouteTableResource | 'none' | 'unread';
}

/** Undefined in Virtual WAN, or where the gateway's VNet was not read. */
export function gatewaySubnetOf({ topology, situation }: ClimbContext): GatewaySubnet | undefined {
  const home = homeOf(situation.endpoint);
  const vnet = home === undefined ? undefined : topology.vnets.get(keyOf(home));
  const subnet = vnet?.subnets.find(({ name }) => name.toLowerCase() === 'gatewaysubnet');
  if (subnet === undefined) return undefined;
  if (subnet.routeTable === undefined) return { subnet, table: 'none' };
  return { subnet, table: topology.routeTables.get(keyOf(subnet.routeTable)) ?? 'unread' };
}

/** User routes that take a prefix, or a part of it, to an appliance. */
export function applianceRoutes(table: RouteTableResource, prefix: Prefix): RouteTableResource['routes'] {
  return table.routes.filter(
    (route) =>
      route.prefix !== undefined &&
      route.prefix.length > 1 &&
      overlaps(route.prefix, prefix) &&
      isAppliance(route.nextHopType),
  );
}

export function isAppliance(nextHopType: string): boolean {
  return nextHopType.toLowerCase().startsWith('virtualappliance');
}

/** The NIC that an appliance's address belongs to, where it was read. */
export function applianceNic(hops: readonly string[], { topology }: ClimbContext): NetworkInterface | undefined {
  return [...topology.networkInterfaces.values()].find(({ addresses }) =>
    addresses.some(({ address }) => hops.includes(formatAddress(address))),
  );
}

/** Virtual WAN has no GatewaySubnet to send anything by an appliance; elsewhere nobody could look. */
function wayThereUnread(
  hops: readonly string[],
  { situation: { endpoint } }: ClimbContext,
): ReturnType<typeof byAppliance> {
  if (endpoint?.kind !== 'vnet-gateway') return { leads: 'elsewhere', evidence: [] };
  const says = `the gateway's VNet was not read: whether the way there passes ${hops.join(', ')} too is not known`;
  return { leads: 'unknown', evidence: [{ says, origin: endpoint.gateway.origin }] };
}

/**
 * Whether replies that go to an appliance get to the gateway: they do where the GatewaySubnet sends the way there by
 * the same appliance, and it forwards. With one direction past it a stateful appliance drops the flow.
 */
export function byAppliance(
  hops: readonly string[],
  prefix: Prefix,
  context: ClimbContext,
): { readonly leads: 'to-gateway' | 'elsewhere' | 'unknown'; readonly evidence: readonly Evidence[] } {
  const own = gatewaySubnetOf(context);
  if (own === undefined) return wayThereUnread(hops, context);
  if (own.table === 'unread')
    return {
      leads: 'unknown',
      evidence: [
        {
          says: `the GatewaySubnet's route table was not read: whether it uses ${hops.join(', ')} too is not known`,
          origin: own.subnet.origin,
        },
      ],
    };
  if (own.table === 'none')
    return {
      leads: 'elsewhere',
      evidence: [
        {
          says: 'the GatewaySubnet has no route table: the way there does not pass the appliance',
          origin: own.subnet.origin,
        },
      ],
    };
  // A wider one loses to the route of the peering, or of the VNet itself.
  const there = applianceRoutes(own.table, prefix).find(
    (route) =>
      route.prefix !== undefined &&
      containsPrefix(prefix, route.prefix) &&
      hopsOf(route).some((hop) => hops.includes(hop)),
  );
  if (there === undefined)
    return {
      leads: 'elsewhere',
      evidence: [
        {
          says: `${own.table.name} of the GatewaySubnet does not send the way there by ${hops.join(', ')}`,
          origin: own.table.origin,
        },
      ],
    };
  const nic = applianceNic(hops, context);
  if (nic?.ipForwarding === false)
    return {
      leads: 'elsewhere',
      evidence: [
        { says: `${nameOf(nic.id)}, the appliance, does not forward: enableIPForwarding is false`, origin: nic.origin },
      ],
    };
  // Of several equal appliances a flow may meet one there and another on its way back.
  const isSame = hopsOf(there).toSorted().join() === hops.toSorted().join();
  const says = isSame
    ? `${own.table.name} of the GatewaySubnet uses the same appliance, ${hops.join(', ')}`
    : `${own.table.name} of the GatewaySubnet uses ${there.nextHop}: whether each flow meets the same one both ways is not known`;
  return { leads: isSame ? 'to-gateway' : 'unknown', evidence: [{ says, origin: there.origin }] };
}

const hopsOf = ({ nextHop = '' }: RouteTableResource['routes'][number]): readonly string[] => nextHop.split(/,\s*/);
