import type { Problem } from '../facts/origin.ts';
import type { Route, Via } from '../facts/route.ts';
import { familyOfPrefix, parseLoosePrefix, parsePrefix } from '../net/prefix.ts';
import { numberOf, textOf } from './linux-json.ts';
import { addressOfCell } from './windows-addresses.ts';
import { field, type PowerShellRecord, quotedRecord } from './windows-powershell.ts';

/** What other parts of a collector's document add to a route: an interface's own metric, and whether it is connected. */
export interface InterfaceTerms {
  readonly metric: number | null;
  readonly isConnected: boolean | undefined;
}

type NetRouteRow =
  | { readonly kind: 'route'; readonly route: Route; readonly isActive: boolean; readonly problem?: Problem }
  | { readonly kind: 'problem'; readonly problem: Problem };

/** What a list of Get-NetRoute records holds. */
export interface NetRoutes {
  readonly active: readonly Route[];
  /** Of the persistent store, or of an interface that is not connected. */
  readonly inactive: readonly Route[];
  readonly problems: readonly Problem[];
}

export function netRoutesOf(
  records: readonly PowerShellRecord[],
  termsOf: (key: string) => InterfaceTerms | undefined,
): NetRoutes {
  const active: Route[] = [];
  const inactive: Route[] = [];
  const problems: Problem[] = [];
  for (const record of records) {
    const row = netRouteOf(record, termsOf);
    if (row.kind === 'route') (row.isActive ? active : inactive).push(row.route);
    if (row.problem !== undefined) problems.push(row.problem);
  }
  return { active, inactive, problems };
}

// An MSFT_NetRoute. `termsOf` knows an interface by `index/family`.
function netRouteOf(record: PowerShellRecord, termsOf: (key: string) => InterfaceTerms | undefined): NetRouteRow {
  const prefixText = textOf(field(record, 'DestinationPrefix'))?.trim() ?? '';
  const hopText = textOf(field(record, 'NextHop'))?.trim() ?? '';
  const because = (why: string): NetRouteRow => ({ kind: 'problem', problem: problemOf(record, why) });
  const lost = record.cut.find((name) => /^(destinationprefix|nexthop|routemetric)$/i.test(name));
  if (lost !== undefined) return because(`${lost} was cut by the view: ${textOf(record.fields[lost]) ?? ''}`);
  const prefix = parsePrefix(prefixText);
  if (prefix === undefined) return because(whyNoPrefix(prefixText));
  const hop = addressOfCell(hopText);
  if (hop === undefined) return because(`NextHop "${hopText}" is no address`);
  const via: Via = Number(hop) === 0 ? { kind: 'on-link' } : { kind: 'gateway', address: hop };
  const index = textOf(field(record, 'InterfaceIndex', 'ifIndex'))?.trim() ?? '';
  const terms = termsOf(`${index}/${familyOfPrefix(prefix)}`);
  const protocol = textOf(field(record, 'Protocol', 'proto'));
  const isActive = !isPersistent(record) && terms?.isConnected !== false;
  const route: Route = {
    prefix,
    via,
    type: 'unicast',
    interface: aliasOf(record) ?? index,
    metric: metricOf(record, terms),
    table: 'main',
    ...(protocol !== undefined && { protocol }),
    origin: record.origin,
  };
  const cut = record.cut.find((name) => /^interfacealias$/i.test(name));
  return cut === undefined
    ? { kind: 'route', route, isActive }
    : { kind: 'route', route, isActive, problem: problemOf(record, `${cut} was cut by the view`) };
}

function problemOf(record: PowerShellRecord, why: string): Problem {
  return { origin: record.origin, text: quotedRecord(record), why };
}

function whyNoPrefix(text: string): string {
  if (text === '') return 'a route without DestinationPrefix';
  const hasHostBits = text.includes('/') && parseLoosePrefix(text) !== undefined;
  return hasHostBits ? `${text} has bits set outside its length` : `DestinationPrefix "${text}" is no prefix`;
}

function aliasOf(record: PowerShellRecord): string | undefined {
  if (record.cut.some((name) => /^interfacealias$/i.test(name))) return undefined;
  const alias = textOf(field(record, 'InterfaceAlias', 'ifAlias'))?.trim();
  return alias === '' ? undefined : alias;
}

// Both terms or nothing: half a metric would rank wrongly. Windows before 10 keeps the second on the interface alone.
function metricOf(record: PowerShellRecord, terms: InterfaceTerms | undefined): number | null {
  const route = numberOf(field(record, 'RouteMetric'));
  const own = numberOf(field(record, 'InterfaceMetric', 'ifMetric')) ?? terms?.metric ?? undefined;
  return route === undefined || own === undefined ? null : route + own;
}

// PolicyStore: ActiveStore, PersistentStore, Persiste...      Store: 1 active, 0 persistent
function isPersistent(record: PowerShellRecord): boolean {
  const store = field(record, 'PolicyStore', 'Store', 'store');
  return typeof store === 'number' ? store === 0 : typeof store === 'string' && /^(persist|0$)/i.test(store.trim());
}
