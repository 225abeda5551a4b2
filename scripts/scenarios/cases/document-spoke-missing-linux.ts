import { documentScenario } from '../document-network.ts';

/** The same on Linux: OpenVPN was connected before the peering was made. */
export const scenario = documentScenario({
  name: 'document-spoke-missing-linux',
  platform: 'linux',
  spoke: '10.1.0.0/16',
  routes: [],
  traces: { '10.0.0.4': 'answers', '10.1.0.4': 'lost-outside' },
  expected: {
    verdict: 'broken',
    findings: ['session-older-than-change'],
    prefixes: {
      '10.1.0.0/16': { verdict: 'broken', lostAt: 'active' },
      '10.0.0.0/16': { verdict: 'ok', lostAt: null },
    },
  },
});
