import { zipSync } from 'fflate';
import { expect, test } from 'vitest';
import type { Fault } from '../../scripts/arm-emulator/estate.ts';
import type { Artifact, Unanswered } from '../../src/facts/capture.ts';
import { keyOf } from '../../src/facts/resource-id.ts';
import { address } from '../../src/net/address.ts';
import { prefix } from '../../src/net/prefix.ts';
import { estateOf, gatewayId, home, hubId, idIn, nicIdOf, partner } from './estate-of.ts';
import { runFetch, textOf } from './run-fetch.ts';

const refusalOf = (artifacts: readonly Artifact[], operation: string): Unanswered | undefined => {
  const found = artifacts.find(
    (artifact) => artifact.operation === operation && artifact.outcome.kind === 'unanswered',
  );
  return found?.outcome.kind === 'unanswered' ? found.outcome : undefined;
};
const faulty = (...faults: readonly Fault[]) => ({ estate: estateOf(1, { faults }) });

test('finds the gateway by the pool that holds the tunnel address, across subscriptions', async () => {
  const { topology, artifacts } = await runFetch(
    { estate: estateOf(2), pageSize: 1 },
    {},
    { tunnelAddresses: [address('172.16.50.130')] },
  );
  expect([...topology.gateways.keys()]).toEqual([keyOf(gatewayId)]);
  expect(topology.vnetsListedIn).toEqual(new Set([home, partner]));
  expect(topology.peerings.map(({ name }) => name).toSorted()).toEqual(['to-hub', 'to-hub', 'to-spoke1', 'to-spoke2']);
  expect(topology.learnedRoutes.get(keyOf(gatewayId))).toHaveLength(1);
  expect(topology.sessions.get(keyOf(gatewayId))).toHaveLength(1);
  expect(topology.effectiveRoutes.size).toBe(2);
  expect(artifacts.map(({ id }) => id)).toEqual(
    artifacts.map((_, index) => `arm:${String(index + 1).padStart(3, '0')}`),
  );
});

test('finds the gateway by the public address the client dials', async () => {
  const { topology } = await runFetch({ estate: estateOf(0) }, {}, { serverAddresses: [address('20.193.245.69')] });
  expect(topology.gatewayEffectiveRoutes.has(keyOf(gatewayId))).toBe(true);
});

test('never guesses: a gateway that nothing points to is listed and not read', async () => {
  const { topology } = await runFetch({ estate: estateOf(0) }, {}, { tunnelAddresses: [address('192.168.77.2')] });
  expect(topology.gateways.has(keyOf(gatewayId))).toBe(true);
  expect(topology.learnedRoutes.size).toBe(0);
});

test('takes a gateway by id, by group and name, and reads the halves in another subscription', async () => {
  for (const options of [{ gateway: gatewayId }, { resourceGroup: 'rg-hub', gatewayName: 'gw', subscription: home }]) {
    const { topology } = await runFetch({ estate: estateOf(1) }, options);
    expect(topology.peerings.map(({ from }) => from.split('/')[2])).toEqual([home, partner]);
    expect(topology.unread).toEqual([]);
  }
});

test('keeps what ARM answered, known to the SDK or not, and no secret of it', async () => {
  const { artifacts } = await runFetch({ estate: estateOf(1) }, { gateway: gatewayId });
  const text = textOf(artifacts);
  expect(text).toContain('"brandNewProperty"');
  expect(text).toContain('"radiusServerSecret": "***"');
  for (const secret of ['hunter', 'secret-token', 'jane@']) expect(text).not.toContain(secret);
});

test('fetches a generated profile once and forgets the address', async () => {
  const xml = '<VpnProfile><Routes>10.0.0.0/16</Routes><RadiusSecret>hunter6</RadiusSecret></VpnProfile>';
  const zip = zipSync({ 'Generic/VpnSettings.xml': new TextEncoder().encode(xml) });
  const estate = estateOf(0, {
    files: { '/sas/profile.zip': Buffer.from(zip).toString('base64') },
    actions: { [`${gatewayId}/generatevpnprofile`]: '{origin}/sas/profile.zip?sv=1&sig=hunter5' },
  });
  const { artifacts, topology, log } = await runFetch({ estate }, { gateway: gatewayId, issueProfile: true });
  expect(topology.issued.flatMap(({ routes }) => routes.map(({ prefix }) => prefix))).toEqual([prefix('10.0.0.0/16')]);
  expect(log.filter(({ path }) => path.startsWith('/sas/'))).toHaveLength(1);
  for (const secret of ['sig=', 'hunter']) expect(textOf(artifacts)).not.toContain(secret);
});

