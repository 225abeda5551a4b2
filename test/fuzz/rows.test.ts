import { describe, expect, test } from 'vitest';
import { seeded } from '../../scripts/bench/seeded.ts';
import { corpus } from '../../scripts/fuzz/fuzz.ts';
import { decodeText } from '../../src/sources/decode.ts';
import { sourceOf } from '../../src/sources/registry.ts';
import type { Reading, Source } from '../../src/sources/source.ts';

/*
 * Rows in are facts and problems out, for every source that prints one thing a row: a row that told something tells
 * something, or is complained of, after whatever happened to it.
 */
const files = corpus();
const readable = (
  name: string,
): readonly { readonly name: string; readonly text: string; readonly source: Source }[] => {
  const source = sourceOf(name);
  if (source === undefined) throw new Error(`no source is called ${name}`);
  return files
    .filter((file) => file.name.startsWith(`sources/${name}/`) && !file.name.endsWith('.expected.json'))
    .map((file) => ({ name: file.name, text: decodeText(file.bytes).text, source }));
};

/** Every place that a part of a reading was read at: a line, a pointer, or '' for a text as a whole. */
function places(value: unknown, found = new Set<number | string>()): ReadonlySet<number | string> {
  if (typeof value !== 'object' || value === null) return found;
  if ('artifact' in value) {
    if ('line' in value) found.add(value.line as number);
    else found.add('pointer' in value ? (value.pointer as string) : '');
    return found;
  }
  for (const one of Object.values(value)) places(one, found);
  return found;
}

describe('rows of text', () => {
  /** What a row of these is; interface lists and headings between them are not rows. */
  const rowsOf = ({ routes, persistent, rules, policies, traces, profiles }: Reading['facts']) => [
    ...[routes, persistent, rules, policies, profiles],
    traces?.map(({ hops }) => hops),
  ];
  test.each([
    'windows-route-print',
    'windows-netsh-route',
    'windows-tracert',
    'cmroute-routes',
    'linux-ip-route',
    'linux-ip-rule',
    'linux-proc-route',
    'linux-xfrm-policy',
    'linux-traceroute',
    'linux-tracepath',
    'netstat-routes',
  ])('of %s: a hurt one is still a fact, or a problem', (name) => {
    const random = seeded(name.length);
    const lost: string[] = [];
    let tried = 0;
    for (const { name: file, text, source } of readable(name)) {
      const lines = text.split('\n');
      const rows = [...places(rowsOf(source.parse(text, { artifact: 'a' }).facts))].filter(
        (line): line is number => typeof line === 'number',
      );
      for (const line of rows)
        for (const hurt of hurtLines(lines[line - 1] ?? '', random)) {
          tried += 1;
          const { facts, problems } = source.parse(lines.with(line - 1, hurt).join('\n'), { artifact: 'a' });
          if (!places([rowsOf(facts), problems]).has(line)) lost.push(`${file}:${line}: ${hurt.trim()}`);
        }
    }
    expect(lost).toEqual([]);
    expect(tried).toBeGreaterThan(10);
  });

  /**
   * A character that turned into another (not `#` or `%`, which make a prompt of a line), and a cell that is gone: not the first, for
   * what a row begins with may be all that makes it one, nor where that leaves too few. `1  General failure.` and
   * `1  Transmit error: code 1231` are rows by their number alone: that stays.
   */
  function hurtLines(line: string, random: () => number): readonly string[] {
    const start = line.length - line.trimStart().length;
    const cells = line.trim().split(/\s+/);
    const first = cells.slice(1).some((cell) => /\d[.:]|[*]/.test(cell))
      ? start
      : line.indexOf(cells[1] ?? '', start + 1);
    const at = () => first + Math.floor(random() * (line.trimEnd().length - first));
    const other = () => 'x9./,'[Math.floor(random() * 5)];
    const changed = Array.from({ length: 4 }, at).map(
      (place) => line.slice(0, place) + other() + line.slice(place + 1),
    );
    const shorter = cells.toSpliced(1 + Math.floor(random() * (cells.length - 1)), 1).join(' ');
    return [...changed, ...(cells.length > 3 ? [`${line.slice(0, start)}${shorter}`] : [])];
  }
});

