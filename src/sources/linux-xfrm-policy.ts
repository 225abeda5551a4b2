import type { Problem } from '../facts/origin.ts';
import type { XfrmPolicy } from '../facts/route.ts';
import { parseAddress } from '../net/address.ts';
import { formatPrefix, parsePrefix } from '../net/prefix.ts';
import { noAnswer } from './linux-json.ts';
import { isPrompt } from './linux-prompt.ts';
import { lineOrigin, type Reading, type ReadingContext, type Source } from './source.ts';

/** Which packets IPsec protects, or must not let pass unprotected. */
export const linuxXfrmPolicy: Source = {
  id: 'linux-xfrm-policy',
  title: 'Linux: ip xfrm policy (needs root)',
  parse,
  recognise,
};

type Draft = { -readonly [Key in keyof XfrmPolicy]: XfrmPolicy[Key] };

/** A head, and what the lines below it tell of: a policy, or a state (`ip xfrm state`), or nothing that was understood. */
interface Above {
  readonly indent: number;
  readonly draft?: Draft;
  readonly isState?: boolean;
  /** Why it is no policy. */
  readonly why?: string;
  hasDirection?: boolean;
}

// src 172.16.50.2/32 dst 10.1.0.0/16 proto tcp dport 443 dev wlan0
const head = /^\s*src (\S+) dst (\S+)\s*(.*)$/;
// With -s, and always the same: no packet is judged by it.
// src 172.16.50.2/32 dst 10.1.0.0/16 uid 0
const idle = /\buid \d+/;
// 	dir out action block priority 371327 ptype main
// 	socket in priority 0 ptype main
const direction = /^\s*(?:dir (in|out|fwd)\b|(?:dir|socket) \w+)(.*)$/;
// 	tmpl src 192.168.29.37 dst 20.193.245.69
const template = /^\s*tmpl\s/;
// 	mark 0x2a/0xffffffff
const marked = /^\s*mark (0x[0-9a-f]+|\d+)\/(0x[0-9a-f]+|\d+)/;
// 	if_id 0x5
const boundTo = /^\s*if_id (\S+)/;
// With -o a policy is one line.
// src 172.16.50.2/32 dst 10.1.0.0/16 \	dir out priority 371327 ptype main \
const joint = /\\(?=\s|$)/;
// What a line below a head begins with, where the paste has lost its indentation.
const detail =
  /^\s*(?:dir|socket|tmpl|proto|level|enc-mask|mark|output-mark|if_id|lifetime|limit:|expire|\d+\(bytes\)|add|security|crypto|offload|replay|replay-window|auth|auth-trunc|enc|aead|comp|encap|coa|anti-replay|sel|stats:)(?: |$)/;

function parse(text: string, context: ReadingContext): Reading {
  const failed = noAnswer(text, context, 'stays silent');
  if (failed !== undefined) return failed;
  const heads: Above[] = [];
  const problems: Problem[] = [];
  let above: Above = nothing;
  for (const { line, origin } of linesOf(text, context)) {
    const isBelow = isDetail(line, above);
    if (!isBelow) heads.push(headOf(line, origin));
    above = heads.at(-1) ?? nothing;
    const why = isBelow ? readDetail(above, line) : above.why;
    if (why !== undefined) problems.push({ origin, text: line.trim().slice(0, 300), why });
  }
  const policies = heads.flatMap(({ draft, hasDirection }) => (hasDirection === true ? (draft ?? []) : []));
  const cut = heads.flatMap(({ draft, hasDirection }) => (hasDirection === true ? [] : (draft ?? [])));
  for (const draft of cut) problems.push(directionless(draft));
  return { facts: policies.length === 0 && problems.length > 0 ? {} : { policies }, problems };
}

const nothing: Above = { indent: 0 };

function linesOf(text: string, context: ReadingContext): readonly { line: string; origin: XfrmPolicy['origin'] }[] {
  return text
    .split(/\r*\n/)
    .flatMap((line, index) => line.split(joint).map((part) => ({ line: part, origin: lineOrigin(context, index + 1) })))
    .filter(({ line }) => line.trim() !== '' && !isPrompt(line));
}

const indentOf = (line: string): number => line.search(/\S/);

/** Whether a line tells more of what stands above it; a version to come may say what this one never heard of. */
function isDetail(line: string, { indent }: Above): boolean {
  return detail.test(line) || (indentOf(line) > indent && !head.test(line));
}

function headOf(line: string, origin: XfrmPolicy['origin']): Above {
  const indent = indentOf(line);
  const match = head.exec(line);
  const [, from = '', to = ''] = match ?? [];
  if (parseAddress(from) !== undefined && parseAddress(to) !== undefined)
    return { indent, isState: true, why: 'a state, not a policy: addresses without a prefix length' };
  const draft = match === null ? undefined : policyOf(match, origin);
  return draft === undefined
    ? { indent, why: 'not a policy: source and destination are no prefixes' }
    : { indent, draft };
}

function directionless({ origin, from, to }: Draft): Problem {
  return { origin, text: `src ${formatPrefix(from)} dst ${formatPrefix(to)}`, why: 'no direction below it' };
}

function policyOf([, from = '', to = '', rest = '']: RegExpExecArray, origin: XfrmPolicy['origin']): Draft | undefined {
  const [source, destination] = [parsePrefix(from), parsePrefix(to)];
  if (source === undefined || destination === undefined) return undefined;
  const device = /\bdev (\S+)/.exec(rest)?.[1];
  const narrower = rest
    .replace(/\bdev \S+/, '')
    .replace(idle, '')
    .trim();
  return {
    direction: 'other',
    from: source,
    to: destination,
    priority: 0,
    action: 'allow',
    ...(narrower !== '' && { selector: narrower }),
    hasTemplate: false,
    ...(device !== undefined && { interfaceId: device }),
    origin,
  };
}

/** Reads a line onto the policy above it. Text: why the line was not understood. */
function readDetail(above: Above, line: string): string | undefined {
  const { draft } = above;
  if (draft === undefined) return above.isState === true ? undefined : 'a detail without a policy above it';
  const dir = direction.exec(line);
  if (dir !== null) {
    above.hasDirection = true;
    readDirection(draft, dir);
  }
  if (template.test(line)) draft.hasTemplate = true;
  const id = boundTo.exec(line)?.[1];
  if (id !== undefined) draft.interfaceId = id;
  const [, value, mask] = marked.exec(line) ?? [];
  if (value !== undefined) draft.mark = { value: Number(value), mask: Number(mask) };
  return undefined;
}

function readDirection(policy: Draft, [, name, rest = '']: RegExpExecArray): void {
  policy.direction = (name as 'in' | 'out' | 'fwd' | undefined) ?? 'other';
  policy.priority = Number(/\bpriority (\d+)/.exec(rest)?.[1] ?? 0);
  if (/\baction block\b/.test(rest)) policy.action = 'block';
}

// Below the head, or behind it with -o
const policy =
  /^[ \t]*src [\da-f.:]+\/\d+ dst [\da-f.:]+\/\d+[^\n\\]*[\n\\]\s*(?:dir (?:in|out|fwd)|socket (?:in|out|fwd))\b/m;

function recognise(text: string): number {
  return policy.test(text.slice(0, 4000)) ? 0.97 : 0;
}
