import { overlaps, type Prefix, prefix } from './prefix.ts';

const ranges: readonly Prefix[] = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', 'fc00::/7'].map(
  prefix,
);

/** Whether a prefix lies in a range that the internet does not route. */
export function isPrivate(one: Prefix): boolean {
  return ranges.some((range) => overlaps(range, one));
}
