import type { Problem } from '../facts/origin.ts';
import type { RouteType, Via } from '../facts/route.ts';
import { type Address, familyOf, parseAddress } from '../net/address.ts';
import { destinationAt } from './linux-destination.ts';
import { isRecord, type JsonRecord, numberOf, readJsonList, textOf } from './linux-json.ts';
import {
  addRoute,
  blankAttributes,
  type Destination,
  emptyRouteList,
  isDiscarding,
  type RouteAttributes,
  type RouteList,
  routeTypeOf,
} from './linux-route-list.ts';
import { familyOfScope } from './linux-route-words.ts';
import { pointerOrigin, type Reading, type ReadingContext } from './source.ts';

const noRecord: JsonRecord = {};

/** State of one reading: what repeats from row to row is kept once. */
interface Rows {
  readonly list: RouteList;
  readonly problems: Problem[];
  readonly context: ReadingContext;
  readonly table: string;
  readonly addresses: Map<string, Address | undefined>;
  readonly gateways: Map<string, Via>;
  /** One object for all rows: a table may have a million. */
  readonly attributes: RouteAttributes;
}

/** Reads what `ip -j route show` prints, with or without `-d`. `table` is what rows that name none belong to. */
export function readIpRouteJson(text: string, table: string, context: ReadingContext): Reading {
  const reading = readJsonList(text, context);
  if (reading.kind === 'broken') return { facts: {}, problems: [reading.problem] };
  const { list } = reading;
  const rows: Rows = {
    list: emptyRouteList(context.family),
    problems: [],
    context,
    table,
    addresses: new Map(),
    gateways: new Map(),
    attributes: blankAttributes(table),
  };
  for (let index = 0; index < list.length; index += 1) {
    const why = readRow(rows, list[index], index);
    if (why !== undefined)
      rows.problems.push({
        origin: pointerOrigin(context, `/${index}`),
        text: JSON.stringify(list[index]).slice(0, 300),
        why,
      });
  }
  const isNothing = rows.list.routes.length === 0 && rows.problems.length > 0;
  return { facts: isNothing ? {} : { routes: rows.list.routes }, problems: rows.problems };
}

/** Why the row was not understood; undefined when it was. */
function readRow(rows: Rows, row: unknown, index: number): string | undefined {
  if (!isRecord(row)) return 'not an object';
  const { dst, type: written = 'unicast', nexthops } = row;
  // Versions before 4.20 print {} for each row that a filter left out.
  if (dst === undefined && Object.keys(row).length === 0) return undefined;
  const unusable = unusableRow(row);
  if (unusable !== undefined) return unusable;
  const destination = destinationOf(dst);
  if (destination === undefined) return 'the destination is not a prefix';
  const type = routeTypeOf(written);
  if (type === undefined) return 'a route type of an unknown name';
  const wrong = readAttributes(rows, row);
  if (wrong !== undefined) return wrong;
  if (Array.isArray(nexthops)) return readNextHops(rows, destination, type, nexthops, index);
  const { attributes } = rows;
  if (attributes.via === undefined && attributes.interface === '' && !isDiscarding(type))
    return 'names neither a gateway nor a device';
  addRoute(rows.list, destination, type, attributes, pointerOrigin(rows.context, `/${index}`));
  return undefined;
}

function destinationOf(dst: unknown): Destination | undefined {
  if (typeof dst !== 'string') return undefined;
  return dst === 'default' ? dst : destinationAt(dst, 0, dst.length);
}

/** Rows that are valid and still no route to decide by. */
function unusableRow(row: JsonRecord): string | undefined {
  const { cache, tos, encap } = row;
  if (cache !== undefined) return 'an answer of `ip route get`, not a row of a table';
  // {"dst":"10.5.0.0/16","encap":"ip","id":5,"src":"0.0.0.0","dst":"1.2.3.4"}: iproute2 prints the key twice.
  const isOverwritten = encap === 'ip' || encap === 'ip6' || encap === 'mpls';
  if (isOverwritten) return "the encapsulation's `dst` has taken the place of the route's own: left out";
  return tos === undefined ? undefined : 'serves one type of service only: left out';
}

