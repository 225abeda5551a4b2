import type { Origin, Problem } from '../facts/origin.ts';
import { lineOrigin, type ReadingContext } from './source.ts';
import { type AssociationDraft, addressesIn, newAssociation } from './strongswan-association.ts';
import { readSelectors } from './strongswan-selectors.ts';

/** A section of a vici message: values by key, sections by name, both in the order they came. */
interface Section {
  readonly values: Map<string, string>;
  readonly sections: Map<string, Section>;
}

/** Reads `swanctl --list-sas --raw`, on one line per association or with `--pretty`. */
export function readRawSas(text: string, context: ReadingContext, problems: Problem[]): readonly AssociationDraft[] {
  const drafts: AssociationDraft[] = [];
  for (const match of text.matchAll(/^[ \t]*list-sa event \{/gm)) {
    const origin = lineOrigin(context, text.slice(0, match.index).split('\n').length);
    const cursor = { text, at: match.index + match[0].length, isCut: false };
    const section = readSection(cursor, 0);
    for (const [name, ike] of section.sections) drafts.push(associationOf(name, ike, origin, problems));
    if (cursor.isCut) problems.push({ origin, text: match[0].trim(), why: 'cut short: a section is not closed' });
  }
  return drafts;
}

interface Cursor {
  readonly text: string;
  at: number;
  isCut: boolean;
}

// net-1 {name=net state=INSTALLED remote-ts=[10.0.0.0/16 10.1.0.0/16]}     local-id=CN=p2s client, O=x remote-host=…
const entry = /\s*(?:(\})|([^\s{}=]+)\s*(?:\{|=[ \t]*(?:\[([^\]]*)\]|((?:[^\s{}\][]|[ \t]+(?![\w.-]+\s*[={]|\}))*))))/y;

/** Sections of a message are four deep; what is deeper is no message. */
const deepest = 20;

function readSection(cursor: Cursor, depth: number): Section {
  const section: Section = { values: new Map(), sections: new Map() };
  for (;;) {
    entry.lastIndex = cursor.at;
    const match = entry.exec(cursor.text);
    if (match === null || depth > deepest) {
      cursor.isCut = true;
      return section;
    }
    cursor.at = entry.lastIndex;
    const [, end, key, list, value] = match;
    if (end !== undefined || key === undefined) return section;
    const plain = list ?? value;
    if (plain === undefined) section.sections.set(key, readSection(cursor, depth + 1));
    else section.values.set(key, plain.trim());
    if (cursor.isCut) return section;
  }
}

function associationOf(name: string, ike: Section, origin: Origin, problems: Problem[]): AssociationDraft {
  const draft = newAssociation(name, ike.values.get('state') ?? '', origin);
  draft.ike.localHost = addressesIn(ike.values.get('local-host') ?? '')[0] ?? null;
  draft.ike.remoteHost = addressesIn(ike.values.get('remote-host') ?? '')[0] ?? null;
  draft.ike.virtualAddresses = addressesIn(ike.values.get('local-vips') ?? '');
  for (const [key, { values }] of ike.sections.get('child-sas')?.sections ?? [])
    draft.children.push({
      name: values.get('name') ?? key,
      state: values.get('state') ?? '',
      localSelectors: readSelectors(wordsOf(values.get('local-ts')), origin, problems),
      remoteSelectors: readSelectors(wordsOf(values.get('remote-ts')), origin, problems),
      bytesIn: countOf(values.get('bytes-in')),
      bytesOut: countOf(values.get('bytes-out')),
      origin,
    });
  return draft;
}

function wordsOf(list: string | undefined): readonly string[] {
  return (list ?? '').split(/[\s,]+/);
}

function countOf(text: string | undefined): number | null {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : null;
}
