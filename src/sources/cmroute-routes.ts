import type { Problem } from '../facts/origin.ts';
import type { ProfileRoute } from '../facts/profile.ts';
import { parseAddress } from '../net/address.ts';
import { lengthOfMask, type Prefix, parseLoosePrefix, prefixFromMask } from '../net/prefix.ts';
import { lineOrigin, type Reading, type ReadingContext, type Source } from './source.ts';
import { quoted } from './windows-scan.ts';

/** `routes.txt` of a Connection Manager profile: what the native client's script adds at every connect. */
export const cmrouteRoutes: Source = {
  id: 'cmroute-routes',
  title: 'Windows: routes.txt of a Connection Manager profile',
  parse: parseCmroute,
  recognise,
};

function parseCmroute(text: string, context: ReadingContext): Reading {
  const routes: ProfileRoute[] = [];
  const problems: Problem[] = [];
  for (const [index, raw] of text.split('\n').entries()) {
    const row = raw.replace(/\ufeff|\0/g, '').trim();
    if (row === '' || isComment(row)) continue;
    const origin = lineOrigin(context, index + 1);
    const prefix = prefixOf(row);
    if (typeof prefix === 'string') problems.push({ origin, text: quoted(row), why: prefix });
    else routes.push({ prefix, exclude: false, origin });
  }
  const profile = {
    kind: 'cmroute-routes',
    routes,
    listsRoutes: true,
    pool: [],
    server: null,
    protocols: [],
    dnsServers: [],
    dnsSuffixes: [],
    origin: { artifact: context.artifact },
  } as const;
  // An empty file is a list of nothing; a file of which no line was understood is no list.
  return { facts: routes.length > 0 || problems.length === 0 ? { profiles: [profile] } : {}, problems };
}

function isComment(row: string): boolean {
  return /^(#|;|\/\/|::|rem\s)/i.test(row);
}

// ADD 10.1.0.0 MASK 255.255.0.0 default METRIC default IF default       the words are the file's own syntax
// 10.1.0.0 255.255.0.0      10.1.0.0/16      by other hands
function prefixOf(row: string): Prefix | string {
  const [, first = '', mask = ''] = /^(?:ADD\s+)?(\S+?)[,;]?(?:\s+(?:MASK\s+)?(\d[\d.]*))?(?:\s.*)?$/i.exec(row) ?? [];
  if (first.includes('/')) return ofLength(first);
  const [address, netmask] = [parseAddress(first), parseAddress(mask)];
  if (/^DELETE\s/i.test(row)) return 'takes a route away: left out';
  // A prompt, or words around a paste: only what was meant as a route can be malformed.
  if (!isMeantAsRoute(row)) return 'not a line of a list of routes';
  if (address === undefined) return 'malformed: a line without a destination address';
  if (netmask === undefined) return 'malformed: a line without a netmask';
  if (lengthOfMask(netmask) === undefined) return 'malformed: the netmask has holes';
  return prefixFromMask(address, netmask) ?? 'malformed: the destination has bits set outside its netmask';
}

function isMeantAsRoute(row: string): boolean {
  return /^\s*ADD\b|\d+\.\d+\.\d+\.\d/i.test(row);
}

function ofLength(text: string): Prefix | string {
  const loose = parseLoosePrefix(text);
  if (loose === undefined) return `malformed: ${quoted(text)} is no prefix`;
  return loose.prefix.first === loose.address
    ? loose.prefix
    : 'malformed: the destination has bits set outside its length';
}

function recognise(text: string): number {
  const rows = text.slice(0, 50_000).split('\n').filter(isMeantAsRoute);
  const lines = rows.filter((row) => /^[\s\ufeff]*ADD\s+\d[\d.]*\s+MASK\s+\d/i.test(row)).length;
  return lines > 0 && lines * 2 >= rows.length ? 0.95 : 0;
}
