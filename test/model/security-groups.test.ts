import { describe, expect, test } from 'vitest';
import { securityGroup } from '../../scripts/scenarios/azure-machine.ts';
import { networkId, resource, type Wire } from '../../scripts/scenarios/wire.ts';
import { keyOf } from '../../src/facts/resource-id.ts';
import type { NetworkSecurityGroup } from '../../src/facts/topology.ts';
import { type Arrival, deniesAll, judgeArrival } from '../../src/model/security.ts';
import { address } from '../../src/net/address.ts';
import { topologyOf } from './topology-of.ts';

/*
 * What a network security group does with a packet of a VPN client. The first inbound rule that matches decides, by
 * priority: https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview
 */
const place = { subscription: 'sub', group: 'rg' };
const id = networkId(place, 'networkSecurityGroups', 'nsg');
const [client, machine] = [address('172.16.50.9'), address('10.21.1.4')];

type Rule = Wire & { readonly access?: 'Allow' | 'Deny'; readonly priority?: number };

/** The rules as given, named by their priority, before the default ones that every group ends with. */
function group(rules: readonly Rule[], properties: Wire = {}): NetworkSecurityGroup {
  const securityRules = rules.map((rule, index) => {
    const priority = rule.priority ?? 100 + index;
    const sources = 'sourceAddressPrefixes' in rule || 'sourceApplicationSecurityGroups' in rule;
    const destinations = 'destinationApplicationSecurityGroups' in rule;
    return resource(`${id}/securityRules/${priority}`, {
      protocol: '*',
      ...(!('sourcePortRanges' in rule) && { sourcePortRange: '*' }),
      ...(!('destinationPortRanges' in rule) && { destinationPortRange: '*' }),
      ...(!sources && { sourceAddressPrefix: '*' }),
      ...(!destinations && { destinationAddressPrefix: '*' }),
      access: 'Deny',
      direction: 'Inbound',
      ...rule,
      priority,
    });
  });
  const document = securityGroup(place, 'nsg', [], { securityRules, ...properties });
  const found = topologyOf('networkSecurityGroups.get', id, document).securityGroups.get(keyOf(id));
  if (found === undefined) throw new Error('the group was not read');
  return found;
}

// icmp      tcp 443
function packet(words: string): Arrival {
  const [protocol, port] = words.split(' ');
  return {
    from: client,
    to: machine,
    protocol: protocol === 'icmp' ? 'icmp' : 'tcp',
    port: port ? Number(port) : null,
  };
}

const judged = (of: NetworkSecurityGroup, words: string) => {
  const { access, rule } = judgeArrival(of, packet(words));
  return `${access} ${rule?.name ?? 'by no rule'}`;
};
const some = [{ id: networkId(place, 'applicationSecurityGroups', 'web') }];

