import type { Evidence } from '../facts/origin.ts';
import type { ResourceId } from '../facts/resource-id.ts';
import type { Ladder } from '../ladder/ladder.ts';
import type { RungName } from '../ladder/rung.ts';
import type { Prefix } from '../net/prefix.ts';

/** `error`: traffic that should work cannot. `warning`: works now, will break or drifts. `info`: explains. */
export type Severity = 'error' | 'warning' | 'info';

export interface Command {
  readonly shell: 'az' | 'powershell' | 'bash' | 'cmd';
  readonly command: string;
}

/** How to mend it: who, with which right, by what, at whose cost, and how to see that it worked. */
export interface Fix {
  readonly by: 'user' | 'network-admin' | 'client-owner';
  readonly role?: string;
  readonly commands: readonly Command[];
  readonly steps: readonly string[];
  /** Whom the change disturbs; absent: nobody. */
  readonly disrupts?: string;
  /** A read-only command that shows whether it worked. */
  readonly verify?: string;
}

export interface Finding {
  /** A code of contracts.md, equal to the cause's file name. */
  readonly code: string;
  readonly title: string;
  readonly severity: Severity;
  readonly confidence: 'proven' | 'likely';
  /** One sentence that a person can repeat on the phone. */
  readonly summary: string;
  /** The rung it speaks of. */
  readonly rung: RungName | null;
  readonly prefixes: readonly Prefix[];
  /** The resource to change. For a peering flag: the half that carries it. */
  readonly resource?: ResourceId;
  readonly property?: string;
  readonly expected?: string;
  readonly actual?: string;
  readonly evidence: readonly [Evidence, ...Evidence[]];
  /** The ladders it accounts for. */
  readonly explains: readonly Ladder[];
  /** Codes of the findings that this one is a consequence of. */
  readonly dependsOn: readonly string[];
  /** Microsoft's page on it. */
  readonly helpUrl?: string;
  readonly fixes: readonly Fix[];
  /** A deliberate difference (`--accept`): listed, and counted by nobody. */
  readonly accepted?: boolean;
}
