import type { Platform } from '../facts/capture.ts';
import type { Evidence, Problem } from '../facts/origin.ts';
import type { ResourceId } from '../facts/resource-id.ts';
import type { Ladder } from '../ladder/ladder.ts';
import type { Address } from '../net/address.ts';
import type { Prefix } from '../net/prefix.ts';
import type { ClientKind, TunnelProtocol } from '../situation/client-traits.ts';
import type { Finding } from './finding.ts';

/** The P2S tunnel as found on the client. */
export interface TunnelSummary {
  readonly interface: string;
  readonly address: Address;
  readonly protocol: TunnelProtocol;
  readonly client: ClientKind;
  readonly evidence: readonly Evidence[];
}

interface GatewaySummary {
  readonly id: ResourceId;
  readonly name: string;
}

/** The tool's answer: everything a report may tell, and nothing it would have to work out. */
export interface Diagnosis {
  readonly takenAt: string | null;
  readonly platform: Platform;
  readonly verdict: 'ok' | 'broken' | 'undetermined';
  /** The verdict in one sentence that a person can repeat on the phone. */
  readonly headline: string;
  readonly tunnel: TunnelSummary | null;
  readonly gateway: GatewaySummary | null;
  /** Gateways that could be the one, where it could not be told; each with the flag that picks it. */
  readonly candidates: readonly (GatewaySummary & { readonly flag: string; readonly because: string })[];
  readonly ladders: readonly Ladder[];
  readonly findings: readonly Finding[];
  /** Broken prefixes that no finding accounts for. */
  readonly unexplained: readonly Prefix[];
  readonly assumptions: readonly { readonly code: string; readonly says: string }[];
  readonly notChecked: readonly { readonly code: string; readonly why: string }[];
  readonly problems: readonly Problem[];
  /** Facts worth telling that are no faults: what On-link means here, how the halves differ in time … */
  readonly notes: readonly Evidence[];
}
