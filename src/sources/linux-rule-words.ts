import { assign, type RuleDraft, range, readEndText, readMark } from './linux-rule-draft.ts';

interface Cursor {
  readonly words: readonly string[];
  at: number;
  readonly draft: RuleDraft;
  table: string | undefined;
  suppressed: { suppressPrefixLength?: number; suppressGroup?: string };
}

/** Reads the words after `1001:`, e.g. `from all fwmark 0xca6c/0xffff lookup 51820 suppress_prefixlength 0`. */
export function readRuleWords(text: string, priority: number): RuleDraft {
  const draft: RuleDraft = { prefixes: [], unknown: [], priority };
  const cursor: Cursor = { words: text.trim().split(/\s+/), at: 0, draft, table: undefined, suppressed: {} };
  while (cursor.at < cursor.words.length) readWord(cursor);
  if (cursor.table !== undefined) draft.action = { kind: 'lookup', table: cursor.table, ...cursor.suppressed };
  return draft;
}

function readWord(cursor: Cursor): void {
  const word = cursor.words[cursor.at] ?? '';
  cursor.at += 1;
  const read = readers[word];
  if (read !== undefined) {
    read(cursor, word);
    return;
  }
  // A selector of a newer version: how many words belong to it is not known, so all that are left over are told.
  cursor.draft.unknown.push(word);
}

function value(cursor: Cursor, word: string): string {
  const text = cursor.words[cursor.at];
  cursor.at += 1;
  if (text === undefined) cursor.draft.wrong ??= `cut short after \`${word}\``;
  return text ?? '';
}

function discard({ draft }: Cursor, word: string): void {
  draft.action = { kind: 'discard', type: word as 'blackhole' | 'unreachable' | 'prohibit' };
}

function device(key: 'iif' | 'oif'): (cursor: Cursor, word: string) => void {
  return (cursor, word) => assign(cursor.draft, key, value(cursor, word));
}

function span(key: 'uids' | 'sourcePorts' | 'destinationPorts'): (cursor: Cursor, word: string) => void {
  return (cursor, word) => {
    const [first, last = first] = value(cursor, word).split('-');
    assign(cursor.draft, key, range(first, last));
  };
}

function skip(cursor: Cursor, word: string): void {
  value(cursor, word);
}

const readers: Readonly<Record<string, (cursor: Cursor, word: string) => void>> = Object.assign(Object.create(null), {
  not: ({ draft }) => assign(draft, 'not', true),
  from: (cursor, word) => readEndText(cursor.draft, 'from', value(cursor, word)),
  to: (cursor, word) => readEndText(cursor.draft, 'to', value(cursor, word)),
  tos: (cursor, word) => assign(cursor.draft, 'tos', value(cursor, word)),
  dsfield: (cursor, word) => assign(cursor.draft, 'tos', value(cursor, word)),
  fwmark: (cursor, word) => {
    const [mark, mask = '0xffffffff'] = value(cursor, word).split('/');
    readMark(cursor.draft, mark, mask);
  },
  iif: device('iif'),
  dev: device('iif'),
  oif: device('oif'),
  '[detached]': () => undefined,
  '[unresolved]': () => undefined,
  '[l3mdev-table]': ({ draft }) => assign(draft, 'l3mdev', true),
  l3mdev: ({ draft }) => assign(draft, 'l3mdev', true),
  uidrange: span('uids'),
  ipproto: (cursor, word) => assign(cursor.draft, 'protocol', value(cursor, word)),
  sport: span('sourcePorts'),
  dport: span('destinationPorts'),
  lookup: readTable,
  table: readTable,
  suppress_prefixlength: (cursor, word) => {
    cursor.suppressed.suppressPrefixLength = Number(value(cursor, word));
  },
  suppress_ifgroup: (cursor, word) => {
    cursor.suppressed.suppressGroup = value(cursor, word);
  },
  goto: (cursor, word) => {
    const priority = Number(value(cursor, word));
    assign(cursor.draft, 'action', Number.isInteger(priority) ? { kind: 'goto', priority } : undefined);
  },
  nop: ({ draft }) => assign(draft, 'action', { kind: 'nop' }),
  blackhole: discard,
  unreachable: discard,
  prohibit: discard,
  realms: skip,
  proto: skip,
  protocol: skip,
} satisfies Record<string, (cursor: Cursor, word: string) => void>);

// `lookup [l3mdev-table]`: the table of the device's VRF.
function readTable(cursor: Cursor, word: string): void {
  const table = value(cursor, word);
  if (table === '[l3mdev-table]') assign(cursor.draft, 'l3mdev', true);
  else cursor.table = table;
}
