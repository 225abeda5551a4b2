import { az, groupFlags, groupOf, powershellWord } from '../diagnosis/commands.ts';
import type { Command } from '../diagnosis/finding.ts';
import { nameOf, type ResourceId, sameResource } from '../facts/resource-id.ts';

/** Creates the half of a peering that lives in `from`: it shares the gateway where `from` holds it, else it uses the far one. */
export function createHalf(
  from: ResourceId,
  to: ResourceId,
  home: ResourceId | undefined,
  name?: string,
): readonly Command[] {
  const called = name ?? `${nameOf(from)}-to-${nameOf(to)}`;
  const shares = sameResource(from, home);
  const flags = [shares ? '--allow-gateway-transit' : '--use-remote-gateways', '--allow-vnet-access'];
  const get = `Get-AzVirtualNetwork -ResourceGroupName ${powershellWord(groupOf(from))} -Name ${powershellWord(nameOf(from))}`;
  return [
    az(
      'network',
      'vnet',
      'peering',
      'create',
      ...groupFlags(from),
      '--vnet-name',
      nameOf(from),
      '-n',
      called,
      '--remote-vnet',
      to,
      ...flags,
    ),
    {
      shell: 'powershell',
      command: `Add-AzVirtualNetworkPeering -Name ${powershellWord(called)} -VirtualNetwork (${get}) -RemoteVirtualNetworkId ${powershellWord(to)} ${shares ? '-AllowGatewayTransit' : '-UseRemoteGateways'}`,
    },
  ];
}

/** Both halves, the one that shares the gateway first: Azure refuses the other before it. */
export function createBothHalves(home: ResourceId, other: ResourceId): readonly Command[] {
  return [...createHalf(home, other, home), ...createHalf(other, home, home)];
}

/** Shows the halves that live in a VNet. */
export function listPeerings(vnet: ResourceId): string {
  return az('network', 'vnet', 'peering', 'list', ...groupFlags(vnet), '--vnet-name', nameOf(vnet), '-o', 'table')
    .command;
}
