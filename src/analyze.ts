import { readTopology } from './azure/translate.ts';
import { causes } from './causes/index.ts';
import { type Acceptance, type Judgement, judge } from './diagnosis/diagnose.ts';
import type { Diagnosis } from './diagnosis/diagnosis.ts';
import { quoted } from './diagnosis/quote.ts';
import { summarise } from './diagnosis/summarise.ts';
import type { Capture } from './facts/capture.ts';
import type { ClientView } from './facts/client.ts';
import type { Problem } from './facts/origin.ts';
import type { Topology } from './facts/topology.ts';
import { climb } from './ladder/climb.ts';
import type { ClimbContext } from './ladder/context.ts';
import type { Ladder } from './ladder/ladder.ts';
import { tunnelSpaceOf } from './ladder/tunnel-space.ts';
import { expectRoutes } from './model/expect-routes.ts';
import { forwardingOf } from './routing/forwarding.ts';
import { kernelDisagreements } from './routing/kernel-agreement.ts';
import { type Situation, situationOf } from './situation/situation.ts';
import { decodeText } from './sources/decode.ts';
import { readClient } from './sources/read-client.ts';

export interface AnalyzeOptions {
  /** Differences that are deliberate. */
  readonly accepted?: readonly Acceptance[];
}

/** The whole tool, less the asking and the telling: capture → read → expect → climb → diagnose. */
export function analyze(capture: Capture, { accepted = [] }: AnalyzeOptions = {}): Diagnosis {
  return inspect(capture, { accepted }).diagnosis;
}

/** The same, with what the diagnosis was drawn from: `explain` answers about single addresses. */
export function inspect(
  capture: Capture,
  { accepted = [] }: AnalyzeOptions = {},
): { readonly diagnosis: Diagnosis; readonly context: ClimbContext } {
  const reading = readCapture(capture);
  const situation = situationOf(capture, reading.client, reading.topology);
  const { context, ladders, judgement } = assess(reading, situation, accepted);
  const problems = [...reading.problems, ...kernelDisagreements(reading.client, context.forwarding)];
  const told = summarise({ capture, context, ladders, judgement, problems });
  return { diagnosis: quoted(told, capture, (bytes, encoding) => decodeText(bytes, encoding).text), context };
}

/** What the artifacts of a capture say, before anything is made of it. */
export interface Reading {
  readonly takenAt: string | null;
  readonly client: ClientView;
  readonly topology: Topology;
  /** Of both halves, and those of the client's alone. */
  readonly problems: readonly Problem[];
  readonly clientProblems: readonly Problem[];
}

export function readCapture(capture: Capture): Reading {
  const { client, problems: clientProblems } = readClient(capture);
  const azure = capture.artifacts.filter(({ half, source }) => half === 'azure' || source === 'arm');
  const { topology, problems: azureProblems } = readTopology(azure);
  return {
    takenAt: capture.takenAt,
    client,
    topology,
    problems: [...clientProblems, ...azureProblems],
    clientProblems,
  };
}

/** Should, is and why for one reading; `what-if` asks it a second time about an Azure that does not exist yet. */
export function assess(
  { takenAt, client, topology, clientProblems }: Reading,
  situation: Situation,
  accepted: readonly Acceptance[] = [],
): { readonly context: ClimbContext; readonly ladders: readonly Ladder[]; readonly judgement: Judgement } {
  const tunnelSpace = tunnelSpaceOf(client, situation.tunnel);
  const context: ClimbContext = { client, topology, situation, forwarding: forwardingOf(client), tunnelSpace };
  const { endpoint, pools, asked, tunnel, halves } = situation;
  const present = tunnelSpace.routes.map(({ prefix }) => prefix);
  const expected = endpoint === undefined ? [] : expectRoutes(topology, endpoint, { pools, asked, present });
  const ladders = climb(expected, context);
  const judgement = judge(
    {
      ladders,
      situation,
      context,
      ...(halves.client && { client, problems: clientProblems }),
      ...(halves.azure && { topology }),
      ...(tunnel !== undefined && { tunnel }),
      ...(endpoint !== undefined && { endpoint }),
      ...(takenAt !== null && { takenAt }),
    },
    causes,
    accepted,
  );
  return { context, ladders, judgement };
}
