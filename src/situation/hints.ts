import type { ClientView } from '../facts/client.ts';
import { type Address, parseAddress } from '../net/address.ts';
import { type Prefix, widthOfPrefix } from '../net/prefix.ts';
import { findTunnel, leadsInto } from './find-tunnel.ts';
import { allRoutes, housekeepingRows, isReserved } from './own-addresses.ts';

/** What the client's half alone tells of the gateway at the other end, before Azure is asked. */
export interface Hints {
  readonly tunnelAddresses: readonly Address[];
  /** Host routes by way of a gateway: a VPN client keeps its server outside the tunnel by such a route. */
  readonly serverAddresses: readonly Address[];
  /** Server names of profiles and connections, to be resolved. */
  readonly serverNames: readonly string[];
  /** Prefixes that go into the tunnel. */
  readonly tunnelPrefixes: readonly Prefix[];
}

export function hintsOf(client: ClientView): Hints {
  const tunnel = findTunnel(client, [], []);
  const rows = allRoutes(client);
  const intoTunnel = tunnel === undefined ? [] : rows.filter((route) => leadsInto(route, tunnel));
  const housekeeping = housekeepingRows(intoTunnel);
  const servers = serversOf(client);
  return {
    tunnelAddresses: tunnel === undefined ? [] : [tunnel.address],
    serverAddresses: [
      ...rows
        .filter(
          ({ prefix, via }) =>
            via.kind === 'gateway' && prefix.length === widthOfPrefix(prefix) && !isReserved(prefix.first),
        )
        .map(({ prefix }) => prefix.first),
      ...servers.flatMap((server) => parseAddress(server) ?? []),
    ],
    serverNames: [...new Set(servers.filter((server) => parseAddress(server) === undefined))],
    tunnelPrefixes: intoTunnel.filter((route) => !housekeeping.has(route)).map(({ prefix }) => prefix),
  };
}

/** The servers that profiles and connected connections dial, by name or address. */
function serversOf(client: ClientView): readonly string[] {
  return [
    ...client.profiles.map(({ server }) => server),
    ...(client.connections ?? []).filter(({ connected }) => connected === true).map(({ server }) => server),
  ].filter((server) => server !== null);
}

/** The addresses of those servers, as far as they are told or this computer resolved their names. */
export function serverAddressesOf(client: ClientView): readonly Address[] {
  const names = new Set(serversOf(client).map((server) => server.toLowerCase()));
  return [
    ...serversOf(client).flatMap((server) => parseAddress(server) ?? []),
    ...client.lookups.filter(({ name }) => names.has(name.toLowerCase())).flatMap(({ addresses }) => addresses),
  ];
}
