import type { Artifact, Capture } from '../facts/capture.ts';
import { decodeText, encodingOfCodePage } from '../sources/decode.ts';
import { type Asking, ask, isTable, unanswered } from './ask.ts';
import { fileQuestions } from './client-files.ts';
import { codePageCommand, factQuestions } from './commands.ts';
import type { Ports } from './ports.ts';
import { takeFiles } from './take-files.ts';
import { jsonArtifact, keyOf, type Probe, takeProbes, tracesAtOnce } from './take-probes.ts';

/** What to take of this client, and when to stop. */
export interface TakePlan {
  /** What to send as soon as the facts are known, while others still wait for Azure. */
  readonly firstProbes?: (facts: Capture) => readonly Probe[];
  /** What else to send; it may wait for Azure's half. Absent, and no first ones: no packet leaves this host. */
  readonly chooseProbes?: (facts: Capture) => readonly Probe[] | Promise<readonly Probe[]>;
  /** Which sources to ask; absent: all. Probes are chosen apart. */
  readonly only?: (source: string) => boolean;
  /** Called with each artifact as it comes: a bundle that is being written, a progress line. */
  readonly keep?: (artifact: Artifact) => Promise<void>;
  /** Someone wants this to end: everything stops, and `take` throws the signal's reason. */
  readonly stop?: AbortSignal;
  /** The time allowed is over: what has not answered by then is recorded as such. */
  readonly deadline?: AbortSignal;
}

/** Takes a capture of this client: facts, then the probes chosen from them in two rounds. A source that fails is recorded. */
export async function take(plan: TakePlan, ports: Ports): Promise<Capture> {
  const takenAt = ports.now().toISOString();
  const signal = AbortSignal.any([plan.stop, plan.deadline].filter((one) => one !== undefined));
  const oemEncoding = ports.platform === 'windows' ? await consoleEncoding(ports, signal) : undefined;
  const asking: Asking = { ports, signal, ...(oemEncoding !== undefined && { oemEncoding }) };
  const { platform } = ports;
  let width: Promise<number> | undefined;
  // Asked once, and while the facts are: both rounds hang on it.
  const traceWidth = () => {
    width ??= tracesAtOnce(asking);
    return width;
  };
  if (plan.firstProbes !== undefined) traceWidth().catch(() => undefined);
  const facts: Capture = { takenAt, platform, artifacts: await takeFacts(asking, plan) };
  plan.stop?.throwIfAborted();
  const answers = await takeBoth(asking, plan, facts, traceWidth);
  plan.stop?.throwIfAborted();
  return { ...facts, artifacts: [...facts.artifacts, ...answers.map(lateIsTimeout)] };
}

/** The second round waits for the first: some tracers read each other's answers. */
async function takeBoth(
  asking: Asking,
  plan: TakePlan,
  facts: Capture,
  traceWidth: () => Promise<number>,
): Promise<readonly Artifact[]> {
  const keep = (artifacts: readonly Artifact[]) => keepAll(plan, artifacts);
  const first = plan.firstProbes?.(facts) ?? [];
  const [early, chosen] = await Promise.all([
    takeProbes(asking, first, keep, traceWidth),
    plan.chooseProbes?.(facts) ?? [],
  ]);
  const asked = new Set(first.map(keyOf));
  const late = await takeProbes(
    asking,
    chosen.filter((probe) => !asked.has(keyOf(probe))),
    keep,
    traceWidth,
  );
  return [...early, ...late];
}

async function takeFacts(asking: Asking, plan: TakePlan): Promise<readonly Artifact[]> {
  const { ports } = asking;
  const { only = () => true } = plan;
  const questions: readonly Promise<readonly Artifact[]>[] = [
    Promise.resolve(only('host') ? [jsonArtifact({ id: 'host', source: 'host' }, ports.host())] : []),
    only('interfaces') ? askInterfaces(asking) : Promise.resolve([]),
    ...factQuestions(ports.platform)
      .filter((question) => question.some(({ source }) => only(source)))
      .map((question) => ask(asking, question, (answer) => isTable(answer, ports.platform))),
    ...fileQuestions(ports.platform)
      .filter(({ source }) => only(source))
      .map((question) => takeFiles(asking, question)),
  ];
  const kept = questions.map(async (question) => {
    const artifacts = (await question).map(lateIsTimeout);
    await keepAll(plan, artifacts);
    return artifacts;
  });
  return (await Promise.all(kept)).flat();
}

async function askInterfaces({ ports, signal }: Asking): Promise<readonly Artifact[]> {
  return [{ id: 'interfaces', source: 'interfaces', half: 'client', ...(await ports.interfaces(signal)) }];
}

// The last number `chcp` prints is the code page, in every language.
async function consoleEncoding(ports: Ports, signal: AbortSignal): Promise<string | undefined> {
  const file = await ports.find(codePageCommand.tool);
  if (file === undefined) return undefined;
  const { outcome } = await ports.run({ file, args: codePageCommand.args, timeoutMs: 3000, signal });
  const printed = outcome.kind === 'answered' ? decodeText(outcome.bytes).text : '';
  const codePage = /(\d+)\D*$/.exec(printed)?.[1];
  return codePage === undefined ? undefined : encodingOfCodePage(Number(codePage));
}

async function keepAll({ keep, stop }: TakePlan, artifacts: readonly Artifact[]): Promise<void> {
  if (keep === undefined || stop?.aborted === true) return;
  await Promise.all(artifacts.map((artifact) => keep(lateIsTimeout(artifact))));
}

// Nobody cancelled it: the deadline came.
function lateIsTimeout(artifact: Artifact): Artifact {
  const { outcome } = artifact;
  if (outcome.kind === 'answered' || outcome.code !== 'cancelled') return artifact;
  return { ...artifact, outcome: unanswered('timeout', 'the time allowed was over before it answered') };
}
