import type { ArtifactId } from '../facts/capture.ts';
import type {
  Host,
  Interface,
  KernelChoice,
  NameLookup,
  NameRule,
  OpenVpnSession,
  PhonebookEntry,
  RasEvent,
  SecurityAssociation,
  VpnConnection,
} from '../facts/client.ts';
import type { Evidence, Origin, Problem } from '../facts/origin.ts';
import type { Profile } from '../facts/profile.ts';
import type { Route, Rule, XfrmPolicy } from '../facts/route.ts';
import type { TcpAttempt, Trace } from '../facts/trace.ts';

/** What any source may tell of a client. A key that is absent was not asked by that source; an empty list is an answer. */
export interface ClientFacts {
  readonly routes: readonly Route[];
  readonly persistent: readonly Route[];
  readonly rules: readonly Rule[];
  readonly interfaces: readonly Interface[];
  readonly policies: readonly XfrmPolicy[];
  readonly associations: readonly SecurityAssociation[];
  readonly connections: readonly VpnConnection[];
  readonly phonebook: readonly PhonebookEntry[];
  readonly openVpn: OpenVpnSession;
  readonly profiles: readonly Profile[];
  readonly traces: readonly Trace[];
  readonly tcp: readonly TcpAttempt[];
  readonly kernelChoices: readonly KernelChoice[];
  readonly nameRules: readonly NameRule[];
  readonly lookups: readonly NameLookup[];
  readonly host: Host;
  readonly events: readonly RasEvent[];
  /** How this source shows less than the system has: main table only, first next hop only … */
  readonly limits: readonly Evidence[];
}

/** What surrounds a text: where it came from, and what its command line told. */
export interface ReadingContext {
  readonly artifact: ArtifactId;
  /** What a probe aimed at, from our own command line: tracert's words are translated, its target's place with them. */
  readonly target?: string;
  /** From `-6` in the command line or `family` on the artifact. Undefined: rows tell, else IPv4. */
  readonly family?: 4 | 6;
  /** The command line: some answers leave out what the question named (`ip route show table 220`). */
  readonly argv?: readonly string[];
  readonly exitCode?: number | null;
  readonly stderr?: string;
}

/** What a parser made of a text: the facts, and every line it should have understood and did not. */
export interface Reading {
  readonly facts: Partial<ClientFacts>;
  readonly problems: readonly Problem[];
}

/** One question to an operating system or a file of a VPN client, and how to read the answer. Runs nothing. */
export interface Source {
  /** The public name. */
  readonly id: string;
  /** One line for `onlink parse --list`. */
  readonly title: string;
  /** Pure. Never throws on any text: what is not understood is a problem. */
  readonly parse: (text: string, context: ReadingContext) => Reading;
  /**
   * How sure a text without a name is this source's: 0 not at all, 1 beyond doubt. Absent: it is never met as a loose
   * file. Judged by shape, as parsing is.
   */
  readonly recognise?: (text: string) => number;
}

export const lineOrigin = (context: ReadingContext, line: number): Origin => ({ artifact: context.artifact, line });
export const pointerOrigin = (context: ReadingContext, pointer: string): Origin => ({
  artifact: context.artifact,
  pointer,
});
