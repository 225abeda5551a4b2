import type { Address } from '../net/address.ts';

export type Platform = 'windows' | 'linux';
export type Half = 'client' | 'azure';
export type ArtifactId = string;

/** Why a question has no answer. `absent` is evidence (looked, not there); every other code means we do not know. */
export interface Unanswered {
  readonly kind: 'unanswered';
  /** The HTTP status, where there was one. */
  readonly status: number | null;
  /** `AuthorizationFailed`, `timeout`, `reset`, `dns`, `tls`, `not-json`, `not-run`, `absent` … */
  readonly code: string;
  readonly message: string;
}

/** What was asked and answered: the bytes as printed or received. */
export interface Answered {
  readonly kind: 'answered';
  readonly bytes: Uint8Array;
  readonly exitCode: number | null;
}

/** One thing we asked, and exactly what came back. */
export interface Artifact {
  /** Unique in a capture: `windows-route-print`, `windows-tracert:10.1.0.4`, `arm:001`. */
  readonly id: ArtifactId;
  /** A public source name: see the registry in sources/. */
  readonly source: string;
  readonly half: Half;
  readonly outcome: Answered | Unanswered;
  readonly argv?: readonly string[];
  /** What a probe aimed at: an address, or `address:port`. */
  readonly target?: string;
  /** ARM: the SDK's `group.method`. */
  readonly operation?: string;
  /** ARM: the resource id that was asked about. */
  readonly resource?: string;
  /** A name of the Encoding Standard, or cp437, cp850, cp852, cp858, where the bytes are not UTF-8. */
  readonly encoding?: string;
  readonly family?: 4 | 6;
  /** ISO 8601. */
  readonly startedAt?: string;
  readonly durationMs?: number;
  readonly stderr?: string;
  /** How often a busy service had to be asked again. */
  readonly retries?: number;
}

/** What the person asked for: part of the capture, so that a replay answers the same question. */
export interface CaptureRequest {
  /** The gateway's resource id. */
  readonly gateway?: string;
  readonly gatewayName?: string;
  readonly resourceGroup?: string;
  readonly targets?: readonly Address[];
  /** False with `--no-azure`, `--no-probe`: left out on purpose. */
  readonly azure?: boolean;
  readonly probes?: boolean;
}

/** Everything a diagnosis depends on. Says nothing of whether it is live or replayed. */
export interface Capture {
  /** ISO 8601; null where a bundle does not say. */
  readonly takenAt: string | null;
  readonly platform: Platform;
  readonly artifacts: readonly Artifact[];
  /** When Azure's half was taken, where that is not when the client's was. ISO 8601. */
  readonly azureTakenAt?: string;
  /** What whoever reads a diagnosis of this capture should know of it: cut short, joined from halves apart in time … */
  readonly notes?: readonly string[];
  readonly request?: CaptureRequest;
}
