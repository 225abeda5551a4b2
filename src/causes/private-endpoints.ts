import { keyOf, type ResourceId, sameResource } from '../facts/resource-id.ts';
import type { PrivateEndpoint, Subnet, Topology, VNet } from '../facts/topology.ts';
import type { Address } from '../net/address.ts';

/** A private endpoint's address, and where it stands. */
export interface EndpointAddress {
  readonly endpoint: Pick<PrivateEndpoint, 'id' | 'name' | 'names' | 'serves' | 'origin'>;
  readonly address: Address;
  /** Where it stands, as far as that was read. */
  readonly place: { readonly subnet: Subnet; readonly vnet: VNet } | undefined;
}

/** Every address of a private endpoint that was read, by its own document or by its NIC's. */
export function endpointAddresses({
  privateEndpoints,
  networkInterfaces,
  vnets,
}: Topology): readonly EndpointAddress[] {
  const placeOf = (id: ResourceId | undefined): EndpointAddress['place'] => {
    for (const vnet of vnets.values()) {
      const subnet = vnet.subnets.find((one) => sameResource(one.id, id));
      if (subnet !== undefined) return { subnet, vnet };
    }
    return undefined;
  };
  const byDocument = [...privateEndpoints.values()].flatMap((endpoint) => {
    const nics = endpoint.networkInterfaces.flatMap((id) => networkInterfaces.get(keyOf(id)) ?? []);
    const addresses = [
      ...new Set([...endpoint.addresses, ...nics.flatMap((nic) => nic.addresses.map(({ address }) => address))]),
    ];
    return addresses.map((address) => ({ endpoint, address, place: placeOf(endpoint.subnet) }));
  });
  const known = new Set(byDocument.map(({ address }) => address));
  const byNic = [...networkInterfaces.values()].flatMap((nic) => {
    const { privateEndpoint } = nic;
    if (privateEndpoint === undefined) return [];
    return nic.addresses
      .filter(({ address }) => !known.has(address))
      .map(({ address, subnet }) => ({
        endpoint: { id: privateEndpoint, name: nic.name, names: [], origin: nic.origin },
        address,
        place: placeOf(subnet),
      }));
  });
  return [...byDocument, ...byNic];
}
