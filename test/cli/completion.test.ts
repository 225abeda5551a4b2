import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { causes } from '../../src/causes/index.ts';
import { program } from '../../src/cli/program.ts';
import { onlink } from './run.ts';

const scratch = mkdtempSync(join(tmpdir(), 'onlink-completion-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
const has = (tool: string) => spawnSync(tool, ['--version']).status === 0;
const script = async (shell: string) => {
  const { code, stdout, stderr } = await onlink(['completion', shell]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const path = join(scratch, `onlink.${shell}`);
  writeFileSync(path, stdout);
  return { path, stdout };
};

describe.each(['bash', 'zsh', 'fish', 'powershell'])('completion for %s', (shell) => {
  test('knows every command, every shown flag and every cause', async () => {
    const { stdout } = await script(shell);
    for (const command of program().commands) {
      expect(stdout).toContain(command.name());
      for (const option of command.options.filter(({ hidden }) => !hidden)) {
        const flag = option.long ?? '';
        expect(stdout).toContain(shell === 'fish' ? `-l ${flag.slice(2)}` : flag);
      }
    }
    for (const { code } of causes) expect(stdout).toContain(code);
    expect(stdout).not.toContain('--bundled');
  });
});

test.runIf(has('bash'))('bash completes commands, flags of the command, values of the flag, and codes', async () => {
  const { path } = await script('bash');
  const complete = (...words: readonly string[]) => {
    const line = words.map((word) => `'${word}'`).join(' ');
    const code = `. ${path}; COMP_WORDS=(${line}); COMP_CWORD=${words.length - 1}; _onlink; printf '%s\\n' "\${COMPREPLY[@]}"`;
    return execFileSync('bash', ['--norc', '-c', code], { encoding: 'utf8' }).trim().split('\n');
  };
  expect(complete('onlink', 're')).toEqual(['replay', 'redact']);
  expect(complete('onlink', '--no-a')).toEqual(['--no-azure']);
  expect(complete('onlink', 'redact', '--a')).toEqual(['--addresses']);
  expect(complete('onlink', 'replay', 'x', '-o', 'm')).toEqual(['markdown']);
  expect(complete('onlink', 'verify', 'hub-tr')).toEqual(['hub-transit-off']);
  expect(complete('onlink', '--accept', 'hub-tr')).toEqual(['hub-transit-off']);
});

test.runIf(has('zsh'))('zsh reads its script', async () => {
  expect(spawnSync('zsh', ['-n', (await script('zsh')).path]).status).toBe(0);
});

test.runIf(has('fish'))('fish reads its script', async () => {
  expect(spawnSync('fish', ['--no-execute', (await script('fish')).path]).status).toBe(0);
});

test('every command has examples, and each example begins with its command', async () => {
  for (const command of program().commands) {
    const { stdout } = await onlink([command.name(), '--help']);
    expect(stdout).toContain('Examples:');
  }
  expect((await onlink(['--help'])).stdout).toContain('Without a command: diagnose');
}, 60_000);