test('a package without VpnSettings.xml is no empty list of routes', async () => {
  const zip = zipSync({ 'OpenVPN/vpnconfig.ovpn': new TextEncoder().encode('client') });
  const estate = estateOf(0, {
    files: { '/sas/profile.zip': Buffer.from(zip).toString('base64') },
    actions: { [`${gatewayId}/generatevpnprofile`]: '{origin}/sas/profile.zip?sig=1' },
  });
  const { topology } = await runFetch({ estate }, { gateway: gatewayId, issueProfile: true });
  expect(topology.issued).toEqual([]);
  expect(topology.unread.map(({ why }) => why.code)).toContain('no-vpn-settings');
});

test.each([
  ['forbidden', 'AuthorizationFailed', 403],
  ['not-found', 'ResourceNotFound', 404],
  ['html', 'not-json', 200],
  ['truncated', 'not-json', 200],
  ['unauthorized', 'ExpiredAuthenticationToken', 401],
  ['proxy-refuses', 'proxy', 407],
] as const)('an answer that is %s is kept as %s', async (kind, code, status) => {
  const { artifacts } = await runFetch(faulty({ match: 'virtualNetworks/spoke1', kind }), { gateway: gatewayId });
  expect(refusalOf(artifacts, 'virtualNetworks.get')).toMatchObject({ code, status });
});

test('a refused action names itself, and the rest is read', async () => {
  const { artifacts, topology } = await runFetch(faulty({ match: 'getLearnedRoutes', kind: 'forbidden' }), {
    gateway: gatewayId,
  });
  expect(refusalOf(artifacts, 'virtualNetworkGateways.getLearnedRoutes')).toMatchObject({
    status: 403,
    code: 'AuthorizationFailed',
  });
  expect(topology.effectiveRoutes.size).toBe(1);
});

test.each([
  { kind: 'throttled', times: 2, retryAfter: 0 },
  { kind: 'unavailable', times: 2 },
  { kind: 'busy', times: 1, retryAfter: 0 },
  { kind: 'reset', times: 2 },
] as const)('asks again after $kind, and says how often', async (fault) => {
  const { artifacts } = await runFetch(faulty({ match: 'getEffectiveRoutes', ...fault }), { gateway: gatewayId });
  const found = artifacts.find(({ operation }) => operation === 'virtualNetworkGateways.getEffectiveRoutes');
  expect(found?.outcome.kind).toBe('answered');
  expect(found?.retries).toBe(fault.times);
});

test('a Retry-After past the budget is not waited for', async () => {
  const { artifacts, elapsed } = await runFetch(
    faulty({ match: 'getEffectiveRoutes', kind: 'throttled', retryAfter: 3600 }),
    { gateway: gatewayId },
  );
  expect(refusalOf(artifacts, 'virtualNetworkGateways.getEffectiveRoutes')).toMatchObject({ status: 429 });
  expect(elapsed).toBeLessThan(10_000);
});

test.each(['wrapped', 'at-status-only', 'at-location-only'] as const)('reads a result that is %s', async (kind) => {
  const { topology } = await runFetch(
    faulty({ match: 'getLearnedRoutes', kind }, { match: 'effectiveRouteTable', kind }),
    { gateway: gatewayId },
  );
  expect(topology.learnedRoutes.get(keyOf(gatewayId))).toHaveLength(1);
  expect(topology.effectiveRoutes.get(keyOf(nicIdOf(1)))).toHaveLength(2);
});

