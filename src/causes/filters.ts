import type { Evidence } from '../facts/origin.ts';
import { keyOf, nameOf } from '../facts/resource-id.ts';
import type { NetworkInterface, NetworkSecurityGroup } from '../facts/topology.ts';
import type { ClimbContext } from '../ladder/context.ts';
import { targetOutcomes } from '../ladder/delivered.ts';
import { type Arrival, deniesAll, judgeArrival, type Verdict } from '../model/security.ts';
import { type Address, formatAddress } from '../net/address.ts';
import { containsAddress, hostPrefix, type Prefix } from '../net/prefix.ts';
import type { returning } from './way-back.ts';

/** A machine's address that clients reach, with the groups that filter what comes in. Undefined groups: not read in full. */
export interface Filtered {
  readonly nic: NetworkInterface;
  readonly address: Address;
  readonly groups: readonly NetworkSecurityGroup[] | undefined;
}

/** The machines of a prefix, as far as their NICs were read. */
export function machinesIn(
  ladder: ReturnType<typeof returning>[number],
  { topology }: ClimbContext,
): readonly Filtered[] {
  const { vnet } = ladder.origin.route;
  const subnets = new Map((vnet?.subnets ?? []).map((subnet) => [keyOf(subnet.id), subnet]));
  return [...topology.networkInterfaces.values()].flatMap((nic) =>
    nic.addresses
      .filter(
        ({ address, subnet }) =>
          containsAddress(ladder.prefix, address) && subnet !== undefined && subnets.has(keyOf(subnet)),
      )
      .map(({ address, subnet }) => ({
        nic,
        address,
        groups: groupsOf(
          nic,
          subnet === undefined ? undefined : subnets.get(keyOf(subnet))?.networkSecurityGroup,
          topology,
        ),
      })),
  );
}

/** What Azure says is in effect; else the groups that subnet and NIC name, if each of them was read. */
function groupsOf(
  nic: NetworkInterface,
  ofSubnet: string | undefined,
  { effectiveSecurityGroups, securityGroups }: ClimbContext['topology'],
): readonly NetworkSecurityGroup[] | undefined {
  const effective = effectiveSecurityGroups.get(keyOf(nic.id));
  if (effective !== undefined) return effective;
  const named = [ofSubnet, nic.networkSecurityGroup].filter((id) => id !== undefined);
  const read = named.flatMap((id) => securityGroups.get(keyOf(id)) ?? []);
  return read.length === named.length ? read : undefined;
}

/** The sender Azure sees: this client's tunnel address, else an address of the pool. */
export function sendersOf({ situation }: ClimbContext): readonly Address[] {
  const { tunnel, pools } = situation;
  if (tunnel !== undefined) return [tunnel.address];
  return pools.flatMap(({ prefixes }) => prefixes.map(({ prefix }) => insideOf(prefix)));
}

// The first address of a pool is nobody's.
function insideOf({ first }: Prefix): Address {
  return (typeof first === 'number' ? first + 4 : first + 4n) as Address;
}

/** What was sent to a machine and found no answer: by which protocol and port. Empty: nothing was asked. */
export function unansweredAt(
  address: Address,
  { client }: ClimbContext,
): readonly Pick<Arrival, 'protocol' | 'port'>[] {
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

/** The group that refuses a packet; undefined where all allow or it can't be told. */
export function refusal(groups: readonly NetworkSecurityGroup[], arrival: Arrival): Verdict | undefined {
  return groups.map((group) => judgeArrival(group, arrival)).find(({ access }) => access === 'deny');
}

/** Whether every group is sure to let the packet in. */
export function isAllowed(groups: readonly NetworkSecurityGroup[], arrival: Arrival): boolean {
  return groups.every((group) => judgeArrival(group, arrival).access === 'allow');
}

/** The group that refuses everything from there. */
export function blanketRefusal(
  groups: readonly NetworkSecurityGroup[],
  from: Address,
  to: Address,
): Verdict | undefined {
  for (const group of groups) {
    const rule = deniesAll(group, from, to);
    if (rule !== undefined) return { access: 'deny', rule, group };
  }
  return undefined;
}

/** The rule that decided, as evidence. */
export function ruleEvidence({ group, rule, access }: Verdict, address: Address): Evidence {
  const says =
    rule === undefined
      ? `${nameOf(group.id)} was read`
      : `${nameOf(group.id)}: rule ${rule.name} (${rule.priority}) ${access === 'deny' ? 'denies' : 'allows'} ${rule.sources.slice(0, 3).join(', ')} to ${formatAddress(address)}`;
  return { says, origin: rule?.origin ?? group.origin };
}
