import type { Route } from '../../src/facts/route.ts';
import type { AddressV4 } from '../../src/net/address.ts';
import { RouteTable } from '../../src/net/route-table.ts';
import { linuxIpRoute } from '../../src/sources/linux-ip-route.ts';
import { windowsRoutePrint } from '../../src/sources/windows-route-print.ts';
import { onLink } from '../../src/sources/windows-route-row.ts';
import { largeTable, type TableFormat, type TableOrder } from './large-tables.ts';
import { median, times } from './median.ts';
import { seeded } from './seeded.ts';

/*
 * One table of one size, measured in a process of its own, so that one case's garbage is not another's pause:
 * `node --expose-gc table-case.ts FORMAT ROWS ORDER`. Prints a TableFigures as JSON.
 */

/** What was measured of one table. */
export interface TableFigures {
  readonly format: TableFormat;
  readonly order: TableOrder;
  readonly rows: number;
  readonly bytes: number;
  readonly plainMs: number;
  /** What no parser here can be quicker than: each character looked at once, and one route object made a row. */
  readonly floorMs: number;
  readonly parseMs: number;
  readonly indexMs: number;
  readonly heldBytes: number;
  readonly lookupNs: number;
  readonly bareLookupNs: number;
}

const [format = 'ip-json', rowsText = '10000', order = 'ordered'] = process.argv.slice(2) as [
  TableFormat,
  string,
  TableOrder,
];
const rows = Number(rowsText);
const parse = format === 'ip-json' ? linuxIpRoute.parse : windowsRoutePrint.parse;
const plain = format === 'ip-json' ? (text: string) => JSON.parse(text) : (text: string) => text.split('\n');
const bytes = Buffer.from(largeTable(format, rows, order));
const text = bytes.toString('latin1');

const routesOf = (): readonly Route[] => parse(text, { artifact: 'table' }).facts.routes ?? [];
const repeats = rows > 500_000 ? 7 : 9;
// What it stands beside is native code and warm from the start. A second gives ours the same: a count of runs would be enough
// for a large table and too few for a small one.
for (const began = performance.now(); performance.now() - began < 1000; ) {
  plain(text);
  new RouteTable(routesOf());
}
const runs = Math.max(1, Math.round(100_000 / rows));
const plainMs = median(times(repeats, () => plain(text), runs));
const floorMs = median(times(repeats, floor, runs));
let routes: readonly Route[] = [];
const parseMs = median(
  times(
    repeats,
    () => {
      routes = routesOf();
    },
    runs,
  ),
);
const indexMs = median(times(repeats, () => new RouteTable(routes), runs));

routes = [];
const before = heldNow();
// As many as were timed in one sample: beside a single small table whatever else comes and goes would be large.
const tables = Array.from({ length: runs }, () => new RouteTable(routesOf()));
const heldBytes = (heldNow() - before) / runs;
const [table = new RouteTable<Route>([])] = tables;
if (table.routes.length !== rows) throw new Error(`${table.routes.length} of ${rows} rows were read`);

const random = seeded(1);
const asked = Array.from({ length: 200_000 }, () => Math.floor(random() * 2 ** 32) as AddressV4);
const firsts = Uint32Array.from(table.routes, ({ prefix }) => Number(prefix.first)).sort();
let sum = 0;
const lookupMs = median(
  times(9, () => {
    for (const address of asked) sum += table.lookup(address) === undefined ? 0 : 1;
  }),
);
const bareMs = median(
  times(9, () => {
    for (const address of asked) sum += bareSearch(firsts, address);
  }),
);
if (sum < 0) throw new Error('never: keeps the loops from being optimised away');

const perLookup = 1e6 / asked.length;
console.log(
  JSON.stringify({
    format,
    order,
    rows,
    bytes: bytes.length,
    plainMs,
    floorMs,
    parseMs,
    indexMs,
    heldBytes,
    lookupNs: lookupMs * perLookup,
    bareLookupNs: bareMs * perLookup,
  } satisfies TableFigures),
);

function floor(): unknown {
  let sum = 0;
  for (let i = 0; i < text.length; i += 1) sum += text.charCodeAt(i);
  const made: Route[] = [];
  for (let i = 0; i < rows; i += 1)
    made.push({
      prefix: { first: i as AddressV4, length: 24 },
      via: onLink,
      type: 'unicast',
      interface: '',
      metric: 1,
      table: 'main',
      origin: { artifact: 'table', line: i },
    });
  return [sum, made];
}

function heldNow(): number {
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

function bareSearch(starts: Uint32Array, address: number): number {
  let low = 0;
  let high = starts.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((starts[middle] as number) <= address) low = middle + 1;
    else high = middle;
  }
  return low;
}
