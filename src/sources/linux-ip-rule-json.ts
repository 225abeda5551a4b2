import type { Rule } from '../facts/route.ts';
import { type JsonRecord, numberOf, textOf } from './linux-json.ts';
import { assign, type RuleDraft, range, readEndText, readMark } from './linux-rule-draft.ts';

const jsonReaders: Readonly<Record<string, (draft: RuleDraft, row: JsonRecord, value: unknown) => void>> =
  Object.assign(Object.create(null), {
    priority: (draft, _row, value) => assign(draft, 'priority', numberOf(value)),
    not: (draft) => assign(draft, 'not', true),
    src: (draft, { srclen }, value) => readEnd(draft, 'from', value, srclen),
    dst: (draft, { dstlen }, value) => readEnd(draft, 'to', value, dstlen),
    tos: (draft, _row, value) => assign(draft, 'tos', textOf(value)),
    fwmark: (draft, { fwmask }, value) => readMark(draft, value, fwmask ?? 0xffff_ffff),
    iif: (draft, _row, value) => assign(draft, 'iif', textOf(value)),
    oif: (draft, _row, value) => assign(draft, 'oif', textOf(value)),
    l3mdev: (draft) => assign(draft, 'l3mdev', true),
    uid_start: (draft, { uid_end }, value) => assign(draft, 'uids', range(value, uid_end)),
    ipproto: (draft, _row, value) => assign(draft, 'protocol', textOf(value)),
    sport: (draft, _row, value) => assign(draft, 'sourcePorts', range(value, value)),
    sport_start: (draft, { sport_end }, value) => assign(draft, 'sourcePorts', range(value, sport_end)),
    dport: (draft, _row, value) => assign(draft, 'destinationPorts', range(value, value)),
    dport_start: (draft, { dport_end }, value) => assign(draft, 'destinationPorts', range(value, dport_end)),
    table: (draft, row, value) => assign(draft, 'action', lookup(row, value)),
    goto: (draft, _row, value) => assign(draft, 'action', { kind: 'goto', priority: numberOf(value) ?? Number.NaN }),
    nop: (draft) => assign(draft, 'action', { kind: 'nop' }),
    action: readAction,
  } satisfies Record<string, (draft: RuleDraft, row: JsonRecord, value: unknown) => void>);

/** Keys that are read beside another, or restrict nothing. */
const companions: ReadonlySet<string> = new Set([
  ...['srclen', 'dstlen', 'fwmask', 'uid_end', 'sport_end', 'dport_end', 'suppress_prefixlen', 'suppress_prefixlength'],
  ...['suppress_ifgroup', 'protocol', 'flow', 'flow_from', 'flow_to', 'realms', 'unresolved'],
  ...['iif_detached', 'oif_detached'],
]);

/** What a row of `ip -j rule` says. */
export function draftOfRow(row: JsonRecord): RuleDraft {
  const draft: RuleDraft = { prefixes: [], unknown: [] };
  for (const [key, value] of Object.entries(row)) {
    const read = jsonReaders[key];
    if (read !== undefined) read(draft, row, value);
    else if (!companions.has(key)) draft.unknown.push(value === null ? key : `${key} ${JSON.stringify(value)}`);
  }
  return draft;
}

function readEnd(draft: RuleDraft, key: 'from' | 'to', value: unknown, length: unknown): void {
  if (value === 'all') return;
  const text = textOf(value) ?? '';
  readEndText(draft, key, length === undefined || text.includes('/') ? text : `${text}/${textOf(length) ?? ''}`);
}

function lookup(row: JsonRecord, table: unknown): Rule['action'] | undefined {
  const name = textOf(table);
  if (name === undefined) return undefined;
  const { suppress_prefixlen, suppress_prefixlength, suppress_ifgroup } = row;
  const length = numberOf(suppress_prefixlen ?? suppress_prefixlength);
  const group = textOf(suppress_ifgroup);
  return {
    kind: 'lookup',
    table: name,
    ...(length !== undefined && { suppressPrefixLength: length }),
    ...(group !== undefined && { suppressGroup: group }),
  };
}

function readAction(draft: RuleDraft, row: JsonRecord, value: unknown): void {
  const { table } = row;
  if (value === 'blackhole' || value === 'unreachable' || value === 'prohibit')
    draft.action = { kind: 'discard', type: value };
  else if (value === 'nop') draft.action = { kind: 'nop' };
  else if (table === undefined) draft.unknown.push(`action ${JSON.stringify(value)}`);
}
