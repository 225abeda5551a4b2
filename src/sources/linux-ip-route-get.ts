import type { KernelChoice } from '../facts/client.ts';
import { parseAddress } from '../net/address.ts';
import { isRecord, readJsonList, textOf } from './linux-json.ts';
import { fromTerminal } from './linux-terminal.ts';
import { pointerOrigin, type Reading, type ReadingContext, type Source } from './source.ts';

/** `ip -j route get ADDRESS`: the kernel's own decision, to hold ours against. */
export const linuxIpRouteGet: Source = fromTerminal({
  id: 'linux-ip-route-get',
  title: "Linux: ip route get, the kernel's own choice for one address (JSON)",
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
  if (text.trim() === '') {
    const [, type] = refusals.find(([words]) => words.test(context.stderr ?? '')) ?? [];
    const known = type !== undefined && target !== undefined;
    const origin = { artifact: context.artifact };
    if (known) return { facts: { kernelChoices: [{ target, type, interface: null, origin }] }, problems: [] };
  }
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
