import type { Origin } from '../facts/origin.ts';
import type { Hop, Reply, Trace, TraceError } from '../facts/trace.ts';
import { type Address, parseAddress } from '../net/address.ts';
import type { ReadingContext } from './source.ts';

/** What probes were aimed at, as the command line told it: an address, with a port or a prefix length or without. */
export function targetOf({ target }: ReadingContext): Address | undefined {
  if (target === undefined) return undefined;
  // 10.1.0.4   10.1.0.4:443   [fd00::4]:443
  const bare = /^\[([^\]]+)\](:\d+)?$/.exec(target)?.[1] ?? /^([\d.]+):\d+$/.exec(target)?.[1] ?? target;
  return parseAddress(bare);
}

/** Hops under construction: lines of one hop may stand apart, and late answers come out of order. */
export type HopDrafts = Map<number, { readonly ttl: number; readonly replies: Reply[]; readonly origin: Origin }>;

/** The hop of that number; a new one begins at this place of the text. */
export function hopAt(hops: HopDrafts, ttl: number, origin: Origin): { readonly replies: Reply[] } {
  const known = hops.get(ttl);
  if (known !== undefined) return known;
  const hop = { ttl, replies: [], origin };
  hops.set(ttl, hop);
  return hop;
}

export function hopsInOrder(hops: HopDrafts): readonly Hop[] {
  return [...hops.values()].toSorted((a, b) => a.ttl - b.ttl);
}

/** Whether the target itself answered. An error reply that it sent is no answer. */
export function answeredBy(target: Address | undefined, hops: readonly Hop[]): boolean {
  return hops.some(({ replies }) => replies.some((reply) => reply.kind === 'answer' && reply.from === target));
}

/** The marks that traceroute and tracepath put behind an answer: `!H`, `!N`, `!X`, `!<13>`. Undefined: no such mark. */
export function errorOfMark(mark: string): TraceError | undefined {
  const code = /^!<?(\d+)>?$/.exec(mark)?.[1];
  if (code !== undefined) return errorOfCode(Number(code));
  const letter = /^!([A-Z])([-=]?\d+)?$/.exec(mark)?.[1];
  return letter === undefined ? undefined : marks[letter];
}

const marks: Readonly<Record<string, TraceError>> = {
  H: 'host-unreachable',
  N: 'net-unreachable',
  P: 'protocol-unreachable',
  F: 'fragmentation-needed',
  X: 'admin-prohibited',
  A: 'admin-prohibited',
  Z: 'admin-prohibited',
  U: 'net-unreachable',
  W: 'host-unreachable',
  I: 'host-unreachable',
  Q: 'net-unreachable',
  T: 'host-unreachable',
  S: 'general-failure',
  V: 'general-failure',
  C: 'general-failure',
  B: 'general-failure',
};

/** ICMP destination unreachable, by its code (RFC 1812 5.2.7.1). */
function errorOfCode(code: number): TraceError {
  if (code === 9 || code === 10 || code === 13) return 'admin-prohibited';
  return `code-${code}`;
}

// connect: Network is unreachable            traceroute: sendto: No route to host       mtr: udp socket connect failed: Permission denied
const refusal =
  /^\s*(?:(?:[\w.+-]*trace(?:route|path)6?|mtr(?:-packet)?)\s*:\s*)?(?:connect|send|sendto|sendmsg|bind|\w+ socket connect failed)\s*:\s*(\S.*)$/;

/** This host's own refusal to send, as a line of the tool's output or of its stderr tells it. */
export function refusalIn(line: string, origin: Origin): Trace['refused'] {
  const words = refusal.exec(line)?.[1]?.trim();
  return words === undefined ? undefined : { error: errorOfErrno(words), text: line.trim(), origin };
}

/** What the kernel answers where a route of this kind decides: measured, see `ip route add blackhole` and the like. */
function errorOfErrno(words: string): NonNullable<Trace['refused']>['error'] {
  if (/^Network is unreachable|ENETUNREACH/.test(words)) return 'no-route';
  if (/^No route to host|EHOSTUNREACH/.test(words)) return 'host-unreachable';
  if (/^Invalid argument|EINVAL/.test(words)) return 'blackhole';
  if (/^Permission denied|EACCES/.test(words)) return 'prohibit';
  return 'general-failure';
}

/** The refusal that stderr tells, where the text has none. */
export function refusalInStderr(context: ReadingContext): Trace['refused'] {
  for (const line of (context.stderr ?? '').split('\n')) {
    const refused = refusalIn(line, { artifact: context.artifact });
    if (refused !== undefined) return refused;
  }
  return undefined;
}
