import { groupOf, powershellWord } from '../diagnosis/commands.ts';
import { defineCause } from '../diagnosis/define-cause.ts';
import { gathered } from '../diagnosis/evidence.ts';
import type { Fix } from '../diagnosis/finding.ts';
import type { ClientView, VpnConnection } from '../facts/client.ts';
import type { Evidence, Origin } from '../facts/origin.ts';
import { keyOf, nameOf, type ResourceId } from '../facts/resource-id.ts';
import type { Topology } from '../facts/topology.ts';
import { type Endpoint, idOf, originOf } from '../model/endpoint.ts';
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
    const offer = offerOf(endpoint, topology);
    if (situation.tunnel !== undefined || offer === undefined || offer.protocols.length === 0) return [];
    const wish = wishOf(client);
    if (wish === undefined || wish.protocols.some((name) => offer.protocols.includes(name))) return [];
    const id = idOf(endpoint);
    const names = offer.protocols.map(spelled);
    const wanted = wish.protocols.map(spelled);
    return [
      {
        confidence: wish.sure ? 'proven' : 'likely',
        summary: `This computer dials by ${wanted.join(' or ')}, and the gateway ${nameOf(id)} offers only ${names.join(', ')}${offer.kind === 'sku' ? ': its SKU is Basic' : ''}.`,
        rung: 'offered',
        resource: offer.resource,
        property: propertyOf[offer.kind],
        expected: wanted.join(' or '),
        actual: names.join(', '),
        evidence: gathered(
          { says: 'the gateway', origin: originOf(endpoint) },
          [{ says: `${nameOf(id)} offers ${names.join(', ')}`, origin: offer.origin }],
          wish.evidence,
        ),
        explains: ladders.filter(({ verdict }) => verdict === 'broken'),
        fixes: [
          {
            by: 'network-admin',
            role: `Network Contributor on ${nameOf(offer.resource)}`,
            ...allow(offer, [...names, ...wanted.slice(0, 1)]),
            disrupts: dropsClients,
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
const spelled = (name: string): string => spelling[name] ?? name;

/** What the gateway speaks, and where that is set: its SKU, its own list, or the list of a Virtual WAN's configuration. */
interface Offer {
  readonly kind: 'sku' | 'gateway' | 'server-configuration';
  /** In lower case. */
  readonly protocols: readonly string[];
  readonly resource: ResourceId;
  readonly origin: Origin;
}

const propertyOf = {
  sku: 'sku',
  gateway: 'vpnClientConfiguration.vpnClientProtocols',
  'server-configuration': 'vpnProtocols',
} as const;

function offerOf(endpoint: Endpoint, { serverConfigurations }: Topology): Offer | undefined {
  if (endpoint.kind === 'hub-gateway') {
    const told = serverConfigurations.get(keyOf(endpoint.gateway.serverConfiguration ?? ''));
    return (
      told && {
        kind: 'server-configuration',
        protocols: lowered(told.protocols),
        resource: told.id,
        origin: told.origin,
      }
    );
  }
  const { id, sku, pointToSite } = endpoint.gateway;
  if (pointToSite === null) return undefined;
  const { protocols, origin } = pointToSite;
  if (sku?.toLowerCase() === 'basic') return { kind: 'sku', protocols: ['sstp'], resource: id, origin };
  return protocols && { kind: 'gateway', protocols: lowered(protocols), resource: id, origin };
}

const lowered = (names: readonly string[]): readonly string[] => names.map((name) => name.toLowerCase());

/** How to have it speak more. */
function allow({ kind, resource }: Offer, protocols: readonly string[]): Pick<Fix, 'commands' | 'steps' | 'verify'> {
  if (kind === 'sku')
    return {
      commands: [],
      steps: ['Replace the Basic gateway: no other SKU can be reached from it by resizing.'],
      verify: showGateway(resource, 'sku.name'),
    };
  const steps = ['Then make a new client package.'];
  if (kind === 'gateway')
    return {
      commands: [
        updateGateway(resource, '--client-protocol', ...protocols),
        {
          shell: 'powershell',
          command: `${gatewayVariable(resource)}; Set-AzVirtualNetworkGateway -VirtualNetworkGateway $gw -VpnClientProtocol ${protocols.join(',')}`,
        },
      ],
      steps,
      verify: showGateway(resource, 'vpnClientConfiguration.vpnClientProtocols'),
    };
  const place = `-ResourceGroupName ${powershellWord(groupOf(resource))} -Name ${powershellWord(nameOf(resource))}`;
  return {
    commands: [
      {
        shell: 'powershell',
        command: `Update-AzVpnServerConfiguration ${place} -VpnProtocol ${protocols.join(',')}`,
      },
    ],
    steps,
    verify: `Get-AzVpnServerConfiguration ${place}`,
  };
}

interface Wish {
  readonly protocols: readonly string[];
  /** A connection to Azure or a file says it, rather than a connection to who knows where or the system's kind. */
  readonly sure: boolean;
  readonly evidence: readonly Evidence[];
}

/** How this computer would dial: by its connections to Azure, else by the profile that lies here, else by what else it has. */
function wishOf(client: ClientView): Wish | undefined {
  const all = client.connections ?? [];
  const azure = all.filter(({ server }) => isAzureServer(server));
  // Connected, whatever we made of the tunnel: then the gateway did take it.
  if ((azure.length > 0 ? azure : all).some(({ connected }) => connected === true)) return undefined;
  if (azure.length > 0) return wishOfConnections(azure, true);
  const byFile = client.profiles.flatMap(({ kind, origin }) => {
    const protocol = fileProtocols[kind];
    return protocol === undefined ? [] : [{ protocol, evidence: { says: `a ${kind} profile lies here`, origin } }];
  });
  if (byFile.length > 0)
    return {
      protocols: [...new Set(byFile.map(({ protocol }) => protocol))],
      sure: true,
      evidence: byFile.map(({ evidence }) => evidence),
    };
  if (all.length > 0) return wishOfConnections(all, false);
  const looked = client.routes.v4?.[0]?.origin;
  return client.platform === 'linux' && looked !== undefined
    ? {
        protocols: ['ikev2', 'openvpn'],
        sure: false,
        evidence: [{ says: 'a Linux system, which speaks no SSTP to Azure', origin: looked }],
      }
    : undefined;
}

function wishOfConnections(connections: readonly VpnConnection[], sure: boolean): Wish | undefined {
  const protocols = [...new Set(connections.flatMap(spoken))];
  const evidence = connections.map(({ name, protocol, origin }) => ({
    says: `connection ${name} uses ${protocol}`,
    origin,
  }));
  return protocols.length === 0 ? undefined : { protocols, sure, evidence };
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
