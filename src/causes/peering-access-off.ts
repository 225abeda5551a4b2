import { setPeeringFlag, showPeering } from '../diagnosis/commands.ts';
import { defineCause } from '../diagnosis/define-cause.ts';
import { list } from '../diagnosis/wording.ts';
import { nameOf } from '../facts/resource-id.ts';
import { blockedBy } from './obstacles.ts';

/** The peering is connected and lets no traffic through. */
export const peeringAccessOff = defineCause({
  code: 'peering-access-off',
  number: 'C08',
  title: 'The peering is connected but blocks traffic',
  severity: 'error',
  about:
    "allowVirtualNetworkAccess is off on one half. The peering stays Connected and the transit flags may be right, clients may even be given the prefix, but the VNets are not in each other's VirtualNetwork tag and have no route to each other, so nothing passes. Either half alone is enough to block.",
  helpUrl: 'https://learn.microsoft.com/azure/virtual-network/virtual-network-manage-peering',
  needs: ['ladders'],
  detect: ({ ladders }) =>
    blockedBy('access-off', ladders).map(({ peering, ladders: blocked }) => ({
      confidence: 'proven',
      summary: `${list(blocked)} cannot be reached: the peering ${peering.name} of ${nameOf(peering.from)} blocks all traffic.`,
      rung: 'offered',
      resource: peering.id,
      property: 'allowVirtualNetworkAccess',
      expected: 'true',
      actual: 'false',
      evidence: [
        {
          says: `${nameOf(peering.from)}'s half ${peering.name}: allowVirtualNetworkAccess is false`,
          origin: peering.origin,
        },
      ],
      explains: blocked,
      fixes: [
        {
          by: 'network-admin',
          role: `Network Contributor on ${nameOf(peering.from)}`,
          commands: setPeeringFlag(peering.id, 'allowVirtualNetworkAccess', true),
          steps: ['If the block is meant, take the prefix out of what clients are given instead.'],
          verify: showPeering(peering.id, 'allowVirtualNetworkAccess'),
        },
      ],
    })),
});
