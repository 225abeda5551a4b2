import { defineCause } from '../diagnosis/define-cause.ts';
import { gathered } from '../diagnosis/evidence.ts';
import { list } from '../diagnosis/wording.ts';
import type { Problem } from '../facts/origin.ts';
import type { Ladder } from '../ladder/ladder.ts';
import { stateOf } from '../ladder/ladder.ts';
import { parseAddress } from '../net/address.ts';
import { containsAddress } from '../net/prefix.ts';

/** A route in a client's file is written so that the client cannot take it. */
export const clientRouteMalformed = defineCause({
  code: 'client-route-malformed',
  number: 'C15',
  title: "A route in the client's file is malformed and is silently dropped",
  severity: 'error',
  about:
    'A file of the client names a route in a way that the client does not take: bits set outside the mask (172.21.12.0/21), a netmask with holes, two destinations in one route of azurevpnconfig.xml, or a route outside its includeroutes. Windows and the Azure VPN Client drop such a line without a word; the others work.',
  helpUrl: 'https://learn.microsoft.com/azure/vpn-gateway/azure-vpn-client-optional-configurations',
  needs: ['ladders', 'problems', 'client'],
  dependsOn: ['vpn-not-connected'],
  detect: ({ ladders, problems, client }) => {
    const malformed = problems.filter(({ why }) => why.startsWith('malformed:'));
    return malformed.map((problem) => {
      const lost = ladders.filter((ladder) => isMeant(problem, ladder));
      const what = problem.text === '' ? 'A route' : `The route "${problem.text}"`;
      return {
        severity: lost.length > 0 ? ('error' as const) : ('warning' as const),
        confidence: 'proven' as const,
        summary: `${what} in the client's file is malformed, so the client drops it${lost.length > 0 ? `: ${list(lost)} is missing` : ''}.`,
        rung: 'installed' as const,
        expected: 'a network address with its mask, one in each route',
        actual: problem.why.replace('malformed: ', ''),
        evidence: gathered({ says: problem.why.replace('malformed: ', ''), origin: problem.origin }),
        explains: lost,
        fixes: [
          {
            by: 'client-owner' as const,
            commands: client.profiles.some(({ kind }) => kind === 'azurevpn-xml')
              ? [{ shell: 'cmd' as const, command: 'azurevpn -i azurevpnconfig.xml -f' }]
              : [],
            steps: [
              'Write the network address: the address with all bits outside the mask cleared, and one destination in each route, inside includeroutes.',
              'Import the file again and reconnect.',
            ],
            disrupts: 'this connection, for a moment',
            verify: 'onlink',
          },
        ],
      };
    });
  },
});

/** A missing prefix that holds an address which the line names. */
function isMeant({ text }: Problem, ladder: Ladder): boolean {
  if (ladder.expectation === 'never' || stateOf(ladder, 'active') === 'held' || stateOf(ladder, 'active') === 'unknown')
    return false;
  const { prefix } = ladder;
  return [...text.matchAll(/\d{1,3}(?:\.\d{1,3}){3}/g)].some(([found]) => {
    const address = parseAddress(found);
    if (address === undefined) return false;
    // A default, or a half of one, holds whatever a line names, its mask included.
    return prefix.length > 1 ? containsAddress(prefix, address) : address === prefix.first;
  });
}
