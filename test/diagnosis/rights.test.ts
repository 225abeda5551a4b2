import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { questions } from '../../src/azure/fetch-questions.ts';
import { rights } from '../../src/diagnosis/rights.ts';
import { rightsPage, roleDefinition } from '../../src/report/rights-page.ts';

/** Every operation that the code which asks Azure puts into a question. */
function usedOperations(): ReadonlySet<string> {
  const root = new URL('../../', import.meta.url).pathname;
  const files = globSync('src/azure/fetch*.ts', { cwd: root }).map((file) => readFileSync(root + file, 'utf8'));
  // operation: 'virtualNetworks.get',
  const named = files.flatMap((text) => [...text.matchAll(/operation: '(\w+\.\w+)'/g)].map(([, name = '']) => name));
  return new Set(
    [...named, ...Object.values(questions).map((ask) => ask('/x').operation)].map((name) => name.toLowerCase()),
  );
}

test('the role allows every operation that is used', () => {
  const allowed = new Set(rights.flatMap(({ operations }) => operations));
  expect([...usedOperations()].filter((operation) => !allowed.has(operation))).toEqual([]);
  expect(usedOperations().size).toBeGreaterThan(25);
});

test('the role allows nothing that is not used, and changes nothing', () => {
  const used = usedOperations();
  expect(rights.filter(({ operations }) => !operations.some((name) => used.has(name)))).toEqual([]);
  const { Actions } = roleDefinition('x');
  expect(Actions.filter((action) => !/\/(read|action)$/.test(action) || action.includes('*'))).toEqual([]);
  expect(Actions.filter((action) => /write|delete|reset|\/set/i.test(action))).toEqual([]);
});

test('docs/rights.md is what onlink rights prints', () => {
  const page = readFileSync(new URL('../../docs/rights.md', import.meta.url), 'utf8');
  expect(page).toBe(rightsPage(roleDefinition('SUBSCRIPTION-ID')));
});
