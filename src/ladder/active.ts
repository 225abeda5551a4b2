import { once } from '../facts/once.ts';
import type { Evidence } from '../facts/origin.ts';
import type { Route } from '../facts/route.ts';
import { publicAddressesOf } from '../model/endpoint.ts';
import { type AddressSet, covers, intersect, isEmpty, setOf, subtract, union } from '../net/address-set.ts';
import { familyOfPrefix, formatPrefix, hostPrefix, type Prefix, widthOfPrefix } from '../net/prefix.ts';
import { type Decision, refusalOf } from '../routing/decision.ts';
import type { ClimbContext } from './context.ts';
import { gapsAt } from './gaps.ts';
import type { Part } from './ladder.ts';
import type { Rung } from './rung.ts';
import type { TunnelSpace } from './tunnel-space.ts';

/** Routes into the tunnel that touch the prefix, whoever wins. */
export function tunnelRoutesTo(prefix: Prefix, { tunnelSpace }: ClimbContext): readonly Route[] {
  return tunnelSpace.routesTo(prefix);
}

/** Whether for every address some route, or a selector, leads into the tunnel. */
export function activeRung(prefix: Prefix, context: ClimbContext): Rung {
  const rung = 'active' as const;
  const { client, tunnelSpace, situation } = context;
  const read = familyOfPrefix(prefix) === 4 ? client.routes.v4 : client.routes.v6;
  if (read === undefined) return { rung, state: 'unknown', evidence: [] };
  const asked = setOf([prefix]);
  const gaps = gapsAt(prefix, context).slice(0, 4);
  const isOpen = gaps.length > 0;
  const open: Rung = { rung, state: 'unknown', evidence: gaps };
  if (situation.isTunnelUntold) return { rung, state: 'unknown', evidence: [...gaps, ...untold(read)] };
  if (situation.tunnel === undefined)
    return isOpen ? open : lostIn(read, 'there is no tunnel that a route could lead into');
  // Everything lies within a default: only another default, or its halves, is a part of one.
  const routes = tunnelRoutesTo(prefix, context).filter((route) => prefix.length > 1 || route.prefix.length <= 1);
  const evidence = routes.slice(0, 4).map(evidenceOf);
  const rest = subtract(asked, tunnelSpace.own);
  if (covers(tunnelSpace.space, isEmpty(rest) ? asked : rest)) return { rung, state: 'held', evidence };
  if (isOpen) return open;
  const part = prefix.length > 1 ? intersect(tunnelSpace.space, asked) : setOf(routes.map((route) => route.prefix));
  if (!isEmpty(part)) return { rung, state: 'partial', evidence };
  const { onlyMain } = tunnelSpace;
  return onlyMain === undefined
    ? lostIn(read, `no route leads ${formatPrefix(prefix)} into the tunnel`)
    : { rung, state: 'unknown', evidence: [{ says: 'only table main was listed', origin: onlyMain }] };
}

function untold([looked]: readonly Route[]): readonly Evidence[] {
  const says = 'no addresses of this computer were read: which of its interfaces is the tunnel is not known';
  return looked === undefined ? [] : [{ says, origin: { artifact: looked.origin.artifact } }];
}

/** What is missing stands on no line: the table that was read bears it out as a whole. */
export function lostIn(table: readonly Route[], says: string): Rung {
  const [looked] = table;
  const evidence = looked === undefined ? [] : [{ says, origin: { artifact: looked.origin.artifact } }];
  return { rung: 'active', state: 'lost', evidence };
}

export function evidenceOf({ prefix, interface: name, metric, origin }: Route): Evidence {
  return { says: `${formatPrefix(prefix)} leads to ${name}${metric === null ? '' : `, metric ${metric}`}`, origin };
}

/** How the host decides across the prefix; empty where no table of its family was read. */
export function partsOf(prefix: Prefix, { forwarding, tunnelSpace }: ClimbContext): readonly Part[] {
  return forwarding.across(prefix).flatMap(({ space, decision }) => {
    const intoTunnel = tunnelSpace.contains(decision);
    const { carried } = tunnelSpace;
    if (!intoTunnel) return [{ space, decision: spilling(decision, tunnelSpace), intoTunnel }];
    if (decision.policy !== undefined || carried === undefined) return [{ space, decision, intoTunnel }];
    // The route says the tunnel, IPsec has no selector for it: the packet leaves in the clear, or not at all.
    return [
      { space: intersect(space, carried), decision, intoTunnel: true },
      { space: subtract(space, carried), decision, intoTunnel: false },
    ].filter((part) => !isEmpty(part.space));
  });
}

