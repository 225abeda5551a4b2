import type { Origin } from '../facts/origin.ts';
import type { RouteType } from '../facts/route.ts';
import { type Address, type Family, familyOf, parseAddress } from '../net/address.ts';
import { type Prefix, parsePrefix, prefix } from '../net/prefix.ts';
import { type RowReading, routeOfRow } from './netstat-row.ts';

// default            192.168.29.1       UGScg                 en0
// 10.10.56/24        link#9             UCS                   en0      !
// 127                127.0.0.1          UCS            0        0     lo0
// 10.1/16            utun3              USc                 utun3
// fe80::%lo0/64      fe80::1%lo0        UcI                   lo0
// 10.1/16            10.8.0.1           UGS        0       12     -     8 tun0

/**
 * Reads a row of macOS or a BSD. Before macOS 10.15, and on the BSDs, counters stand between the flags and the device.
 * `family`: that of the list, for its defaults.
 */
export function readBsdRow(cells: readonly string[], family: Family, origin: Origin): RowReading {
  const [destination = '', gateway = '', flags = '', ...rest] = cells;
  const device = rest.find((cell) => !/^(\d+|-)$/.test(cell));
  if (!/^U[A-Za-z0-9]*$/.test(flags) || device === undefined || rest.length > 5) return undefined;
  const address = parseAddress(gateway.replace(/%.*$/, ''));
  const block = destination === 'default' ? defaultBeside(address, family) : expandPrefix(destination);
  if (block === undefined)
    return /^[\d.:a-f]+([/%]|$)/i.test(destination) ? 'the destination is not a prefix' : undefined;
  // A device, a `link#9` or a neighbour's MAC in the gateway's place means on-link, and so does a row without `G`.
  const next = flags.includes('G') ? address : undefined;
  return routeOfRow({ block, next, type: typeOf(flags), device, metric: null, origin });
}

function defaultBeside(gateway: Address | undefined, family: Family): Prefix {
  return prefix((gateway === undefined ? family : familyOf(gateway)) === 6 ? '::/0' : '0.0.0.0/0');
}

function typeOf(flags: string): RouteType {
  if (flags.includes('B')) return 'blackhole';
  if (flags.includes('R')) return 'unreachable';
  if (flags.includes('m')) return 'multicast';
  return flags.includes('b') ? 'broadcast' : 'unicast';
}

/** `10.10.56/24` is 10.10.56.0/24, `224.0.0/4` 224.0.0.0/4, and `127` or `169.254` mean as many bits as they show. */
function expandPrefix(text: string): Prefix | undefined {
  const plain = text.replace(/%[^/]*/, '');
  if (plain.includes(':')) return parsePrefix(plain);
  const [written = '', length] = plain.split('/');
  const parts = written.split('.');
  if (parts.length > 4) return undefined;
  const full = [...parts, '0', '0', '0'].slice(0, 4).join('.');
  return parsePrefix(`${full}/${length ?? parts.length * 8}`);
}
