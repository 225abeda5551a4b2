import type { Route } from '../../src/facts/route.ts';
import type { AddressV4 } from '../../src/net/address.ts';
import { RouteTable } from '../../src/net/route-table.ts';
import { linuxIpRoute } from '../../src/sources/linux-ip-route.ts';
import { windowsRoutePrint } from '../../src/sources/windows-route-print.ts';
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
if (rows < 100_000)
  for (let i = 0; i < 20; i += 1) {
    plain(text);
    new RouteTable(routesOf());
  }
const plainMs = median(times(repeats, () => plain(text)));
let routes: readonly Route[] = [];
const parseMs = median(
  times(repeats, () => {
    routes = routesOf();
  }),
);
const indexMs = median(times(repeats, () => new RouteTable(routes)));

routes = [];
globalThis.gc?.();
const before = process.memoryUsage();
const table = new RouteTable(routesOf());
globalThis.gc?.();
const after = process.memoryUsage();
const heldBytes = after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers;
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
    parseMs,
    indexMs,
    heldBytes,
    lookupNs: lookupMs * perLookup,
    bareLookupNs: bareMs * perLookup,
  } satisfies TableFigures),
);

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
