import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';

/** What a stand-in tool prints when it is called so. */
export interface Answer {
  /** How the command line begins: `route print -4`. */
  readonly line: string;
  readonly bytes?: Uint8Array | string;
  readonly exitCode?: number;
  readonly waitBeforeMs?: number;
  readonly waitAfterMs?: number;
}

/** One call of a stand-in tool. */
export interface Call {
  readonly characters: number;
  readonly program: string;
  readonly args: string;
}

const system = ['windows', 'system32'];

function pathOf(drive: string, tool: string): string {
  if (tool === 'powershell') return join(drive, ...system, 'WindowsPowerShell', 'v1.0', 'powershell.exe');
  return join(drive, ...system, tool === 'chcp' ? 'chcp.com' : `${tool}.exe`);
}

/** Puts a stand-in where Windows has the tool. */
export async function putTool(drive: string, tool: string): Promise<void> {
  const file = pathOf(drive, tool);
  await mkdir(join(file, '..'), { recursive: true });
  // What Wine left there may be a link into its own installation.
  await rm(file, { force: true });
  await execa('x86_64-w64-mingw32-gcc', ['-Wall', '-Wextra', '-O1', '-s', '-o', file, 'scripts/wine/stand-in.c']);
}

/** Takes the tool away, as a machine that never had it. */
export async function removeTool(drive: string, tool: string): Promise<void> {
  await rm(pathOf(drive, tool), { force: true });
}

/** Puts a file there that Windows refuses to start, as it does with a program that a policy blocks. */
export async function blockTool(drive: string, tool: string): Promise<void> {
  await rm(pathOf(drive, tool), { force: true });
  await writeFile(pathOf(drive, tool), 'not a program');
}

/** Lays the answers down, and gives the environment by which the stand-ins find them. */
export async function layAnswers(
  drive: string,
  name: string,
  answers: readonly Answer[],
): Promise<Readonly<Record<string, string>>> {
  const folder = join(drive, 'stand-ins', name);
  await mkdir(folder, { recursive: true });
  const rows = await Promise.all(
    answers.map(async ({ line, bytes = '', exitCode = 0, waitBeforeMs = 0, waitAfterMs = 0 }, index) => {
      await writeFile(join(folder, `${index}.txt`), bytes);
      return [line, `${index}.txt`, exitCode, waitBeforeMs, waitAfterMs].join('\t');
    }),
  );
  await writeFile(join(folder, 'answers.txt'), `${rows.join('\n')}\n`);
  return { ONLINK_STAND_INS: `C:\\stand-ins\\${name}` };
}

/** What the stand-ins were asked, in the order they started. */
export async function callsOf(drive: string, name: string): Promise<readonly Call[]> {
  const text = await readFile(join(drive, 'stand-ins', name, 'asked.txt'), 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((row) => {
      const [characters = '', program = '', args = ''] = row.split('\t');
      return { characters: Number(characters), program, args };
    });
}
