import type { Evidence } from '../facts/origin.ts';
import type { ExpectedRoute } from '../model/expected-route.ts';
import { openEnds } from '../model/gateway-ties.ts';
import { parseAddress } from '../net/address.ts';
import { intersect, isEmpty, prefixesOf, setOf, subtract } from '../net/address-set.ts';
import { containsAddress, containsPrefix, formatPrefix, type Prefix } from '../net/prefix.ts';
import { isPrivate } from '../net/private-range.ts';
import { activeRung, evidenceOf, lostIn, partsOf, selectedRung, tunnelRoutesTo } from './active.ts';
import type { ClimbContext } from './context.ts';
import { deliveredRung } from './delivered.ts';
import { type InstalledRoutes, installedRoutes, installedRung } from './installed.ts';
import { issuedRung } from './issued.ts';
import type { Ladder } from './ladder.ts';
import { returnedRung } from './returned.ts';
import type { Rung } from './rung.ts';
import { withSplitPool } from './split-pool.ts';
import { type Stray, strayRoutes, unreadListings } from './strays.ts';
import { firstLost, verdictOf } from './verdict.ts';

/** Should against is: every expected prefix, and every stray route, asked of all eight hands. */
export function climb(expected: readonly ExpectedRoute[], context: ClimbContext): readonly Ladder[] {
  const installed = installedRoutes(context.client, context.situation);
  const strays = strayRoutes(expected, context);
  const spoken = expected.filter(
    ({ reason, prefix }) => reason !== 'asked-for' || !strays.some(({ route }) => containsPrefix(route.prefix, prefix)),
  );
  return [
    ...spoken.map((route) => ladderOf(openWhereUnread(route, context), expected, installed, context)),
    ...strays.map((stray) => strayLadder(stray, installed, context)),
  ];
}

/**
 * An address that somebody asked for and nothing lists may be in what was not read; a public one is hardly anybody's
 * VNet, and nobody expects it in the tunnel.
 */
function openWhereUnread(route: ExpectedRoute, context: ClimbContext): ExpectedRoute {
  const evidence = unreadListings(context);
  if (route.reason !== 'asked-for' || evidence.length === 0) return route;
  const open: ExpectedRoute = { ...route, configured: { state: 'unknown', evidence } };
  if (!isPrivate(route.prefix)) return open;
  return { ...open, expectation: 'may', offered: { state: 'unknown', evidence: [], obstacles: [] } };
}

function ladderOf(
  route: ExpectedRoute,
  expected: readonly ExpectedRoute[],
  installed: InstalledRoutes,
  context: ClimbContext,
): Ladder {
  const { prefix, expectation, owner, reason } = route;
  const client = clientRungs(prefix, installed, context, ownActive(route, expected, context));
  const climbed: readonly Rung[] = [
    { rung: 'configured', state: route.configured.state, evidence: route.configured.evidence },
    { rung: 'offered', state: route.offered.state, evidence: route.offered.evidence },
    issuedRung(route, context),
    ...client.rungs,
    returnedRung(route, context),
    deliveredRung(prefix, context),
  ];
  const rungs = withSplitPool(route, climbed, context);
  const verdict = verdictOf(expectation, rungs, { offered: route.offered.state, probed: wasProbed(prefix, context) });
  return {
    prefix,
    origin: { kind: 'expected', route },
    owner,
    reason,
    expectation,
    rungs,
    verdict,
    lostAt: verdict === 'broken' ? firstLost(rungs) : null,
    tunnelRoutes: tunnelRoutesTo(prefix, context),
    parts: client.parts,
  };
}

/**
 * A site may list 10.0.0.0/8 around the VNets and the pool: the client's routes to those are no part of the site's.
 * So a prefix that clients need not have is there in part only by routes that belong to nothing narrower.
 */
