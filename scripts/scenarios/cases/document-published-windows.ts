import { documentScenario } from '../document-network.ts';

/** The document as printed: Azure has the spoke of its list, the client the one of its routes, and the trace's target answers. */
export const scenario = documentScenario({
  name: 'document-published-windows',
  platform: 'windows',
  spoke: '10.10.0.0/16',
  routes: ['10.1.0.0/16'],
  traces: { '10.1.0.4': 'answers' },
  expected: {
    verdict: 'broken',
    findings: ['client-profile-stale', 'stray-route'],
    prefixes: {
      '10.10.0.0/16': { verdict: 'broken', lostAt: 'installed' },
      '10.1.0.0/16': { verdict: 'not-expected', lostAt: 'configured' },
    },
  },
});
