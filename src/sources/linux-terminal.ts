import { isJsonText } from './linux-json.ts';
import { isPrompt } from './linux-prompt.ts';
import type { Source } from './source.ts';

/** A source whose text came through a terminal, a web page or a mail, which leave marks of their own in it. */
export function fromTerminal({ parse, recognise, ...named }: Source): Source {
  return {
    ...named,
    parse: (text, context) => {
      // JSON as the tool wrote it bears no marks; to look for them takes a fifth of the time of reading it.
      const asIs = isJsonText(text.slice(0, 100)) ? parse(text, context) : undefined;
      return asIs?.problems.length === 0 ? asIs : parse(asPrinted(text), context);
    },
    ...(recognise !== undefined && { recognise: (text) => recognise(asPrinted(text)) }),
  };
}

const [esc, bell] = [String.fromCharCode(27), String.fromCharCode(7)];
// ESC[36mdefault ESC[0mvia: the colours of `ip -c`; ESC]0;user@host BELL: the title that a prompt sets, as `script` keeps it
const controls = new RegExp(`${esc}(?:\\[[\\d;?]*[A-Za-z]|\\][^${bell}${esc}\n]*(?:${bell}|${esc}\\\\)|[()]\\w)`, 'g');
// default via [36m10.1.0.1 [0mdev: a web page swallows the escape and leaves the rest
const colours = /\[\d{1,3}(?:;\d{1,3})*m/g;
// no-break and ideographic spaces; marks without a width, which chats put between words
const spaces = /[\u00a0\u2007\u202f\u3000]/g;
//  3  * *^C: where somebody broke it off
const breakOff = /\^C(?=\s*$)/gm;
const widthless = /[\u200b-\u200f\u2060\ufeff]/g;

/** The words of a tool alone. Lines keep their numbers. */
function asPrinted(text: string): string {
  const plain = text.includes(esc) ? text.replace(controls, '') : text;
  const spaced = plain.replace(colours, '').replace(spaces, ' ').replace(widthless, '').replace(breakOff, '');
  return jsonAlone(isQuoted(spaced) ? spaced.replace(/^[^\S\n]*(?:>[^\S\n]?)+/gm, '') : spaced);
}

// > default via 192.168.29.1 dev wlan0
// > 10.1.0.0/16 dev tun0
function isQuoted(text: string): boolean {
  const lines = text.slice(0, 4000).split('\n');
  const quoted = lines.filter((line) => /^\s*>/.test(line)).length;
  return quoted > 1 && quoted * 2 > lines.filter((line) => line.trim() !== '').length;
}

// user@laptop:~$ ip -j route
// [{"dst":"default", …}]
// user@laptop:~$
/** JSON without the command above it and the prompt below; any other text as it is. */
function jsonAlone(text: string): string {
  const start = startOfJson(text);
  if (start === 0) return text;
  const lines = text.slice(start).trimEnd().split('\n');
  while (isPrompt(lines.at(-1) ?? '')) lines.pop();
  return lines.join('\n');
}

/** Where JSON begins below nothing but prompts; 0: nowhere. */
function startOfJson(text: string): number {
  for (let start = 0; start < text.length; ) {
    if (isJsonText(text.slice(start, start + 100))) return start;
    const end = text.indexOf('\n', start);
    const line = text.slice(start, end < 0 ? text.length : end);
    if (end < 0 || (line.trim() !== '' && !isPrompt(line))) return 0;
    start = end + 1;
  }
  return 0;
}
