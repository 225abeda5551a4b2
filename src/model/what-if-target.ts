import { keyOf, nameOf, type ResourceId } from '../facts/resource-id.ts';
import type {
  Connection,
  Gateway,
  Peering,
  RouteTableResource,
  SecurityRule,
  Subnet,
  Topology,
  VNet,
} from '../facts/topology.ts';
import { type Change, type Refusal, refused } from './what-if-change.ts';

/** A rule of a security group, by the id its own resource has: effective rules are told without one. */
export interface NamedRule {
  readonly id: ResourceId;
  readonly group: ResourceId;
  readonly rule: SecurityRule;
}

/** What a change can be made to. */
export interface Targets {
  readonly peering: Peering;
  readonly gateway: Gateway;
  readonly vnet: VNet;
  readonly 'route-table': RouteTableResource;
  readonly connection: Connection;
  readonly subnet: Subnet;
  readonly 'security-rule': NamedRule;
}

/** Every resource of a topology that a change can be made to, by kind. */
function targetsOf(topology: Topology): { readonly [K in keyof Targets]: readonly Targets[K][] } {
  return {
    peering: topology.peerings,
    gateway: [...topology.gateways.values()],
    vnet: [...topology.vnets.values()],
    'route-table': [...topology.routeTables.values()],
    connection: topology.connections,
    subnet: subnetsOf(topology),
    'security-rule': rulesOf(topology),
  };
}

/** The subnets of every VNet that was read. */
export function subnetsOf({ vnets }: Topology): readonly Subnet[] {
  return [...vnets.values()].flatMap(({ subnets }) => subnets);
}

/** A rule is told by its group, and by every NIC it is in effect at. */
function rulesOf({ securityGroups, effectiveSecurityGroups }: Topology): readonly NamedRule[] {
  const groups = [...securityGroups.values(), ...[...effectiveSecurityGroups.values()].flat()];
  const rules = groups.flatMap(({ id: group, rules: list }) =>
    list.filter(isOwnRule).map((rule) => ({ id: `${group}/securityRules/${ruleName(rule)}`, group, rule })),
  );
  return [...new Map(rules.map((rule) => [keyOf(rule.id), rule])).values()];
}

/** Default rules are nobody's to change; they come after all that people can write. */
export function isOwnRule({ priority }: SecurityRule): boolean {
  return priority <= lastPriority;
}

export const lastPriority = 4096;

/** A rule's name as its resource has it; effective rules carry their list before it: securityRules/deny-vpn. */
export function ruleName({ name }: SecurityRule): string {
  return name.replace(/^securityRules\//i, '');
}

/** The resource a change names, of the kind that has the property. Never a guess between two. */
export function findTarget<K extends keyof Targets>(
  { text, resource, property }: Change,
  topology: Topology,
  kind: K,
): Targets[K] | Refusal {
  const targets = targetsOf(topology);
  const ofKind: readonly Targets[K][] = targets[kind];
  const named = ofKind.filter(({ id }) => isNamed(id, resource));
  const [only] = named;
  if (named.length > 1)
    return refused(
      'onlink',
      `${text}: ${resource} is the name of ${named.length} resources; name one as ${distinct(named).join(' or ')}`,
    );
  if (only !== undefined) return only;
  const other = Object.entries(targets).find(([, list]) => list.some(({ id }) => isNamed(id, resource)));
  if (other !== undefined)
    return refused('onlink', `${text}: ${resource} is a ${other[0]}, and only a ${kind} has ${property}`);
  const known = ofKind.slice(0, 12).map(({ id }) => shortOf(id));
  const hint = known.length === 0 ? `no ${kind} was read` : `it could be ${known.join(', ')}`;
  return refused('onlink', `${text}: nothing that was read is called ${resource}; ${hint}`);
}

/** Short names where they tell the resources apart, else ids: two groups may each have a `hub`. */
function distinct(resources: readonly { readonly id: ResourceId }[]): readonly string[] {
  const short = new Set(resources.map(({ id }) => shortOf(id)));
  return short.size === resources.length ? [...short] : resources.map(({ id }) => id);
}

/** By its id, its name, or its parent's name and its own: `hub/to-spoke`. */
function isNamed(id: ResourceId, name: string): boolean {
  const wanted = keyOf(name).replace(/\/+$/, '');
  return [id, nameOf(id), shortOf(id)].some((one) => keyOf(one) === wanted);
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
