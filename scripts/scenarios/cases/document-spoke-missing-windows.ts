import { documentScenario, storageOutside } from '../document-network.ts';

/** The document's network, and the peered spoke's route is missing: the package is older than the peering. The demo. */
export const scenario = documentScenario({
  name: 'document-spoke-missing-windows',
  platform: 'windows',
  spoke: '10.1.0.0/16',
  routes: [],
  traces: { '10.0.0.4': 'answers', '10.1.0.4': 'lost-outside', ...storageOutside },
  expected: {
    verdict: 'broken',
    findings: ['client-profile-stale', 'public-service-not-advertised'],
    prefixes: {
      '10.1.0.0/16': { verdict: 'broken', lostAt: 'installed' },
      '10.0.0.0/16': { verdict: 'ok', lostAt: null },
    },
  },
});
