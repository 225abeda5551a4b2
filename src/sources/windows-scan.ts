/** Where a reading of one line stands. Reused from line to line: a large table would drown in small objects otherwise. */
export interface Cursor {
  at: number;
}

/** Space, tab, a line's carriage return, and the blanks that web pages and word processors put in their place. */
export function isBlank(code: number): boolean {
  return code === 32 || code === 9 || code === 13 || (code > 159 && isWideBlank(code));
}

function isWideBlank(code: number): boolean {
  return code === 0xa0 || code === 0x3000 || code === 0xfeff || (code >= 0x2000 && code <= 0x200b) || code === 0x202f;
}

export function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** The first place from `at` on that is no blank, `end` where all is blank. */
export function afterBlanks(text: string, at: number, end: number): number {
  let i = at;
  while (i < end && isBlank(text.charCodeAt(i))) i += 1;
  return i;
}

/** The end of the text without the blanks that trail it, `start` where all is blank. */
export function beforeBlanks(text: string, start: number, end: number): number {
  let i = end;
  while (i > start && isBlank(text.charCodeAt(i - 1))) i -= 1;
  return i;
}

/** Where the cell that ends at `end` begins. */
export function cellStart(text: string, start: number, end: number): number {
  let i = end;
  while (i > start && !isBlank(text.charCodeAt(i - 1))) i -= 1;
  return i;
}

/** Reads a dotted quad at the cursor and moves past it; -1, and the cursor unmoved, where there is none. */
export function readQuad(text: string, cursor: Cursor, end: number): number {
  let value = 0;
  let at = cursor.at;
  for (let octets = 0; octets < 4; octets += 1) {
    if (octets > 0 && text.charCodeAt(at) !== 46) return -1;
    if (octets > 0) at += 1;
    const stop = Math.min(at + 3, end);
    const octet = digitsAt(text, at, stop);
    if (octet > 255 || octet < 0) return -1;
    at += octetWidth(octet);
    value = value * 256 + octet;
  }
  if (at < end && continuesWord(text.charCodeAt(at))) return -1;
  cursor.at = at;
  return value;
}

// The digits from `at` on as a number, -1 where there are none or they begin with a needless zero.
function digitsAt(text: string, at: number, stop: number): number {
  let value = 0;
  let i = at;
  while (i < stop && isDigit(text.charCodeAt(i))) {
    value = value * 10 + text.charCodeAt(i) - 48;
    i += 1;
  }
  return i - at === octetWidth(value) ? value : -1;
}

function octetWidth(octet: number): number {
  if (octet < 10) return 1;
  return octet < 100 ? 2 : 3;
}

// A word of another script may stand glued to an address; ASCII letters, digits, dots and slashes belong to it.
function continuesWord(code: number): boolean {
  return code < 128 && !isBlank(code) && code !== 41 && code !== 93 && code !== 44;
}

/** The whole number that fills `start` to `end`; -1 where anything else stands there. */
export function wholeNumber(text: string, start: number, end: number): number {
  if (start >= end || end - start > 10) return -1;
  let value = 0;
  for (let i = start; i < end; i += 1) {
    const code = text.charCodeAt(i);
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
