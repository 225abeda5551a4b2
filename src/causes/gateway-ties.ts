import {
  type Connection,
  keyOf,
  nameOf,
  type ResourceId,
  sameResource,
  type Topology,
  type VNet,
} from '../facts/topology.ts';

/** A VNet that hangs on the gateway by VNet-to-VNet connections, and the connections on the way, nearest first. */
interface TiedVNet {
  readonly vnet: ResourceId;
  readonly connections: readonly Connection[];
}

/** Whether a connection joins two VNet gateways. */
function joinsVNets({ type, gateway2, localNetworkGateway }: Connection): boolean {
  return (
    type?.toLowerCase() === 'vnet2vnet' ||
    (type === undefined && gateway2 !== undefined && localNetworkGateway === undefined)
  );
}

/** Every VNet that can be walked to from a gateway by VNet-to-VNet connections, however many. */
export function tiedVNets(gateway: ResourceId, topology: Topology): readonly TiedVNet[] {
  const found = new Map<string, TiedVNet>();
  const queue: { readonly gateway: ResourceId; readonly path: readonly Connection[] }[] = [{ gateway, path: [] }];
  const seen = new Set([keyOf(gateway)]);
  for (const step of queue)
    for (const connection of topology.connections.filter((one) => joinsVNets(one) && touches(one, step.gateway))) {
      const far = sameResource(connection.gateway1, step.gateway) ? connection.gateway2 : connection.gateway1;
      if (far === undefined || seen.has(keyOf(far))) continue;
      seen.add(keyOf(far));
      const path = [...step.path, connection];
      const vnet = topology.gateways.get(keyOf(far))?.homeVNet;
      if (vnet !== undefined) found.set(keyOf(vnet), { vnet, connections: path });
      queue.push({ gateway: far, path });
    }
  return [...found.values()];
}

const touches = ({ gateway1, gateway2 }: Connection, gateway: ResourceId): boolean =>
  sameResource(gateway1, gateway) || sameResource(gateway2, gateway);

/** How a VNet hangs on the gateway; undefined: by no VNet-to-VNet connection that was read. */
export function tieOf(vnet: VNet | undefined, gateway: ResourceId, topology: Topology): TiedVNet | undefined {
  return vnet === undefined ? undefined : tiedVNets(gateway, topology).find((tie) => sameResource(tie.vnet, vnet.id));
}

/** The connections that lead from the gateway to sites. */
export function siteConnections(gateway: ResourceId, { connections }: Topology): readonly Connection[] {
  return connections.filter((one) => touches(one, gateway) && one.localNetworkGateway !== undefined);
}

/** A connection in words. */
export const connectionText = ({ id, name }: Connection): string => (name === '' ? nameOf(id) : name);
