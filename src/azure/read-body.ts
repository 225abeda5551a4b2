import type { Artifact, Unanswered } from '../facts/capture.ts';
import type { Problem } from '../facts/origin.ts';
import { decodeText } from '../sources/decode.ts';
import { entries, field, isObject, type JsonObject, type Node, step } from './document.ts';

/** What an ARM answer holds: its entries, or why nothing can be read from it. */
export type Body =
  | { readonly kind: 'one'; readonly node: Node }
  | { readonly kind: 'list'; readonly entries: readonly Node[]; readonly nextPage: boolean }
  /** `{}`, null or no bytes at all: BGP actions answer so where there is no BGP. */
  | { readonly kind: 'empty'; readonly why: Unanswered }
  | { readonly kind: 'unread'; readonly why: Unanswered };

const unanswered = (code: string, message: string): Unanswered => ({ kind: 'unanswered', status: null, code, message });

/** Opens an answered artifact: one resource, `{ "value": […] }`, a bare list, or either wrapped in an operation's status. */
export function readBody(artifact: Artifact, bytes: Uint8Array, problems: Problem[]): Body {
  const text = decode(bytes, artifact.encoding).trim();
  if (text === '') return { kind: 'empty', why: unanswered('empty', 'the answer has no body') };
  const whole = parsed(text);
  const value = whole === undefined ? parsed(withoutWarnings(text)) : whole;
  if (value === undefined) return { kind: 'unread', why: unanswered('not-json', text.slice(0, 1000)) };
  if (whole === undefined) {
    const [said = ''] = text.split(/\r?\n/, 1);
    problems.push({
      origin: { artifact: artifact.id },
      text: said.slice(0, 200),
      why: 'no part of the document below it',
    });
  }
  return bodyOf({ value, artifact: artifact.id, pointer: '', problems });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

// WARNING: This command is in preview …, where what az says on the side was redirected into the same file.
function withoutWarnings(text: string): string {
  const start = text.search(/^[[{]\s*$|^[[{]\s*["{[]/m);
  return start < 0 ? '' : text.slice(start);
}

const at = (value: JsonObject, key: string): unknown => value[key];

/** What a document holds that was read as JSON already. */
export function bodyOf(document: Node): Body {
  const node = unwrap(document);
  const { value } = node;
  if (Array.isArray(value)) return { kind: 'list', entries: entries(node), nextPage: false };
  if (!isObject(value)) {
    const what =
      value === null ? unanswered('empty', 'the answer is null') : unanswered('not-json', JSON.stringify(value));
    return { kind: value === null ? 'empty' : 'unread', why: what };
  }
  const error = errorOf(value);
  if (error !== undefined) return { kind: 'unread', why: error };
  const list = listIn(node);
  if (list !== undefined) return { kind: 'list', entries: list, nextPage: hasMore(value) };
  if (Object.keys(value).length === 0 || 'value' in value) {
    return { kind: 'empty', why: unanswered('empty', 'the answer lists nothing') };
  }
  return isPending(value)
    ? { kind: 'unread', why: unanswered('not-finished', `status ${at(value, 'status')}`) }
    : { kind: 'one', node };
}

// A link to the next page; Resource Graph and `az graph query` tell a token instead.
const hasMore = (value: JsonObject): boolean =>
  ['nextLink', 'skip_token', '$skipToken'].some((key) => typeof at(value, key) === 'string' && at(value, key) !== '');

function listIn(node: Node): readonly Node[] | undefined {
  if (!isObject(node.value)) return undefined;
  // PowerShell capitalises.
  for (const key of ['value', 'Value']) {
    const list = node.value[key];
    if (Array.isArray(list)) return entries(step(node, key, list));
  }
  // Resource Graph, as `az graph query` prints it.
  const data = at(node.value, 'data');
  return Array.isArray(data) && !('id' in node.value) ? entries(step(node, 'data', data)) : undefined;
}

/** The result inside `{ "status": …, "properties": { "output": … } }`, as a polled operation may answer. */
function unwrap(node: Node): Node {
  if (!isObject(node.value) || 'id' in node.value || !('status' in node.value)) return node;
  const output = field(node, 'output');
  if (output !== undefined) return output;
  const properties = field(node, 'properties');
  return properties !== undefined && isObject(properties.value) && 'value' in properties.value ? properties : node;
}

/** `{ "error": { "code": …, "message": … } }`, as ARM refuses, saved where an answer was meant to be. */
function errorOf(value: JsonObject): Unanswered | undefined {
  const error = at(value, 'error');
  if (!isObject(error)) return undefined;
  const [code, message] = [at(error, 'code'), at(error, 'message')];
  return typeof code === 'string' ? unanswered(code, typeof message === 'string' ? message : '') : undefined;
}

const isPending = (value: JsonObject): boolean =>
  typeof at(value, 'status') === 'string' &&
  !('id' in value) &&
  !('properties' in value && isObject(at(value, 'properties')));

/** The text of an answer. Ids and tags are ASCII: a code page of no known name does not keep them from being read. */
export function decode(bytes: Uint8Array, encoding: string | undefined): string {
  try {
    return decodeText(bytes, encoding).text;
  } catch {
    return new TextDecoder().decode(bytes);
  }
}
