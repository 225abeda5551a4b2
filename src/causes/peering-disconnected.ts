import { afterwards } from '../diagnosis/client-steps.ts';
import { az, groupFlags } from '../diagnosis/commands.ts';
import { defineCause } from '../diagnosis/define-cause.ts';
import type { Command } from '../diagnosis/finding.ts';
import { list } from '../diagnosis/wording.ts';
import { nameOf, sameResource } from '../facts/resource-id.ts';
import type { Peering } from '../facts/topology.ts';
import { homeOf } from '../situation/situation.ts';
import { withheldBy } from './obstacles.ts';

/** One half was deleted; the other is left in state Disconnected. */
export const peeringDisconnected = defineCause({
  code: 'peering-disconnected',
  number: 'C03',
  title: 'The peering is disconnected',
  severity: 'error',
  about:
    'One half of the peering was deleted, and the other is left in the state Disconnected. It does not come back by itself, and creating the missing half alone is refused: both must be deleted and made anew. Initiated is another state: there the second half was never made (C02).',
  helpUrl: 'https://learn.microsoft.com/azure/virtual-network/virtual-network-troubleshoot-peering-issues',
  needs: ['ladders', 'situation'],
  detect: ({ ladders, situation }) =>
    withheldBy('not-connected', ladders)
      .filter(({ peering }) => peering.state === 'Disconnected')
      .map(({ peering, ladders: withheld }) => ({
        confidence: 'proven',
        summary: `${list(withheld)} cannot be reached: the peering between ${nameOf(peering.from)} and ${nameOf(peering.to)} is disconnected.`,
        rung: 'offered',
        resource: peering.id,
        property: 'peeringState',
        expected: 'Connected',
        actual: 'Disconnected',
        evidence: [
          {
            says: `${nameOf(peering.from)}'s half ${peering.name}: peeringState is Disconnected`,
            origin: peering.origin,
          },
        ],
        explains: withheld,
        fixes: [
          {
            by: 'network-admin',
            role: `Network Contributor on ${nameOf(peering.from)} and ${nameOf(peering.to)}`,
            commands: remake(peering, homeOf(situation.endpoint)),
            steps: [
              'Delete what is left of the peering on both sides, then create both halves.',
              afterwards(situation.traits),
            ],
            disrupts: `traffic between ${nameOf(peering.from)} and ${nameOf(peering.to)}, which is down already`,
            verify: az(
              'network',
              'vnet',
              'peering',
              'list',
              ...groupFlags(peering.from),
              '--vnet-name',
              nameOf(peering.from),
              '-o',
              'table',
            ).command,
          },
        ],
      })),
});

/** Deletes this half and makes both anew; the half in the gateway's VNet shares the gateway, the other uses it. */
function remake(peering: Peering, home: string | undefined): readonly Command[] {
  const here = (id: string) => [...groupFlags(id), '--vnet-name', nameOf(id)];
  const transit = (id: string) => (sameResource(id, home) ? '--allow-gateway-transit' : '--use-remote-gateways');
  const create = (from: string, to: string, name: string) =>
    az(
      'network',
      'vnet',
      'peering',
      'create',
      ...here(from),
      '-n',
      name,
      '--remote-vnet',
      to,
      '--allow-vnet-access',
      transit(from),
    );
  const gatewayFirst = sameResource(peering.from, home);
  const mine = create(peering.from, peering.to, peering.name);
  const theirs = create(peering.to, peering.from, `${nameOf(peering.to)}-to-${nameOf(peering.from)}`);
  return [
    az('network', 'vnet', 'peering', 'delete', ...here(peering.from), '-n', peering.name),
    ...(gatewayFirst ? [mine, theirs] : [theirs, mine]),
  ];
}
