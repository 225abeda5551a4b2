import type { ConfiguredConnection } from './strongswan-connection.ts';

interface Section {
  readonly name: string;
  readonly line: number;
  readonly values: Map<string, { readonly text: string; readonly line: number }>;
}

/** Reads ipsec.conf: sections `conn NAME`, their indented `key=value` lines, and what `also=` and `%default` lend them. */
export function readIpsecConf(text: string): readonly ConfiguredConnection[] {
  const sections = new Map<string, Section>();
  let current: Section | undefined;
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.replace(/(^|\s)#.*$/, '').trimEnd();
    const head = /^(conn|config|ca)\s+(\S+)/.exec(line);
    const entry = /^\s+([\w-]+)\s*=\s*(.*)$/.exec(line);
    if (head !== null) current = { name: head[2] ?? '', line: index + 1, values: new Map() };
    if (head?.[1] === 'conn' && current !== undefined) sections.set(current.name, current);
    if (entry !== null) current?.values.set(entry[1] ?? '', { text: unquoted(entry[2] ?? ''), line: index + 1 });
  }
  return [...sections.values()]
    .filter(({ name }) => name !== '%default')
    .flatMap((section) => connectionOf(section, sections));
}

function unquoted(text: string): string {
  return text.trim().replace(/^"(.*)"$/, '$1');
}

function connectionOf(section: Section, sections: ReadonlyMap<string, Section>): readonly ConfiguredConnection[] {
  const lenders = [section, sections.get(section.values.get('also')?.text ?? ''), sections.get('%default')];
  const value = (key: string) => lenders.map((lender) => lender?.values.get(key)).find((found) => found !== undefined);
  const [right, subnets] = [value('right'), value('rightsubnet')];
  // A section that others include (`also=`) and that names no peer is no connection of its own.
  if (right === undefined && subnets === undefined) return [];
  const server = right === undefined || right.text === '%any' ? null : right.text;
  const selectors = subnets === undefined ? [] : [subnets];
  return [{ name: section.name, server, dnsServers: [], selectors, line: section.line }];
}