/** Of several next hops the one past the tunnel stands for the route: it is what somebody has to look at. */
function spilling(decision: Decision, { spillOf }: TunnelSpace): Decision {
  const spill = spillOf(decision);
  return spill === undefined || decision.outcome.kind !== 'route'
    ? decision
    : { ...decision, outcome: { ...decision.outcome, route: spill } };
}

/** Whether for every address the host's own choice is the tunnel. */
export function selectedRung(prefix: Prefix, parts: readonly Part[], active: Rung, context: ClimbContext): Rung {
  const rung = 'selected' as const;
  if (active.state === 'unknown' || parts.length === 0) return { rung, state: 'unknown', evidence: [] };
  if (active.state === 'lost') return { rung, state: 'not-applicable', evidence: [] };
  const judged = parts
    .map((part) => ({ ...part, space: subtract(part.space, exempt(prefix, context)) }))
    .filter(({ space }) => !isEmpty(space));
  const uncertain = judged.flatMap(({ decision }) => decision.doubts);
  const elsewhere = judged.filter(
    (part) =>
      !part.intoTunnel &&
      part.decision.doubts.length === 0 &&
      !(active.state === 'partial' && hasNoRoute(part.decision)) &&
      !(prefix.length <= 1 && isNatural(part.decision)),
  );
  // What surely goes elsewhere does so, whatever is in doubt beside it.
  if (elsewhere.length === 0 && uncertain.length > 0) return { rung, state: 'unknown', evidence: uncertain };
  if (elsewhere.length === 0)
    return {
      rung,
      state: 'held',
      evidence: judged
        .filter(({ intoTunnel }) => intoTunnel)
        .slice(0, 3)
        .flatMap(({ decision }) => winnerEvidence(decision)),
    };
  const mayArrive = judged.some(
    ({ intoTunnel, decision }) =>
      intoTunnel || decision.doubts.length > 0 || context.tunnelSpace.spillOf(decision) !== undefined,
  );
  return {
    rung,
    state: mayArrive ? 'partial' : 'lost',
    evidence: elsewhere.slice(0, 4).flatMap(({ decision }) => winnerEvidence(decision)),
  };
}

export function winnerEvidence({ outcome, policy }: Decision): readonly Evidence[] {
  if (policy !== undefined) return [{ says: `an xfrm policy takes ${formatPrefix(policy.to)}`, origin: policy.origin }];
  if (outcome.kind === 'none') return [];
  if (outcome.kind === 'rule')
    return [
      { says: `rule ${outcome.rule.priority} refuses it: ${refusalOf(outcome.rule)}`, origin: outcome.rule.origin },
    ];
  const { prefix, interface: name, type, origin, metric } = outcome.route;
  const where =
    type === 'unicast' ? `wins, to ${name}${metric === null ? '' : `, metric ${metric}`}` : `wins and is ${type}`;
  return [{ says: `${formatPrefix(prefix)} ${where}`, origin }];
}

function hasNoRoute({ outcome, policy }: Decision): boolean {
  return (
    policy === undefined && (outcome.kind === 'none' || (outcome.kind === 'route' && outcome.route.prefix.length === 0))
  );
}

/** Beside a default into the tunnel the host keeps its own links and single hosts, such as the gateway's address. */
function isNatural({ outcome }: Decision): boolean {
  if (outcome.kind !== 'route') return false;
  const { prefix, via } = outcome.route;
  return prefix.length > 1 && (via.kind === 'on-link' || prefix.length === widthOfPrefix(prefix));
}

/** Addresses that nobody expects in the tunnel: this host's own, its links' broadcast addresses, the gateway's public one. */
function exempt(prefix: Prefix, context: ClimbContext): AddressSet {
  return intersect(natural(context), setOf([prefix]));
}

const natural = once(({ tunnelSpace, situation, topology }: ClimbContext): AddressSet => {
  const servers = situation.endpoint === undefined ? [] : publicAddressesOf(situation.endpoint, topology);
  return union(tunnelSpace.own, setOf(servers.map(hostPrefix)));
});
