import type { BundleArtifact } from './wire.ts';

/** What an expert concludes of a bundle. */
export interface Expected {
  readonly verdict: 'ok' | 'broken' | 'undetermined';
  /** Codes of all findings, each once, sorted. */
  readonly findings: readonly string[];
  /** How many broken prefixes nothing explains; none unless said. */
  readonly unexplained?: number;
  readonly prefixes?: Readonly<Record<string, { readonly verdict: string; readonly lostAt: string | null }>>;
}

/** The same evidence but for one line, so that the cause must stay silent. */
export interface Twin {
  readonly file: string;
  /** A whole line without its indentation, and what stands there instead. */
  readonly line: string;
  readonly instead: string;
  /** Which of several equal lines, from 1. */
  readonly occurrence?: number;
  readonly findings: readonly string[];
}

/** A bundle a user could have sent, with what to make of it. Named after its cause, or `healthy-…`. */
export interface Scenario {
  readonly name: string;
  readonly platform: 'windows' | 'linux';
  readonly client: readonly BundleArtifact[];
  readonly azure: readonly BundleArtifact[];
  readonly takenAt?: string;
  /** Further keys of the manifest, e.g. `request`. */
  readonly manifest?: Readonly<Record<string, unknown>>;
  readonly expected: Expected;
  readonly twin?: Twin;
}
