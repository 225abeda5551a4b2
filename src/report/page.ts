import { asciiOnly, printable, printableLines, wrapped } from './printable.ts';

/** How a text report is set. */
export interface Setting {
  readonly colour: boolean;
  readonly unicode: boolean;
  readonly width: number;
}

export type Tone = 'good' | 'bad' | 'doubtful' | 'faint' | 'strong';

const codes: Readonly<Record<Tone, string>> = { good: '32', bad: '31', doubtful: '33', faint: '2', strong: '1' };

/** Colours a finished piece of text; without colour the piece itself. Colour only repeats what words say. */
export function toned({ colour }: Setting, tone: Tone, text: string): string {
  return colour && text !== '' ? `\u001b[${codes[tone]}m${text}\u001b[0m` : text;
}

/** Foreign or our own text, ready for this terminal. */
export function shown({ unicode }: Setting, text: string): string {
  const safe = printable(text);
  return unicode ? safe : asciiOnly(safe);
}

/** A paragraph: the first line starts with `lead`, the rest is indented by `indent`. */
export function paragraph(setting: Setting, text: string, lead: string, indent = lead.length): readonly string[] {
  const lines = wrapped(shown(setting, text), setting.width - Math.max(indent, lead.length));
  const safeLead = shown(setting, lead);
  return lines.map((line, index) => `${index === 0 ? safeLead : ' '.repeat(indent)}${line}`.trimEnd());
}

/** A command to copy: on lines of its own and never broken, whatever the width. */
export function commandLines(setting: Setting, command: string, indent: number): readonly string[] {
  return printableLines(command).map((line) => `${' '.repeat(indent)}${toned(setting, 'strong', line)}`);
}

/** A headed part of the report with an empty line before it; nothing where it has no lines. */
export function section(setting: Setting, heading: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', toned(setting, 'strong', heading), ...lines];
}
