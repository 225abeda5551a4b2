import {
  effectiveSecurityGroup,
  nicId,
  type SecurityRuleSpec,
  securityGroup,
} from '../../scripts/scenarios/azure-machine.ts';
import { type EstateSpec, idsOf } from '../../scripts/scenarios/estate.ts';
import { arm, type BundleArtifact, pretty } from '../../scripts/scenarios/wire.ts';
import { plain } from '../diagnosis/conclude.ts';

/* The plain estate with security groups around the machine in its spoke. */
const ids = idsOf(plain);
const spoke = '10.21.0.0/16';
const app = nicId({ ...ids.place, group: 'rg-workloads' }, 'app');
/** The id of a security group. */
export const group = (name: string) => ids.id('networkSecurityGroups', name);
/** The machine in the hub answers; the one in the spoke was not asked, or stays silent. */
export const [open, silent] = [{ '10.20.2.4': 'answers' }, { '10.20.2.4': 'answers', '10.21.1.4': 'silent' }] as const;

/** A group as its own document has it. */
export const read = (name: string, rules: readonly SecurityRuleSpec[]): BundleArtifact =>
  arm('networkSecurityGroups.get', group(name), securityGroup(ids.place, name, rules));
/** What is in effect on the spoke's machine. */
export const effective = (
  rules: readonly SecurityRuleSpec[],
  pool: readonly string[] = ['172.16.50.0/24'],
): BundleArtifact =>
  arm('networkInterfaces.listEffectiveNetworkSecurityGroups', app, {
    value: [
      effectiveSecurityGroup({
        group: group('nsg-app'),
        nic: app,
        rules,
        expanded: { VirtualNetwork: ['10.20.0.0/16', spoke, ...pool] },
      }),
    ],
  });
/** Refuses the range that the pool is from. */
export const deny = (more: Partial<SecurityRuleSpec> = {}): SecurityRuleSpec => ({
  name: 'no-remote',
  priority: 310,
  access: 'Deny',
  source: '172.16.0.0/12',
  ...more,
});

/** The subnet of the spoke's machine, and its NIC, with these groups. */
export function guarded(
  named: { readonly subnet?: string; readonly nic?: string },
  ...extra: readonly BundleArtifact[]
): EstateSpec {
  const subnet = {
    name: 'app',
    prefix: '10.21.1.0/24',
    ...(named.subnet !== undefined && { networkSecurityGroup: group(named.subnet) }),
  };
  const properties = named.nic === undefined ? {} : { networkSecurityGroup: { id: group(named.nic) } };
  return {
    ...plain,
    spokes: [{ name: 'spoke-app', space: [spoke], subnets: [subnet] }],
    machines: [
      { name: 'srv', address: '10.20.2.4', in: ['vnet-hub', 'shared'] },
      { name: 'app', address: '10.21.1.4', in: ['spoke-app', 'app'], properties },
    ],
    extra: () => extra,
  };
}
/** Attempts to connect. */
export const connecting = (...attempts: readonly object[]): BundleArtifact => ({
  id: 'tcp-connect',
  source: 'tcp-connect',
  half: 'client',
  file: 'client/tcp-connect.json',
  text: pretty(attempts),
});
export const attempt = (port: number, outcome: string, target = '10.21.1.4') => ({ target, port, outcome });
