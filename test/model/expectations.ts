import type { BundleArtifact } from '../../scripts/scenarios/wire.ts';
import { endpointsOf } from '../../src/model/endpoint.ts';
import { expectRoutes, poolsFor } from '../../src/model/expect-routes.ts';
import type { ExpectedRoute } from '../../src/model/expected-route.ts';
import { address } from '../../src/net/address.ts';
import { formatPrefix, prefix } from '../../src/net/prefix.ts';
import { topologyFrom } from './topology-of.ts';

interface Client {
  readonly tunnel?: string;
  /** Addresses that somebody asked about. */
  readonly asked?: readonly string[];
  /** Prefixes with a route into the tunnel. */
  readonly present?: readonly string[];
}

/** What a client of the first gateway that these answers tell of should have. */
export function expectedRoutes(
  artifacts: readonly BundleArtifact[],
  { tunnel, asked = [], present = [] }: Client = {},
): readonly ExpectedRoute[] {
  const topology = topologyFrom(artifacts);
  const [endpoint] = endpointsOf(topology);
  if (endpoint === undefined) throw new Error('no gateway was read');
  return expectRoutes(topology, endpoint, {
    pools: poolsFor(endpoint, tunnel === undefined ? undefined : address(tunnel)),
    asked: asked.map((one, index) => ({ address: address(one), origin: { artifact: `question ${index + 1}` } })),
    present: present.map(prefix),
  });
}

/** The same in words, by prefix: `must gateway-transit spoke-app: held`, and what withholds it in brackets. */
export function expectations(...of: Parameters<typeof expectedRoutes>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    expectedRoutes(...of).map(({ prefix: one, expectation, reason, owner, offered: { state, obstacles } }) => {
      const why = obstacles.length === 0 ? '' : ` (${obstacles.map(({ kind }) => kind).join(', ')})`;
      return [formatPrefix(one), `${expectation} ${reason} ${owner}: ${state}${why}`];
    }),
  );
}
