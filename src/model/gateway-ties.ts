import { keyOf, nameOf, type ResourceId, sameResource } from '../facts/resource-id.ts';
import type { Connection, Topology, VNet } from '../facts/topology.ts';

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

/** A gateway that hangs on another by VNet-to-VNet connections, and the connections on the way, nearest first. */
export interface TiedGateway {
  readonly gateway: ResourceId;
  readonly path: readonly Connection[];
}

/** Every gateway that can be walked to from one by VNet-to-VNet connections, however many. */
export function tiedGateways(gateway: ResourceId, { connections }: Topology): readonly TiedGateway[] {
  const queue: TiedGateway[] = [{ gateway, path: [] }];
  const seen = new Set([keyOf(gateway)]);
  for (const step of queue)
    for (const connection of connections.filter((one) => joinsVNets(one) && touches(one, step.gateway))) {
      const far = sameResource(connection.gateway1, step.gateway) ? connection.gateway2 : connection.gateway1;
      if (far === undefined || seen.has(keyOf(far))) continue;
      seen.add(keyOf(far));
      queue.push({ gateway: far, path: [...step.path, connection] });
    }
  return queue.slice(1);
}

/** The VNets of those gateways. */
function tiedVNets(gateway: ResourceId, topology: Topology): readonly TiedVNet[] {
  const found = new Map<string, TiedVNet>();
  for (const { gateway: far, path } of tiedGateways(gateway, topology)) {
    const vnet = topology.gateways.get(keyOf(far))?.homeVNet;
    if (vnet !== undefined) found.set(keyOf(vnet), { vnet, connections: path });
  }
  return [...found.values()];
}

/**
 * Gateways further on in a chain without BGP whose own connections nobody read: what lies behind them may be given to
 * clients (rows R3 and R7 of the article), and no document here could say so. With BGP the learned routes tell.
 */
export function openEnds(gateway: ResourceId, topology: Topology): readonly TiedGateway[] {
  return tiedGateways(gateway, topology).filter(
    ({ gateway: far, path }) =>
      !(path.every(({ enableBgp }) => enableBgp === true) && topology.learnedRoutes.has(keyOf(gateway))) &&
      !isTold(far, path, topology),
  );
}

function isTold(far: ResourceId, path: readonly Connection[], { connections, listed }: Topology): boolean {
  const own = connections.filter((one) => touches(one, far) && !path.includes(one));
  return own.length > 0 || [...listed].some((entry) => isListOf(entry, keyOf(far)));
}

// virtualnetworkgateways.listconnections|/subscriptions/…/virtualnetworkgateways/gw-two, or a group or subscription around it
function isListOf(entry: string, far: string): boolean {
  const [operation = '', scope = ''] = entry.split('|');
  if (!operation.includes('connection') || scope === '') return false;
  return (
    scope === far ||
    (!scope.includes('/virtualnetworkgateways/') && far.startsWith(scope.replace(/\/providers\/.*$/, '')))
  );
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
