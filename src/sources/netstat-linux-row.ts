import type { Origin } from '../facts/origin.ts';
import type { Route } from '../facts/route.ts';
import { parseAddress } from '../net/address.ts';
import { parsePrefix, prefixFromMask } from '../net/prefix.ts';
import { discard, onLink } from './linux-route-list.ts';
import type { RowReading } from './netstat-routes.ts';

// 10.1.0.0        172.16.50.1     255.255.0.0     UG        0 0          0 tun0
// 10.1.0.0        -               255.255.255.0   !         - -          - -
// 10.20.0.0       0.0.0.0         255.255.0.0     U         0 0          0 *
// ::/0                           fe80::1                    UGDAe 1024 2     0 wlan0
const number = /^(\d+|-)$/;

/** Reads a row of net-tools. `hasMetric`: the fifth column is the metric, as `route -n` has it; else it is the MSS. */
export function readLinuxRow(cells: readonly string[], hasMetric: boolean, origin: Origin): RowReading {
  return readV4(cells, hasMetric, origin) ?? readV6(cells, origin);
}

function readV4(cells: readonly string[], hasMetric: boolean, origin: Origin): RowReading {
  const [destination = '', gateway = '', mask = '', flags = '', fifth = '', sixth = '', seventh = '', device = ''] =
    cells;
  const maskAddress = parseAddress(mask);
  if (cells.length !== 8 || maskAddress === undefined || ![fifth, sixth, seventh].every((cell) => number.test(cell)))
    return undefined;
  const first = parseAddress(destination === 'default' ? '0.0.0.0' : destination);
  const block = first === undefined ? undefined : prefixFromMask(first, maskAddress);
  if (block === undefined) return 'destination and mask are no prefix';
  const rejects = flags.includes('!');
  const next = parseAddress(gateway);
  if (next === undefined && gateway !== '*' && gateway !== '-') return 'the gateway is not an address';
  const isOnLink = next === undefined || next === 0;
  const via = isOnLink ? onLink : ({ kind: 'gateway', address: next } as const);
  const isDiscarded = rejects || device === '*';
  return {
    prefix: block,
    via: isDiscarded ? discard : via,
    type: discardType(isDiscarded, rejects),
    interface: isDiscarded ? '' : device,
    metric: hasMetric && fifth !== '-' ? Number(fifth) : null,
    table: 'main',
    origin,
  };
}

/** Rows of blackhole and throw have `*` for a device; unreachable and prohibit the flag `!`. */
function discardType(isDiscarded: boolean, rejects: boolean): Route['type'] {
  if (!isDiscarded) return 'unicast';
  return rejects ? 'unreachable' : 'blackhole';
}

function readV6(cells: readonly string[], origin: Origin): RowReading {
  const [destination = '', gateway = '', flags = '', metric = '', , , device = ''] = cells;
  if (cells.length !== 7 || !destination.includes(':') || !/^\d+$/.test(metric)) return undefined;
  const block = parsePrefix(destination === '[::]/0' ? '::/0' : destination);
  if (block === undefined) return 'the destination is not a prefix';
  const next = parseAddress(gateway.replace(/^\[|\]$/g, ''));
  if (next === undefined) return 'the gateway is not an address';
  const rejects = flags.includes('!');
  const via = next === 0n ? onLink : ({ kind: 'gateway', address: next } as const);
  return {
    prefix: block,
    via: rejects ? discard : via,
    type: rejects ? 'unreachable' : 'unicast',
    interface: device,
    metric: Number(metric),
    table: 'main',
    origin,
  };
}
