import { keyOf, nameOf, type ResourceId } from '../facts/resource-id.ts';
import type { Topology } from '../facts/topology.ts';
import { type Change, type Refusal, refused } from './what-if-change.ts';

/** What a change can be made to. */
export type TargetKind = 'peering' | 'gateway' | 'vnet' | 'route-table' | 'security-rule' | 'connection' | 'subnet';

export interface Target {
  readonly kind: TargetKind;
  readonly id: ResourceId;
}

/** Every resource of a topology that a change can be made to. */
export function targetsOf(topology: Topology): readonly Target[] {
  const of = (kind: TargetKind, things: Iterable<{ readonly id: ResourceId }>): readonly Target[] =>
    [...things].map(({ id }) => ({ kind, id }));
  const groups = [...topology.securityGroups.values(), ...[...topology.effectiveSecurityGroups.values()].flat()];
  const rules = new Map(
    groups.flatMap(({ id, rules: list }) =>
      list.flatMap(({ name }) => {
        const own = ownRuleName(name);
        const rule = `${id}/securityRules/${own ?? ''}`;
        return own === undefined ? [] : [[keyOf(rule), { id: rule }] as const];
      }),
    ),
  );
  return [
    ...of('peering', topology.peerings),
    ...of('gateway', topology.gateways.values()),
    ...of('vnet', topology.vnets.values()),
    ...of('route-table', topology.routeTables.values()),
    ...of('connection', topology.connections),
    ...of(
      'subnet',
      [...topology.vnets.values()].flatMap(({ subnets }) => subnets),
    ),
    ...of('security-rule', rules.values()),
  ];
}

/** A rule's name as its resource has it; effective rules carry their list before it. Default rules are nobody's to change. */
export function ownRuleName(name: string): string | undefined {
  return /^defaultSecurityRules\//i.test(name) ? undefined : name.replace(/^securityRules\//i, '');
}

/** The resource a change names, among those of a kind that has the property. Never a guess between two. */
export function findTarget(
  { text, resource, property }: Change,
  targets: readonly Target[],
  kinds: readonly TargetKind[],
): Target | Refusal {
  const named = targets.filter(({ id }) => isNamed(id, resource));
  const fitting = named.filter(({ kind }) => kinds.includes(kind));
  const [only] = fitting;
  if (only !== undefined && fitting.length === 1) return only;
  if (fitting.length > 1)
    return refused(
      'onlink',
      `${text}: ${resource} is the name of ${fitting.length} resources; name one as ${fitting.map(({ id }) => shortOf(id)).join(' or ')}, or by its id`,
    );
  const [other] = named;
  if (other !== undefined)
    return refused(
      'onlink',
      `${text}: ${resource} is a ${other.kind}, and only a ${kinds.join(' or ')} has ${property}`,
    );
  const known = targets.filter(({ kind }) => kinds.includes(kind)).map(({ id }) => shortOf(id));
  const list =
    known.length === 0 ? `no ${kinds.join(' or ')} was read` : `it could be ${known.slice(0, 12).join(', ')}`;
  return refused('onlink', `${text}: nothing that was read is called ${resource}; ${list}`);
}

/** By its id, its name, or its parent's name and its own: `hub/to-spoke`. */
function isNamed(id: ResourceId, name: string): boolean {
  const [key, wanted] = [keyOf(id), name.toLowerCase().replace(/\/+$/, '')];
  return key === wanted || keyOf(nameOf(id)) === wanted || keyOf(shortOf(id)) === wanted;
}

/** `hub/to-spoke` for a child resource, `hub` for any other. */
export function shortOf(id: ResourceId): string {
  const provider = id.toLowerCase().indexOf('/providers/');
  const names = id
    .slice(Math.max(provider, 0))
    .split('/')
    .slice(3)
    .filter((_, index) => index % 2 === 1);
  return names.length === 0 ? nameOf(id) : names.join('/');
}
