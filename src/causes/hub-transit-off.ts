import { afterwards } from '../diagnosis/client-steps.ts';
import { setPeeringFlag, showPeering } from '../diagnosis/commands.ts';
import { defineCause } from '../diagnosis/define-cause.ts';
import { list } from '../diagnosis/wording.ts';
import { nameOf } from '../facts/resource-id.ts';
import { withheldBy } from './obstacles.ts';

/** The gateway's side of the peering does not share its gateway. */
export const hubTransitOff = defineCause({
  code: 'hub-transit-off',
  number: 'C04',
  title: "The gateway's side of the peering does not allow gateway transit",
  severity: 'error',
  about:
    "A peered VNet reaches VPN clients only when the half of the peering that lives in the gateway's VNet has allowGatewayTransit on. It is off, so the gateway does not offer the VNet's prefixes to any client. The far half's useRemoteGateways is a flag of its own (C05): both may be wrong. Turn this one on first, or Azure refuses the other.",
  helpUrl: 'https://learn.microsoft.com/azure/vpn-gateway/vpn-gateway-peering-gateway-transit',
  needs: ['ladders', 'situation'],
  detect: ({ ladders, situation }) =>
    withheldBy('hub-transit-off', ladders).map(({ peering, ladders: withheld }) => ({
      confidence: 'proven',
      summary: `${list(withheld)} is not given to VPN clients: gateway transit is off on the gateway's side of the peering.`,
      rung: 'offered',
      resource: peering.id,
      property: 'allowGatewayTransit',
      expected: 'true',
      actual: 'false',
      evidence: [
        {
          says: `${nameOf(peering.from)}'s half ${peering.name}: allowGatewayTransit is false`,
          origin: peering.origin,
        },
      ],
      explains: withheld,
      fixes: [
        {
          by: 'network-admin',
          role: `Network Contributor on ${nameOf(peering.from)}`,
          commands: setPeeringFlag(peering.id, 'allowGatewayTransit', true),
          steps: [
            `Check useRemoteGateways on ${nameOf(peering.to)}'s half next; it can be set only after this one.`,
            afterwards(situation.traits),
          ],
          verify: showPeering(peering.id, 'allowGatewayTransit'),
        },
      ],
    })),
});
