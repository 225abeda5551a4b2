import type { Origin } from '../facts/origin.ts';
import type { RouteType } from '../facts/route.ts';
import { parseAddress } from '../net/address.ts';
import { parsePrefix, prefixFromMask } from '../net/prefix.ts';
import { unsigned } from './linux-route-words.ts';
import { type RowReading, routeOfRow } from './netstat-row.ts';

/** Reads a row of net-tools. `hasMetric`: the fifth column is the metric, as `route -n` has it; else it is the MSS. `-ee` has both. */
export function readLinuxRow(cells: readonly string[], hasMetric: boolean, origin: Origin): RowReading {
  if (cells.length === 8) return readV4(cells, hasMetric, origin);
  if (cells.length === 11) return readV4(cells, true, origin);
  return cells.length === 7 ? readV6(cells, origin) : undefined;
}

// net-tools prints the highest metrics as if they were signed.
const counter = /^(-?\d+|-)$/;

// 10.1.0.0        172.16.50.1     255.255.0.0     UG        0 0          0 tun0
// 10.1.0.0        -               255.255.255.0   !         - -          - -
// 10.20.0.0       0.0.0.0         255.255.0.0     U         0 0          0 *
// 10.1.0.0        192.168.29.1    255.255.0.0     UG    -16769024 0        0 tun0       0     0      0
function readV4(cells: readonly string[], hasMetric: boolean, origin: Origin): RowReading {
  const [destination = '', gateway = '', mask = '', flags = '', fifth = '', , , device = ''] = cells;
  const maskAddress = parseAddress(mask);
  if (maskAddress === undefined || !cells.slice(4, 7).every((cell) => counter.test(cell))) return undefined;
  const first = parseAddress(destination === 'default' ? '0.0.0.0' : destination);
  const block = first === undefined ? undefined : prefixFromMask(first, maskAddress);
  if (block === undefined) return 'destination and mask are no prefix';
  const next = parseAddress(gateway);
  if (next === undefined && !/^[*-]$/.test(gateway)) return 'the gateway is not an address';
  const metric = hasMetric && fifth !== '-' ? unsigned(Number(fifth)) : null;
  return routeOfRow({ block, next, type: typeOf(flags, device), device: device.replace(/^-$/, ''), metric, origin });
}

/** Rows of blackhole and throw have `*` for a device; unreachable and prohibit the flag `!`. */
function typeOf(flags: string, device: string): RouteType {
  if (flags.includes('!')) return 'unreachable';
  return device === '*' ? 'blackhole' : 'unicast';
}

// ::/0                           fe80::1                    UGDAe 1024 2     0 wlan0
// [::]/0                         [::]                       !n   -1   1      0 lo
function readV6(cells: readonly string[], origin: Origin): RowReading {
  const [destination = '', gateway = '', flags = '', metric = '', , , device = ''] = cells;
  if (!destination.includes(':') || !/^-?\d+$/.test(metric)) return undefined;
  const block = parsePrefix(destination.replace(/[[\]]/g, ''));
  if (block === undefined) return 'the destination is not a prefix';
  const next = parseAddress(gateway.replace(/[[\]]/g, ''));
  if (next === undefined) return 'the gateway is not an address';
  return routeOfRow({ block, next, type: typeOf(flags, device), device, metric: unsigned(Number(metric)), origin });
}
