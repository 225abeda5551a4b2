import type { Route, Via } from '../facts/route.ts';
import { type Address, parseAddress } from '../net/address.ts';
import { type Prefix, parsePrefix } from '../net/prefix.ts';
import { lineOrigin, type ReadingContext } from './source.ts';
import { onLink, type RowsFound } from './windows-route-row.ts';
import { quoted } from './windows-scan.ts';

/** A row whose prefix was too long for its column: its gateway stands on the next line. */
interface WaitingRow {
  readonly line: number;
  readonly text: string;
  readonly index: string;
  readonly metric: number;
  readonly prefix: Prefix;
}

/** What the IPv6 rows of one table need to know of the lines before them. */
export interface Ipv6State {
  waiting: WaitingRow | undefined;
  /** Whether active rows were read, and how many rulers were drawn since the last of them. */
  hasRows: boolean;
  rulers: number;
  isPersistent: boolean;
  readonly tell: (line: number, text: string, why: string) => void;
}

export function ipv6State(tell: Ipv6State['tell']): Ipv6State {
  return { waiting: undefined, hasRows: false, rulers: 0, isPersistent: false, tell };
}

/** Says of a row whose gateway never came that it was lost; called where something else follows. */
export function endWaiting(state: Ipv6State): void {
  if (state.waiting === undefined) return;
  state.tell(state.waiting.line, state.waiting.text, 'the row ends before its gateway');
  state.waiting = undefined;
}

// 11    266 fdb2:2c26:f4e4:0:24b4:9398:1a69:664/128        the gateway may follow on the next line
//  0 4294967295 2001:db8:50::/48        fe80::1            persistent
const rowPattern = /^(\d{1,10})\s+(\d{1,10})\s+([0-9a-f:.]{2,45}\/\d{1,3})(?![0-9a-z])\s*(.*)$/i;
const unspecifiedMetric = 4_294_967_295;

/** Reads a row of the IPv6 table, or the line that ends one. Whether the line was either. */
export function readIpv6Line(
  state: Ipv6State,
  found: RowsFound,
  row: string,
  line: number,
  context: ReadingContext,
): boolean {
  const [, index = '', metric = '', prefixText = '', rest = ''] = rowPattern.exec(row) ?? [];
  if (prefixText === '') return readGateway(state, found, row, context);
  endWaiting(state);
  const prefix = prefixText.includes(':') ? parsePrefix(prefixText) : undefined;
  const begun = { line, text: row, index, metric: Number(metric) };
  if (prefix === undefined) state.tell(line, row, `${prefixText} is no IPv6 prefix`);
  else if (rest === '') state.waiting = { ...begun, prefix };
  else file(state, found, { ...begun, prefix }, rest, context);
  return true;
}

// A heading ends in a colon (a wide one in Chinese); a gateway does so only as `fe80::`.
function readGateway(state: Ipv6State, found: RowsFound, row: string, context: ReadingContext): boolean {
  const { waiting } = state;
  if (waiting === undefined) return false;
  if (/[:：]$/.test(row) && gatewayOf(row) === undefined) {
    endWaiting(state);
    return false;
  }
  state.waiting = undefined;
  file(state, found, waiting, row, context);
  return true;
}

function file(state: Ipv6State, found: RowsFound, row: WaitingRow, gateway: string, context: ReadingContext): void {
  const { line, text, index, metric, prefix } = row;
  const address = gatewayOf(gateway);
  // The word for On-link holds no digit in any language.
  if (address === undefined && /\d/.test(gateway)) {
    state.tell(line, text, `${quoted(gateway)} is no gateway`);
    return;
  }
  const via: Via = address === undefined ? onLink : { kind: 'gateway', address };
  const isPersistent = Number(index) === 0 || metric === unspecifiedMetric || isAfterActive(state);
  const route: Route = {
    prefix,
    via,
    type: 'unicast',
    interface: index,
    metric: metric === unspecifiedMetric ? null : metric,
    table: 'main',
    origin: lineOrigin(context, line),
  };
  (isPersistent ? found.persistent : found.active).push(route);
  state.hasRows = true;
  state.rulers = 0;
  state.isPersistent = isPersistent;
}

// One ruler parts the active rows from the persistent ones; a second table comes after more of them.
function isAfterActive({ hasRows, rulers, isPersistent }: Ipv6State): boolean {
  return hasRows && (rulers === 1 || (rulers === 0 && isPersistent));
}

// fe80::1%12
function gatewayOf(text: string): Address | undefined {
  const address = parseAddress(text.replace(/%\w+$/, ''));
  return typeof address === 'bigint' ? address : undefined;
}
