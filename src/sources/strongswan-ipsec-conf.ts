import { type ConfiguredConnection, serverOf } from './strongswan-connection.ts';

interface Value {
  readonly text: string;
  readonly line: number;
}

interface Section {
  readonly name: string;
  readonly line: number;
  readonly values: Map<string, Value>;
  /** The sections that `also=` names, in order. */
  readonly lenders: string[];
}

/**
 * Reads ipsec.conf: sections `conn NAME`, their `key=value` lines, and what `also=` and `%default` lend them. The lines
 * of a section are indented, but a paste often loses that, and nothing else has their shape.
 */
export function readIpsecConf(text: string): readonly ConfiguredConnection[] {
  const sections = new Map<string, Section>();
  let current: Section | undefined;
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.replace(/(^|\s)#.*$/, '').trimEnd();
    const head = /^\s*(conn|config|ca)\s+([^\s=]+)/.exec(line);
    if (head !== null) current = { name: head[2] ?? '', line: index + 1, values: new Map(), lenders: [] };
    if (head?.[1] === 'conn' && current !== undefined) sections.set(current.name, current);
    const [, key, value = ''] = /^\s*([\w-]+)\s*=\s*(.*)$/.exec(line) ?? [];
    if (key === 'also') current?.lenders.push(unquoted(value));
    else if (key !== undefined) current?.values.set(key, { text: unquoted(value), line: index + 1 });
  }
  return [...sections.values()]
    .filter(({ name }) => name !== '%default')
    .flatMap((section) => connectionOf(section, sections));
}

function unquoted(text: string): string {
  return text.trim().replace(/^"(.*)"$/, '$1');
}

function connectionOf(section: Section, sections: ReadonlyMap<string, Section>): readonly ConfiguredConnection[] {
  const lenders = [...withLenders(section, sections, new Set()), sections.get('%default')];
  const value = (...keys: readonly string[]) =>
    lenders.flatMap((lender) => keys.flatMap((key) => lender?.values.get(key) ?? []))[0];
  // `rightsubnets={10.0.0.0/16 10.1.0.0/16}` is Libreswan's.
  const [right, subnets] = [value('right'), value('rightsubnet', 'rightsubnets')];
  // A section that others include (`also=`) and that names no peer is no connection of its own.
  if (right === undefined && subnets === undefined) return [];
  const exclude = /^(passthrough|pass|drop)$/.test(value('type')?.text ?? '');
  const selectors =
    subnets === undefined ? [] : [{ text: subnets.text.replace(/[{}]/g, ' '), line: subnets.line, exclude }];
  return [{ name: section.name, server: serverOf(right?.text), dnsServers: [], selectors, line: section.line }];
}

const mostLenders = 200;

/** The section, and those it names, and those they name, each once. */
function withLenders(section: Section, sections: ReadonlyMap<string, Section>, seen: Set<string>): readonly Section[] {
  if (seen.has(section.name) || seen.size > mostLenders) return [];
  seen.add(section.name);
  const named = section.lenders.flatMap((name) => sections.get(name) ?? []);
  return [section, ...named.flatMap((lender) => withLenders(lender, sections, seen))];
}
