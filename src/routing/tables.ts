import type { Platform } from '../facts/capture.ts';
import type { Route } from '../facts/route.ts';
import { formatPrefix } from '../net/prefix.ts';
import { RouteTable } from '../net/route-table.ts';

/** The routing tables of one family, each flattened when it is first asked. */
export interface Tables {
  /** Names of all tables that have a route. */
  readonly names: readonly string[];
  readonly has: (name: string) => boolean;
  /** The tables searched as if they were one; equal prefixes and metrics in the order named. */
  readonly joined: (names: readonly string[]) => RouteTable<Route> | undefined;
  /** All live next hops of a route, itself the first. */
  readonly nextHopsOf: (route: Route) => readonly Route[];
  /** Whether a rival to the same prefix has no known metric, so that another row may really win. */
  readonly isMetricUnsure: (route: Route) => boolean;
}

/** The name of a table. The kernel's own three have numbers too, and `ip -N` prints those. */
export function tableName(written: string): string {
  return reserved.get(written) ?? written;
}

const reserved: ReadonlyMap<string, string> = new Map([
  ['255', 'local'],
  ['254', 'main'],
  ['253', 'default'],
]);

/** Sorts the rows of one family into tables. Dead rows are left out: the system never consults them. */
export function tablesOf(rows: readonly Route[], platform: Platform): Tables {
  const live = rows.filter(({ flags }) => flags?.includes('dead') !== true);
  const byTable = Map.groupBy(live, ({ table }) => tableName(table));
  const hops = nextHops(live);
  const flattened = new Map<string, RouteTable<Route>>();
  const unsure = platform === 'windows' ? rivalsWithoutMetric(live) : new Set<string>();
  return {
    names: [...byTable.keys()],
    has: (name) => byTable.has(name),
    joined: (names) => {
      const key = names.join('+');
      const known = flattened.get(key);
      if (known !== undefined) return known;
      const routes = names.flatMap((name) => byTable.get(name) ?? []);
      if (routes.length === 0) return undefined;
      const table = new RouteTable(preferredFirst(routes.filter((route) => hops.firstOf(route) === route)));
      flattened.set(key, table);
      return table;
    },
    nextHopsOf: hops.of,
    isMetricUnsure: (route) => unsure.size > 0 && unsure.has(formatPrefix(route.prefix)),
  };
}

// A multipath route is one route: its first live row stands for it in the table.
function nextHops(live: readonly Route[]): {
  readonly of: (route: Route) => readonly Route[];
  readonly firstOf: (route: Route) => Route;
} {
  const keyOf = (route: Route): string =>
    `${route.origin.artifact} ${route.table} ${formatPrefix(route.prefix)} ${route.multipath}`;
  const groups = Map.groupBy(
    live.filter(({ multipath }) => multipath !== undefined),
    keyOf,
  );
  const of = (route: Route): readonly Route[] =>
    route.multipath === undefined ? [route] : (groups.get(keyOf(route)) ?? [route]);
  return { of, firstOf: (route) => of(route)[0] ?? route };
}

// IPv6 router preference breaks ties of prefix and metric; a table breaks them by the order of listing.
function preferredFirst(routes: readonly Route[]): readonly Route[] {
  if (routes.every(({ preference }) => rankOf(preference) === 0)) return routes;
  return routes.toSorted((a, b) => rankOf(b.preference) - rankOf(a.preference));
}

function rankOf(preference: string | undefined): number {
  if (preference === 'high') return 1;
  return preference === 'low' ? -1 : 0;
}

function rivalsWithoutMetric(rows: readonly Route[]): ReadonlySet<string> {
  const without = new Set(rows.filter(({ metric }) => metric === null).map(({ prefix }) => formatPrefix(prefix)));
  if (without.size === 0) return without;
  const counted = Map.groupBy(rows, ({ prefix }) => formatPrefix(prefix));
  return new Set([...without].filter((prefix) => (counted.get(prefix)?.length ?? 0) > 1));
}
