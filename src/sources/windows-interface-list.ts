import type { Interface } from '../facts/client.ts';
import { lineOrigin, type ReadingContext } from './source.ts';

//  14...00 1c 42 98 16 7d ......Intel(R) PRO/1000 MT       index, MAC, description
//  13...00 00 00 00 00 00 00 e0 Microsoft-ISATAP-Adapter   eight pairs: a made-up address
//  41...........................hub                        no MAC: loopback, or a tunnel
// 0x10005 ...00 0c 29 21 f9 3e ...... Intel(R) PRO/1000    Windows XP
const pattern = /^(0x[0-9a-f]{1,8}|\d{1,10})\s?\.{3}(?:((?:[0-9a-f]{2} ){5,7}[0-9a-f]{2})[ .]+|\.{3,}\s?)(\S.*)$/i;

/** An interface as the list above a Windows route table names it; undefined where the line is none of that list. */
export function interfaceOfList(line: string, number: number, context: ReadingContext): Interface | undefined {
  const [, index = '', pairs = '', description = ''] = pattern.exec(line) ?? [];
  if (description === '') return undefined;
  const name = description.trim();
  const mac = pairs.trim().replaceAll(' ', ':').toLowerCase();
  const isHardware = mac.length === 17;
  const isLoopback = Number(index) === 1;
  return {
    name,
    index: Number(index),
    addresses: [],
    description: name,
    ...(isHardware && { mac }),
    // 00:ff is how TAP-Windows names its adapters; RAS, Wintun and DCO have no MAC at all.
    ...((pairs === '' || mac.startsWith('00:ff:')) && !isLoopback && { isTunnel: true }),
    origin: lineOrigin(context, number),
  };
}
