import type { Capture } from '../facts/capture.ts';
import type { ClientView } from '../facts/client.ts';
import type { Evidence } from '../facts/origin.ts';
import { ancestorOf, keyOf, sameResource, segmentOf } from '../facts/resource-id.ts';
import type { Topology } from '../facts/topology.ts';
import type { Pool } from '../model/endpoint.ts';
import { type Endpoint, endpointsOf, idOf, poolsOf, publicAddressesOf } from '../model/endpoint.ts';
import type { AskedFor } from '../model/expect-never.ts';
import { poolsFor } from '../model/expect-routes.ts';
import { type Address, formatAddress } from '../net/address.ts';
import { containsAddress, widthOfPrefix } from '../net/prefix.ts';
import { type ClientTraits, clientTraits } from './client-traits.ts';
import { findTunnel, isTunnelUntold, type Tunnel } from './find-tunnel.ts';
import { serverAddressesOf } from './hints.ts';
import { allRoutes } from './own-addresses.ts';

/** Who talks to whom: the tunnel on this host, the gateway at its other end, and what kind of client this is. */
export interface Situation {
  readonly tunnel: Tunnel | undefined;
  /** No tunnel was found, and nothing that was read would show one. */
  readonly isTunnelUntold: boolean;
  readonly endpoint: Endpoint | undefined;
  /** Gateways that could be the one; the endpoint is among them when it is told. */
  readonly candidates: readonly { readonly endpoint: Endpoint; readonly because: string }[];
  /** Why the endpoint was chosen, or why none could be. */
  readonly because: readonly Evidence[];
  readonly pools: readonly Pool[];
  readonly traits: ClientTraits;
  readonly asked: readonly AskedFor[];
  /** Whether anything at all was captured of the client, of Azure. */
  readonly halves: { readonly client: boolean; readonly azure: boolean };
}

/** Works out the situation from both halves. Never guesses between gateways: two that fit are two candidates. */
export function situationOf(capture: Capture, client: ClientView, topology: Topology): Situation {
  const isOpen = isAnotherUnread(topology);
  const endpoints = endpointsOf(topology).filter(
    (endpoint) => poolsOf(endpoint).length > 0 || (endpointsOf(topology).length === 1 && !isOpen && !isTied(topology)),
  );
  const named = byRequest(capture, endpoints);
  const considered = named === undefined || named.length === 0 ? endpoints : named;
  const pools = considered.flatMap((endpoint) =>
    poolsOf(endpoint).flatMap(({ prefixes }) => prefixes.map(({ prefix }) => prefix)),
  );
  const servers = considered.flatMap((endpoint) => publicAddressesOf(endpoint, topology));
  const isSure = named !== undefined || !isOpen;
  const tunnel = findTunnel(client, pools, servers) ?? (isSure ? undefined : findTunnel(client, [], servers));
  const fitting =
    named?.length === 0
      ? []
      : fittingEndpoints(considered, { wasAsked: named !== undefined, isSure }, tunnel, client, topology);
  const endpoint = fitting.length === 1 ? fitting[0]?.endpoint : undefined;
  return {
    tunnel,
    isTunnelUntold: tunnel === undefined && isTunnelUntold(client, pools),
    endpoint,
    candidates:
      fitting.length > 0
        ? fitting
        : considered.map((one) => ({ endpoint: one, because: 'a Point-to-Site gateway of the subscription' })),
    because: tunnel?.evidence ?? [],
    pools: endpoint === undefined ? [] : poolsFor(endpoint, tunnel?.address),
    traits: clientTraits(client, tunnel, endpoint, topology),
    asked: askedFor(capture, client),
    halves: {
      client: capture.artifacts.some(({ half, source }) => half === 'client' && source !== 'arm'),
      azure: capture.artifacts.some(({ half }) => half === 'azure'),
    },
  };
}

