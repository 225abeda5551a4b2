import type { Command } from 'commander';
import { UserError } from '../capture/user-error.ts';
import { type CommandWords, commandWords, type FlagWords, shells } from './completion-words.ts';
import { print } from './print.ts';

/** `onlink completion SHELL`: the script that teaches a shell our commands, flags and codes. */
export async function completionCommand(shell: string, root: Command): Promise<void> {
  const write = scripts[shell];
  if (write === undefined) throw new UserError(`completion: ${shell} is none of ${shells.join(', ')}`);
  await print(write(commandWords(root)));
}

const scripts: Readonly<Record<string, (commands: readonly CommandWords[]) => string>> = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
  powershell: powershellScript,
};

const flagNames = ({ flags }: CommandWords): readonly string[] => flags.flatMap(({ names }) => names);
const valued = (commands: readonly CommandWords[]): readonly (readonly [string, FlagWords])[] =>
  commands.flatMap(({ name, flags }) =>
    flags.filter(({ choices }) => choices.length > 0).map((flag) => [name, flag] as const),
  );

function bashScript(commands: readonly CommandWords[]): string {
  const cases = valued(commands).map(
    ([name, { names, choices }]) =>
      `    ${names.map((flag) => `${name}:${flag}`).join('|')}) COMPREPLY=($(compgen -W '${choices.join(' ')}' -- "$current")); return ;;`,
  );
  const commandCases = commands.map(
    (command) => `    ${command.name}) flags='${flagNames(command).join(' ')}'; words='${command.words.join(' ')}' ;;`,
  );
  return `# bash completion for onlink
_onlink() {
  local current previous command flags words word
  current=\${COMP_WORDS[COMP_CWORD]}
  previous=\${COMP_WORDS[COMP_CWORD-1]}
  command=diagnose
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case $word in ${commands.map(({ name }) => name).join('|')}) command=$word; break ;; esac
  done
  case $command:$previous in
${cases.join('\n')}
  esac
  case $command in
${commandCases.join('\n')}
  esac
  if [[ $current == -* ]]; then COMPREPLY=($(compgen -W "$flags" -- "$current")); return; fi
  if ((COMP_CWORD == 1)); then COMPREPLY=($(compgen -W '${commands.map(({ name }) => name).join(' ')} help' -- "$current")); return; fi
  if [[ -n $words && $previous == "$command" ]]; then COMPREPLY=($(compgen -W "$words" -- "$current")); return; fi
  COMPREPLY=($(compgen -f -- "$current"))
}
complete -o filenames -F _onlink onlink
`;
}

// In single quotes, for zsh's own brackets and colons.
const zshText = (text: string): string => text.replaceAll("'", "'\\''").replace(/[[\]:]/g, '\\$&');

function zshScript(commands: readonly CommandWords[]): string {
  const flag = ({ names, about, choices, takesValue }: FlagWords): readonly string[] =>
    names.map((name) => {
      const value = choices.length > 0 ? `:value:(${choices.join(' ')})` : ':value:_files';
      return `      '${name}[${zshText(about)}]${takesValue ? value : ''}'`;
    });
  const cases = commands.map(({ name, flags, words }) => {
    const rest = words.length > 0 ? `'1:word:(${words.join(' ')})' '*:file:_files'` : "'*:file:_files'";
    return `    ${name}) _arguments \\\n${flags.flatMap(flag).join(' \\\n')} \\\n      ${rest} ;;`;
  });
  return `#compdef onlink
_onlink() {
  local -a commands
  commands=(
${commands.map(({ name, about }) => `    '${name}:${zshText(about)}'`).join('\n')}
  )
  local command=diagnose
  if (( CURRENT == 2 )) && [[ $words[2] != -* ]]; then _describe command commands; return; fi
  if [[ -n $words[2] && $words[2] != -* ]]; then command=$words[2]; shift words; (( CURRENT-- )); fi
  case $command in
${cases.join('\n')}
  esac
}
if [ "$funcstack[1]" = _onlink ]; then _onlink "$@"; else compdef _onlink onlink; fi
`;
}

const fishText = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

function fishScript(commands: readonly CommandWords[]): string {
  const lines = commands.flatMap(({ name, about, flags, words }) => {
    const here =
      name === 'diagnose'
        ? "'__fish_onlink_default; or __fish_seen_subcommand_from diagnose'"
        : `'__fish_seen_subcommand_from ${name}'`;
    return [
      `complete -c onlink -n __fish_use_subcommand -f -a ${name} -d ${fishText(about)}`,
      ...(words.length > 0 ? [`complete -c onlink -n ${here} -f -a ${fishText(words.join(' '))}`] : []),
      ...flags.map(({ names, about: text, choices, takesValue }) => {
        const spelled = names.map((flag) => (flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`));
        const values = choices.length > 0 ? ` -xa ${fishText(choices.join(' '))}` : '';
        const value = takesValue ? values || ' -r' : '';
        return `complete -c onlink -n ${here} ${spelled.join(' ')}${value} -d ${fishText(text)}`;
      }),
    ];
  });
  return `# fish completion for onlink
function __fish_onlink_default
    not __fish_seen_subcommand_from ${commands.map(({ name }) => name).join(' ')}
end
${lines.join('\n')}
`;
}

const powershellText = (text: string): string => `'${text.replaceAll("'", "''")}'`;

function powershellScript(commands: readonly CommandWords[]): string {
  const list = (words: readonly string[]) => `@(${words.map(powershellText).join(', ')})`;
  const table = commands.map(
    (command) =>
      `        ${powershellText(command.name)} = @{ flags = ${list(flagNames(command))}; words = ${list(command.words)} }`,
  );
  const values = valued(commands).flatMap(([name, { names, choices }]) =>
    names.map((flag) => `        ${powershellText(`${name} ${flag}`)} = ${list(choices)}`),
  );
  return `# PowerShell completion for onlink
Register-ArgumentCompleter -Native -CommandName onlink -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    # -ceq: -n and -N are two flags to us, and one to a table of PowerShell.
    $commands = @{
${table.join('\n')}
    }
    $values = [System.Collections.Hashtable]::new([System.StringComparer]::Ordinal)
    @{
${values.join('\n')}
    }.GetEnumerator() | ForEach-Object { $values[$_.Key] = $_.Value }
    $typed = @($commandAst.CommandElements | Select-Object -Skip 1 | ForEach-Object { $_.ToString() })
    $before = @(if ($wordToComplete) { $typed | Select-Object -SkipLast 1 } else { $typed })
    $command = if ($before.Count -gt 0 -and $commands.ContainsKey($before[0])) { $before[0] } else { 'diagnose' }
    $previous = if ($before.Count -gt 0) { $before[-1] } else { '' }
    $offered = if ($values.ContainsKey("$command $previous")) { $values["$command $previous"] }
        elseif ($wordToComplete -like '-*') { $commands[$command].flags }
        elseif ($before.Count -eq 0) { $commands.Keys | Sort-Object }
        elseif ($previous -eq $command) { $commands[$command].words }
        else { @() }
    $offered | Where-Object { $_ -like "$wordToComplete*" } | ForEach-Object {
        [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
    }
}
`;
}
