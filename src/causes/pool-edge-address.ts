import { defineCause } from '../diagnosis/define-cause.ts';
import { gathered } from '../diagnosis/evidence.ts';
import { formatAddress } from '../net/address.ts';
import { containsAddress, formatPrefix } from '../net/prefix.ts';

/** The client was given an address that many systems take for a network or a broadcast. */
export const poolEdgeAddress = defineCause({
  code: 'pool-edge-address',
  number: 'C29',
  title: 'This computer was given an edge address of the pool',
  severity: 'info',
  about:
    "The tunnel's address ends in .0 or .255. Azure has handed out such addresses, and hosts and firewalls on the way that take them for a network or a broadcast address drop the packets. Connecting again usually brings another one.",
  needs: ['tunnel', 'situation'],
  dependsOn: ['vpn-not-connected'],
  detect: ({ tunnel, situation }) => {
    const { address } = tunnel;
    if (typeof address !== 'number' || (address % 256 !== 0 && address % 256 !== 255)) return [];
    const pools = situation.pools
      .flatMap(({ prefixes }) => prefixes)
      .filter(({ prefix }) => containsAddress(prefix, address));
    return [
      {
        confidence: 'proven',
        summary: `This computer's VPN address is ${formatAddress(address)}: some systems take it for a network or broadcast address and do not answer it.`,
        rung: null,
        prefixes: pools.map(({ prefix }) => prefix),
        expected: 'an address that does not end in .0 or .255',
        actual: formatAddress(address),
        evidence: gathered(
          {
            says: `the tunnel's address is ${formatAddress(address)}`,
            origin: tunnel.evidence[0]?.origin ?? { artifact: '' },
          },
          tunnel.evidence,
          pools.map(({ prefix, origin }) => ({ says: `the pool is ${formatPrefix(prefix)}`, origin })),
        ),
        fixes: [
          {
            by: 'user',
            commands: [],
            steps: ['Disconnect and connect again until another address is given.'],
            disrupts: 'this connection, for a moment',
            verify: 'onlink',
          },
        ],
      },
    ];
  },
});
