import { keyOf, type ResourceId, sameResource } from '../facts/resource-id.ts';
import type { Connection, Topology, VNet } from '../facts/topology.ts';

/** A VNet that hangs on the gateway by VNet-to-VNet connections, and the connections on the way, nearest first. */
interface TiedVNet {
  readonly vnet: ResourceId;
  readonly connections: readonly Connection[];
}

/** Whether a connection joins two VNet gateways, as far as its type tells: one that leads to a site has no far gateway. */
function joinsVNets({ type }: Connection): boolean {
  return type === undefined || type.toLowerCase() === 'vnet2vnet';
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
      const far = otherEnd(connection, step.gateway);
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
  // Two gateways are joined by a connection each: the one that leads back tells nothing of others.
  const near = path.map((connection) => otherEnd(connection, far)).at(-1);
  const others = connections.filter((one) => touches(one, far) && !sameResource(otherEnd(one, far), near));
  return others.length > 0 || [...listed].some((entry) => isListOf(entry, keyOf(far)));
}

// virtualnetworkgateways.listconnections|/subscriptions/…/virtualnetworkgateways/gw-two
// virtualnetworkgatewayconnections.list|/subscriptions/…/resourcegroups/rg, or the whole subscription
const listOfPlace = /^(?:virtualnetworkgateway)?connections\.list(?:all)?\|(\/subscriptions\/.+?)(?:\/providers\/.*)?$/;

function isListOf(entry: string, far: string): boolean {
  const place = listOfPlace.exec(entry)?.[1];
  return (
    entry === `virtualnetworkgateways.listconnections|${far}` || (place !== undefined && far.startsWith(`${place}/`))
  );
}

function otherEnd({ gateway1, gateway2 }: Connection, gateway: ResourceId): ResourceId | undefined {
  return sameResource(gateway1, gateway) ? gateway2 : gateway1;
}

const touches = ({ gateway1, gateway2 }: Connection, gateway: ResourceId): boolean =>
  sameResource(gateway1, gateway) || sameResource(gateway2, gateway);

/** How a VNet hangs on the gateway; undefined: by no VNet-to-VNet connection that was read. */
export function tieOf(vnet: VNet | undefined, gateway: ResourceId, topology: Topology): TiedVNet | undefined {
  return tiedVNets(gateway, topology).find((tie) => sameResource(tie.vnet, vnet?.id));
}

type SiteConnection = Connection & { readonly localNetworkGateway: ResourceId };

/** The connections that lead from the gateway to sites. */
export function siteConnections(gateway: ResourceId, { connections }: Topology): readonly SiteConnection[] {
  return connections.filter(leadsToSite).filter((one) => touches(one, gateway));
}

const leadsToSite = (one: Connection): one is SiteConnection => one.localNetworkGateway !== undefined;
