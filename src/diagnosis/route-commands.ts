import type { Platform } from '../facts/capture.ts';
import type { Route } from '../facts/route.ts';
import { type AddressV4, formatAddress } from '../net/address.ts';
import { formatPrefix, type Prefix } from '../net/prefix.ts';
import { shellWord } from './commands.ts';
import type { Command } from './finding.ts';

/**
 * Takes one route out of this computer's table, and no other: by the destination alone Windows would take those of every
 * length with it, and Linux whichever of several it meets first, the tunnel's own among them.
 */
export function deleteRoute({ prefix, via, type, table, interface: device }: Route, platform: Platform): Command {
  const hop = via.kind === 'gateway' ? formatAddress(via.address) : undefined;
  if (platform === 'windows')
    return { shell: 'cmd', command: ['route', ...windowsWords(prefix), ...(hop === undefined ? [] : [hop])].join(' ') };
  const words = [
    ...(typeof prefix.first === 'number' ? ['ip'] : ['ip', '-6']),
    ...['route', 'del'],
    ...(type === 'unicast' ? [] : [type]),
    formatPrefix(prefix),
    ...(hop === undefined ? [] : ['via', hop]),
    ...(type !== 'unicast' || device === '' ? [] : ['dev', shellWord(device)]),
    ...(table === 'main' ? [] : ['table', shellWord(table)]),
  ];
  return { shell: 'bash', command: `sudo ${words.join(' ')}` };
}

function windowsWords({ first, length }: Prefix): readonly string[] {
  if (typeof first !== 'number') return ['-6', 'delete', formatPrefix({ first, length })];
  const mask = length === 0 ? 0 : 2 ** 32 - 2 ** (32 - length);
  return ['delete', formatAddress(first), 'mask', formatAddress(mask as AddressV4)];
}
