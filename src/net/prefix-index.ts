import type { Address } from './address.ts';
import { comparePrefixes, familyOfPrefix, hostPrefix, lastOf, type Prefix, prefixAround } from './prefix.ts';

/**
 * Things by prefix, for estates and tables too large to try each against each. Two prefixes that share an address are
 * nested, so what overlaps is found in two steps: those around the prefix by one look-up a length, those within it by
 * halving.
 */
export class PrefixIndex<T> {
  readonly #around = new Map<number, Map<Address, number[]>>();
  /** Places of the items by address; the narrower of two that begin together comes later. */
  readonly #sorted: readonly number[];
  readonly #prefixes: readonly Prefix[];
  readonly #items: readonly T[];

  constructor(items: Iterable<T>, prefixOf: (item: T) => Prefix) {
    this.#items = [...items];
    this.#prefixes = this.#items.map(prefixOf);
    this.#sorted = [...this.#prefixes.keys()].sort((a, b) => comparePrefixes(this.#at(a), this.#at(b)) || a - b);
    for (const [place, prefix] of this.#prefixes.entries()) {
      const key = lengthKey(prefix);
      const ofLength = this.#around.get(key) ?? new Map<Address, number[]>();
      this.#around.set(key, ofLength);
      const places = ofLength.get(prefix.first);
      if (places === undefined) ofLength.set(prefix.first, [place]);
      else places.push(place);
    }
  }

  /** Every item whose prefix shares an address with this one, in the order given. */
  overlapping(asked: Prefix): readonly T[] {
    const places = this.#containing(asked);
    const last = lastOf(asked);
    for (let at = this.#firstWithin(asked); at < this.#sorted.length; at += 1) {
      const place = this.#sorted[at] as number;
      const { first, length } = this.#at(place);
      if (typeof first !== typeof last || first > last) break;
      if (length > asked.length) places.push(place);
    }
    return this.#itemsAt(places);
  }

  /** Every item whose prefix holds all of this one, in the order given. */
  containing(asked: Prefix): readonly T[] {
    return this.#itemsAt(this.#containing(asked));
  }

  /** Every item whose prefix holds the address, in the order given. */
  holding(address: Address): readonly T[] {
    return this.containing(hostPrefix(address));
  }

  #containing(asked: Prefix): number[] {
    const places: number[] = [];
    for (let length = 0; length <= asked.length; length += 1) {
      const around = prefixAround(asked.first, length);
      const found = this.#around.get(lengthKey(around))?.get(around.first);
      if (found !== undefined) for (const place of found) places.push(place);
    }
    return places;
  }

  #firstWithin(asked: Prefix): number {
    let low = 0;
    let high = this.#sorted.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (comparePrefixes(this.#at(this.#sorted[middle] as number), asked) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #at(place: number): Prefix {
    return this.#prefixes[place] as Prefix;
  }

  #itemsAt(places: number[]): readonly T[] {
    return places.sort((a, b) => a - b).map((place) => this.#items[place] as T);
  }
}

/** Lengths of both families side by side. */
function lengthKey(prefix: Prefix): number {
  return familyOfPrefix(prefix) * 256 + prefix.length;
}
