import { type AddressSet, union } from '../net/address-set.ts';
import type { Prefix } from '../net/prefix.ts';
import type { Decision, Doubt, Outcome } from './decision.ts';
import type { FamilyGround } from './ground.ts';
import type { Packet } from './packet.ts';
import { type Piece, piecesOf, refine } from './pieces.ts';
import { type Draft, type PolicyView, withPolicies } from './policies.ts';
import { hasSameEffect } from './same-effect.ts';
import { sourceVariant, type Variant, variantsOf } from './variants.ts';
import { type Walk, walk } from './walk.ts';

/** A part of a prefix for which the host decides alike. */
export interface Part {
  readonly space: AddressSet;
  readonly decision: Decision;
}

/** How one family is decided: its rules and tables, the packet this host would send, and what policies are judged by. */
export interface Deciding {
  readonly ground: FamilyGround;
  readonly plain: Packet;
  readonly view: PolicyView;
}

/** Decides every address of the prefix, and joins those decided alike. */
export function partsOf(deciding: Deciding, asked: Prefix): readonly Part[] {
  const { ground, plain, view } = deciding;
  const base = walk(ground, asked, plain);
  let drafts: readonly Piece<Draft>[] = base.outcomes.map(({ first, last, value }) => ({
    first,
    last,
    value: { outcome: value, doubts: [...ground.doubts, ...metricDoubts(ground, value)] },
  }));
  for (const variant of variantsOf(ground.steps, plain))
    drafts = compared(drafts, walk(ground, asked, variant.packet), variantDoubt(variant), view);
  drafts = withSources(deciding, asked, drafts);
  if (ground.ifSplit !== undefined)
    drafts = compared(drafts, walk(ground.ifSplit, asked, plain), historyDoubt(ground), view);
  drafts = patched(drafts, base);
  return joined(view.policies.length === 0 ? drafts : withPolicies(drafts, asked, view));
}

type Judge = (outcome: Outcome) => boolean;

// A doubt is raised only where the other traffic would really meet another fate.
function compared(
  drafts: readonly Piece<Draft>[],
  other: Walk,
  doubt: Doubt | undefined,
  view: PolicyView,
  concerns: Judge = () => true,
): readonly Piece<Draft>[] {
  if (doubt === undefined) return drafts;
  return refine(drafts, other.outcomes, (draft, outcome) =>
    outcome === undefined || !concerns(draft.outcome) || hasSameEffect(draft.outcome, outcome, view.sendersOf)
      ? draft
      : doubting(draft, doubt),
  );
}

/** An IPv4 connection looks its route up again once the first look-up has chosen its source: rules by source then count. */
function withSources(
  { ground, plain, view }: Deciding,
  asked: Prefix,
  drafts: readonly Piece<Draft>[],
): readonly Piece<Draft>[] {
  if (!ground.steps.some(({ selectors: { from } }) => from !== undefined && from.length > 0)) return drafts;
  const sources = new Set(drafts.flatMap(({ value }) => view.sendersOf(value.outcome)));
  let result = drafts;
  for (const source of sources) {
    const variant = sourceVariant(ground.steps, plain, source);
    if (variant === undefined) continue;
    const other = walk(ground, asked, variant.packet);
    result = compared(result, other, variantDoubt(variant), view, (outcome) =>
      view.sendersOf(outcome).includes(source),
    );
  }
  return result;
}

function patched(drafts: readonly Piece<Draft>[], { unread, grouped }: Walk): readonly Piece<Draft>[] {
  const patches = [
    ...unread.map(({ step, space }) => ({
      space,
      rule: step.rule,
      kind: 'table-unread' as const,
      says: `asks table ${step.tables.join()}, which was not read`,
    })),
    ...grouped.map(({ step, space }) => ({
      space,
      rule: step.rule,
      kind: 'interface-group' as const,
      says: 'ignores routes by some interface group, and groups are not known',
    })),
  ];
  return patches.reduce((pieces, { space, rule, kind, says }) => {
    if (rule === undefined) return pieces;
    const doubt: Doubt = { kind, says: `Rule ${rule.priority} ${says}`, origin: rule.origin };
    return refine(pieces, piecesOf(space, doubt), (draft, found) => (found ? doubting(draft, found) : draft));
  }, drafts);
}

function doubting(draft: Draft, doubt: Doubt): Draft {
  return { ...draft, doubts: [...draft.doubts, doubt] };
}

function variantDoubt({ kind, says, rule }: Variant): Doubt {
  return { kind, says: `By rule ${rule.priority}, ${says} goes elsewhere`, origin: rule.origin };
}

function historyDoubt({ steps }: FamilyGround): Doubt | undefined {
  const rule = steps.find((step) => step.rule !== undefined)?.rule;
  const says = 'If a routing rule ever existed on this host, table local decides before table main; else not';
  return rule && { kind: 'rule-history', says, origin: rule.origin };
}

function metricDoubts({ tables }: FamilyGround, outcome: Outcome): readonly Doubt[] {
  if (outcome.kind !== 'route' || !tables.isMetricUnsure(outcome.route)) return [];
  const says = 'Several routes lead to this prefix, and the metric of one is not known';
  return [{ kind: 'metric', says, origin: outcome.route.origin }];
}

function joined(drafts: readonly Piece<Draft>[]): readonly Part[] {
  const number = numbering();
  const groups = Map.groupBy(drafts, ({ value: { outcome, policy, doubts } }) =>
    [outcome, policy, ...doubts].map(number).join(),
  );
  return [...groups.values()].flatMap((pieces) => {
    const draft = pieces[0]?.value;
    if (draft === undefined) return [];
    const { outcome, doubts, policy } = draft;
    const space = union(pieces.map(({ first, last }) => ({ first, last })));
    return [{ space, decision: { outcome, doubts, ...(policy !== undefined && { policy }) } }];
  });
}

function numbering(): (thing: unknown) => number {
  const numbers = new Map<unknown, number>();
  return (thing) => {
    const known = numbers.get(thing) ?? numbers.size;
    numbers.set(thing, known);
    return known;
  };
}
