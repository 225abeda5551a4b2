import type { Route, Rule } from '../facts/route.ts';
import type { ClimbContext } from '../ladder/context.ts';
import { type Ladder, type Part, stateOf } from '../ladder/ladder.ts';
import { covers, intersect, isEmpty, setOf } from '../net/address-set.ts';
import { formatPrefix, widthOfPrefix } from '../net/prefix.ts';
import { isLoopbackRoute, leadsToAnotherVpn } from './adapters.ts';

/** What takes addresses away from the tunnel, by what kind of thing it is: each kind is a cause of its own. */
export type DetourKind =
  /** Blackhole, unreachable, prohibit: by route, by rule, or by a route to this host itself. */
  | 'discard'
  /** Another VPN's adapter. */
  | 'other-vpn'
  /** A policy rule that asks another table before the tunnel's. */
  | 'rule'
  /** A default route that beats the tunnel's default. */
  | 'default'
  /** A route somebody made by way of a router, or to a single host. */
  | 'manual'
  /** A network this computer is connected to, or that its router announced. */
  | 'local';

export interface Detour {
  readonly kind: DetourKind;
  readonly route: Route | undefined;
  readonly rule: Rule | undefined;
  readonly ladders: readonly [Ladder, ...Ladder[]];
}

/** Whether this host sends all or a part of the prefix somewhere else although a route into the tunnel exists. */
export function isTaken(ladder: Ladder): boolean {
  const selected = stateOf(ladder, 'selected');
  return ladder.verdict === 'broken' && ladder.reason !== 'pool' && (selected === 'lost' || selected === 'partial');
}

/** Every thing of one kind that takes addresses of a broken prefix, each with the prefixes it takes from. */
export function detoursOf(kind: DetourKind, ladders: readonly Ladder[], context: ClimbContext): readonly Detour[] {
  const takings = ladders
    .filter(isTaken)
    .flatMap((ladder) =>
      ladder.parts
        .filter((part) => isDetour(part, ladder, context) && kindOf(part, ladder, context) === kind)
        .map((part) => ({ ...deciderOf(part), ladder })),
    );
  return [...Map.groupBy(takings, keyOf).values()].flatMap((alike) => {
    const [first] = alike;
    const [ladder, ...others] = new Set(alike.map((one) => one.ladder));
    if (first === undefined || ladder === undefined) return [];
    return [{ kind, route: first.route, rule: first.rule, ladders: [ladder, ...others] }];
  });
}

/** Where an IPsec policy blocks, the route that the packet had found has no say. */
function deciderOf({ decision: { outcome, policy } }: Part): Pick<Detour, 'route' | 'rule'> {
  if (policy !== undefined) return { route: undefined, rule: undefined };
  return {
    route: outcome.kind === 'route' ? outcome.route : undefined,
    rule: outcome.kind === 'none' ? undefined : outcome.rule,
  };
}

/** The same prefix on the same adapter is one thing, in however many parts it wins. */
function keyOf({ route, rule }: Pick<Detour, 'route' | 'rule'>): string {
  if (route !== undefined) return `${route.interface} ${formatPrefix(route.prefix)}`;
  return rule === undefined ? '' : `rule ${rule.family} ${rule.priority}`;
}

/** Own and broadcast addresses of this host's links are nobody's loss. */
function isDetour(part: Part, ladder: Ladder, { tunnelSpace }: ClimbContext): boolean {
  return !part.intoTunnel && !covers(tunnelSpace.own, part.space) && !isNaturalHere(part, ladder);
}

/** Beside a default into the tunnel a host keeps its own networks and single hosts: nobody calls that a fault. */
function isNaturalHere({ decision: { outcome } }: Part, ladder: Ladder): boolean {
  if (ladder.prefix.length > 1 || outcome.kind !== 'route') return false;
  const { prefix, via } = outcome.route;
  return prefix.length > 1 && (via.kind === 'on-link' || prefix.length === widthOfPrefix(prefix));
}

/** What kind of thing decides for a part that stays out of the tunnel; undefined where nothing does. */
function kindOf(part: Part, ladder: Ladder, context: ClimbContext): DetourKind | undefined {
  const { outcome, policy } = part.decision;
  // A policy that lets such a packet through names no tunnel, and then the route decides.
  if (policy !== undefined || outcome.kind === 'rule') return 'discard';
  if (outcome.kind === 'none') return undefined;
  const { route } = outcome;
  if (isTunnelRow(route, context)) return undefined;
  if (['blackhole', 'unreachable', 'prohibit'].includes(route.type) || isLoopbackRoute(route)) return 'discard';
  if (leadsToAnotherVpn(route, context)) return 'other-vpn';
  if (isByRule(route, part, ladder)) return 'rule';
  if (route.prefix.length === 0) return 'default';
  const isHost = route.prefix.length === widthOfPrefix(route.prefix);
  return (route.via.kind === 'gateway' || isHost) && !isAnnounced(route) ? 'manual' : 'local';
}

/** The host's choice is the tunnel's row, yet not the tunnel: IPsec has no selector for it (C25). */
function isTunnelRow(route: Route, { tunnelSpace }: ClimbContext): boolean {
  return tunnelSpace.routes.includes(route);
}

/** The winner stands in another table than every route that leads these addresses into the tunnel: rules decided. */
function isByRule(route: Route, { space }: Part, { tunnelRoutes }: Ladder): boolean {
  const rivals = tunnelRoutes.filter(({ prefix }) => !isEmpty(intersect(space, setOf([prefix]))));
  return rivals.length > 0 && rivals.every(({ table }) => table !== route.table);
}

/** Learned from the network (DHCP, router advertisement, a routing protocol), not made by hand. */
export function isAnnounced({ protocol = '' }: Route): boolean {
  return /^(dhcp|ra|redirect|bgp|ospf|rip|isis|eigrp|babel|bird|zebra|8|9|11|12|13|14|16|19|42|186|187|188|189|192)$/i.test(
    protocol,
  );
}
