import { spawnSync } from 'node:child_process';
import { median, times } from './median.ts';
import type { Row } from './row.ts';

/** Beside what people use now, whole processes: `jc` reads the same text; the rest is told when it is not installed. */
export function otherRows(program: string): readonly Row[] {
  return [
    ...(isInstalled('jc') ? [1_000, 10_000].flatMap((rows) => besideJc(program, rows)) : [absent('jc')]),
    ...['az', 'tracert'].filter((name) => !isInstalled(name)).map(absent),
  ];
}

function besideJc(program: string, rows: number): readonly Row[] {
  const input = routeTable(rows);
  const timed = (file: string, words: readonly string[]) => {
    const run = () => {
      const { status, stderr } = spawnSync(file, words, { input, maxBuffer: 1e9, encoding: 'utf8' });
      if (status !== 0) throw new Error(`${file} ended with ${status}: ${stderr}`);
    };
    return median(times(7, run));
  };
  const jc = timed('jc', ['--route']);
  const onlink = timed(process.execPath, [program, 'parse', 'netstat-routes', '-']);
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
