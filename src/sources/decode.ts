/** What an encoding calls itself, and the text it gave. */
export interface DecodedText {
  readonly text: string;
  /** A name of the Encoding Standard, or cp437, cp850, cp852, cp858. */
  readonly encoding: string;
}

// The upper halves of the console code pages that the Encoding Standard leaves out. ASCII is the lower half of each.
const cp437 =
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐' +
  '└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0';
const cp850 =
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐' +
  '└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u00ad±‗¾¶§÷¸°¨·¹³²■\u00a0';
const cp852 =
  'ÇüéâäůćçłëŐőîŹÄĆÉĹĺôöĽľŚśÖÜŤťŁ×čáíóúĄąŽžĘę¬źČş«»░▒▓│┤ÁÂĚŞ╣║╗╝Żż┐' +
  '└┴┬├─┼Ăă╚╔╩╦╠═╬¤đĐĎËďŇÍÎě┘┌█▄ŢŮ▀ÓßÔŃńňŠšŔÚŕŰýÝţ´\u00ad˝˛ˇ˘§÷¸°¨˙űŘř■\u00a0';
const tables: Readonly<Record<string, string>> = {
  cp437,
  cp850,
  cp852,
  cp858: `${cp850.slice(0, 0xd5 - 128)}€${cp850.slice(0xd5 - 127)}`,
};

/**
 * Reads a text as its writer meant it. A byte order mark wins over a name, as in the Encoding Standard; without either,
 * zero bytes tell UTF-16, and what is no UTF-8 is read byte by byte: words may come out wrong, numbers never do.
 */
export function decodeText(bytes: Uint8Array, encoding?: string): DecodedText {
  const named = encoding === undefined ? undefined : encoding.trim().toLowerCase();
  const table = named === undefined ? undefined : tables[named];
  const decoder = named === undefined || table !== undefined ? undefined : decoderOf(named, encoding ?? named);
  const marked = markOf(bytes);
  if (marked !== undefined) return { text: decoderOf(marked, marked).decode(bytes), encoding: marked };
  if (table !== undefined && named !== undefined) return { text: byTable(bytes, table), encoding: named };
  if (decoder !== undefined) return { text: decoder.decode(bytes), encoding: decoder.encoding };
  return undeclared(bytes);
}

/** The encoding name of a Windows code page, as `chcp` numbers it; undefined where this program has none. */
export function encodingOfCodePage(codePage: number): string | undefined {
  const name = codePageNames[codePage] ?? `cp${codePage}`;
  if (name in tables || codePageNames[codePage] !== undefined) return name;
  return codePage >= 1250 && codePage <= 1258 ? `windows-${codePage}` : undefined;
}

const codePageNames: Readonly<Record<number, string>> = {
  866: 'ibm866',
  874: 'windows-874',
  932: 'shift_jis',
  936: 'gbk',
  949: 'euc-kr',
  950: 'big5',
  1200: 'utf-16le',
  1201: 'utf-16be',
  20127: 'windows-1252',
  20866: 'koi8-r',
  28591: 'iso-8859-1',
  54936: 'gb18030',
  65001: 'utf-8',
};

function decoderOf(name: string, asWritten: string): TextDecoder {
  try {
    return new TextDecoder(name);
  } catch {
    throw new RangeError(
      `Unknown encoding "${asWritten}": use a name of the Encoding Standard (utf-8, windows-1252, shift_jis …) or cp437, cp850, cp852, cp858.`,
    );
  }
}

function markOf([a, b, c]: Uint8Array): string | undefined {
  if (a === 0xef && b === 0xbb && c === 0xbf) return 'utf-8';
  if (a === 0xff && b === 0xfe) return 'utf-16le';
  return a === 0xfe && b === 0xff ? 'utf-16be' : undefined;
}

function undeclared(bytes: Uint8Array): DecodedText {
  const wide = wideOf(bytes);
  if (wide !== undefined) return { text: decoderOf(wide, wide).decode(bytes), encoding: wide };
  const utf8 = strictUtf8(bytes);
  if (utf8 !== undefined) return { text: utf8, encoding: 'utf-8' };
  return { text: decoderOf('windows-1252', '').decode(bytes), encoding: 'windows-1252' };
}

// Digits, dots and line ends are half of what we read, and in UTF-16 each carries a zero byte on one side.
function wideOf(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  const sample = bytes.subarray(0, 8192);
  const zeros = [0, 0];
  for (let i = 0; i < sample.length; i += 1) if (sample[i] === 0) zeros[i % 2] = (zeros[i % 2] ?? 0) + 1;
  const [even = 0, odd = 0] = zeros;
  if (Math.max(even, odd) * 8 < sample.length || sample.length < 4) return undefined;
  if (odd > even * 8) return 'utf-16le';
  return even > odd * 8 ? 'utf-16be' : undefined;
}

// A file cut in the middle of a character is still UTF-8; what was cut shows as U+FFFD.
function strictUtf8(bytes: Uint8Array): string | undefined {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let text: string;
  try {
    text = decoder.decode(bytes, { stream: true });
  } catch {
    return undefined;
  }
  try {
    return text + decoder.decode();
  } catch {
    return `${text}\ufffd`;
  }
}

function byTable(bytes: Uint8Array, table: string): string {
  const codes = Uint16Array.from({ length: 256 }, (_, byte) => (byte < 128 ? byte : table.charCodeAt(byte - 128)));
  const units = new Uint16Array(bytes.length);
  for (let i = 0; i < bytes.length; i += 1) units[i] = codes[bytes[i] as number] as number;
  return new TextDecoder('utf-16le', { ignoreBOM: true }).decode(units);
}
