import { type AddressV4, formatAddress } from '../../src/net/address.ts';
import { seeded } from './seeded.ts';

/** How a large routing table may be written. */
export type TableFormat = 'ip-json' | 'route-print';

/** In order of address, as both systems print their tables, or not, as a paste or a filter may leave one. */
export type TableOrder = 'ordered' | 'shuffled';

/** A table of so many distinct prefixes, as the command prints it. The same text for the same numbers, always. */
export function largeTable(format: TableFormat, rows: number, order: TableOrder = 'ordered'): string {
  const drawn = [...prefixes(rows)];
  const listed = order === 'ordered' ? drawn.toSorted((a, b) => a.first - b.first || a.length - b.length) : drawn;
  return format === 'ip-json' ? ipJson(listed) : routePrint(listed);
}

interface Row {
  readonly first: AddressV4;
  readonly length: number;
}

// One line a table, as `ip -j -d route` prints it.
function ipJson(rows: readonly Row[]): string {
  const written = rows.map(({ first, length }, index) => {
    const hop =
      index % 3 === 0
        ? `"gateway":"192.168.29.1","dev":"wlan0","protocol":"static","scope":"global","metric":600`
        : `"dev":"tun0","protocol":"static","scope":"link"`;
    return `{"type":"unicast","dst":"${formatAddress(first)}/${length}",${hop},"flags":[]}`;
  });
  return `[${written.join(',')}]\n`;
}

function routePrint(rows: readonly Row[]): string {
  const written = rows.map(({ first, length }, index) => {
    const mask = formatAddress((2 ** 32 - 2 ** (32 - length)) as AddressV4);
    const [via, local, metric] =
      index % 3 === 0 ? ['192.168.29.1', '192.168.29.37', 50] : ['On-link', '172.16.50.130', 43];
    return `${formatAddress(first).padStart(17)}${mask.padStart(17)}${String(via).padStart(17)}${String(local).padStart(17)}${String(metric).padStart(7)}`;
  });
  const ruler = '='.repeat(75);
  return [
    ruler,
    'Interface List',
    ' 14...00 1c 42 98 16 7d ......Intel(R) PRO/1000 MT',
    ' 41...........................hub',
    ruler,
    '',
    'IPv4 Route Table',
    ruler,
    'Active Routes:',
    'Network Destination        Netmask          Gateway       Interface  Metric',
    ...written,
    ruler,
    'Persistent Routes:',
    '  None',
    '',
  ].join('\r\n');
}

/** Distinct prefixes of the lengths that a full Internet table has, out of order. */
function* prefixes(count: number): Generator<Row> {
  const random = seeded(count);
  const seen = new Set<number>();
  while (seen.size < count) {
    const length = random() < 0.6 ? 24 : 12 + Math.floor(random() * 14);
    const size = 2 ** (32 - length);
    const first = Math.floor((random() * 223 * 2 ** 24) / size) * size + 2 ** 24;
    const key = first * 64 + length;
    if (seen.has(key) || first >= 224 * 2 ** 24) continue;
    seen.add(key);
    yield { first: first as AddressV4, length };
  }
}
