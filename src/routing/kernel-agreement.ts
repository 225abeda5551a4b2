import type { ClientView, KernelChoice } from '../facts/client.ts';
import type { Problem } from '../facts/origin.ts';
import { formatAddress } from '../net/address.ts';
import type { Decision } from './decision.ts';
import { refusalOf } from './decision.ts';
import type { Forwarding } from './forwarding.ts';

/**
 * Where the kernel's own answer differs from what its rules and tables were read to mean: the table changed in between,
 * or this program is wrong. Either way somebody should know.
 */
export function kernelDisagreements({ kernelChoices }: ClientView, { decide }: Forwarding): readonly Problem[] {
  return kernelChoices.flatMap((choice) => {
    const decision = decide(choice.target);
    // `ip route get` knows nothing of marks and policies: where those decide there is nothing to compare.
    if (decision === undefined || decision.doubts.length > 0 || agrees(choice, decision)) return [];
    const ours = describe(decision);
    const why = `the kernel answers ${choice.interface ?? choice.type}, rules and tables as read say ${ours}`;
    return [{ origin: choice.origin, text: formatAddress(choice.target), why }];
  });
}

function agrees({ type, interface: name }: KernelChoice, { outcome }: Decision): boolean {
  if (outcome.kind === 'none') return type === 'none' || type === 'unreachable';
  if (outcome.kind === 'rule') return type === refusalOf(outcome.rule);
  const { route, nextHops } = outcome;
  if (route.type === 'unicast') return nextHops.some((hop) => hop.interface === name);
  // A local address is delivered by lo, whatever interface holds it; discarding types answer by their error.
  return route.type === 'local' || route.type === type || (route.type === 'broadcast' && route.interface === name);
}

function describe({ outcome }: Decision): string {
  if (outcome.kind === 'none') return 'no route';
  if (outcome.kind === 'rule') return refusalOf(outcome.rule);
  return outcome.route.type === 'unicast' ? outcome.route.interface : outcome.route.type;
}
