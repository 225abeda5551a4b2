/**
 * What a terminal, a browser or a reader's eye would obey instead of show: control characters (a terminal's escape
 * sequences start with one), marks that turn the direction of writing, characters without width, halves of characters.
 */
const obeyed =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]|\p{Cs}/gu;

/** Foreign text that only shows: what would be obeyed stands as `\u001b`. Tabs and line ends become spaces. */
export function printable(text: string): string {
  return text.replace(/\r\n|[\t\n\r]/g, ' ').replace(obeyed, escaped);
}

/** A text of several lines, each of them printable. */
export function printableLines(text: string): readonly string[] {
  return text.split(/\r\n|\n|\r/).map(printable);
}

function escaped(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return code > 0xffff ? `\\u{${code.toString(16)}}` : `\\u${code.toString(16).padStart(4, '0')}`;
}

/** How many columns of a terminal the text takes: East Asian letters and pictographs two, combining marks none. */
export function columnsOf(text: string): number {
  let columns = 0;
  for (const character of text) columns += columnsOfOne(character);
  return columns;
}

function columnsOfOne(character: string): 0 | 1 | 2 {
  if (character < '\u0300') return 1;
  if (/[\p{Mn}\p{Me}]/u.test(character)) return 0;
  return /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u.test(
    character,
  )
    ? 2
    : 1;
}

/** The text filled up with spaces to a number of columns; a longer one stays as it is. */
export function padded(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - columnsOf(text)));
}

/** Lines of at most so many columns, broken at spaces; a word that is longer is broken where it must be. */
export function wrapped(text: string, columns: number): readonly string[] {
  const room = Math.max(columns, 2);
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ').flatMap((whole) => chopped(whole, room))) {
    if (line !== '' && columnsOf(line) + 1 + columnsOf(word) > room) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

function chopped(word: string, room: number): readonly string[] {
  if (columnsOf(word) <= room) return [word];
  const pieces: string[] = [];
  let piece = '';
  for (const character of word) {
    if (columnsOf(piece) + columnsOf(character) > room) {
      const cut = breakIn(piece);
      pieces.push(piece.slice(0, cut));
      piece = piece.slice(cut);
    }
    piece += character;
  }
  return [...pieces, piece];
}

// A resource id reads best when it breaks between its segments.
function breakIn(piece: string): number {
  const slash = piece.lastIndexOf('/');
  return slash > piece.length / 2 ? slash : piece.length;
}

/** Our own typography for a terminal without UTF-8. Foreign letters stay: they are someone's name. */
export function asciiOnly(text: string): string {
  return text.replace(/[“”„«»‘’‚–—…→←↔≥≤×·•✓✗▸]/gu, (character) => plain[character] ?? character);
}

const plain: Readonly<Record<string, string>> = {
  '“': '"',
  '”': '"',
  '„': '"',
  '«': '"',
  '»': '"',
  '‘': "'",
  '’': "'",
  '‚': ',',
  '–': '-',
  '—': '-',
  '…': '...',
  '→': '->',
  '←': '<-',
  '↔': '<->',
  '≥': '>=',
  '≤': '<=',
  '×': 'x',
  '·': '-',
  '•': '-',
  '✓': '+',
  '✗': 'x',
  '▸': '>',
};
