import { describe, expect, test } from 'vitest';
import { effectiveSecurityGroup, nicId } from '../../scripts/scenarios/azure-machine.ts';
import { gatewayRoute } from '../../scripts/scenarios/azure-network.ts';
import { type EstateIds, type EstateSpec, idsOf } from '../../scripts/scenarios/estate.ts';
import { arm } from '../../scripts/scenarios/wire.ts';
import { renderWhatIfText } from '../../src/report/what-if-text.ts';
import { all, plain, windows } from '../diagnosis/conclude.ts';
import { answerTo, codesOf, rungOf } from './what-if-answers.ts';

/* What was answered before a change, and whether it still says anything after it. */
const far = 'spoke-app/to-vnet-hub';
const near = 'vnet-hub/to-spoke-app';
const ids = idsOf(plain);
const setting = { colour: false, unicode: true, width: 100 };
const withIsland: EstateSpec = {
  ...plain,
  spokes: [...(plain.spokes ?? []), { name: 'island', space: ['10.40.0.0/16'], near: null, far: null }],
};
const learned = (of: EstateIds) => [
  arm('virtualNetworkGateways.getLearnedRoutes', of.gateway, {
    value: [
      ...all.map((prefix) => gatewayRoute(prefix, {})),
      gatewayRoute('10.90.0.0/16', { origin: 'EBgp', nextHop: '10.90.0.1', sourcePeer: '10.90.0.1' }),
      gatewayRoute('10.91.0.0/16', { origin: 'Network', nextHop: '198.51.100.77' }),
    ],
  }),
];
const without = `${far}.useRemoteGateways=false`;

test.each([
  ['a profile made then', plain],
  ['the routes the gateway listed as its own', { ...plain, issued: null, extra: learned }],
])('%s proves nothing after the change', (_, estate) => {
  expect(rungOf(answerTo(windows(estate), without), '10.21.0.0/16', 'issued')).toBe('held → unknown');
});

test('what the gateway learned from a site, it still learns', () => {
  const answer = answerTo(windows({ ...plain, issued: null, extra: learned }), without);
  for (const prefix of ['10.90.0.0/16', '10.91.0.0/16'])
    expect(rungOf(answer, prefix, 'configured')).toBe('held → held');
});

/** Machines in the hub and in two spokes that were told no way to the pool. */
const deaf: EstateSpec = {
  ...withIsland,
  spokes: [...(withIsland.spokes ?? []), { name: 'spoke-web', space: ['10.22.0.0/16'] }],
  machines: [
    { name: 'srv', address: '10.20.2.4', in: ['vnet-hub', 'shared'], routes: [] },
    { name: 'app', address: '10.21.1.4', in: ['spoke-app', 'app'], routes: [] },
    { name: 'web', address: '10.22.1.4', in: ['spoke-web', 'app'], routes: [] },
  ],
};
const [hub, app, web] = ['10.20.0.0/16', '10.21.0.0/16', '10.22.0.0/16'];

test.each([
  ['that uses the gateway no more', `${far}.useRemoteGateways=false`, [app]],
  ['that nobody lets use it', `${far}.useRemoteGateways=false ${near}.allowGatewayTransit=false`, [app]],
  [
    'whose traffic is stopped and let in again',
    `${near}.allowVirtualNetworkAccess=false ${near}.allowVirtualNetworkAccess=true`,
    [hub, app],
  ],
  ['of a peering that is removed', `${far}.remove=true`, [hub, app]],
  ['of a peering of which both halves go', 'spoke-app.unpeer=vnet-hub', [hub, app]],
  ['that gets peered', 'vnet-hub.peer=island', [hub]],
  ['that grows, and is synced', `spoke-app.addressPrefixes+=10.30.0.0/16 ${near}.sync=true`, []],
  ['whose forwarded traffic is stopped', `${far}.allowForwardedTraffic=false`, []],
  ['that is as it was to be', `${far}.useRemoteGateways=true ${near}.allowGatewayTransit=true`, []],
])('machines are asked anew in a VNet %s', (_, texts, asked) => {
  const answer = answerTo(windows(deaf), ...texts.split(' '));
  const open = [hub, app, web].filter((prefix = '') =>
    /lost → (held|unknown)$/.test(rungOf(answer, prefix, 'returned')),
  );
  expect(open).toEqual(asked);
});

test('machines are asked anew in a spoke that is let use the gateway', () => {
  const off: EstateSpec = {
    ...deaf,
    spokes: [{ name: 'spoke-app', space: ['10.21.0.0/16'], near: { allowGatewayTransit: false } }],
    machines: deaf.machines?.slice(0, 2) ?? [],
  };
  const answer = answerTo(windows(off), `${near}.allowGatewayTransit=true`);
  expect([hub, app].map((prefix = '') => rungOf(answer, prefix, 'returned'))).toEqual(['lost → lost', 'lost → held']);
});

describe('a finding that only a probe bears out', () => {
  const nic = nicId({ ...ids.place, group: 'rg-workloads' }, 'app');
  const letIn = effectiveSecurityGroup({ group: ids.id('networkSecurityGroups', 'nsg-app'), nic, rules: [] });
  const estate: EstateSpec = {
    ...plain,
    extra: () => [arm('networkInterfaces.listEffectiveNetworkSecurityGroups', nic, { value: [letIn] })],
  };
  const silent = windows(estate, { traces: { '10.20.2.4': 'answers', '10.21.1.4': 'silent' } });

  test('is not said to be gone by a change that nobody probed: whether it stays is untold', () => {
    const answer = answerTo(silent, 'vpngw-hub.customRoutes=10.97.0.0/16');
    expect(codesOf(answer.before)).toEqual(['guest-firewall-suspected']);
    expect(answer.untold).toEqual(['guest-firewall-suspected']);
    const text = renderWhatIfText(answer, setting);
    expect(text).toContain('Untold:  guest-firewall-suspected (only a probe could tell)');
    expect(text).not.toContain('Gone:');
  });

  test('is no matter of one that the change mends', () => {
    const cut = windows({
      ...estate,
      spokes: [{ name: 'spoke-app', space: ['10.21.0.0/16'], far: { useRemoteGateways: false } }],
    });
    const answer = answerTo(cut, `${far}.useRemoteGateways=true`);
    expect(codesOf(answer.before)).toContain('spoke-remote-gateway-off');
    expect(answer.untold).toEqual([]);
    expect(renderWhatIfText(answer, setting)).toContain('Gone:    spoke-remote-gateway-off');
  });
});
