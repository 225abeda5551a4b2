import type { ClientView } from '../facts/client.ts';
import type { Problem } from '../facts/origin.ts';
import type { Topology } from '../facts/topology.ts';
import type { ClimbContext } from '../ladder/context.ts';
import type { Ladder } from '../ladder/ladder.ts';
import type { Endpoint } from '../model/endpoint.ts';
import type { Tunnel } from '../situation/find-tunnel.ts';
import type { Situation } from '../situation/situation.ts';
import type { Finding, Severity } from './finding.ts';

/** What a cause may look at. A part that could not be read or told is absent. */
export interface Inputs {
  /** Everything captured of the client; absent without a client half. */
  readonly client: ClientView;
  /** The tunnel; absent where there is none, or none could be told. */
  readonly tunnel: Tunnel;
  /** Azure's documents; absent without an Azure half. */
  readonly topology: Topology;
  /** The gateway the client dials; absent where none or several fit. */
  readonly endpoint: Endpoint;
  readonly situation: Situation;
  readonly ladders: readonly Ladder[];
  /** The whole context, for questions such as "what would the host decide for this address". */
  readonly context: ClimbContext;
  /** Lines of the client's half that looked like data and were not understood. */
  readonly problems: readonly Problem[];
  /** ISO 8601; absent where the bundle does not say. */
  readonly takenAt: string;
}

/** What `detect` says; code and title are the cause's own, lists may be left out. */
export type Detected = Omit<Finding, 'code' | 'title' | 'severity' | 'prefixes' | 'explains' | 'dependsOn'> & {
  readonly severity?: Severity;
  readonly prefixes?: Finding['prefixes'];
  readonly explains?: Finding['explains'];
};

interface CauseSpec<Code extends string, Need extends keyof Inputs> {
  readonly code: Code;
  /** C-number of the catalogue, e.g. C13. */
  readonly number: string;
  readonly title: string;
  readonly severity: Severity;
  /** One paragraph: what goes wrong, how it shows, what tells it from its neighbours. Becomes the cause's page. */
  readonly about: string;
  readonly helpUrl?: string;
  /** The only inputs `detect` receives: declared and used cannot drift apart. */
  readonly needs: readonly Need[];
  /** Codes whose presence makes this one a symptom: it is then suppressed for the ladders that they explain. */
  readonly dependsOn?: readonly string[];
  detect(inputs: Pick<Inputs, Need>): readonly Detected[];
}

export interface Cause<Code extends string = string> {
  readonly code: Code;
  readonly number: string;
  readonly title: string;
  readonly severity: Severity;
  readonly about: string;
  readonly helpUrl?: string;
  readonly needs: readonly (keyof Inputs)[];
  readonly dependsOn: readonly string[];
  /** Undefined when an input it needs is absent: not checked, which is not the same as not found. */
  findings(inputs: Partial<Inputs>): readonly Finding[] | undefined;
}

export function defineCause<const Code extends string, const Need extends keyof Inputs>(
  spec: CauseSpec<Code, Need>,
): Cause<Code> {
  const { code, number, title, severity, about, helpUrl, needs, dependsOn = [] } = spec;
  return {
    code,
    number,
    title,
    severity,
    about,
    ...(helpUrl !== undefined && { helpUrl }),
    needs,
    dependsOn,
    findings: (inputs) =>
      hasAll(inputs, needs)
        ? spec.detect(inputs).map((found) => ({
            code,
            title,
            ...(helpUrl !== undefined && { helpUrl }),
            ...found,
            severity: found.severity ?? severity,
            prefixes: found.prefixes ?? (found.explains ?? []).map(({ prefix }) => prefix),
            explains: found.explains ?? [],
            dependsOn: [],
          }))
        : undefined,
  };
}

function hasAll<Need extends keyof Inputs>(
  inputs: Partial<Inputs>,
  needs: readonly Need[],
): inputs is Partial<Inputs> & Pick<Inputs, Need> {
  return needs.every((need) => inputs[need] !== undefined);
}
