import { decodeText } from '../sources/decode.ts';
import { mask, maskedLines, withoutNamed } from './secrets-named.ts';

/** The bytes with every secret value replaced by `***`, line for line. What is no secret stays exactly as it was. */
export function withoutSecrets(source: string, bytes: Uint8Array, encoding?: string): Uint8Array {
  const wide = wideEncodingOf(bytes, encoding);
  // Byte by byte, every 8-bit encoding keeps its ASCII, and what is not replaced comes back as it was.
  const text = wide === undefined ? bufferOf(bytes).toString('latin1') : wideText(bytes, wide);
  const clean = cleaned(text, tables.has(source));
  if (clean === text) return bytes;
  const written = Buffer.from(clean, wide === undefined ? 'latin1' : 'utf16le');
  if (wide === 'utf-16be') written.swap16();
  return new Uint8Array(written.buffer, written.byteOffset, written.byteLength);
}

/** The same for a text of ours: an error message, what a command said on stderr. */
export function textWithoutSecrets(text: string): string {
  return cleaned(text, false);
}

// What these print holds no named values, and may be huge: only what is a secret wherever it stands is looked for.
const tables: ReadonlySet<string> = new Set([
  'windows-net-route',
  'windows-route-print',
  'windows-netsh-route',
  'windows-tracert',
  'linux-ip-route',
  'linux-ip-rule',
  'linux-ip-addr',
  'linux-proc-route',
  'netstat-routes',
  'linux-traceroute',
  'linux-tracepath',
  'mtr-json',
  'interfaces',
  'tcp-connect',
]);

function wideEncodingOf(bytes: Uint8Array, encoding: string | undefined): 'utf-16le' | 'utf-16be' | undefined {
  try {
    const found = decodeText(bytes.subarray(0, 8192), encoding).encoding;
    return found === 'utf-16le' || found === 'utf-16be' ? found : undefined;
  } catch {
    return undefined; // An encoding nobody knows: whoever reads the artifact says so.
  }
}

function wideText(bytes: Uint8Array, encoding: 'utf-16le' | 'utf-16be'): string {
  return new TextDecoder(encoding, { ignoreBOM: true }).decode(bytes);
}

function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function cleaned(text: string, isTable: boolean): string {
  const anywhere = withoutTokens(withoutKeyBlocks(text));
  return isTable ? anywhere : withoutNamed(withoutElements(anywhere));
}

// -----BEGIN RSA PRIVATE KEY----- … -----END RSA PRIVATE KEY-----, and OpenVPN's static keys. In JSON the whole block
// stands on one line with \n between.
function withoutKeyBlocks(text: string): string {
  if (!text.includes('-----BEGIN ')) return text;
  const begin = /-----BEGIN (?:[A-Za-z0-9 ]*PRIVATE KEY(?: BLOCK)?|OpenVPN [A-Za-z0-9 -]*key[A-Za-z0-9 -]*)-----/g;
  return maskedAfter(text, begin, () => '-----END ');
}

// <serversecret>…</serversecret> of azurevpnconfig.xml (any XML prefix), <key>…</key> of an .ovpn; escaped where a
// script or JSON carries the XML: &lt;serversecret&gt; · \u003cserversecret\u003e
function withoutElements(text: string): string {
  const tag = `((?:[\\w-]+:)?(?:${elementNames.join('|')}))`;
  return brackets.reduce((kept, [open, close]) => {
    const begin = new RegExp(`${open}${tag}(?:\\s(?:(?!${close})[^<>])*)?(?<!/)${close}`, 'gi');
    return maskedAfter(kept, begin, ([whole, name = '']) => `${whole.slice(0, whole.indexOf(name))}/${name}`);
  }, text);
}

const brackets = [
  ['<', '>'],
  ['&lt;', '&gt;'],
  ['\\\\u003c', '\\\\u003e'],
] as const;

const elementNames = [
  ...['key', 'tls-auth', 'tls-crypt', 'tls-crypt-v2', 'static-key', 'pkcs12', 'auth-user-pass', 'http-proxy-user-pass'],
  ...['ta', '[\\w.-]*secret', '[\\w.-]*sharedkey', '[\\w.-]*psk', '[\\w.-]*password', 'passphrase'],
  ...['[\\w.-]*privatekey', 'keymaterial', 'token', 'accesstoken'],
];

/**
 * Masks what follows each match up to its end mark. One pass: a text of many beginnings without an end costs no square.
 * Without an end (a file cut short) everything that can be key material is masked.
 */
function maskedAfter(text: string, begin: RegExp, endOf: (match: RegExpExecArray) => string): string {
  let result = '';
  let done = 0;
  let lower: string | undefined;
  const endless = new Set<string>();
  for (let match = begin.exec(text); match !== null; match = begin.exec(text)) {
    const from = match.index + match[0].length;
    const mark = endOf(match);
    lower ??= asciiLower(text);
    const end = endless.has(mark) ? -1 : lower.indexOf(asciiLower(mark), from);
    if (end < 0) endless.add(mark);
    const to = end < 0 ? keyMaterialEnd(text, from) : end;
    result += text.slice(done, from) + maskedLines(text.slice(from, to));
    done = to;
    begin.lastIndex = to;
  }
  return done === 0 ? text : result + text.slice(done);
}

function asciiLower(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

function keyMaterialEnd(text: string, from: number): number {
  const material = /(?:[A-Za-z0-9+/=:,#\s-]|\\[rn])*/y;
  material.lastIndex = from;
  return from + (material.exec(text)?.[0].length ?? 0);
}

// Authorization: Bearer eyJ0eXAi… · …/package.zip?sv=2022&sig=abc%3D&se=… · a bare JSON web token · https://ann:s3cret@…
function withoutTokens(text: string): string {
  let clean = text;
  if (clean.includes('earer ')) clean = clean.replace(/\b(Bearer )(?=[^\s"'<>]*[0-9._])[\w.~+/=-]{8,}/gi, `$1${mask}`);
  if (/authorization: /i.test(clean)) clean = clean.replace(/\b(authorization: \w+ )[^\s"'<>]+/gi, `$1${mask}`);
  if (/[^a-z]sig=/i.test(clean)) clean = clean.replace(/(?<=[^a-z]sig=)[^&\s"'<>\\;,)]+/gi, mask);
  if (/Key=/i.test(clean)) clean = clean.replace(/\b((?:Account|SharedAccess)Key=)[^;\s"'<>\\]+/gi, `$1${mask}`);
  if (clean.includes('://')) clean = clean.replace(/(:\/\/[^\s:@/"'<>]{1,100}:)[^\s@/"'<>]+(?=@)/g, `$1${mask}`);
  if (clean.includes('eyJ')) clean = clean.replace(/\beyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)*/g, mask);
  return clean;
}
