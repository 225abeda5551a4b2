import { execa } from 'execa';

const compiler = 'x86_64-w64-mingw32-gcc';
const packages = 'wine wine64 gcc-mingw-w64-x86-64-win32 iproute2 util-linux';

/** Why nothing can be run under Wine here; undefined where it can. */
export async function whyNoWine(): Promise<string | undefined> {
  if (process.platform !== 'linux' || process.arch !== 'x64') return 'it needs Linux on x64';
  for (const tool of [
    ['wine', '--version'],
    ['wineserver', '--version'],
    [compiler, '--version'],
    ['ip', '-V'],
  ]) {
    const [file = '', ...args] = tool;
    const { exitCode } = await execa(file, args, { reject: false, env: { PATH: widePath() } });
    if (exitCode !== 0) return `${file} is missing (apt-get install -y --no-install-recommends ${packages})`;
  }
  const { exitCode, stderr } = await execa('unshare', [...networkOfItsOwn(), 'true'], { reject: false });
  return exitCode === 0 ? undefined : `no network of its own can be made: ${stderr}`;
}

/** The flags of `unshare` for a network that nothing leaves. */
export function networkOfItsOwn(): readonly string[] {
  return process.getuid?.() === 0 ? ['--net'] : ['--user', '--map-root-user', '--net'];
}

/** `ip` lives off an ordinary user's path. */
export function widePath(): string {
  return `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`;
}
