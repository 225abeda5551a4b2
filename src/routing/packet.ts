import type { Rule } from '../facts/route.ts';
import type { Address } from '../net/address.ts';
import { containsAddress } from '../net/prefix.ts';

/** What a rule asks and does, without the place it was read at: the rules the kernel is born with have none. */
export type Selectors = Omit<Rule, 'origin'>;

/** A packet this host sends itself, apart from its destination: what policy rules can tell packets apart by. */
export interface Packet {
  readonly mark: number;
  /** Undefined: not known. */
  readonly uid: number | undefined;
  /** Undefined: not chosen yet, as at the first look-up of an unbound socket. */
  readonly source?: Address;
  readonly protocol?: string;
  readonly sourcePort?: number;
  readonly destinationPort?: number;
  readonly tos?: string;
  /** The rule whose unknown selectors are taken to match. */
  readonly meets?: Selectors;
}

/** Whether the rule's selectors take the packet, whatever its destination; `not` is left to the caller. */
export function selects(rule: Selectors, packet: Packet): boolean {
  // A packet of our own comes in, as the kernel sees it, from lo; it leaves by an interface only when bound to one.
  if (rule.iif !== undefined && rule.iif !== 'lo') return false;
  if (rule.oif !== undefined || rule.l3mdev === true) return false;
  if ((rule.unknown?.length ?? 0) > 0 && packet.meets !== rule) return false;
  return (
    meetsSource(rule, packet) && meetsMark(rule, packet) && meetsUser(rule, packet) && meetsTransport(rule, packet)
  );
}

function meetsSource({ from, family }: Selectors, { source }: Packet): boolean {
  if (from === undefined || from.length === 0) return true;
  if (source !== undefined) return containsAddress(from, source);
  // IPv4 compares with 0.0.0.0 while none is chosen; IPv6 knows that none is.
  return family === 4 && from.first === 0;
}

/** Whether a rule's mark, if it names one, is the packet's. */
export function meetsMark({ fwmark }: Selectors, { mark }: Packet): boolean {
  return fwmark === undefined || ((mark ^ fwmark.value) & fwmark.mask) === 0;
}

/** Whether a rule's users, if it names any, hold the packet's; an unknown user is in no range but that of all. */
export function meetsUser({ uids }: Selectors, { uid }: Packet): boolean {
  if (uids === undefined) return true;
  if (uid === undefined) return uids.first === 0 && uids.last >= 0xffff_fffe;
  return uids.first <= uid && uid <= uids.last;
}

function meetsTransport(rule: Selectors, packet: Packet): boolean {
  return (
    (rule.protocol === undefined || rule.protocol === packet.protocol) &&
    (rule.tos === undefined || rule.tos === packet.tos) &&
    holdsPort(rule.sourcePorts, packet.sourcePort) &&
    holdsPort(rule.destinationPorts, packet.destinationPort)
  );
}

function holdsPort(range: Rule['sourcePorts'], port: number | undefined): boolean {
  return range === undefined || (port !== undefined && range.first <= port && port <= range.last);
}
