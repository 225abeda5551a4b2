import { documentScenario } from '../document-network.ts';

/** The same contradiction on Linux: routes are pushed, so the session is older than the change. */
export const scenario = documentScenario({
  name: 'document-published-linux',
  platform: 'linux',
  spoke: '10.10.0.0/16',
  routes: ['10.1.0.0/16'],
  traces: { '10.1.0.4': 'answers' },
  expected: {
    verdict: 'broken',
    findings: ['session-older-than-change', 'stray-route'],
    prefixes: {
      '10.10.0.0/16': { verdict: 'broken', lostAt: 'active' },
      '10.1.0.0/16': { verdict: 'not-expected', lostAt: 'configured' },
    },
  },
});
