import type { ArtifactId } from '../facts/capture.ts';
import type { Origin, PrefixAt, Problem } from '../facts/origin.ts';
import type { ResourceId } from '../facts/resource-id.ts';
import { type Address, parseAddress } from '../net/address.ts';
import { type Prefix, parsePrefix } from '../net/prefix.ts';

/** A value inside a document, where it stands, and where to put what is wrong with it. */
export interface Node {
  readonly value: unknown;
  readonly artifact: ArtifactId;
  readonly pointer: string;
  readonly problems: Problem[];
  /** A document that stands inside a text of another: that text is the nearest place a pointer reaches. */
  readonly isInText?: true;
}

export type JsonObject = Readonly<Record<string, unknown>>;

/** Whether a JSON value is an object with named fields. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The place of a node, for a fact that was read there. */
export function originOf(node: Node): Origin {
  return { artifact: node.artifact, pointer: node.pointer };
}

/** Tells that a value looked like data and was not understood. */
export function complain(node: Node, why: string): void {
  const text = typeof node.value === 'string' ? node.value : (JSON.stringify(node.value) ?? '');
  const hint = cutOff.test(text) ? '; ConvertTo-Json cut it off here: give it -Depth 10' : '';
  node.problems.push({ origin: originOf(node), text: text.slice(0, 200), why: `${why}${hint}` });
}

// Microsoft.Azure.Commands.Network.Models.PSRouteTable: below its depth PowerShell writes the type of a thing for the thing.
const cutOff = /^(?:Microsoft\.Azure|System)\.[\w.]+/;

/** Whether PowerShell cut something off in a value, at any depth. */
function isCutOff(value: unknown): boolean {
  if (typeof value === 'string') return cutOff.test(value);
  return typeof value === 'object' && value !== null && Object.values(value).some(isCutOff);
}

/** The node one step down, by key or index. */
export function step(node: Node, key: string | number, value: unknown): Node {
  if (node.isInText) return { ...node, value };
  // RFC 6901: `~` and `/` are the two characters that a pointer has to escape.
  const token = String(key).replaceAll('~', '~0').replaceAll('/', '~1');
  return { ...node, value, pointer: `${node.pointer}/${token}` };
}

/**
 * A field by any of its names: under `properties` as ARM writes it, or beside the id as the SDK and `az` flatten it.
 * Letter case is ignored: `publicIPAddress` of ARM was `publicIpAddress` in older `az`. A null counts as absent.
 */
