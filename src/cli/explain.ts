import { inspect } from '../analyze.ts';
import { openCapture } from '../capture/join.ts';
import { UserError } from '../capture/user-error.ts';
import { explain } from '../diagnosis/explain.ts';
import { parseAddress } from '../net/address.ts';
import { explainJson } from '../report/explain-json.ts';
import { explainText } from '../report/explain-text.ts';
import { captureLive } from './live.ts';
import type { LiveOptions } from './live-options.ts';
import { print } from './print.ts';
import { settingFor } from './setting.ts';

export interface ExplainOptions extends LiveOptions {
  readonly from?: readonly string[];
  readonly output: 'text' | 'json';
  readonly color?: boolean;
}

/** `onlink explain IP...`: what decides each address, from this host's choice to the way back. */
export async function explainCommand(texts: readonly string[], options: ExplainOptions): Promise<void> {
  const addresses = texts.map((text) => {
    const address = parseAddress(text);
    if (address === undefined) throw new UserError(`explain: not an IP address: ${text}`);
    return address;
  });
  const capture =
    options.from === undefined
      ? await captureLive(
          { ...options, target: [...(options.target ?? []), ...texts] },
          { halves: ['client', 'azure'] },
        )
      : openCapture(options.from);
  const asked = {
    ...capture,
    request: { ...capture.request, targets: [...(capture.request?.targets ?? []), ...addresses] },
  };
  const { diagnosis, context } = inspect(asked);
  const explanations = addresses.map((address) => explain(address, diagnosis, context));
  await print(
    options.output === 'json'
      ? `${JSON.stringify(explainJson(explanations), null, 2)}\n`
      : explainText(explanations, diagnosis, settingFor(options)),
  );
}
