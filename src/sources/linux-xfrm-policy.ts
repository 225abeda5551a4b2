import type { Problem } from '../facts/origin.ts';
import type { XfrmPolicy } from '../facts/route.ts';
import { parsePrefix } from '../net/prefix.ts';
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

// src 172.16.50.2/32 dst 10.1.0.0/16 proto tcp dport 443 dev wlan0
const selector = /^src (\S+) dst (\S+)\s*(.*)$/;
// 	dir out action block priority 371327 ptype main
// 	socket in priority 0 ptype main
const direction = /^\s+(?:dir (in|out|fwd)|socket (?:in|out|fwd))\b(.*)$/;
// 	tmpl src 192.168.29.37 dst 20.193.245.69
const template = /^\s+tmpl\s/;
// 	mark 0x2a/0xffffffff
const marked = /^\s+mark (0x[0-9a-f]+|\d+)\/(0x[0-9a-f]+|\d+)/;
// 	if_id 0x5
const boundTo = /^\s+if_id (\S+)/;

function parse(text: string, context: ReadingContext): Reading {
  const failed = noAnswer(text, context, 'stays silent');
  if (failed !== undefined) return failed;
  const policies: Draft[] = [];
  const problems: Problem[] = [];
  let current: Draft | undefined;
  for (const [index, line] of text.split(/\r*\n/).entries()) {
    const origin = lineOrigin(context, index + 1);
    const match = selector.exec(line);
    const begun = match === null ? undefined : policyOf(match, origin);
    if (begun !== undefined) policies.push(begun);
    const why = begun === undefined ? readDetail(current, line) : undefined;
    // What stands below a head that was not understood belongs to no policy that was.
    if (begun !== undefined || /^\S/.test(line)) current = begun;
    if (why !== undefined) problems.push({ origin, text: line.trim().slice(0, 300), why });
  }
  return { facts: policies.length === 0 && problems.length > 0 ? {} : { policies }, problems };
}

function policyOf([, from = '', to = '', rest = '']: RegExpExecArray, origin: XfrmPolicy['origin']): Draft | undefined {
  const [source, destination] = [parsePrefix(from), parsePrefix(to)];
  if (source === undefined || destination === undefined) return undefined;
  const device = /\bdev (\S+)/.exec(rest)?.[1];
  const narrower = rest.replace(/\bdev \S+/, '').trim();
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

/** Reads an indented line onto the policy above it. Text: why the line was not understood. */
function readDetail(policy: Draft | undefined, line: string): string | undefined {
  if (line.trim() === '' || isPrompt(line)) return undefined;
  if (!/^\s/.test(line)) return 'not a policy: source and destination are no prefixes';
  if (policy === undefined) return 'a detail without a policy above it';
  const dir = direction.exec(line);
  if (dir !== null) readDirection(policy, dir);
  else if (template.test(line)) policy.hasTemplate = true;
  const id = boundTo.exec(line)?.[1];
  if (id !== undefined) policy.interfaceId = id;
  const [, value, mask] = marked.exec(line) ?? [];
  if (value !== undefined) policy.mark = { value: Number(value), mask: Number(mask) };
  return undefined;
}

function readDirection(policy: Draft, [, name, rest = '']: RegExpExecArray): void {
  policy.direction = (name as 'in' | 'out' | 'fwd' | undefined) ?? 'other';
  policy.priority = Number(/\bpriority (\d+)/.exec(rest)?.[1] ?? 0);
  if (/\baction block\b/.test(rest)) policy.action = 'block';
}

function recognise(text: string): number {
  return /^src \S+\/\d+ dst \S+\/\d+.*\n\s+(dir (in|out|fwd)|socket (in|out|fwd))\b/m.test(text.slice(0, 4000))
    ? 0.97
    : 0;
}
