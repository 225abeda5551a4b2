import type { Address } from '../net/address.ts';
import type { Prefix } from '../net/prefix.ts';
import { PrefixIndex } from '../net/prefix-index.ts';
import { once } from './once.ts';
import { ancestorOf, keyOf, type ResourceId } from './resource-id.ts';
import type { NetworkInterface, Peering, Topology, VNet } from './topology.ts';

/*
 * Questions that every prefix asks of an estate. A topology never changes, so what answers them is worked out once for
 * each: with a thousand VNets, looking through all of them for each would be a million looks.
 */

/** The halves of peerings that live in a VNet, in the order read. */
export function peeringsFrom({ peerings }: Pick<Topology, 'peerings'>, vnet: ResourceId): readonly Peering[] {
  return byHome(peerings).get(keyOf(vnet)) ?? [];
}

/** The half of a peering that lives in one VNet and leads to another. */
export function peeringBetween(
  { peerings }: Pick<Topology, 'peerings'>,
  from: ResourceId,
  to: ResourceId,
): Peering | undefined {
  return byEnds(peerings).get(`${keyOf(from)} ${keyOf(to)}`);
}

/** The network interfaces that have an address in a VNet. */
export function interfacesIn(
  { networkInterfaces }: Pick<Topology, 'networkInterfaces'>,
  vnet: ResourceId,
): readonly NetworkInterface[] {
  return interfacesByVNet(networkInterfaces).get(keyOf(vnet)) ?? [];
}

/** The VNet whose address space holds an address, as far as VNets were read. */
export function vnetHolding(address: Address, { vnets }: Pick<Topology, 'vnets'>): VNet | undefined {
  return spaces(vnets).holding(address)[0]?.vnet;
}

/** The first VNet that lists a range which meets the prefix. */
export function vnetAround(prefix: Prefix, { vnets }: Pick<Topology, 'vnets'>): VNet | undefined {
  return spaces(vnets).overlapping(prefix)[0]?.vnet;
}

const byHome = once((peerings: readonly Peering[]) => Map.groupBy(peerings, ({ from }) => keyOf(from)));

const byEnds = once((peerings: readonly Peering[]) => {
  const found = new Map<string, Peering>();
  for (const half of peerings) {
    const ends = `${keyOf(half.from)} ${keyOf(half.to)}`;
    if (!found.has(ends)) found.set(ends, half);
  }
  return found;
});

const interfacesByVNet = once((networkInterfaces: Topology['networkInterfaces']) => {
  const found = new Map<string, NetworkInterface[]>();
  for (const one of networkInterfaces.values()) {
    const homes = one.addresses.map(({ subnet }) => keyOf(ancestorOf(subnet ?? '', 'virtualNetworks') ?? ''));
    for (const home of new Set(homes)) {
      const known = found.get(home);
      if (known === undefined) found.set(home, [one]);
      else known.push(one);
    }
  }
  return found;
});

const spaces = once(
  (vnets: Topology['vnets']) =>
    new PrefixIndex(
      [...vnets.values()].flatMap((vnet) => vnet.addressSpace.map(({ prefix }) => ({ vnet, prefix }))),
      ({ prefix }) => prefix,
    ),
);
