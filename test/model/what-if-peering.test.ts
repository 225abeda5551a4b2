import { describe, expect, test } from 'vitest';
import type { EstateSpec, SpokeSpec } from '../../scripts/scenarios/estate.ts';
import type { Wire } from '../../scripts/scenarios/wire.ts';
import { plain, windows } from '../diagnosis/conclude.ts';
import { answerTo, changed, codesOf, refusalOf, rungOf } from './what-if-answers.ts';

/* What happens to the halves of a peering, and what is offered by them then. */
const far = 'spoke-app/to-vnet-hub';
const near = 'vnet-hub/to-spoke-app';
const spoke = (more: Partial<SpokeSpec>): EstateSpec => ({
  ...plain,
  spokes: [{ name: 'spoke-app', space: ['10.21.0.0/16'], ...more }],
});
/** A VNet nobody peered with the hub. */
const island: SpokeSpec = { name: 'island', space: ['10.40.0.0/16'], near: null, far: null };
const withIsland: EstateSpec = { ...plain, spokes: [...(plain.spokes ?? []), island] };
const offered = (estate: EstateSpec, prefix: string, ...texts: readonly string[]) =>
  rungOf(answerTo(windows(estate), ...texts), prefix, 'offered');

describe('a flag', () => {
  test.each([
    ['useRemoteGateways, taken from the spoke', plain, `${far}.useRemoteGateways=false`, 'held → lost'],
    [
      'useRemoteGateways, given to it',
      spoke({ far: { useRemoteGateways: false } }),
      `${far}.useRemoteGateways=true`,
      'lost → held',
    ],
    ['access, taken from either half', plain, `${near}.allowVirtualNetworkAccess=false`, 'held → lost'],
    ['forwarded traffic, of which the gateway has no need', plain, `${far}.allowForwardedTraffic=false`, 'held → held'],
  ])('%s', (_, estate, text, offer) => {
    expect(offered(estate, '10.21.0.0/16', text)).toBe(offer);
    expect(offered(estate, '10.20.0.0/16', text)).toBe('held → held');
  });

  test('that no document tells is not told, neither yes nor no', () => {
    const untold = spoke({ far: { allowForwardedTraffic: undefined } });
    expect(changed(windows(untold), `${far}.allowForwardedTraffic=false`)).toEqual([
      'allowForwardedTraffic: not told → false',
    ]);
    expect(changed(windows(plain), `${far}.allowForwardedTraffic=false`)).toEqual([
      'allowForwardedTraffic: true → false',
    ]);
  });

  test.each(['useRemoteGateways', 'sync', 'remove', 'allowGatewayTransit'])('%s is true or false', (flag) => {
    expect(refusalOf(windows(plain), `${far}.${flag}=on`)).toMatch(/^onlink: .*the value is true or false$/);
  });
});

describe('sync', () => {
  const drifted = (more: Wire): EstateSpec =>
    spoke({
      space: ['10.21.0.0/16', '10.30.0.0/16'],
      near: {
        peeringSyncLevel: 'LocalNotInSync',
        remoteAddressSpace: { addressPrefixes: ['10.21.0.0/16'] },
        ...more,
      },
    });

  test('takes over what the far VNet has now, and clients are offered it', () => {
    const answer = answerTo(windows(drifted({})), `${near}.sync=true`);
    expect(rungOf(answer, '10.30.0.0/16', 'offered')).toBe('lost → held');
    expect(codesOf(answer.before)).toContain('peering-out-of-sync');
    expect(codesOf(answer.after)).not.toContain('peering-out-of-sync');
    expect(answer.effects[0]).toMatchObject({ from: '10.21.0.0/16', to: '10.21.0.0/16, 10.30.0.0/16' });
  });

  test('of a VNet that was not read takes over what the half itself tells of it', () => {
    const estate = drifted({ remoteVirtualNetworkAddressSpace: { addressPrefixes: ['10.31.0.0/16'] } });
    const unread = { ...estate, spokes: estate.spokes?.map((one) => ({ ...one, unread: true })) ?? [] };
    expect(changed(windows(unread), `${near}.sync=true`)).toEqual(['sync: 10.21.0.0/16 → 10.31.0.0/16']);
  });

  test('where nobody tells what the far VNet has, it cannot be tried', () => {
    const unread = spoke({ unread: true, near: { remoteVirtualNetworkAddressSpace: undefined } });
    expect(refusalOf(windows(unread), `${near}.sync=true`)).toContain('the address space of spoke-app was not read');
  });

  test('of a half that tells no snapshot', () => {
    const untold = spoke({ near: { remoteAddressSpace: undefined } });
    expect(changed(windows(untold), `${near}.sync=true`)).toEqual(['sync: not told → 10.21.0.0/16']);
  });

  test('cannot be undone', () => {
    expect(refusalOf(windows(plain), `${near}.sync=false`)).toContain('cannot be undone');
  });
});

describe('a new address range', () => {
  test('reaches nobody before the half in the hub is synced', () => {
    const grown = 'spoke-app.addressPrefixes+=10.30.0.0/16';
    expect(offered(plain, '10.30.0.0/16', grown)).toBe('none → lost');
    expect(offered(plain, '10.30.0.0/16', grown, `${near}.sync=true`)).toBe('none → held');
    expect(codesOf(answerTo(windows(plain), grown).after)).toEqual(['peering-out-of-sync']);
  });

  test('does so too where the half told no snapshot: what was there until now stands in for it', () => {
    const untold = spoke({ near: { remoteAddressSpace: undefined, remoteVirtualNetworkAddressSpace: undefined } });
    expect(offered(untold, '10.30.0.0/16', 'spoke-app.addressPrefixes+=10.30.0.0/16')).toBe('none → lost');
    expect(offered(untold, '10.21.0.0/16', 'spoke-app.addressPrefixes+=10.30.0.0/16')).toBe('held → held');
  });
});

