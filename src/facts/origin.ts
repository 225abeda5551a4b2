import type { Prefix } from '../net/prefix.ts';
import type { ArtifactId } from './capture.ts';

/** Where a fact was read: a line (from 1) of a text artifact, a JSON pointer into a JSON one, or the artifact whole. */
export type Origin =
  | { readonly artifact: ArtifactId; readonly line: number }
  | { readonly artifact: ArtifactId; readonly pointer: string }
  | { readonly artifact: ArtifactId };

/** A sentence and the place in the capture that bears it out. */
export interface Evidence {
  readonly says: string;
  readonly origin: Origin;
  /** The line or value itself, as captured. Filled in once, at the end of the analysis. */
  readonly quote?: string;
}

/** A row or value that looked like data and was not understood. */
export interface Problem {
  readonly origin: Origin;
  readonly text: string;
  readonly why: string;
}

/** A prefix with the place it was read at; evidence points at the very value. */
export interface PrefixAt {
  readonly prefix: Prefix;
  readonly origin: Origin;
}
