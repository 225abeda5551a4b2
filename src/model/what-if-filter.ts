import { keyOf, sameResource } from '../facts/resource-id.ts';
import type { NetworkSecurityGroup, SecurityRule, Topology } from '../facts/topology.ts';
import { type Change, type Refusal, refused } from './what-if-change.ts';
import type { Changed } from './what-if-peering.ts';
import { isOwnRule, lastPriority, type NamedRule, ruleName } from './what-if-target.ts';

/** Allow or Deny of one rule. */
export function setAccess(topology: Topology, named: NamedRule, { text, value }: Change): Changed | Refusal {
  const access = (['Allow', 'Deny'] as const).find((one) => one.toLowerCase() === value.toLowerCase());
  return access === undefined
    ? refused('azure', `${text}: access is Allow or Deny`)
    : { topology: withRule(topology, named, { access }), from: named.rule.access, to: access, rerouted: [] };
}

/** The place of one rule among those of its group. */
export function setPriority(topology: Topology, named: NamedRule, { text, value }: Change): Changed | Refusal {
  const priority = Number(value);
  if (!Number.isInteger(priority) || priority < 100 || priority > lastPriority)
    return refused('azure', `${text}: a priority is a number from 100 to ${lastPriority}`);
  return {
    topology: withRule(topology, named, { priority }),
    from: String(named.rule.priority),
    to: String(priority),
    rerouted: [],
  };
}

/** Changes a rule wherever its group was read: as a resource, and as it is in effect at NICs. */
function withRule(topology: Topology, { group, rule: named }: NamedRule, change: Partial<SecurityRule>): Topology {
  const isNamed = (rule: SecurityRule) => isOwnRule(rule) && keyOf(ruleName(rule)) === keyOf(ruleName(named));
  const after = (one: NetworkSecurityGroup): NetworkSecurityGroup =>
    sameResource(one.id, group)
      ? { ...one, rules: one.rules.map((rule) => (isNamed(rule) ? { ...rule, ...change } : rule)) }
      : one;
  return {
    ...topology,
    securityGroups: new Map([...topology.securityGroups].map(([key, one]) => [key, after(one)])),
    effectiveSecurityGroups: new Map(
      [...topology.effectiveSecurityGroups].map(([key, groups]) => [key, groups.map(after)]),
    ),
  };
}
