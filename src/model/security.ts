import type { NetworkSecurityGroup, SecurityRule } from '../facts/topology.ts';
import type { Address } from '../net/address.ts';
import { containsAddress, parsePrefix } from '../net/prefix.ts';

/** A packet from a VPN client, as a security group looks at it. `port` null: ICMP, which has none. */
export interface Arrival {
  readonly from: Address;
  readonly to: Address;
  readonly protocol: 'tcp' | 'icmp';
  readonly port: number | null;
}

/** What a group does with a packet. `unsure`: a rule that might match was not understood before any other decided. */
export interface Verdict {
  readonly access: 'allow' | 'deny' | 'unsure';
  readonly rule: SecurityRule | undefined;
  readonly group: NetworkSecurityGroup;
}

/**
 * The first inbound rule that matches decides, in the order of priority. Every group on the way (the subnet's and the
 * NIC's) must allow. https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview
 */
export function judgeArrival(group: NetworkSecurityGroup, arrival: Arrival): Verdict {
  for (const rule of inboundRules(group)) {
    const match = matches(rule, arrival);
    if (match === true) return { access: rule.access === 'Allow' ? 'allow' : 'deny', rule, group };
    if (match === 'unsure') return { access: 'unsure', rule, group };
  }
  return { access: 'unsure', rule: undefined, group };
}

/** Whether nothing at all gets in from there: a rule for every protocol and port denies before anything may allow a part. */
export function deniesAll(group: NetworkSecurityGroup, from: Address, to: Address): SecurityRule | undefined {
  const touching = inboundRules(group).filter((rule) => ends(rule, from, to) !== false);
  const first = touching.find((rule) => rule.access === 'Allow' || (isForAll(rule) && ends(rule, from, to) === true));
  return first?.access === 'Deny' ? first : undefined;
}

function inboundRules({ rules }: NetworkSecurityGroup): readonly SecurityRule[] {
  return rules.filter(({ direction }) => direction === 'Inbound').toSorted((a, b) => a.priority - b.priority);
}

type Match = boolean | 'unsure';

function matches(rule: SecurityRule, { from, to, protocol, port }: Arrival): Match {
  if (!isAnyProtocol(rule.protocol) && rule.protocol.toLowerCase() !== protocol) return false;
  return every(matchesPorts(rule, protocol, port), ends(rule, from, to));
}

/** ICMP has no ports: a rule for any protocol that names ports is not about it. From which port a client sends nobody knows. */
function matchesPorts(
  { protocol: named, sourcePorts, destinationPorts }: SecurityRule,
  protocol: string,
  port: number | null,
): Match {
  if (protocol === 'icmp' && named.toLowerCase() === 'icmp') return true;
  if (!destinationPorts.some((ports) => holdsPort(ports, port))) return false;
  if (sourcePorts.some(isAnyPort)) return true;
  return port === null ? false : 'unsure';
}

/** Whether a rule is about packets from there to here. Who is in an application security group isn't told. */
function ends({ sources, destinations, usesApplicationGroups }: SecurityRule, from: Address, to: Address): Match {
  return every(isAmong(sources, from), isAmong(destinations, to), usesApplicationGroups ? 'unsure' : true);
}

function every(...answers: readonly Match[]): Match {
  if (answers.includes(false)) return false;
  return answers.includes('unsure') ? 'unsure' : true;
}

const isForAll = ({ protocol, sourcePorts, destinationPorts }: SecurityRule): boolean =>
  isAnyProtocol(protocol) && destinationPorts.some(isAnyPort) && sourcePorts.some(isAnyPort);

const isAnyProtocol = (protocol: string): boolean => /^(\*|all|any)$/i.test(protocol);
const isAnyPort = (ports: string): boolean => ports === '*' || ports === '0-65535';

// 443      8000-8080      *
function holdsPort(ports: string, port: number | null): boolean {
  if (isAnyPort(ports)) return true;
  if (port === null) return false;
  const [first = Number.NaN, last = first] = ports.split('-').map(Number);
  return first <= port && port <= last;
}

/** Tags: VirtualNetwork holds the VNet, its peers and what the gateway leads to, the client pool among it. */
function isAmong(list: readonly string[], address: Address): Match {
  const answers = list.map((entry): Match => {
    const prefix = parsePrefix(entry);
    if (prefix !== undefined) return containsAddress(prefix, address);
    if (/^(\*|any|virtualnetwork)$/i.test(entry)) return true;
    // Other service tags name public ranges of Azure's services, or of the internet.
    return /^[a-z]/i.test(entry) ? false : 'unsure';
  });
  if (answers.includes(true)) return true;
  return answers.includes('unsure') || list.length === 0 ? 'unsure' : false;
}
