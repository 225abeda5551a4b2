import type { Address } from '../../src/net/address.ts';
import type { Prefix } from '../../src/net/prefix.ts';
import type { TableEntry } from '../../src/net/runs.ts';

// The obviously right answers: bits compared one prefix at a time, a list walked from end to end. Shares no arithmetic
// with src/net.

/** Whether the leading bits agree. */
export function isInPrefix(prefix: Prefix, address: Address): boolean {
  if (typeof prefix.first !== typeof address) return false;
  return bitsOf(address).slice(0, prefix.length) === bitsOf(prefix.first).slice(0, prefix.length);
}

export function isInAny(prefixes: readonly Prefix[], address: Address): boolean {
  return prefixes.some((prefix) => isInPrefix(prefix, address));
}

/** Every route that holds the address, best first. */
export function matchesOf<R extends TableEntry>(routes: readonly R[], address: Address): readonly R[] {
  let rest = routes.filter(({ prefix }) => isInPrefix(prefix, address));
  const ranked: R[] = [];
  while (rest.length > 0) {
    const longest = Math.max(...rest.map(({ prefix }) => prefix.length));
    const candidates = rest.filter(({ prefix }) => prefix.length === longest);
    const lowest = Math.min(...candidates.map(({ metric }) => metric ?? 0));
    const best = candidates.find(({ metric }) => (metric ?? 0) === lowest);
    if (best === undefined) throw new Error('Unreachable: the lowest is one of them');
    ranked.push(best);
    rest = rest.filter((route) => route !== best);
  }
  return ranked;
}

/** The first and the last address of a prefix and their neighbours: between them no membership changes. */
export function edgesOf(prefixes: readonly Prefix[]): readonly Address[] {
  const edges = prefixes.flatMap(({ first, length }) => {
    const width = typeof first === 'number' ? 32n : 128n;
    const end = BigInt(first) + (1n << (width - BigInt(length)));
    return [BigInt(first) - 1n, BigInt(first), end - 1n, end]
      .filter((value) => value >= 0n && value < 1n << width)
      .map((value) => (width === 32n ? Number(value) : value) as Address);
  });
  return [...new Set(edges)];
}

function bitsOf(address: Address): string {
  return address.toString(2).padStart(typeof address === 'number' ? 32 : 128, '0');
}
