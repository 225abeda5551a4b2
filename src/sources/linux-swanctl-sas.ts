import type { ChildAssociation, SecurityAssociation } from '../facts/client.ts';
import type { Problem } from '../facts/origin.ts';
import { noAnswer } from './linux-json.ts';
import { isPrompt } from './linux-prompt.ts';
import { fromTerminal } from './linux-terminal.ts';
import { lineOrigin, type Reading, type ReadingContext, type Source } from './source.ts';
import { type AssociationDraft, addressesIn, newAssociation } from './strongswan-association.ts';
import { readIpsecStatus } from './strongswan-ipsec-status.ts';
import { readRawSas } from './strongswan-raw-sas.ts';
import { readSelectors } from './strongswan-selectors.ts';

/** The security associations of strongSwan: which prefixes were granted, and whether anything comes back. */
export const linuxSwanctlSas: Source = fromTerminal({
  id: 'linux-swanctl-sas',
  title: 'Linux: swanctl --list-sas [--raw], ipsec statusall (need root)',
  parse,
  recognise,
});

const rawStart = /^\s*list-sas? (event|reply) \{/m;
const statusStart = /^\s*Security Associations? \(|^\s*\S+\[\d+\]: (ESTABLISHED|CONNECTING)/m;

function parse(text: string, context: ReadingContext): Reading {
  const failed = noAnswer(text, context, 'stays silent');
  if (failed !== undefined) return failed;
  const problems: Problem[] = [];
  const read = readerOf(text);
  const drafts = read(text, context, problems);
  const associations: readonly SecurityAssociation[] = drafts;
  return { facts: associations.length === 0 && problems.length > 0 ? {} : { associations }, problems };
}

function readerOf(text: string): typeof readListing {
  if (rawStart.test(text)) return readRawSas;
  return statusStart.test(text) ? readIpsecStatus : readListing;
}

// azure: #1, ESTABLISHED, IKEv2, 764111c656ced854_i* 0215532e5f3a8b01_r
const ikeLine = /^(\S.*): #\d+, ([A-Z_]+), IKEv[12],/;
//   local  'p2sclient' @ 192.168.29.37[4500] [172.16.50.130]
//   local  'p2sclient' @ 192.168.29.37[4500] EAP: 'user@example.com' [172.16.50.130]
const endLine = /^\s+(local|remote)\s+'.*' @ (\S+?)(?:\[\d+\])?(?: [A-Za-z]+: '.*')?((?: \[.*\])?)$/;
//   net: #1, reqid 1, INSTALLED, TUNNEL-in-UDP, ESP:AES_GCM_16-128
const childLine = /^\s+(\S.*): #\d+, (?:reqid \d+, )?([A-Z_]+), [A-Z]/;
//     in  762dfc2d,  15704 bytes,   164 packets,     0s ago
const counterLine = /^\s+(in|out)\s+[0-9a-f]+\b.*?,\s*(\d+) bytes/;
//     remote 10.0.0.0/16 10.1.0.0/16 10.10.0.0/16
const selectorLine = /^\s+(local|remote)\s+([^'\s].*)$/;
//   AES_CBC-128/HMAC_SHA2_256_128/PRF_HMAC_SHA2_256/CURVE_25519      established 2s ago, rekeying in 14197s      active:  IKE_MOBIKE
const otherLine = /^\s+([A-Z0-9_]+(-\d+)?(\/\S+)+|[a-z-]+:?\s+\S.*)$/;

/** Reads the listing that `swanctl --list-sas` prints for people. */
function readListing(text: string, context: ReadingContext, problems: Problem[]): readonly AssociationDraft[] {
  const drafts: AssociationDraft[] = [];
  for (const [index, line] of text.split(/\r*\n/).entries()) {
    const at = index + 1;
    const ike = ikeLine.exec(line);
    const begun = ike === null ? undefined : newAssociation(ike[1] ?? '', ike[2] ?? '', lineOrigin(context, at));
    if (begun !== undefined) drafts.push(begun);
    else if (line.trim() !== '' && !readLine(drafts.at(-1), line.trimEnd(), at, context, problems))
      problems.push({
        origin: lineOrigin(context, at),
        text: line.trim().slice(0, 300),
        why: 'not a line of `swanctl --list-sas`',
      });
  }
  return drafts;
}

/** Whether the line is one of an association's. */
function readLine(
  draft: AssociationDraft | undefined,
  line: string,
  at: number,
  context: ReadingContext,
  problems: Problem[],
): boolean {
  if (draft === undefined || isPrompt(line)) return isPrompt(line);
  const origin = lineOrigin(context, at);
  const child = childLine.exec(line);
  if (child !== null) {
    const nothing = { localSelectors: [], remoteSelectors: [], bytesIn: null, bytesOut: null };
    draft.children.push({ name: child[1] ?? '', state: child[2] ?? '', ...nothing, origin });
    return true;
  }
  const last = draft.children.at(-1);
  return last === undefined ? readEnd(draft, line) : readChildLine(last, line, origin, problems);
}

function readEnd(draft: AssociationDraft, line: string): boolean {
  const end = endLine.exec(line);
  if (end === null) return otherLine.test(line);
  const [, side, host = '', virtual = ''] = end;
  const address = addressesIn(host)[0] ?? null;
  if (side === 'local') {
    draft.ike.localHost = address;
    draft.ike.virtualAddresses = addressesIn(virtual);
  } else draft.ike.remoteHost = address;
  return true;
}

type ChildDraft = { -readonly [Key in keyof ChildAssociation]: ChildAssociation[Key] };

function readChildLine(
  child: ChildDraft,
  line: string,
  origin: ChildAssociation['origin'],
  problems: Problem[],
): boolean {
  const counter = counterLine.exec(line);
  if (counter !== null) {
    if (counter[1] === 'in') child.bytesIn = Number(counter[2]);
    else child.bytesOut = Number(counter[2]);
    return true;
  }
  const selectors = selectorLine.exec(line);
  if (selectors === null) return otherLine.test(line) || /^\s+(in|out)\s/.test(line);
  const read = readSelectors((selectors[2] ?? '').trim().split(/\s+/), origin, problems);
  if (selectors[1] === 'local') child.localSelectors = read;
  else child.remoteSelectors = read;
  return true;
}

function recognise(text: string): number {
  const start = text.slice(0, 20_000);
  if (rawStart.test(start)) return 0.98;
  if (/^\S.*: #\d+, [A-Z_]+, IKEv[12],/m.test(start)) return 0.97;
  return /^\s*Security Associations? \(\d+ up/m.test(start) || /^\s*\S+\[\d+\]: ESTABLISHED .*\.\.\./m.test(start)
    ? 0.95
    : 0;
}
