import { groupOf, powershellWord } from '../diagnosis/commands.ts';
import { defineCause } from '../diagnosis/define-cause.ts';
import { gathered } from '../diagnosis/evidence.ts';
import { nameOf } from '../facts/resource-id.ts';
import { rungOf } from '../ladder/ladder.ts';

/** The hub has a default route and does not hand it to clients. */
export const vwanDefaultRouteOff = defineCause({
  code: 'vwan-default-route-off',
  number: 'C42',
  title: "The hub's default route is not handed to clients",
  severity: 'info',
  about:
    "The hub's default route table holds 0.0.0.0/0, towards a firewall or a site, and the clients' configuration has enableInternetSecurity off: clients keep sending internet traffic by their own network. That may be meant. To force it through the hub, switch it on; the client must be the Azure VPN Client 2.1900:39.0 or newer with profile version 2.",
  helpUrl: 'https://learn.microsoft.com/azure/virtual-wan/how-to-forced-tunnel',
  needs: ['ladders', 'endpoint'],
  detect: ({ ladders, endpoint }) => {
    if (endpoint.kind !== 'hub-gateway') return [];
    const { gateway } = endpoint;
    const [ladder] = ladders.filter(
      ({ origin }) =>
        origin.kind === 'expected' && origin.route.offered.obstacles.some(({ kind }) => kind === 'default-route-off'),
    );
    if (ladder === undefined) return [];
    const off = gateway.connections.filter(({ enableInternetSecurity }) => enableInternetSecurity === false);
    return [
      {
        confidence: 'proven',
        summary: `The hub has a default route, and ${off.map(({ name }) => name).join(', ')} does not hand it to clients: their internet traffic stays outside the tunnel.`,
        rung: 'offered',
        resource: gateway.id,
        property: 'enableInternetSecurity',
        expected: 'true',
        actual: 'false',
        evidence: gathered(
          { says: gateway.name, origin: gateway.origin },
          rungOf(ladder, 'configured').evidence,
          off.map(({ name, origin }) => ({ says: `${name}: enableInternetSecurity is false`, origin })),
        ),
        explains: [ladder],
        fixes: [
          {
            by: 'network-admin',
            role: `Network Contributor on ${nameOf(gateway.id)}`,
            commands: [
              {
                shell: 'powershell',
                command: `Update-AzP2sVpnGateway -ResourceGroupName ${powershellWord(groupOf(gateway.id))} -Name ${powershellWord(gateway.name)} -EnableInternetSecurityFlag`,
              },
            ],
            steps: [
              'Only if clients should send internet traffic through the hub.',
              'Clients need a new profile with version 2.',
            ],
            disrupts: 'every VPN client of the gateway: their internet traffic moves',
            verify: `Get-AzP2sVpnGateway -ResourceGroupName ${powershellWord(groupOf(gateway.id))} -Name ${powershellWord(gateway.name)}`,
          },
        ],
      },
    ];
  },
});