function readAttributes(rows: Rows, row: JsonRecord): string | undefined {
  const { attributes } = rows;
  const { table, protocol, prefsrc, metric, pref, from, scope } = row;
  // IPv6 alone has a preference, and routes by source.
  attributes.family = pref === undefined && from === undefined ? familyOfScope(scope) : 6;
  const wrong = readHop(rows, row);
  if (wrong !== undefined) return wrong;
  if (from !== undefined) attributes.flags = [...(attributes.flags ?? []), `from ${from}`];
  attributes.table = table === undefined ? rows.table : String(table);
  attributes.protocol = protocol === undefined ? undefined : String(protocol);
  attributes.preference = typeof pref === 'string' ? pref : undefined;
  attributes.weight = undefined;
  attributes.metric = typeof metric === 'number' ? metric : numberOf(metric);
  if (metric !== undefined && attributes.metric === undefined) return 'the metric is not a number';
  attributes.source = undefined;
  if (typeof prefsrc !== 'string') return undefined;
  attributes.source = addressOf(rows, prefsrc);
  if (attributes.source === undefined) return 'the source (`prefsrc`) is not an address';
  attributes.family ??= familyOf(attributes.source);
  return undefined;
}

/** What a row and a next hop have in common: gateway, device, flags. */
function readHop(rows: Rows, row: JsonRecord): string | undefined {
  const { attributes } = rows;
  const { gateway, via, dev, flags } = row;
  attributes.interface = typeof dev === 'string' ? dev : '';
  attributes.flags = Array.isArray(flags) && flags.length > 0 ? flags.map(String) : undefined;
  attributes.via = undefined;
  const { host = gateway } = isRecord(via) ? via : noRecord;
  if (host === undefined) return via === undefined ? undefined : 'the gateway (`via`) is not an address';
  const text = textOf(host) ?? '';
  attributes.via = rows.gateways.get(text) ?? newGateway(rows, text);
  if (attributes.via?.kind !== 'gateway') return 'the gateway is not an address';
  // `via` is a gateway of the other family; `gateway` is of the row's own.
  if (via === undefined) attributes.family ??= familyOf(attributes.via.address);
  return undefined;
}

function readNextHops(
  rows: Rows,
  destination: Destination,
  type: RouteType,
  hops: readonly unknown[],
  index: number,
): string | undefined {
  if (hops.length === 0) return 'a multipath route without next hops';
  const shared = { ...rows.attributes };
  const multipath = rows.list.multipaths;
  rows.list.multipaths += 1;
  for (const [at, hop] of hops.entries()) {
    if (!isRecord(hop)) return 'a next hop that is not an object';
    Object.assign(rows.attributes, shared);
    const wrong = readHop(rows, hop);
    if (wrong !== undefined) return wrong;
    const { attributes } = rows;
    if (shared.flags !== undefined) attributes.flags = [...shared.flags, ...(attributes.flags ?? [])];
    const { weight } = hop;
    attributes.weight = numberOf(weight);
    const origin = pointerOrigin(rows.context, `/${index}/nexthops/${at}`);
    addRoute(rows.list, destination, type, attributes, origin, multipath);
  }
  return undefined;
}

function newGateway(rows: Rows, text: string): Via | undefined {
  const address = parseAddress(text);
  if (address === undefined) return undefined;
  const via: Via = { kind: 'gateway', address };
  rows.gateways.set(text, via);
  return via;
}

function addressOf(rows: Rows, text: string): Address | undefined {
  const known = rows.addresses.get(text);
  if (known !== undefined) return known;
  const address = parseAddress(text);
  rows.addresses.set(text, address);
  return address;
}
