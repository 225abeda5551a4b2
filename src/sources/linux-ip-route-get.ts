import type { KernelChoice } from '../facts/client.ts';
import type { Problem } from '../facts/origin.ts';
import { type Address, parseAddress } from '../net/address.ts';
import { isJsonText, isRecord, readJsonList, textOf } from './linux-json.ts';
import { isPrompt } from './linux-prompt.ts';
import { deviceName } from './linux-route-words.ts';
import { fromTerminal } from './linux-terminal.ts';
import { lineOrigin, pointerOrigin, type Reading, type ReadingContext, type Source } from './source.ts';

/** `ip -j route get ADDRESS`: the kernel's own decision, to hold ours against. */
export const linuxIpRouteGet: Source = fromTerminal({
  id: 'linux-ip-route-get',
  title: "Linux: ip route get, the kernel's own choice for one address",
  parse,
});

// A refusal prints nothing on stdout and exits 2; the words on stderr are those of errno, which iproute2 never translates.
const refusals: readonly (readonly [RegExp, KernelChoice['type']])[] = [
  [/Invalid argument/, 'blackhole'],
  [/No route to host/, 'unreachable'],
  [/Permission denied/, 'prohibit'],
  [/Network is unreachable/, 'none'],
];

// [{"dst":"10.1.0.4","gateway":"172.16.50.1","dev":"tun0","prefsrc":"172.16.50.130","flags":[],"uid":0,"cache":[]}]
function parse(text: string, context: ReadingContext): Reading {
  const target = parseAddress(context.target ?? '');
  const refused = text.trim() === '' ? refusal(target, context) : undefined;
  if (refused !== undefined) return { facts: { kernelChoices: [refused] }, problems: [] };
  if (!isJsonText(text) && text.trim() !== '') return readText(text, context);
  const reading = readJsonList(text, context);
  if (reading.kind === 'broken') return { facts: {}, problems: [reading.problem] };
  const [answer] = reading.list;
  const asked = isRecord(answer) ? (target ?? parseAddress(textOf(answer['dst']) ?? '')) : undefined;
  const origin = pointerOrigin(context, reading.isBare ? '' : '/0');
  if (!isRecord(answer) || asked === undefined)
    return { facts: {}, problems: [{ origin, text: text.slice(0, 300), why: 'not an answer of `ip route get`' }] };
  const type = textOf(answer['type']) ?? 'unicast';
  return {
    facts: { kernelChoices: [{ target: asked, type, interface: textOf(answer['dev']) ?? null, origin }] },
    problems: [],
  };
}

function refusal(target: Address | undefined, { stderr = '', artifact }: ReadingContext): KernelChoice | undefined {
  const [, type] = refusals.find(([words]) => words.test(stderr)) ?? [];
  if (type === undefined || target === undefined) return undefined;
  return { target, type, interface: null, origin: { artifact } };
}

// 10.1.0.4 via 172.16.50.129 dev tun0 src 172.16.50.130 uid 1000
//     cache
// local 172.16.50.130 dev lo table local src 172.16.50.130 uid 1000
const answerLine = /^(?:([a-z]+)\s+)?([\d.]+|[\da-f:]*:[\da-f:.]*)\s+(?:.*\s)?dev\s+(\S+)/;

function readText(text: string, context: ReadingContext): Reading {
  const kernelChoices: KernelChoice[] = [];
  const problems: Problem[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    const origin = lineOrigin(context, index + 1);
    const [, type = 'unicast', address = '', device = ''] = answerLine.exec(line.trim()) ?? [];
    const target = parseAddress(address);
    if (target !== undefined) kernelChoices.push({ target, type, interface: deviceName(device), origin });
    else if (line.trim() !== '' && !/^\s+cache\b/.test(line) && !isPrompt(line))
      problems.push({ origin, text: line.trim().slice(0, 300), why: 'not an answer of `ip route get`' });
  }
  return { facts: kernelChoices.length === 0 ? {} : { kernelChoices }, problems };
}
