import type { Interface } from '../facts/client.ts';

/**
 * One entry an interface: several witnesses describe each, one by alias, one by index, one by driver. What the first
 * tells stands; the others fill in what it left open.
 */
export function mergeInterfaces(told: readonly Interface[]): readonly Interface[] {
  const merged: Interface[] = [];
  for (const one of told.toSorted((a, b) => detail(b) - detail(a))) {
    const at = merged.findIndex((known) => isSame(known, one));
    if (at < 0) merged.push(one);
    else merged[at] = joined(merged[at] as Interface, one);
  }
  return merged;
}

/** Who knows whether it is a tunnel knows most: the kernel's own list before a library's summary of it. */
const detail = ({ isTunnel, kind, index }: Interface): number =>
  Number(isTunnel !== undefined) * 4 + Number(kind !== undefined) * 2 + Number(index !== null);

function isSame(a: Interface, b: Interface): boolean {
  if (a.index !== null && b.index !== null) return a.index === b.index;
  return a.name === b.name || a.addresses.some(({ address }) => b.addresses.some((other) => other.address === address));
}

function joined(first: Interface, second: Interface): Interface {
  const known = new Set(first.addresses.map(({ address }) => address));
  const description = first.description ?? second.description ?? (second.name === first.name ? undefined : second.name);
  return {
    ...second,
    ...first,
    index: first.index ?? second.index,
    addresses: [...first.addresses, ...second.addresses.filter(({ address }) => !known.has(address))],
    ...(description !== undefined && { description }),
  };
}
