import type { NetworkSecurityGroup, SecurityRule } from '../facts/topology.ts';
import type { Address } from '../net/address.ts';
import { containsAddress, type Prefix, parsePrefix } from '../net/prefix.ts';

/** A packet from a VPN client, as a security group looks at it. `port` null: a protocol without ports, or any port. */
export interface Arrival {
  readonly from: Address;
  readonly to: Address;
  readonly protocol: 'tcp' | 'udp' | 'icmp' | 'any';
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
  const inbound = group.rules
    .filter(({ direction }) => direction === 'Inbound')
    .toSorted((a, b) => a.priority - b.priority);
  for (const rule of inbound) {
    const match = matches(rule, arrival);
    if (match === true) return { access: rule.access === 'Allow' ? 'allow' : 'deny', rule, group };
    if (match === 'unsure') return { access: 'unsure', rule, group };
  }
  return { access: 'unsure', rule: undefined, group };
}

/** Whether nothing at all gets in from there: a rule for every protocol and port denies before anything allows a part. */
export function deniesAll(group: NetworkSecurityGroup, from: Address, to: Address): SecurityRule | undefined {
  const inbound = group.rules
    .filter(({ direction }) => direction === 'Inbound')
    .toSorted((a, b) => a.priority - b.priority);
  for (const rule of inbound) {
    const ends = both(isAmong(rule.sources, from), isAmong(rule.destinations, to));
    if (rule.usesApplicationGroups || ends === 'unsure') return undefined;
    if (ends === false) continue;
    if (rule.access === 'Allow') return undefined;
    if (isAnyProtocol(rule.protocol) && rule.destinationPorts.some(isAnyPort) && rule.sourcePorts.every(isAnyPort))
      return rule;
  }
  return undefined;
}

type Match = boolean | 'unsure';

function matches(rule: SecurityRule, { from, to, protocol, port }: Arrival): Match {
  if (rule.usesApplicationGroups) return 'unsure';
  if (!isAnyProtocol(rule.protocol) && rule.protocol.toLowerCase() !== protocol) return false;
  // ICMP has no ports: a rule for any protocol that names ports is not about it.
  const portless = protocol === 'icmp' && rule.protocol.toLowerCase() === 'icmp';
  if (!portless && !rule.destinationPorts.some((ports) => holdsPort(ports, port))) return false;
  return both(isAmong(rule.sources, from), isAmong(rule.destinations, to));
}

function both(a: Match, b: Match): Match {
  if (a === false || b === false) return false;
  return a === 'unsure' || b === 'unsure' ? 'unsure' : true;
}

const isAnyProtocol = (protocol: string): boolean => /^(\*|all|any)$/i.test(protocol);
const isAnyPort = (ports: string): boolean => ports === '*' || /^0-65535$/.test(ports);

// 443      8000-8080      *
function holdsPort(ports: string, port: number | null): boolean {
  if (isAnyPort(ports)) return true;
  if (port === null) return false;
  const [first, last = first] = ports.split('-').map(Number);
  return first !== undefined && last !== undefined && first <= port && port <= last;
}

/** Tags: VirtualNetwork holds the VNet, its peers and what the gateway leads to, the client pool among it. */
function isAmong(list: readonly string[], address: Address): Match {
  const answers = list.map((entry): Match => {
    const prefix: Prefix | undefined = parsePrefix(entry);
    if (prefix !== undefined) return typeof prefix.first === typeof address && containsAddress(prefix, address);
    if (/^(\*|any|virtualnetwork)$/i.test(entry)) return true;
    // Other service tags name public ranges of Azure's services, or of the internet.
    return /^[a-z]/i.test(entry) ? false : 'unsure';
  });
  if (answers.includes(true)) return true;
  return answers.includes('unsure') || list.length === 0 ? 'unsure' : false;
}
