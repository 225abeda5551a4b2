import { Buffer } from 'node:buffer';
import type { Artifact } from '../facts/capture.ts';
import { nameOf, type ResourceId, segmentOf } from '../facts/resource-id.ts';
import { isOfHub } from './fetch-discover.ts';
import { failureOf } from './fetch-failure.ts';
import type { Question, Session } from './fetch-session.ts';

/** What becomes of the package that Azure generates. */
export interface ProfilePorts {
  /** Fetches what a signed address points to. Carries no token. */
  readonly download: (url: string, signal: AbortSignal) => Promise<Uint8Array>;
  /** The profiles in the package, each by the source that reads it. */
  readonly openProfile: (zip: Uint8Array) => readonly { readonly source: string; readonly bytes: Uint8Array }[];
}

/**
 * Has Azure generate a client package and keeps the profiles in it, as what Azure issues now. The signed address is
 * used once and kept nowhere.
 */
export async function issueProfile(
  session: Session,
  id: ResourceId,
  authenticationTypes: readonly string[],
  ports: ProfilePorts,
): Promise<void> {
  session.progress('having Azure generate a profile (this may take minutes)');
  const question = generateQuestion(id, authenticationTypes);
  const answer = await session.ask({ ...question, keepsAnswer: false });
  if (answer.kind === 'unanswered') return;
  // "https://…blob.core.windows.net/…/vpnclientconfiguration.zip?sv=…&sig=…", bare, wrapped, or as { "profileUrl" }
  const url = /https:\/\/[^\s"'\\]+/.exec(answer.text)?.[0];
  const keep = (source: string, outcome: Artifact['outcome']) =>
    session.keep({ source, half: 'azure', operation: question.operation, resource: id, outcome });
  if (url === undefined) {
    keep('vpn-settings-xml', {
      kind: 'unanswered',
      status: null,
      code: 'no-url',
      message: 'Azure named no address for the package',
    });
    return;
  }
  try {
    const profiles = ports.openProfile(await ports.download(url, session.signal));
    for (const { source, bytes } of profiles)
      keep(source, { kind: 'answered', bytes: Buffer.from(bytes), exitCode: null });
    if (profiles.length === 0) {
      const message = 'the package that Azure generated holds no VpnSettings.xml, so it lists no routes';
      keep('vpn-settings-xml', { kind: 'unanswered', status: null, code: 'no-vpn-settings', message });
    }
  } catch (error) {
    keep('vpn-settings-xml', failureOf(error, 'the generated package'));
  }
}

function generateQuestion(id: ResourceId, authenticationTypes: readonly string[]): Question {
  const group = segmentOf(id, 'resourceGroups') ?? '';
  const isRadius = authenticationTypes.includes('Radius') && !authenticationTypes.includes('Certificate');
  const authenticationMethod = isRadius ? 'EAPMSCHAPv2' : 'EAPTLS';
  const common = { resource: id, repeatable: false } as const;
  if (isOfHub(id)) {
    return {
      ...common,
      operation: 'p2SVpnGateways.generateVpnProfile',
      call: (client) => client.p2SVpnGateways.generateVpnProfile(group, nameOf(id), { authenticationMethod }),
    };
  }
  return {
    ...common,
    operation: 'virtualNetworkGateways.generateVpnProfile',
    call: (client) => client.virtualNetworkGateways.generateVpnProfile(group, nameOf(id), { authenticationMethod }),
  };
}
