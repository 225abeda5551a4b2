import type { Explanation } from '../diagnosis/explain.ts';
import type { Route } from '../facts/route.ts';
import { formatAddress } from '../net/address.ts';
import { formatPrefix } from '../net/prefix.ts';
import { type Decision, refusalOf } from '../routing/decision.ts';
import { evidenceEntry, prefixEntry } from './json.ts';

/** `onlink explain -o json`. */
export function explainJson(explanations: readonly Explanation[]): object {
  return { schemaVersion: '1', addresses: explanations.map(addressEntry) };
}

function addressEntry({
  address,
  decision,
  evidence,
  beaten,
  intoTunnel,
  azureRoutes,
  ladder,
  findings,
}: Explanation): object {
  return {
    address: formatAddress(address),
    selected: decision === undefined ? null : selectedEntry(decision, evidence),
    beaten: beaten.map(({ route, why }) => ({ ...routeEntry(route), why })),
    intoTunnel,
    azureRoutes: azureRoutes.map((route) => ({
      at: route.at,
      prefix: formatPrefix(route.prefix),
      nextHopType: route.nextHopType,
      source: route.source,
      evidence: route.evidence.map(evidenceEntry),
    })),
    prefix: ladder === undefined ? null : prefixEntry(ladder),
    findings,
  };
}

/** A discarding route or rule is `via: "discard"` with its type; a rule has no prefix. No route at all is null. */
function selectedEntry({ outcome, policy, doubts }: Decision, evidence: Explanation['evidence']): object | null {
  const told = {
    evidence: evidence.map(evidenceEntry),
    ...(policy !== undefined && { policy: { to: formatPrefix(policy.to), action: policy.action } }),
    ...(doubts.length > 0 && { doubts: doubts.map(({ says }) => says) }),
  };
  if (policy?.action === 'block')
    return {
      prefix: formatPrefix(policy.to),
      via: 'discard',
      interface: '',
      metric: null,
      table: 'xfrm',
      type: 'blackhole',
      ...told,
    };
  if (outcome.kind === 'none') return null;
  if (outcome.kind === 'rule')
    return {
      prefix: null,
      via: 'discard',
      interface: '',
      metric: null,
      table: `rule ${outcome.rule.priority}`,
      type: refusalOf(outcome.rule),
      ...told,
    };
  const hops =
    outcome.nextHops.length > 1
      ? { nextHops: outcome.nextHops.map((hop) => ({ via: viaText(hop), interface: hop.interface })) }
      : {};
  return { ...routeEntry(outcome.route), ...hops, ...told };
}

function routeEntry(route: Route): object {
  return {
    prefix: formatPrefix(route.prefix),
    via: viaText(route),
    interface: route.interface,
    metric: route.metric,
    table: route.table,
    type: route.type,
  };
}

function viaText({ via }: Route): string {
  return via.kind === 'gateway' ? formatAddress(via.address) : via.kind;
}
