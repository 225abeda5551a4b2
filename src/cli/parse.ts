import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { UserError } from '../capture/user-error.ts';
import { parseAddress } from '../net/address.ts';
import { decodeText } from '../sources/decode.ts';
import { toParseOutput } from '../sources/parse-output.ts';
import { sourceOf, sources } from '../sources/registry.ts';
import { print } from './print.ts';

export interface ParseOptions {
  readonly list?: boolean;
  readonly encoding?: string;
  readonly ipv6?: boolean;
  readonly target?: string;
}

/** `onlink parse SOURCE [FILE|-]`: one raw text to JSON. */
export async function parseCommand(id: string | undefined, file: string, options: ParseOptions): Promise<void> {
  if (options.list === true) {
    await print(sources.map((source) => `${source.id.padEnd(24)} ${source.title}\n`).join(''));
    return;
  }
  if (id === undefined) throw new UserError('parse: name a source; onlink parse --list shows them');
  const source = sourceOf(id);
  if (source === undefined) throw new UserError(`parse: no source is called ${id}; onlink parse --list shows them`);
  if (options.target !== undefined && parseAddress(options.target) === undefined)
    throw new UserError(`parse: --target takes an IP address, not ${options.target}`);
  const text = decode(await read(file), file, options.encoding);
  const context = {
    artifact: id,
    ...(options.ipv6 === true && { family: 6 as const }),
    ...(options.target !== undefined && { target: options.target }),
  };
  await print(`${JSON.stringify(toParseOutput(source, source.parse(text, context), context), null, 2)}\n`);
}

async function read(file: string): Promise<Uint8Array> {
  if (file === '-') return buffer(process.stdin);
  try {
    return await readFile(file);
  } catch (error) {
    throw new UserError(`parse: cannot read ${file}: ${(error as NodeJS.ErrnoException).code ?? String(error)}`);
  }
}

function decode(bytes: Uint8Array, file: string, encoding: string | undefined): string {
  try {
    return decodeText(bytes, encoding).text;
  } catch (error) {
    throw new UserError(`parse: ${file}: ${(error as Error).message}`);
  }
}
