import type { Problem } from '../facts/origin.ts';
import type { Rule } from '../facts/route.ts';
import { draftOfRow } from './linux-ip-rule-json.ts';
import { isJsonAsked, isJsonText, isRecord, noAnswer, type OfNothing, readJsonList } from './linux-json.ts';
import { isPrompt } from './linux-prompt.ts';
import { finishRule } from './linux-rule-draft.ts';
import { readRuleWords } from './linux-rule-words.ts';
import { fromTerminal } from './linux-terminal.ts';
import { lineOrigin, pointerOrigin, type Reading, type ReadingContext, type Source } from './source.ts';

/** The policy rules of Linux, in the order they are asked. */
export const linuxIpRule: Source = fromTerminal({
  id: 'linux-ip-rule',
  title: 'Linux: ip [-j] [-6] rule',
  parse,
  recognise,
});

function parse(text: string, context: ReadingContext): Reading {
  const failed = noAnswer(text, context, ofNothing(context));
  if (failed !== undefined) return failed;
  return isJsonText(text) ? parseJson(text, context) : parseText(text, context);
}

// The kernel has three rules of its own; those of IPv6 go where IPv6 is switched off.
function ofNothing(context: ReadingContext): OfNothing {
  return context.family !== 6 || isJsonAsked(context) ? 'prints a frame' : 'stays silent';
}

// {"priority":1001,"src":"all","fwmark":"0xca6c","fwmask":"0xffff","table":"51820"}
function parseJson(text: string, context: ReadingContext): Reading {
  const reading = readJsonList(text, context);
  if (reading.kind === 'broken') return { facts: {}, problems: [reading.problem] };
  const rules: Rule[] = [];
  const problems: Problem[] = [];
  for (const [index, row] of reading.list.entries()) {
    const origin = pointerOrigin(context, `/${index}`);
    const rule = isRecord(row) ? finishRule(draftOfRow(row), context, origin) : 'not an object';
    if (typeof rule === 'string') problems.push({ origin, text: JSON.stringify(row).slice(0, 300), why: rule });
    else rules.push(rule);
  }
  return answer(rules, problems);
}

// 100:	not from all fwmark 0xca6c lookup 51820
function parseText(text: string, context: ReadingContext): Reading {
  const rules: Rule[] = [];
  const problems: Problem[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '' || isPrompt(line)) continue;
    const origin = lineOrigin(context, index + 1);
    const match = /^\s*(\d+):\s+(\S.*)$/.exec(line.trimEnd());
    const rule =
      match === null
        ? 'not a policy rule'
        : finishRule(readRuleWords(match[2] ?? '', Number(match[1])), context, origin);
    if (typeof rule === 'string') problems.push({ origin, text: line.trim(), why: rule });
    else rules.push(rule);
  }
  return answer(rules, problems);
}

/** Where nothing was understood nothing was read; a missing rule must not pass for an absent one. */
function answer(rules: readonly Rule[], problems: readonly Problem[]): Reading {
  return { facts: rules.length === 0 && problems.length > 0 ? {} : { rules }, problems };
}

// 32766:	from all lookup main
const row = /^\s*\d+:\s+(not\s+)?from\s+\S+\s.*(lookup|goto|nop|blackhole|unreachable|prohibit|table)\b/;

function recognise(text: string): number {
  if (isJsonText(text))
    return /^[\s\uFEFF]*\[\s*\{\s*"priority"\s*:\s*\d+\s*,\s*("not"|"src")/.test(text.slice(0, 400)) ? 0.97 : 0;
  const lines = text
    .slice(0, 20_000)
    .split('\n')
    .filter((line) => line.trim() !== '');
  return lines.length === 0 ? 0 : (0.97 * lines.filter((line) => row.test(line)).length) / lines.length;
}
