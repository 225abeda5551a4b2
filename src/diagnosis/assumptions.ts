import type { ClimbContext } from '../ladder/context.ts';
import type { Ladder } from '../ladder/ladder.ts';
import { formatPrefix } from '../net/prefix.ts';
import type { Diagnosis } from './diagnosis.ts';

/** What was taken for granted where texts contradict each other or only a part was looked at. */
export function assumptionsOf(
  ladders: readonly Ladder[],
  { client, topology }: ClimbContext,
): Diagnosis['assumptions'] {
  const mays = ladders.filter(
    ({ expectation, reason }) =>
      expectation === 'may' && ['branch', 'bgp', 'vnet-to-vnet', 'expressroute'].includes(reason),
  );
  const unsampled = topology.networkInterfaces.size === 0 ? [] : unsampledSubnets(topology);
  const summarised = [...topology.vnets.values()].filter(
    ({ summarizedGatewayPrefixes }) => summarizedGatewayPrefixes.length > 0,
  );
  return [
    ...(mays.length > 0
      ? [
          {
            code: 'ASSUME-BRANCH-ROUTES',
            says: `Microsoft's texts disagree on whether clients get ${mays
              .slice(0, 4)
              .map(({ prefix }) => formatPrefix(prefix))
              .join(', ')}: taken as optional.`,
          },
        ]
      : []),
    ...(client.platform === 'linux' && client.rules === undefined && client.routes.v4 !== undefined
      ? [
          {
            code: 'ASSUME-DEFAULT-RULES',
            says: "The routing policy rules were not read: the kernel's three default ones are assumed.",
          },
        ]
      : []),
    ...(summarised.length > 0
      ? [
          {
            code: 'ASSUME-SUMMARIZED-PREFIXES',
            says: `${summarised.map(({ name }) => name).join(', ')}: what summarizedGatewayPrefixes does to Point-to-Site is not documented; the VNet's own ranges are expected.`,
          },
        ]
      : []),
    ...(unsampled.length > 0
      ? [
          {
            code: 'ASSUME-UNSAMPLED-SUBNETS',
            says: `Not sampled, taken to be like the others of their route table: ${unsampled.slice(0, 8).join(', ')}${unsampled.length > 8 ? ` and ${unsampled.length - 8} more` : ''}.`,
          },
        ]
      : []),
  ];
}

function unsampledSubnets({ vnets, networkInterfaces, effectiveRoutes }: ClimbContext['topology']): readonly string[] {
  const sampled = new Set(
    [...networkInterfaces.entries()]
      .filter(([key]) => effectiveRoutes.has(key))
      .flatMap(([, nic]) => nic.addresses.map(({ subnet }) => subnet?.toLowerCase())),
  );
  return [...vnets.values()].flatMap((vnet) =>
    vnet.subnets
      .filter(({ id, name }) => name.toLowerCase() !== 'gatewaysubnet' && !sampled.has(id.toLowerCase()))
      .map(({ name }) => `${vnet.name}/${name}`),
  );
}
