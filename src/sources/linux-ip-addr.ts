import type { Interface, InterfaceAddress } from '../facts/client.ts';
import type { Problem } from '../facts/origin.ts';
import { parseAddress } from '../net/address.ts';
import { readIpAddrText } from './linux-ip-addr-text.ts';
import { isJsonText, isRecord, type JsonRecord, noAnswer, numberOf, readJsonList, textOf } from './linux-json.ts';
import { carriesNetwork, isUp, xfrmIdOf } from './linux-link.ts';
import { deviceName } from './linux-route-words.ts';
import { fromTerminal } from './linux-terminal.ts';
import { pointerOrigin, type Reading, type ReadingContext, type Source } from './source.ts';

/** The interfaces of Linux and their addresses. */
export const linuxIpAddr: Source = fromTerminal({
  id: 'linux-ip-addr',
  title: 'Linux: ip [-j] [-d] addr',
  parse,
  recognise,
});

const noRecord: JsonRecord = {};

function parse(text: string, context: ReadingContext): Reading {
  const failed = noAnswer(text, context, 'prints a frame');
  if (failed !== undefined) return failed;
  return isJsonText(text) ? parseJson(text, context) : readIpAddrText(text, context);
}

function parseJson(text: string, context: ReadingContext): Reading {
  const reading = readJsonList(text, context);
  if (reading.kind === 'broken') return { facts: {}, problems: [reading.problem] };
  const interfaces: Interface[] = [];
  const problems: Problem[] = [];
  for (const [index, row] of reading.list.entries()) {
    const origin = pointerOrigin(context, `/${index}`);
    const found = isRecord(row) ? interfaceOf(row, origin, problems) : undefined;
    if (found !== undefined) interfaces.push(found);
    // Versions before 4.20 print {} for each interface that a filter left out.
    else if (!isRecord(row) || Object.keys(row).length > 0)
      problems.push({ origin, text: JSON.stringify(row).slice(0, 300), why: 'an interface without a name' });
  }
  return { facts: interfaces.length === 0 && problems.length > 0 ? {} : { interfaces }, problems };
}

// {"ifindex":3,"ifname":"tun0","flags":["POINTOPOINT",…],"link_type":"none","addr_info":[{"family":"inet","local":"172.16.50.2","prefixlen":24,…}]}
function interfaceOf(row: JsonRecord, origin: Interface['origin'], problems: Problem[]): Interface | undefined {
  const { ifname, ifindex, address, master, flags, operstate, link_type, linkinfo, addr_info } = row;
  const name = textOf(ifname);
  if (name === undefined) return undefined;
  const { info_kind, info_data } = isRecord(linkinfo) ? linkinfo : noRecord;
  const { type, if_id } = isRecord(info_data) ? info_data : noRecord;
  const kind = textOf(info_kind);
  const words = Array.isArray(flags) ? flags.map(String) : undefined;
  const masterName = textOf(master);
  const link = { linkType: textOf(link_type), kind, mode: textOf(type), flags: words, master: masterName };
  const isTunnel = carriesNetwork(link);
  const up = isUp(words, textOf(operstate));
  const mac = link_type === 'ether' ? textOf(address) : undefined;
  return {
    name: deviceName(name),
    index: numberOf(ifindex) ?? null,
    addresses: listOf(addr_info).flatMap((info) => addressOf(info, name, origin, problems)),
    ...(mac !== undefined && { mac }),
    ...(isTunnel !== undefined && { isTunnel }),
    ...(up !== undefined && { isUp: up }),
    ...(kind !== undefined && { kind }),
    ...(kind === 'xfrm' && xfrmIdOf(if_id)),
    ...(masterName !== undefined && { master: masterName }),
    origin,
  };
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function addressOf(
  info: unknown,
  name: string,
  origin: Interface['origin'],
  problems: Problem[],
): readonly InterfaceAddress[] {
  if (!isRecord(info) || Object.keys(info).length === 0) return [];
  const { local, address, prefixlen, family } = info;
  const own = parseAddress(textOf(local) ?? '');
  if (own === undefined) {
    // Links of other kinds (mpls, can) may carry addresses that are not of IP.
    const isIp = family === 'inet' || family === 'inet6' || family === undefined;
    if (isIp) problems.push({ origin, text: JSON.stringify(info).slice(0, 300), why: `${name}: not an address` });
    return [];
  }
  const peer = parseAddress(textOf(address) ?? '');
  return [
    {
      address: own,
      length: numberOf(prefixlen) ?? null,
      ...(peer !== undefined && { peer }),
      ...((info['tentative'] === true || info['dadfailed'] === true) && { isTentative: true }),
    },
  ];
}

// 3: tun0: <POINTOPOINT,MULTICAST,NOARP,UP,LOWER_UP> mtu 1500 …
// 3: tun0    inet 172.16.50.2/24 scope global tun0
const row = /^\d+:\s+\S+:\s+<[A-Z0-9_,-]*>\s+mtu\s\d+|^\d+:\s+\S+\s+inet6?\s+[0-9a-f.:]+/m;

// tun0             UNKNOWN        172.16.50.2/24 fe80::fa50:be34:651b:1f30/64
const brief = /^\S+\s+(?:UP|DOWN|UNKNOWN|LOWERLAYERDOWN)\s+[0-9a-f.:]*[.:][0-9a-f.:]*(?:\/\d+|\s+peer\s)/m;

function recognise(text: string): number {
  if (isJsonText(text)) {
    const start = text.slice(0, 2000);
    return /^[\s\uFEFF]*\[\s*(\{\s*\}\s*,\s*)*\{[^{}[\]]*"ifname"\s*:/.test(start) ? 0.95 : 0;
  }
  const start = text.slice(0, 5000);
  return row.test(start) || brief.test(start) ? 0.95 : 0;
}
