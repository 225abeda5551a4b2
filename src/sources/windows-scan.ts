/** Where a reading of one line stands. Reused from line to line: a large table would drown in small objects otherwise. */
export interface Cursor {
  at: number;
}

/**
 * A text as the numbers of its characters. Strings of a large file are slow to look into one character at a time, a plain
 * array of numbers is not.
 */
export type Codes = Uint16Array;

/** Some lines of a text. The numbers are those of the next page as soon as that is asked for. */
export interface Page {
  readonly text: string;
  readonly codes: Codes;
}

/** Few enough that a page's numbers stay in the processor's cache, and that one array serves all pages of a large table. */
const pageLength = 32_768;

/** A text in pages of whole lines. */
export function* pagesOf(text: string): Generator<Page> {
  let bytes = Buffer.alloc(4 * Math.min(pageLength, text.length));
  for (let start = 0; start < text.length; ) {
    const stop = text.indexOf('\n', start + pageLength);
    const page = text.slice(start, stop < 0 ? text.length : stop + 1);
    if (bytes.length < 2 * page.length) bytes = Buffer.alloc(2 * page.length);
    bytes.write(page, 'utf16le');
    yield { text: page, codes: new Uint16Array(bytes.buffer, bytes.byteOffset, page.length) };
    start += page.length;
  }
}

/** The character at a place, 0 beyond the end. */
export function codeAt(text: Codes, at: number): number {
  return text[at] ?? 0;
}

/** Space, tab, a line's carriage return, and the blanks that web pages and word processors put in their place. */
function isBlank(code: number): boolean {
  return code === 32 || code === 9 || code === 13 || (code > 159 && isWideBlank(code));
}

function isWideBlank(code: number): boolean {
  return code === 0xa0 || code === 0x3000 || code === 0xfeff || (code >= 0x2000 && code <= 0x200b) || code === 0x202f;
}

export function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** The first place from `at` on that is no blank, `end` where all is blank. */
export function afterBlanks(text: Codes, at: number, end: number): number {
  let i = at;
  while (i < end && isBlank(text[i] as number)) i += 1;
  return i;
}

/** The end of the text without the blanks that trail it, `start` where all is blank. */
export function beforeBlanks(text: Codes, start: number, end: number): number {
  let i = end;
  while (i > start && isBlank(text[i - 1] as number)) i -= 1;
  return i;
}

/** Where the cell that ends at `end` begins. */
export function cellStart(text: Codes, start: number, end: number): number {
  let i = end;
  while (i > start && !isBlank(text[i - 1] as number)) i -= 1;
  return i;
}

/** Reads a dotted quad at the cursor and moves past it; -1, and the cursor unmoved, where there is none. */
export function readQuad(text: Codes, cursor: Cursor, end: number): number {
  let value = 0;
  let octet = -1;
  let dots = 0;
  let at = cursor.at;
  for (; at < end; at += 1) {
    const digit = (text[at] as number) - 48;
    if (digit >= 0 && digit <= 9) {
      octet = octetWith(octet, digit);
      if (octet > 255) return -1;
    } else if (digit === -2 && octet >= 0 && dots < 3) {
      value = value * 256 + octet;
      octet = -1;
      dots += 1;
    } else break;
  }
  if (dots !== 3 || octet < 0 || (at < end && continuesWord(text[at] as number))) return -1;
  cursor.at = at;
  return value * 256 + octet;
}

// Too large stands for too long and for a needless zero in front as well.
function octetWith(octet: number, digit: number): number {
  if (octet === 0) return 256;
  return octet < 0 ? digit : octet * 10 + digit;
}

// A word of another script may stand glued to an address; ASCII letters, digits, dots and slashes belong to it.
function continuesWord(code: number): boolean {
  return code < 128 && !isBlank(code) && code !== 41 && code !== 93 && code !== 44;
}

/** The whole number that fills `start` to `end`; -1 where anything else stands there. */
export function wholeNumber(text: Codes, start: number, end: number): number {
  if (start >= end || end - start > 10) return -1;
  let value = 0;
  for (let i = start; i < end; i += 1) {
    const code = text[i] as number;
    if (!isDigit(code)) return -1;
    value = value * 10 + code - 48;
  }
  return value;
}

/** A line as a problem quotes it: without the blanks around it, and cut where it is absurdly long. */
export function quoted(text: string): string {
  const trimmed = text.trim();
  return trimmed.length > 300 ? `${trimmed.slice(0, 300)}…` : trimmed;
}

/**
 * A row without what mail, forums and web pages put around one: quote marks, bars of a table, stars of bold print, a note behind an arrow.
 *
 * > | 10.1.0.0 | 255.255.0.0 | On-link | 172.16.50.130 | 43 |
 * **10.1.0.0      255.255.0.0         On-link     172.16.50.130     43**    <-- this one
 */
export function undecorated(row: string): string {
  const trimmed = row.trim();
  // No row is that long; the patterns would take their time.
  if (trimmed.length > 500) return trimmed;
  const bare = trimmed
    .replace(/^(?:[>|`]\s*|\*\*\s*(?=\d))+/, '')
    .replace(/\s<--.{0,200}$/, '')
    .replace(/(?:<br ?\/?>|\*\*|[|`\\\s])+$/i, '');
  return /^\d{1,3}(?:\.\d{1,3}){3}\s{0,9}[|;,]/.test(bare) ? bare.replace(/\s*[|;,]\s*/g, ' ') : bare;
}

/** Whether a line is what somebody typed, no answer: `C:\>route add …`, `PS C:\Users\mia> …` */
export function isPrompt(row: string): boolean {
  return /^(?:PS )?[a-z]:\\[^>|<]{0,200}>/i.test(row);
}
