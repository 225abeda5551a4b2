import { readTopology } from './azure/translate.ts';
import { causes } from './causes/index.ts';
import type { Acceptance } from './diagnosis/diagnose.ts';
import { judge } from './diagnosis/diagnose.ts';
import type { Diagnosis } from './diagnosis/diagnosis.ts';
import { quoted } from './diagnosis/quote.ts';
import { summarise } from './diagnosis/summarise.ts';
import type { Capture } from './facts/capture.ts';
import { climb } from './ladder/climb.ts';
import type { ClimbContext } from './ladder/context.ts';
import { tunnelSpaceOf } from './ladder/tunnel-space.ts';
import { expectRoutes } from './model/expect-routes.ts';
import { forwardingOf } from './routing/forwarding.ts';
import { situationOf } from './situation/situation.ts';
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
  const { client, problems: clientProblems } = readClient(capture);
  const azure = capture.artifacts.filter(({ half, source }) => half === 'azure' || source === 'arm');
  const { topology, problems: azureProblems } = readTopology(azure);
  const situation = situationOf(capture, client, topology);
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
      problems: clientProblems,
      ...(halves.client && { client }),
      ...(halves.azure && { topology }),
      ...(tunnel !== undefined && { tunnel }),
      ...(endpoint !== undefined && { endpoint }),
      ...(capture.takenAt !== null && { takenAt: capture.takenAt }),
    },
    causes,
    accepted,
  );
  const diagnosis = summarise({
    capture,
    context,
    ladders,
    judgement,
    problems: [...clientProblems, ...azureProblems],
  });
  return { diagnosis: quoted(diagnosis, capture), context };
}
