import type { Evidence } from '../facts/origin.ts';
import { overlaps, type Prefix } from '../net/prefix.ts';
import type { ClimbContext } from './context.ts';

/** Where the table may hold a route to the prefix that was not read: of what seems missing nobody can say that it is. */
export function gapsAt(prefix: Prefix, { client }: Pick<ClimbContext, 'client'>): readonly Evidence[] {
  return client.gaps
    .filter(({ destination }) => destination === undefined || overlaps(destination, prefix))
    .map(({ says, origin }) => ({ says, origin }));
}
