import type { Rule } from '../facts/route.ts';
import type { Address } from '../net/address.ts';
import { containsAddress } from '../net/prefix.ts';
import type { DoubtKind } from './decision.ts';
import { meetsMark, meetsUser, type Packet, selects } from './packet.ts';
import type { Step } from './steps.ts';

/** Traffic of this host that a rule treats otherwise than a plain packet, and what kind of doubt that would be. */
export interface Variant {
  readonly packet: Packet;
  readonly rule: Rule;
  readonly kind: DoubtKind;
  /** Names the traffic, to be followed by "goes elsewhere". */
  readonly says: string;
}

/** For every rule that passes a plain packet by: the packet of this host it would take instead, where there is one. */
export function variantsOf(steps: readonly Step[], plain: Packet): readonly Variant[] {
  const variants = new Map<string, Variant>();
  for (const { rule } of steps) {
    if (rule === undefined) continue;
    const packet = otherPacket(rule, plain);
    if (packet === undefined) continue;
    // Rules of one mark make one variant: it is walked through all rules anyway.
    const key = packet.meets === undefined ? JSON.stringify(packet) : `rule ${variants.size}`;
    if (!variants.has(key)) variants.set(key, { packet, rule, ...describe(rule, packet) });
  }
  return [...variants.values()];
}

/** For a rule by source address: a socket that was given its source, or looks up again with the one just chosen. */
export function sourceVariant(steps: readonly Step[], plain: Packet, source: Address): Variant | undefined {
  const packet = { ...plain, source };
  const asks = steps.find(
    ({ rule }) => rule?.from !== undefined && rule.from.length > 0 && containsAddress(rule.from, source),
  )?.rule;
  if (asks === undefined) return undefined;
  return { packet, rule: asks, kind: 'source', says: 'a connection that has taken its source address' };
}

function otherPacket(rule: Rule, plain: Packet): Packet | undefined {
  const taken = selects(rule, plain);
  if (taken) return rule.not === true ? escaping(rule, plain) : undefined;
  // `not fwmark X` takes plain packets: what is marked is an exception this host made on purpose.
  const isUnsure = (rule.unknown?.length ?? 0) > 0 || (rule.uids !== undefined && plain.uid === undefined);
  if (rule.not === true && !isUnsure) return undefined;
  const packet = meeting(rule, plain);
  return selects(rule, packet) ? packet : undefined;
}

function meeting(rule: Rule, plain: Packet): Packet {
  return {
    ...plain,
    ...(rule.fwmark !== undefined && !meetsMark(rule, plain) && { mark: rule.fwmark.value }),
    ...(rule.uids !== undefined && !meetsUser(rule, plain) && { uid: rule.uids.first }),
    ...(rule.protocol !== undefined && { protocol: rule.protocol }),
    ...(rule.sourcePorts !== undefined && { sourcePort: rule.sourcePorts.first }),
    ...(rule.destinationPorts !== undefined && { destinationPort: rule.destinationPorts.first }),
    ...(rule.tos !== undefined && { tos: rule.tos }),
    ...((rule.unknown?.length ?? 0) > 0 && { meets: rule }),
  };
}

// A `not` rule that passes plain packets by takes those that differ in one thing it names.
function escaping({ fwmark, uids }: Rule, plain: Packet): Packet | undefined {
  if (fwmark !== undefined && fwmark.mask !== 0) return { ...plain, mark: (plain.mark ^ fwmark.mask) >>> 0 };
  if (uids !== undefined) return { ...plain, uid: uids.first > 0 ? uids.first - 1 : uids.last + 1 };
  return undefined;
}

function describe(rule: Rule, packet: Packet): Pick<Variant, 'kind' | 'says'> {
  if (packet.meets !== undefined)
    return { kind: 'unknown-selector', says: `traffic that meets “${rule.unknown?.join(' ')}”` };
  if (rule.fwmark !== undefined && packet.mark !== 0)
    return { kind: 'mark', says: `traffic with mark 0x${packet.mark.toString(16)}` };
  if (packet.protocol !== undefined || packet.sourcePort !== undefined || packet.destinationPort !== undefined)
    return { kind: 'transport', says: transportOf(rule) };
  if (packet.tos !== undefined) return { kind: 'transport', says: `traffic with TOS ${packet.tos}` };
  return { kind: 'user', says: `traffic of user ${packet.uid}` };
}

function transportOf({ protocol, sourcePorts, destinationPorts }: Rule): string {
  const ports = (range: NonNullable<Rule['sourcePorts']>): string =>
    range.first === range.last ? `port ${range.first}` : `ports ${range.first} to ${range.last}`;
  return [
    protocol === undefined ? 'TCP/UDP traffic' : `${protocol.toUpperCase()} traffic`,
    ...(sourcePorts === undefined ? [] : [`from ${ports(sourcePorts)}`]),
    ...(destinationPorts === undefined ? [] : [`to ${ports(destinationPorts)}`]),
  ].join(' ');
}
