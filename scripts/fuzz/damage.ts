import { seeded } from '../bench/seeded.ts';

const tokens = [
  ...[
    '\n',
    '\r\n',
    '\t',
    ' ',
    '{',
    '}',
    '[',
    ']',
    '"',
    ',',
    ':',
    '/',
    '<',
    '>',
    '&',
    '\\',
    '\0',
    '\ufeff',
    '\u00a0',
    '在',
  ],
  ...[
    '10.0.0.0/8',
    '0.0.0.0',
    '255.255.255.255',
    '::/0',
    'fe80::1%12',
    '/33',
    '-1',
    '1e309',
    '4294967296',
    'null',
    '[]',
  ],
  ...['__proto__', 'constructor', '"properties":null', '<!DOCTYPE a>', 'On-link', 'default', '*', '!N', 'nexthop'],
].map((text) => new TextEncoder().encode(text));

/** The same bytes after a mishap or a few, always the same for the same seed. One in sixteen is nothing but noise. */
export function damaged(original: Uint8Array, seed: number): Uint8Array {
  const random = seeded(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  if (below(16) === 0) return Uint8Array.from({ length: below(2000) }, () => below(256));
  let bytes = original;
  for (let edits = 1 + below(6); edits > 0; edits -= 1) bytes = edited(bytes, below);
  return bytes;
}

function edited(bytes: Uint8Array, below: (limit: number) => number): Uint8Array {
  const at = below(bytes.length + 1);
  const length = Math.min(1 + below(below(4) === 0 ? 400 : 8), bytes.length - at);
  const piece = bytes.subarray(at, at + length);
  const rest = bytes.subarray(at + length);
  const before = bytes.subarray(0, at);
  const kind = below(6);
  if (kind === 0) return joined(before, rest);
  if (kind === 1) return joined(before, piece, piece, rest);
  if (kind === 2) return before;
  if (kind === 3)
    return joined(
      before,
      Uint8Array.from(piece, (value) => value ^ (1 << below(8))),
      rest,
    );
  if (kind === 4) return joined(before, bytes.subarray(below(bytes.length + 1)).subarray(0, 200), bytes.subarray(at));
  return joined(before, tokens[below(tokens.length)] ?? new Uint8Array(), bytes.subarray(at));
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}
