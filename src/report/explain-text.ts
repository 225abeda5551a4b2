import type { Diagnosis } from '../diagnosis/diagnosis.ts';
import type { AzureRoute, Explanation } from '../diagnosis/explain.ts';
import type { Route } from '../facts/route.ts';
import { rungOf } from '../ladder/ladder.ts';
import { formatAddress } from '../net/address.ts';
import { formatPrefix } from '../net/prefix.ts';
import { type Beaten, type Decision, refusalOf } from '../routing/decision.ts';
import { printable } from './printable.ts';

/** The story of one packet to each address, in words. */
export function explainText(explanations: readonly Explanation[], diagnosis: Diagnosis): string {
  return `${explanations.map((one) => storyOf(one, diagnosis).map(printable).join('\n')).join('\n\n')}\n`;
}

function storyOf(one: Explanation, diagnosis: Diagnosis): readonly string[] {
  return [
    `${formatAddress(one.address)}: ${conclusion(one, diagnosis)}`,
    '',
    'On this computer',
    ...indented(localStory(one, diagnosis)),
    '',
    'In Azure',
    ...indented(azureStory(one, diagnosis)),
    '',
    'What came back',
    ...indented(deliveryStory(one)),
    ...(one.findings.length === 0 ? [] : ['', `Findings: ${one.findings.join(', ')} (onlink causes CODE tells more)`]),
  ];
}

const indented = (lines: readonly string[]): readonly string[] => lines.map((line) => `  ${line}`);

function conclusion({ intoTunnel, ladder }: Explanation, { tunnel }: Diagnosis): string {
  const way = intoTunnel === true ? 'goes into the tunnel' : 'does not go into the tunnel';
  const local = intoTunnel === null ? 'cannot be told where it goes' : way;
  if (tunnel === null && intoTunnel !== true) return `${local}: no tunnel was found.`;
  if (ladder === undefined) return `${local}; nothing that was read of Azure lists it.`;
  const lost = ladder.lostAt === null ? '' : `, lost at ${ladder.lostAt}`;
  return `${local}; ${formatPrefix(ladder.prefix)} (${ladder.owner}) is ${ladder.verdict}${lost}.`;
}

function localStory({ decision, beaten, intoTunnel }: Explanation, diagnosis: Diagnosis): readonly string[] {
  if (decision === undefined) return ['no routing table of this family was read'];
  return [
    ...winnerStory(decision),
    ...decision.doubts.map(({ says }) => `uncertain: ${says}`),
    ...beaten.slice(0, 6).map(beatenStory),
    ...(intoTunnel === true ? onLinkStory(decision, diagnosis) : []),
  ];
}

function winnerStory({ outcome, policy }: Decision): readonly string[] {
  const wrapped =
    policy === undefined
      ? []
      : [
          policy.action === 'block'
            ? `an IPsec policy for ${formatPrefix(policy.to)} drops the packet`
            : `an IPsec policy for ${formatPrefix(policy.to)} takes the packet into the tunnel, whatever the route says`,
        ];
  if (outcome.kind === 'none') return ['no route matches', ...wrapped];
  if (outcome.kind === 'rule') return [`rule ${outcome.rule.priority} refuses it: ${refusalOf(outcome.rule)}`];
  const { route, rule } = outcome;
  const asked = rule === undefined ? '' : `rule ${rule.priority} asks table ${route.table}; there `;
  return [`${asked}${routeText(route)} wins`, ...wrapped];
}

function routeText({ prefix, via, interface: name, metric, type }: Route): string {
  const where = {
    'on-link': `on-link on ${name}`,
    discard: type,
    gateway: via.kind === 'gateway' ? `by way of ${formatAddress(via.address)} on ${name}` : '',
  }[via.kind];
  return `${formatPrefix(prefix)} ${where}${metric === null ? '' : `, metric ${metric}`}`;
}

const reasons: Readonly<Record<Beaten['why'], string>> = {
  'shorter-prefix': 'its prefix is shorter',
  'higher-metric': 'its metric is higher',
  'later-rule': 'its table is asked later',
};

const beatenStory = ({ route, why }: Beaten): string => `it beat ${routeText(route)}: ${reasons[why]}`;

/** What On-link means depends on the system and the client; users read it as "in my own network", which it is not. */
function onLinkStory({ outcome }: Decision, { platform, tunnel }: Diagnosis): readonly string[] {
  if (outcome.kind !== 'route') return [];
  const { via, source } = outcome.route;
  const name = tunnel?.interface ?? outcome.route.interface;
  if (via.kind === 'on-link')
    return [
      platform === 'windows'
        ? `On-link here means: ${name} is the tunnel itself, so there is no next-hop address to look for; the packet goes straight in.`
        : `No "via" means: ${name} is the tunnel itself; the packet goes straight in. Linux calls this scope link.`,
      'It does not mean that the target shares a subnet with this computer, nor that it answers.',
    ];
  return source !== undefined
    ? [
        `It looks like a route by way of the local router; the source address ${formatAddress(source)} is what makes IPsec take it.`,
      ]
    : [
        'OpenVPN routes by way of the far end of the tunnel: that address only names the tunnel, it is no hop of its own.',
      ];
}

function azureStory({ azureRoutes, ladder }: Explanation, diagnosis: Diagnosis): readonly string[] {
  if (diagnosis.gateway === null) return ['no gateway was read: what Azure does with it is not known'];
  const offered = ladder === undefined ? [] : rungOf(ladder, 'offered').evidence.map(({ says }) => says);
  return [
    `the tunnel ends at gateway ${diagnosis.gateway.name}`,
    ...offered,
    ...azureRoutes.map(azureRouteText),
    ...(azureRoutes.some(({ nextHopType }) => nextHopType.toLowerCase() === 'virtualnetworkgateway')
      ? [
          'The client pool is no address space of a VNet. Texts that draw "VNet ↔ pool" as one system route simplify: a machine sees the pool by next hop VirtualNetworkGateway, and the gateway sees the VNets by VnetLocal and VNetPeering.',
        ]
      : []),
    ...(azureRoutes.length === 0 && offered.length === 0 ? ['nothing that was read says how Azure routes it'] : []),
  ];
}

function azureRouteText({ at, prefix, nextHopType, source }: AzureRoute): string {
  const how = source === 'derived' ? 'from the configuration; no effective route was read' : source;
  return `at ${at}: ${formatPrefix(prefix)} → ${nextHopType} (${how})`;
}

function deliveryStory({ ladder }: Explanation): readonly string[] {
  if (ladder === undefined) return ['not judged'];
  const returned = rungOf(ladder, 'returned');
  const delivered = rungOf(ladder, 'delivered');
  return [
    `the way back: ${returned.state}${returned.evidence.map(({ says }) => `; ${says}`).join('')}`,
    `answers: ${delivered.state}${delivered.evidence.map(({ says }) => `; ${says}`).join('')}`,
  ];
}