describe('a packet', () => {
  test.each<[string, readonly Rule[], string, string]>([
    ['of the pool is let in by the tag VirtualNetwork', [], 'tcp 443', 'allow AllowVnetInBound'],
    ['meets the lower priority first', [{ priority: 300 }, { priority: 200, access: 'Allow' }], 'icmp', 'allow 200'],
    ['is not what an outbound rule is about', [{ direction: 'Outbound' }], 'icmp', 'allow AllowVnetInBound'],
    ['to the port of a rule', [{ destinationPortRange: '443' }], 'tcp 443', 'deny 100'],
    ['to another port', [{ destinationPortRange: '443' }], 'tcp 22', 'allow AllowVnetInBound'],
    ['to the first port of a range', [{ destinationPortRange: '8000-8080' }], 'tcp 8000', 'deny 100'],
    ['to the last port of a range', [{ destinationPortRange: '8000-8080' }], 'tcp 8080', 'deny 100'],
    ['below a range', [{ destinationPortRange: '8000-8080' }], 'tcp 443', 'allow AllowVnetInBound'],
    ['above a range', [{ destinationPortRange: '8000-8080' }], 'tcp 9090', 'allow AllowVnetInBound'],
    ['to one of several ports', [{ destinationPortRanges: ['22', '3389-3390'] }], 'tcp 3389', 'deny 100'],
    ['of a protocol in other letters', [{ protocol: 'TCP' }], 'tcp 22', 'deny 100'],
    ['of another protocol', [{ protocol: 'Udp' }], 'tcp 22', 'allow AllowVnetInBound'],
    ['that is a ping, to a rule of TCP', [{ protocol: 'Tcp' }], 'icmp', 'allow AllowVnetInBound'],
    ['that is a ping, to a rule of ICMP', [{ protocol: 'Icmp', destinationPortRange: '0' }], 'icmp', 'deny 100'],
    ['that is a ping, to a rule of ports', [{ destinationPortRange: '0-1024' }], 'icmp', 'allow AllowVnetInBound'],
    ['that is a ping, to a rule of source ports', [{ sourcePortRange: '53' }], 'icmp', 'allow AllowVnetInBound'],
    ['to every protocol and port by their numbers', [{ destinationPortRange: '0-65535' }], 'icmp', 'deny 100'],
    ['from a range around the pool', [{ sourceAddressPrefix: '172.16.0.0/12' }], 'icmp', 'deny 100'],
    ['from the very address', [{ sourceAddressPrefix: '172.16.50.9' }], 'icmp', 'deny 100'],
    ['from elsewhere', [{ sourceAddressPrefix: '10.0.0.0/8' }], 'icmp', 'allow AllowVnetInBound'],
    ['of the other family', [{ sourceAddressPrefix: '::/0' }], 'icmp', 'allow AllowVnetInBound'],
    ['to another machine', [{ destinationAddressPrefix: '10.21.1.5/32' }], 'icmp', 'allow AllowVnetInBound'],
    ['from one of several', [{ sourceAddressPrefixes: ['10.0.0.0/8', '172.16.50.0/24'] }], 'icmp', 'deny 100'],
    ['from the internet', [{ sourceAddressPrefix: 'Internet' }], 'icmp', 'allow AllowVnetInBound'],
    ['from the virtual network', [{ sourceAddressPrefix: 'virtualNetwork' }], 'icmp', 'deny 100'],
  ])('%s', (_, rules, words, verdict) => {
    expect(judged(group(rules), words)).toBe(verdict);
  });

  test.each<[string, readonly Rule[], string]>([
    ['of which the sending port decides', [{ sourcePortRange: '1024-5000' }], 'tcp 443'],
    ['that an application group may hold', [{ destinationApplicationSecurityGroups: some }], 'icmp'],
    [
      'that some of all may hold',
      [{ destinationApplicationSecurityGroups: some, destinationAddressPrefix: '*' }],
      'icmp',
    ],
    ['from addresses written in a way nobody knows', [{ sourceAddressPrefix: '172.16.50.1-172.16.50.99' }], 'icmp'],
    ['from addresses that are not told', [{ sourceAddressPrefixes: [] }], 'icmp'],
  ])('%s is in doubt, whatever comes later', (_, rules, words) => {
    expect(judged(group([...rules, { priority: 900 }]), words)).toBe('unsure 100');
  });

  test.each<[string, Rule, string]>([
    ['another port', { destinationApplicationSecurityGroups: some, destinationPortRange: '1433' }, 'tcp 443'],
    ['another protocol', { destinationApplicationSecurityGroups: some, protocol: 'Tcp' }, 'icmp'],
    ['other senders', { destinationApplicationSecurityGroups: some, sourceAddressPrefix: '10.0.0.0/8' }, 'icmp'],
  ])('is in no doubt from a rule of an application group about %s', (_, rule, words) => {
    expect(judged(group([{ access: 'Allow', ...rule }, { priority: 900 }]), words)).toBe('deny 900');
  });

  test('finds no rule in a group of which only a part was told', () => {
    expect(judged(group([], { defaultSecurityRules: [] }), 'icmp')).toBe('unsure by no rule');
  });
});

describe('nothing at all gets in from the clients', () => {
  const refusing = (rules: readonly Rule[]) => deniesAll(group(rules), client, machine)?.name;

  test.each<[string, readonly Rule[]]>([
    ['where a rule for all comes first', [{ sourceAddressPrefix: '172.16.0.0/12' }]],
    ['where all ports are among those it names', [{ destinationPortRanges: ['22', '0-65535'] }]],
    ['where all sending ports are among those it names', [{ sourcePortRanges: ['68', '0-65535'] }]],
    [
      'where what is let in comes from elsewhere',
      [{}, { access: 'Allow', sourceAddressPrefix: '10.0.0.0/8', priority: 90 }],
    ],
    ['where it is let in by a later rule', [{}, { access: 'Allow' }]],
    ['where it is let out', [{}, { access: 'Allow', direction: 'Outbound', priority: 90 }]],
    ['where another rule refuses more', [{}, { destinationApplicationSecurityGroups: some, priority: 90 }]],
    ['where another rule refuses a part', [{}, { destinationPortRange: '22', priority: 90 }]],
  ])('%s', (_, rules) => {
    expect(refusing(rules)).toBe('100');
  });

  test.each<[string, readonly Rule[]]>([
    ['where the default rules let the pool in', []],
    ['where the rule is of one protocol', [{ protocol: 'Tcp' }]],
    ['where the rule is of one port', [{ destinationPortRange: '3389' }]],
    ['where the rule is of one sending port', [{ sourcePortRange: '68' }]],
    ['where the rule is about others', [{ sourceAddressPrefix: '10.0.0.0/8' }]],
    ['where a part is let in before', [{}, { access: 'Allow', destinationPortRange: '22', priority: 90 }]],
    [
      'where some may be let in before',
      [{}, { access: 'Allow', destinationApplicationSecurityGroups: some, priority: 90 }],
    ],
    ['where nobody can say whom it refuses', [{ destinationApplicationSecurityGroups: some }]],
  ])('is not said %s', (_, rules) => {
    expect(refusing(rules)).toBeUndefined();
  });
});
