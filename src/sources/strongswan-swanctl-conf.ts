import type { Problem } from '../facts/origin.ts';
import { lineOrigin, type ReadingContext } from './source.ts';
import { type ConfiguredConnection, type SelectorList, serverOf } from './strongswan-connection.ts';

interface Section {
  readonly line: number;
  /** Sections it takes over what it does not say itself: `azure : conn-defaults {`. */
  readonly lenders: string[];
  readonly values: Map<string, { readonly text: string; readonly line: number }>;
  readonly sections: Map<string, Section>;
}

// connections {     azure : conn-defaults {     remote_addrs = 20.193.245.69     children { net { remote_ts = 10.0.0.0/16,10.1.0.0/16 } } }
const token =
  /\s*(?:#[^\n]*|(\})|([^\s{}=#]+)(?:\s*:\s*([^\s{}=#,]+(?:\s*,\s*[^\s{}=#,]+)*))?\s*(?:(\{)|=[ \t]*("[^"]*"|[^\n{}#]*))|(\S+))/y;

// Of everything else, `secrets` first of all, nothing is kept.
const wanted: ReadonlySet<string> = new Set(['remote_addrs', 'remote_ts', 'mode']);

/** Reads swanctl.conf. Of `secrets` nothing is kept, not even for a problem. */
export function readSwanctlConf(
  text: string,
  context: ReadingContext,
  problems: Problem[],
): readonly ConfiguredConnection[] {
  const root = newSection(1);
  const open: { readonly name: string; readonly section: Section }[] = [];
  const lines = { at: 0, line: 1 };
  token.lastIndex = 0;
  for (let match = token.exec(text); match !== null; match = token.exec(text)) {
    const [whole, end, key = '', lenders, brace, value] = match;
    const line = lineAt(text, match.index + whole.length - whole.trimStart().length, lines);
    const current = open.at(-1)?.section ?? root;
    if (end !== undefined) open.pop();
    else if (brace !== undefined) open.push({ name: key, section: sectionIn(current, key, lenders, line) });
    else if (value !== undefined && wanted.has(key)) current.values.set(key, { text: unquoted(value), line });
  }
  if (open.length > 0) {
    const origin = lineOrigin(context, text.split('\n').length);
    problems.push({ origin, text: open.map(({ name }) => name).join('.'), why: 'cut short: a section is not closed' });
  }
  const connections = root.sections.get('connections');
  const known = new Map<Section, Section>();
  return [...(connections?.sections ?? [])].map(([name, section]) => connectionOf(name, section, root, known));
}

function newSection(line: number): Section {
  return { line, lenders: [], values: new Map(), sections: new Map() };
}

/** A section opened twice is one. */
function sectionIn(parent: Section, name: string, lenders: string | undefined, line: number): Section {
  const section = parent.sections.get(name) ?? newSection(line);
  parent.sections.set(name, section);
  section.lenders.push(...(lenders?.split(/\s*,\s*/) ?? []));
  return section;
}

function unquoted(text: string): string {
  return text.trim().replace(/^"([^"]*)"$/, '$1');
}

function lineAt(text: string, index: number, seen: { at: number; line: number }): number {
  for (; seen.at < index; seen.at += 1) if (text[seen.at] === '\n') seen.line += 1;
  return seen.line;
}

function connectionOf(
  name: string,
  written: Section,
  root: Section,
  known: Map<Section, Section>,
): ConfiguredConnection {
  const section = withLent(written, root, known);
  const children = [...(section.sections.get('children')?.sections.values() ?? [])];
  return {
    name,
    server: serverOf(section.values.get('remote_addrs')?.text),
    dnsServers: [],
    selectors: children.flatMap(selectorsOf),
    line: written.line,
  };
}

function selectorsOf({ values }: Section): readonly SelectorList[] {
  const list = values.get('remote_ts');
  const isPassed = /^(pass|drop)$/.test(values.get('mode')?.text ?? '');
  return list === undefined ? [] : [{ ...list, exclude: isPassed }];
}

// A connection's children are three deep, with templates a little more.
const deepest = 30;

/** The section with what its lenders, and theirs, say besides. Each is worked out once; one that lends to itself adds nothing. */
function withLent(section: Section, root: Section, known: Map<Section, Section>, depth = 0): Section {
  const done = known.get(section);
  if (done !== undefined || depth > deepest) return done ?? section;
  known.set(section, section);
  const lenders = section.lenders.flatMap((path) => sectionAt(root, path) ?? []);
  const lent = lenders.map((lender) => withLent(lender, root, known, depth + 1));
  const merged = newSection(section.line);
  for (const one of [...lent, section]) {
    for (const [key, value] of one.values) merged.values.set(key, value);
    for (const [name, child] of one.sections)
      merged.sections.set(name, joined(merged.sections.get(name), withLent(child, root, known, depth + 1)));
  }
  known.set(section, merged);
  return merged;
}

function joined(below: Section | undefined, above: Section): Section {
  if (below === undefined) return above;
  return {
    ...above,
    values: new Map([...below.values, ...above.values]),
    sections: new Map([...below.sections, ...above.sections]),
  };
}

// conn-defaults, connections.base.children.net
function sectionAt(root: Section, path: string): Section | undefined {
  return path.split('.').reduce<Section | undefined>((section, name) => section?.sections.get(name), root);
}