describe('removing one half', () => {
  test.each([near, far])('%s leaves the other Disconnected', (half) => {
    const answer = answerTo(windows(plain), `${half}.remove=true`);
    expect(codesOf(answer.after)).toEqual(['peering-disconnected']);
    expect(rungOf(answer, '10.21.0.0/16', 'offered')).toBe('held → lost');
    expect(answer.effects[0]).toMatchObject({ from: 'Connected', to: 'removed' });
  });

  test('leaves other peerings of both VNets alone', () => {
    const other: SpokeSpec = { name: 'spoke-web', space: ['10.22.0.0/16'] };
    const estate = { ...plain, spokes: [...(plain.spokes ?? []), other] };
    expect(offered(estate, '10.22.0.0/16', `${near}.remove=true`)).toBe('held → held');
  });

  test('whose state is not told', () => {
    const untold = spoke({ far: { peeringState: undefined } });
    expect(changed(windows(untold), `${far}.remove=true`)).toEqual(['remove: not told → removed']);
  });

  test('is not undone by false', () => {
    expect(refusalOf(windows(plain), `${near}.remove=false`)).toBe(`onlink: ${near}.remove=false: only true removes`);
  });
});

describe('peering two VNets', () => {
  test('makes both halves, without transit', () => {
    expect(changed(windows(withIsland), 'vnet-hub.peer=island')).toEqual([
      'peer: not peered → peered by vnet-hub/vnet-hub-to-island and island/island-to-vnet-hub',
    ]);
    expect(offered(withIsland, '10.40.0.0/16', 'vnet-hub.peer=island')).toMatch(/→ lost$/);
    const made = 'island/island-to-vnet-hub';
    expect(changed(windows(withIsland), 'vnet-hub.peer=island', `${made}.allowForwardedTraffic=true`)[1]).toBe(
      'allowForwardedTraffic: false → true',
    );
    expect(refusalOf(windows(withIsland), 'vnet-hub.peer=island', `${made}.useRemoteGateways=true`)).toContain(
      'allowGatewayTransit is off on the other half',
    );
  });

  test('reaches clients once transit is on at both ends', () => {
    const texts = [
      'vnet-hub.peer=island',
      'vnet-hub/vnet-hub-to-island.allowGatewayTransit=true',
      'island/island-to-vnet-hub.useRemoteGateways=true',
    ];
    expect(offered(withIsland, '10.40.0.0/16', ...texts)).toMatch(/→ held$/);
    expect(offered(withIsland, '10.21.0.0/16', ...texts)).toBe('held → held');
  });

  test.each(['vnet-hub.peer=spoke-app', 'spoke-app.peer=vnet-hub'])(
    '%s: a half that waits for its other is kept, and connected',
    (text) => {
      const waiting = spoke({ far: null, near: { peeringState: 'Initiated' } });
      const answer = answerTo(windows(waiting), text, 'spoke-app/spoke-app-to-vnet-hub.useRemoteGateways=true');
      expect(rungOf(answer, '10.21.0.0/16', 'offered')).toBe('lost → held');
      expect(answer.effects[0]?.from).toBe('one half');
      expect(answer.effects[0]?.to).toContain(near);
    },
  );

  test.each([
    ['both halves are there', plain],
    ['the one half that was read is Connected, so there is another', spoke({ far: null })],
  ])('is refused where %s', (_, estate) => {
    expect(refusalOf(windows(estate), 'vnet-hub.peer=spoke-app')).toMatch(/^azure: .* peered already$/);
  });

  test('is refused while a half is Disconnected, and possible once that is removed', () => {
    const left = spoke({ far: null, near: { peeringState: 'Disconnected' } });
    expect(refusalOf(windows(left), 'spoke-app.peer=vnet-hub')).toMatch(/^azure: .*Disconnected/);
    expect(refusalOf(windows(left), `${near}.remove=true`, 'spoke-app.peer=vnet-hub')).toBe('nobody');
  });

  test.each([
    ['peer', 'nobody'],
    ['unpeer', 'nobody'],
  ])('%s names a VNet that was read', (verb, other) => {
    expect(refusalOf(windows(plain), `vnet-hub.${verb}=${other}`)).toContain('nothing that was read is called nobody');
  });
});

describe('unpeering two VNets', () => {
  test('takes both halves away, in whatever order they are named', () => {
    for (const text of ['vnet-hub.unpeer=spoke-app', 'spoke-app.unpeer=vnet-hub']) {
      const answer = answerTo(windows(plain), text);
      expect(answer.effects[0]?.from).toMatch(/^peered by .*vnet.* and .*/);
      expect(codesOf(answer.after)).not.toContain('peering-disconnected');
      expect(answer.clients.flatMap(({ lost }) => lost)).toHaveLength(3);
    }
  });

  test('of which one half is left', () => {
    const left = spoke({ far: null, near: { peeringState: 'Disconnected' } });
    expect(changed(windows(left), 'spoke-app.unpeer=vnet-hub')).toEqual([`unpeer: peered by ${near} → not peered`]);
  });

  test('that are not peered', () => {
    expect(refusalOf(windows(withIsland), 'vnet-hub.unpeer=island')).toBe(
      'onlink: vnet-hub.unpeer=island: vnet-hub and island are not peered',
    );
  });
});
