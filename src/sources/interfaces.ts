import type { Interface, InterfaceAddress } from '../facts/client.ts';
import type { Origin, Problem } from '../facts/origin.ts';
import { parseAddress } from '../net/address.ts';
import { lengthOfMask } from '../net/prefix.ts';
import { isRecord, type JsonRecord, numberOf, readJson, textOf } from './linux-json.ts';
import { pointerOrigin, type Reading, type ReadingContext, type Source } from './source.ts';

/** The interfaces as Node sees them, on any system: systeminformation's list, or os.networkInterfaces(). */
export const interfaces: Source = {
  id: 'interfaces',
  title: 'Any system: interfaces and addresses, as systeminformation or Node lists them',
  parse,
  recognise,
};

function parse(text: string, context: ReadingContext): Reading {
  const reading = readJson(text, context);
  if (reading.kind === 'broken') return { facts: {}, problems: [reading.problem] };
  const problems: Problem[] = [];
  const { value } = reading;
  const isByName = isRecord(value) && value['iface'] === undefined;
  const found = isByName
    ? Object.entries(value).flatMap(([name, list]) => readNamed(name, list, context, problems))
    : (Array.isArray(value) ? value : [value]).flatMap((row, index) =>
        readRow(row, pointerOrigin(context, `/${index}`), problems),
      );
  return { facts: found.length === 0 && problems.length > 0 ? {} : { interfaces: found }, problems };
}

// {"iface":"tun0","ifaceName":"tun0","ip4":"172.16.50.130","ip4subnet":"255.255.255.0","ip6":"","mac":"","internal":false,"operstate":"unknown","type":"wired"}
function readRow(row: unknown, origin: Origin, problems: Problem[]): readonly Interface[] {
  if (!isRecord(row) || textOf(row['iface']) === undefined) {
    problems.push({ origin, text: (JSON.stringify(row) ?? '').slice(0, 300), why: 'an interface without a name' });
    return [];
  }
  const { iface, ifaceName, ip4, ip4subnet, ip6, ip6subnet, mac, operstate, type } = row;
  const hardware = textOf(mac);
  const [name, description, kind] = [textOf(iface) ?? '', textOf(ifaceName), textOf(type)];
  return [
    {
      name,
      index: null,
      addresses: [...addressOf(ip4, ip4subnet, origin, problems), ...addressOf(ip6, ip6subnet, origin, problems)],
      ...(description !== undefined && description !== name && { description }),
      ...(hardware !== undefined && hardware !== '' && { mac: hardware }),
      ...((operstate === 'up' || operstate === 'down') && { isUp: operstate === 'up' }),
      ...(kind !== undefined && kind !== '' && { kind }),
      origin,
    },
  ];
}

// {"tun0":[{"address":"172.16.50.130","netmask":"255.255.255.0","family":"IPv4","mac":"00:00:00:00:00:00","internal":false,"cidr":"172.16.50.130/24"}]}
function readNamed(name: string, list: unknown, context: ReadingContext, problems: Problem[]): readonly Interface[] {
  const origin = pointerOrigin(context, `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`);
  if (!Array.isArray(list)) {
    problems.push({ origin, text: (JSON.stringify(list) ?? '').slice(0, 300), why: 'not a list of addresses' });
    return [];
  }
  const records = list.filter(isRecord);
  const mac = textOf(records[0]?.['mac']);
  const addresses = records.flatMap((record) => addressOf(record['address'], lengthIn(record), origin, problems));
  return [{ name, index: null, addresses, ...(mac !== undefined && mac !== '00:00:00:00:00:00' && { mac }), origin }];
}

function lengthIn(record: JsonRecord): unknown {
  return textOf(record['cidr'])?.split('/')[1] ?? record['netmask'];
}

/** An address and its mask or length; an empty address is none. */
function addressOf(text: unknown, mask: unknown, origin: Origin, problems: Problem[]): readonly InterfaceAddress[] {
  const written = textOf(text) ?? '';
  if (written === '') return [];
  const address = parseAddress(written.replace(/%.*$/, ''));
  if (address !== undefined) return [{ address, length: lengthOf(textOf(mask) ?? '') }];
  problems.push({ origin, text: written.slice(0, 100), why: 'not an address' });
  return [];
}

function lengthOf(text: string): number | null {
  if (/^\d{1,3}$/.test(text)) return numberOf(text) ?? null;
  const mask = parseAddress(text);
  if (mask === undefined) return null;
  if (typeof mask === 'number') return lengthOfMask(mask) ?? null;
  // ffff:ffff:ffff:ffff::
  return mask.toString(2).replace(/0*$/, '').length;
}

function recognise(text: string): number {
  const start = text.slice(0, 1000);
  if (/^[\s\uFEFF]*\[\s*\{\s*"iface"\s*:/.test(start)) return 0.95;
  return /^[\s\uFEFF]*\{\s*"[^"]+"\s*:\s*\[\s*\{\s*"address"\s*:\s*"[^"]*"\s*,\s*"netmask"\s*:/.test(start) ? 0.95 : 0;
}
