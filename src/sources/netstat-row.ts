import type { Origin } from '../facts/origin.ts';
import type { Route, RouteType, Via } from '../facts/route.ts';
import type { Address } from '../net/address.ts';
import type { Prefix } from '../net/prefix.ts';
import { discard, isDiscarding, onLink } from './linux-route-list.ts';

/** A row understood, or why it was not; undefined: the line is no row at all. */
export type RowReading = Route | string | undefined;

/** What the columns of a row say, whatever their order. */
export interface RowColumns {
  readonly block: Prefix;
  readonly next: Address | undefined;
  readonly type: RouteType;
  readonly device: string;
  readonly metric: number | null;
  readonly origin: Origin;
}

/** The route of a row. No gateway, or all zeros, is on-link. */
export function routeOfRow({ block, next, type, device, metric, origin }: RowColumns): Route {
  const isOnLink = next === undefined || next === 0 || next === 0n;
  const via: Via = isOnLink ? onLink : { kind: 'gateway', address: next };
  return {
    prefix: block,
    via: isDiscarding(type) ? discard : via,
    type,
    interface: device === '*' ? '' : device,
    metric,
    table: 'main',
    origin,
  };
}
