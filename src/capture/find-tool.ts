import { access, constants } from 'node:fs/promises';
import { posix, win32 } from 'node:path';

/** The absolute path of a system tool, from where the system keeps it; on Linux also from PATH. */
export async function findTool(tool: string): Promise<string | undefined> {
  for (const path of process.platform === 'win32' ? windowsPaths(tool) : linuxPaths(tool)) {
    const runs = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (runs) return path;
  }
  return undefined;
}

// Absolute, for a folder in PATH may hold another `route`: git-bash and Cygwin bring their own.
function windowsPaths(tool: string): readonly string[] {
  const { SystemRoot = 'C:\\Windows', PROCESSOR_ARCHITEW6432 } = process.env;
  // To a 32-bit program System32 shows the 32-bit tools, and Sysnative the real ones.
  const system = win32.join(SystemRoot, PROCESSOR_ARCHITEW6432 === undefined ? 'System32' : 'Sysnative');
  const name = win32.extname(tool) === '' ? `${tool}.exe` : tool;
  return tool === 'powershell'
    ? [win32.join(system, 'WindowsPowerShell', 'v1.0', name)]
    : [win32.join(system, name), win32.join(SystemRoot, 'System32', name)];
}

function linuxPaths(tool: string): readonly string[] {
  const { PATH = '' } = process.env;
  const told = PATH.split(':').filter((folder) => folder.startsWith('/'));
  return ['/usr/sbin', '/sbin', '/usr/bin', '/bin', ...told].map((folder) => posix.join(folder, tool));
}
