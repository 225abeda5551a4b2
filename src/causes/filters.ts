import type { Evidence } from '../facts/origin.ts';
import { keyOf, nameOf } from '../facts/resource-id.ts';
import type { NetworkInterface, NetworkSecurityGroup, SecurityRule } from '../facts/topology.ts';
import type { ClimbContext } from '../ladder/context.ts';
import { targetOutcomes } from '../ladder/delivered.ts';
import { type Arrival, deniesAll, judgeArrival, type Verdict } from '../model/security.ts';
import { type Address, formatAddress } from '../net/address.ts';
import { containsAddress, hostPrefix, type Prefix } from '../net/prefix.ts';
import type { returning } from './way-back.ts';

/** A machine's address that clients reach, with the groups that filter what comes in. */
export interface Filtered {
  readonly nic: NetworkInterface;
  readonly address: Address;
  /** Those that were read: each of them must let a packet in. */
  readonly groups: readonly NetworkSecurityGroup[];
  /** Whether these are all that filter it. */
  readonly isComplete: boolean;
}

/** The machines of a prefix, as far as their NICs were read. */
export function machinesIn(
  ladder: ReturnType<typeof returning>[number],
  { topology }: ClimbContext,
): readonly Filtered[] {
  const subnets = new Map(ladder.origin.route.vnet?.subnets.map((subnet) => [keyOf(subnet.id), subnet]));
  return [...topology.networkInterfaces.values()].flatMap((nic) =>
    nic.addresses.flatMap(({ address, subnet: id }) => {
      const subnet = id === undefined ? undefined : subnets.get(keyOf(id));
      return subnet !== undefined && containsAddress(ladder.prefix, address)
        ? [{ nic, address, ...groupsOf(nic, subnet.networkSecurityGroup, topology) }]
        : [];
    }),
  );
}

/** What Azure says is in effect; else the groups that subnet and NIC name, as far as they were read. */
function groupsOf(
  nic: NetworkInterface,
  ofSubnet: string | undefined,
  { effectiveSecurityGroups, securityGroups }: ClimbContext['topology'],
): Pick<Filtered, 'groups' | 'isComplete'> {
  const effective = effectiveSecurityGroups.get(keyOf(nic.id));
  if (effective !== undefined) return { groups: effective, isComplete: true };
  const named = [ofSubnet, nic.networkSecurityGroup].filter((id) => id !== undefined);
  const read = named.map((id) => securityGroups.get(keyOf(id))).filter((group) => group !== undefined);
  return { groups: read, isComplete: read.length === named.length };
}

/** Whom Azure sees as the sender of packets to an address: this client's tunnel address, else one of the pool. */
export function sendersTo(address: Address, { situation: { tunnel, pools } }: ClimbContext): readonly Address[] {
  if (tunnel !== undefined && typeof tunnel.address === typeof address) return [tunnel.address];
  return pools
    .flatMap(({ prefixes }) => prefixes.map(({ prefix }) => insideOf(prefix)))
    .filter((from) => typeof from === typeof address);
}

// The first address of a pool is nobody's.
function insideOf({ first }: Prefix): Address {
  return (typeof first === 'number' ? first + 4 : first + 4n) as Address;
}

/** What was sent to a machine and found no answer: by which protocol and port. Empty: nothing was asked through the tunnel. */
export function unansweredAt(
  address: Address,
  { client, forwarding, tunnelSpace }: ClimbContext,
): readonly Pick<Arrival, 'protocol' | 'port'>[] {
  const way = forwarding.decide(address);
  if (way !== undefined && !tunnelSpace.contains(way)) return [];
  // A router that spoke up on the way is another matter: the packet did not get as far as any filter in Azure.
  const traced = client.traces.some(
    ({ target, reached, hops }) =>
      target === address &&
      reached !== true &&
      hops.every(({ replies }) => replies.every(({ kind }) => kind === 'silent')),
  );
  const tried = client.tcp.filter((attempt) => attempt.target === address && attempt.outcome === 'timeout');
  const ports = [...new Set(tried.map(({ port }) => port))];
  return [
    ...(traced ? [{ protocol: 'icmp', port: null } as const] : []),
    ...ports.map((port) => ({ protocol: 'tcp', port }) as const),
  ];
}

/** Whether the machine itself answered anything through the tunnel. */
export function hasAnswered(address: Address, context: ClimbContext): boolean {
  return targetOutcomes(hostPrefix(address), context).some(({ outcome }) => outcome === 'answered');
}

/** What a group does with a packet by one of its rules. */
export type Ruling = Verdict & { readonly rule: SecurityRule };

/** What each group does with a packet, where a rule of it is about the packet at all. */
export function rulings(groups: readonly NetworkSecurityGroup[], arrival: Arrival): readonly Ruling[] {
  return groups.flatMap((group) => {
    const { access, rule } = judgeArrival(group, arrival);
    return rule === undefined ? [] : [{ access, rule, group }];
  });
}

/** The rule of a group that refuses a packet; undefined where all allow or it can't be told. */
export function refusal(groups: readonly NetworkSecurityGroup[], arrival: Arrival): Ruling | undefined {
  return rulings(groups, arrival).find(({ access }) => access === 'deny');
}

/** Whether every group is sure to let the packet in. */
export function isAllowed(groups: readonly NetworkSecurityGroup[], arrival: Arrival): boolean {
  return groups.every((group) => judgeArrival(group, arrival).access === 'allow');
}

/** The rule that refuses everything from there. */
export function blanketRefusal(
  groups: readonly NetworkSecurityGroup[],
  from: Address,
  to: Address,
): Ruling | undefined {
  for (const group of groups) {
    const rule = deniesAll(group, from, to);
    if (rule !== undefined) return { access: 'deny', rule, group };
  }
  return undefined;
}

/** The rule that decided, as evidence. */
export function ruleEvidence({ group, rule, access }: Ruling, address: Address): Evidence {
  const verb = access === 'deny' ? 'denies' : 'allows';
  return {
    says: `${nameOf(group.id)}: rule ${rule.name} (${rule.priority}) ${verb} ${rule.sources.slice(0, 3).join(', ')} to ${formatAddress(address)}`,
    origin: rule.origin,
  };
}
