import { analyze } from '../analyze.ts';
import { openCapture } from '../capture/join.ts';
import { livePorts } from '../capture/live-ports.ts';
import { takeAgain } from '../capture/take-again.ts';
import { UserError } from '../capture/user-error.ts';
import { causes } from '../causes/index.ts';
import type { Cause } from '../diagnosis/define-cause.ts';
import { findingsOf, restsOn, type Verification, verificationOf } from '../diagnosis/verification.ts';
import type { Artifact, Capture } from '../facts/capture.ts';
import { type Prefix, parsePrefix } from '../net/prefix.ts';
import { jsonText } from '../report/json.ts';
import { paragraph } from '../report/page.ts';
import { askAzureAgain } from './ask-azure-again.ts';
import { exitCodes } from './exit-code.ts';
import { interruption } from './interruption.ts';
import { captureLive } from './live.ts';
import type { LiveOptions } from './live-options.ts';
import { print } from './print.ts';
import { type Progress, progressOn } from './progress.ts';
import { selfCommand } from './self.ts';
import { settingFor } from './setting.ts';

export interface VerifyOptions extends LiveOptions {
  readonly from?: readonly string[];
  readonly output: 'text' | 'json';
  readonly color?: boolean;
}

/** `onlink verify CODE [PREFIX]`: asks again what that finding rests on, and says whether it is gone. */
export async function verifyCommand(
  code: string,
  prefixText: string | undefined,
  options: VerifyOptions,
): Promise<void> {
  const cause = causes.find((one) => one.code === code);
  if (cause === undefined) throw new UserError(`verify: no cause is called ${code}; onlink causes lists them`);
  const prefix = prefixText === undefined ? undefined : parsePrefix(prefixText);
  if (prefixText !== undefined && prefix === undefined)
    throw new UserError(`verify: not a prefix such as 10.1.0.0/16: ${prefixText}`);
  const { verification, asked } =
    options.from === undefined
      ? await verifyAnew(cause, prefix, options)
      : await verifyAgain(cause, prefix, options, openCapture(options.from));
  await tellVerification(code, verification, asked, options);
}

interface Verified {
  readonly verification: Verification;
  /** What was asked, for the record. */
  readonly asked: readonly string[];
}

const azureNeeds: readonly string[] = ['topology', 'endpoint', 'situation', 'ladders', 'context'];

/** Without an earlier bundle: a run of no more than the cause needs. */
async function verifyAnew(
  { code, needs }: Cause,
  prefix: Prefix | undefined,
  options: VerifyOptions,
): Promise<Verified> {
  const azure = options.azure && needs.some((need) => azureNeeds.includes(need));
  const capture = await captureLive({ ...options, azure }, { halves: ['client', 'azure'] });
  return {
    verification: verificationOf(code, prefix, analyze(capture), undefined),
    asked: [...new Set(capture.artifacts.map(({ source }) => source))],
  };
}

/** With one: only what the finding rested on there. */
async function verifyAgain(
  { code }: Cause,
  prefix: Prefix | undefined,
  options: VerifyOptions,
  before: Capture,
): Promise<Verified> {
  const findings = findingsOf(analyze(before), code, prefix);
  if (findings.length === 0)
    throw new UserError(
      `verify: ${options.from?.join(', ')} holds no finding ${code}${prefix === undefined ? '' : ' of that prefix'}`,
    );
  const cited = restsOn(findings);
  const progress = progressOn(process.stderr, options);
  const { capture, asked, unanswered, settled } = await askAgain(before, cited, options, progress);
  return { verification: verificationOf(code, prefix, analyze(capture), { findings, unanswered, settled }), asked };
}

interface Asked {
  readonly capture: Capture;
  readonly asked: readonly string[];
  readonly unanswered: readonly string[];
  readonly settled: ReadonlySet<string>;
}

// Azure makes a package for it: only --issue-profile does that, and what was issued then stays true of then.
const isIssued = ({ operation = '' }: Artifact) => /generatevpn/i.test(operation);

