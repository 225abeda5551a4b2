import { az, groupFlags } from '../diagnosis/commands.ts';
import { type Detected, defineCause } from '../diagnosis/define-cause.ts';
import { gathered } from '../diagnosis/evidence.ts';
import type { Fix } from '../diagnosis/finding.ts';
import type { NameLookup } from '../facts/client.ts';
import type { Evidence } from '../facts/origin.ts';
import { keyOf, nameOf } from '../facts/resource-id.ts';
import type { ClimbContext } from '../ladder/context.ts';
import { isPublic } from '../model/public-ranges.ts';
import { address, formatAddress } from '../net/address.ts';
import { isAzureServer } from '../situation/find-tunnel.ts';
import { homeOf } from '../situation/situation.ts';
import { hasAnswer } from './own-answers.ts';
import { type EndpointAddress, endpointAddresses } from './private-endpoints.ts';

/** The address works, the name does not lead to it. */
export const nameResolution = defineCause({
  code: 'name-resolution',
  number: 'C40',
  title: 'The name does not lead to the private address',
  severity: 'warning',
  about:
    "Routes are one thing, names another: a private endpoint's name resolves to its public address, or an internal name to nothing, because this computer asks a DNS server that does not know the private zones. 168.63.129.16 answers inside Azure only, never a VPN client: the VNet needs a forwarder or an inbound endpoint of the DNS resolver as its DNS server, and clients learn it with a new profile. The Azure VPN Client uses NRPT rules, which ipconfig does not show.",
  helpUrl: 'https://learn.microsoft.com/azure/private-link/private-endpoint-dns',
  needs: ['client', 'context', 'ladders'],
  dependsOn: ['vpn-not-connected'],
  detect: ({ client, context, ladders }) => {
    const endpoints = endpointAddresses(context.topology);
    const works = ladders.some((ladder) => hasAnswer(ladder, ladders, context));
    return [
      ...client.lookups.flatMap((lookup) => wrong(lookup, endpoints, works, context)),
      ...unreachableServer(context),
    ];
  },
});

/** acct.privatelink.blob.core.windows.net and acct.blob.core.windows.net are one name to a person. */
const plain = (name: string): string =>
  name
    .toLowerCase()
    .replace(/\.privatelink\./, '.')
    .replace(/\.$/, '');

/** By the names Azure lists for it; else by the service it leads to: the first label of a service's name is its own. */
function isNameOf(name: string, { names = [], serves = [] }: EndpointAddress['endpoint']): boolean {
  if (names.length > 0) return names.some((known) => plain(known) === plain(name));
  const [label = '', ...rest] = plain(name).split('.');
  return rest.length > 1 && serves.includes(label);
}

// vault.privatelink.vaultcore.azure.net, vm1.x5k2.internal.cloudapp.net: a machine's name, where a gateway's ends alike.
const isPrivateName = (name: string): boolean => /\.privatelink\.|\.internal\.cloudapp\.net\.?$/i.test(name);

