import type { Interface } from '../../src/facts/client.ts';
import type { Route, RouteType, Rule, XfrmPolicy } from '../../src/facts/route.ts';
import { address } from '../../src/net/address.ts';
import { familyOfPrefix, parseLoosePrefix, prefix } from '../../src/net/prefix.ts';
import type { Decision } from '../../src/routing/decision.ts';
import type { RoutingFacts } from '../../src/routing/ground.ts';

const origin = { artifact: 'test' };

type RowOptions = Partial<Omit<Route, 'prefix' | 'via' | 'source'>> & { readonly via?: string; readonly src?: string };

/** A row of table main, on-link on `dev`, unless told otherwise. */
export function row(to: string, dev: string, { via, src, type = 'unicast', ...rest }: RowOptions = {}): Route {
  return {
    prefix: prefix(to),
    via: viaOf(via, type),
    type,
    interface: dev,
    metric: 0,
    table: 'main',
    ...(src !== undefined && { source: address(src) }),
    ...rest,
    origin,
  };
}

function viaOf(via: string | undefined, type: RouteType): Route['via'] {
  if (['blackhole', 'unreachable', 'prohibit', 'throw'].includes(type)) return { kind: 'discard' };
  return via === undefined ? { kind: 'on-link' } : { kind: 'gateway', address: address(via) };
}

/** A rule that looks up a table, or does what `action` says. */
export function rule(priority: number, action: string | Rule['action'], rest: Partial<Rule> = {}): Rule {
  const does = typeof action === 'string' ? ({ kind: 'lookup', table: action } as const) : action;
  return { family: 4, priority, action: does, ...rest, origin };
}

export const defaults: readonly Rule[] = [rule(0, 'local'), rule(32_766, 'main'), rule(32_767, 'default')];

const ownRow = row('172.16.50.130/32', 'lo', { type: 'local', table: 'local' });

function dev(name: string, ...addresses: readonly string[]): Interface {
  const read = addresses.flatMap((text) => {
    const loose = parseLoosePrefix(text);
    return loose === undefined ? [] : [{ address: loose.address, length: loose.prefix.length }];
  });
  return { name, index: null, addresses: read, origin };
}

export const interfaces = [dev('wlan0', '192.168.29.37/24'), dev('tun0', '172.16.50.130/24')];

/** A Linux client whose tables were read whole. */
export function linux(
  rows: readonly Route[],
  rules: readonly Rule[] | undefined = defaults,
  rest: Partial<RoutingFacts> = {},
): RoutingFacts {
  return {
    platform: 'linux',
    routes: {
      v4: [ownRow, ...rows.filter((one) => familyOfPrefix(one.prefix) === 4)],
      v6: rows.filter((one) => familyOfPrefix(one.prefix) === 6),
    },
    rules,
    policies: undefined,
    interfaces,
    host: { uid: 1000, origin },
    persistent: [],
    ...rest,
  };
}

export function windows(rows: readonly Route[], v6?: readonly Route[]): RoutingFacts {
  return { ...linux([]), platform: 'windows', rules: [], routes: { v4: rows, v6 } };
}

export function policy(to: string, rest: Partial<XfrmPolicy> = {}): XfrmPolicy {
  return {
    direction: 'out',
    from: prefix('172.16.50.130/32'),
    to: prefix(to),
    priority: 375_000,
    action: 'allow',
    hasTemplate: true,
    ...rest,
    origin,
  };
}

/** A decision in one word: the interface, the type of what discards, `rule TYPE`, or `none`. */
export function way(decision: Decision | undefined): string | undefined {
  if (decision === undefined) return undefined;
  const { outcome } = decision;
  if (outcome.kind === 'none') return 'none';
  if (outcome.kind === 'rule') return outcome.rule.action.kind === 'discard' ? `rule ${outcome.rule.action.type}` : '?';
  return outcome.route.via.kind === 'discard' ? outcome.route.type : outcome.route.interface;
}
