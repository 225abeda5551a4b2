import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { type Command, CommanderError, type Option } from 'commander';
import { UserError } from '../capture/user-error.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Where the settings file lies: by XDG, on Windows below %APPDATA%. */
export function configPath(environment: Environment, platform: NodeJS.Platform, home: string = homedir()): string {
  if (platform === 'win32')
    return join(environment['APPDATA'] ?? join(home, 'AppData', 'Roaming'), 'onlink', 'config.json');
  const { XDG_CONFIG_HOME: xdg } = environment;
  // The specification has relative paths ignored.
  return join(xdg !== undefined && isAbsolute(xdg) ? xdg : join(home, '.config'), 'onlink', 'config.json');
}

/** Flags that were not typed take their value from ONLINK_* or else the settings file. Gives what is wrong but harmless. */
export function applySettings(command: Command, environment: Environment, file: string): readonly string[] {
  const settings = readSettings(file);
  const all = command.parent?.commands ?? [command];
  for (const option of command.options.filter(({ hidden }) => !hidden)) {
    const source = command.getOptionValueSource(option.attributeName());
    if (source === 'cli') continue;
    const told = fromEnvironment(option, environment) ?? fromFile(option, settings, file);
    if (told !== undefined) setValue(command, option, told);
  }
  return unknownKeys(settings, all, file);
}

type Settings = Readonly<Record<string, unknown>>;

interface Told {
  readonly values: readonly string[] | boolean;
  /** Names the place in a complaint. */
  readonly where: string;
}

function readSettings(file: string): Settings {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return {};
    throw new UserError(`${file}: cannot be read: ${code}`);
  }
  try {
    const value: unknown = JSON.parse(text.replace(/^\ufeff/, ''));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Settings;
  } catch (error) {
    throw new UserError(`${file}: no JSON: ${(error as Error).message}`);
  }
  throw new UserError(`${file}: an object of flags and values is expected`);
}

/** `resource-group`, `no-azure`: a flag's name without its dashes. */
const keyOf = (option: Option): string => (option.long ?? option.flags).replace(/^--/, '');
const camel = (key: string): string => key.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
const takesValue = (option: Option): boolean => option.required || option.optional;

function fromEnvironment(option: Option, environment: Environment): Told | undefined {
  const where = `ONLINK_${keyOf(option).replaceAll('-', '_').toUpperCase()}`;
  const text = environment[where];
  if (text === undefined || text === '') return undefined;
  if (!takesValue(option)) return { values: !/^(0|false|no|off)$/i.test(text), where };
  return { values: option.variadic ? text.split(/[\s,]+/).filter((word) => word !== '') : [text], where };
}

function fromFile(option: Option, settings: Settings, file: string): Told | undefined {
  const key = [keyOf(option), camel(keyOf(option))].find((name) => Object.hasOwn(settings, name));
  if (key === undefined) return undefined;
  const where = `${file}: "${key}"`;
  const value = settings[key];
  if (!takesValue(option)) {
    if (typeof value === 'boolean') return { values: value, where };
    throw new UserError(`${where}: true or false is expected`);
  }
  const values = (Array.isArray(value) ? value : [value]).map((one) => (typeof one === 'number' ? String(one) : one));
  if (values.every((one) => typeof one === 'string') && (option.variadic || values.length === 1))
    return { values, where };
  throw new UserError(`${where}: ${option.variadic ? 'a list of texts' : 'one text'} is expected`);
}

function setValue(command: Command, option: Option, { values, where }: Told): void {
  const set = (value: unknown) => command.setOptionValueWithSource(option.attributeName(), value, 'config');
  if (typeof values === 'boolean') {
    set(option.negate ? !values : values);
    return;
  }
  try {
    const parsed = values.map((value) => option.parseArg?.(value, undefined as never) ?? value);
    set(option.variadic ? parsed.flat() : parsed[0]);
  } catch (error) {
    if (error instanceof CommanderError || error instanceof UserError)
      throw new UserError(`${where}: ${error.message}`);
    throw error;
  }
}

function unknownKeys(settings: Settings, commands: readonly Command[], file: string): readonly string[] {
  const known = new Set(
    commands.flatMap(({ options }) =>
      options.filter(({ hidden }) => !hidden).flatMap((one) => [keyOf(one), camel(keyOf(one))]),
    ),
  );
  return Object.keys(settings)
    .filter((key) => !known.has(key) && key !== '$schema')
    .map((key) => `${file}: "${key}" is no flag of any command and is ignored`);
}
