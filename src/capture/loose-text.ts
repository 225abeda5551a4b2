import { parseAddress } from '../net/address.ts';
import { type Attempts, isJson, jsonFrom } from './loose-json.ts';
import { promptedCommand } from './loose-prompt.ts';

/** A piece of a pasted text that one command or file could have printed. Its lines keep their numbers: blank lines stand before. */
export interface Piece {
  readonly text: string;
  /** The command line at the prompt above it, where one was pasted along. */
  readonly argv?: readonly string[];
}

// Each piece has the lines before it as blanks: thousands of them would cost their square. What follows stays with the last.
const mostPieces = 1000;

/** Undoes what chat, mail and browsers do to a text, and cuts it where one output ends and the next begins. */
export function piecesOf(pasted: string): readonly Piece[] {
  const text = plainText(pasted);
  if (isJson(text)) return [{ text }];
  const lines = withoutQuoting(text.split('\n'));
  const pieces: { start: number; lines: string[]; argv?: readonly string[] }[] = [{ start: 0, lines: [] }];
  const attempts = { left: 5 };
  let hasEnded = false;
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    const cut = cutAt(lines, at, attempts);
    // A heading right below a prompt begins nothing new.
    const current = pieces.at(-1);
    const fresh = current?.argv !== undefined && cut.argv === undefined && isBlank(current.lines);
    // Whatever follows a whole document is no part of it.
    const begins = (cut.begins || hasEnded) && pieces.length < mostPieces;
    hasEnded = cut.lines !== undefined;
    if (begins && !fresh) pieces.push({ start: at, lines: [], ...(cut.argv !== undefined && { argv: cut.argv }) });
    const taken = cut.lines ?? [cut.line ?? line];
    pieces.at(-1)?.lines.push(...taken);
    at += taken.length - 1;
  }
  return pieces.flatMap(({ start, lines: own, argv }) =>
    !isBlank(own) ? [{ text: '\n'.repeat(start) + dedented(own).join('\n'), ...(argv !== undefined && { argv }) }] : [],
  );
}

function isBlank(lines: readonly string[]): boolean {
  return lines.every((line) => line.trim() === '');
}

