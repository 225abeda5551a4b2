import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { Language, type Node, Parser } from 'web-tree-sitter';
import { factQuestions } from '../../../src/capture/commands.ts';
import { collectorScript } from '../../../src/sources/windows-collector.ts';

// No PowerShell runs where the tests do: a grammar at least knows a brace that nobody closes.
await Parser.init();
const grammar = fileURLToPath(import.meta.resolve('tree-sitter-powershell/tree-sitter-powershell.wasm'));
const parser = new Parser().setLanguage(await Language.load(await readFile(grammar)));

function mistakesIn(script: string): readonly string[] {
  const root = parser.parse(script)?.rootNode;
  if (root === undefined) return ['nothing was parsed'];
  const below = (node: Node): readonly Node[] => [node, ...node.children.flatMap(below)];
  const wrong = below(root).filter((node) => node.isError || node.isMissing);
  return wrong.map(({ startPosition: { row, column }, text }) => `${row + 1}:${column} ${text.slice(0, 60)}`);
}

function commandsIn(script: string): readonly string[] {
  const names = parser.parse(script)?.rootNode.descendantsOfType('command_name') ?? [];
  return [...new Set(names.map(({ text }) => text))].toSorted();
}

test('PowerShell would take the collector for a script', () => {
  expect(mistakesIn(collectorScript)).toEqual([]);
});

test('the grammar sees what is wrong', () => {
  for (const [right, wrong] of [
    ['}catch{', '}catch'],
    ['-join [char]10)', '-join [char]10'],
    ['{ Get-NetIPInterface |', '{ Get-NetIPInterface | |'],
  ] as const)
    expect(mistakesIn(collectorScript.replace(right, wrong)), wrong).not.toEqual([]);
});

test('the collector calls cmdlets that read, and its own `part`', () => {
  expect(commandsIn(collectorScript)).toEqual([
    'ConvertTo-Json',
    'ForEach-Object',
    'Get-Content',
    'Get-DnsClientNrptPolicy',
    'Get-ItemProperty',
    'Get-NetAdapter',
    'Get-NetIPAddress',
    'Get-NetIPInterface',
    'Get-NetRoute',
    'Get-UICulture',
    'Get-VpnConnection',
    'Get-WinEvent',
    'Select-Object',
    'Test-Path',
    'Where-Object',
    'part',
  ]);
});

test('the whole command line fits CreateProcess', () => {
  const lines = factQuestions('windows').flat();
  const collector = lines.find(({ tool }) => tool === 'powershell');
  const longest = 'C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe'.length + 3;
  expect(longest + (collector?.args.join(' ').length ?? 0)).toBeLessThan(32_767);
});
