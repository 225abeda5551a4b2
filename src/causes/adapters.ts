import type { ClientView, Interface } from '../facts/client.ts';
import { once } from '../facts/once.ts';
import type { Route } from '../facts/route.ts';
import type { ClimbContext } from '../ladder/context.ts';
import { formatAddress } from '../net/address.ts';
import { containsAddress, widthOfPrefix } from '../net/prefix.ts';
import { interfaceOf } from '../routing/source.ts';
import { looksLikeTunnel } from '../situation/find-tunnel.ts';
import { isReserved, type OwnAddress, ownAddresses, routesBy } from '../situation/own-addresses.ts';

/** The interface of a route as a person would call it: with its description where the name alone says little. */
export function adapterName(route: Route, { interfaces }: Pick<ClientView, 'interfaces'>): string {
  const iface = interfaceOf(interfaces, route);
  if (iface === undefined) return route.interface;
  const { description } = iface;
  return description === undefined || description === iface.name ? iface.name : `${iface.name} (${description})`;
}

/** Whether a route leaves by a tunnel that is not this gateway's: another VPN's adapter. */
export function leadsToAnotherVpn(route: Route, context: ClimbContext): boolean {
  const { client, situation } = context;
  const { tunnel } = situation;
  if (route.type !== 'unicast' || (tunnel !== undefined && isOwnTunnel(route, tunnel.handles, tunnel.sources)))
    return false;
  const iface = interfaceOf(client.interfaces, route);
  if (iface?.isTunnel === true || isConnectedVpn(iface, client)) return true;
  if (client.platform === 'linux') return false;
  const judged = judgedInterfaces(context);
  const known = judged.get(route.interface);
  if (known !== undefined) return known;
  const own = ownAddresses(client).find(({ handles }) => handles.has(route.interface));
  const isTunnel =
    own !== undefined && (looksLikeTunnel(own, client) || isUnnamedTunnel(own, client, tunnel?.interface));
  judged.set(route.interface, isTunnel);
  return isTunnel;
}

/** A table of thousands of routes names a handful of interfaces. */
const judgedInterfaces = once((_: ClimbContext) => new Map<string, boolean>());

function isOwnTunnel(route: Route, handles: ReadonlySet<string>, sources: ReadonlySet<unknown>): boolean {
  return handles.has(route.interface) || (route.source !== undefined && sources.has(route.source));
}

function isConnectedVpn(iface: Interface | undefined, { connections = [] }: ClientView): boolean {
  return (
    iface !== undefined &&
    connections.some(({ name, connected }) => connected === true && (name === iface.name || name === iface.description))
  );
}

/**
 * `route print` names routes by address and adapters by index, and never joins the two. Where it lists a tunnel adapter
 * beside ours, an address that is not the local network's (that one has the default route, or the way to the gateway)
 * and that carries more than its own range is that adapter's.
 */
function isUnnamedTunnel(own: OwnAddress, client: ClientView, ourName: string | undefined): boolean {
  if (
    own.interface !== undefined ||
    !client.interfaces.some(
      ({ isTunnel, addresses, name }) => isTunnel === true && addresses.length === 0 && name !== ourName,
    )
  )
    return false;
  const rows = routesBy(own.handles, client);
  const isLan = rows.some(
    ({ prefix, via }) =>
      via.kind === 'gateway' &&
      (prefix.length === 0 || (prefix.length === widthOfPrefix(prefix) && !isReserved(prefix.first))),
  );
  return !isLan && rows.some(({ prefix, via }) => via.kind === 'gateway' && !containsAddress(prefix, own.address));
}

/** Whether the route ends on this host itself: Windows has no blackhole, people route to 127.0.0.1 instead. */
export function isLoopbackRoute({ prefix, via, interface: name }: Route): boolean {
  const hop = via.kind === 'gateway' ? formatAddress(via.address) : '';
  const outside = typeof prefix.first !== 'number' || Math.floor(prefix.first / 2 ** 24) !== 127;
  const reserved = prefix.length > 0 && isReserved(prefix.first);
  return (
    outside &&
    !reserved &&
    (hop.startsWith('127.') || name.startsWith('127.') || name === 'lo' || /^loopback pseudo-interface/i.test(name))
  );
}
