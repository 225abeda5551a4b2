import type { Route, Rule } from '../facts/route.ts';
import type { ClimbContext } from '../ladder/context.ts';
import { type Ladder, type Part, stateOf } from '../ladder/ladder.ts';
import { covers } from '../net/address-set.ts';
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
    const [first, ...rest] = alike;
    if (first === undefined) return [];
    const others = rest
      .map(({ ladder }) => ladder)
      .filter((ladder, index, all) => ladder !== first.ladder && all.indexOf(ladder) === index);
    return [{ kind, route: first.route, rule: first.rule, ladders: [first.ladder, ...others] }];
  });
}

function deciderOf({ decision: { outcome } }: Part): Pick<Detour, 'route' | 'rule'> {
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

/** What kind of thing decides for a part; undefined where nothing does, or an IPsec policy. */
function kindOf(
  { decision: { outcome, policy } }: Part,
  ladder: Ladder,
  context: ClimbContext,
): DetourKind | undefined {
  if (policy !== undefined) return policy.action === 'block' ? 'discard' : undefined;
  if (outcome.kind === 'rule') return 'discard';
  if (outcome.kind === 'none') return undefined;
  const { route, rule } = outcome;
  if (['blackhole', 'unreachable', 'prohibit'].includes(route.type) || isLoopbackRoute(route)) return 'discard';
  if (route.type !== 'unicast') return undefined;
  if (leadsToAnotherVpn(route, context)) return 'other-vpn';
  if (isByRule(route, rule, ladder)) return 'rule';
  if (isTunnelRow(route, context)) return undefined;
  if (route.prefix.length === 0) return 'default';
  const isHost = route.prefix.length === widthOfPrefix(route.prefix);
  return (route.via.kind === 'gateway' || isHost) && !isAnnounced(route) ? 'manual' : 'local';
}

/** The host's choice is the tunnel's row, yet not the tunnel: IPsec has no selector for it (C25). */
function isTunnelRow(route: Route, { tunnelSpace }: ClimbContext): boolean {
  return tunnelSpace.routes.includes(route);
}

/** The winner stands in another table than every route into the tunnel: rules, not prefixes, decided. */
function isByRule(route: Route, rule: Rule | undefined, { tunnelRoutes }: Ladder): boolean {
  if (tunnelRoutes.length === 0 || tunnelRoutes.some(({ table }) => table === route.table)) return false;
  return rule !== undefined || tunnelRoutes.every(({ table }) => table !== 'main');
}

/** Learned from the network (DHCP, router advertisement, a routing protocol), not made by hand. */
export function isAnnounced({ protocol = '' }: Route): boolean {
  return /^(dhcp|ra|redirect|bgp|ospf|rip|isis|eigrp|babel|bird|zebra|8|9|11|12|13|14|16|19|42|186|187|188|189|192)$/i.test(
    protocol,
  );
}