function wrong(
  lookup: NameLookup,
  endpoints: readonly EndpointAddress[],
  works: boolean,
  context: ClimbContext,
): readonly Detected[] {
  const { name, addresses, failed, origin } = lookup;
  const meant = endpoints.filter(({ endpoint }) => isNameOf(name, endpoint));
  const isPrivate = isPrivateName(name);
  if ((isAzureServer(name) && !isPrivate) || meant.some((one) => addresses.includes(one.address))) return [];
  const answer =
    addresses.length === 0
      ? `nothing${failed === undefined ? '' : ` (${failed})`}`
      : addresses.map(formatAddress).join(', ');
  const here = { says: `${name} resolves to ${answer}`, origin };
  const [first] = meant;
  if (first !== undefined)
    return [
      detected({
        severity: 'error',
        confidence: 'proven',
        summary: `${name} resolves to ${answer}, not to its private endpoint ${formatAddress(first.address)}.`,
        expected: meant.map((one) => formatAddress(one.address)).join(', '),
        actual: answer,
        evidence: [
          here,
          { says: `${first.endpoint.name} answers at ${formatAddress(first.address)}`, origin: first.endpoint.origin },
        ],
        context,
      }),
    ];
  if (isPrivate && addresses.length > 0 && addresses.every(isPublic))
    return [
      detected({
        severity: 'warning',
        confidence: 'likely',
        summary: `${name} resolves to the public ${answer}: this computer does not ask a DNS server that knows the private zone.`,
        expected: 'a private address',
        actual: answer,
        evidence: [here],
        context,
      }),
    ];
  if (addresses.length > 0 || !works) return [];
  return [
    detected({
      severity: 'warning',
      confidence: 'likely',
      summary: `${name} does not resolve here, while addresses behind the VPN answer: it is the name, not the route.`,
      expected: 'an address',
      actual: answer,
      evidence: [here],
      context,
    }),
  ];
}

/** Azure's own resolver answers nobody outside of Azure. */
function unreachableServer(context: ClimbContext): readonly Detected[] {
  const resolver = address('168.63.129.16');
  const text = formatAddress(resolver);
  const { client, topology, situation } = context;
  const home = homeOf(situation.endpoint);
  const vnet = home === undefined ? undefined : topology.vnets.get(keyOf(home));
  const told: readonly Evidence[] = [
    ...(client.nameRules ?? [])
      .filter(({ servers }) => servers.includes(resolver))
      .map(({ namespace, origin }) => ({ says: `names in ${namespace} are asked of ${text}`, origin })),
    ...[...client.profiles, ...topology.issued]
      .filter(({ dnsServers }) => dnsServers.includes(text))
      .map(({ origin }) => ({ says: `the profile names ${text} as DNS server`, origin })),
  ];
  const [first, ...rest] =
    vnet?.dnsServers.includes(text) === true
      ? [...told, { says: `${vnet.name} gives ${text} to VPN clients as their DNS server`, origin: vnet.origin }]
      : told;
  if (first === undefined) return [];
  return [
    detected({
      severity: 'warning',
      confidence: 'proven',
      summary: `Names are asked of ${text}, which answers inside Azure only: VPN clients cannot reach it.`,
      expected: 'a DNS forwarder or resolver inside the VNet',
      actual: text,
      evidence: [first, ...rest],
      context,
    }),
  ];
}

function detected({
  context,
  ...rest
}: Pick<Detected, 'severity' | 'confidence' | 'summary' | 'expected' | 'actual'> & {
  readonly evidence: readonly [Evidence, ...Evidence[]];
  readonly context: ClimbContext;
}): Detected {
  return { ...rest, rung: null, evidence: gathered(rest.evidence[0], rest.evidence), fixes: fixesFor(context) };
}

function fixesFor({ situation: { endpoint } }: ClimbContext): readonly Fix[] {
  const home = homeOf(endpoint);
  return [
    {
      by: 'network-admin',
      ...(home !== undefined && { role: `Network Contributor on ${nameOf(home)}` }),
      commands:
        home === undefined
          ? []
          : [
              az(
                'network',
                'vnet',
                'update',
                ...groupFlags(home),
                '-n',
                nameOf(home),
                '--dns-servers',
                'DNS-SERVER-ADDRESS',
              ),
            ],
      steps: [
        "Give the gateway's VNet a DNS server that clients can reach and that knows the private zones: a forwarder, or the inbound endpoint of the DNS resolver.",
        "Then renew the clients' profiles: the DNS server comes with them.",
      ],
      disrupts: 'name resolution of everything in the VNet, until machines renew their lease',
      ...(home !== undefined && {
        verify: az(
          'network',
          'vnet',
          'show',
          ...groupFlags(home),
          '-n',
          nameOf(home),
          '--query',
          'dhcpOptions.dnsServers',
        ).command,
      }),
    },
  ];
}
