import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { median, times } from './median.ts';
import type { Row } from './row.ts';

/** Beside what people use now, whole processes; what is not installed is told. `tracert` is Windows' own. */
export function otherRows(program: string): readonly Row[] {
  return [
    ...(isInstalled('jc') ? [1_000, 10_000].flatMap((rows) => besideJc(program, rows)) : [absent('jc')]),
    ...(isInstalled('az') ? besideAz(program) : [absent('az')]),
    absent('tracert'),
  ];
}

/** Only how long each takes to know its own flags: neither asks anybody anything. */
function besideAz(program: string): readonly Row[] {
  const home = mkdtempSync(join(tmpdir(), 'onlink-bench-az-'));
  const env = { ...process.env, AZURE_CONFIG_DIR: home, AZURE_CORE_COLLECT_TELEMETRY: 'no' };
  try {
    const words = ['network', 'vnet-gateway', 'list-learned-routes', '--help'];
    const what = '`az network vnet-gateway list-learned-routes`: start-up (`--help`)';
    const broken = whyBroken('az', words, env);
    if (broken !== undefined) return [[what, `is installed and fails by itself: ${broken}`, '-', '-']];
    const az = wholeProcess('az', words, { env });
    const onlink = wholeProcess(process.execPath, [program, 'diagnose', '--help']);
    return [
      [what, `${az.toFixed(0)} ms`, '-', '-'],
      ['`onlink diagnose`: the same', `${onlink.toFixed(0)} ms (${(onlink / az).toFixed(2)} ×)`, '-', '-'],
    ];
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

/** What a program that fails says last of its error; Debian's own `az` does, wherever it is asked about networks. */
function whyBroken(file: string, words: readonly string[], env: NodeJS.ProcessEnv): string | undefined {
  const { status, stderr } = spawnSync(file, words, { env, encoding: 'utf8' });
  return status === 0
    ? undefined
    : (/^\w*Error: .*$/m.exec(stderr.replace(/^ERROR: /gm, ''))?.[0] ?? `exit code ${status}`);
}

/** Median milliseconds of a program from start to end; one that fails stops the measurement. */
function wholeProcess(file: string, words: readonly string[], options: Readonly<Record<string, unknown>> = {}): number {
  const run = () => {
    const { status, stderr } = spawnSync(file, words, { ...options, maxBuffer: 1e9, encoding: 'utf8' });
    if (status !== 0) throw new Error(`${file} ended with ${status}: ${stderr}`);
  };
  return median(times(7, run));
}

function besideJc(program: string, rows: number): readonly Row[] {
  const input = routeTable(rows);
  const jc = wholeProcess('jc', ['--route'], { input });
  const onlink = wholeProcess(process.execPath, [program, 'parse', 'netstat-routes', '-'], { input });
  const what = `${rows.toLocaleString('en')} rows of \`route -n\` to JSON`;
  return [
    [`\`jc --route\`: ${what}`, `${jc.toFixed(0)} ms`, '-', '-'],
    [`\`onlink parse netstat-routes\`: the same`, `${onlink.toFixed(0)} ms (${(onlink / jc).toFixed(2)} ×)`, '-', '-'],
  ];
}

function routeTable(rows: number): string {
  const lines = Array.from({ length: rows }, (_, index) => {
    const destination = `10.${(index >> 8) & 255}.${index & 255}.0`;
    return `${destination.padEnd(16)}0.0.0.0         255.255.255.0   U     0      0        0 tun0`;
  });
  const heading = 'Destination     Gateway         Genmask         Flags Metric Ref    Use Iface';
  return `Kernel IP routing table\n${heading}\n${lines.join('\n')}\n`;
}

function isInstalled(name: string): boolean {
  return spawnSync('which', [name]).status === 0;
}

function absent(name: string): Row {
  return [name, 'not installed on this machine', '-', '-'];
}
