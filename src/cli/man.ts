import type { Command, Option } from 'commander';
import { type Example, examples } from './examples.ts';
import { exitCodes } from './exit-code.ts';

/** The man page, onlink(1), from the commands and flags as they are. */
export function manPage(root: Command, version: string): string {
  return `${[
    `.TH ONLINK 1 "" "onlink ${version}" "User commands"`,
    '.SH NAME',
    'onlink \\- says at which rung an Azure Point\\-to\\-Site VPN route got lost, why, and who mends it',
    '.SH SYNOPSIS',
    ...root.commands.flatMap((command) => ['.B onlink', roff(usageOf(command)), '.br']),
    '.SH DESCRIPTION',
    roff(root.description()),
    'It reads the routing table of this computer, asks Azure for the gateway, its VNets and both halves of every peering,',
    'works out the routes this client should have, and shows for each prefix the first hand that dropped it.',
    'onlink never changes anything: it prints the commands that would.',
    '.SH COMMANDS',
    ...root.commands.flatMap(commandSection),
    '.SH EXIT STATUS',
    ...Object.entries(exitWords).flatMap(([name, words]) => [
      '.TP',
      `.B ${exitCodes[name as keyof typeof exitCodes]}`,
      roff(words),
    ]),
    '.SH ENVIRONMENT',
    '.TP',
    '.B ONLINK_FLAG',
    'The value of a flag, by its long name in capitals: ONLINK_RESOURCE_GROUP, ONLINK_NO_PROBE. A flag on the command line wins.',
    '.TP',
    '.B ONLINK_ACCESS_TOKEN',
    'A bearer token for Azure Resource Manager gained elsewhere. Used as it is, never stored, never printed.',
    '.TP',
    '.B NO_COLOR, FORCE_COLOR',
    'Whether text is coloured.',
    '.SH FILES',
    '.TP',
    '.I $XDG_CONFIG_HOME/onlink/config.json, ~/.config/onlink/config.json, %APPDATA%\\eonlink\\econfig.json',
    roff(
      'Values of flags by their long name: { "resource-group": "rg-network", "no-probe": true }. The environment wins over it.',
    ),
  ].join('\n')}\n`;
}

const exitWords: Readonly<Record<keyof typeof exitCodes, string>> = {
  ok: 'nothing at or above the threshold',
  findings: 'findings',
  usage: 'usage, or a file that cannot be read',
  undetermined: 'undetermined: an input that could have shown a fault is missing, and there is no finding',
  internal: 'internal error',
  interrupted: 'interrupted',
};

function usageOf(command: Command): string {
  const given = command.registeredArguments.map((argument) => {
    const name = argument.variadic ? `${argument.name()}...` : argument.name();
    return argument.required ? `<${name}>` : `[${name}]`;
  });
  return [command.name(), ...given, '[flags]'].join(' ');
}

function commandSection(command: Command): readonly string[] {
  return [
    `.SS ${roff(usageOf(command))}`,
    roff(command.description()),
    ...command.options.filter(({ hidden }) => !hidden).flatMap(optionLines),
    ...(examples[command.name()] ?? []).flatMap(exampleLines),
  ];
}

function optionLines({ flags, description, argChoices, defaultValue }: Option): readonly string[] {
  const choices = argChoices === undefined ? '' : ` One of ${argChoices.join(', ')}.`;
  const preset =
    defaultValue === undefined || typeof defaultValue === 'boolean' ? '' : ` Default: ${String(defaultValue)}.`;
  return ['.TP', `.B ${roff(flags)}`, roff(`${description}${description === '' ? '' : '.'}${choices}${preset}`.trim())];
}

function exampleLines({ line, does }: Example): readonly string[] {
  return ['.PP', roff(`${does}:`), '.EX', roff(line), '.EE'];
}

// A dash copied from the page should be a dash; a line must not begin with a request.
function roff(text: string): string {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replace(/^(?=[.'])/gm, '\\&');
}
