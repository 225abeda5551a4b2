import type { Host } from '../facts/client.ts';
import type { Problem } from '../facts/origin.ts';
import { isRecord, type JsonRecord, numberOf, textOf } from './linux-json.ts';
import { type ClientFacts, pointerOrigin, type Reading, type ReadingContext } from './source.ts';
import { interfacesOf, termsOf, withTunnels } from './windows-collector-interfaces.ts';
import { type InterfaceTerms, type NetRoutes, netRoutesOf } from './windows-net-route-row.ts';
import { nameRulesOf } from './windows-nrpt.ts';
import { phonebookOf } from './windows-phonebook.ts';
import { field, type PowerShellRecord, quotedRecord, recordsOf } from './windows-powershell.ts';
import { rasEventsOf } from './windows-ras-events.ts';
import { connectionsOf } from './windows-vpn-records.ts';

/** Whether a JSON value is the document our own collector prints. */
export function isCollectorDocument(value: unknown): value is JsonRecord {
  return isRecord(value) && 'v' in value && ['routes', 'vpn', 'ifs', 'addrs'].some((part) => part in value);
}

/** Reads a collector's document: every part alone, and a part that is null stays unread. */
export function readCollector(document: JsonRecord, context: ReadingContext): Reading {
  const problems: Problem[] = [...failuresOf(document, context)];
  const part = (name: string): Part => {
    const value = unwrapped(document[name]);
    if (value === undefined || value === null) return undefined;
    const reading = recordsOf(value, `/${name}`, context);
    problems.push(...reading.problems);
    return reading.records;
  };
  const told = <T extends { readonly problems: readonly Problem[] }>(reading: T): T => {
    problems.push(...reading.problems);
    return reading;
  };
  const [ifs, vpn, books, rules, log] = [part('ifs'), part('vpn'), part('pbk'), part('nrpt'), part('events')];
  const links = told(interfacesOf(ifs, part('addrs'), part('nics')));
  const connections = vpn && told(connectionsOf(vpn)).connections;
  const facts: Partial<ClientFacts> = {
    ...tablesOf(part('routes'), part('persistent'), termsOf(ifs ?? []), told),
    ...(links.interfaces && { interfaces: withTunnels(links.interfaces, connections ?? []) }),
    ...(connections && { connections }),
    ...(books && { phonebook: books.flatMap((book) => told(bookOf(book)).phonebook) }),
    ...(rules && { nameRules: told(nameRulesOf(rules)).nameRules }),
    ...(log && { events: rasEventsOf(log) }),
    host: hostOf(document, part('os')?.[0], context),
  };
  return { facts, problems };
}

/** The records of one part; undefined where it was not answered. */
type Part = readonly PowerShellRecord[] | undefined;

function tablesOf(
  active: Part,
  stored: Part,
  terms: ReadonlyMap<string, InterfaceTerms>,
  told: (reading: NetRoutes) => NetRoutes,
): Partial<ClientFacts> {
  const routes = active && told(netRoutesOf(active, (key) => terms.get(key)));
  const persistent = stored && told(netRoutesOf(stored, () => undefined));
  if (routes === undefined && persistent === undefined) return {};
  return {
    ...(routes && { routes: routes.active }),
    persistent: [...(routes?.inactive ?? []), ...(persistent?.active ?? []), ...(persistent?.inactive ?? [])],
  };
}

// Windows PowerShell 5.1 prints a list within an object as { value: [...], Count: n } now and then.
function unwrapped(value: unknown): unknown {
  return isRecord(value) && Array.isArray(value['value']) && 'Count' in value ? value['value'] : value;
}

// "routes: Invalid class,Get-NetRoute"      nothing found is no failure
function failuresOf(document: JsonRecord, context: ReadingContext): readonly Problem[] {
  const errors = unwrapped(document['errors']);
  const list: readonly unknown[] = Array.isArray(errors) ? errors : [];
  return list.flatMap((error, index) => {
    const text = textOf(error) ?? JSON.stringify(error);
    if (/^\w+: (CmdletizationQuery_NotFound|NoMatchingEventsFound)/.test(text)) return [];
    return [{ origin: pointerOrigin(context, `/errors/${index}`), text, why: 'a part of the collector failed' }];
  });
}

function bookOf(record: PowerShellRecord): ReturnType<typeof phonebookOf> {
  const text = textOf(field(record, 'text'));
  if (text !== undefined) return phonebookOf(text, () => record.origin);
  const problem = { origin: record.origin, text: quotedRecord(record), why: 'a phonebook without its text' };
  return { phonebook: [], problems: [problem] };
}

function hostOf(document: JsonRecord, os: PowerShellRecord | undefined, context: ReadingContext): Host {
  const locale = textOf(document['culture']);
  if (os === undefined) return { ...(locale !== undefined && { locale }), origin: pointerOrigin(context, '/culture') };
  const build = [textOf(field(os, 'CurrentBuild')), textOf(field(os, 'UBR'))].filter((part) => part !== undefined);
  const architecture = textOf(field(os, 'arch'));
  const version = textOf(field(os, 'DisplayVersion'));
  const codePage = numberOf(field(os, 'oemcp'));
  return {
    ...(version !== undefined && { osVersion: version }),
    ...(build.length > 0 && { build: build.join('.') }),
    ...(architecture !== undefined && { architecture }),
    ...(locale !== undefined && { locale }),
    ...(codePage !== undefined && { codePage }),
    origin: os.origin,
  };
}