export function field(node: Node, ...names: readonly string[]): Node | undefined {
  const inner = own(node, 'properties');
  const places = inner !== undefined && isObject(inner.value) ? [inner, node] : [node];
  for (const place of places) {
    for (const name of names) {
      const found = own(place, name);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

function own(node: Node, name: string): Node | undefined {
  if (!isObject(node.value)) return undefined;
  const wanted = name.toLowerCase();
  const key = Object.hasOwn(node.value, name)
    ? name
    : Object.keys(node.value).find((candidate) => candidate.toLowerCase() === wanted);
  const value = key === undefined ? undefined : node.value[key];
  if (key === undefined || value === null || value === undefined) return undefined;
  return spelledOut(node, key) ?? step(node, key, value);
}

// "SubnetsText": "[\r\n  {\r\n    \"Name\": …": the cmdlets of Az tell their inner objects a second time, as a text that is never cut.
function spelledOut(node: Node, key: string): Node | undefined {
  const { [key]: value, [`${key}Text`]: text } = node.value as JsonObject;
  if (typeof text !== 'string' || !isCutOff(value)) return undefined;
  try {
    return { ...step(node, `${key}Text`, JSON.parse(text)), isInText: true };
  } catch {
    return undefined;
  }
}

/** `id`, `name` or `type`: what a document calls itself, never something of that name among its properties. */
export function labelOf(node: Node, name: 'id' | 'name' | 'type'): string | undefined {
  const value = own(node, name)?.value;
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A field's text. Undefined: not told, or no text. */
export function textOf(node: Node, ...names: readonly string[]): string | undefined {
  const found = field(node, ...names);
  if (found === undefined || found.value === '') return undefined;
  if (typeof found.value === 'string') return found.value;
  if (typeof found.value === 'number') return String(found.value);
  complain(found, 'expected a text');
  return undefined;
}

/** A field that is true or false. Undefined: not told. */
export function flagOf(node: Node, ...names: readonly string[]): boolean | undefined {
  const found = field(node, ...names);
  if (found === undefined || typeof found.value === 'boolean') return found?.value as boolean | undefined;
  const word = String(found.value).toLowerCase();
  if (word === 'true' || word === 'false') return word === 'true';
  complain(found, 'expected true or false');
  return undefined;
}

/** A field that counts something. Undefined: not told. */
export function numberOf(node: Node, ...names: readonly string[]): number | undefined {
  const found = field(node, ...names);
  if (found === undefined || found.value === '') return undefined;
  const value = typeof found.value === 'string' ? Number(found.value) : found.value;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  complain(found, 'expected a number');
  return undefined;
}

/**
 * The entries of a list. Undefined: the document does not carry the list. One bare value is a list of one; a text may be a
 * whole list, for below its depth PowerShell writes one so: `10.0.0.0/16 10.9.0.0/16`, or nothing for an empty one.
 */
export function listOf(node: Node, ...names: readonly string[]): readonly Node[] | undefined {
  const found = field(node, ...names);
  if (found === undefined) return undefined;
  if (Array.isArray(found.value)) return entries(found);
  if (typeof found.value !== 'string') return [found];
  // What these lists hold, prefixes, addresses, ids and words, has no space in it.
  const words = found.value.split(/\s+/).filter((word) => word !== '');
  return words.map((value) => ({ ...found, value }));
}

/** The entries of a list, or none. */
export function each(node: Node, ...names: readonly string[]): readonly Node[] {
  return listOf(node, ...names) ?? [];
}

/** The elements of a node that is itself a list, nulls left out. */
export function entries(node: Node): readonly Node[] {
  if (!Array.isArray(node.value)) return [];
  return node.value.flatMap((value, index) => (value === null ? [] : [step(node, index, value)]));
}

/** The texts of a list, or of a single value in its place. */
export function textsOf(node: Node, ...names: readonly string[]): readonly string[] {
  return each(node, ...names).flatMap((entry) => {
    if (typeof entry.value === 'string') return entry.value === '' ? [] : [entry.value];
    complain(entry, 'expected a text');
    return [];
  });
}

/** The id of the resource that a field refers to: `{ "id": … }` or the id itself. */
export function idOf(node: Node, ...names: readonly string[]): ResourceId | undefined {
  const found = field(node, ...names);
  return found === undefined ? undefined : idAt(found);
}

/** The id that a node is, or carries. What was cut off is kept as it stands: that something is there decides as well. */
function idAt(node: Node): ResourceId | undefined {
  if (typeof node.value !== 'string') return labelOf(node, 'id');
  if (isCutOff(node.value)) complain(node, 'not the id of a resource');
  return node.value === '' ? undefined : node.value;
}

/** The ids that a list refers to. */
export function idsOf(node: Node, ...names: readonly string[]): readonly ResourceId[] {
  return each(node, ...names).flatMap((entry) => idAt(entry) ?? []);
}

/** The prefix that a node spells. Garbage or host bits: a problem, and undefined. */
export function prefixAt(node: Node): PrefixAt | undefined {
  const prefix = typeof node.value === 'string' ? parsePrefix(node.value.trim()) : undefined;
  if (prefix !== undefined) return { prefix, origin: originOf(node) };
  complain(node, 'not an address prefix (or its host bits are set)');
  return undefined;
}

/** Each prefix of a list, with the place of the very value. Undefined: the document does not carry the list. */
export function prefixesAt(node: Node, ...names: readonly string[]): readonly PrefixAt[] | undefined {
  return listOf(node, ...names)?.flatMap((entry) => prefixAt(entry) ?? []);
}

/** The prefixes of a list. */
export function prefixesOf(node: Node, ...names: readonly string[]): readonly Prefix[] {
  return (prefixesAt(node, ...names) ?? []).map(({ prefix }) => prefix);
}

/** The prefixes of an address space, `{ "addressPrefixes": […] }` or a bare list. Undefined: not told. */
export function addressSpaceOf(node: Node, ...names: readonly string[]): readonly PrefixAt[] | undefined {
  const space = field(node, ...names);
  if (space === undefined) return undefined;
  if (isObject(space.value)) return prefixesAt(space, 'addressPrefixes');
  return prefixesAt(node, ...names);
}

/** The address that a node spells. Anything else: a problem, and undefined. */
function addressAt(node: Node): Address | undefined {
  const address = typeof node.value === 'string' ? parseAddress(node.value.trim()) : undefined;
  if (address === undefined) complain(node, 'not an IP address');
  return address;
}

/** The addresses of a list; a text may hold several, as `"10.0.1.4,10.0.1.5"` of an active-active gateway does. */
export function addressesOf(node: Node, ...names: readonly string[]): readonly Address[] {
  return each(node, ...names).flatMap((entry) => {
    const parts = typeof entry.value === 'string' ? entry.value.split(',') : [entry.value];
    return parts.flatMap((value) => (value === '' ? [] : (addressAt({ ...entry, value }) ?? [])));
  });
}

/** One address. Undefined: not told, or not understood. */
export function addressOf(node: Node, ...names: readonly string[]): Address | undefined {
  return addressesOf(node, ...names)[0];
}
