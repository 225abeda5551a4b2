import type { ChildAssociation, ClientView } from '../facts/client.ts';
import type { Origin } from '../facts/origin.ts';
import type { Route } from '../facts/route.ts';
import { type AddressSet, emptySet, setOf, union } from '../net/address-set.ts';
import { containsAddress, hostPrefix, type Prefix } from '../net/prefix.ts';
import { PrefixIndex } from '../net/prefix-index.ts';
import type { Decision } from '../routing/decision.ts';
import { leadsInto, type Tunnel } from '../situation/find-tunnel.ts';
import { allRoutes, housekeepingRows, ownAddresses } from '../situation/own-addresses.ts';

/** What of this host leads into the tunnel, worked out once for all ladders. */
export interface TunnelSpace {
  /** Rows that lead into the tunnel, own address, broadcast and multicast rows left out. */
  readonly routes: readonly Route[];
  /** Addresses that a selector of IPsec takes into the tunnel, whatever the routes say. */
  readonly selectors: AddressSet;
  /** What IPsec has a selector for: routes alone carry nothing past it. Undefined: no IPsec, or its selectors were not read. */
  readonly carried: AddressSet | undefined;
  /** Where a listing stands that shows table main alone, while this tunnel's routes would be in a table of its own. */
  readonly onlyMain: Origin | undefined;
  /** All of it. */
  readonly space: AddressSet;
  /** Addresses that are this host's own, or name all hosts of a link: nobody expects them in the tunnel. */
  readonly own: AddressSet;
  /** Those that touch a prefix, whoever wins. */
  readonly routesTo: (prefix: Prefix) => readonly Route[];
  readonly contains: (decision: Decision) => boolean;
  /** The next hop past the tunnel of a multipath route that leads into it by another: a part of all flows goes there. */
  readonly spillOf: (decision: Decision) => Route | undefined;
}

export function tunnelSpaceOf(client: ClientView, tunnel: Tunnel | undefined): TunnelSpace {
  const rows = allRoutes(client);
  const housekeeping = housekeepingRows(rows);
  const own = setOf([
    ...ownAddresses(client).map(({ address }) => hostPrefix(address)),
    ...[...housekeeping].map(({ prefix }) => prefix).filter((prefix) => prefix.length > 0),
  ]);
  if (tunnel === undefined)
    return {
      routes: [],
      selectors: emptySet,
      carried: undefined,
      onlyMain: undefined,
      space: emptySet,
      own,
      routesTo: () => [],
      contains: () => false,
      spillOf: () => undefined,
    };
  const tunnelRows = rows.filter((route) => carries(route, tunnel));
  const routes = tunnelRows.filter((route) => !housekeeping.has(route));
  const selectors = setOf(selectorsOf(client, tunnel));
  const carried = carriedBy(client, tunnel);
  const index = new PrefixIndex(routes, ({ prefix }) => prefix);
  return {
    routes,
    selectors,
    carried,
    onlyMain: carried === undefined && tunnel.handles.size === 0 ? onlyMainOf(rows) : undefined,
    space: union(setOf(routes.map(({ prefix }) => prefix)), selectors),
    own,
    routesTo: (prefix) => index.overlapping(prefix),
    contains: (decision) => decidesForTunnel(decision, tunnel),
    spillOf: (decision) => spillOf(decision, tunnel),
  };
}

/** Charon's table holds nothing else. */
function carries(route: Route, tunnel: Tunnel): boolean {
  return route.type === 'unicast' && leadsInto(route, tunnel);
}

/** A policy that is named takes the packet: into IPsec, or to nowhere. */
function decidesForTunnel({ outcome, policy }: Decision, tunnel: Tunnel): boolean {
  if (policy !== undefined) return policy.action === 'allow';
  return outcome.kind === 'route' && outcome.nextHops.every((hop) => carries(hop, tunnel));
}

function spillOf({ outcome, policy }: Decision, tunnel: Tunnel): Route | undefined {
  if (policy !== undefined || outcome.kind !== 'route') return undefined;
  const past = outcome.nextHops.filter((hop) => !carries(hop, tunnel));
  return past.length < outcome.nextHops.length ? past[0] : undefined;
}

// strongSwan keeps its routes in table 220; a listing of all tables would show table local too.
function onlyMainOf(rows: readonly Route[]): Origin | undefined {
  return rows.every(({ table }) => table === 'main') ? rows[0]?.origin : undefined;
}

/** What xfrm policies and the daemon's own list say of the tunnel's selectors. */
function selectorsOf(client: ClientView, tunnel: Tunnel): readonly Prefix[] {
  return client.policies === undefined && tunnel.handles.size === 0
    ? childSelectors(client, tunnel)
    : policySelectors(client, tunnel);
}

/** A tunnel in user space (ipsec0) has no policy in the kernel: then only the daemon's own list tells. */
function carriedBy(client: ClientView, tunnel: Tunnel): AddressSet | undefined {
  const children = childSelectors(client, tunnel);
  const told = children.length > 0 || (client.policies !== undefined && tunnel.handles.size === 0);
  return told ? setOf([...children, ...policySelectors(client, tunnel)]) : undefined;
}

function policySelectors({ policies = [] }: ClientView, tunnel: Tunnel): readonly Prefix[] {
  return policies
    .filter(
      ({ direction, action, hasTemplate, from }) =>
        direction === 'out' && action === 'allow' && hasTemplate && containsAddress(from, tunnel.address),
    )
    .map(({ to }) => to);
}

// While charon renews or moves a child SA, the old one goes on.
const carrying: ReadonlySet<string> = new Set(['INSTALLED', 'UPDATING', 'REKEYING', 'REKEYED']);

/** Whether packets go through a child SA; one that is only agreed or trapped carries nothing. */
export const isCarrying = ({ state }: ChildAssociation): boolean => carrying.has(state);

function childSelectors({ associations = [] }: ClientView, tunnel: Tunnel): readonly Prefix[] {
  return associations
    .filter(({ ike }) => ike.virtualAddresses.includes(tunnel.address))
    .flatMap(({ children }) => children.filter(isCarrying).flatMap(({ remoteSelectors }) => remoteSelectors));
}
