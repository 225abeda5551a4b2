import type { Capture } from '../facts/capture.ts';
import type { ClimbContext } from '../ladder/context.ts';
import { type Ladder, stateOf } from '../ladder/ladder.ts';
import { formatPrefix } from '../net/prefix.ts';
import { azureNotRead, gatewayNotFound } from './azure-not-read.ts';
import type { Diagnosis } from './diagnosis.ts';

type NotChecked = Diagnosis['notChecked'];

/** What could not be looked at, why, and what right or input it would take. */
export function notCheckedOf(capture: Capture, ladders: readonly Ladder[], context: ClimbContext): NotChecked {
  const { client, situation } = context;
  const { request } = capture;
  return [
    ...(situation.halves.azure
      ? []
      : [
          {
            code: 'AZURE',
            why:
              request?.azure === false
                ? 'left out on request (--no-azure): what this client should have is not known'
                : 'no Azure half: what this client should have is not known',
          },
        ]),
    ...(situation.halves.client ? [] : [{ code: 'CLIENT', why: 'no client half: what this client has is not known' }]),
    ...(request?.probes === false
      ? [{ code: 'PROBES', why: 'left out on request (--no-probe): no packet was sent' }]
      : []),
    ...gatewayNotFound(capture, context),
    ...azureNotRead(context),
    ...client.unread
      .filter(({ why, source }) => why.code !== 'absent' && !(why.code === 'not-run' && daemons.has(source)))
      .map(({ source, target, why }) => ({
        code: 'CLIENT-READ',
        why: `${source}${target === undefined ? '' : ` ${target}`}: ${reason(why)}`,
      })),
    ...(situation.halves.client && client.platform === 'linux' && client.rules === undefined
      ? [{ code: 'POLICY-RULES', why: 'routing policy rules were not read' }]
      : []),
    ...notProbed(ladders, situation.halves.client),
  ];
}

/** Lists of a daemon: where its tool is not installed there is no daemon either, and nothing to list. */
const daemons: ReadonlySet<string> = new Set(['linux-nmcli', 'linux-swanctl-sas']);

function reason({
  status,
  code,
  message,
}: {
  readonly status: number | null;
  readonly code: string;
  readonly message: string;
}): string {
  return `${status === null ? code : `${status} ${code}`}${message === '' ? '' : ` (${message.length > 160 ? `${message.slice(0, 159)}…` : message})`}`;
}

function notProbed(ladders: readonly Ladder[], hasClient: boolean): NotChecked {
  const silent = ladders.filter(
    (ladder) =>
      ladder.expectation === 'must' &&
      ladder.reason !== 'pool' &&
      ladder.verdict === 'undetermined' &&
      stateOf(ladder, 'delivered') === 'unknown',
  );
  if (!hasClient || silent.length === 0) return [];
  const names = silent
    .slice(0, 4)
    .map(({ prefix }) => formatPrefix(prefix))
    .join(', ');
  return [
    {
      code: 'DELIVERY',
      why: `nothing answered, or nothing was asked, in ${names}${silent.length > 4 ? ` and ${silent.length - 4} more` : ''}`,
    },
  ];
}
