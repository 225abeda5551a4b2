import { describe, expect, it } from 'vitest';
import { decodeText, encodingOfCodePage } from '../../../src/sources/decode.ts';

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

describe('decodeText', () => {
  it.each([
    ['cp850', [0x53, 0x74, 0x84], 'Stä'],
    ['cp437', [0x9b], '¢'],
    ['cp852', [0xa5], 'ą'],
    ['CP858', [0xd5, 0xd6], '€Í'],
    ['shift_jis', [0x83, 0x8a], 'リ'],
    ['ibm866', [0x8f], 'П'],
  ])('reads %s', (encoding, values, text) => {
    expect(decodeText(bytes(...values), encoding).text).toBe(text);
  });

  it('lets a mark win over a name', () => {
    expect(decodeText(bytes(0xff, 0xfe, 0x31, 0), 'cp850')).toEqual({ text: '1', encoding: 'utf-16le' });
    expect(decodeText(bytes(0xfe, 0xff, 0, 0x31))).toEqual({ text: '1', encoding: 'utf-16be' });
    expect(decodeText(bytes(0xef, 0xbb, 0xbf, 0x31))).toEqual({ text: '1', encoding: 'utf-8' });
  });

  it('tells UTF-16 without a mark by its zeros', () => {
    expect(decodeText(Buffer.from('ADD 10.1.0.0', 'utf16le')).text).toBe('ADD 10.1.0.0');
    expect(decodeText(Buffer.from('ADD 10.1.0.0', 'utf16le').swap16()).encoding).toBe('utf-16be');
  });

  it('keeps the numbers of a text whose encoding nobody told', () => {
    const { text, encoding } = decodeText(bytes(0x8e, 0x20, 0x31, 0x30, 0x2e, 0x31));
    expect(encoding).toBe('windows-1252');
    expect(text).toContain('10.1');
  });

  it('takes a character cut in two for the end of UTF-8', () => {
    expect(decodeText(bytes(0x31, 0xe3, 0x83))).toEqual({ text: '1\ufffd', encoding: 'utf-8' });
  });

  it('says which name it does not know', () => {
    expect(() => decodeText(bytes(0x31), 'cp999')).toThrow(RangeError);
    expect(() => decodeText(bytes(0x31), 'cp999')).toThrow(/"cp999"/);
  });

  it('names the encoding of a code page', () => {
    expect([850, 932, 1252, 65_001, 737].map(encodingOfCodePage)).toEqual([
      'cp850',
      'shift_jis',
      'windows-1252',
      'utf-8',
      undefined,
    ]);
  });
});
