import { createHmac } from 'node:crypto';
import { formatAddress, parseAddress } from '../net/address.ts';
import type { AddressMap } from './redact-addresses.ts';

/** How the things of one capture are called after redaction. */
export interface Renaming {
  readonly key: string;
  readonly address: AddressMap;
  /** Lower-cased names somebody chose. */
  readonly names: ReadonlySet<string>;
}

/** A text with every name, id, user, host and address under its other name. `withNames` false: only what is told by its shape. */
export function renamed(text: string, renaming: Renaming, withNames = true): string {
  const spaced = withNames ? withoutSpacedNames(text, renaming) : text;
  return spaced.replace(tokens, (token) => renamedToken(token, renaming, withNames));
}

const guid = '[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}';
const mac = '[0-9a-f]{2}(?:[:-][0-9a-f]{2}){5}(?![\\w:-])|(?:[0-9a-f]{2} ){5}[0-9a-f]{2}(?= \\.)';
// ::1, fe80::2c, 2001:db8::10.1.0.4
const sixth = '(?:[0-9a-f]{0,4}:){2,7}[0-9a-f.]*';
const person = '[\\w.+-]+@[\\w-]+(?:\\.[\\w-]+)*';
const word = '\\w(?:[\\w.-]*\\w)?';
const tokens = new RegExp(`(?<![\\w:.-])(?:${mac})|(?<![\\w:.])${sixth}|${person}|${word}`, 'gi');

function renamedToken(token: string, renaming: Renaming, withNames: boolean): string {
  const address = parseAddress(token);
  if (address !== undefined) return formatAddress(renaming.address(address));
  if (/^[0-9a-f]{2}(?:[:-][0-9a-f]{2}){5}$|^[0-9a-f]{2}(?: [0-9a-f]{2}){5}$/i.test(token))
    return renamedMac(token, renaming);
  if (new RegExp(`^${guid}$`, 'i').test(token)) return renamedGuid(token, renaming);
  if (token.includes('@')) return `user-${digest(token, renaming, 8)}@redacted.example`;
  if (withNames && renaming.names.has(token.toLowerCase())) return nameOf(token, renaming);
  if (hostName.test(token)) return renamedHost(token, renaming);
  const inner = token.replace(new RegExp(guid, 'gi'), (found) => renamedGuid(found, renaming));
  return withNames
    ? inner.replace(/[\w-]+/g, (part) => (renaming.names.has(part.toLowerCase()) ? nameOf(part, renaming) : part))
    : inner;
}

const hostName =
  /^(?:[\w-]+\.)+(?:com|net|org|io|us|cn|de|fr|uk|eu|in|jp|br|ru|nl|it|es|ch|at|local|lan|internal|intranet|corp|home|test|example|invalid|cloud|dev|app|edu|gov|info|biz)$/i;

// What these zones are is known to everybody, and a diagnosis may rest on it; who stands below them is not.
const publicZones =
  /(?:^|\.)((?:(?:vpn|cloudapp|privatelink|database|servicebus|azurewebsites|trafficmanager|internal\.cloudapp)\.)?(?:azure\.com|azure\.us|azure\.cn|windows\.net|usgovcloudapi\.net|chinacloudapi\.cn|azurewebsites\.net|microsoft\.com|microsoftonline\.com|live\.com)|[\w-]+\.core\.windows\.net)$/i;

function renamedHost(host: string, renaming: Renaming): string {
  const zone = publicZones.exec(host)?.[1];
  if (zone !== undefined && zone.length === host.length) return host;
  if (zone !== undefined && /microsoft|live\.com/i.test(zone)) return host;
  // The gateway's own prefix tells that it is one.
  const start = /^azuregateway-/i.test(host) ? 'azuregateway-' : 'host-';
  return `${start}${digest(host, renaming, 10)}.${zone ?? 'redacted.example'}`;
}

function renamedMac(token: string, renaming: Renaming): string {
  const digits = token.replace(/[^0-9a-f]/gi, '').toLowerCase();
  if (/^(0+|f+)$/.test(digits)) return token;
  // 02: locally administered, so nobody's.
  const fresh = `02${digest(digits, renaming, 10)}`;
  const separator = token[2] ?? ':';
  const written = (fresh.match(/../g) ?? []).join(separator);
  return token === token.toUpperCase() ? written.toUpperCase() : written;
}

function renamedGuid(token: string, renaming: Renaming): string {
  if (/^[0-]+$/.test(token)) return token;
  const hex = digest(token, renaming, 32);
  const written = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
  return token === token.toUpperCase() ? written.toUpperCase() : written;
}

// Names with spaces, or letters beyond ASCII: no word of the tokens above.
function withoutSpacedNames(text: string, renaming: Renaming): string {
  const spaced = [...renaming.names]
    .filter((name) => !/^\w(?:[\w.-]*\w)?$/.test(name))
    .sort((a, b) => b.length - a.length);
  if (spaced.length === 0) return text;
  const pattern = new RegExp(spaced.map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|'), 'gi');
  return text.replace(pattern, (name) => nameOf(name, renaming));
}

function nameOf(name: string, renaming: Renaming): string {
  return `name-${digest(name, renaming, 8)}`;
}

function digest(value: string, { key }: Renaming, length: number): string {
  return createHmac('sha256', key).update(value.toLowerCase()).digest('hex').slice(0, length);
}
