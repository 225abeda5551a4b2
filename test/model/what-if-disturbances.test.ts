import { expect, test } from 'vitest';
import { plain, windows } from '../diagnosis/conclude.ts';
import { answerTo } from './what-if-answers.ts';

/* Whom a change disturbs by itself, before anything comes of it. */
const far = 'spoke-app/to-vnet-hub';
const near = 'vnet-hub/to-spoke-app';

test.each([
  [`${far}.useRemoteGateways=false`, /^Traffic through \S+to-vnet-hub stops at once/],
  [`${near}.allowVirtualNetworkAccess=false`, /^Traffic through \S+to-spoke-app stops at once/],
  [`${far}.useRemoteGateways=false ${near}.allowGatewayTransit=false`, /to-spoke-app stops at once/],
  [`${near}.remove=true`, /^Traffic through \S+to-spoke-app stops at once/],
  ['vpngw-hub.customRoutes=10.97.0.0/16', /^Updating the gateway disconnects/],
  ['vpngw-hub.vpnClientAddressPool=172.16.60.0/24', /Every client gets another address/],
])('%s', (texts, says) => {
  expect(answerTo(windows(plain), ...texts.split(' ')).disrupts.join(' ')).toMatch(says);
});

test.each([
  `${far}.allowForwardedTraffic=false`,
  `${far}.useRemoteGateways=true`,
  `${far}.allowGatewayTransit=false`,
  'vpngw-hub.customRoutes=',
  'vpngw-hub.vpnClientAddressPool=172.16.50.0/24',
])('%s disturbs nobody', (text) => {
  expect(answerTo(windows(plain), text).disrupts).toEqual([]);
});
