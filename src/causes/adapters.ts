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

/** Whether a route past this gateway's tunnel leaves by another one: another VPN's adapter. */
export function leadsToAnotherVpn(route: Route, context: ClimbContext): boolean {
  const { client, situation } = context;
  const iface = interfaceOf(client.interfaces, route);
  if (iface?.isTunnel === true || isConnectedVpn(route, iface, client)) return true;
  if (client.platform === 'linux') return false;
  const judged = judgedInterfaces(context);
  const known = judged.get(route.interface);
  if (known !== undefined) return known;
  const own = ownAddresses(client).find(({ handles }) => handles.has(route.interface));
  const ourName = situation.tunnel?.interface;
  const isTunnel = own !== undefined && (looksLikeTunnel(own, client) || isUnnamedTunnel(own, client, ourName));
  judged.set(route.interface, isTunnel);
  return isTunnel;
}

/** A table of thousands of routes names a handful of interfaces. */
const judgedInterfaces = once((_: ClimbContext) => new Map<string, boolean>());

/** Windows calls the adapter of a connection after it, in its list of adapters and in Get-NetRoute. */
function isConnectedVpn(route: Route, iface: Interface | undefined, { connections = [] }: ClientView): boolean {
  const names = [route.interface, iface?.name, iface?.description];
  return connections.some(({ name, connected }) => connected === true && names.includes(name));
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
export function isLoopbackRoute({ via, interface: name }: Route): boolean {
  const hop = via.kind === 'gateway' ? formatAddress(via.address) : '';
  return hop.startsWith('127.') || name.startsWith('127.') || loopbackNames.test(name);
}

// Where Windows counts its interfaces (netsh), the loopback is always the first.
const loopbackNames = /^(?:lo|1|loopback pseudo-interface.*)$/i;