function ownActive(route: ExpectedRoute, expected: readonly ExpectedRoute[], context: ClimbContext): Rung {
  const { prefix, expectation } = route;
  const active = activeRung(prefix, context);
  if (expectation !== 'may' || active.state !== 'partial') return active;
  const narrower = expected.filter(
    (other) => other.prefix.length > prefix.length && containsPrefix(prefix, other.prefix),
  );
  const part = intersect(context.tunnelSpace.space, setOf([prefix]));
  const own = subtract(part, setOf(narrower.map((other) => other.prefix)));
  if (!isEmpty(own)) return active;
  return lostIn(tunnelRoutesTo(prefix, context), `what leads into the tunnel belongs to narrower prefixes`);
}

function clientRungs(
  prefix: Prefix,
  installed: InstalledRoutes,
  context: ClimbContext,
  active: Rung = activeRung(prefix, context),
): { readonly rungs: readonly Rung[]; readonly parts: Ladder['parts'] } {
  const parts = partsOf(prefix, context);
  return {
    rungs: [installedRung(prefix, installed, context.situation), active, selectedRung(prefix, parts, active, context)],
    parts,
  };
}

function mayBeBeyond({ topology, situation: { endpoint } }: ClimbContext): boolean {
  return endpoint?.kind === 'vnet-gateway' && openEnds(endpoint.gateway.id, topology).length > 0;
}

/** Why a probe brought nothing although no packet left: its tool could not be run, or nobody let it. */
const neverSent: ReadonlySet<string> = new Set(['not-run', 'not-permitted', 'failed', 'absent', 'cancelled']);

// 10.1.0.4:443, [fd00::4]:443
const withoutPort = (target: string): string => target.replace(/:\d+$/, '').replace(/^\[|\]$/g, '');

function wasProbed(prefix: Prefix, { client }: ClimbContext): boolean {
  const unheard = client.unread.flatMap(({ target, why }) =>
    target === undefined || neverSent.has(why.code)
      ? []
      : (parseAddress(target) ?? parseAddress(withoutPort(target)) ?? []),
  );
  return (
    unheard.some((address) => containsAddress(prefix, address)) ||
    client.traces.some(({ target }) => target !== null && containsAddress(prefix, target)) ||
    client.tcp.some(({ target }) => containsAddress(prefix, target))
  );
}

/** A ladder that starts with `configured: lost` or `partial`; unknown where a document that could list it was not read. */
function strayLadder({ route, known }: Stray, installed: InstalledRoutes, context: ClimbContext): Ladder {
  const { prefix } = route;
  const unread = unreadListings(context);
  const client = clientRungs(prefix, installed, context);
  const proven = unread.length === 0;
  const says = isEmpty(known)
    ? `nothing in Azure that was read lists ${formatPrefix(prefix)}`
    : `of ${formatPrefix(prefix)} Azure lists only ${prefixesOf(known).map(formatPrefix).join(', ')}`;
  const evidence: readonly Evidence[] = proven ? [{ says, origin: evidenceOf(route).origin }] : unread;
  const listed = isEmpty(known) ? 'lost' : 'partial';
  const rungs: readonly Rung[] = [
    { rung: 'configured', state: proven ? listed : 'unknown', evidence },
    { rung: 'offered', state: 'unknown', evidence: [] },
    issuedRung({ prefix, expectation: 'never' }, context),
    ...client.rungs,
    { rung: 'returned', state: 'unknown', evidence: [] },
    deliveredRung(prefix, context, known),
  ];
  return {
    prefix,
    origin: { kind: 'stray', route },
    owner: 'unknown to Azure',
    reason: 'stray',
    // Beyond a chain of gateways that nobody followed may lie what the client is rightly given.
    ...(mayBeBeyond(context)
      ? { expectation: 'may' as const, verdict: 'undetermined' as const }
      : { expectation: 'never' as const, verdict: 'not-expected' as const }),
    rungs,
    lostAt: proven ? 'configured' : null,
    tunnelRoutes: tunnelRoutesTo(prefix, context),
    parts: client.parts,
  };
}
