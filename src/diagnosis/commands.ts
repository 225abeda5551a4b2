import { nameOf, type ResourceId, segmentOf } from '../facts/resource-id.ts';
import type { Command } from './finding.ts';

/** Quotes a word for a POSIX shell where it needs it. Names come from Azure: they must not end a command and begin another. */
export function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** Quotes a word for PowerShell: single quotes, doubled inside, the typographic ones that it takes for quotes included. */
export function powershellWord(word: string): string {
  return /^[\w.:/-]+$/.test(word) && !word.startsWith('-')
    ? word
    : `'${word.replaceAll(/['\u2018\u2019\u201a\u201b]/g, '$&$&')}'`;
}

/** An `az` command of literal words and of names that are quoted where they need it. */
export function az(...words: readonly string[]): Command {
  return { shell: 'az', command: ['az', ...words.map(shellWord)].join(' ') };
}

/** The place of a resource as `az` asks for it: `--subscription S -g RG`. */
export function groupFlags(id: ResourceId): readonly string[] {
  const subscription = segmentOf(id, 'subscriptions');
  return [
    ...(subscription === undefined ? [] : ['--subscription', subscription]),
    '-g',
    segmentOf(id, 'resourceGroups') ?? 'RESOURCE-GROUP',
  ];
}

export function groupOf(id: ResourceId): string {
  return segmentOf(id, 'resourceGroups') ?? 'RESOURCE-GROUP';
}

/** Sets one flag of a peering half, in az and in PowerShell. */
export function setPeeringFlag(peering: ResourceId, flag: string, value: boolean | string): readonly Command[] {
  const vnet = segmentOf(peering, 'virtualNetworks') ?? 'VNET';
  const name = nameOf(peering);
  const property = flag.charAt(0).toUpperCase() + flag.slice(1);
  const quoted = [powershellWord(groupOf(peering)), powershellWord(vnet), powershellWord(name)];
  return [
    az(
      'network',
      'vnet',
      'peering',
      'update',
      ...groupFlags(peering),
      '--vnet-name',
      vnet,
      '-n',
      name,
      '--set',
      `${flag}=${value}`,
    ),
    {
      shell: 'powershell',
      command: `$p = Get-AzVirtualNetworkPeering -ResourceGroupName ${quoted[0]} -VirtualNetworkName ${quoted[1]} -Name ${quoted[2]}; $p.${property} = ${typeof value === 'boolean' ? `$${value}` : powershellWord(value)}; Set-AzVirtualNetworkPeering -VirtualNetworkPeering $p`,
    },
  ];
}

export function showPeering(peering: ResourceId, query: string): string {
  return az(
    'network',
    'vnet',
    'peering',
    'show',
    ...groupFlags(peering),
    '--vnet-name',
    segmentOf(peering, 'virtualNetworks') ?? 'VNET',
    '-n',
    nameOf(peering),
    '--query',
    query,
  ).command;
}

/** Adds a user route to a route table. `nextHop` is the appliance's address, where the type needs one. */
export function addRoute(
  table: ResourceId,
  name: string,
  prefix: string,
  nextHopType: string,
  nextHop?: string,
): Command {
  const to = ['--address-prefix', prefix, '--next-hop-type', nextHopType];
  const hop = nextHop === undefined ? [] : ['--next-hop-ip-address', nextHop];
  const place = [...groupFlags(table), '--route-table-name', nameOf(table)];
  return az('network', 'route-table', 'route', 'create', ...place, '-n', name, ...to, ...hop);
}

/** Shows the user routes of a route table. */
export function listRoutes(table: ResourceId): string {
  return az(
    'network',
    'route-table',
    'route',
    'list',
    ...groupFlags(table),
    '--route-table-name',
    nameOf(table),
    '-o',
    'table',
  ).command;
}
