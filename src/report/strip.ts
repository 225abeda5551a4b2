import type { Route } from '../facts/route.ts';
import type { Ladder, Part } from '../ladder/ladder.ts';
import type { Address } from '../net/address.ts';
import { successor } from '../net/address.ts';
import { comparePrefixes, containsPrefix, formatPrefix, lastOf, overlaps, type Prefix } from '../net/prefix.ts';
import type { Decision } from '../routing/decision.ts';

/** A stretch of the number line, in hundredths of its width. */
export interface Bar {
  readonly left: number;
  readonly width: number;
  readonly label: string;
  readonly kind: 'expected' | 'broken' | 'tunnel' | 'elsewhere' | 'nowhere';
}

/** One range of addresses, seen three ways. Each row has as many layers as prefixes lie within each other. */
export interface Strip {
  readonly prefix: Prefix;
  readonly owner: string;
  /** Whether anything shadows it, covers part of it, or is missing. */
  readonly isTelling: boolean;
  readonly expected: readonly (readonly Bar[])[];
  readonly routes: readonly (readonly Bar[])[];
  /** Empty: no route table of the family was read. */
  readonly winners: readonly Bar[];
}

/** The expected prefixes as stretches of a number line: those that lie in a wider one are drawn within it. */
export function stripsOf(ladders: readonly Ladder[]): readonly Strip[] {
  const sorted = ladders.toSorted((a, b) => comparePrefixes(a.prefix, b.prefix));
  const outer: Ladder[] = [];
  for (const ladder of sorted) if (!outer.some((one) => isWithin(ladder, one))) outer.push(ladder);
  return outer.map((one) => stripOf(one, [one, ...sorted.filter((ladder) => ladder !== one && isWithin(ladder, one))]));
}

// A default route holds everything, which would draw all the rest within it.
function isWithin(inner: Ladder, outer: Ladder): boolean {
  return outer.prefix.length >= 4 && containsPrefix(outer.prefix, inner.prefix);
}

function stripOf(outer: Ladder, ladders: readonly Ladder[]): Strip {
  const { prefix, owner, parts } = outer;
  const routes = uniqueRoutes(ladders, prefix);
  const scale = scaleOf(
    prefix,
    [...ladders.map((ladder) => ladder.prefix), ...routes.map((route) => route.prefix)],
    parts,
  );
  return {
    prefix,
    owner,
    isTelling: ladders.some(({ verdict }) => verdict === 'broken') || isDivided(parts),
    expected: layered(
      ladders,
      (ladder) => ladder.prefix,
      (ladder) => ({
        ...scale(ladder.prefix.first, lastOf(ladder.prefix)),
        label: `${formatPrefix(ladder.prefix)} ${ladder.owner}`,
        kind: ladder.verdict === 'broken' ? 'broken' : 'expected',
      }),
    ),
    routes: layered(
      routes,
      (route) => route.prefix,
      (route) => ({
        ...scale(route.prefix.first, lastOf(route.prefix)),
        label: containsPrefix(prefix, route.prefix) ? formatPrefix(route.prefix) : `◂ ${formatPrefix(route.prefix)} ▸`,
        kind: 'tunnel',
      }),
    ),
    winners: parts
      .flatMap((part) => part.space.map(({ first, last }) => ({ first, last, part })))
      .sort((a, b) => (a.first < b.first ? -1 : 1))
      .map(({ first, last, part }) => ({ ...scale(first, last), ...winnerOf(part) })),
  };
}

// That a host keeps its own address and the broadcast to itself shadows nobody.
function isDivided(parts: readonly Part[]): boolean {
  const others = parts.filter(
    ({ decision: { outcome } }) =>
      outcome.kind !== 'route' || !['local', 'broadcast', 'multicast'].includes(outcome.route.type),
  );
  return others.some(({ intoTunnel }) => intoTunnel) && others.some(({ intoTunnel }) => !intoTunnel);
}

function uniqueRoutes(ladders: readonly Ladder[], within: Prefix): readonly Route[] {
  const all = ladders.flatMap(({ tunnelRoutes }) => tunnelRoutes).filter((route) => overlaps(route.prefix, within));
  return [...new Map(all.map((route) => [formatPrefix(route.prefix), route])).values()].toSorted((a, b) =>
    comparePrefixes(a.prefix, b.prefix),
  );
}

/** Whoever lies within another goes one layer down. Sorted input: the wider of two always comes first. */
function layered<T>(
  items: readonly T[],
  prefixOf: (item: T) => Prefix,
  barOf: (item: T) => Bar,
): readonly (readonly Bar[])[] {
  const layers: { readonly bars: Bar[]; last: Prefix }[] = [];
  for (const item of items) {
    const prefix = prefixOf(item);
    const layer = layers.find(({ last }) => !overlaps(last, prefix));
    if (layer === undefined) layers.push({ bars: [barOf(item)], last: prefix });
    else {
      layer.bars.push(barOf(item));
      layer.last = prefix;
    }
  }
  return layers.map(({ bars }) => bars);
}

/**
 * Cuts the range wherever anything begins or ends, and gives each piece a width by the logarithm of its size: true to
 * scale, a /24 in a /12 would be thinner than a hair.
 */
function scaleOf(
  within: Prefix,
  prefixes: readonly Prefix[],
  parts: readonly Part[],
): (first: Address, last: Address) => Pick<Bar, 'left' | 'width'> {
  const [low, high] = [within.first, successor(lastOf(within))];
  const ends = [
    ...prefixes.flatMap((one) => [one.first, successor(lastOf(one))]),
    ...parts.flatMap(({ space }) => space.flatMap(({ first, last }) => [first, successor(last)])),
  ];
  const cuts = [...new Set([low, ...ends.filter((end) => end > low && end < high), high])].sort((a, b) =>
    a < b ? -1 : 1,
  );
  const starts = new Map<Address, number>();
  let total = 0;
  for (const [index, cut] of cuts.entries()) {
    starts.set(cut, total);
    const next = cuts[index + 1];
    if (next !== undefined) total += 4 + Math.log2(Number(next) - Number(cut) || 1);
  }
  const at = (address: Address) => (starts.get(address) ?? (address <= low ? 0 : total)) / total;
  return (first, last) => {
    const left = percent(at(first));
    return { left, width: percent(at(successor(last))) - left };
  };
}

function percent(share: number): number {
  return Math.round(share * 10_000) / 100;
}

function winnerOf({ decision, intoTunnel }: Part): Pick<Bar, 'label' | 'kind'> {
  const name = nameOf(decision);
  if (intoTunnel) return { label: `✓ ${name}`, kind: 'tunnel' };
  return decision.outcome.kind === 'none' && decision.policy === undefined
    ? { label: '✗ no route', kind: 'nowhere' }
    : { label: `✗ ${name}`, kind: 'elsewhere' };
}

function nameOf({ outcome, policy }: Decision): string {
  if (policy !== undefined)
    return `IPsec policy ${formatPrefix(policy.to)}${policy.action === 'block' ? ', blocks' : ''}`;
  if (outcome.kind === 'rule') return `rule ${outcome.rule.priority}`;
  if (outcome.kind === 'none') return 'no route';
  const { prefix, type, interface: name } = outcome.route;
  return `${formatPrefix(prefix)} ${type === 'unicast' ? name : type}`;
}
