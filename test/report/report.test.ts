import { Ajv2020 } from 'ajv/dist/2020.js';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { describe, expect, test } from 'vitest';
import schema from '../../schema/report-1.schema.json' with { type: 'json' };
import type { Diagnosis } from '../../src/diagnosis/diagnosis.ts';
import { prefix } from '../../src/net/prefix.ts';
import { columnsOf } from '../../src/report/printable.ts';
import type { ReportOptions } from '../../src/report/report.ts';
import { diagnoses, healthy, hostile, ladder, prefixesIn, spokeMissing } from './diagnoses.ts';
import { renders } from './renders.ts';

const options: ReportOptions = { toolVersion: '0.0.0-test', colour: false, unicode: true, width: 80 };
const formats = ['text', 'json', 'markdown', 'html', 'junit'] as const;
const validate = new Ajv2020({ strict: true, allErrors: true }).compile(schema);
const everyCase = Object.entries(diagnoses).map(([name, diagnosis]) => ({ name, diagnosis }));

/** What a reader of any format ends up with: no markup, no escapes, no line breaks. */
function plain(text: string): string {
  return text
    .replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)))
    .replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
    .replaceAll('<!-- -->', '')
    .replace(/[\\`|\s>]/g, '');
}

/** Every fact that each format has to tell. */
function factsOf(diagnosis: Diagnosis): readonly string[] {
  const { headline, findings, notChecked, assumptions, candidates, problems, notes } = diagnosis;
  return [
    headline,
    diagnosis.tunnel?.interface ?? '',
    diagnosis.gateway?.name ?? '',
    ...prefixesIn(diagnosis),
    ...findings.flatMap(({ code, title, summary, accepted }) =>
      accepted === true ? [code, summary] : [code, title, summary],
    ),
    ...findings
      .filter(({ accepted }) => accepted !== true)
      .flatMap(({ evidence, fixes, resource = '', expected = '', actual = '' }) => [
        resource,
        expected,
        actual,
        ...evidence.flatMap(({ says, quote = '', origin }) => [says, quote, origin.artifact]),
        ...fixes.flatMap(({ commands, steps, disrupts = '', verify = '', role = '' }) => [
          ...commands.map(({ command }) => command),
          ...steps,
          disrupts,
          verify,
          role,
        ]),
      ]),
    ...notChecked.flatMap(({ code, why }) => [code, why]),
    ...assumptions.flatMap(({ code, says }) => [code, says]),
    ...candidates.flatMap(({ name, flag, because }) => [name, flag, because]),
    ...problems.slice(0, 10).flatMap(({ text, why }) => [text, why]),
    ...notes.map(({ says }) => says),
  ];
}

describe.for(everyCase.filter(({ name }) => name !== 'hostile'))('$name', ({ diagnosis }) => {
  test.for(formats)('%s tells every fact', (format) => {
    const text = plain(renders[format](diagnosis, options));
    expect(factsOf(diagnosis).filter((fact) => !text.includes(plain(fact)))).toEqual([]);
  });
});

describe.for(everyCase)('$name', ({ diagnosis }) => {
  test('JSON obeys its schema', () => {
    validate(JSON.parse(renders.json(diagnosis, options)));
    expect(validate.errors ?? []).toEqual([]);
  });

  test('JUnit is well-formed, and its counts are true', () => {
    const xml = renders.junit(diagnosis, options);
    expect(XMLValidator.validate(xml)).toBe(true);
    const { testsuites } = new XMLParser({ ignoreAttributes: false }).parse(xml);
    expect(Number(testsuites['@_tests'])).toBe(xml.match(/<testcase /g)?.length ?? 0);
    expect(Number(testsuites['@_failures'])).toBe(xml.match(/<failure /g)?.length ?? 0);
    expect(Number(testsuites['@_skipped'])).toBe(xml.match(/<skipped /g)?.length ?? 0);
  });

  test.for(formats)('%s is the same to the byte each time, and obeys nobody', (format) => {
    const text = renders[format](diagnosis, options);
    expect(renders[format](structuredClone(diagnosis), options)).toBe(text);
    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/u);
  });

  test('text fits its width, commands and links aside', () => {
    const commands = new Set(
      diagnosis.findings.flatMap(({ fixes }) =>
        fixes.flatMap(({ commands: list, verify = '' }) => [...list.map(({ command }) => command), verify]),
      ),
    );
    const wide = renders
      .text(diagnosis, options)
      .split('\n')
      .filter((line) => columnsOf(line) > 80 && !commands.has(line.trim()) && !/^ {5}https:/.test(line));
    expect(diagnosis === hostile ? wide.filter((line) => !line.includes('\\u001b')) : wide).toEqual([]);
  });
});

test('hostile names stay text in HTML', () => {
  const page = renders.html(hostile, options);
  expect(page).not.toMatch(/<(script|img|iframe|object|form|base)\b/i);
  expect(page).not.toMatch(/\son\w+="|javascript:[^<]*"/i);
  expect(page).not.toMatch(/href="(?!https:\/\/)/);
  expect(page).toContain("default-src 'none'; style-src 'unsafe-inline'; img-src data:");
});

test('hostile names stay text in Markdown', () => {
  const lines = renders.markdown(hostile, options).split('\n');
  const fences = lines.filter((line) => /^`{3,}/.test(line));
  expect(fences.length % 2).toBe(0);
  const outside = lines
    .join('\n')
    .replace(/^(`{3,}).*\n[\s\S]*?^\1$/gm, '')
    .replace(/(`+)[^`][\s\S]*?[^`]?\1(?!`)/g, '');
  expect(outside).not.toMatch(/(?<!\\)<(?!!-- -->)/);
  const map = lines.slice(lines.indexOf('```mermaid'), lines.indexOf('```', lines.indexOf('```mermaid')));
  expect(map.filter((line) => /click|%%|"[^"]*"[^"]*"[^"]*"/.test(line.replace(/"[^"]*"/g, '""')))).toEqual([]);
});

