import type { TableGap } from '../facts/client.ts';
import type { Problem } from '../facts/origin.ts';
import { parseAddress } from '../net/address.ts';
import { hostPrefix, type Prefix, parseLoosePrefix, prefix } from '../net/prefix.ts';

/** Of what a routing table's reader complained of: rows that may be routes, and an end that is missing. */
export function gapsIn(problems: readonly Problem[]): readonly TableGap[] {
  return problems.filter(mayBeRoute).map(({ text, why, origin }) => ({
    says: text === '' ? why : `a row of the table was not understood: ${why}`,
    origin,
    destination: destinationOf(text),
  }));
}

// Of the collector's one answer only `routes` is the table; in a print the list of interfaces stands before it.
function mayBeRoute({ text, origin }: Problem): boolean {
  if ('pointer' in origin) return /^(\/routes)?\/\d+/.test(origin.pointer);
  return text === '' || (/^\s*([a-z]+\s+)?(default|[\da-f]*[.:])/i.test(text) && !text.includes('...'));
}

// {"dst":"10.1.0.0/16","dev":7} · 10.1.0.0      255.255.0.0         On-link     172.16 · unreachable 10.1.0.0/16 dev
function destinationOf(text: string): Prefix | undefined {
  const field = /"(?:dst|DestinationPrefix)"\s*:\s*"([^"]*)"/.exec(text)?.[1];
  const word = field ?? /^\s*(?:[a-z]+\s+)?([\da-f.:]+(?:\/\d+)?)(?=\s|$)/i.exec(text)?.[1];
  if (word === 'default' || word === undefined) return undefined;
  return word.includes('/') ? parseLoosePrefix(word)?.prefix : networkOf(word);
}

/** A destination whose mask was not understood: as wide as its zeros at the end allow. */
function networkOf(word: string): Prefix | undefined {
  const address = parseAddress(word);
  if (typeof address !== 'number') return address === undefined ? undefined : hostPrefix(address);
  const zeros = /(\.0){1,3}$/.exec(word)?.[0].length ?? 0;
  return address === 0 ? undefined : prefix(`${word}/${32 - 4 * zeros}`);
}
