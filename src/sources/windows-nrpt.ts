import type { NameRule } from '../facts/client.ts';
import type { Problem } from '../facts/origin.ts';
import { parseAddress } from '../net/address.ts';
import { isRecord, textOf } from './linux-json.ts';
import type { Reading, ReadingContext, Source } from './source.ts';
import { field, type PowerShellRecord, quotedRecord, readPowerShell } from './windows-powershell.ts';

/** `Get-DnsClientNrptPolicy` (or `…Rule`) as JSON: which DNS servers answer for which names. Empty output: no rules. */
export const windowsNrpt: Source = {
  id: 'windows-nrpt',
  title: 'Windows: Get-DnsClientNrptPolicy (JSON)',
  parse,
  recognise,
};

function parse(text: string, context: ReadingContext): Reading {
  if (text.trim() === '') return { facts: { nameRules: [] }, problems: [] };
  const { records, problems, value } = readPowerShell(text, context);
  const reading = nameRulesOf(records);
  const all = [...problems, ...reading.problems];
  const isAnswer = Array.isArray(value) || reading.nameRules.length > 0;
  if (isAnswer || all.length > 0) return { facts: isAnswer ? { nameRules: reading.nameRules } : {}, problems: all };
  return {
    facts: {},
    problems: [{ origin: { artifact: context.artifact }, text: '', why: 'no name rule in this text' }],
  };
}

/** The rules of NRPT records; a rule may stand for several namespaces. */
export function nameRulesOf(records: readonly PowerShellRecord[]): {
  readonly nameRules: readonly NameRule[];
  readonly problems: readonly Problem[];
} {
  const problems: Problem[] = [];
  const nameRules = records.flatMap((record) => {
    const namespaces = wordsOf(field(record, 'Namespace'));
    const servers = wordsOf(field(record, 'NameServers')).flatMap((text) => {
      const server = parseAddress(text);
      if (server === undefined) problems.push({ origin: record.origin, text, why: 'a name server that is no address' });
      return server ?? [];
    });
    if (namespaces.length === 0)
      problems.push({ origin: record.origin, text: quotedRecord(record), why: 'a name rule without Namespace' });
    return namespaces.map((namespace) => ({ namespace, servers, origin: record.origin }));
  });
  return { nameRules, problems };
}

// A list, one string, or in a view {10.0.0.4, 10.0.0.5}. Windows PowerShell 5.1 wraps a list within an object now and then, and an
// address may come as an object: { "value": [{ "IPAddressToString": "10.0.0.4" }], "Count": 1 }
function wordsOf(value: unknown): readonly string[] {
  if (isRecord(value) && Array.isArray(value['value'])) return wordsOf(value['value']);
  if (Array.isArray(value)) return value.flatMap((item) => (item === null ? [] : [wordOf(item)]));
  if (isRecord(value)) return [wordOf(value)];
  return (textOf(value) ?? '').split(/[{},;\s]+/).filter((word) => word !== '');
}

function wordOf(item: unknown): string {
  const text = textOf(isRecord(item) ? item['IPAddressToString'] : item);
  return text?.trim() ?? JSON.stringify(item);
}

function recognise(text: string): number {
  const { records } = /NameServers/i.test(text.slice(0, 20_000))
    ? readPowerShell(text, { artifact: '' })
    : { records: [] };
  return records.some((record) => field(record, 'Namespace') !== undefined) ? 0.9 : 0;
}
