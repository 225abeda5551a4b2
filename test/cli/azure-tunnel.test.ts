import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { Estate } from '../../scripts/arm-emulator/estate.ts';
import { compileCache } from '../../scripts/compile-cache.ts';
import { readBundle } from '../../src/capture/bundle.ts';
import type { JsonReport } from '../../src/report/json.ts';
import { estateOf, gatewayId, home, hubId, idIn, partner } from '../azure/estate-of.ts';
import { onlink, scratch, token } from './run-cli.ts';

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const emulator = fileURLToPath(new URL('../../scripts/arm-emulator/main.ts', import.meta.url));
const PATH = [join(process.execPath, '..'), '/usr/sbin', '/usr/bin', '/sbin', '/bin'].join(':');

/**
 * A network of its own, which nothing leaves: a LAN, and a tunnel as strongSwan makes it. $1 are more routes for its
 * table, $2 an estate to serve in there; the rest are words for onlink, after ENDPOINT where there is one.
 */
const enclosed = `
set -e
ip link set lo up
ip link add eth0 type veth peer name far0
ip link set eth0 up && ip link set far0 up
ip addr add 192.168.29.37/24 dev eth0
ip addr add 172.16.50.130/32 dev eth0
ip rule add pref 220 lookup 220
ip route add default via 192.168.29.1 dev eth0
for prefix in $ROUTES; do ip route add $prefix dev eth0 src 172.16.50.130 table 220; done
if [ -n "$ESTATE" ]; then
  "$NODE" "$EMULATOR" --estate "$ESTATE" --port 8443 --ca "$ESTATE.pem" --token "$ONLINK_ACCESS_TOKEN" > "$ESTATE.log" &
  for _ in $(seq 100); do grep -q https "$ESTATE.log" && break; sleep 0.1; done
  export NODE_EXTRA_CA_CERTS="$ESTATE.pem"
fi
"$NODE" "$MAIN" diagnose -o json "$@"
`;

const canEnclose = spawnSync('unshare', ['-rn', 'ip', 'link', 'add', 'eth0', 'type', 'veth']).status === 0;

function diagnoseEnclosed(routes: readonly string[], estate: Estate | undefined, words: readonly string[]) {
  const file = join(scratch(), 'estate.json');
  if (estate !== undefined) writeFileSync(file, JSON.stringify(estate));
  const flags = ['-rn', '--kill-child', '--pid', '--fork', '--mount-proc', 'sh', '-c', enclosed, 'onlink', ...words];
  const { status, stdout, stderr } = spawnSync('unshare', flags, {
    encoding: 'utf8',
    timeout: 60_000,
    env: {
      ...compileCache,
      PATH,
      HOME: scratch(),
      NODE: process.execPath,
      MAIN: main,
      EMULATOR: emulator,
      ROUTES: routes.join(' '),
      ESTATE: estate === undefined ? '' : file,
      ONLINK_ACCESS_TOKEN: token,
    },
  });
  if (!stdout.startsWith('{')) throw new Error(`no report (${status}): ${stdout}${stderr}`);
  return { code: status, report: JSON.parse(stdout) as JsonReport };
}

const emulated = ['--arm-endpoint', 'https://127.0.0.1:8443'];
const local = [...emulated, '--no-probe'];
const carried = ['10.0.0.0/16', '10.10.1.0/24', '104.211.109.42/32', '172.16.50.0/24'];

test.runIf(canEnclose)('a replay of the evidence that was saved tells what the live run told', async () => {
  const saved = join(scratch(), 'saved');
  const words = [...emulated, '--target', '10.10.1.4:443', '--target', '104.211.109.42', '--save', saved];
  const { code, report } = diagnoseEnclosed(carried, estateOf(1), words);
  const replayed = await onlink(['replay', saved, '-o', 'json']);
  expect(JSON.parse(replayed.stdout)).toEqual(report);
  expect(replayed.code).toBe(code);
  // Both halves and the probes were there to be told of.
  const sources = new Set(readBundle(saved).artifacts.map(({ source }) => source));
  for (const source of ['linux-ip-route', 'arm', 'linux-traceroute', 'tcp-connect']) expect(sources).toContain(source);
});

test.runIf(canEnclose)('a tunnel that takes the way to Azure with it is named as such, and the tunnel is told', () => {
  const words = ['--no-probe', '--arm-endpoint', 'https://4.150.240.10', '--timeout', '8'];
  const { code, report } = diagnoseEnclosed(['default'], undefined, words);
  expect(report.notChecked.map(({ code: name }) => name)).toContain('AZURE-BEHIND-TUNNEL');
  expect(report.tunnel?.address).toBe('172.16.50.130');
  expect(code).toBe(3);
  const split = diagnoseEnclosed(['10.0.0.0/16'], undefined, words);
  expect(split.report.notChecked.map(({ code: name }) => name)).not.toContain('AZURE-BEHIND-TUNNEL');
});

test.runIf(canEnclose)('the gateway is found by the pool that holds the tunnel address', () => {
  const { report } = diagnoseEnclosed(carried, estateOf(1), local);
  expect(report.gateway?.id).toBe(gatewayId);
  expect(report.tunnel).toMatchObject({ address: '172.16.50.130', protocol: 'ikev2' });
  expect(report.candidates).toEqual([]);
});

test.runIf(canEnclose)(
  'two gateways with that pool: candidates with their flags, nothing of Azure judged, exit code 3',
  () => {
    const estate = estateOf(1);
    const gateway = estate.resources.find(({ id }) => id === gatewayId);
    const hub = estate.resources.find(({ id }) => id === hubId);
    // The same template, deployed a second time.
    const again = JSON.parse(
      JSON.stringify([gateway, hub])
        .replaceAll(home, partner)
        .replaceAll('rg-hub', 'rg-again')
        .replaceAll('20.193.', '20.194.'),
    );
    const { code, report } = diagnoseEnclosed(
      carried,
      { ...estate, resources: [...estate.resources, ...again] },
      local,
    );
    expect(report.gateway).toBeNull();
    expect(report.candidates.map(({ id }) => id).toSorted()).toEqual(
      [gatewayId, idIn(partner, 'rg-again', 'virtualNetworkGateways/gw')].toSorted(),
    );
    expect(report.candidates[1]?.flag).toMatch(/^--subscription \S+ -g rg-\w+ -n gw$/);
    const states = report.prefixes.flatMap(({ rungs }) =>
      rungs
        .filter(({ rung }) => ['configured', 'offered', 'issued', 'returned'].includes(rung))
        .map(({ state }) => state),
    );
    expect(states.filter((state) => state !== 'unknown' && state !== 'not-applicable')).toEqual([]);
    expect([code, report.verdict]).toEqual([3, 'undetermined']);
    const [picked] = report.candidates;
    const chosen = diagnoseEnclosed(carried, { ...estate, resources: [...estate.resources, ...again] }, [
      ...local,
      ...(picked?.flag.split(' ') ?? []),
    ]);
    expect(chosen.report.gateway?.id).toBe(picked?.id);
  },
);
