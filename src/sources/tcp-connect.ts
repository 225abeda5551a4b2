import type { Problem } from '../facts/origin.ts';
import type { TcpAttempt } from '../facts/trace.ts';
import { parseAddress } from '../net/address.ts';
import { isRecord, numberOf, readJsonList, textOf } from './linux-json.ts';
import { pointerOrigin, type Reading, type ReadingContext, type Source } from './source.ts';

/** Our own record of attempts to open a TCP connection. */
export const tcpConnect: Source = { id: 'tcp-connect', title: 'onlink: attempts to open a TCP connection', parse };

const outcomes: ReadonlySet<unknown> = new Set<TcpAttempt['outcome']>([
  'accepted',
  'refused',
  'timeout',
  'unreachable',
  'error',
]);

// {"target":"10.1.0.4","port":443,"boundTo":"172.16.50.130","localAddress":"172.16.50.130","outcome":"accepted","ms":28}
function parse(text: string, context: ReadingContext): Reading {
  const reading = readJsonList(text, context);
  if (reading.kind === 'broken') return { facts: {}, problems: [reading.problem] };
  const tcp: TcpAttempt[] = [];
  const problems: Problem[] = [];
  for (const [index, value] of reading.list.entries()) {
    const origin = pointerOrigin(context, reading.isBare ? '' : `/${index}`);
    const attempt = attemptOf(value, origin);
    if (attempt !== undefined) tcp.push(attempt);
    else
      problems.push({
        origin,
        text: JSON.stringify(value).slice(0, 300),
        why: 'not an attempt: target, port and outcome are needed',
      });
  }
  return { facts: tcp.length === 0 && problems.length > 0 ? {} : { tcp }, problems };
}

function attemptOf(value: unknown, origin: TcpAttempt['origin']): TcpAttempt | undefined {
  if (!isRecord(value)) return undefined;
  const { target, port, boundTo, localAddress, outcome, code, ms } = value;
  const [address, number, word] = [parseAddress(textOf(target) ?? ''), numberOf(port), textOf(code)];
  if (address === undefined || number === undefined || !isOutcome(outcome)) return undefined;
  return {
    target: address,
    port: number,
    boundTo: parseAddress(textOf(boundTo) ?? '') ?? null,
    localAddress: parseAddress(textOf(localAddress) ?? '') ?? null,
    outcome,
    ...(word !== undefined && { code: word }),
    ms: numberOf(ms) ?? null,
    origin,
  };
}

function isOutcome(value: unknown): value is TcpAttempt['outcome'] {
  return outcomes.has(value);
}
