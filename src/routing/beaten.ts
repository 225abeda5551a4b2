import type { Route } from '../facts/route.ts';
import type { Address } from '../net/address.ts';
import { setOf } from '../net/address-set.ts';
import { hostPrefix } from '../net/prefix.ts';
import type { Beaten, Outcome } from './decision.ts';
import type { Packet } from './packet.ts';
import type { Step } from './steps.ts';
import { tableName } from './tables.ts';
import { type Ground, isAccepted, takenBy, targetOf } from './walk.ts';

interface Seen {
  readonly step: Step;
  readonly route: Route;
}

/** Every route that matched the address and did not win, best first. A `throw` route ends its table; it loses nothing. */
export function beatenBy(ground: Ground, packet: Packet, address: Address, winner: Outcome): readonly Beaten[] {
  const asked = stepsAsked(ground, packet, address);
  const at = asked.findIndex((step) => isWinner(ground, step, address, winner));
  const seen: Seen[] = asked.flatMap((step) => {
    const table = step.tables.length === 0 ? undefined : ground.tables.joined(step.tables);
    const rows = (table?.matches(address) ?? []).filter(({ type }) => type !== 'throw');
    return rows.map((route) => ({ step, route }));
  });
  const isLater = ({ step }: Seen): boolean => asked.indexOf(step) > at;
  const won = winner.kind === 'route' ? winner.route : undefined;
  const beside = seen.filter(({ step }) => step === asked[at]);
  const after = seen.filter(isLater);
  // What an earlier rule found too short and no later one asked for again.
  const before = seen.filter(({ step }) => asked.indexOf(step) < at);
  const listed = new Set<Route | undefined>([won]);
  return [
    ...beside.map(({ route }) => ({ route, why: whyBeside(route, won) })),
    ...after.map(({ route }) => ({ route, why: 'later-rule' as const })),
    ...before.map(({ route }) => ({ route, why: 'shorter-prefix' as const })),
  ].filter(({ route }) => !listed.has(route) && listed.add(route));
}

/** The steps that take the packet, in the order it meets them, as if none had answered. */
function stepsAsked({ steps }: Ground, packet: Packet, address: Address): readonly Step[] {
  const here = setOf([hostPrefix(address)]);
  const asked: Step[] = [];
  for (let index = 0; index < steps.length; ) {
    const step = steps[index] as Step;
    const takes = takenBy(step, packet, here).length > 0;
    if (takes) asked.push(step);
    index = takes ? targetOf(steps, index) : index + 1;
  }
  return asked;
}

function isWinner(ground: Ground, step: Step, address: Address, winner: Outcome): boolean {
  if (winner.kind === 'rule') return step.rule === winner.rule;
  if (winner.kind === 'none' || step.tables.length === 0) return false;
  const found = ground.tables.joined(step.tables)?.lookup(address);
  return found === winner.route && isAccepted(step, found);
}

function whyBeside(route: Route, won: Route | undefined): Beaten['why'] {
  if (won === undefined) return 'later-rule';
  if (tableName(route.table) === 'main' && tableName(won.table) === 'local') return 'later-rule';
  return route.prefix.length < won.prefix.length ? 'shorter-prefix' : 'higher-metric';
}
