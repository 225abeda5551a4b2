import type { ResourceId } from '../facts/resource-id.ts';
import { nameOf } from '../facts/resource-id.ts';
import type { ClientTraits } from '../situation/client-traits.ts';
import { az, groupFlags, groupOf, powershellWord } from './commands.ts';
import type { Command, Fix } from './finding.ts';

/** What the people on laptops must do after Azure's side changed, by the kind of client. */
export function afterwards({ client, pushed }: ClientTraits): string {
  if (pushed === true) return 'Then disconnect and connect the VPN again: routes are pushed at connect.';
  if (client === 'strongswan')
    return 'Then reconnect; where rightsubnet or remote_ts lists prefixes, add the new one first.';
  return 'Then download a new VPN client package, uninstall the old one, install the new one and reconnect: Windows takes its routes from the package.';
}

/** Makes a fresh profile package for a gateway. */
function generateProfile(gateway: ResourceId): readonly Command[] {
  if (/\/p2svpngateways\//i.test(gateway))
    return [
      az(
        'network',
        'p2s-vpn-gateway',
        'vpn-client',
        'generate',
        ...groupFlags(gateway),
        '-n',
        nameOf(gateway),
        '--authentication-method',
        'EAPTLS',
      ),
    ];
  return [
    az(
      'network',
      'vnet-gateway',
      'vpn-client',
      'generate',
      ...groupFlags(gateway),
      '-n',
      nameOf(gateway),
      '--authentication-method',
      'EAPTLS',
    ),
    {
      shell: 'powershell',
      command: `New-AzVpnClientConfiguration -ResourceGroupName ${powershellWord(groupOf(gateway))} -Name ${powershellWord(nameOf(gateway))} -AuthenticationMethod EapTls`,
    },
  ];
}

/** Getting what Azure issues now onto this machine. */
export function renewClient(gateway: ResourceId, traits: ClientTraits): readonly Fix[] {
  if (traits.pushed === true)
    return [
      {
        by: 'user',
        commands: [],
        steps: ['Disconnect the VPN and connect it again: routes are pushed at connect.'],
        disrupts: 'this connection, for a moment',
        verify: 'onlink',
      },
    ];
  if (traits.client === 'strongswan')
    return [
      {
        by: 'client-owner',
        commands: [{ shell: 'bash', command: 'sudo swanctl --load-all' }],
        steps: [
          'Add the prefix to remote_ts (rightsubnet in ipsec.conf), or set it to 0.0.0.0/0 and let the gateway narrow it.',
          'Reload and reconnect.',
        ],
        disrupts: 'this connection, for a moment',
        verify: 'onlink',
      },
    ];
  return [
    {
      by: 'client-owner',
      role: 'Network Contributor on the gateway',
      commands: generateProfile(gateway),
      steps: ['Hand the new package to everyone who needs the prefix.'],
      verify: 'onlink',
    },
    {
      by: 'user',
      commands: [],
      steps: ['Uninstall the old VPN client package.', 'Install the new one as an administrator, and reconnect.'],
      disrupts: 'this connection, for a moment',
      verify: 'onlink',
    },
  ];
}