test.each(['null-body', 'empty-body', 'html', 'operation-failed'] as const)(
  'a NIC answer of %s is no list of no routes',
  async (kind) => {
    const { topology, artifacts } = await runFetch(faulty({ match: 'effectiveRouteTable', kind }), {
      gateway: gatewayId,
    });
    expect(topology.effectiveRoutes.size).toBe(0);
    expect(topology.unread.map(({ operation }) => operation)).toContain('networkInterfaces.getEffectiveRouteTable');
    expect(artifacts.every(({ outcome }) => outcome.kind === 'answered' || !/TypeError/.test(outcome.message))).toBe(
      true,
    );
  },
);

test('empty bodies of BGP actions are an answer where there is no BGP', async () => {
  const { topology } = await runFetch(faulty({ match: 'getLearnedRoutes', kind: 'null-body' }), { gateway: gatewayId });
  expect(topology.learnedRoutes.get(keyOf(gatewayId))).toEqual([]);
});

test('an operation that never ends ends with the budget, and what is known is kept', async () => {
  const { artifacts, topology, elapsed } = await runFetch(faulty({ match: 'getEffectiveRoutes', kind: 'never-ends' }), {
    gateway: gatewayId,
    budgetMs: 2500,
  });
  expect(elapsed).toBeLessThan(6000);
  expect(refusalOf(artifacts, 'virtualNetworkGateways.getEffectiveRoutes')?.code).toBe('timeout');
  // It waits for the one before: whether a last moment is left to ask it, or none, is the clock's affair.
  expect(['not-run', 'timeout']).toContain(refusalOf(artifacts, 'virtualNetworkGateways.getLearnedRoutes')?.code);
  expect(topology.vnets.size).toBe(2);
});

test('polls no sooner than Retry-After says', async () => {
  const { log } = await runFetch({ estate: estateOf(0), retryAfter: 1, polls: 0 }, { gateway: gatewayId });
  const posted = log.find(({ method }) => method === 'POST');
  const polled = log.find(({ path }) => path.includes('/operationResults/'));
  expect((polled?.at ?? 0) - (posted?.at ?? 0)).toBeGreaterThanOrEqual(950);
});

test('a gateway is asked one long question at a time', async () => {
  const { log } = await runFetch({ estate: estateOf(0), polls: 2, latencyMs: 5 }, { gateway: gatewayId });
  const steps = log
    .filter(({ path }) => /getLearned|getEffective|ConnectionHealth|operationResults/i.test(path))
    .map(({ method }) => method);
  expect(steps.join(' ')).toBe('POST GET GET GET POST GET GET GET POST GET GET GET');
});

test('a link to another host is not followed, and the token not sent there', async () => {
  const { artifacts } = await runFetch(
    faulty({ match: `subscriptions/${home}/providers/Microsoft.Network/virtualNetworks`, kind: 'foreign-link' }),
    { gateway: gatewayId },
  );
  expect(refusalOf(artifacts, 'virtualNetworks.listAll')?.message).toContain('elsewhere.invalid');
});

test('an untrusted certificate and a closed port are told apart', async () => {
  const distrusted = await runFetch({ estate: estateOf(0) }, { gateway: gatewayId, ca: [] });
  expect(refusalOf(distrusted.artifacts, 'virtualNetworkGateways.get')?.code).toBe('tls');
  const closed = await runFetch({ estate: estateOf(0) }, { gateway: gatewayId, endpoint: 'https://127.0.0.1:1' });
  expect(refusalOf(closed.artifacts, 'virtualNetworkGateways.get')?.code).toBe('tcp');
  const nameless = await runFetch({ estate: estateOf(0) }, { gateway: gatewayId, endpoint: 'https://arm.invalid' });
  expect(refusalOf(nameless.artifacts, 'virtualNetworkGateways.get')?.code).toBe('dns');
});

