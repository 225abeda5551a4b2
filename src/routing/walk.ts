import type { Route, Rule } from '../facts/route.ts';
import { type AddressSet, intersect, isEmpty, setOf, subtract, union } from '../net/address-set.ts';
import type { Prefix } from '../net/prefix.ts';
import type { Outcome } from './decision.ts';
import { type Packet, selects } from './packet.ts';
import { ascending, type Piece, piecesOf, refine, spaceOf } from './pieces.ts';
import type { Step } from './steps.ts';
import type { Tables } from './tables.ts';

/** What a walk along the rules came to: the outcome of every address asked, and the ground that stays unsure. */
export interface Walk {
  readonly outcomes: readonly Piece<Outcome>[];
  /** Addresses that a look-up passed on for want of a table that was not read. */
  readonly unread: readonly Patch[];
  /** Addresses whose route may be ignored for the interface group it leaves by. */
  readonly grouped: readonly Patch[];
}

interface Patch {
  readonly step: Step;
  readonly space: AddressSet;
}

/** Where a walk takes place: the rules in order, the tables, and one object for each outcome however often met. */
export interface Ground {
  readonly steps: readonly Step[];
  readonly tables: Tables;
  /** Whether the table was read; one that was and has no routes is merely empty. */
  readonly isRead: (table: string) => boolean;
  readonly outcomeOf: (step: Step, route: Route) => Outcome;
  readonly refusalOf: (rule: Rule) => Outcome;
  readonly nowhere: Outcome;
}

/**
 * Sends every address of the prefix along the rules at once. What a rule takes is answered or passed on, what it does
 * not take moves to the next; `goto` only ever jumps forward, so one pass in order meets everything.
 */
export function walk(ground: Ground, asked: Prefix, packet: Packet): Walk {
  const { steps } = ground;
  const arriving: AddressSet[] = [setOf([asked]), ...steps.map(() => [])];
  const outcomes: Piece<Outcome>[] = [];
  const unread: Patch[] = [];
  const grouped: Patch[] = [];
  const send = (space: AddressSet, to: number): void => {
    arriving[to] = union(arriving[to] ?? [], space);
  };
  for (const [index, step] of steps.entries()) {
    const here = arriving[index] ?? [];
    const taken = takenBy(step, packet, here);
    send(subtract(here, taken), index + 1);
    if (isEmpty(taken)) continue;
    const answer = answerOf(ground, step, asked, taken);
    for (const piece of answer.outcomes) outcomes.push(piece);
    if (answer.isUnread === true) unread.push({ step, space: taken });
    if (hasGroup(step)) grouped.push({ step, space: spaceOf(answer.outcomes) });
    send(answer.passedOn, targetOf(steps, index));
  }
  for (const piece of piecesOf(arriving[steps.length] ?? [], ground.nowhere)) outcomes.push(piece);
  return { outcomes: ascending(outcomes), unread, grouped };
}

function hasGroup({ selectors: { action } }: Step): boolean {
  return action.kind === 'lookup' && action.suppressGroup !== undefined;
}

/** Which of the addresses the rule takes, of packets like this one. */
export function takenBy({ selectors }: Step, packet: Packet, here: AddressSet): AddressSet {
  const { to, not } = selectors;
  const matching = selects(selectors, packet) ? here : [];
  const taken = to === undefined || isEmpty(matching) ? matching : intersect(here, setOf([to]));
  return not === true ? subtract(here, taken) : taken;
}

/** The step that what this one does not answer goes to. A `goto` without a target is passed over, as the kernel does. */
export function targetOf(steps: readonly Step[], index: number): number {
  const action = steps[index]?.selectors.action;
  if (action?.kind !== 'goto') return index + 1;
  const target = steps.findIndex(({ selectors }, at) => at > index && selectors.priority === action.priority);
  return target < 0 ? index + 1 : target;
}

interface Answer {
  readonly outcomes: readonly Piece<Outcome>[];
  readonly passedOn: AddressSet;
  readonly isUnread?: boolean;
}

function answerOf(ground: Ground, step: Step, asked: Prefix, taken: AddressSet): Answer {
  const { action } = step.selectors;
  if (action.kind === 'discard' && step.rule !== undefined)
    return { outcomes: piecesOf(taken, ground.refusalOf(step.rule)), passedOn: [] };
  if (action.kind !== 'lookup') return { outcomes: [], passedOn: taken };
  const table = ground.tables.joined(step.tables);
  if (table === undefined)
    return { outcomes: [], passedOn: taken, isUnread: !step.tables.every((name) => ground.isRead(name)) };
  const runs = table.slices(asked).flatMap(({ space, route }) => piecesOf(space, route));
  const outcomes: Piece<Outcome>[] = [];
  const passedOn: Piece<undefined>[] = [];
  for (const { first, last, value } of refine(piecesOf(taken, null), ascending(runs), (_, route) => route)) {
    if (value === undefined || !isAccepted(step, value)) passedOn.push({ first, last, value: undefined });
    else outcomes.push({ first, last, value: ground.outcomeOf(step, value) });
  }
  return { outcomes, passedOn: spaceOf(passedOn) };
}

/** Whether a rule that looked the route up is content with it. */
export function isAccepted({ selectors: { action } }: Step, route: Route): boolean {
  if (route.type === 'throw') return false;
  if (action.kind !== 'lookup' || action.suppressPrefixLength === undefined) return true;
  // A refusal ends the look-up before suppression is considered.
  return isRefusal(route) || route.prefix.length > action.suppressPrefixLength;
}

function isRefusal({ type }: Route): boolean {
  return type === 'blackhole' || type === 'unreachable' || type === 'prohibit';
}
