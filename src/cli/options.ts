import { Option } from 'commander';
import { UserError } from '../capture/user-error.ts';
import type { Acceptance } from '../diagnosis/diagnose.ts';
import type { Target } from '../model/choose-probes.ts';
import { parseAddress } from '../net/address.ts';
import type { FailureThreshold } from './exit-code.ts';

const outputFormats = ['text', 'json', 'markdown', 'html', 'junit'] as const;
type OutputFormat = (typeof outputFormats)[number];

/** How a report is written, for every command that writes one. */
export interface OutputOptions {
  readonly output: OutputFormat;
  readonly outputFile?: string;
  readonly failureThreshold: FailureThreshold;
  readonly accept?: readonly string[];
  readonly color?: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
}

export const outputOptions = (): readonly Option[] => [
  new Option('-o, --output <format>', 'how to tell it').choices([...outputFormats]).default('text'),
  new Option('--output-file <file>', 'write the report there instead of stdout'),
  new Option('--failure-threshold <severity>', 'the least severity that ends with exit code 1')
    .choices(['error', 'warning', 'never'])
    .default('error'),
  new Option('--accept <code...>', 'a deliberate difference, CODE[=RESOURCE|PREFIX]: listed, but no finding'),
  new Option('--no-color', 'no colour'),
  new Option('-q, --quiet', 'no progress on stderr'),
  new Option('--verbose', 'every request and command on stderr'),
];

/** `CODE[=RESOURCE|PREFIX]`. */
export function parseAcceptance(text: string, known: readonly string[]): Acceptance {
  const at = text.indexOf('=');
  const code = at < 0 ? text : text.slice(0, at);
  if (!known.includes(code)) throw new UserError(`--accept: no cause is called ${code}; onlink causes lists them`);
  return at < 0 ? { code } : { code, where: text.slice(at + 1) };
}

/** `10.1.0.4`, `10.1.0.4:443`, `[fd00::4]:443`. */
export function parseTarget(text: string): Target {
  const [, bracketed, plain, portText] = /^(?:\[([^\]]+)\]|([^:]+|[^:]*:[^:]*:.*?))(?::(\d{1,5}))?$/.exec(text) ?? [];
  const whole = parseAddress(text);
  if (whole !== undefined) return { address: whole };
  const address = parseAddress(bracketed ?? plain ?? '');
  const port = portText === undefined ? undefined : Number(portText);
  if (address === undefined || (port !== undefined && (port < 1 || port > 65_535)))
    throw new UserError(`not an address, or address and port: ${text}`);
  return { address, ...(port !== undefined && { port }) };
}
