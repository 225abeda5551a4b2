import type { Command, Option } from 'commander';
import { causes } from '../causes/index.ts';
import { sources } from '../sources/registry.ts';

/** What a shell needs to know of one flag. */
export interface FlagWords {
  readonly names: readonly string[];
  readonly about: string;
  /** Values it can take; empty with `takesValue`: anything, files first. */
  readonly choices: readonly string[];
  readonly takesValue: boolean;
}

/** What a shell needs to know of one command. */
export interface CommandWords {
  readonly name: string;
  readonly about: string;
  readonly flags: readonly FlagWords[];
  /** Words that can follow it; empty: file names. */
  readonly words: readonly string[];
}

export const shells = ['bash', 'zsh', 'fish', 'powershell'] as const;

/** The program as completion sees it. */
export function commandWords(root: Command): readonly CommandWords[] {
  const known: Readonly<Record<string, readonly string[]>> = {
    causes: causes.map(({ code }) => code),
    verify: causes.map(({ code }) => code),
    parse: sources.map(({ id }) => id),
    completion: shells,
  };
  return root.commands.map((command) => ({
    name: command.name(),
    about: command.description(),
    flags: [...command.options.filter(({ hidden }) => !hidden).map(flagWords), help],
    words: known[command.name()] ?? [],
  }));
}

const help: FlagWords = { names: ['-h', '--help'], about: 'help for this command', choices: [], takesValue: false };

function flagWords(option: Option): FlagWords {
  return {
    names: [option.short, option.long].filter((name) => name !== undefined && name !== null),
    about: option.description,
    choices: option.long === '--accept' ? causes.map(({ code }) => code) : (option.argChoices ?? []),
    takesValue: option.required || option.optional,
  };
}
