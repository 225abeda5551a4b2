import type { RungName, RungState } from '../../src/ladder/rung.ts';
import type { EstateFlags } from './estate.ts';
import type { Change, Tunnel } from './tunnel.ts';

/** What a diagnosis must say of one prefix. */
export type ExpectedPrefix = {
  readonly verdict: readonly ('ok' | 'broken' | 'not-expected' | 'undetermined')[];
  readonly lostAt?: RungName | null;
  readonly rungs?: Readonly<Partial<Record<RungName, RungState>>>;
};

/** What a live diagnosis must say. Of errors and warnings nothing but what is named here may be found; what merely explains is free. */
export type Expected = {
  /** What may be said of the whole; the exit code follows from what was said and found. */
  readonly verdict: readonly ('ok' | 'broken' | 'undetermined')[];
  /** Codes that must be found; where the evidence allows two names for it, a list of them. */
  readonly mustFind: readonly (string | readonly string[])[];
  readonly mayFind?: readonly string[];
  readonly prefixes: Readonly<Record<string, ExpectedPrefix>>;
};

/** One run: how the client is connected, what is done to it, what Azure says, and what onlink must make of it. */
export type Run = {
  readonly tunnel: Tunnel;
  readonly hopsVisible?: boolean;
  readonly changes: readonly Change[];
  readonly estate: EstateFlags;
  readonly targets?: readonly string[];
  readonly expected: Expected;
};

/** A state of the lab. A contrast changes one half of it alone, and the diagnosis must change with it. */
export type State = Run & {
  readonly name: string;
  readonly title: string;
  readonly contrasts?: readonly (Run & { readonly label: string })[];
};
