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

/** What a person typed before the tab key, the words that the shell offers then; zsh fills the one in that there is. */
const typed = [
  ['onlink rep', ['replay']],
  ['onlink --no-a', ['--no-azure']],
  ['onlink redact --a', ['--addresses']],
  ['onlink replay x -o m', ['markdown']],
  ['onlink verify hub-tr', ['hub-transit-off']],
  ['onlink --accept hub-tr', ['hub-transit-off']],
] as const;
const wordsOf = (line: string) => line.split(' ').map((word) => `'${word}'`);

/** How each shell is asked what it would offer. A shell that is not installed is not tried, and the run says so. */
const offered: Readonly<Record<string, (path: string, line: string) => readonly string[]>> = {
  bash: (path, line) => {
    const words = wordsOf(line);
    const set = `COMP_WORDS=(${words.join(' ')}); COMP_CWORD=${words.length - 1}`;
    return linesOf('bash', ['--norc', '-c', `. ${path}; ${set}; _onlink; printf '%s\\n' "\${COMPREPLY[@]}"`]);
  },
  fish: (path, line) =>
    linesOf('fish', ['--no-config', '-c', `source ${path}; complete -C '${line}'`]).map(
      (told) => told.split('\t')[0] ?? '',
    ),
  // Its completion needs a terminal: a second zsh gets the line, the tab and a stand-in `onlink` that shows what it was given;
  // the terminal may show its definition late, which must not look like that.
  zsh: (path, line) => linesOf('zsh', ['-f', '-c', atTerminal(path, line)]).map((told) => told.split(' ').at(-1) ?? ''),
};

const atTerminal = (path: string, line: string) => `
  zmodload zsh/zpty
  zpty shell zsh -f -i
  zpty -w shell 'PROMPT=; autoload -Uz compinit; compinit -u -D; source ${path}; compdef _onlink onlink'
  zpty -w shell 'onlink() { print -r -- G""OT $* END }; print READY'
  while zpty -r shell told; do [[ $told == READY* ]] && break; done
  zpty -w shell '${line}'$'\t'
  while zpty -r -t shell told || sleep 0.1; do all+=$told; [[ $all == *GOT*END* ]] && break; done
  print -r -- \${\${all##*GOT }%% END*}
  zpty -d shell`;

function linesOf(shell: string, words: readonly string[]): readonly string[] {
  return execFileSync(shell, words, { encoding: 'utf8', timeout: 20_000 }).trim().split('\n');
}

describe.each(Object.entries(offered))('%s, asked what it offers', (shell, ask) => {
  test.runIf(has(shell))('completes commands, flags of the command, values of the flag, and codes', async () => {
    const { path } = await script(shell);
    for (const [line, words] of typed) expect(ask(path, line), line).toEqual(words);
  });
});

test('every command has examples, and each example begins with its command', async () => {
  for (const command of program().commands) {
    const { stdout } = await onlink([command.name(), '--help']);
    expect(stdout).toContain('Examples:');
  }
  expect((await onlink(['--help'])).stdout).toContain('Without a command: diagnose');
}, 60_000);