/** The gateways of the id, name or group that was asked for; none: it does not exist, and no other is meant. */
function byRequest({ request }: Capture, endpoints: readonly Endpoint[]): readonly Endpoint[] | undefined {
  const { gateway, gatewayName, resourceGroup } = request ?? {};
  if (gateway !== undefined) return endpoints.filter((endpoint) => sameResource(idOf(endpoint), gateway));
  if (gatewayName === undefined && resourceGroup === undefined) return undefined;
  const isSame = (told: string | undefined, wanted: string | undefined) =>
    wanted === undefined || told?.toLowerCase() === wanted.toLowerCase();
  return endpoints.filter(
    (endpoint) =>
      isSame(endpoint.gateway.name, gatewayName) && isSame(segmentOf(idOf(endpoint), 'resourceGroups'), resourceGroup),
  );
}

/** A gateway is there that nobody may read: the one that was read need not be this client's. */
function isAnotherUnread({ unread }: Topology): boolean {
  return unread.some(({ operation }) => /^(virtualNetworkGateways|p2sVpnGateways)\.get$/i.test(operation ?? ''));
}

/** A connection leads to a gateway that was not read: that one may be the one which serves clients. */
function isTied({ connections, gateways }: Topology): boolean {
  return connections.some(({ gateway1, gateway2 }) =>
    [gateway1, gateway2].some((id) => id !== undefined && !gateways.has(keyOf(id))),
  );
}

/** The one gateway there is; else those whose public address the client keeps outside the tunnel; else by the pool. */
function fittingEndpoints(
  endpoints: readonly Endpoint[],
  { wasAsked, isSure }: { readonly wasAsked: boolean; readonly isSure: boolean },
  tunnel: Tunnel | undefined,
  client: ClientView,
  topology: Topology,
): Situation['candidates'] {
  const [only] = endpoints;
  if (only !== undefined && endpoints.length === 1 && isSure)
    return [{ endpoint: only, because: wasAsked ? 'asked for' : 'the only Point-to-Site gateway that was read' }];
  const pooled = endpoints.filter((endpoint) => tunnel !== undefined && holdsAddress(endpoint, tunnel.address));
  const kept = hostRoutes(client);
  const told = new Set(serverAddressesOf(client));
  const near = pooled.length > 0 ? pooled : endpoints;
  const reached = (addresses: ReadonlySet<Address>) =>
    near.filter((endpoint) => publicAddressesOf(endpoint, topology).some((address) => addresses.has(address)));
  const routed = reached(kept);
  if (routed.length > 0)
    return routed.map((endpoint) => ({
      endpoint,
      because: 'a host route keeps its public address outside the tunnel',
    }));
  const dialled = reached(told);
  if (dialled.length > 0)
    return dialled.map((endpoint) => ({ endpoint, because: 'the profile on this computer dials its public address' }));
  return pooled.map((endpoint) => ({
    endpoint,
    because: `its client pool holds ${tunnel === undefined ? '' : formatAddress(tunnel.address)}`,
  }));
}

function holdsAddress(endpoint: Endpoint, address: Address): boolean {
  return poolsOf(endpoint).some(({ prefixes }) => prefixes.some(({ prefix }) => containsAddress(prefix, address)));
}

function hostRoutes(client: ClientView): ReadonlySet<Address> {
  return new Set(
    allRoutes(client)
      .filter(({ prefix, via }) => via.kind === 'gateway' && prefix.length === widthOfPrefix(prefix))
      .map(({ prefix }) => prefix.first),
  );
}

/** Probe targets and what the user named: each is a question that deserves an answer. */
function askedFor({ request }: Capture, client: ClientView): readonly AskedFor[] {
  const named = (request?.targets ?? []).map((address) => ({ address, origin: { artifact: 'request' } }));
  const traced = client.traces.flatMap(({ target, origin }) => (target === null ? [] : [{ address: target, origin }]));
  const connected = client.tcp.map(({ target, origin }) => ({ address: target, origin }));
  return [...named, ...traced, ...connected];
}

/** The VNet that holds the gateway; undefined in Virtual WAN. */
export function homeOf(endpoint: Endpoint | undefined): string | undefined {
  if (endpoint?.kind !== 'vnet-gateway') return undefined;
  return endpoint.gateway.homeVNet === undefined
    ? undefined
    : (ancestorOf(endpoint.gateway.homeVNet, 'virtualNetworks') ?? endpoint.gateway.homeVNet);
}
