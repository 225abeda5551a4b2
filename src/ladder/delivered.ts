import type { ChildAssociation } from '../facts/client.ts';
import type { Evidence, Origin } from '../facts/origin.ts';
import type { Reply, TcpAttempt, Trace } from '../facts/trace.ts';
import { type Address, formatAddress } from '../net/address.ts';
import { type AddressSet, covers, emptySet, hasAddress, setOf } from '../net/address-set.ts';
import { containsAddress, hostPrefix, type Prefix } from '../net/prefix.ts';
import type { DoubtKind } from '../routing/decision.ts';
import type { ClimbContext } from './context.ts';
import { gapsAt } from './gaps.ts';
import type { Rung } from './rung.ts';

/** What the probes to one target brought: an answer through the tunnel, an error or a detour, or nothing. */
export interface TargetOutcome {
  readonly target: Address;
  readonly outcome: 'answered' | 'failed' | 'astray' | 'silent';
  readonly evidence: readonly Evidence[];
}

/**
 * Whether packets behave on-link: the target itself answers through the tunnel. Silence proves nothing. What answers in
 * `elses`, the part of the prefix that belongs to somebody else, says nothing of it.
 */
export function deliveredRung(prefix: Prefix, context: ClimbContext, elses: AddressSet = emptySet): Rung {
  const rung = 'delivered' as const;
  const outcomes = targetOutcomes(prefix, context).filter(({ target }) => !hasAddress(elses, target));
  const oneWay = oneWayChild(prefix, context);
  if (oneWay !== undefined && !outcomes.some(({ outcome }) => outcome === 'answered'))
    return {
      rung,
      state: 'lost',
      evidence: [{ says: `${oneWay.name}: ${oneWay.bytesOut} bytes out, 0 in`, origin: oneWay.origin }],
    };
  const failed = outcomes.filter(({ outcome }) => outcome === 'failed' || outcome === 'astray');
  const answered = outcomes.filter(({ outcome }) => outcome === 'answered');
  const evidence = [...failed, ...outcomes.filter(({ outcome }) => outcome === 'silent'), ...answered]
    .flatMap((one) => one.evidence)
    .slice(0, 6);
  if (failed.length > 0) return { rung, state: answered.length > 0 ? 'partial' : 'lost', evidence };
  const complete = outcomes.length > 0 && answered.length === outcomes.length;
  return { rung, state: complete ? 'held' : 'unknown', evidence };
}

/** One entry a target inside the prefix: a TCP answer outweighs a silent trace, for ICMP is often filtered. */
export function targetOutcomes(prefix: Prefix, context: ClimbContext): readonly TargetOutcome[] {
  const { client } = context;
  const targets = new Set<Address>();
  for (const { target } of client.traces) if (target !== null && containsAddress(prefix, target)) targets.add(target);
  for (const { target } of client.tcp) if (containsAddress(prefix, target)) targets.add(target);
  return [...targets].map((target) => {
    const all = [
      ...client.traces.filter((trace) => trace.target === target).map((trace) => ofTrace(trace, target, context)),
      ...client.tcp
        .filter((attempt) => attempt.target === target && attempt.boundTo === null)
        .map((attempt) => ofTcp(attempt, target, context)),
    ];
    const rank = ['answered', 'astray', 'failed', 'silent'] as const;
    const best = rank.find((outcome) => all.some((one) => one.outcome === outcome)) ?? 'silent';
    return {
      target,
      outcome: best,
      evidence: [
        ...all.filter(({ outcome }) => outcome === best).flatMap((one) => one.evidence),
        ...(best === 'answered' ? [] : boundAnswers(target, context)),
      ],
    };
  });
}

/**
 * Answers to connections bound to the tunnel's address. They tell, and don't decide: programs do not bind. On Windows
 * binding overrides a route that shadows the tunnel's; on Linux it does not choose the interface.
 */
function boundAnswers(target: Address, { client }: ClimbContext): readonly Evidence[] {
  return client.tcp
    .filter((attempt) => attempt.target === target)
    .filter(({ outcome }) => outcome === 'accepted' || outcome === 'refused')
    .flatMap(({ port, outcome, boundTo, origin }) =>
      boundTo === null
        ? []
        : [
            {
              says: `${formatAddress(target)}:${port} ${outcome} a connection bound to ${formatAddress(boundTo)}`,
              origin,
            },
          ],
    );
}

