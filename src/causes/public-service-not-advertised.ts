import { afterwards } from '../diagnosis/client-steps.ts';
import { defineCause } from '../diagnosis/define-cause.ts';
import { gathered } from '../diagnosis/evidence.ts';
import type { Fix } from '../diagnosis/finding.ts';
import { prefixList } from '../diagnosis/wording.ts';
import { nameOf } from '../facts/resource-id.ts';
import { type Ladder, rungOf, stateOf } from '../ladder/ladder.ts';
import { publicAddressesOf } from '../model/endpoint.ts';
import { isPublic, mayBeAzures } from '../model/public-ranges.ts';
import type { Address } from '../net/address.ts';
import { formatPrefix } from '../net/prefix.ts';
import { customRoutesCommand } from './custom-routes.ts';

/** Somebody asked for a public address; the VPN carries none unless the gateway advertises it. */
export const publicServiceNotAdvertised = defineCause({
  code: 'public-service-not-advertised',
  number: 'C39',
  title: 'A public address is reached outside the VPN, by design',
  severity: 'info',
  about:
    'A gateway gives clients private prefixes: VNets, peered VNets, its pool. A public address, that of a storage account or a database for instance, goes out by the local internet connection unless it is among the custom routes; if the service admits only the VNet, it refuses those packets. To bring it into the tunnel: a custom route with a service endpoint on the GatewaySubnet, or better a private endpoint.',
  helpUrl: 'https://learn.microsoft.com/azure/vpn-gateway/vpn-gateway-p2s-advertise-custom-routes',
  needs: ['ladders', 'endpoint', 'topology', 'situation'],
  dependsOn: [],
  detect: ({ ladders, endpoint, topology, situation }) => {
    const asked = ladders.filter((ladder) => isAskedFor(ladder, publicAddressesOf(endpoint, topology)));
    const [first] = asked;
    if (first === undefined) return [];
    const azures = asked.filter(({ prefix }) => mayBeAzures(prefix));
    return [
      {
        confidence: 'proven',
        summary: `${prefixList(asked.map(({ prefix }) => prefix))} is public and no custom route of the gateway, so it is reached outside the VPN.`,
        rung: 'offered',
        resource: endpoint.gateway.id,
        property: 'customRoutes',
        expected: `a list with ${prefixList(asked.map(({ prefix }) => prefix))}, if that is to go through the VPN`,
        actual: 'a list without',
        evidence: gathered(
          { says: 'the gateway', origin: endpoint.gateway.origin },
          rungOf(first, 'configured').evidence,
          [{ says: 'no custom route of the gateway holds it', origin: endpoint.gateway.origin }],
        ),
        explains: asked,
        fixes:
          azures.length === 0 || endpoint.kind !== 'vnet-gateway'
            ? []
            : [advertise(azures, endpoint.gateway, afterwards(situation.traits))],
      },
    ];
  },
});

/** Public, and not an address of the gateway itself, which must stay outside the tunnel. */
function isAskedFor(ladder: Ladder, own: readonly Address[]): boolean {
  const { prefix, reason } = ladder;
  return (
    reason === 'asked-for' &&
    isPublic(prefix.first) &&
    !own.includes(prefix.first) &&
    stateOf(ladder, 'active') !== 'held'
  );
}

function advertise(asked: readonly Ladder[], gateway: Parameters<typeof customRoutesCommand>[0], then: string): Fix {
  return {
    by: 'network-admin',
    role: `Network Contributor on ${nameOf(gateway.id)}`,
    commands: customRoutesCommand(gateway, { add: asked.map(({ prefix }) => formatPrefix(prefix)) }),
    steps: [
      'Only if the service shall be reached through the VPN. The command carries the custom routes that are set now: Azure replaces the list.',
      "Give the GatewaySubnet the service endpoint (az network vnet subnet update --service-endpoints Microsoft.Storage) and admit it in the service's firewall; a private endpoint needs neither.",
      then,
    ],
    disrupts: 'everybody connected to the gateway: updating it drops Point-to-Site sessions',
    verify: 'onlink',
  };
}
