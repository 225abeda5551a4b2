import { XMLParser, XMLValidator } from 'fast-xml-parser';
import type { Problem } from '../facts/origin.ts';
import { isRecord } from './linux-json.ts';
import { lineOrigin, type ReadingContext } from './source.ts';

/** An element of a profile: its children by name, in order; its text, where it holds text. */
export interface XmlElement {
  readonly children: ReadonlyMap<string, readonly XmlElement[]>;
  readonly text: string;
  /** Where its tag opens, from 1. */
  readonly line: number;
}

const largest = 4_000_000;

/** Reads a profile's XML. Entities are never expanded and a DOCTYPE is refused: profiles have neither, attacks do. */
export function readProfileXml(
  text: string,
  context: ReadingContext,
): { readonly root: XmlElement } | { readonly problem: Problem } {
  const refuse = (why: string): { readonly problem: Problem } => ({
    problem: { origin: { artifact: context.artifact }, text: '', why },
  });
  if (text.trim() === '') return refuse('an empty text, where XML was expected');
  if (text.length > largest) return refuse('larger than any VPN profile: not read');
  if (/<!(DOCTYPE|ENTITY)/i.test(text)) return refuse('XML with a DOCTYPE is refused: profiles have none');
  try {
    const source = text.replace(/^\ufeff/, '').trim();
    const valid = XMLValidator.validate(source);
    if (valid !== true) return refuse(`not well-formed XML: ${valid.err.msg} (line ${valid.err.line})`);
    const parser = new XMLParser({
      processEntities: false,
      ignoreAttributes: true,
      removeNSPrefix: true,
      parseTagValue: false,
      trimValues: true,
      ignoreDeclaration: true,
      ignorePiTags: true,
    });
    return { root: elementOf(parser.parse(source), tagLines(text), '') };
  } catch (error) {
    return refuse(`not readable as XML: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Lines at which tags of each name open, the last in the document first; taken from the end as elements are met. */
type TagLines = ReadonlyMap<string, number[]>;

// The parser tells no positions. Elements of one name are met in document order, so counting tags finds them again.
function tagLines(text: string): TagLines {
  const lines = new Map<string, number[]>();
  for (const [index, line] of text.split('\n').entries())
    for (const [, name = ''] of line.matchAll(/<(?:[\w.-]+:)?([\w.-]+)[\s/>]?/g)) {
      const key = name.toLowerCase();
      const known = lines.get(key);
      if (known === undefined) lines.set(key, [index + 1]);
      else known.push(index + 1);
    }
  for (const found of lines.values()) found.reverse();
  return lines;
}

function elementOf(value: unknown, lines: TagLines, tag: string): XmlElement {
  const line = lines.get(tag.toLowerCase())?.pop() ?? 1;
  if (!isRecord(value)) return { children: new Map(), text: plain(String(value ?? '')), line };
  const children = new Map<string, readonly XmlElement[]>();
  for (const [name, child] of Object.entries(value)) {
    if (name === '#text') continue;
    const list = (Array.isArray(child) ? child : [child]).map((item) => elementOf(item, lines, name));
    const key = name.toLowerCase();
    children.set(key, [...(children.get(key) ?? []), ...list]);
  }
  return { children, text: plain(String(value['#text'] ?? '')), line };
}

const escapes: Readonly<Record<string, string>> = {
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&apos;': "'",
  '&amp;': '&',
};

// The five that XML itself names; they make nothing grow.
function plain(text: string): string {
  return text.replace(/&(?:lt|gt|quot|apos|amp);/g, (entity) => escapes[entity] ?? entity).trim();
}

/** The elements at a path of names from an element, whatever their case. */
export function elementsAt(element: XmlElement, ...path: readonly string[]): readonly XmlElement[] {
  return path.reduce<readonly XmlElement[]>(
    (found, name) => found.flatMap(({ children }) => children.get(name.toLowerCase()) ?? []),
    [element],
  );
}

/** The text of the first element at a path that has any; undefined where none does. */
export function textAt(element: XmlElement, ...path: readonly string[]): string | undefined {
  return elementsAt(element, ...path).find(({ text }) => text !== '')?.text;
}

/** A problem of an element, quoting it. */
export function elementProblem({ line }: XmlElement, text: string, why: string, context: ReadingContext): Problem {
  return { origin: lineOrigin(context, line), text, why };
}
