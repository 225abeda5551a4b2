import { afterwards } from '../diagnosis/client-steps.ts';
import { az, groupFlags, groupOf, powershellWord, showPeering } from '../diagnosis/commands.ts';
import { defineCause } from '../diagnosis/define-cause.ts';
import { gathered } from '../diagnosis/evidence.ts';
import type { Command } from '../diagnosis/finding.ts';
import { list } from '../diagnosis/wording.ts';
import { nameOf, sameResource } from '../facts/resource-id.ts';
import type { Peering, Subnet } from '../facts/topology.ts';
import type { Ladder } from '../ladder/ladder.ts';
import { unpeeredSubnets } from '../model/peering-offer.ts';
import { containsAddress, formatPrefix, overlaps } from '../net/prefix.ts';
import { askedEvidence, askedIn } from './asked.ts';
import { blockedBy } from './obstacles.ts';

/** The peering covers some subnets only, and these are not among them. */
export const subnetNotPeered = defineCause({
  code: 'subnet-not-peered',
  number: 'C11',
  title: 'The peering covers only some subnets',
  severity: 'error',
  about:
    'The VNets are peered by subnets: peerCompleteVnets is off, and only the subnets named in the peering forward. A route for the others may show, yet their packets are dropped. An error where a prefix is broken by it or somebody asks for an address in a subnet left out; else a warning, since the choice may be deliberate.',
  helpUrl: 'https://learn.microsoft.com/azure/virtual-network/how-to-configure-subnet-peering',
  needs: ['ladders', 'situation'],
  detect: ({ ladders, situation }) =>
    blockedBy('subnet-peering', ladders).flatMap(({ peering, ladders: partial }) => {
      const left = partial.flatMap(leftOut);
      const wanted = partial
        .flatMap((ladder) => askedIn(ladder, situation.asked))
        .filter(({ address }) => left.some(({ prefixes }) => prefixes.some((one) => containsAddress(one, address))));
      const grave = wanted.length > 0 || partial.some(({ verdict }) => verdict === 'broken');
      const names = [...new Set(left.map(({ name }) => name))];
      if (names.length === 0 && (!grave || partial.some(wasRead))) return [];
      const property = listOf(peering, partial);
      const listed = peering[property];
      return [
        {
          severity: grave ? 'error' : 'warning',
          confidence: names.length > 0 ? 'proven' : 'likely',
          summary: `Only some subnets of ${list(partial)} are peered${names.length === 0 ? '' : `; ${names.join(', ')} ${names.length === 1 ? 'is' : 'are'} left out`}.`,
          rung: 'offered',
          resource: peering.id,
          property,
          expected: [...listed, ...names].join(', '),
          actual: listed.join(', '),
          evidence: gathered(
            {
              says: `${nameOf(peering.from)}'s half ${peering.name} peers subnets, not the VNet`,
              origin: peering.origin,
            },
            [
              {
                says: `${nameOf(peering.from)}'s half ${peering.name} peers only ${listed.join(', ')}`,
                origin: peering.origin,
              },
            ],
            left.slice(0, 3).map(({ name, prefixes, origin }) => ({
              says: `${name} ${prefixes.map(formatPrefix).join(', ')} is not among them`,
              origin,
            })),
            askedEvidence(wanted),
          ),
          explains: partial,
          fixes: [
            {
              by: 'network-admin',
              role: `Network Contributor on ${nameOf(peering.from)} and ${nameOf(peering.to)}`,
              commands: addSubnets(peering, property, names),
              steps: [`Name the subnets in both halves, then synchronise the peering.`, afterwards(situation.traits)],
              verify: showPeering(peering.id, property),
            },
          ],
        },
      ] as const;
    }),
});

type SubnetList = 'localSubnetNames' | 'remoteSubnetNames';

/** Where a half names the subnets of the far VNet: they are remote to the gateway's half, and local to the other. */
function listOf({ id }: Peering, partial: readonly Ladder[]): SubnetList {
  const isFar = partial.some(
    ({ origin }) => origin.kind === 'expected' && sameResource(origin.route.peering?.far?.id, id),
  );
  return isFar ? 'localSubnetNames' : 'remoteSubnetNames';
}

/** Where the VNet was read and no subnet is left out, the peering is not to blame. */
function wasRead({ origin }: Ladder): boolean {
  return origin.kind === 'expected' && (origin.route.vnet?.subnets ?? []).length > 0;
}

function leftOut({ origin, prefix }: Ladder): readonly Subnet[] {
  if (origin.kind !== 'expected') return [];
  const { peering, vnet } = origin.route;
  return unpeeredSubnets({ near: peering?.near, far: peering?.far, vnet }).filter(({ prefixes }) =>
    prefixes.some((one) => overlaps(one, prefix)),
  );
}

function addSubnets(peering: Peering, property: SubnetList, missing: readonly string[]): readonly Command[] {
  const { id, from, name } = peering;
  const names = JSON.stringify([...peering[property], ...missing]);
  const [group, vnet, called] = [groupOf(id), nameOf(from), name].map(powershellWord);
  return [
    az(
      'network',
      'vnet',
      'peering',
      'update',
      ...groupFlags(id),
      '--vnet-name',
      nameOf(from),
      '-n',
      name,
      '--set',
      `${property}=${names}`,
    ),
    az('network', 'vnet', 'peering', 'sync', ...groupFlags(id), '--vnet-name', nameOf(from), '-n', name),
    {
      shell: 'powershell',
      command: `Sync-AzVirtualNetworkPeering -ResourceGroupName ${group} -VirtualNetworkName ${vnet} -Name ${called}`,
    },
  ];
}
