import type { Capture } from '../facts/capture.ts';
import type { Evidence, Problem } from '../facts/origin.ts';
import { nameOf, segmentOf } from '../facts/resource-id.ts';
import { evidenceOf } from '../ladder/active.ts';
import type { ClimbContext } from '../ladder/context.ts';
import type { Ladder } from '../ladder/ladder.ts';
import { unreadMusts } from '../ladder/strays.ts';
import { type Endpoint, idOf } from '../model/endpoint.ts';
import { formatPrefix } from '../net/prefix.ts';
import { assumptionsOf } from './assumptions.ts';
import type { Judgement } from './diagnose.ts';
import type { Diagnosis } from './diagnosis.ts';
import type { Finding } from './finding.ts';
import { notCheckedOf } from './not-checked.ts';

interface Parts {
  readonly capture: Capture;
  readonly context: ClimbContext;
  readonly ladders: readonly Ladder[];
  readonly judgement: Judgement;
  readonly problems: readonly Problem[];
}

/** Draws the parts together into the answer. */
export function summarise({ capture, context, ladders, judgement, problems }: Parts): Diagnosis {
  const { situation } = context;
  const { tunnel, endpoint, traits } = situation;
  const verdict = overall(ladders, judgement.findings, context);
  return {
    takenAt: capture.takenAt,
    platform: capture.platform,
    verdict,
    headline: headlineOf(verdict, ladders, judgement.findings, context),
    tunnel:
      tunnel === undefined
        ? null
        : {
            interface: tunnel.interface,
            address: tunnel.address,
            protocol: traits.protocol,
            client: traits.client,
            evidence: tunnel.evidence,
          },
    gateway: endpoint === undefined ? null : { id: idOf(endpoint), name: endpoint.gateway.name },
    candidates:
      endpoint === undefined
        ? situation.candidates.map(({ endpoint: one, because }) => ({
            id: idOf(one),
            name: one.gateway.name,
            flag: flagFor(one),
            because,
          }))
        : [],
    ladders,
    findings: judgement.findings,
    unexplained: judgement.unexplained,
    assumptions: assumptionsOf(ladders, context),
    notChecked: [...notCheckedOf(capture, ladders, context), ...causesNotChecked(judgement)],
    problems,
    notes: notesOf(capture, context),
  };
}

/** `broken` by any broken prefix but the pool, or any error; never `ok` where something that could show a fault is missing. */
function overall(
  ladders: readonly Ladder[],
  findings: readonly Finding[],
  context: ClimbContext,
): Diagnosis['verdict'] {
  const { situation } = context;
  const open = findings.filter(({ accepted }) => accepted !== true);
  const silenced = new Set(findings.filter(({ accepted }) => accepted === true).flatMap(({ explains }) => explains));
  const counted = ladders.filter((ladder) => ladder.reason !== 'pool' && !silenced.has(ladder));
  if (open.some(({ severity }) => severity === 'error') || counted.some(({ verdict }) => verdict === 'broken'))
    return 'broken';
  const unsure = counted.some((ladder) => isWanted(ladder) && ladder.verdict === 'undetermined');
  const missing =
    !situation.halves.client ||
    !situation.halves.azure ||
    situation.endpoint === undefined ||
    situation.tunnel === undefined ||
    unreadMusts(context).length > 0 ||
    !counted.some(({ expectation }) => expectation === 'must');
  return unsure || missing ? 'undetermined' : 'ok';
}

/** What clients must have, and what somebody asked for. */
const isWanted = ({ expectation, reason }: Ladder) => expectation === 'must' || reason === 'asked-for';

