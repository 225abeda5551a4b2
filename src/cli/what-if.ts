import { openCapture } from '../capture/join.ts';
import { UserError } from '../capture/user-error.ts';
import type { Capture } from '../facts/capture.ts';
import { isRefusal, parseChange } from '../model/what-if-change.ts';
import { renderWhatIfJson } from '../report/what-if-json.ts';
import { renderWhatIfText } from '../report/what-if-text.ts';
import { whatIf } from '../what-if.ts';
import { captureLive } from './live.ts';
import type { LiveOptions } from './live-options.ts';
import { print } from './print.ts';
import { settingFor } from './setting.ts';

export interface WhatIfOptions extends LiveOptions {
  readonly set?: readonly string[];
  readonly from?: readonly string[];
  readonly output: 'text' | 'json';
  readonly color?: boolean;
}

/** `onlink what-if --set RESOURCE.PROPERTY=VALUE…`: the ladders before and after a change that nobody made. */
export async function whatIfCommand(options: WhatIfOptions): Promise<void> {
  const { set = [], from, output } = options;
  if (set.length === 0) throw new UserError('what-if: say what to change: --set RESOURCE.PROPERTY=VALUE');
  const changes = set.map((text) => {
    const change = parseChange(text);
    if (change === undefined) throw new UserError(`what-if: --set takes RESOURCE.PROPERTY=VALUE, not ${text}`);
    return change;
  });
  const capture =
    from === undefined
      ? await captureLive({ ...options, probe: false }, { halves: ['client', 'azure'] })
      : withGateway(openCapture(from), options);
  const answer = whatIf(capture, changes);
  if (isRefusal(answer))
    throw new UserError(
      answer.by === 'azure' ? `what-if: Azure would refuse: ${answer.why}` : `what-if: ${answer.why}`,
    );
  await print(output === 'json' ? renderWhatIfJson(answer) : renderWhatIfText(answer, settingFor(options)));
}

/** A bundle answers for the gateway it was taken for, unless another one is named now. */
function withGateway(capture: Capture, { gateway, gatewayName, resourceGroup }: LiveOptions): Capture {
  if (gateway === undefined && gatewayName === undefined) return capture;
  const { gateway: _id, gatewayName: _name, resourceGroup: _group, ...rest } = capture.request ?? {};
  return {
    ...capture,
    request: {
      ...rest,
      ...(gateway !== undefined && { gateway }),
      ...(gatewayName !== undefined && { gatewayName }),
      ...(resourceGroup !== undefined && { resourceGroup }),
    },
  };
}
