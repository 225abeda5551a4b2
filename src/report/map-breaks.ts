import { sameResource } from '../facts/resource-id.ts';
import type { Ladder } from '../ladder/ladder.ts';
import type { RungName } from '../ladder/rung.ts';
import type { Obstacle } from '../model/expected-route.ts';
import { formatPrefix } from '../net/prefix.ts';
import { outcomeOf } from './words.ts';

/** A fault at one end of a link: a peering has two halves, and only one of them is to blame. */
export interface Break {
  readonly end: 'from' | 'to';
  readonly says: string;
}

/** Which link a loss shows on, and at which end: the client's files and tables, the gateway's offer, the far side. */
const seats: Readonly<Record<RungName, { readonly link: 'tunnel' | 'behind'; readonly end: Break['end'] }>> = {
  configured: { link: 'behind', end: 'to' },
  offered: { link: 'behind', end: 'from' },
  issued: { link: 'tunnel', end: 'to' },
  installed: { link: 'tunnel', end: 'from' },
  active: { link: 'tunnel', end: 'from' },
  selected: { link: 'tunnel', end: 'from' },
  returned: { link: 'behind', end: 'to' },
  delivered: { link: 'behind', end: 'to' },
};

/** The faults of these ladders that belong on the link, equal ones told once. */
export function breaksOf(ladders: readonly Ladder[], link: 'tunnel' | 'behind'): readonly Break[] {
  const lost = ladders.filter(
    ({ lostAt, verdict }) => verdict === 'broken' && lostAt !== null && seats[lostAt].link === link,
  );
  const alike = Map.groupBy(lost, (ladder) => `${endOf(ladder)} ${reasonOf(ladder)}`);
  return [...alike.values()].flatMap((group) => {
    const [first] = group;
    return first === undefined ? [] : [{ end: endOf(first), says: `${names(group)}: ${reasonOf(first)}` }];
  });
}

function names(ladders: readonly Ladder[]): string {
  const [first, ...rest] = ladders.map(({ prefix }) => formatPrefix(prefix));
  return rest.length === 0 ? `${first}` : `${first} and ${rest.length} more`;
}

function endOf(ladder: Ladder): Break['end'] {
  const { lostAt, origin } = ladder;
  const peering = lostAt === 'offered' ? peeringOf(obstacleOf(ladder)) : undefined;
  if (peering !== undefined && origin.kind === 'expected')
    return sameResource(peering.from, origin.route.vnet?.id) ? 'to' : 'from';
  return lostAt === null ? 'to' : seats[lostAt].end;
}

const obstacleWords: Readonly<Record<Obstacle['kind'], string>> = {
  'hub-transit-off': 'allowGatewayTransit is off here',
  'remote-gateways-off': 'useRemoteGateways is off here',
  'not-connected': 'the peering is not connected',
  'access-off': 'the peering bars access here',
  'half-missing': 'the other half of the peering is missing',
  'own-gateway': 'it has a gateway of its own',
  'out-of-sync': 'the peering is not synced',
  'subnet-peering': 'only some subnets are peered',
  unread: 'not read',
  'not-propagated': 'not propagated',
  'ipv6-unsupported': 'IPv6 is not supported',
  'default-route-off': 'the default route is off',
};

function reasonOf(ladder: Ladder): string {
  const obstacle = ladder.lostAt === 'offered' ? obstacleOf(ladder) : undefined;
  return obstacle === undefined ? outcomeOf(ladder) : obstacleWords[obstacle.kind];
}

function obstacleOf({ origin }: Ladder): Obstacle | undefined {
  return origin.kind === 'expected' ? origin.route.offered.obstacles.find(({ kind }) => kind !== 'unread') : undefined;
}

function peeringOf(obstacle: Obstacle | undefined) {
  return obstacle !== undefined && 'peering' in obstacle ? obstacle.peering : undefined;
}
