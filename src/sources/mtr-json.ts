import type { Problem } from '../facts/origin.ts';
import type { Hop, Reply, Trace } from '../facts/trace.ts';
import { type Address, parseAddress } from '../net/address.ts';
import { isRecord, type JsonRecord, noAnswer, numberOf, readJson, textOf } from './linux-json.ts';
import { fromTerminal } from './linux-terminal.ts';
import { pointerOrigin, type Reading, type ReadingContext, type Source } from './source.ts';
import { answeredBy, refusalInStderr, targetOf } from './trace-lines.ts';

/** The report of mtr. It marks no errors: a router that refuses looks like a router that answers. */
export const mtrJson: Source = fromTerminal({
  id: 'mtr-json',
  title: 'Linux: mtr --json -n',
  parse,
  recognise,
});

const noRecord: JsonRecord = {};

// {"report":{"mtr":{"src":"laptop","dst":"10.1.0.4",…},"hubs":[{"count":1,"host":"10.1.0.4","Loss%":0.0,"Snt":2,…,"Avg":28.1,…}]}}
function parse(text: string, context: ReadingContext): Reading {
  const refused = refusalInStderr(context);
  const target = targetOf(context);
  const failed = noAnswer(text, context, 'prints a frame');
  if (refused !== undefined && text.trim() === '') {
    const trace: Trace = {
      target: target ?? null,
      reached: false,
      hops: [],
      refused,
      origin: { artifact: context.artifact },
    };
    return { facts: { traces: [trace] }, problems: [] };
  }
  return failed ?? parseReport(text, target, context);
}

function parseReport(text: string, asked: Address | undefined, context: ReadingContext): Reading {
  const reading = readJson(text, context);
  if (reading.kind === 'broken') return { facts: {}, problems: [reading.problem] };
  const { report } = isRecord(reading.value) ? reading.value : noRecord;
  const { mtr, hubs } = isRecord(report) ? report : noRecord;
  if (!isRecord(mtr) || !Array.isArray(hubs)) {
    const why = 'not a report of mtr: it has no `report.mtr` and `report.hubs`';
    return { facts: {}, problems: [{ origin: { artifact: context.artifact }, text: text.trim().slice(0, 120), why }] };
  }
  const problems: Problem[] = [];
  const hops = hubs.flatMap((hub, index) => hopOf(hub, index, context, problems));
  const destination = textOf(mtr['dst']) ?? '';
  const target = asked ?? parseAddress(destination);
  const reached = isReached(target, destination, hops, hubs);
  const trace: Trace = { target: target ?? null, reached, hops, origin: { artifact: context.artifact } };
  return { facts: { traces: [trace] }, problems };
}

/** Null where hops are told by name: which of them is the target cannot be seen, unless it goes by the same name. */
function isReached(
  target: Address | undefined,
  destination: string,
  hops: readonly Hop[],
  hubs: readonly unknown[],
): boolean | null {
  if (target !== undefined && answeredBy(target, hops)) return true;
  const last = hubs.at(-1);
  const lastHost = isRecord(last) ? textOf(last['host']) : undefined;
  if (lastHost !== undefined && lastHost === destination) return true;
  const isNamed = hubs.length > 0 && hops.at(-1)?.replies.length === 0;
  return target === undefined || isNamed ? null : false;
}

function hopOf(hub: unknown, index: number, context: ReadingContext, problems: Problem[]): readonly Hop[] {
  const origin = pointerOrigin(context, `/report/hubs/${index}`);
  const { count, host } = isRecord(hub) ? hub : noRecord;
  const [ttl, name] = [numberOf(count), textOf(host)];
  if (!isRecord(hub) || ttl === undefined || name === undefined) {
    problems.push({ origin, text: JSON.stringify(hub).slice(0, 300), why: 'a hop without `count` and `host`' });
    return [];
  }
  if (name === '???') return [{ ttl, replies: [{ kind: 'silent' }], origin }];
  // With -b:  host.example (10.1.0.4)
  const from = parseAddress(name) ?? parseAddress(/\(([^)]*)\)$/.exec(name)?.[1] ?? '');
  if (from === undefined) {
    problems.push({ origin, text: name, why: 'answered by a name: whose address it is, is not known' });
    return [{ ttl, replies: [], origin }];
  }
  return [{ ttl, replies: repliesOf(hub, from), origin }];
}

/** The averages of a hop: one answer, and one silence where some probes brought none. */
function repliesOf(hub: JsonRecord, from: Address): readonly Reply[] {
  const { Avg: average, 'Loss%': loss } = hub;
  const answer: Reply = { kind: 'answer', from, ms: numberOf(average) ?? null };
  return (numberOf(loss) ?? 0) > 0 ? [answer, { kind: 'silent' }] : [answer];
}

function recognise(text: string): number {
  return /^[\s\uFEFF]*\{\s*"report"\s*:\s*\{\s*"mtr"\s*:/.test(text.slice(0, 500)) ? 0.98 : 0;
}
