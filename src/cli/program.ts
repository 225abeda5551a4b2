import { Command, Option } from 'commander';
import { version } from './version.ts';

/** The command line. Each command's code is loaded when it is called: `--version` should not wait for the rest. */
export function program(): Command {
  const root = new Command('onlink')
    .description('Says at which rung an Azure Point-to-Site VPN route got lost, why, and who mends it. Only reads.')
    .version(version)
    .exitOverride()
    .showHelpAfterError('(onlink --help lists the commands and flags)')
    .enablePositionalOptions();
  root
    .command('parse')
    .description('one raw text to JSON')
    .argument('[source]', 'a public source name')
    .argument('[file]', 'a file; - or nothing is stdin', '-')
    .option('--list', 'list the sources')
    .option('--encoding <name>', 'code page of the file, e.g. cp850, shift_jis')
    .addOption(new Option('-6, --ipv6', 'a dump that names no family is IPv6'))
    .option('--target <address>', 'what a trace aimed at')
    .action(async (source, file, options) => {
      const { parseCommand } = await import('./parse.ts');
      await parseCommand(source, file, options);
    });
  return root;
}
