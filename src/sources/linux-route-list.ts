import type { Origin } from '../facts/origin.ts';
import type { Route, RouteType, Via } from '../facts/route.ts';
import type { Address, Family } from '../net/address.ts';
import { familyOfPrefix, type Prefix, prefix } from '../net/prefix.ts';

/** What a row of `ip route` tells besides its destination. */
export interface RouteAttributes {
  via: Via | undefined;
  interface: string;
  /** Undefined: not printed. */
  metric: number | undefined;
  table: string;
  source: Address | undefined;
  protocol: string | undefined;
  flags: readonly string[] | undefined;
  preference: string | undefined;
  weight: number | undefined;
  /** What these attributes tell of the row's family: a bare `default` is of either. */
  family: Family | undefined;
}

/** A destination as printed: a prefix, or the word `default`, whose family other parts of the row tell. */
export type Destination = Prefix | 'default';

/** Routes being read, in the order of the text. */
export interface RouteList {
  readonly routes: Route[];
  /** The family that the command line named. */
  readonly asked: Family | undefined;
  /** The family of the last row that told it: a table lists IPv4 first, then IPv6. */
  lastFamily: Family | undefined;
  /** How many rows at the start are defaults whose family no row has told yet. */
  undecided: number;
  multipaths: number;
}

export const onLink: Via = { kind: 'on-link' };
export const discard: Via = { kind: 'discard' };
const defaults = { 4: prefix('0.0.0.0/0'), 6: prefix('::/0') } as const;

/** The kernel's default where the row prints no metric. */
const unprintedMetric = { 4: 0, 6: 1024 } as const;

const routeTypes: ReadonlySet<unknown> = new Set([
  'unicast',
  'local',
  'broadcast',
  'multicast',
  'anycast',
  'blackhole',
  'unreachable',
  'prohibit',
  'throw',
  'nat',
] satisfies RouteType[]);

/** Attributes of a row that tells nothing. */
export function blankAttributes(table: string): RouteAttributes {
  return {
    via: undefined,
    interface: '',
    metric: undefined,
    table,
    source: undefined,
    protocol: undefined,
    flags: undefined,
    preference: undefined,
    weight: undefined,
    family: undefined,
  };
}

function isRouteType(word: unknown): word is RouteType {
  return routeTypes.has(word);
}

/** The kernel's numbers of the types, which `ip -N` prints in place of the words. */
const numberedTypes: ReadonlyMap<unknown, RouteType> = new Map([
  ['1', 'unicast'],
  ['2', 'local'],
  ['3', 'broadcast'],
  ['4', 'anycast'],
  ['5', 'multicast'],
  ['6', 'blackhole'],
  ['7', 'unreachable'],
  ['8', 'prohibit'],
  ['9', 'throw'],
  ['10', 'nat'],
]);

/** The type of that name or number. */
export function routeTypeOf(word: unknown): RouteType | undefined {
  return isRouteType(word) ? word : numberedTypes.get(word);
}

export function isDiscarding(type: RouteType): boolean {
  return type === 'blackhole' || type === 'unreachable' || type === 'prohibit' || type === 'throw';
}

export function emptyRouteList(asked: Family | undefined): RouteList {
  return { routes: [], asked, lastFamily: undefined, undecided: 0, multipaths: 0 };
}

/** Adds one row, or one next hop of a row. */
export function addRoute(
  list: RouteList,
  destination: Destination,
  type: RouteType,
  attributes: RouteAttributes,
  origin: Origin,
  multipath?: number,
): void {
  const told = destination === 'default' ? (attributes.family ?? list.asked) : familyOfPrefix(destination);
  const family = told ?? list.lastFamily ?? 4;
  if (told !== undefined) {
    if (list.undecided > 0) decide(list, told);
    list.lastFamily = told;
  } else if (list.lastFamily === undefined) list.undecided += 1;
  const block = destination === 'default' ? defaults[family] : destination;
  const metric = attributes.metric ?? unprintedMetric[family];
  list.routes.push(routeOf(block, type, attributes, metric, origin, multipath));
}

// A million routes are a million of these objects: the usual two shapes are literals, which the engine packs tightly.
function routeOf(
  block: Prefix,
  type: RouteType,
  attributes: RouteAttributes,
  metric: number,
  origin: Origin,
  multipath: number | undefined,
): Route {
  const { interface: name, table, protocol, source, flags, preference, weight } = attributes;
  const via = isDiscarding(type) ? discard : (attributes.via ?? onLink);
  const route: { -readonly [Key in keyof Route]: Route[Key] } =
    protocol === undefined
      ? { prefix: block, via, type, interface: name, metric, table, origin }
      : { prefix: block, via, type, interface: name, metric, table, origin, protocol };
  if (source !== undefined) route.source = source;
  if (flags !== undefined) route.flags = flags;
  if (preference !== undefined) route.preference = preference;
  if (multipath !== undefined) route.multipath = multipath;
  if (weight !== undefined) route.weight = weight;
  return route;
}

/** The first row of a known family tells that of the bare defaults above it. */
function decide(list: RouteList, family: Family): void {
  if (family === 6)
    for (let i = 0; i < list.undecided; i += 1) {
      const route = list.routes[i];
      if (route !== undefined)
        list.routes[i] = {
          ...route,
          prefix: defaults[6],
          metric: route.metric === 0 ? unprintedMetric[6] : route.metric,
        };
    }
  list.undecided = 0;
}
