import type { Problem } from '../facts/origin.ts';
import { lineOrigin, type ReadingContext } from './source.ts';
import { type AssociationDraft, addressesIn, newAssociation } from './strongswan-association.ts';
import { readSelectors } from './strongswan-selectors.ts';

//        azure[1]: ESTABLISHED 10 minutes ago, 192.168.29.37[CN=p2s]...20.193.245.69[gateway.example]
const ikeLine = /^\s*(\S+)\[(\d+)\]: ([A-Z_]+)\b(?:.*?, )?([0-9a-f.:]+|%any)?(?:\[.*?\])?(?:\.\.\.([0-9a-f.:]+|%any))?/;
//        azure{1}:  INSTALLED, TUNNEL, reqid 1, ESP in UDP SPIs: c1c9_i ca01_o
const childLine = /^\s*(\S+)\{(\d+)\}:\s+([A-Z_]+), (?:TUNNEL|TRANSPORT|BEET|PASS|DROP)/;
//        azure{1}:  AES_GCM_16_256, 1234 bytes_i (12 pkts, 3s ago), 4567 bytes_o (30 pkts, 3s ago), rekeying in 40 minutes
const counterLine = /^\s*\S+\{(\d+)\}:\s+.*?(\d+) bytes_i\b.*?(\d+) bytes_o\b/;
//        azure{1}:   172.16.50.130/32 === 10.0.0.0/16 10.1.0.0/16
const selectorLine = /^\s*\S+\{(\d+)\}:\s+(\S.*?)\s*===\s*(.*)$/;

/** Reads the part of `ipsec statusall` below its `Security Associations`; what stands above it is configuration. */
export function readIpsecStatus(
  text: string,
  context: ReadingContext,
  problems: Problem[],
): readonly AssociationDraft[] {
  const drafts: AssociationDraft[] = [];
  for (const [index, line] of text.split(/\r*\n/).entries()) {
    const origin = lineOrigin(context, index + 1);
    const ike = ikeLine.exec(line);
    if (ike !== null && ike[4] !== undefined) {
      const draft = newAssociation(ike[1] ?? '', ike[3] ?? '', origin);
      draft.ike.localHost = addressesIn(ike[4])[0] ?? null;
      draft.ike.remoteHost = addressesIn(ike[5] ?? '')[0] ?? null;
      drafts.push(draft);
    } else readChildLine(drafts.at(-1), line, origin, problems);
  }
  return drafts;
}

function readChildLine(
  draft: AssociationDraft | undefined,
  line: string,
  origin: Problem['origin'],
  problems: Problem[],
): void {
  if (draft === undefined) return;
  const [child, counters, selectors] = [childLine.exec(line), counterLine.exec(line), selectorLine.exec(line)];
  const last = draft.children.at(-1);
  if (child !== null) {
    const nothing = { localSelectors: [], remoteSelectors: [], bytesIn: null, bytesOut: null };
    draft.children.push({ name: child[1] ?? '', state: child[3] ?? '', ...nothing, origin });
  } else if (counters !== null && last !== undefined) {
    last.bytesIn = Number(counters[2]);
    last.bytesOut = Number(counters[3]);
  } else if (selectors !== null && last !== undefined) {
    last.localSelectors = readSelectors((selectors[2] ?? '').split(/\s+/), origin, problems);
    last.remoteSelectors = readSelectors((selectors[3] ?? '').trim().split(/\s+/), origin, problems);
  }
}
