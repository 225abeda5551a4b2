import { type Address, predecessor } from './address.ts';
import type { AddressSet, Range } from './address-set.ts';
import { containsAddress, lastOf, type Prefix } from './prefix.ts';
import { type Runs, runAt, runsV4, runsV6, type TableEntry } from './runs.ts';

/** Part of a prefix for which the table gives one answer. */
export interface Slice<R> {
  readonly space: AddressSet;
  readonly route: R | undefined;
}

/**
 * Forwarding order: longest prefix first, then lowest metric, then as listed.
 *
 * The table is flattened once into disjoint runs of addresses, each with the route that wins it. A look-up is then a
 * binary search, and a slice is a walk along the runs; why a sorted list of prefixes would not do is in
 * route-table.md.
 */
export class RouteTable<R extends TableEntry> {
  readonly routes: readonly R[];
  readonly #v4: Runs;
  readonly #v6: Runs;

  constructor(routes: readonly R[]) {
    this.routes = routes;
    this.#v4 = runsV4(routes);
    this.#v6 = runsV6(routes);
  }

  /** The route that wins the address, if any holds it. */
  lookup(address: Address): R | undefined {
    const runs = this.#runsFor(address);
    return this.#winnerOf(runs, runAt(runs.starts, address));
  }

  /** Every route that holds the address, the winner first, then what it beat in order. */
  matches(address: Address): readonly R[] {
    return this.routes
      .filter(({ prefix }) => containsAddress(prefix, address))
      .sort((a, b) => b.prefix.length - a.prefix.length || (a.metric ?? 0) - (b.metric ?? 0));
  }

  /** How the table answers across a prefix: disjoint slices, one a route (or none), that together cover it. */
  slices(asked: Prefix): readonly Slice<R>[] {
    const runs = this.#runsFor(asked.first);
    const last = lastOf(asked);
    const spaces = new Map<R | undefined, Range[]>();
    let from: Address = asked.first;
    for (let index = runAt(runs.starts, from); ; index += 1) {
      const next = runs.starts[index + 1];
      const ends = next === undefined || next > last;
      const to = ends ? last : predecessor(next);
      append(spaces, this.#winnerOf(runs, index), { first: from, last: to });
      if (ends) return [...spaces].map(([route, space]) => ({ route, space }));
      from = next;
    }
  }

  #runsFor(address: Address): Runs {
    return typeof address === 'number' ? this.#v4 : this.#v6;
  }

  #winnerOf(runs: Runs, index: number): R | undefined {
    const winner = runs.winners[index] as number;
    return winner < 0 ? undefined : this.routes[winner];
  }
}

function append<K>(spaces: Map<K, Range[]>, key: K, range: Range): void {
  const ranges = spaces.get(key);
  if (ranges === undefined) spaces.set(key, [range]);
  else ranges.push(range);
}