describe('records of JSON', () => {
  test.each([
    'dns-lookup',
    'interfaces',
    'linux-ip-addr',
    'linux-ip-route',
    'linux-ip-route-get',
    'linux-ip-rule',
    'mtr-json',
    'tcp-connect',
    'windows-net-route',
    'windows-nrpt',
    'windows-ras-events',
    'windows-vpn-connection',
  ])('of %s: a hurt one is still a fact, or a problem', (name) => {
    const lost: string[] = [];
    let tried = 0;
    for (const { name: file, text, source } of readable(name).filter(({ text }) => isJson(text))) {
      const document: unknown = JSON.parse(text);
      const told = [...places(source.parse(JSON.stringify(document), { artifact: 'a' }).facts)].map(String);
      for (const pointer of recordsIn(document).filter((one) => told.some((place) => isWithin(place, one))))
        for (const [what, hurt] of hurtRecords(document, pointer)) {
          tried += 1;
          const { facts, problems } = source.parse(JSON.stringify(hurt), { artifact: 'a' });
          const complained = [...places(problems)].map(String);
          const all = [...complained, ...[...places(facts)].map(String)];
          // A list that is refused as a whole is told at its own place.
          const isTold =
            all.some((place) => isWithin(place, pointer)) || complained.some((place) => isWithin(pointer, place));
          if (!isTold) lost.push(`${file}${pointer}: ${what}`);
        }
    }
    expect(lost).toEqual([]);
    expect(tried).toBeGreaterThan(10);
  });

  const isWithin = (place: string, above: string) => place === above || place.startsWith(`${above}/`);

  function isJson(text: string): boolean {
    try {
      return typeof JSON.parse(text) === 'object';
    } catch {
      return false;
    }
  }

  /** Pointers to every object that stands in a list. */
  function recordsIn(value: unknown, pointer = ''): readonly string[] {
    if (typeof value !== 'object' || value === null) return [];
    return Object.entries(value).flatMap(([key, one]) => {
      const here = `${pointer}/${key}`;
      const isRecord = Array.isArray(value) && typeof one === 'object' && one !== null && !Array.isArray(one);
      return [...(isRecord ? [here] : []), ...recordsIn(one, here)];
    });
  }

  /** The document with the record replaced, and with each of its properties gone, of another type, or nonsense. */
  function hurtRecords(document: unknown, pointer: string): readonly (readonly [what: string, hurt: unknown])[] {
    const keys = pointer.split('/').slice(1);
    const changed = (change: (holder: Record<string, unknown>, key: string) => void) => {
      const copy = structuredClone(document);
      let holder = copy as Record<string, unknown>;
      for (const key of keys.slice(0, -1)) holder = holder[key] as Record<string, unknown>;
      change(holder, keys.at(-1) ?? '');
      return copy;
    };
    let record: Record<string, unknown> = {};
    changed((holder, key) => {
      record = holder[key] as Record<string, unknown>;
    });
    const replaced = [null, 5, 'x', [], { x: 1 }].map(
      (instead) =>
        [
          JSON.stringify(instead),
          changed((holder, key) => {
            holder[key] = instead;
          }),
        ] as const,
    );
    const twisted = Object.keys(record).flatMap((property) =>
      [undefined, {}, '#junk#'].map(
        (instead) =>
          [
            `${property}: ${JSON.stringify(instead)}`,
            changed((holder, key) => {
              (holder[key] as Record<string, unknown>)[property] = instead;
            }),
          ] as const,
      ),
    );
    return [...replaced, ...twisted];
  }
});
