import { defineCause } from '../diagnosis/define-cause.ts';
import type { Command } from '../diagnosis/finding.ts';
import type { Gateway, Topology } from '../facts/topology.ts';
import { poolsOf } from '../model/endpoint.ts';
import type { Situation } from '../situation/situation.ts';
import { gatewayVariable, showGateway, updateGateway } from './gateway-commands.ts';

/** The gateway takes no Point-to-Site clients at all. */
export const gatewayWithoutP2s = defineCause({
  code: 'gateway-without-p2s',
  number: 'C50',
  title: 'The gateway takes no Point-to-Site clients',
  severity: 'error',
  about:
    'Point-to-Site needs a VPN gateway (an ExpressRoute gateway takes no clients), of type RouteBased, with a client configuration that has an address pool. This one lacks one of these, and no other gateway that was read has them. With several gateways of which one serves clients this stays silent.',
  helpUrl: 'https://learn.microsoft.com/azure/vpn-gateway/vpn-gateway-vpn-faq',
  needs: ['topology', 'situation', 'ladders'],
  detect: ({ topology, situation, ladders }) =>
    suspects(topology, situation).flatMap((gateway) => {
      const fault = faultOf(gateway);
      if (fault === undefined) return [];
      return [
        {
          confidence: 'proven',
          summary: `The gateway ${gateway.name} takes no Point-to-Site clients: ${fault.says}.`,
          rung: 'configured',
          resource: gateway.id,
          property: fault.property,
          expected: fault.expected,
          actual: fault.actual,
          evidence: [{ says: `${gateway.name}: ${fault.says}`, origin: gateway.origin }],
          explains: ladders.filter(({ verdict }) => verdict === 'broken'),
          fixes: [
            {
              by: 'network-admin',
              role: `Network Contributor on ${gateway.name}`,
              commands: fault.commands,
              steps: [fault.step, 'Then make a client package and hand it out.'],
              ...(fault.disrupts !== undefined && { disrupts: fault.disrupts }),
              verify: showGateway(gateway.id, '[gatewayType,vpnType,vpnClientConfiguration.vpnClientAddressPool]'),
            },
          ],
        },
      ];
    }),
});

/** The gateway in question; where none could be told, all of them, if none at all serves clients and all were read. */
function suspects({ gateways, p2sGateways, unread }: Topology, { endpoint, tunnel }: Situation): readonly Gateway[] {
  // Some gateway gave it its address, and none that was read can have.
  if (tunnel !== undefined) return [];
  if (endpoint !== undefined) return endpoint.kind === 'vnet-gateway' ? [endpoint.gateway] : [];
  const unsure =
    p2sGateways.size > 0 ||
    unread.some(({ operation }) => /^(virtualnetworkgateways|p2svpngateways)\.(get|list)$/i.test(operation ?? ''));
  const all = [...gateways.values()];
  return unsure || all.some((gateway) => faultOf(gateway) === undefined) ? [] : all;
}

interface Fault {
  readonly says: string;
  readonly property: string;
  readonly expected: string;
  readonly actual: string;
  readonly commands: readonly Command[];
  readonly step: string;
  readonly disrupts?: string;
}

function faultOf(gateway: Gateway): Fault | undefined {
  const { gatewayType, vpnType, id } = gateway;
  const anew = {
    commands: [],
    step: 'Create a route-based VPN gateway beside it, in the same GatewaySubnet or in its place; the type of a gateway cannot be changed.',
  };
  if (gatewayType !== undefined && gatewayType.toLowerCase() !== 'vpn')
    return {
      says: `it is an ${gatewayType} gateway`,
      property: 'gatewayType',
      expected: 'Vpn',
      actual: gatewayType,
      ...anew,
    };
  if (vpnType?.toLowerCase() === 'policybased')
    return {
      says: 'it is policy-based',
      property: 'vpnType',
      expected: 'RouteBased',
      actual: vpnType,
      ...anew,
      disrupts: 'every connection of the gateway, while it is replaced',
    };
  if (poolsOf({ kind: 'vnet-gateway', gateway }).length > 0) return undefined;
  return {
    says:
      gateway.pointToSite === null ? 'it has no client configuration' : 'its client configuration has no address pool',
    property: 'vpnClientConfiguration.vpnClientAddressPool',
    expected: 'an address pool',
    actual: 'none',
    commands: [
      updateGateway(id, '--address-prefixes', 'POOL', '--client-protocol', 'IkeV2', 'OpenVPN'),
      {
        shell: 'powershell',
        command: `${gatewayVariable(id)}; Set-AzVirtualNetworkGateway -VirtualNetworkGateway $gw -VpnClientAddressPool POOL -VpnClientProtocol IkeV2,OpenVPN`,
      },
    ],
    step: 'Put a free range in the place of POOL, and add the root certificate or the sign-in that clients use.',
  };
}