/** Doubts about other traffic than a probe's, which has no mark, owner or source of its own. */
const otherTraffic: ReadonlySet<DoubtKind> = new Set(['mark', 'user', 'transport', 'source']);

/** Which way a probe goes. `untold`: what decides it was not read. */
function wayTo(target: Address, context: ClimbContext): 'tunnel' | 'elsewhere' | 'untold' {
  const { forwarding, tunnelSpace } = context;
  const decision = forwarding.decide(target);
  if (decision === undefined) return 'untold';
  if (tunnelSpace.contains(decision)) return 'tunnel';
  const isOpen =
    tunnelSpace.spillOf(decision) !== undefined ||
    decision.doubts.some(({ kind }) => !otherTraffic.has(kind)) ||
    tunnelSpace.onlyMain !== undefined ||
    gapsAt(hostPrefix(target), context).length > 0;
  return isOpen ? 'untold' : 'elsewhere';
}

type Outcome = Pick<TargetOutcome, 'outcome' | 'evidence'>;

function ofTrace(trace: Trace, target: Address, context: ClimbContext): Outcome {
  const text = formatAddress(target);
  const way = wayTo(target, context);
  if (trace.reached === true) {
    const hop = trace.hops.find(({ replies }) =>
      replies.some((reply) => reply.kind === 'answer' && reply.from === target),
    );
    const origin = hop?.origin ?? trace.origin;
    return way === 'tunnel'
      ? {
          outcome: 'answered',
          evidence: [{ says: `${text} answered at hop ${hop?.ttl ?? trace.hops.length}`, origin }],
        }
      : notThrough(`${text} answered`, origin, way);
  }
  const error = trace.hops.flatMap(({ replies, origin }) =>
    replies.flatMap((reply) => (reply.kind === 'error' ? [{ reply, origin }] : [])),
  )[0];
  if (error !== undefined && way === 'tunnel')
    return { outcome: 'failed', evidence: [{ says: errorText(error.reply, text), origin: error.origin }] };
  return { outcome: 'silent', evidence: [{ says: `no answer from ${text}`, origin: trace.origin }] };
}

/** An answer by another way; or by a way that nobody can tell. */
function notThrough(says: string, origin: Origin, way: 'elsewhere' | 'untold'): Outcome {
  return way === 'elsewhere'
    ? { outcome: 'astray', evidence: [{ says: `${says}, but not through the tunnel`, origin }] }
    : { outcome: 'silent', evidence: [{ says: `${says}, and which way it went was not read`, origin }] };
}

function errorText(reply: Reply & { readonly kind: 'error' }, target: string): string {
  return reply.from === null
    ? `this host reports ${reply.error} for ${target}`
    : `${formatAddress(reply.from)} reports ${reply.error} for ${target}`;
}

function ofTcp(
  { outcome, port, origin, code, localAddress }: TcpAttempt,
  target: Address,
  context: ClimbContext,
): Outcome {
  const text = `${formatAddress(target)}:${port}`;
  if (outcome === 'accepted' || outcome === 'refused') {
    const says = `${text} ${outcome} the connection`;
    const way = wayOfConnection(localAddress, target, context);
    return way === 'tunnel' ? { outcome: 'answered', evidence: [{ says, origin }] } : notThrough(says, origin, way);
  }
  if (outcome === 'unreachable' && wayTo(target, context) === 'tunnel')
    return { outcome: 'failed', evidence: [{ says: `${text}: ${code ?? 'unreachable'}`, origin }] };
  return { outcome: 'silent', evidence: [{ says: `no answer from ${text}`, origin }] };
}

/** The tables say one way, the address that the system gave the connection another: it knew better, unless all lead past. */
function wayOfConnection(
  localAddress: Address | null,
  target: Address,
  context: ClimbContext,
): ReturnType<typeof wayTo> {
  const way = wayTo(target, context);
  const own = context.situation.tunnel?.address;
  if (way === 'elsewhere' || localAddress === null || own === undefined) return way;
  return localAddress === own ? 'tunnel' : 'elsewhere';
}

/** A child SA that carries the prefix, sends, and gets nothing back. */
function oneWayChild(prefix: Prefix, { client }: ClimbContext): ChildAssociation | undefined {
  return (client.associations ?? [])
    .flatMap(({ children }) => children)
    .find(
      ({ remoteSelectors, bytesIn, bytesOut }) =>
        bytesIn === 0 && Number(bytesOut) > 0 && covers(setOf(remoteSelectors), setOf([prefix])),
    );
}
