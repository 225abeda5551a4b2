import { defineCause } from '../diagnosis/define-cause.ts';
import { gathered } from '../diagnosis/evidence.ts';
import type { ClientView, VpnConnection } from '../facts/client.ts';
import type { Evidence } from '../facts/origin.ts';
import { nameOf } from '../facts/resource-id.ts';
import { type Endpoint, idOf, originOf, protocolsOf } from '../model/endpoint.ts';
import { isAzureServer } from '../situation/find-tunnel.ts';
import { dropsClients, gatewayVariable, showGateway, updateGateway } from './gateway-commands.ts';

/** The client dials by a protocol that the gateway does not speak. */
export const protocolNotOffered = defineCause({
  code: 'protocol-not-offered',
  number: 'C43',
  title: "The gateway does not offer the client's protocol",
  severity: 'error',
  about:
    "The VPN is down, and the connection on this computer uses a tunnel protocol that is not among the gateway's: it was taken out, or never allowed. The Basic SKU speaks SSTP alone, whatever its list says, and nothing but Windows speaks SSTP. A tunnel that stands excludes this.",
  helpUrl: 'https://learn.microsoft.com/azure/vpn-gateway/vpn-gateway-vpn-faq',
  needs: ['client', 'topology', 'endpoint', 'situation', 'ladders'],
  detect: ({ client, topology, endpoint, situation, ladders }) => {
    const offered = offeredBy(endpoint, protocolsOf(endpoint, topology));
    if (situation.tunnel !== undefined || offered === undefined || offered.length === 0) return [];
    const wish = wishOf(client);
    if (wish === undefined || wish.protocols.some((name) => offered.includes(name))) return [];
    const id = idOf(endpoint);
    const names = offered.map((name) => spelling[name] ?? name);
    const wanted = wish.protocols.map((name) => spelling[name] ?? name);
    const basic = isBasic(endpoint);
    return [
      {
        confidence: wish.sure ? 'proven' : 'likely',
        summary: `This computer dials by ${wanted.join(' or ')}, and the gateway ${nameOf(id)} offers only ${names.join(', ')}${basic ? ': its SKU is Basic' : ''}.`,
        rung: 'offered',
        resource: id,
        property: basic ? 'sku' : 'vpnClientConfiguration.vpnClientProtocols',
        expected: wanted.join(' or '),
        actual: names.join(', '),
        evidence: gathered({ says: 'the gateway', origin: originOf(endpoint) }, [
          { says: `${nameOf(id)} offers ${names.join(', ')}`, origin: protocolOrigin(endpoint) },
          ...wish.evidence,
        ]),
        explains: ladders.filter(({ verdict }) => verdict === 'broken'),
        fixes: [
          basic
            ? {
                by: 'network-admin',
                role: `Network Contributor on ${nameOf(id)}`,
                commands: [],
                steps: ['Replace the Basic gateway: no other SKU can be reached from it by resizing.'],
                disrupts: dropsClients,
                verify: showGateway(id, 'sku.name'),
              }
            : {
                by: 'network-admin',
                role: `Network Contributor on ${nameOf(id)}`,
                commands: allowCommands(endpoint, [...names, ...wanted.slice(0, 1)]),
                steps: ['Then make a new client package.'],
                disrupts: dropsClients,
                verify: showGateway(id, 'vpnClientConfiguration.vpnClientProtocols'),
              },
          {
            by: 'user',
            commands: [],
            steps: [`Or install a client that speaks ${names.join(' or ')}, from a fresh package.`],
            verify: 'onlink',
          },
        ],
      },
    ];
  },
});

const spelling: Readonly<Record<string, string>> = { ikev2: 'IkeV2', sstp: 'SSTP', openvpn: 'OpenVPN' };

const isBasic = (endpoint: Endpoint): boolean =>
  endpoint.kind === 'vnet-gateway' && endpoint.gateway.sku?.toLowerCase() === 'basic';

function offeredBy(endpoint: Endpoint, told: readonly string[] | undefined): readonly string[] | undefined {
  if (isBasic(endpoint)) return ['sstp'];
  return told?.map((name) => name.toLowerCase());
}

interface Wish {
  readonly protocols: readonly string[];
  /** A connection says it, rather than a file or the system's kind. */
  readonly sure: boolean;
  readonly evidence: readonly Evidence[];
}

/** How this computer would dial: by what its one connection to Azure says, else by the profile that lies here. */
function wishOf(client: ClientView): Wish | undefined {
  const all = client.connections ?? [];
  const azure = all.filter(({ server }) => isAzureServer(server));
  const mine = azure.length > 0 ? azure : all;
  // Connected, whatever we made of the tunnel: then the gateway did take it.
  if (mine.some(({ connected }) => connected === true)) return undefined;
  const told = mine.flatMap(spoken);
  if (mine.length > 0)
    return told.length === 0
      ? undefined
      : {
          protocols: told,
          sure: true,
          evidence: mine.map(({ name, protocol, origin }) => ({ says: `connection ${name} uses ${protocol}`, origin })),
        };
  const byFile = client.profiles.flatMap(({ kind, origin }) => {
    const protocol = fileProtocols[kind];
    return protocol === undefined ? [] : [{ protocol, evidence: { says: `a ${kind} profile lies here`, origin } }];
  });
  if (byFile.length > 0)
    return {
      protocols: byFile.map(({ protocol }) => protocol),
      sure: true,
      evidence: byFile.map(({ evidence }) => evidence),
    };
  const looked = client.routes.v4?.[0]?.origin;
  return client.platform === 'linux' && looked !== undefined
    ? {
        protocols: ['ikev2', 'openvpn'],
        sure: false,
        evidence: [{ says: 'a Linux system, which speaks no SSTP to Azure', origin: looked }],
      }
    : undefined;
}

const fileProtocols: Readonly<Record<string, string>> = {
  'azurevpn-xml': 'openvpn',
  'openvpn-profile': 'openvpn',
  'strongswan-conf': 'ikev2',
};

function spoken({ protocol }: VpnConnection): readonly string[] {
  if (protocol === 'automatic') return ['ikev2', 'sstp'];
  return protocol === 'ikev2' || protocol === 'sstp' || protocol === 'openvpn' ? [protocol] : [];
}

function protocolOrigin(endpoint: Endpoint) {
  return endpoint.kind === 'vnet-gateway' && endpoint.gateway.pointToSite !== null
    ? endpoint.gateway.pointToSite.origin
    : originOf(endpoint);
}

function allowCommands(endpoint: Endpoint, protocols: readonly string[]) {
  const id = idOf(endpoint);
  if (endpoint.kind === 'hub-gateway') return [];
  return [
    updateGateway(id, '--client-protocol', ...protocols),
    {
      shell: 'powershell' as const,
      command: `${gatewayVariable(id)}; Set-AzVirtualNetworkGateway -VirtualNetworkGateway $gw -VpnClientProtocol ${protocols.join(',')}`,
    },
  ];
}
