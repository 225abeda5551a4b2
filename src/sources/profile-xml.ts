import { XMLParser, XMLValidator } from 'fast-xml-parser';
import type { Problem } from '../facts/origin.ts';
import { isRecord } from './linux-json.ts';
import { lineOrigin, type ReadingContext } from './source.ts';

/** An element of a profile: its children by name, in order; its text, where it holds text. */
export interface XmlElement {
  readonly children: ReadonlyMap<string, readonly XmlElement[]>;
  readonly text: string;
  /** Its text line by line, with the white space around it. */
  readonly rows: readonly string[];
  /** Where its tag opens, from 1. */
  readonly line: number;
}

const largest = 4_000_000;

/**
 * Reads every element of a name in a text: the profile alone, inside another document, or with a prompt or a mail around
 * it. Entities are never expanded and a DOCTYPE is refused: profiles have neither, attacks do.
 */
export function readProfileXml(
  text: string,
  name: string,
  context: ReadingContext,
): { readonly elements: readonly XmlElement[]; readonly problems: readonly Problem[] } {
  const refuse = (why: string) => ({
    elements: [],
    problems: [{ origin: { artifact: context.artifact }, text: '', why }],
  });
  if (text.trim() === '') return refuse('an empty text, where XML was expected');
  if (text.length > largest) return refuse('larger than any VPN profile: not read');
  if (/<!(DOCTYPE|ENTITY)/i.test(text)) return refuse('XML with a DOCTYPE is refused: profiles have none');
  // The parser takes every carriage return for a line of its own.
  const parts = partsOf(withoutComments(text.replace(/\r+\n/g, '\n')), name);
  if (parts.length === 0) return refuse(`no ${name} element`);
  const read = parts.map((part) => readPart(part));
  return {
    elements: read.flatMap((one) => (typeof one === 'string' ? [] : [one])),
    problems: read.flatMap((one) => (typeof one === 'string' ? refuse(one).problems : [])),
  };
}

// Blanked rather than cut out: what stands behind keeps its line.
function withoutComments(text: string): string {
  let result = '';
  let done = 0;
  for (let from = text.indexOf('<!--'); from >= 0; from = text.indexOf('<!--', done)) {
    const end = text.indexOf('-->', from + 4);
    if (end < 0) break;
    result += text.slice(done, from) + text.slice(from, end + 3).replace(/[^\n]/g, ' ');
    done = end + 3;
  }
  return result + text.slice(done);
}

interface Part {
  readonly text: string;
  /** The line its first tag stands on. */
  readonly line: number;
}

/** The stretches of a text from `<name …>` to `</name>`; to the end where it is not closed. */
function partsOf(text: string, name: string): readonly Part[] {
  const parts: Part[] = [];
  const tag = new RegExp(`<((?:[\\w-]+:)?${name})(?=[\\s/>])[^<>]*>`, 'gi');
  let line = 1;
  let counted = 0;
  for (let open = tag.exec(text); open !== null; open = tag.exec(text)) {
    const [whole, qualified = ''] = open;
    const close = new RegExp(`</${qualified}\\s*>`, 'gi');
    close.lastIndex = tag.lastIndex;
    const isWhole = whole.endsWith('/>') || close.exec(text) !== null;
    const end = whole.endsWith('/>') ? tag.lastIndex : close.lastIndex;
    line += newlinesIn(text.slice(counted, open.index));
    counted = open.index;
    parts.push({ text: text.slice(open.index, isWhole ? end : undefined), line });
    if (!isWhole) break;
    tag.lastIndex = end;
  }
  return parts;
}

function newlinesIn(text: string): number {
  return text.split('\n').length - 1;
}

/** The element, or why it is none. */
function readPart({ text, line }: Part): XmlElement | string {
  try {
    const valid = XMLValidator.validate(text);
    if (valid !== true) return `not well-formed XML: ${valid.err.msg} (line ${valid.err.line + line - 1})`;
    const parser = new XMLParser({
      preserveOrder: true,
      processEntities: false,
      removeNSPrefix: true,
      parseTagValue: false,
      trimValues: false,
    });
    return elementOf(parser.parse(text)[0], tagLines(text, line)).element;
  } catch (error) {
    return `not readable as XML: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** Lines at which tags of each name open, the last first; taken from the end as elements are met. */
type TagLines = ReadonlyMap<string, number[]>;

// The parser tells no positions, but it keeps the order: counting tags finds them again.
function tagLines(text: string, first: number): TagLines {
  const lines = new Map<string, number[]>();
  for (const [index, line] of text.split('\n').entries())
    for (const [, name = ''] of line.matchAll(/<(?:[\w.-]+:)?([\w.-]+)/g)) {
      const key = name.toLowerCase();
      const known = lines.get(key);
      if (known === undefined) lines.set(key, [index + first]);
      else known.push(index + first);
    }
  for (const found of lines.values()) found.reverse();
  return lines;
}

/** A node of the parser: `{ "Routes": [{ "#text": "10.0.0.0/16" }] }`, its attributes under a key of their own. */
function elementOf(node: unknown, lines: TagLines): { readonly name: string; readonly element: XmlElement } {
  const [name = '', content] = Object.entries(isRecord(node) ? node : {}).find(([key]) => key !== ':@') ?? [];
  const line = lines.get(name.toLowerCase())?.pop() ?? 1;
  const children = new Map<string, XmlElement[]>();
  const texts: string[] = [];
  for (const child of Array.isArray(content) ? content : []) {
    if ('#text' in child) texts.push(plain(String(child['#text'])));
    else {
      const { name: own, element } = elementOf(child, lines);
      const known = children.get(own.toLowerCase());
      if (known === undefined) children.set(own.toLowerCase(), [element]);
      else known.push(element);
    }
  }
  const text = texts.join(' ');
  return { name, element: { children, text: text.trim(), rows: text.split('\n'), line } };
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
  return text.replace(/&(?:lt|gt|quot|apos|amp);/g, (entity) => escapes[entity] as string);
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
  return textsAt(element, ...path)[0];
}

/** The texts at a path, without those that are empty. */
export function textsAt(element: XmlElement, ...path: readonly string[]): readonly string[] {
  return elementsAt(element, ...path).flatMap(({ text }) => (text === '' ? [] : [text]));
}

/** The words of a list: by commas, semicolons or white space. */
export function wordsOf(text: string): readonly string[] {
  return text.split(/[,;\s]+/).filter((word) => word !== '');
}

/** A problem of an element, quoting it. */
export function elementProblem({ line }: XmlElement, text: string, why: string, context: ReadingContext): Problem {
  return { origin: lineOrigin(context, line), text, why };
}
