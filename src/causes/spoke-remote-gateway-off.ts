import { afterwards } from '../diagnosis/client-steps.ts';
import { setPeeringFlag, showPeering } from '../diagnosis/commands.ts';
import { defineCause } from '../diagnosis/define-cause.ts';
import { list } from '../diagnosis/wording.ts';
import { nameOf } from '../facts/resource-id.ts';
import { withheldBy } from './obstacles.ts';

/** The spoke's side of the peering does not use the hub's gateway. */
export const spokeRemoteGatewayOff = defineCause({
  code: 'spoke-remote-gateway-off',
  number: 'C05',
  title: "The spoke's side of the peering does not use the remote gateway",
  severity: 'error',
  about:
    "A peered VNet's prefixes are given to VPN clients only when the half of the peering that lives in that VNet has useRemoteGateways on. It is off there, while the VNet has no gateway of its own (that would be C07). The client gets the gateway's VNet but not this one; other spokes are fine. A new package changes nothing before the flag is set.",
  helpUrl: 'https://learn.microsoft.com/azure/vpn-gateway/vpn-gateway-peering-gateway-transit',
  needs: ['ladders', 'situation'],
  detect: ({ ladders, situation }) =>
    withheldBy('remote-gateways-off', ladders).map(({ peering, ladders: withheld }) => ({
      confidence: 'proven',
      summary: `${list(withheld)} is not given to VPN clients: its side of the peering does not use the remote gateway.`,
      rung: 'offered',
      resource: peering.id,
      property: 'useRemoteGateways',
      expected: 'true',
      actual: 'false',
      evidence: [
        { says: `${nameOf(peering.from)}'s half ${peering.name}: useRemoteGateways is false`, origin: peering.origin },
      ],
      explains: withheld,
      fixes: [
        {
          by: 'network-admin',
          role: `Network Contributor on ${nameOf(peering.from)}`,
          commands: setPeeringFlag(peering.id, 'useRemoteGateways', true),
          steps: [
            `The gateway's side must allow gateway transit first, or Azure refuses this.`,
            afterwards(situation.traits),
          ],
          verify: showPeering(peering.id, 'useRemoteGateways'),
        },
      ],
    })),
});
