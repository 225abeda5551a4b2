import { type Address, parseAddress } from '../net/address.ts';

// 10.1.0.4   [10.1.0.4]   到10.1.0.4的   fe80::1%12   2606:4700:4700::1111
const literal =
  /(?<![\w.:])(?:\d{1,3}(?:\.\d{1,3}){3}(?![\d.]*\d)|[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7}(?:\.\d{1,3}){0,3}(?![\w:]))/gi;

/** The addresses of both families that stand in a text, in order; words of any script may touch them. */
export function addressesIn(text: string): readonly Address[] {
  return [...text.matchAll(literal)].flatMap(([found]) => {
    const address = parseAddress(found);
    return address === undefined ? [] : [address];
  });
}

/** An address that fills a cell but for brackets and a zone (`[fe80::1%12]`); undefined for anything else. */
export function addressOfCell(text: string): Address | undefined {
  return parseAddress(text.replace(/^\[|\]$/g, '').replace(/%\w+$/, ''));
}
