import type { Diagnosis } from '../diagnosis/diagnosis.ts';
import type { AzureRoute, Explanation } from '../diagnosis/explain.ts';
import type { Route } from '../facts/route.ts';
import { type Ladder, rungOf } from '../ladder/ladder.ts';
import type { RungState } from '../ladder/rung.ts';
import { formatAddress } from '../net/address.ts';
import { containsAddress, formatPrefix } from '../net/prefix.ts';
import { type Beaten, type Decision, refusalOf } from '../routing/decision.ts';
import { paragraph, type Setting, section } from './page.ts';

/** The story of one packet to each address, in words: there, and back. */
export function explainText(explanations: readonly Explanation[], diagnosis: Diagnosis, setting: Setting): string {
  return `${explanations.map((one) => storyOf(one, diagnosis, setting).join('\n')).join('\n\n')}\n`;
}

/** One station of the packet, with what is known of it. */
interface Station {
  readonly at: string;
  readonly says: readonly string[];
}

function storyOf(one: Explanation, diagnosis: Diagnosis, setting: Setting): readonly string[] {
  const here = localStations(one, diagnosis);
  const azure = azureStations(one, diagnosis);
  const back = backStations(one);
  const inAzure = one.intoTunnel === false ? 'In Azure, had it gone into the tunnel' : 'In Azure';
  return [
    ...paragraph(setting, conclusion(one, diagnosis), `${formatAddress(one.address)}: `, 2),
    ...told(setting, 'On this computer', here, 1),
    ...told(setting, inAzure, azure, 1 + here.length),
    ...told(setting, 'The way back', back, 1 + here.length + azure.length),
    ...(one.findings.length === 0
      ? []
      : ['', ...paragraph(setting, `${one.findings.join(', ')} (onlink causes CODE tells more)`, 'Findings: ', 2)]),
  ];
}

function told(setting: Setting, heading: string, stations: readonly Station[], from: number): readonly string[] {
  return section(
    setting,
    heading,
    stations.flatMap(({ at, says }, index) => {
      const [first = '', ...more] = says;
      return [
        ...paragraph(setting, `${at}: ${first}`, `${String(from + index).padStart(3)}. `),
        ...more.flatMap((line) => paragraph(setting, line, '     ')),
      ];
    }),
  );
}

function conclusion({ intoTunnel, ladder }: Explanation, { tunnel }: Diagnosis): string {
  const way = intoTunnel === true ? 'goes into the tunnel' : 'does not go into the tunnel';
  const local = intoTunnel === null ? 'cannot be told where it goes' : way;
  if (tunnel === null && intoTunnel !== true) return `${local}: no tunnel was found.`;
  if (ladder === undefined) return `${local}; nothing that was read of Azure lists it.`;
  const lost = ladder.lostAt === null ? '' : `, lost at ${ladder.lostAt}`;
  return `${local}; ${formatPrefix(ladder.prefix)} (${ladder.owner}) is ${ladder.verdict}${lost}.`;
}

function localStations(one: Explanation, diagnosis: Diagnosis): readonly Station[] {
  const { decision, beaten, intoTunnel } = one;
  if (decision === undefined) return [{ at: 'Routes', says: ['no routing table of this family was read'] }];
  const more = beaten.length - shownBeaten;
  return [
    ...ruleStation(decision),
    {
      at: 'Route',
      says: [
        ...winnerStory(decision),
        ...beaten.slice(0, shownBeaten).map(beatenStory),
        ...(more > 0 ? [`and ${more} more (-o json lists all)`] : []),
        ...decision.doubts.map(({ says }) => `uncertain: ${says}`),
      ],
    },
    ...policyStation(decision),
    ...(intoTunnel === true
      ? [{ at: 'Tunnel', says: onLinkStory(decision, diagnosis) }]
      : outsideStation(one, diagnosis)),
  ].filter(({ says }) => says.length > 0);
}

const shownBeaten = 6;

function ruleStation({ outcome }: Decision): readonly Station[] {
  if (outcome.kind !== 'route' || outcome.rule === undefined) return [];
  return [{ at: 'Rule', says: [`${outcome.rule.priority} asks table ${outcome.route.table}`] }];
}

function policyStation({ policy }: Decision): readonly Station[] {
  if (policy === undefined) return [];
  const to = formatPrefix(policy.to);
  const says =
    policy.action === 'block'
      ? `a policy for ${to} drops the packet`
      : `a policy for ${to} takes the packet into the tunnel, whatever the route says`;
  return [{ at: 'IPsec', says: [says] }];
}

