import type { Ladder } from '../ladder/ladder.ts';
import { formatPrefix, type Prefix } from '../net/prefix.ts';
import type { Cause, Inputs } from './define-cause.ts';
import type { Finding } from './finding.ts';

/** What the causes make of the evidence. */
export interface Judgement {
  readonly findings: readonly Finding[];
  /** Broken prefixes that no finding accounts for. Reported, never dropped. */
  readonly unexplained: readonly Prefix[];
  /** Causes that could not look, with what they lacked. */
  readonly notChecked: readonly { readonly code: string; readonly why: string }[];
}

/** Asks every cause, then lets a cause silence its own symptoms: a finding all of whose ladders another one explains. */
export function judge(inputs: Partial<Inputs>, causes: readonly Cause[], accepted: readonly Acceptance[]): Judgement {
  const results = causes.map((cause) => ({ cause, findings: cause.findings(inputs) }));
  const all = results.flatMap(({ findings }) => findings ?? []);
  const findings = withoutSymptoms(all, causes)
    .map((finding) => (isAccepted(finding, accepted) ? { ...finding, accepted: true } : finding))
    .toSorted(byWeight);
  const explained = new Set(findings.flatMap(({ explains }) => explains));
  return {
    findings,
    unexplained: (inputs.ladders ?? [])
      .filter((ladder) => ladder.verdict === 'broken' && ladder.reason !== 'pool' && !explained.has(ladder))
      .map(({ prefix }) => prefix),
    notChecked: results.flatMap(({ cause, findings: found }) =>
      found === undefined ? [{ code: cause.code, why: `needs ${missing(cause, inputs)}` }] : [],
    ),
  };
}

function withoutSymptoms(findings: readonly Finding[], causes: readonly Cause[]): readonly Finding[] {
  const byCode = Map.groupBy(findings, ({ code }) => code);
  const explainedBy = new Map([...byCode].map(([code, of]) => [code, new Set(of.flatMap(({ explains }) => explains))]));
  const dependsOn = new Map(causes.map((cause) => [cause.code, cause.dependsOn ?? []]));
  return findings.flatMap((finding) => {
    const over = (dependsOn.get(finding.code) ?? []).filter((code) => code !== finding.code && byCode.has(code));
    const above = over.flatMap((code) => byCode.get(code) ?? []);
    if (above.length === 0) return [finding];
    const accounted = (ladder: Ladder) => over.some((code) => explainedBy.get(code)?.has(ladder) === true);
    const suppressed =
      finding.explains.length === 0
        ? above.some(({ severity }) => severity === 'error')
        : finding.explains.every(accounted);
    return suppressed ? [] : [{ ...finding, dependsOn: [...new Set(above.map(({ code }) => code))] }];
  });
}

/** `--accept CODE[=RESOURCE|PREFIX]`. */
export interface Acceptance {
  readonly code: string;
  /** A resource id, its name, or a prefix as text; absent: wherever it occurs. */
  readonly where?: string;
}

function isAccepted({ code, resource, prefixes }: Finding, accepted: readonly Acceptance[]): boolean {
  return accepted.some((one) => {
    if (one.code !== code) return false;
    if (one.where === undefined) return true;
    const where = one.where.toLowerCase();
    const id = resource?.toLowerCase() ?? '';
    return id === where || id.endsWith(`/${where}`) || prefixes.some((prefix) => formatPrefix(prefix) === where);
  });
}

const weights = { error: 0, warning: 1, info: 2 } as const;

/** The gravest first; no tunnel before everything; among equals as the catalogue has them. */
function byWeight(a: Finding, b: Finding): number {
  const first = (finding: Finding) => (finding.code === 'vpn-not-connected' ? -1 : weights[finding.severity]);
  return Number(a.accepted ?? false) - Number(b.accepted ?? false) || first(a) - first(b);
}

function missing({ needs }: Cause, inputs: Partial<Inputs>): string {
  return needs
    .filter((need) => inputs[need] === undefined)
    .map((need) => inputNames[need])
    .filter((name, index, all) => all.indexOf(name) === index)
    .sort()
    .join(', ');
}

const inputNames: Readonly<Record<keyof Inputs, string>> = {
  client: "the client's half",
  tunnel: 'a tunnel',
  topology: "Azure's half",
  endpoint: 'the gateway',
  situation: 'the situation',
  ladders: 'the ladders',
  context: "the client's half",
  problems: "the client's half",
  takenAt: 'the time of the capture',
};
