import { az, groupFlags, groupOf, powershellWord } from '../diagnosis/commands.ts';
import type { Command } from '../diagnosis/finding.ts';
import { nameOf } from '../facts/resource-id.ts';
import type { Gateway } from '../facts/topology.ts';
import { formatPrefix, type Prefix } from '../net/prefix.ts';

/** Sets the gateway's custom routes. Azure replaces the list, so the command carries those that stay. */
export function customRoutesCommand(
  { id, customRoutes }: Pick<Gateway, 'id' | 'customRoutes'>,
  change: { readonly add?: readonly string[]; readonly remove?: (prefix: Prefix) => boolean },
): readonly Command[] {
  const kept = customRoutes
    .map(({ prefix }) => prefix)
    .filter((prefix) => change.remove?.(prefix) !== true)
    .map(formatPrefix);
  const all = [...new Set([...kept, ...(change.add ?? [])])];
  const name = nameOf(id);
  const list = all.length === 0 ? '@0' : all.map((text) => `'${text}'`).join(',');
  return [
    az(
      'network',
      'vnet-gateway',
      'update',
      ...groupFlags(id),
      '-n',
      name,
      '--custom-routes',
      ...(all.length === 0 ? [''] : all),
    ),
    {
      shell: 'powershell',
      command: `$gw = Get-AzVirtualNetworkGateway -ResourceGroupName ${powershellWord(groupOf(id))} -Name ${powershellWord(name)}; Set-AzVirtualNetworkGateway -VirtualNetworkGateway $gw -CustomRoute ${list}`,
    },
  ];
}