// No-break spaces and zero-width marks of browsers; CRLF, bare CR, and the CR CR LF of a text converted twice.
function plainText(pasted: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours, as a terminal's own log keeps them.
  const plain = pasted.replace(/\u001b\[[\d;]*m/g, '');
  const spaced = plain.replace(/[\u00a0\u2007\u202f]/g, ' ').replace(/[\u200b\ufeff]/g, '');
  // {- Finished ..: the wheel that az turns while it waits, over the first line of its answer.
  const lines = spaced.replace(/\r+\n|\r/g, '\n').replace(/^([[{])[-\\|/] \w+ \.\.[ ]*$/gm, '$1');
  // &lt;1 ms: copied from the source of a page. An XML file has its own `<` besides.
  return lines.includes('&lt;') && !lines.includes('<') ? lines.replaceAll('&lt;', '<').replaceAll('&gt;', '>') : lines;
}

// > quoted as mail does it
function withoutQuoting(lines: readonly string[]): readonly string[] {
  const told = lines.filter((line) => line.trim() !== '');
  const quoted = told.filter((line) => /^\s*>/.test(line)).length;
  return quoted > 1 && quoted >= told.length * 0.9 ? lines.map((line) => line.replace(/^\s*> ?/, '')) : lines;
}

function dedented(lines: readonly string[]): readonly string[] {
  const depths = lines.filter((line) => line.trim() !== '').map((line) => line.length - line.trimStart().length);
  const depth = depths.reduce((least, one) => Math.min(least, one), Number.POSITIVE_INFINITY);
  return lines.map((line) => line.slice(depth));
}

/** What a line is to the cutting: whether a piece begins here, and what stays of the line. */
interface Cut {
  readonly begins: boolean;
  readonly line?: string;
  /** A JSON document that begins here, all its lines. */
  readonly lines?: readonly string[];
  readonly argv?: readonly string[];
}

function cutAt(lines: readonly string[], at: number, attempts: Attempts): Cut {
  const line = lines[at] ?? '';
  const fence = /^\s*(?:```|~~~)\s*(.*?)(?:```)?\s*$/.exec(line)?.[1];
  // ```text opens, ``` closes, ```C:\> route print does both at once
  if (fence !== undefined && !/\s/.test(fence)) return { begins: true, line: '' };
  const shown = fence ?? line;
  const command = promptedCommand(shown);
  if (command !== undefined) return { begins: true, line: '', argv: command };
  if (/^\s*(?:(?:PS )?[A-Za-z]:\\|PS (?:\/|[A-Za-z]+:))[^<>|"]*>\s*$/.test(shown)) return { begins: true, line: '' };
  const document = jsonFrom(lines, at, attempts);
  if (document !== undefined) return { begins: true, lines: document };
  return { begins: beginsByShape(lines, at), line: shown };
}

/** First lines that only one kind of output has. */
const firstLines: readonly RegExp[] = [
  /^\s*traceroute6? to \S+/,
  /^\s*0:\s+from all lookup local/,
  /^\s*1: lo: </,
  /^\s*Iface\s+Destination\s+Gateway/,
  /^\s*Kernel IP/,
  /^\s*1\?: \[LOCALHOST\]/,
  /^\s*<\?xml\s/,
];

function beginsByShape(lines: readonly string[], at: number): boolean {
  const line = lines[at] ?? '';
  if (firstLines.some((first) => first.test(line))) return true;
  if (isProfileHead(line)) return !/^\s*<[^/][^>]*>\s*$/.test(previousLine(lines, at) ?? '');
  // ===== Interface List ·  17...........................Azure P2S: route print begins with its list of interfaces.
  const isRule = /^\s*={20,}\s*$/.test(line);
  if (isRule) return /^\s*(?:0x)?[0-9a-f]+ ?\.{3,}/i.test(nextLines(lines, at, 2)[1] ?? '');
  return isTracertHeader(lines, at, previousLine(lines, at));
}

// <AzVpnProfile xmlns:i="…">: the next one, unless it stands inside another (<CustomConfiguration>) or below its <?xml …?>
function isProfileHead(line: string): boolean {
  return /^\s*<(?:\w+:)?(?:Az)?VpnProfile[\s>]/i.test(line);
}

// Tracing route to 10.1.0.4 over a maximum of 8 hops
//
//   1    28 ms    27 ms    28 ms  10.1.0.4
function isTracertHeader(lines: readonly string[], at: number, before: string | undefined): boolean {
  const line = lines[at] ?? '';
  if (line.trim() === '' || isHop(line) || !/[0-9a-f]*[.:][0-9a-f.:]+|\[/i.test(line)) return false;
  const next = nextLines(lines, at, 2);
  const hop = next.findIndex((one) => /^\s*1\s/.test(one) && isHop(one));
  // With a name the header takes two lines, and the first of them holds the address.
  return hop === 0 ? !/\[[0-9a-f.:]+\]/i.test(before ?? '') : hop === 1 && /\[[0-9a-f.:]+\]/i.test(line);
}

//   1    <1 ms    <1 ms    <1 ms  192.168.29.1  ·   2     *        *        *     Request timed out.
function isHop(line: string): boolean {
  return /^\s*\d{1,3}\s+(?:(?:\*|<?\d+\s+[^\s\d:/.]{1,4})\s+){2,3}\S/.test(`${line} `);
}

function previousLine(lines: readonly string[], at: number): string | undefined {
  return lines.slice(Math.max(0, at - 4), at).findLast((line) => line.trim() !== '');
}

function nextLines(lines: readonly string[], at: number, count: number): readonly string[] {
  return lines
    .slice(at + 1, at + 6)
    .filter((line) => line.trim() !== '')
    .slice(0, count);
}

/** What a prober on that command line aimed at: the last word that is an address. */
export function targetOf(argv: readonly string[] | undefined): string | undefined {
  return argv?.findLast((word) => parseAddress(word) !== undefined);
}
