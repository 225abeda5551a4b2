import { type CommandAnswer, runCommand } from './run-command.ts';

/** The argument by which this program, started anew, prints the interfaces and nothing else. */
export const printInterfacesArgument = '--print-interfaces';

/**
 * Prints the interfaces as `systeminformation` describes them, as JSON. Its calls block the whole process and may hang,
 * so they run in a process of their own that can be ended.
 */
export async function printInterfaces(): Promise<void> {
  // A CommonJS package that was bundled has its names on `default` only.
  const { default: system } = await import('systeminformation');
  const found = await system.networkInterfaces();
  await new Promise((done) => process.stdout.write(`${JSON.stringify(found)}\n`, done));
}

/**
 * The interfaces, asked for in a process of their own. `self` is how this program starts itself: the runtime and the
 * main file, or the one executable.
 */
export function readInterfaces(self: readonly [string, ...string[]], signal?: AbortSignal): Promise<CommandAnswer> {
  const [file, ...args] = self;
  return runCommand({
    file,
    args: [...args, printInterfacesArgument],
    timeoutMs: 5000,
    ...(signal !== undefined && { signal }),
  });
}
