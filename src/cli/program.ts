import { Command, Option } from 'commander';
import { UserError } from '../capture/user-error.ts';
import { parseAddress } from '../net/address.ts';
import { applySettings, configPath } from './config.ts';
import { examplesHelp } from './examples.ts';
import { azureOptions, clientOptions } from './live-options.ts';
import { outputOptions } from './options.ts';
import { version } from './version.ts';

/** The command line. Each command's code is loaded when it is called: `--version` should not wait for the rest. */
export function program(): Command {
  const root = new Command('onlink')
    .description(
      'Says at which rung an Azure Point-to-Site VPN route got lost, why, and who mends it. Only reads; never runs a fix.',
    )
    .version(version)
    .exitOverride()
    .showHelpAfterError('(onlink --help lists the commands, onlink COMMAND --help its flags)')
    .showSuggestionAfterError()
    .addHelpText(
      'after',
      `\nWithout a command: diagnose, with its flags (onlink diagnose --help).\n${examplesHelp('diagnose')}`,
    )
    .hook('preAction', (_, command) => {
      const notes = applySettings(command, process.env, configPath(process.env, process.platform));
      for (const note of notes) process.stderr.write(`onlink: ${note}\n`);
    });
  const add = (name: string, description: string, ...options: readonly Option[]): Command => {
    const command = root
      .command(name)
      .description(description)
      .addHelpText('after', examplesHelp(name.split(' ')[0] ?? ''));
    for (const option of options) command.addOption(option);
    return command;
  };
  add(
    'diagnose',
    'capture this machine and its Azure, compare, explain (the default)',
    ...azureOptions(),
    ...clientOptions(),
    new Option('--save <dir>', 'also write the bundle'),
    ...outputOptions(),
  ).action(async (options) => (await import('./diagnose.ts')).diagnoseCommand(options));
  add(
    'capture <dir>',
    'raw evidence only',
    new Option('--half <half>', 'one half only').choices(['client', 'azure']),
    ...azureOptions(),
    ...clientOptions(),
    ...quietOptions(),
  ).action(async (directory, options) => (await import('./capture.ts')).captureCommand(directory, options));
  add(
    'replay <paths...>',
    'diagnose a bundle, two halves joined, or loose files',
    ...outputOptions(),
    new Option('--bundled').hideHelp(),
  ).action(async (paths, options) => (await import('./replay.ts')).replayCommand(paths, options));
  add(
    'explain <ips...>',
    'what decides each address: the route that wins, what it beat, and the way back',
    new Option('--from <paths...>', 'a bundle or loose files instead of this machine'),
    new Option('-o, --output <format>').choices(['text', 'json']).default('text'),
    ...azureOptions(),
    ...clientOptions(),
    new Option('--no-color', 'no colour'),
    ...quietOptions(),
  ).action(async (addresses, options) => (await import('./explain.ts')).explainCommand(addresses, options));
  add(
    'parse [source] [file]',
    'one raw text to JSON; no file, or -, is stdin',
    new Option('--list', 'list the sources'),
    new Option('--encoding <name>', 'code page of the file, e.g. cp850, shift_jis'),
    new Option('-6, --ipv6', 'a dump that names no family is IPv6'),
    new Option('--target <address>', 'what a trace aimed at'),
  ).action(async (source, file, options) => (await import('./parse.ts')).parseCommand(source, file ?? '-', options));
  add('causes [code]', 'the catalogue of causes; one cause with its page').action(async (code) =>
    (await import('./causes.ts')).causesCommand(code),
  );
  add(
    'rights',
    'the least-privilege role, and what each rung loses without it',
    new Option('-o, --output <format>').choices(['text', 'json']).default('text'),
    new Option('--subscription <id>', 'for the assignable scope'),
  ).action(async (options) => (await import('./rights.ts')).rightsCommand(options));
  add(
    'verify <code> [prefix]',
    'ask again only what a finding rests on, and say whether it is gone',
    new Option('--from <paths...>', 'the bundle that had the finding; without it what its cause needs is captured'),
    new Option('-o, --output <format>').choices(['text', 'json']).default('text'),
    ...azureOptions(),
    ...clientOptions(),
    new Option('--no-color', 'no colour'),
    ...quietOptions(),
  ).action(async (code, prefix, options) => (await import('./verify.ts')).verifyCommand(code, prefix, options));
  add(
    'what-if',
    'the ladders before and after a change in Azure that nobody made, for each kind of client',
    new Option('--set <change...>', 'RESOURCE.PROPERTY=VALUE; += and -= change a list; several make one change'),
    new Option('--from <paths...>', 'a bundle or loose files instead of this machine'),
    new Option('-o, --output <format>').choices(['text', 'json']).default('text'),
    ...azureOptions(),
    ...clientOptions(),
    new Option('--no-color', 'no colour'),
    ...quietOptions(),
  ).action(async (options) => (await import('./what-if.ts')).whatIfCommand(options));
  add(
    'redact <dir> <out>',
    'a bundle safe to hand on: other names, ids and public addresses, the same diagnosis',
    new Option('--addresses', 'private addresses too'),
  ).action(async (directory, out, options) => (await import('./redact.ts')).redactCommand(directory, out, options));
  add('completion <shell>', 'a completion script for bash, zsh, fish or powershell').action(async (shell) =>
    (await import('./completion.ts')).completionCommand(shell, root),
  );
  return root;
}

const quietOptions = (): readonly Option[] => [
  new Option('-q, --quiet', 'no progress on stderr'),
  new Option('--verbose', 'every request and command on stderr'),
];

/** The names a first word may have; any other word, or none, belongs to `diagnose`. */
export function withDefaultCommand(words: readonly string[], root: Command): readonly string[] {
  const [first] = words;
  const names = [...root.commands.flatMap((command) => [command.name(), ...command.aliases()]), 'help'];
  const rootFlags = ['--help', '-h', '--version', '-V'];
  if (first !== undefined && (names.includes(first) || rootFlags.includes(first) || !first.startsWith('-')))
    return refuseMisplaced(words, names);
  return ['diagnose', ...words];
}

/** An address or a path where a command belongs: which one was meant is plain. */
function refuseMisplaced(words: readonly string[], names: readonly string[]): readonly string[] {
  const [first = ''] = words;
  if (names.includes(first)) return words;
  if (parseAddress(first) !== undefined)
    throw new UserError(`${first} is no command; onlink explain ${first} tells its story`);
  if (/[\\/]|\.\w+$/.test(first))
    throw new UserError(`${first} is no command; onlink replay ${first} reads files and folders`);
  return words;
}
