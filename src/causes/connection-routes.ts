import { powershellWord } from '../diagnosis/commands.ts';
import type { Fix } from '../diagnosis/finding.ts';
import { formatPrefix, type Prefix } from '../net/prefix.ts';

/** Gives a native connection routes of its own, without a package: what holds until somebody hands out a new one. */
export function addConnectionRoutes(connection: string | undefined, prefixes: readonly Prefix[]): Fix {
  const name = powershellWord(connection ?? 'CONNECTION-NAME');
  return {
    by: 'user',
    commands: prefixes.slice(0, 12).map((prefix) => ({
      shell: 'powershell',
      command: `Add-VpnConnectionRoute -ConnectionName ${name} -DestinationPrefix ${formatPrefix(prefix)} -PassThru`,
    })),
    steps: [
      'Until then: add the routes to the connection by hand, then reconnect. Such a list goes stale with the next change in Azure.',
    ],
    disrupts: 'this connection, for a moment',
    verify: `(Get-VpnConnection -Name ${name}).Routes`,
  };
}
