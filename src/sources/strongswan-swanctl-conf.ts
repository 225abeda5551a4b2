import type { Problem } from '../facts/origin.ts';
import { lineOrigin, type ReadingContext } from './source.ts';
import type { ConfiguredConnection } from './strongswan-connection.ts';

type Draft = { -readonly [Key in keyof ConfiguredConnection]: ConfiguredConnection[Key] };

// connections {     azure {     remote_addrs = 20.193.245.69     children { net { remote_ts = 10.0.0.0/16,10.1.0.0/16 } }
const token = /\s*(?:#[^\n]*|(\})|([^\s{}=#]+)(?:\s*:\s*[^\s{}=#]+)?\s*(?:(\{)|=[ \t]*("[^"]*"|[^\n{}#]*))|(\S+))/y;

/** Reads swanctl.conf. Of `secrets` nothing is kept, not even for a problem. */
export function readSwanctlConf(
  text: string,
  context: ReadingContext,
  problems: Problem[],
): readonly ConfiguredConnection[] {
  const drafts: Draft[] = [];
  const open: (readonly string[])[] = [];
  const lines = { at: 0, line: 1 };
  token.lastIndex = 0;
  for (let match = token.exec(text); match !== null; match = token.exec(text)) {
    const [whole, end, key = '', brace, value] = match;
    const line = lineAt(text, match.index + whole.length - whole.trimStart().length, lines);
    const path = open.at(-1) ?? [];
    if (end !== undefined) open.pop();
    else if (brace !== undefined) open.push([...path, key]);
    readEntry(drafts, path, key, brace === undefined ? value : undefined, line);
  }
  if (open.length > 0) {
    const origin = lineOrigin(context, text.split('\n').length);
    problems.push({ origin, text: open.at(-1)?.join('.') ?? '', why: 'cut short: a section is not closed' });
  }
  return drafts;
}

function lineAt(text: string, index: number, seen: { at: number; line: number }): number {
  for (; seen.at < index; seen.at += 1) if (text[seen.at] === '\n') seen.line += 1;
  return seen.line;
}

/** A section that begins (no value), or a value in a section. */
function readEntry(
  drafts: Draft[],
  path: readonly string[],
  key: string,
  value: string | undefined,
  line: number,
): void {
  if (path[0] !== 'connections' || key === '') return;
  if (value !== undefined) readValue(drafts.at(-1), path.length, key, value, line);
  else if (path.length === 1) drafts.push({ name: key, server: null, dnsServers: [], selectors: [], line });
}

function readValue(draft: Draft | undefined, depth: number, key: string, value: string, line: number): void {
  if (draft === undefined) return;
  const text = value.trim().replace(/^"(.*)"$/, '$1');
  if (key === 'remote_addrs' && depth === 2) draft.server = text.split(/[\s,]+/)[0] ?? null;
  if (key === 'remote_ts' && depth === 4) draft.selectors = [...draft.selectors, { text, line }];
}
