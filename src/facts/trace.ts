import type { Address } from '../net/address.ts';
import type { Origin } from './origin.ts';

export type TraceError =
  | 'host-unreachable'
  | 'net-unreachable'
  | 'admin-prohibited'
  | 'protocol-unreachable'
  | 'port-unreachable'
  | 'fragmentation-needed'
  | 'ttl-expired'
  | 'general-failure'
  | `code-${number}`;

/** What one probe brought back. An error keeps the raw word or number it was printed with. */
export type Reply =
  | { readonly kind: 'answer'; readonly from: Address; readonly ms: number | null }
  | { readonly kind: 'silent' }
  | { readonly kind: 'error'; readonly error: TraceError; readonly from: Address | null; readonly text: string };

export interface Hop {
  readonly ttl: number;
  readonly replies: readonly Reply[];
  readonly origin: Origin;
}

/** A traceroute of any tool. `reached` is whether the target itself answered; null where the tool cannot tell. */
export interface Trace {
  readonly target: Address | null;
  readonly reached: boolean | null;
  readonly hops: readonly Hop[];
  /** This host refused to send at all (no route, blackhole, prohibit …), in the tool's words. */
  readonly refused?: {
    readonly error: TraceError | 'no-route' | 'blackhole' | 'prohibit';
    readonly text: string;
    readonly origin: Origin;
  };
  readonly origin: Origin;
}

/** One attempt to open a TCP connection. `accepted` and `refused` both prove that the target answers. */
export interface TcpAttempt {
  readonly target: Address;
  readonly port: number;
  /** The source address it was bound to; null when the system chose. */
  readonly boundTo: Address | null;
  /** The source address the system used, where the connection told it. */
  readonly localAddress: Address | null;
  readonly outcome: 'accepted' | 'refused' | 'timeout' | 'unreachable' | 'error';
  /** The system's error code, e.g. `EHOSTUNREACH`. */
  readonly code?: string;
  readonly ms: number | null;
  readonly origin: Origin;
}
