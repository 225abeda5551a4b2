import { expect, test } from 'vitest';
import { linuxClient } from '../../scripts/scenarios/linux-client.ts';
import type { BundleArtifact } from '../../scripts/scenarios/wire.ts';
import { analyze } from '../../src/analyze.ts';
import { captureOf } from '../capture-of.ts';

const client = linuxClient({
  kind: 'openvpn',
  tunnelAddress: '172.16.50.130',
  server: 'azuregateway-x.vpn.azure.com',
  gatewayAddress: '20.193.245.69',
  routes: ['10.0.0.0/16', '10.1.0.0/16', '172.16.50.0/24'],
  extraRoutes: [{ type: 'blackhole', dst: '10.9.0.0/16', table: 'main', protocol: 'boot', scope: 'global', flags: [] }],
});

/** What the kernel was asked, and what it printed; a refusal prints on stderr alone. */
function asked(target: string, answer: object | string): BundleArtifact {
  const id = `linux-ip-route-get:${target}`;
  const text = typeof answer === 'string' ? '' : JSON.stringify([{ dst: target, flags: [], cache: [], ...answer }]);
  return {
    id,
    source: 'linux-ip-route-get',
    half: 'client',
    target,
    text,
    exitCode: 0,
    ...(typeof answer === 'string' && { stderr: answer }),
  };
}

function disagreements(...answers: readonly BundleArtifact[]): readonly string[] {
  const capture = captureOf('linux', client, answers);
  const artifacts = capture.artifacts.map((artifact) => {
    const stderr = answers.find(({ id }) => id === artifact.id)?.['stderr'];
    return typeof stderr === 'string' ? { ...artifact, stderr } : artifact;
  });
  const { problems } = analyze({ ...capture, artifacts });
  return problems.map(({ text, why }) => `${text}: ${why}`);
}

test('where the kernel answers as rules and tables were read, nothing is said', () => {
  expect(
    disagreements(
      asked('10.1.0.4', { gateway: '172.16.50.1', dev: 'tun0' }),
      asked('172.16.50.130', { type: 'local', dev: 'lo' }),
      asked('10.9.0.1', 'RTNETLINK answers: Invalid argument\n'),
    ),
  ).toEqual([]);
});

test('another interface, or a refusal where a route was read, is a problem of the report', () => {
  expect(disagreements(asked('10.1.0.4', { dev: 'wg7' }))).toEqual([
    '10.1.0.4: the kernel answers wg7, rules and tables as read say tun0',
  ]);
  expect(disagreements(asked('10.1.0.4', 'RTNETLINK answers: Permission denied\n'))).toEqual([
    '10.1.0.4: the kernel answers prohibit, rules and tables as read say tun0',
  ]);
  expect(disagreements(asked('10.9.0.1', { dev: 'tun0' }))).toEqual([
    '10.9.0.1: the kernel answers tun0, rules and tables as read say blackhole',
  ]);
});
