import type { NameLookup } from '../facts/client.ts';
import type { Problem } from '../facts/origin.ts';
import { parseAddress } from '../net/address.ts';
import { isRecord, readJsonList, textOf } from './linux-json.ts';
import { pointerOrigin, type Reading, type ReadingContext, type Source } from './source.ts';

/** Our own record of names asked for and what this machine's resolver answered. */
export const dnsLookup: Source = { id: 'dns-lookup', title: 'onlink: what names resolve to here', parse };

// {"name":"account.blob.core.windows.net","addresses":["10.1.0.5"]}       {"name":"…","addresses":[],"error":"ENOTFOUND"}
function parse(text: string, context: ReadingContext): Reading {
  const reading = readJsonList(text, context);
  if (reading.kind === 'broken') return { facts: {}, problems: [reading.problem] };
  const lookups: NameLookup[] = [];
  const problems: Problem[] = [];
  for (const [index, value] of reading.list.entries()) {
    const origin = pointerOrigin(context, reading.isBare ? '' : `/${index}`);
    const lookup = lookupOf(value, origin);
    if (lookup !== undefined) lookups.push(lookup);
    else
      problems.push({
        origin,
        text: JSON.stringify(value).slice(0, 300),
        why: 'not a look-up: a name and its addresses are needed',
      });
  }
  return { facts: lookups.length === 0 && problems.length > 0 ? {} : { lookups }, problems };
}

function lookupOf(value: unknown, origin: NameLookup['origin']): NameLookup | undefined {
  if (!isRecord(value)) return undefined;
  const { name, addresses = [], error } = value;
  const [asked, failed] = [textOf(name), textOf(error)];
  if (asked === undefined || !Array.isArray(addresses)) return undefined;
  const read = addresses.map((address) => parseAddress(textOf(address) ?? ''));
  const known = read.filter((address) => address !== undefined);
  if (known.length < read.length) return undefined;
  return { name: asked, addresses: known, ...(failed !== undefined && { failed }), origin };
}
