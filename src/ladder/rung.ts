import type { Evidence } from '../facts/origin.ts';

/** The eight hands a route passes through, in order. */
export const rungNames = [
  'configured',
  'offered',
  'issued',
  'installed',
  'active',
  'selected',
  'returned',
  'delivered',
] as const;

export type RungName = (typeof rungNames)[number];

/** `unknown`: nobody answered, no rights, or not asked. `not-applicable`: this client or prefix has no such step. */
export type RungState = 'held' | 'lost' | 'partial' | 'unknown' | 'not-applicable';

export interface Rung {
  readonly rung: RungName;
  readonly state: RungState;
  readonly evidence: readonly Evidence[];
}
