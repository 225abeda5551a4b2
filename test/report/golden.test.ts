import { expect, test } from 'vitest';
import type { ReportOptions } from '../../src/report/report.ts';
import { diagnoses } from './diagnoses.ts';
import { renders } from './renders.ts';

const options: ReportOptions = { toolVersion: '0.0.0-test', colour: false, unicode: true, width: 80 };
const endings = { text: 'txt', json: 'json', markdown: 'md', html: 'html', junit: 'xml' } as const;
const cases = Object.entries(diagnoses).flatMap(([name, diagnosis]) =>
  (Object.keys(endings) as (keyof typeof endings)[]).map((format) => ({ name, format, diagnosis })),
);

test.for(cases)('$name as $format is told as agreed', async ({ name, format, diagnosis }) => {
  const file = new URL(`../../fixtures/reports/${name}.${endings[format]}`, import.meta.url).pathname;
  await expect(renders[format](diagnosis, options)).toMatchFileSnapshot(file);
});

test('a narrow terminal without UTF-8 gets the same report in ASCII', async () => {
  const text = renders.text(diagnoses['spoke-missing'], { ...options, unicode: false, width: 80 });
  expect(text).toMatch(/^[\n -~]*$/);
  await expect(text).toMatchFileSnapshot(
    new URL('../../fixtures/reports/spoke-missing.ascii.txt', import.meta.url).pathname,
  );
});

test('a bundled capture says whose it is before all else', () => {
  const text = renders.text(diagnoses.healthy, { ...options, bundled: 'Bundled capture: not this computer' });
  expect(text.split('\n')[0]).toBe('Bundled capture: not this computer');
});