// Measures the wall: on a busy machine once is not enough to say that it is too slow.
test('500 spokes at 50 ms finish within half as long again as the ideal', { retry: 2, timeout: 120_000 }, async () => {
  const { log, peak, elapsed, topology } = await runFetch(
    { estate: estateOf(500), latencyMs: 50, polls: 0 },
    { gateway: gatewayId, budgetMs: 120_000 },
  );
  expect(topology.vnets.size).toBe(501);
  expect(topology.effectiveRoutes.size).toBe(500);
  expect(peak).toBeGreaterThanOrEqual(16);
  const ideal = (log.length * 50) / 16;
  console.log(`${log.length} requests, ${Math.round(elapsed)} ms, ideal ${Math.round(ideal)} ms, ${peak} at once`);
  expect(elapsed).toBeLessThan(1.5 * ideal);
});

test('the home of the gateway is read by id when it is not listed', async () => {
  const { topology } = await runFetch(
    faulty({ match: `${home}/providers/Microsoft.Network/virtualNetworks`, kind: 'forbidden' }),
    { gateway: gatewayId },
  );
  expect(topology.vnets.has(keyOf(hubId))).toBe(true);
  expect(topology.vnetsListedIn.size).toBe(0);
});

test('asks the machine at the target first, and passes interfaces that no machine runs', async () => {
  const subnet = `${hubId}/subnets/srv`;
  const names = ['endpoint-nic', 'other-nic', 'target-nic'];
  const nics = names.map((name, index) => ({
    id: idIn(home, 'rg-hub', `networkInterfaces/${name}`),
    name,
    properties: {
      ipConfigurations: [
        { name: 'one', properties: { privateIPAddress: `10.0.2.${index + 4}`, subnet: { id: subnet } } },
      ],
      ...(index > 0 && { virtualMachine: { id: `/subscriptions/${home}/x/${name}` } }),
    },
  }));
  const estate = estateOf(0, {
    resources: nics,
    actions: Object.fromEntries(nics.map(({ id }) => [`${id}/effectiveRouteTable`, { value: [] }])),
  });
  const hub = estate.resources.find(({ id }) => id === hubId) as unknown as { properties: { subnets: unknown[] } };
  const ipConfigurations = nics.map(({ id }) => ({ id: `${id}/ipConfigurations/one` }));
  hub.properties.subnets.push({
    id: subnet,
    name: 'srv',
    properties: { addressPrefix: '10.0.2.0/24', ipConfigurations },
  });
  const read = async (hints: object) => {
    const { topology } = await runFetch({ estate }, { gateway: gatewayId }, hints);
    return [...topology.effectiveRoutes.keys()].map((key) => key.split('/').at(-1));
  };
  expect(await read({ targets: [address('10.0.2.6')] })).toEqual(['target-nic']);
  expect(await read({})).toEqual(['other-nic']);
});

test('names the right that is missing and what would give it', async () => {
  const { artifacts } = await runFetch(faulty({ match: 'effectiveRouteTable', kind: 'forbidden' }), {
    gateway: gatewayId,
  });
  const refusal = refusalOf(artifacts, 'networkInterfaces.getEffectiveRouteTable');
  expect(refusal?.message).toContain(nicIdOf(1));
  expect(refusal?.message).toContain('onlink rights');
});

test('time for a few machines goes to those whose networks lack a route into the tunnel', async () => {
  const carried = Array.from({ length: 40 }, (_, index) => index + 1).filter((n) => n !== 37 && n !== 23);
  const { log, topology } = await runFetch(
    { estate: estateOf(40), retryAfter: 2, polls: 0 },
    { gateway: gatewayId, budgetMs: 3500 },
    { tunnelPrefixes: [prefix('10.0.0.0/16'), ...carried.map((n) => prefix(`10.10.${n}.0/24`))] },
  );
  const asked = log
    .filter(({ path }) => path.includes('effectiveRouteTable'))
    .map(({ path }) => /vm\d+/.exec(path)?.[0]);
  expect(asked.slice(0, 2).toSorted()).toEqual(['vm23', 'vm37']);
  // What was not asked says so, and is no empty table.
  expect(topology.effectiveRoutes.size).toBeLessThan(40);
  const unread = topology.unread.filter(({ operation }) => operation === 'networkInterfaces.getEffectiveRouteTable');
  expect(unread.length + topology.effectiveRoutes.size).toBe(40);
  expect(unread.length).toBeGreaterThan(0);
});