function headlineOf(
  verdict: Diagnosis['verdict'],
  ladders: readonly Ladder[],
  findings: readonly Finding[],
  context: ClimbContext,
): string {
  const { situation } = context;
  const [gravest] = findings.filter(({ accepted, severity }) => accepted !== true && severity === 'error');
  if (gravest !== undefined) return gravest.summary;
  const broken = ladders.filter((ladder) => ladder.verdict === 'broken' && ladder.reason !== 'pool');
  if (verdict === 'broken') return `${list(broken)} cannot be reached, and no known cause explains it.`;
  if (verdict === 'ok')
    return `Every network this VPN should reach is reached: ${list(ladders.filter((ladder) => ladder.verdict === 'ok' && ladder.reason !== 'pool'))}.`;
  if (!situation.halves.azure)
    return 'This shows what the computer has; without Azure nobody can say what it should have.';
  if (!situation.halves.client)
    return 'This shows what Azure offers; without the computer nobody can say what arrived.';
  if (situation.endpoint === undefined && situation.candidates.length > 0)
    return `It could not be told which gateway this is (${situation.candidates
      .map(({ endpoint }) => endpoint.gateway.name)
      .slice(0, 4)
      .join(', ')}); pick one by its flag.`;
  if (situation.endpoint === undefined)
    return 'No Point-to-Site gateway was read, so nobody can say which routes should be here.';
  const unsure = ladders.filter(
    (ladder) => isWanted(ladder) && ladder.verdict === 'undetermined' && ladder.reason !== 'pool',
  );
  const [unread] = unreadMusts(context);
  if (unsure.length === 0 && unread !== undefined)
    return `No fault was found, but ${unread.says}: what else should be reached is not known.`;
  return unsure.length === 0
    ? 'No fault was found, but not everything could be checked.'
    : `Nothing proves a fault, but ${list(unsure)} could not be shown to work.`;
}

function list(ladders: readonly Ladder[]): string {
  const names = ladders.slice(0, 3).map(({ prefix, owner }) => `${formatPrefix(prefix)} (${owner})`);
  return ladders.length > 3 ? `${names.join(', ')} and ${ladders.length - 3} more` : names.join(', ');
}

function flagFor(endpoint: Endpoint): string {
  const id = idOf(endpoint);
  const [group, subscription] = [segmentOf(id, 'resourceGroups'), segmentOf(id, 'subscriptions')];
  if (endpoint.kind === 'hub-gateway' || group === undefined || subscription === undefined) return `--gateway ${id}`;
  return `--subscription ${subscription} -g ${group} -n ${nameOf(id)}`;
}

/** Many causes lack the same input: one line an input, not one a cause. */
function causesNotChecked({ notChecked }: Judgement): Diagnosis['notChecked'] {
  const byWhy = Map.groupBy(notChecked, ({ why }) => why);
  return [...byWhy].map(([why, list]) => {
    const codes = list.map(({ code }) => code);
    const named = codes.length > 4 ? `${codes.length} causes, ${codes[0]} among them` : codes.join(', ');
    return { code: 'CAUSES', why: `${named}: ${why}` };
  });
}

function notesOf(capture: Capture, { client, situation, tunnelSpace }: ClimbContext): readonly Evidence[] {
  return [
    ...(capture.notes ?? []).map((says) => ({ says, origin: { artifact: 'manifest' } })),
    ...client.limits,
    ...repeated(capture),
    ...(situation.endpoint === undefined ? [] : situation.because),
    ...(situation.endpoint === undefined ? tunnelSpace.routes.slice(0, 12).map(evidenceOf) : []),
  ];
}

/** What a busy Azure had to be asked again: an answer, but not at once. */
function repeated({ artifacts }: Capture): readonly Evidence[] {
  return artifacts.flatMap(({ id, operation, resource, retries = 0, outcome }) => {
    if (retries === 0 || outcome.kind === 'unanswered') return [];
    const what = `${operation ?? 'Azure'}${resource === undefined ? '' : ` of ${nameOf(resource)}`}`;
    return [
      { says: `${what} answered after ${retries} ${retries === 1 ? 'retry' : 'retries'}`, origin: { artifact: id } },
    ];
  });
}