/** What is missing, as it would look if it were there. */
function outsideStation({ ladder, intoTunnel }: Explanation, { tunnel, platform }: Diagnosis): readonly Station[] {
  if (intoTunnel !== false || tunnel === null || ladder?.expectation !== 'must') return [];
  const address = formatAddress(tunnel.address);
  const prefix = formatPrefix(ladder.prefix);
  const row = platform === 'windows' ? `${prefix} On-link ${address}` : `${prefix} dev ${tunnel.interface}`;
  return [
    {
      at: 'Tunnel',
      says: [
        `it does not get there: it is up as ${tunnel.interface}, but a route such as "${row}" is missing or loses`,
      ],
    },
  ];
}

function winnerStory({ outcome }: Decision): readonly string[] {
  if (outcome.kind === 'none') return ['none matches'];
  if (outcome.kind === 'rule') return [`rule ${outcome.rule.priority} refuses it: ${refusalOf(outcome.rule)}`];
  return [`${routeText(outcome.route)} wins`];
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

function azureStations({ azureRoutes, ladder, address }: Explanation, diagnosis: Diagnosis): readonly Station[] {
  if (diagnosis.gateway === null)
    return [{ at: 'Gateway', says: ['none was read: what Azure does with the packet is not known'] }];
  const offered = ladder === undefined ? undefined : rungOf(ladder, 'offered');
  const there = azureRoutes.filter(({ prefix, at }) => containsAddress(prefix, address) && !at.startsWith('nic '));
  const stations: readonly Station[] = [
    { at: 'Gateway', says: [`the tunnel ends at ${diagnosis.gateway.name}`] },
    {
      at: ladder?.reason === 'home-vnet' ? 'VNet' : 'Peering',
      says: offered?.evidence.map(({ says }) => says) ?? [],
    },
    { at: 'System routes', says: there.map(azureRouteText) },
  ];
  const known = stations.filter(({ says }) => says.length > 0);
  return known.length > 1
    ? known
    : [...known, { at: 'Beyond', says: ['nothing that was read says how Azure routes it'] }];
}

function backStations({ azureRoutes, ladder, address }: Explanation): readonly Station[] {
  const home = azureRoutes.filter(({ prefix, at }) => !containsAddress(prefix, address) || at.startsWith('nic '));
  const toGateway = home.some(({ nextHopType }) => nextHopType.toLowerCase() === 'virtualnetworkgateway');
  const routes = [
    { at: 'VNet', says: home.filter(({ at }) => !at.startsWith('nic ')).map(azureRouteText) },
    {
      at: 'NIC',
      says: [
        ...home.filter(({ at }) => at.startsWith('nic ')).map(azureRouteText),
        ...(toGateway
          ? [
              'The client pool is no address space of a VNet. Texts that draw "VNet ↔ pool" as one system route simplify: a machine sees the pool by next hop VirtualNetworkGateway, and the gateway sees the VNets by VnetLocal and VNetPeering.',
            ]
          : []),
      ],
    },
  ];
  return [...routes, ...deliveryStations(ladder)].filter(({ says }) => says.length > 0);
}

function azureRouteText({ at, prefix, nextHopType, source }: AzureRoute): string {
  const how = source === 'derived' ? 'from the configuration; no effective route was read' : source;
  return `at ${at}: ${formatPrefix(prefix)} → ${nextHopType} (${how})`;
}

function deliveryStations(ladder: Ladder | undefined): readonly Station[] {
  if (ladder === undefined) return [{ at: 'Answer', says: ['not judged'] }];
  const station = (at: string, name: 'returned' | 'delivered'): Station => {
    const { state, evidence } = rungOf(ladder, name);
    const [first, ...more] = evidence.map(({ says }) => says);
    return { at, says: [`${returnWords[name][state]}${first === undefined ? '' : `: ${first}`}`, ...more] };
  };
  return [station('To the pool', 'returned'), station('Answer', 'delivered')];
}

/** What the states of the last two rungs say of this packet. */
const returnWords: Readonly<Record<'returned' | 'delivered', Readonly<Record<RungState, string>>>> = {
  returned: {
    held: 'replies find the gateway',
    partial: 'replies find the gateway from some subnets only',
    lost: 'replies do not find the gateway',
    unknown: 'not known',
    'not-applicable': 'no machine of Azure stands behind it',
  },
  delivered: {
    held: 'it came through the tunnel',
    partial: 'it came from some targets only',
    lost: 'it did not come through the tunnel',
    unknown: 'none was seen, which proves nothing by itself',
    'not-applicable': 'not asked for',
  },
};