test('a terminal is coloured only on demand, and the words stay the same', () => {
  const coloured = renders.text(spokeMissing, { ...options, colour: true });
  expect(coloured).toContain('\u001b[31mBROKEN\u001b[0m');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are control sequences.
  expect(coloured.replace(/\u001b\[\d+m/g, '')).toBe(renders.text(spokeMissing, options));
});

test('verbose folds nothing', () => {
  const rows = (text: string) => text.split('\n').filter((line) => line.endsWith(' ok')).length;
  expect(rows(renders.text(spokeMissing, options))).toBe(4);
  expect(rows(renders.text(spokeMissing, { ...options, verbose: true }))).toBe(14);
});

const [finding] = spokeMissing.findings;
const huge: Diagnosis = {
  ...healthy,
  verdict: 'broken',
  ladders: Array.from({ length: 2_000 }, (_, index) =>
    ladder({
      prefix: `10.${index >> 8}.${index & 255}.0/24`,
      owner: `spoke-with-a-rather-long-name-${index}`,
      rungs: index % 3 === 0 ? 'hhhhllnu' : 'hhhlllnu',
      verdict: 'broken',
      lostAt: index % 3 === 0 ? 'active' : 'installed',
    }),
  ),
  findings:
    finding === undefined
      ? []
      : Array.from({ length: 300 }, (_, index) => ({ ...finding, summary: `number ${index}: ${'long '.repeat(200)}` })),
  unexplained: Array.from({ length: 2_000 }, (_, index) => prefix(`10.${index >> 8}.${index & 255}.0/24`)),
};

test('a ticket is never longer than a tracker takes, and says what it leaves out', () => {
  const text = renders.markdown(huge, options);
  expect(text.length).toBeLessThan(65_000);
  expect(text).toMatch(/\d+ more left out here for length/);
});

test('a huge diagnosis is told in every format within a moment', () => {
  for (const format of formats) {
    const before = performance.now();
    expect(renders[format](huge, options).length).toBeGreaterThan(1_000);
    expect(performance.now() - before).toBeLessThan(5_000);
  }
});
