import type { Topology } from '../facts/topology.ts';
import { type Ladder, stateOf } from '../ladder/ladder.ts';
import { type Endpoint, protocolsOf } from '../model/endpoint.ts';
import type { Effect } from '../model/what-if-change.ts';
import { type Prefix, samePrefix } from '../net/prefix.ts';
import type { ClientKind } from '../situation/client-traits.ts';
import type { Diagnosis } from './diagnosis.ts';

/** The kinds of client that are told apart: each gets its routes, and news of them, in its own way. */
export const clientFamilies = ['windows-native', 'openvpn', 'strongswan'] as const;
export type ClientFamily = (typeof clientFamilies)[number];

/** What somebody with such a client has to do before the change reaches them. */
export type Need = 'nothing' | 'reconnect' | 'new-package' | 'new-profile' | 'another-client';

export interface Limit {
  readonly limit: number;
  readonly of: string;
  readonly before: number;
  readonly after: number;
  /** Whether it is the change that passes it. */
  readonly passed: boolean;
}

/** What a change means to one kind of client. */
export interface ClientOutcome {
  readonly family: ClientFamily;
  /** Whether it is the client of this capture; of the others only Azure's side is known. */
  readonly isCaptured: boolean;
  /** Whether the gateway speaks its protocol, before and after; undefined: not told. */
  readonly canConnect: { readonly before: boolean | undefined; readonly after: boolean | undefined };
  readonly gained: readonly Prefix[];
  readonly lost: readonly Prefix[];
  readonly need: Need;
  readonly because: string;
  /** Limits that are exceeded after the change. */
  readonly limits: readonly Limit[];
  readonly before: readonly Ladder[];
  readonly after: readonly Ladder[];
}

/** The answer of `what-if`. */
export interface WhatIf {
  readonly effects: readonly Effect[];
  /** As captured, and as this client would find it before it does anything itself. */
  readonly before: Diagnosis;
  readonly after: Diagnosis;
  /** Codes that only probes bear out: whether they stay, a change on paper cannot tell. */
  readonly untold: readonly string[];
  readonly clients: readonly ClientOutcome[];
  readonly disrupts: readonly string[];
  readonly notes: readonly string[];
}

/** The family that a kind of client belongs to. */
export function familyOf(kind: ClientKind): ClientFamily | undefined {
  if (kind === 'azure-vpn-client' || kind === 'openvpn') return 'openvpn';
  if (kind === 'networkmanager') return 'strongswan';
  return kind === 'unknown' ? undefined : kind;
}

const protocols: Readonly<Record<ClientFamily, readonly string[]>> = {
  'windows-native': ['ikev2', 'sstp'],
  openvpn: ['openvpn'],
  strongswan: ['ikev2'],
};

/** Whether the gateway speaks a protocol of this family. */
export function canConnect(family: ClientFamily, endpoint: Endpoint, topology: Topology): boolean | undefined {
  const offered = protocolsOf(endpoint, topology);
  return offered === undefined || offered.length === 0
    ? undefined
    : offered.some((name) => protocols[family].includes(name.toLowerCase()));
}

/** Prefixes that Azure gives to a client by the documents. */
export function carried(ladders: readonly Ladder[]): readonly Prefix[] {
  return ladders
    .filter((ladder) => ladder.expectation === 'must' && ['held', 'partial'].includes(stateOf(ladder, 'offered')))
    .map(({ prefix }) => prefix);
}

export function without(these: readonly Prefix[], those: readonly Prefix[]): readonly Prefix[] {
  return these.filter((one) => !those.some((other) => samePrefix(one, other)));
}

/**
 * What has to be done at the client. Windows' own client carries its routes in the package; OpenVPN's come at each connect.
 * https://learn.microsoft.com/azure/vpn-gateway/vpn-gateway-about-point-to-site-routing
 */
export function needOf(
  family: ClientFamily,
  effects: readonly Effect[],
  offer: { readonly changes: boolean; readonly connects: boolean | undefined },
): { readonly need: Need; readonly because: string } {
  if (offer.connects === false) return { need: 'another-client', because: 'the gateway does not speak its protocol' };
  const profile = effects.find(({ kind, from, to }) => from !== to && (kind === 'pool' || kind === 'protocols'));
  if (profile !== undefined) {
    const what = profile.kind === 'pool' ? 'the address pool' : 'the tunnel protocols';
    return {
      need: family === 'windows-native' ? 'new-package' : 'new-profile',
      because: `the profile is made for ${what} of the gateway`,
    };
  }
  if (!offer.changes) return { need: 'nothing', because: 'what the gateway gives to clients stays the same' };
  return {
    'windows-native': {
      need: 'new-package',
      because: 'its routes stand in the package and are not learned at connect',
    },
    openvpn: { need: 'reconnect', because: 'the gateway pushes its routes at each connect' },
    strongswan: {
      need: 'reconnect',
      because:
        'traffic selectors are negotiated at connect; a fixed list in rightsubnet or remote_ts has to be edited too',
    },
  }[family] as { readonly need: Need; readonly because: string };
}

/** Older Windows builds stop at 25 selectors with error 13834; see the limits page of VPN Gateway. */
const limits: Readonly<Record<ClientFamily, readonly { readonly limit: number; readonly of: string }[]>> = {
  'windows-native': [
    { limit: 25, of: 'routes by IKEv2 on Windows builds before September 2021' },
    { limit: 255, of: 'routes by IKEv2' },
  ],
  openvpn: [{ limit: 1000, of: 'routes by OpenVPN' }],
  strongswan: [{ limit: 255, of: 'routes by IKEv2' }],
};

/** The limits that are exceeded after the change. */
export function limitsOf(family: ClientFamily, before: number, after: number): readonly Limit[] {
  return limits[family]
    .filter(({ limit }) => after > limit)
    .map(({ limit, of }) => ({ limit, of, before, after, passed: before <= limit }));
}

/** Whom the change itself disturbs, whatever comes of it. */
export function disruptionsOf(all: readonly Effect[]): readonly string[] {
  const effects = all.filter(({ from, to }) => from !== to);
  const has = (...kinds: readonly Effect['kind'][]) => effects.some(({ kind }) => kinds.includes(kind));
  return [
    ...(has('custom-routes', 'pool', 'protocols')
      ? ['Updating the gateway disconnects its Point-to-Site users; they connect again.']
      : []),
    ...(has('pool')
      ? ['Every client gets another address: rules and routes that name the old pool stop matching.']
      : []),
    ...(has('branches') ? ["The site's tunnel is built anew."] : []),
    ...effects
      .filter(
        ({ property, to }) =>
          ['remove', 'unpeer'].includes(property) ||
          (to === 'false' &&
            ['useRemoteGateways', 'allowGatewayTransit', 'allowVirtualNetworkAccess'].includes(property)),
      )
      .map(({ resource }) => `Traffic through ${resource} stops at once, that of connected clients included.`),
  ];
}
