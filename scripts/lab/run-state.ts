import { targets } from './addresses.ts';
import { scratch } from './enclosure.ts';
import { attempt } from './hosts.ts';
import { bringUpNetwork } from './network.ts';
import type { Run } from './state.ts';
import { apply, connect } from './tunnel.ts';

/** Lays the network of a run, connects its client, and changes what the run says. */
export async function bringUp(run: Run): Promise<void> {
  await bringUpNetwork({ hopsVisible: run.hopsVisible ?? false });
  const gateway = await connect(run.tunnel, scratch);
  for (const change of run.changes) await apply(change, gateway);
}

/** What a person would look at first in the client of a run. */
export async function look(run: Run): Promise<string> {
  await bringUp(run);
  const questions = [
    ['ip', '-4', 'addr'],
    ['ip', 'rule'],
    ['ip', 'route', 'show', 'table', 'all', 'type', 'unicast'],
    ...(run.tunnel.kind === 'ikev2' ? [['swanctl', '--list-sas']] : []),
    ...(run.targets ?? targets).map((target) => ['traceroute', '-n', '-q', '1', '-w', '1', '-m', '4', target]),
    ['ip', '-s', 'link'],
  ];
  const answers: string[] = [];
  for (const argv of questions) {
    const { stdout, stderr } = await attempt('client', argv);
    answers.push(`$ ${argv.join(' ')}\n${stdout}${stderr === '' ? '' : `\n${stderr}`}`);
  }
  return answers.join('\n\n');
}
