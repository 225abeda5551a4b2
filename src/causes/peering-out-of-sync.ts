import { afterwards } from '../diagnosis/client-steps.ts';
import { az, groupFlags, groupOf, powershellWord, showPeering } from '../diagnosis/commands.ts';
import { type Detected, defineCause } from '../diagnosis/define-cause.ts';
import { gathered } from '../diagnosis/evidence.ts';
import type { Command } from '../diagnosis/finding.ts';
import { list } from '../diagnosis/wording.ts';
import type { PrefixAt } from '../facts/origin.ts';
import { nameOf, sameResource } from '../facts/resource-id.ts';
import type { Peering } from '../facts/topology.ts';
import { type Ladder, rungOf } from '../ladder/ladder.ts';
import { containsPrefix, formatPrefix, samePrefix } from '../net/prefix.ts';
import { type Withheld, withheldBy } from './obstacles.ts';

/** The far VNet grew, and the peering still holds its old ranges. */
export const peeringOutOfSync = defineCause({
  code: 'peering-out-of-sync',
  number: 'C09',
  title: 'The peering does not know the new address range yet',
  severity: 'error',
  about:
    "A peering holds a snapshot of the far VNet's address space, and clients are offered the snapshot. A range was added to the VNet since, and the half in the gateway's VNet was not synchronised, so nobody is given it; the older ranges work. A new client package changes nothing before the sync, for the package made now lacks the range as well. Once the spaces are equal a missing route is another cause (C13). The other way round, a range that was taken away and is still handed out, is a warning.",
  helpUrl: 'https://learn.microsoft.com/azure/virtual-network/update-virtual-network-peering-address-space',
  needs: ['ladders', 'situation'],
  dependsOn: ['peering-disconnected', 'peering-half-missing'],
  detect: ({ ladders, situation }) => [
    ...withheldBy('out-of-sync', ladders).map((one) => ({
      ...told(one, [afterwards(situation.traits)]),
      summary: `${list(one.ladders)} was added after the peering was made, and the peering was not synchronised: clients are not given it.`,
      expected: rangesText([...snapshotOf(one.peering), ...one.ladders]),
    })),
    ...outlived(ladders).map((one) => ({
      ...told(one, [afterwards(situation.traits)]),
      severity: 'warning' as const,
      summary: `${list(one.ladders)} was taken from the VNet, and the peering was not synchronised: clients are still given it.`,
      expected: rangesText(
        snapshotOf(one.peering).filter(
          ({ prefix }) => !one.ladders.some((ladder) => samePrefix(ladder.prefix, prefix)),
        ),
      ),
    })),
    ...farBehind(ladders).map((one) => ({
      // Clients have the range already: nothing is left to do for them.
      ...told(one, []),
      severity: 'info' as const,
      summary: `${list(one.ladders)} was added after the peering was made, and ${nameOf(one.peering.from)} does not know it yet: its machines cannot reach that range, VPN clients can.`,
      expected: rangesText([...snapshotOf(one.peering), ...one.ladders]),
      explains: [],
      prefixes: one.ladders.map(({ prefix }) => prefix),
    })),
  ],
});

/** What both directions of the drift have in common. */
function told({ peering, ladders }: Withheld, then: readonly string[]): Omit<Detected, 'summary'> {
  return {
    confidence: 'proven',
    rung: 'offered',
    resource: peering.id,
    property: 'remoteAddressSpace',
    actual: rangesText(snapshotOf(peering)),
    evidence: gathered(
      { says: `${nameOf(peering.from)}'s half ${peering.name}`, origin: peering.origin },
      snapshotEvidence(peering),
      ladders.flatMap((ladder) => rungOf(ladder, 'configured').evidence).slice(0, 4),
    ),
    explains: ladders,
    fixes: [
      {
        by: 'network-admin',
        role: `Network Contributor on ${nameOf(peering.from)} and ${nameOf(peering.to)}`,
        commands: syncCommands(peering),
        steps: then,
        verify: showPeering(peering.id, '[peeringSyncLevel,remoteAddressSpace]'),
      },
    ],
  };
}

/** Ranges that the half still holds and the far VNet, which was read, no longer has. */
function outlived(ladders: readonly Ladder[]): readonly Withheld[] {
  const gone = ladders.filter(({ reason, expectation }) => reason === 'gateway-transit' && expectation === 'may');
  const byHalf = Map.groupBy(gone, ({ origin }) =>
    origin.kind === 'expected' ? origin.route.peering?.near : undefined,
  );
  return [...byHalf].flatMap(([peering, [first, ...rest]]) =>
    peering === undefined || first === undefined ? [] : [{ peering, ladders: [first, ...rest] as const }],
  );
}

/** The gateway's own VNet grew, and the half in a spoke still holds its old ranges: no fault of the client's way. */
function farBehind(ladders: readonly Ladder[]): readonly Withheld[] {
  const home = ladders.filter(({ reason }) => reason === 'home-vnet');
  const halves = new Set(
    ladders.flatMap(({ origin }) => (origin.kind === 'expected' ? (origin.route.peering?.far ?? []) : [])),
  );
  return [...halves].flatMap((peering) => {
    const known = peering.remoteAddressSpace;
    const [first, ...rest] = home.filter(
      ({ prefix }) => known !== undefined && !known.some((range) => containsPrefix(range.prefix, prefix)),
    );
    const isHome = first?.origin.kind === 'expected' && sameResource(first.origin.route.vnet?.id, peering.to);
    return first === undefined || !isHome ? [] : [{ peering, ladders: [first, ...rest] as const }];
  });
}

const snapshotOf = ({ remoteAddressSpace }: Peering): readonly PrefixAt[] => remoteAddressSpace ?? [];

function snapshotEvidence(peering: Peering) {
  const half = `${nameOf(peering.from)}'s half ${peering.name}`;
  const snapshot = snapshotOf(peering);
  return [
    ...snapshot.slice(0, 1).map(({ origin }) => ({ says: `${half} holds ${rangesText(snapshot)}`, origin })),
    { says: `${half}: peeringSyncLevel is ${peering.syncLevel ?? 'not told'}`, origin: peering.origin },
  ];
}

function syncCommands({ id, from, name }: Peering): readonly Command[] {
  return [
    az('network', 'vnet', 'peering', 'sync', ...groupFlags(id), '--vnet-name', nameOf(from), '-n', name),
    {
      shell: 'powershell',
      command: `Sync-AzVirtualNetworkPeering -ResourceGroupName ${powershellWord(groupOf(id))} -VirtualNetworkName ${powershellWord(nameOf(from))} -Name ${powershellWord(name)}`,
    },
  ];
}

function rangesText(ranges: readonly Pick<PrefixAt, 'prefix'>[]): string {
  return ranges.map(({ prefix }) => formatPrefix(prefix)).join(', ');
}
