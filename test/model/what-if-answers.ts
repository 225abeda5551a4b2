import { expect } from 'vitest';
import type { WhatIf } from '../../src/diagnosis/what-if.ts';
import type { Capture } from '../../src/facts/capture.ts';
import type { RungName } from '../../src/ladder/rung.ts';
import { isRefusal, parseChange, type Refusal } from '../../src/model/what-if-change.ts';
import { formatPrefix } from '../../src/net/prefix.ts';
import { whatIf } from '../../src/what-if.ts';

function ask(capture: Capture, texts: readonly string[]): WhatIf | Refusal {
  return whatIf(
    capture,
    texts.map((text) => parseChange(text) ?? expect.fail(`not understood: ${text}`)),
  );
}

/** The answer to changes that are made one after the other. */
export function answerTo(capture: Capture, ...texts: readonly string[]): WhatIf {
  const answer = ask(capture, texts);
  return isRefusal(answer) ? expect.fail(answer.why) : answer;
}

/** `who: why`, or that nobody minds. */
export function refusalOf(capture: Capture, ...texts: readonly string[]): string {
  const answer = ask(capture, texts);
  return isRefusal(answer) ? `${answer.by}: ${answer.why}` : 'nobody';
}

/** Each change in words, as it is shown. */
export function changed(capture: Capture, ...texts: readonly string[]): readonly string[] {
  return answerTo(capture, ...texts).effects.map(({ property, from, to }) => `${property}: ${from} → ${to}`);
}

/** A rung of the captured client's ladder of a prefix, `before → after`. */
export function rungOf({ before, after }: WhatIf, prefix: string, rung: RungName): string {
  const states = [before, after].map(
    ({ ladders }) =>
      ladders.find((ladder) => formatPrefix(ladder.prefix) === prefix)?.rungs.find((one) => one.rung === rung)?.state ??
      'none',
  );
  return states.join(' → ');
}

export const codesOf = (side: WhatIf['before']): readonly string[] => side.findings.map(({ code }) => code);
