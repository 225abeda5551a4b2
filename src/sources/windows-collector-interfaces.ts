import type { Interface, InterfaceAddress, VpnConnection } from '../facts/client.ts';
import type { Problem } from '../facts/origin.ts';
import { numberOf, textOf } from './linux-json.ts';
import { addressOfCell } from './windows-addresses.ts';
import type { InterfaceTerms } from './windows-net-route-row.ts';
import { field, type PowerShellRecord, quotedRecord } from './windows-powershell.ts';

/** Metric and state of each interface by `index/family`. */
// af: 2 IPv4, 23 IPv6.     conn: 0 disconnected, 1 connected
export function termsOf(records: readonly PowerShellRecord[]): ReadonlyMap<string, InterfaceTerms> {
  return new Map(
    records.map((record) => {
      const family = numberOf(field(record, 'af')) === 23 ? 6 : 4;
      const state = numberOf(field(record, 'conn'));
      const terms = {
        metric: numberOf(field(record, 'InterfaceMetric')) ?? null,
        isConnected: state === undefined ? undefined : state === 1,
      };
      return [`${textOf(field(record, 'InterfaceIndex')) ?? ''}/${family}`, terms];
    }),
  );
}

/** The interfaces of three questions joined by index; undefined where neither that could name them was answered. */
export function interfacesOf(
  ifs: readonly PowerShellRecord[] | undefined,
  addrs: readonly PowerShellRecord[] | undefined,
  nics: readonly PowerShellRecord[] | undefined,
): { readonly interfaces: readonly Interface[] | undefined; readonly problems: readonly Problem[] } {
  if (ifs === undefined && addrs === undefined) return { interfaces: undefined, problems: [] };
  const problems: Problem[] = [];
  const addresses = Map.groupBy(addrs ?? [], indexOf);
  const adapters = new Map((nics ?? []).map((nic) => [numberOf(field(nic, 'ifIndex')), nic]));
  const byIndex = new Map<number, Interface>();
  for (const record of [...(ifs ?? []), ...(addrs ?? [])]) {
    const index = indexOf(record);
    if (index === undefined) {
      problems.push({ origin: record.origin, text: quotedRecord(record), why: 'no number in InterfaceIndex' });
      continue;
    }
    if (byIndex.has(index)) continue;
    const own = (addresses.get(index) ?? []).flatMap((address) => addressOf(address, problems) ?? []);
    byIndex.set(index, { ...stateOf(record), ...adapterOf(adapters.get(index)), index, addresses: own });
  }
  return { interfaces: [...byIndex.values()], problems };
}

function indexOf(record: PowerShellRecord): number | undefined {
  return numberOf(field(record, 'InterfaceIndex'));
}

function stateOf(record: PowerShellRecord): Omit<Interface, 'index' | 'addresses'> {
  const [state, metric] = [numberOf(field(record, 'conn')), numberOf(field(record, 'InterfaceMetric'))];
  return {
    name: textOf(field(record, 'InterfaceAlias')) ?? textOf(field(record, 'InterfaceIndex')) ?? '',
    ...(state !== undefined && { isUp: state === 1 }),
    ...(metric !== undefined && { metric }),
    origin: record.origin,
  };
}

function addressOf(record: PowerShellRecord, problems: Problem[]): InterfaceAddress | undefined {
  const address = addressOfCell(textOf(field(record, 'IPAddress')) ?? '');
  if (address !== undefined) return { address, length: numberOf(field(record, 'PrefixLength')) ?? null };
  problems.push({ origin: record.origin, text: quotedRecord(record), why: 'no address in IPAddress' });
  return undefined;
}

// IANA ifType: 23 ppp, 53 virtual (Wintun, WireGuard), 131 tunnel. Component ids are driver names, never translated.
function adapterOf(nic: PowerShellRecord | undefined): Partial<Interface> {
  if (nic === undefined) return {};
  const description = textOf(field(nic, 'InterfaceDescription'));
  const kind = textOf(field(nic, 'ComponentID'));
  const mac = textOf(field(nic, 'MacAddress'))?.replaceAll('-', ':').toLowerCase();
  const type = numberOf(field(nic, 'InterfaceType')) ?? 0;
  const isTunnel = [23, 53, 131].includes(type) || /wintun|tap\d|ovpn|wireguard/i.test(kind ?? '');
  return {
    ...(description !== undefined && { description }),
    ...(kind !== undefined && kind !== '' && { kind }),
    ...(mac !== undefined && mac !== '' && { mac }),
    ...(isTunnel && { isTunnel }),
  };
}

/** The same, with those that a VPN connection gave its name to marked: Get-NetAdapter lists no RAS interface. */
export function withTunnels(
  interfaces: readonly Interface[],
  connections: readonly VpnConnection[],
): readonly Interface[] {
  const names = new Set(connections.map(({ name }) => name));
  return interfaces.map((link) => (names.has(link.name) ? { ...link, isTunnel: true } : link));
}