async function askAgain(
  before: Capture,
  cited: ReadonlySet<string>,
  options: VerifyOptions,
  progress: Progress,
): Promise<Asked> {
  const stop = interruption();
  const budgetMs = (options.timeout ?? 120) * 1000;
  const wasCited = (half: Artifact['half']) => before.artifacts.filter((one) => one.half === half && cited.has(one.id));
  const ports = livePorts(selfCommand());
  const needsClient = wasCited('client').length > 0;
  const elsewhere = needsClient && ports.platform !== before.platform;
  const client =
    needsClient && !elsewhere
      ? await takeAgain(before, cited, { stop, deadline: AbortSignal.timeout(budgetMs) }, ports)
      : { capture: before, fresh: [] };
  const ofAzure = wasCited('azure').filter((one) => !isIssued(one));
  const azure = options.azure ? await askAzureAgain(options, ofAzure, { budgetMs, stop, progress }) : [];
  stop.throwIfAborted();
  const answers = new Map(azure.flatMap(({ before: old, now }) => (now === undefined ? [] : [[old.id, now] as const])));
  const fresh = [...client.fresh, ...answers.values()];
  return {
    capture: {
      ...client.capture,
      artifacts: client.capture.artifacts.map((artifact) => answers.get(artifact.id) ?? artifact),
    },
    asked: fresh.map(nameOf),
    settled: new Set([...fresh, ...wasCited('azure').filter(isIssued)].flatMap((one) => (isAnswer(one) ? one.id : []))),
    unanswered: [
      ...(elsewhere ? [`the client's part was captured on ${before.platform}; this computer is another`] : []),
      ...(options.azure ? [] : ofAzure.map((one) => `${nameOf(one)} (--no-azure)`)),
      ...azure.filter(({ now }) => now === undefined).map(({ before: old }) => `${nameOf(old)} cannot be asked again`),
      ...missingNow(wasCited('client'), client.fresh, elsewhere),
      ...[...answers.values()].flatMap(whyUnanswered),
    ],
  };
}

/** Of the client, what answered then and does not answer now. */
function missingNow(cited: readonly Artifact[], fresh: readonly Artifact[], elsewhere: boolean): readonly string[] {
  if (elsewhere) return [];
  return cited
    .filter(({ outcome }) => outcome.kind === 'answered')
    .flatMap(({ source, target }) => fresh.filter((one) => one.source === source && one.target === target))
    .flatMap(whyUnanswered);
}

function whyUnanswered(artifact: Artifact): readonly string[] {
  const { outcome } = artifact;
  return outcome.kind === 'answered' || isAnswer(artifact) ? [] : [`${nameOf(artifact)}: ${outcome.message}`];
}

// That it is not there (any more) is an answer.
function isAnswer({ outcome }: Artifact): boolean {
  return outcome.kind === 'answered' || outcome.code === 'absent' || outcome.status === 404;
}

function nameOf({ id, operation, resource }: Artifact): string {
  return operation === undefined ? id : `${operation} ${resource ?? ''}`.trim();
}

const words = { gone: 'gone', 'still-there': 'still there', 'cannot-tell': 'cannot tell' } as const;
const codes = {
  gone: exitCodes.ok,
  'still-there': exitCodes.findings,
  'cannot-tell': exitCodes.undetermined,
} as const;

async function tellVerification(
  code: string,
  { answer, because }: Verification,
  asked: readonly string[],
  options: VerifyOptions,
): Promise<void> {
  process.exitCode = codes[answer];
  if (options.output === 'json') {
    await print(jsonText({ schemaVersion: '1', code, answer, because, asked }));
    return;
  }
  const setting = settingFor(options);
  const lines = [
    ...paragraph(setting, words[answer], `${code}: `),
    ...because.flatMap((text) => paragraph(setting, text, '  - ')),
    ...paragraph(setting, `asked again: ${asked.length === 0 ? 'nothing' : asked.join(', ')}`, '  '),
  ];
  await print(`${lines.join('\n')}\n`);
}
