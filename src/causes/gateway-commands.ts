import { az, groupFlags, groupOf, powershellWord } from '../diagnosis/commands.ts';
import type { Command } from '../diagnosis/finding.ts';
import type { PrefixAt } from '../facts/origin.ts';
import { nameOf, type ResourceId } from '../facts/resource-id.ts';
import { formatPrefix, type Prefix } from '../net/prefix.ts';

/** What every change of the gateway costs. */
export const dropsClients = 'every VPN client of the gateway: updating it drops their connections';

/** Changes a setting of a VPN gateway. */
export function updateGateway(gateway: ResourceId, ...flags: readonly string[]): Command {
  return az('network', 'vnet-gateway', 'update', ...groupFlags(gateway), '-n', nameOf(gateway), ...flags);
}

/** The gateway as PowerShell fetches it. */
export function gatewayVariable(gateway: ResourceId): string {
  return `$gw = Get-AzVirtualNetworkGateway -ResourceGroupName ${powershellWord(groupOf(gateway))} -Name ${powershellWord(nameOf(gateway))}`;
}

/** Adds custom routes. Azure replaces the whole list, so the commands carry what is there already. */
export function addCustomRoutes(
  gateway: ResourceId,
  existing: readonly PrefixAt[],
  added: readonly Prefix[],
): readonly Command[] {
  const all = [...existing.map(({ prefix }) => prefix), ...added].map(formatPrefix);
  return [
    updateGateway(gateway, '--custom-routes', ...all),
    {
      shell: 'powershell',
      command: `${gatewayVariable(gateway)}; Set-AzVirtualNetworkGateway -VirtualNetworkGateway $gw -CustomRoute ${all.join(',')}`,
    },
  ];
}

/** Shows one property of a gateway. */
export function showGateway(gateway: ResourceId, query: string): string {
  return az('network', 'vnet-gateway', 'show', ...groupFlags(gateway), '-n', nameOf(gateway), '--query', query).command;
}
