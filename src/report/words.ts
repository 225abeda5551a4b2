import type { Diagnosis, TunnelSummary } from '../diagnosis/diagnosis.ts';
import type { Finding, Fix } from '../diagnosis/finding.ts';
import type { Origin } from '../facts/origin.ts';
import { type Ladder, stateOf } from '../ladder/ladder.ts';
import type { RungName, RungState } from '../ladder/rung.ts';
import { formatAddress } from '../net/address.ts';

/** A state at a glance. Never the only sign: a word or the legend goes with it. */
export const marks: Readonly<Record<RungState, string>> = {
  held: '✓',
  lost: '✗',
  partial: '~',
  unknown: '?',
  'not-applicable': '–',
};

export const stateWords: Readonly<Record<RungState, string>> = {
  held: 'held',
  lost: 'lost',
  partial: 'partial',
  unknown: 'unknown',
  'not-applicable': 'not applicable',
};

/** What each rung asks, for whoever meets the ladder for the first time. */
export const rungQuestions: Readonly<Record<RungName, string>> = {
  configured: 'does Azure have the prefix?',
  offered: 'do peerings and settings let the gateway offer it?',
  issued: 'is it in what Azure issues to clients now?',
  installed: 'is it in the profile on this computer?',
  active: 'does a route on this computer lead into the tunnel?',
  selected: 'does that route win?',
  returned: 'does the way back lead to the gateway?',
  delivered: 'did something answer through the tunnel?',
};

export const verdictWords: Readonly<Record<Ladder['verdict'], string>> = {
  ok: 'ok',
  broken: 'broken',
  'not-expected': 'not expected',
  undetermined: 'undetermined',
};

export const verdictMarks: Readonly<Record<Ladder['verdict'], string>> = {
  ok: '✓',
  broken: '✗',
  'not-expected': '–',
  undetermined: '?',
};

export const severityWords: Readonly<Record<Finding['severity'], string>> = {
  error: 'ERROR',
  warning: 'WARNING',
  info: 'INFO',
};

/** Who has to act. */
export const handWords: Readonly<Record<Fix['by'], string>> = {
  user: 'the user of this computer',
  'network-admin': 'the network administrator',
  'client-owner': 'whoever hands out the VPN client profile',
};

const protocolWords: Readonly<Record<TunnelSummary['protocol'], string>> = {
  ikev2: 'IKEv2',
  sstp: 'SSTP',
  openvpn: 'OpenVPN',
  unknown: 'protocol unknown',
};

const clientWords: Readonly<Record<TunnelSummary['client'], string>> = {
  'windows-native': "Windows' own VPN client",
  'azure-vpn-client': 'Azure VPN Client',
  openvpn: 'an OpenVPN client',
  strongswan: 'strongSwan',
  networkmanager: 'NetworkManager',
  unknown: 'client unknown',
};

/** The tunnel in one line. */
export function tunnelWords({ tunnel, platform, notChecked }: Diagnosis): string {
  if (tunnel === null && notChecked.some(({ code }) => code === 'CLIENT'))
    return 'not told: nothing of the client was captured';
  if (tunnel === null) return `none found on this ${platform === 'windows' ? 'Windows' : 'Linux'} computer`;
  const { address, protocol, client } = tunnel;
  const system = platform === 'windows' ? ' on Windows' : ' on Linux';
  const kind = `${clientWords[client]}${client === 'windows-native' ? '' : system}`;
  return `${tunnel.interface}, address ${formatAddress(address)}, ${protocolWords[protocol]}, ${kind}`;
}

/** What became of a prefix, in three or four words. */
export function outcomeOf(ladder: Ladder): string {
  const { verdict, lostAt, origin } = ladder;
  if (origin.kind === 'stray') return lostAt === null ? 'stray, perhaps' : 'stray: not in Azure';
  if (verdict !== 'broken' || lostAt === null) return verdictWords[verdict];
  return `${stateOf(ladder, lostAt) === 'partial' ? 'partly lost' : 'lost'} at ${lostAt}`;
}

/** `windows-route-print:12`, `arm:003 /properties/peerings/0`, or the artifact alone. */
export function placeOf(origin: Origin): string {
  if ('line' in origin) return `${origin.artifact}:${origin.line}`;
  return 'pointer' in origin && origin.pointer !== '' ? `${origin.artifact} ${origin.pointer}` : origin.artifact;
}

/** `10.1.0.0/16 is expected (must)`: what the design says of a prefix. */
export const expectationWords: Readonly<Record<Ladder['expectation'], string>> = {
  must: 'must be there',
  may: 'may be there',
  never: 'not by design',
};

/** Findings that count, and those somebody declared deliberate. */
export function sortedOut({ findings }: Diagnosis): {
  readonly open: readonly Finding[];
  readonly accepted: readonly Finding[];
} {
  return {
    open: findings.filter(({ accepted }) => accepted !== true),
    accepted: findings.filter(({ accepted }) => accepted === true),
  };
}
